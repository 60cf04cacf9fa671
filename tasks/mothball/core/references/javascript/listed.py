"""Directories that a program lists by their names, to go through them one after the other."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.javascript.manifests import nearest
from mothball.core.references.javascript.tokens import Kind, Token
from mothball.core.references.world import World, join

LISTED: Final = "listed"
"""How such a name is looked up; behind it stand the others of its list."""
_GOES_THROUGH: Final = frozenset({"map", "flatMap", "forEach", "filter", "reduce"})
_NAME: Final = re.compile(r"[\w@.-]{1,80}")
_READS: Final = re.compile(r"\b(?:readdir|readFile|exists|stat|glob|path\.)")
_MOST: Final = 40


def lists_of_names(tokens: list[Token], code: str) -> Iterator[list[Token]]:
    """Yield the lists of plain names that a program which looks into directories goes through."""
    if not _READS.search(code):
        return
    for index, token in enumerate(tokens):
        if token.kind is Kind.SIGN and token.value == "[":
            names = _names(tokens[index + 1 : index + 2 * _MOST])
            behind = [one.value for one in tokens[index + 2 * len(names) : index + 2 * len(names) + 4]]
            if len(names) > 1 and (tokens[index - 1].value == "of" or _is_gone_through(behind)):
                yield names


def _names(tokens: list[Token]) -> list[Token]:
    """Return the strings that a list is made of, none where it holds anything else."""
    names = []
    for name, sign in zip(tokens[::2], tokens[1::2], strict=False):
        if name.kind is not Kind.STRING or not _NAME.fullmatch(name.value):
            return []
        names.append(name)
        if sign.value != ",":
            return names if sign.value == "]" else []
    return []


def _is_gone_through(behind: list[str]) -> bool:
    return behind[:2] == ["]", "."] and behind[2:] != [] and behind[2].partition(".")[0] in _GOES_THROUGH


def listed_directories(name: str, lookup: str, file: str, world: World) -> Iterator[str]:
    """Yield the directory of a name, where all that are listed with it are directories beside it."""
    others = lookup.split("/")[1:]
    for above in nearest(file):
        if all(join(above, one) in world.directories for one in (name, *others)):
            yield join(above, name) or ""
