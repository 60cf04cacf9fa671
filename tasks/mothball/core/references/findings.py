"""What a comparison of two worlds finds: frozen values, sorted worst first."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from mothball.core.references.change import Change
from mothball.core.references.claims import Severity


class Verdict(StrEnum):
    """What is thought of a place: it stops working, it only reads stale, or nobody can tell."""

    BREAK = "break"
    UNKNOWN = "unknown"
    MENTION = "mention"


class Direction(StrEnum):
    """Whether the place is in a file that stays, or in one that moves."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place that names something that goes.

    Attributes:
        verdict: what is thought of it.
        severity: what stops; of a mention, what would stop if it were meant.
        direction: `Direction`.
        file: the file it is in, by its path after the move.
        line: counted from 1; 0 for the file itself.
        column: counted from 1; 0 for the file itself.
        kind: what makes the claim, such as ``markdown-link``.
        target: what is named, as written.
        old_path: the path that it found before.
        new_path: where that is after, ``None`` where it is gone or scattered.
        evidence: why it is thought so, as a sentence.
        remedy: what to do, in the imperative.
        directory: whether ``old_path`` was a directory.
    """

    verdict: Verdict
    severity: Severity
    direction: Direction
    file: str
    line: int
    column: int
    kind: str
    target: str
    old_path: str
    new_path: str | None
    evidence: str
    remedy: str = ""
    directory: bool = False

    @property
    def code(self) -> str:
        """Return the stable code of its sort: ``reference-break``, ``archive-break``."""
        subject = "reference" if self.direction is Direction.INBOUND else "archive"
        return f"{subject}-{self.verdict}"

    @property
    def where(self) -> str:
        """Say where it is: ``docs/guide.md:12:5``."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def follows(self) -> bool:
        """Whether the file only needs another one that breaks."""
        return self.severity is Severity.TRANSITIVE

    @property
    def order(self) -> tuple[int, int, int, str, int, int]:
        """Sort worst first, and then by place."""
        verdicts, directions, severities = list(Verdict), list(Direction), list(Severity)
        return (
            verdicts.index(self.verdict),
            directions.index(self.direction),
            severities.index(self.severity),
            self.file,
            self.line,
            self.column,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that was not read, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangling:
    """A place that found nothing before the move already: no fault of the move."""

    file: str
    line: int
    column: int
    kind: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that was found, and how much was looked at; ``change`` is what was compared, if anything moved.

    ``chains_cut`` says that more files fall than chains were followed to.
    """

    findings: tuple[Finding, ...] = ()
    dangling: tuple[Dangling, ...] = ()
    files_read: int = 0
    skipped: tuple[Skipped, ...] = ()
    chains_cut: bool = False
    change: Change | None = field(default=None, repr=False, compare=False)

    def alone(self) -> "Comparison":
        """Return it without what was compared: two worlds, by far the largest part of it."""
        return replace(self, change=None)

    def breaks(self, direction: Direction = Direction.INBOUND) -> tuple[Finding, ...]:
        """Return what would stop working, in the files that stay or in those that move."""
        return tuple(
            one for one in self.findings if one.verdict is Verdict.BREAK and one.direction is direction
        )
