"""Commands that a text holds: which of their words name files, seen from where they run."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from mothball.core.references.claims import HERE, ROOT, Claim, Severity
from mothball.core.references.placed import Placed
from mothball.core.references.shell.inline import found_in_python
from mothball.core.references.shell.places import Place, joined
from mothball.core.references.shell.run import Run
from mothball.core.references.shell.values import Found
from mothball.core.references.texts import Lines

_LISTING: Final = re.compile(r"(?P<word>\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+')|#[^\n]*+|[\[\],\n]")


def as_command(listing: str) -> str:
    """Return a list of quoted words as a shell is told them, with blanks for what only makes it a list."""
    return _LISTING.sub(lambda found: found["word"] or " " * len(found[0]), listing)


def claims_of_commands(
    text: str,
    *,
    kind: str,
    line: int = 1,
    column: int = 1,
    bases: tuple[str, ...] = (HERE, ROOT),
    severity: Severity = Severity.HARD,
    prose: bool = False,
) -> Iterator[Claim]:
    """Yield a claim for each path that the commands of a shell text name.

    Args:
        text: one command or many, as a shell reads them.
        kind: the kind of the claims, such as ``workflow-command``.
        line: the line of the file that the text begins in, counted from 1.
        column: the column that its first line begins in; later lines begin in column 1.
        bases: the directories it starts in; ``cd`` changes them on the way.
        severity: what stops when a command fails; one whose failure is masked claims `Severity.MASKED`.
        prose: whether nobody runs them.
    """
    lines = Lines(text)
    shifted = _Shifted(text, lines, line, column)
    yield from claims_located(shifted, kind=kind, bases=bases, severity=severity, prose=prose)


def claims_located(
    text: Placed,
    *,
    kind: str,
    bases: tuple[str, ...] = (HERE, ROOT),
    severity: Severity = Severity.HARD,
    prose: bool = False,
    variables: Mapping[str, str] | None = None,
    listed: str = "",
) -> Iterator[Claim]:
    """Do the same for a text that knows its places in the file: unfolded, or with escapes taken away.

    ``variables`` are known from elsewhere, by name; ``listed`` says that the text is no command but a list
    of names, `shell_run.WORDS` or `shell_run.FILES`.
    """
    for found in Run(text.value, bases=bases, variables=variables or {}, listed=listed).findings():
        yield _claim(found, text, kind=kind, severity=severity, prose=prose)


def claims_of_python(
    text: Placed,
    *,
    kind: str,
    bases: tuple[str, ...],
    severity: Severity = Severity.HARD,
    prose: bool = False,
) -> Iterator[Claim]:
    """Do the same for a text that Python runs instead of a shell."""
    here = Place("", bases)
    for found in found_in_python(text.value, range(len(text.value)), lambda name: joined(here, Place(name))):
        yield _claim(found, text, kind=kind, severity=severity, prose=prose)


def _claim(found: Found, text: Placed, *, kind: str, severity: Severity, prose: bool) -> Claim:
    line, column = text.at(found.start)
    masked = found.masked and severity is Severity.HARD
    return Claim(
        line=line,
        column=column,
        text=text.raw(found.start, found.end),
        kind=found.kind or kind,
        name=found.name,
        severity=Severity.MASKED if masked else severity,
        bases=found.bases,
        prose=prose or found.prose,
        doubtful=found.doubtful,
    )


class _Shifted(Placed):
    """A part of a file of which only the part is known."""

    def __init__(self, text: str, lines: Lines, line: int, column: int) -> None:
        super().__init__(text, text, lines, range(len(text)))
        self._line, self._column = line, column

    def at(self, first: int) -> tuple[int, int]:
        line, column = super().at(first)
        return line + self._line - 1, column + self._column - 1 if line == 1 else column
