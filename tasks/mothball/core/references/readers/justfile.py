"""Justfiles: recipes, imports, modules."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim, Severity
from mothball.core.references.placed import slice_of
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_located
from mothball.core.references.texts import Lines

_ASSIGN: Final = re.compile(
    r"(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(?:\"([^\"\n]*)\"|'([^'\n]*)')\s*$", re.MULTILINE
)
_IMPORT: Final = re.compile(
    r"^(import|mod)(\??)[ \t]+(?:([\w-]+)[ \t]*)?(?:\"([^\"\n]*)\"|'([^'\n]*)')?[ \t]*$", re.MULTILINE
)
_MODULE: Final = "/{mod.just,justfile,.justfile}"


class Justfiles(Reader):
    """Reads what just runs, which is in the directory of the file."""

    kind: ClassVar[str] = "just"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("justfile", ".justfile", "*.just")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what imports and recipes name."""
        del path
        lines = Lines(text)
        variables = {found[1]: found[2] or found[3] or "" for found in _ASSIGN.finditer(text)}
        for found in _IMPORT.finditer(text):
            yield from _imported(found, lines)
        for found in _ASSIGN.finditer(text):
            group = 2 if found[2] is not None else 3
            if "/" in found[group]:
                line, column = lines.at(found.start(group))
                yield Claim(line=line, column=column, text=found[group], kind="just-variable", bases=(HERE,))
        for first, last in _recipes(text):
            raw = text[first:last]
            lead = len(raw) - len(raw.lstrip(" \t@-"))
            severity = Severity.MASKED if "-" in raw[:lead] else Severity.HARD
            placed = slice_of(text, first + lead, last, lines)
            yield from claims_located(
                placed, kind="just-recipe", bases=(HERE,), severity=severity, variables=variables
            )


def _imported(found: re.Match[str], lines: Lines) -> Iterator[Claim]:
    severity = Severity.MASKED if found[2] else Severity.HARD
    group = next((one for one in (4, 5) if found[one] is not None), 3)
    if not found[group]:
        return
    line, column = lines.at(found.start(group))
    name = "" if group != 3 else f"{{{found[3]}.just,{found[3]}{_MODULE}}}"
    yield Claim(
        line=line,
        column=column,
        text=found[group],
        kind="just-module" if name else "just-import",
        name=name,
        severity=severity,
        bases=(HERE,),
        carries=not found[2],
    )


def _recipes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of lines that are run; those of a recipe with a ``#!`` line in one piece."""
    at, script = 0, -1
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        while text[end - 1 : end] == "\\" and end < len(text):
            following = text.find("\n", end + 1)
            end = len(text) if following < 0 else following
        indented = text[at : at + 1] in {" ", "\t"}
        if script >= 0 and not indented and text[at:end].strip():
            yield script, at
            script = -1
        if indented and script < 0:
            if text[at:end].lstrip().startswith("#!"):
                script = at
            else:
                yield at, end
        at = end + 1
    if script >= 0:
        yield script, len(text)
