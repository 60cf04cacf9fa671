"""Values of configuration: which of them name a path, whatever the format they are written in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mothball.core.references.claims import ENDING, HERE, ROOT, Claim, Severity
from mothball.core.references.texts import Lines

_LONGEST: Final = 1000
# Variables that tools set to the root of the project, or to the directory of the file that says so.
_ROOT_NAMES: Final = (
    r"(?:workspace(?:Folder|Root)?(?::[^}]*)?|containerWorkspaceFolder|localWorkspaceFolder|github\.workspace"
    r"|GITHUB_WORKSPACE|CI_PROJECT_DIR|PROJECT_DIR|MODULE_DIR|PROJECT_ROOT|project_?root|proj(?:ect)?_?dir"
    r"|root_?dir|SolutionDir|ProjectDir|MSBuild(?:ThisFileDirectory|ProjectDirectory)|toxinidir|tox_root|here"
    r"|config_?dir|CMAKE_(?:CURRENT_)?SOURCE_DIR|sourceDir|PWD|WORKSPACE|Build\.SourcesDirectory|basedir"
    r"|project\.basedir|ROOT|TOP|TOPDIR|REPO_ROOT|BASE_DIR|hydra:runtime\.cwd|oc\.env:\w*(?:ROOT|DIR))"
)
_FROM_ROOT: Final = re.compile(
    r"(?:\$\{\{\s*NAME\s*\}\}|\$\{NAME\}|\$\(NAME\)|\$NAME\$|\$NAME\b|%\(NAME\)s|%NAME%|\{NAME\}|<NAME>)"
    r"[/\\]?".replace("NAME", _ROOT_NAMES),
    re.IGNORECASE,
)
_VARIABLE: Final = re.compile(r"[^/\\\s]*[$%{}<>)][^/\\\s]*[/\\]")
_SCHEME: Final = re.compile(r"[A-Za-z][\w+.-]*:/|//|[\w.-]+@|www\.|mailto:|data:")
# What stands before a path and is no part of it: protocols of package managers, flags grown onto a path.
_LOCAL: Final = re.compile(
    r"(?:file:(?://)?|path:|link:|portal:|docs?:|pre:|post:|[!+]|-[rce]\s{1,9}|-(?:[rceIL]|isystem|iquote|include))"
    r"(?=[\w./@{$*])"
)
_AFTER: Final = re.compile(r"[#?]|::?(?=[\w(*\[<\s]|$)|@(?=v?\d)")
_SUFFIX: Final = re.compile(r"\.[A-Za-z]\w{0,9}\Z|\A\.\w|\.\d\Z|\.\{[\w,]+\}\Z")
_VERSION: Final = re.compile(r"[~^<>=v]*\d+(?:\.[\w*-]+)*")
_PIECE: Final = re.compile(r"[^\s,;|\"'`=()]+")
_SPLIT: Final = re.compile(r"[\s,;|=]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as it is written, and how it is looked up.

    Attributes:
        raw: the source text of it, without quotes.
        offset: where that begins.
        kind: the kind of its claims.
        bases: where it is looked up.
        severity: what stops.
        bare: whether a word without a slash or a suffix can be a path here, as the key says.
        lookup: handed on to the claims.
        several: whether it may hold several paths.
        prose: whether nobody follows it.
    """

    raw: str
    offset: int
    kind: str
    bases: tuple[str, ...] = (HERE, ROOT)
    severity: Severity = Severity.CONFIG
    bare: bool = False
    lookup: str = ""
    several: bool = True
    prose: bool = False

    def claims(self, lines: Lines) -> Iterator[Claim]:
        """Yield a claim for the value, and where it holds several words one for each."""
        stripped = self.raw.strip()
        start = self.offset + len(self.raw) - len(self.raw.lstrip())
        if len(stripped) <= _LONGEST and "\n" not in stripped:
            yield from self._claim(stripped, start, lines)
        if self.several and _SPLIT.search(stripped):
            for piece in _PIECE.finditer(stripped):
                yield from self._claim(piece.group(), start + piece.start(), lines)

    def _claim(self, text: str, offset: int, lines: Lines) -> Iterator[Claim]:
        if len(text) > _LONGEST:
            return
        if local := _LOCAL.match(text):
            text, offset = text[local.end() :], offset + local.end()
        if _SCHEME.match(text):
            return
        name, bases, doubtful = _resolved(text, self.bases)
        if end := _AFTER.search(name, 1):
            # What comes after the path is left out of the text too: the text ends where the name ends.
            text = text[: len(text) - (len(name) - end.start())]
            name = name[: end.start()]
        name = name.replace("\\\\", "/").replace("\\", "/")
        if not is_path(name, bare=self.bare):
            return
        line, column = lines.at(offset)
        yield Claim(
            line=line,
            column=column,
            text=text,
            kind=self.kind,
            name=name,
            severity=self.severity,
            bases=bases,
            lookup=self.lookup,
            prose=self.prose,
            doubtful=doubtful,
        )


def _resolved(text: str, bases: tuple[str, ...]) -> tuple[str, tuple[str, ...], bool]:
    """Return the name, its bases, and whether it is doubtful, of a text that may begin with a variable."""
    if root := _FROM_ROOT.match(text):
        return text[root.end() :], bases, False
    if variable := _VARIABLE.match(text):
        return text[variable.end() :], (ENDING,), True
    return text, bases, False


def is_path(name: str, *, bare: bool = False) -> bool:
    """Say whether a whole value looks like a path: it has a slash or a suffix, or may be ``bare``."""
    name = name.removeprefix("./")
    if not name.strip("./*") or _VERSION.fullmatch(name):
        return False
    return bare or "/" in name.rstrip("/") or name.endswith("/") or _SUFFIX.search(name) is not None
