"""JSON that no other reader knows: settings of tools where they are settings, data where they are data."""

import re
from collections.abc import Container, Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import Claim
from mothball.core.references.config.json_values import Entry, entries
from mothball.core.references.config.settings import claims_of_setting, paths_of_setting
from mothball.core.references.config.values import Value
from mothball.core.references.javascript.manifests import FACTS
from mothball.core.references.javascript.search import modules
from mothball.core.references.papers import is_data
from mothball.core.references.reader import Reader
from mothball.core.references.sought import Sought
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_NOT_OURS: Final = re.compile(
    r"package(?:-lock)?\.json|npm-shrinkwrap\.json|[tj]sconfig.*\.json|project\.json|workspace\.json|angular\.json"
    r"|nx\.json|lerna\.json|turbo\.json|rush\.json|jest\.config\.json|deno\.jsonc?|\.eslintrc.*|\.babelrc.*"
)
_MANY: Final = 200_000
"""Of a larger text nobody wrote the values by hand: it is data."""


class Json(Reader):
    """Values and keys of a JSON file that as a whole name a path."""

    kind = "json"
    files: ClassVar[tuple[str, ...]] = (
        "*.json",
        "*.jsonc",
        "*.json5",
        "*.code-workspace",
        "*.sublime-project",
        "*.jsonnet",
        "*.webmanifest",
        ".*rc",
        ".arcconfig",
        ".watchmanconfig",
    )

    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what strings claim."""
        return self.sift(text, path, ())

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what strings claim, but what can mean nothing that is sought."""
        name = path.rpartition("/")[2]
        if _NOT_OURS.fullmatch(name) or not text.lstrip("\ufeff \t\r\n").startswith(("{", "[", "/")):
            return
        if is_data(path) or len(text) > _MANY:
            return  # nobody follows what data names: the words in it can be mentioned all the same
        lines = Lines(text)
        for entry in entries(text):
            if _may_be_meant(entry.value, names):
                yield from (claim for claim in _claims(entry, lines) if _may_be_meant(claim.wanted, names))

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what a path or a pattern may mean, and the module without suffix that begins with a dot."""
        yield from paths_of_setting(claim, file, world)
        if claim.wanted.startswith(("./", "../")):
            yield from modules(claim.wanted, file, world)


def _may_be_meant(value: str, names: Container[str]) -> bool:
    return not isinstance(names, Sought) or names.may_be_meant(value)


def _claims(entry: Entry, lines: Lines) -> Iterator[Claim]:
    if not entry.is_key:
        keys = tuple(key for key in entry.path if isinstance(key, str))
        yield from claims_of_setting(keys, entry.raw, entry.offset, lines, "json-value")
    elif "/" in entry.raw:
        yield from Value(raw=entry.raw, offset=entry.offset, kind="json-key", several=False).claims(lines)
