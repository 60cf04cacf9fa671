"""TOML: pyproject.toml and whatever else tools are configured with."""

import re
import tomllib
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Severity, Unreadable
from mothball.core.references.config.settings import claims_of_setting, doubtful, is_command, paths_of_setting
from mothball.core.references.config.toml_values import TomlString, toml_strings
from mothball.core.references.config.values import Value
from mothball.core.references.papers import is_data
from mothball.core.references.placed import Placed
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import as_command, claims_located
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_NOT_OURS: Final = frozenset({"cargo.toml", "mothball.toml"})
_PLAN: Final = ("tool", "mothball")
"""The table of a pyproject.toml that is a plan, not something that the plan breaks."""
_SEPARATED: Final = re.compile(r"['\"]\s*+,(?:\s|#[^\n]*+)*+['\"]")
_PATH_KEYS: Final = ("per-file-ignores", "per-file-target-version", "force-include", "overrides", "sources")


class Toml(Reader):
    """Strings of a TOML file, by what their keys say about them."""

    kind = "toml"
    files: ClassVar[tuple[str, ...]] = ("*.toml", "pipfile")
    always: ClassVar[bool] = True

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what values claim, and keys that are paths."""
        if path.lower().rpartition("/")[2] in _NOT_OURS:
            return
        try:
            tomllib.loads(text.replace("\r\n", "\n"))
        except (ValueError, RecursionError) as error:
            yield from doubtful(self._claims(text, path))
            raise Unreadable(str(error)[:200]) from error
        yield from self._claims(text, path)

    def _claims(self, text: str, path: str) -> Iterator[Claim]:
        lines = Lines(text)
        prose = is_data(path)
        strings = list(toml_strings(text))
        for first, last in _commands(strings, text):
            listing = Placed(as_command(text[first:last]), text, lines, range(first, last))
            yield from claims_located(
                listing, kind="toml-value-command", severity=Severity.CONFIG, prose=prose
            )
        for string in strings:
            if string.keys[:2] == _PLAN:
                continue
            if string.is_key:
                yield from _claims_of_key(string, lines, prose=prose)
            else:
                yield from claims_of_setting(
                    string.keys, string.raw, string.offset, lines, "toml-value", prose=prose
                )

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what a path, a pattern or a module may mean."""
        return paths_of_setting(claim, file, world)


def _claims_of_key(string: TomlString, lines: Lines, *, prose: bool) -> Iterator[Claim]:
    above = string.keys[-2] if len(string.keys) > 1 else ""
    bare = above.endswith(_PATH_KEYS)
    if bare or "/" in string.raw:
        yield from Value(
            raw=string.raw, offset=string.offset, kind="toml-key", bare=bare, several=False, prose=prose
        ).claims(lines)


def _commands(strings: list[TomlString], text: str) -> Iterator[tuple[int, int]]:
    """Yield where commands begin and end that are lists of their words."""
    listed: list[TomlString] = []
    for string in (*strings, None):
        if listed and (string is None or not _is_next(listed[-1], string, text)):
            if len(listed) > 1 and " " not in listed[0].raw:
                yield listed[0].offset - 1, listed[-1].offset + len(listed[-1].raw) + 1
            listed.clear()
        if string is not None and not string.is_key and is_command(string.keys[-1:]):
            listed.append(string)


def _is_next(previous: TomlString, string: TomlString, text: str) -> bool:
    end = previous.offset + len(previous.raw)
    return not string.is_key and _SEPARATED.fullmatch(text, end, string.offset) is not None
