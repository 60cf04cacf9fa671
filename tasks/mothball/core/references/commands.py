"""Commands that a text holds: which of their words name files, seen from where they run."""

from collections.abc import Iterator

from mothball.core.references.claims import HERE, ROOT, Claim, Severity


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
    del text, kind, line, column, bases, severity, prose
    yield from ()
