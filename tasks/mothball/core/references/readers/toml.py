"""TOML: pyproject.toml and whatever else tools are configured with."""

import tomllib
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Unreadable
from mothball.core.references.config.settings import claims_of_setting, doubtful, paths_of_setting
from mothball.core.references.config.toml_values import TomlString, toml_strings
from mothball.core.references.config.values import Value
from mothball.core.references.papers import is_data
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_NOT_OURS: Final = frozenset({"cargo.toml", "mothball.toml"})
_PLAN: Final = ("tool", "mothball")
"""The table of a pyproject.toml that is a plan, not something that the plan breaks."""
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
        for string in toml_strings(text):
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
