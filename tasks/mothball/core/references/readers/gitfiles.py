"""Files of patterns: .gitattributes, ignore files, CODEOWNERS; and .gitmodules, MANIFEST.in."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, ROOT, Claim, Severity
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World, join

_FIRST_WORD: Final = re.compile(r'[ \t]*(?P<pattern>"(?:[^"\\\n]|\\.)*+"?|(?:[^\s\\]|\\.)++)')
_MODULE_PATH: Final = re.compile(r'^[ \t]*path[ \t]*=[ \t]*"?(?P<path>[^"\n]*[^"\s])', re.MULTILINE)
_ESCAPED: Final = re.compile(r"\\([ #!\"\\])")


def claims_of_patterns(text: str, kind: str, base: str, *, prose: bool = False) -> Iterator[Claim]:
    """Yield a claim for each line's first word, a pattern as git's ignore files have them."""
    offset = 0
    lines = Lines(text)
    for line in text.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        found = _FIRST_WORD.match(line[:4000])
        if not found or found["pattern"][0] in "#[^":
            continue
        pattern = found["pattern"]
        at = start + found.start("pattern")
        if pattern.startswith('"'):
            pattern, at = pattern.strip('"'), at + 1
        negated = pattern.startswith("!")
        if negated:
            pattern, at = pattern[1:], at + 1
        number, column = lines.at(at)
        yield Claim(
            line=number,
            column=column,
            text=pattern,
            kind=kind,
            name=_ESCAPED.sub(r"\1", pattern),
            severity=Severity.CONFIG,
            bases=(base,),
            prose=prose and not negated,
        )


def paths_of_pattern(claim: Claim, file: str) -> Iterator[str]:
    """Yield what a pattern matches: without a slash inside, at any depth below its base."""
    name = claim.wanted.removesuffix("/")
    (base,) = claim.bases
    anchored = "/" in name
    above = file.rpartition("/")[0] if base == HERE else base
    if not name.strip("*/"):
        return
    found = join(above, name)
    if found:
        yield found
    if not anchored:
        yield f"{above}/**/{name}" if above else f"**/{name}"


class _Patterns(Reader):
    kind = "patterns"
    files: ClassVar[tuple[str, ...]] = ()
    base: ClassVar[str] = HERE
    prose: ClassVar[bool] = False

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield a claim for each pattern."""
        del path
        return claims_of_patterns(text, f"{self.kind}-pattern", self.base, prose=self.prose)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what a pattern matches."""
        del world
        return paths_of_pattern(claim, file)


class CodeOwners(_Patterns):
    """Patterns of CODEOWNERS, from the root of the repository wherever the file is."""

    kind = "codeowners"
    files: ClassVar[tuple[str, ...]] = ("codeowners",)
    always: ClassVar[bool] = True
    base: ClassVar[str] = ROOT


class GitAttributes(_Patterns):
    """Patterns of .gitattributes, from the directory of the file."""

    kind = "gitattributes"
    files: ClassVar[tuple[str, ...]] = (".gitattributes",)
    always: ClassVar[bool] = True


class IgnoreFiles(_Patterns):
    """Ignore files: what is not there need not be ignored, but what is re-included is wanted."""

    kind = "ignore"
    files: ClassVar[tuple[str, ...]] = (".*ignore",)
    always: ClassVar[bool] = True
    prose: ClassVar[bool] = True


class GitModules(Reader):
    """The places of submodules."""

    kind = "gitmodules"
    files: ClassVar[tuple[str, ...]] = (".gitmodules",)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield a claim for each path."""
        del path
        lines = Lines(text)
        for found in _MODULE_PATH.finditer(text):
            line, column = lines.at(found.start("path"))
            yield Claim(line=line, column=column, text=found["path"], kind="gitmodules-path", bases=(ROOT,))


class Manifest(Reader):
    """MANIFEST.in: what goes into a source distribution."""

    kind = "manifest"
    files: ClassVar[tuple[str, ...]] = ("manifest.in",)
    always: ClassVar[bool] = True

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield a claim for each pattern and directory."""
        del path
        lines = Lines(text)
        offset = 0
        for line in text.splitlines(keepends=True):
            start, offset = offset, offset + len(line)
            words = list(re.finditer(r"\S+", line[:4000]))
            if len(words) > 1 and not line.lstrip().startswith("#"):
                yield from _claims_of_rule(words, start, lines)


def _claims_of_rule(words: list[re.Match[str]], start: int, lines: Lines) -> Iterator[Claim]:
    rule, *rest = words
    command = rule.group()
    below = f"{rest[0].group()}/**/" if command.startswith("recursive-") else ""
    for number, word in enumerate(rest):
        name = f"{below}{word.group()}" if number else word.group()
        # What is left of a directory is told at the directory, once for all its patterns.
        shown = rest[0] if below else word
        line, column = lines.at(start + shown.start())
        yield Claim(
            line=line,
            column=column,
            text=shown.group(),
            kind=f"manifest-{command}",
            name=f"**/{name}" if command.startswith("global-") else name,
            severity=Severity.CONFIG,
            bases=(HERE,),
            prose="exclude" in command or command == "prune",
        )
