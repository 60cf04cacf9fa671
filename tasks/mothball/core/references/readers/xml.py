"""XML: project files of IDEs and build systems, and what else holds paths in attributes and texts."""

import re
from collections.abc import Iterator
from html import unescape
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.config.values import Value
from mothball.core.references.papers import is_data
from mothball.core.references.placed import slice_of
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_located
from mothball.core.references.texts import Lines

# Every alternative takes what it began, so that no place is looked at twice.
_TOKEN: Final = re.compile(
    r"""
    <!--(?s:.*?)(?:-->|\Z)
    | <(?P<tag>[\w:.-]++)
    | (?P<attribute>[\w:.-]++)(?=\s{0,9}=\s{0,9}["'])
    | =\s*+"(?P<double>[^"<]*+)"?
    | =\s*+'(?P<single>[^'<]*+)'?
    | >(?P<text>[^<>]++)
    """,
    re.VERBOSE,
)
_ESCAPED: Final = re.compile(r"&(?:[a-z]{2,4}|#x?[0-9A-Fa-f]{1,4});")
_SOLUTION: Final = re.compile(r'"(?P<string>[^"\n]*+)"?')
_PROJECTS: Final = re.compile(
    r".*\.(?:\w*proj(?:x|\.filters)?|props|targets|slnx|qrc|iml|ewp|uvoptx|nuspec)|pom\.xml"
)
_MUST: Final = frozenset({
    "include", "project", "file", "filepath", "hintpath", "module", "import", "path", "src", "href",
    "resource", "location", "sourcepath", "compile", "folder", "directory", "sourcedirectory",
    "testsourcedirectory", "relativepath", "parent", "additionalincludedirectories",
})  # fmt: skip
_HARMLESS: Final = frozenset({"remove", "exclude", "condition", "update", "excludes"})
_BARE: Final = frozenset({"module", "directory", "sourcedirectory", "testsourcedirectory"})
_PROSE: Final = frozenset({"description", "title", "summary", "comment", "p", "para", "li", "td", "note"})


class Xml(Reader):
    """Attributes and texts of an XML file that as a whole name a path."""

    kind = "xml"
    files: ClassVar[tuple[str, ...]] = (
        "*.xml",
        "*proj",
        "*.projitems",
        "*.shproj",
        "*.vcxproj.filters",
        "*.uvprojx",
        "*.uvoptx",
        "*.ewp",
        "*.eww",
        "*.props",
        "*.targets",
        "*.plist",
        "*.nuspec",
        "*.slnx",
        "*.sln",
        "*.qrc",
        "*.iml",
        "*.ipr",
        "*.jucer",
        "*.launch",
        "*.urdf",
        "*.xacro",
        "*.xsd",
        "*.xsl",
        "*.xslt",
        "*.config",
        "*.wxs",
        "*.cproject",
        "*.project",
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what attributes and texts claim."""
        lines = Lines(text)
        name = path.lower().rpartition("/")[2]
        if name.endswith(".sln"):
            for found in _SOLUTION.finditer(text):
                yield from _claims(
                    "file", found["string"], found.start("string"), lines, hard=True, prose=False
                )
            return
        if not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return
        hard, prose = _PROJECTS.fullmatch(name) is not None, is_data(path)
        tag = key = ""
        for token in _TOKEN.finditer(text):
            kind = token.lastgroup
            if kind == "tag":
                tag = key = token["tag"].rpartition(":")[2].lower()
            elif kind == "attribute":
                key = token["attribute"].rpartition(":")[2].lower()
            elif kind:
                named = tag if kind == "text" else key
                if hard and named == "command":
                    yield from _commands(token[kind], text, token.start(kind), lines)
                    continue
                yield from _claims(named, token[kind], token.start(kind), lines, hard=hard, prose=prose)


def _commands(raw: str, text: str, offset: int, lines: Lines) -> Iterator[Claim]:
    """Yield what a step of a build runs names: the signs that XML escapes are put at their ends."""
    plain = _ESCAPED.sub(lambda found: unescape(found[0]).rjust(len(found[0])), raw)
    placed = slice_of(text, offset, offset + len(raw), lines)
    placed = placed.with_value(plain.replace("\\", "/"), placed.offsets)
    yield from claims_located(placed, kind="xml-command", bases=(HERE,))


def _claims(key: str, raw: str, offset: int, lines: Lines, *, hard: bool, prose: bool) -> Iterator[Claim]:
    if not raw.strip() or unescape(raw) != raw:
        return
    firm = hard and key in _MUST
    yield from Value(
        raw=raw,
        offset=offset,
        kind="xml-value",
        bases=(HERE, ROOT) if firm else (HERE, ROOT, ABOVE),
        severity=Severity.HARD if firm else Severity.CONFIG,
        bare=key in _BARE,
        several=";" in raw,
        prose=prose or key in _PROSE or (hard and key in _HARMLESS),
    ).claims(lines)
