"""What the scalars of YAML claim: commands, paths, patterns; with matrix values and variables filled in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.references.claims import ROOT, Claim, Severity, Unreadable
from mothball.core.references.config.yaml_nodes import Node
from mothball.core.references.placed import Placed
from mothball.core.references.shell.commands import claims_located, claims_of_python
from mothball.core.references.shell.places import has_suffix
from mothball.core.references.shell.run import FILES, WORDS
from mothball.core.references.texts import Lines, words

_HASHED: Final = re.compile(r"(?:hashFiles|checksum)\s*\(?\s*((?:['\"][^'\"\n]*['\"]\s*,?\s*)+)")
_QUOTED: Final = re.compile(r"['\"]([^'\"\n]+)['\"]")
_ANY_SUFFIX: Final = re.compile(r"(^|/)\*\*(?=[^/*])")


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where something runs: the kind of its claims, bases, what hides its failure, known variables."""

    kind: str
    bases: tuple[str, ...] = (ROOT,)
    severity: Severity = Severity.HARD
    variables: Mapping[str, str] | None = None
    prose: bool = False

    def commands(self, node: Node) -> Iterator[Claim]:
        """Yield what a scalar, or those of a list, name as commands."""
        for scalar in node.scalars():
            yield from self._located(scalar.placed, "")

    def python(self, node: Node) -> Iterator[Claim]:
        """Yield what a scalar names that is a Python source."""
        if node.placed is not None:
            yield from claims_of_python(
                node.placed, kind=self.kind, bases=self.bases, severity=self.severity, prose=self.prose
            )

    def paths(self, node: Node, *, bare: bool = True) -> Iterator[Claim]:
        """Yield what a scalar, or those of a list, name as paths; several in a text are parted by space."""
        for scalar in node.scalars():
            yield from self._located(scalar.placed, FILES if bare else WORDS)

    def patterns(self, node: Node) -> Iterator[Claim]:
        """Yield globs, as filters have them, which nobody misses when they match nothing."""
        for scalar in node.scalars():
            value = scalar.value.strip()
            lead = len(scalar.value) - len(scalar.value.lstrip()) + len(value) - len(value.lstrip("!"))
            value = value.lstrip("!")
            if scalar.placed is None or not value.strip("*/.") or len(value) > 1000 or "\n" in value:
                continue
            line, column = scalar.placed.at(lead)
            yield Claim(
                line=line,
                column=column,
                text=scalar.placed.raw(lead, lead + len(value)),
                kind=self.kind,
                name=_ANY_SUFFIX.sub(r"\1**/*", value.lstrip("/")),
                severity=self.severity,
                bases=self.bases,
                prose=self.prose,
            )

    def _located(self, placed: Placed | None, listed: str) -> Iterator[Claim]:
        if placed is None or not placed.value.strip():
            return
        found = claims_located(
            placed,
            kind=self.kind,
            bases=self.bases,
            severity=self.severity,
            prose=self.prose,
            variables=self.variables,
            listed=listed,
        )
        for claim in found:
            if listed and claim.wanted.startswith("!"):
                claim = replace(claim, name=claim.wanted.lstrip("!"))  # noqa: PLW2901
            yield claim


def hashed(root: Node, kind: str, bases: tuple[str, ...] = (ROOT,)) -> Iterator[Claim]:
    """Yield the globs of ``hashFiles('a', 'b/**')``, whose value silently changes."""
    for node in root.everywhere():
        if node.placed is None or len(node.value) > 20_000:
            continue
        for call in _HASHED.finditer(node.value):
            for found in _QUOTED.finditer(node.value, call.start(1), call.end(1)):
                line, column = node.placed.at(found.start(1))
                yield Claim(
                    line=line,
                    column=column,
                    text=node.placed.raw(*found.span(1)),
                    kind=kind,
                    name=found[1].lstrip("!"),
                    severity=Severity.CONFIG,
                    bases=bases,
                )


def combined(node: Node, name: str, values: Node, site: Site) -> Iterator[Claim]:
    """Yield, at each value of a matrix, the path that the use of its name in a text comes to."""
    use = re.compile(
        r"([\w./-]{0,200})(?:\$\{\{\s*|<<\s*|\$\(|\$\{?)"
        + name
        + r"(?:\s*\}\}|\s*>>|\)|\}?)([\w./*-]{0,200})"
    )
    shapes = {found.groups() for found in use.finditer(node.value)} if node.value else set()
    for before, after in sorted(shapes)[:10]:
        for value in values.scalars():
            path = before + value.value + after
            if value.placed is None or "/" not in path or "$" in path or len(path) > 600:
                continue
            line, column = value.placed.at(0)
            yield Claim(
                line=line,
                column=column,
                text=value.placed.raw(0, len(value.value)),
                kind=site.kind,
                name=path,
                severity=site.severity,
                bases=site.bases,
                prose=site.prose,
            )


def unparsed(text: str, kind: str, bases: tuple[str, ...], error: Unreadable) -> Iterator[Claim]:
    """Yield what words of a text that is no YAML may name; nobody knows.

    Raises:
        Unreadable: always, when that is done.
    """
    lines = Lines(text)
    for offset, word in words(text):
        if "/" in word and "//" not in word:
            line, column = lines.at(offset)
            yield Claim(line=line, column=column, text=word, kind=kind, bases=bases, doubtful=True)
    raise error


def comments(text: str, kind: str, bases: tuple[str, ...] = (ROOT,)) -> Iterator[Claim]:
    """Yield what whole lines of comment mention."""
    lines = Lines(text)
    at = 0
    for line in text.split("\n"):
        if line.lstrip().startswith("#"):
            for offset, word in words(line):
                there, column = lines.at(at + offset)
                yield Claim(line=there, column=column, text=word, kind=kind, bases=bases, prose=True)
        at += len(line) + 1


def looks_like_path(value: str) -> bool:
    """Say whether a value is a path by its looks: a slash or a suffix, no spaces."""
    return 0 < len(value) < 1000 and " " not in value and ("/" in value or has_suffix(value))
