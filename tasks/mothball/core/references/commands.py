"""Commands that a text holds: which of their words name files, seen from where they run."""

from collections.abc import Callable, Iterator

from mothball.core.references.claims import HERE, ROOT, Claim, Severity
from mothball.core.references.shell_run import Run
from mothball.core.references.texts import Lines

Locate = Callable[[int], tuple[int, int]]


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

    def at(offset: int) -> tuple[int, int]:
        there, place = lines.at(offset)
        return there + line - 1, place + column - 1 if there == 1 else place

    yield from claims_located(text, at, kind=kind, bases=bases, severity=severity, prose=prose)


def claims_located(
    text: str,
    at: Locate,
    *,
    kind: str,
    bases: tuple[str, ...] = (HERE, ROOT),
    severity: Severity = Severity.HARD,
    prose: bool = False,
) -> Iterator[Claim]:
    """Do the same for a text whose places in the file ``at`` knows: unfolded, or with escapes taken away."""
    run = Run(text, bases=bases)
    for found in run.findings():
        line, column = at(found.start)
        masked = found.masked and severity is Severity.HARD
        yield Claim(
            line=line,
            column=column,
            text=text[found.start : found.end],
            kind=kind,
            name=found.name,
            severity=Severity.MASKED if masked else severity,
            bases=found.bases,
            prose=prose or found.prose,
            doubtful=found.doubtful,
        )
