"""What the archive analysis is written from: two trees, the moves between them, what the checks say."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mothball.core.checks import Outcome, blocking
from mothball.core.errors import Problem
from mothball.core.ledger import Ledger
from mothball.core.plan.model import Plan
from mothball.core.run import measure
from mothball.core.steps import managed_paths
from mothball.core.tree import REGULAR, Entry, Move, Tree
from mothball.core.work import Work

MOTHBALL: Final = "mothball"
"""The program, which acts on any repository."""
INVOKE: Final = "invoke"
"""The program that acts on a repository whose ``tasks.py`` has our tasks."""
MISSED: Final = "metric-missed"
"""The code of the check after a run that would find a promise broken."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit and its tree, by their ids."""

    commit: str
    tree: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A place in a file that stays which names what goes.

    Attributes:
        file: the file it is in.
        line: counted from 1; 0 for the file as a whole.
        column: counted from 1; 0 for the line as a whole.
        kind: what names it, such as ``markdown-link``.
        verdict: ``break`` where it stops working, ``mention`` where it only reads stale, else ``unknown``.
        severity: what stops; of a mention, what would stop if it were meant.
        target: what is named, as it is written there.
        remedy: what to do, in the imperative.
        message: why it is thought so, as a sentence.
    """

    file: str
    line: int
    column: int
    kind: str
    verdict: str
    severity: str
    target: str
    remedy: str
    message: str

    @property
    def breaks(self) -> bool:
        """Say whether it stops working."""
        return self.verdict == "break"


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """Everything that the document is written from.

    Attributes:
        plan: the plan in force.
        root: the work tree, to be taken out of what checks say: a page names no machine's path.
        head: where the repository is.
        run: the commit that a run ended with; ``None`` before one.
        base: the commit that it started from.
        before: the tree of before.
        after: the tree of after: measured, or with the moves applied.
        moves: the map from one to the other.
        ledger: what was archived, by this run and earlier ones.
        outcomes: what the checks say: before a run those that admit it, after it those of its result.
        staged: how many of the moves are staged already.
        others: how many paths somebody else has staged.
        rewritten: the files that stay in which a run mends what they name.
        references: what names a file that moves, worst first; ``None`` where nobody looked.
        door: the program whose tasks act on the repository, as a command line begins with it.
    """

    plan: Plan
    root: str
    head: Moment
    run: Moment | None = None
    base: Moment | None = None
    before: Tree
    after: Tree
    moves: tuple[Move, ...]
    ledger: Ledger
    outcomes: tuple[Outcome, ...]
    staged: int = 0
    others: int = 0
    rewritten: frozenset[str] = frozenset()
    references: tuple[Reference, ...] | None = None
    door: str = MOTHBALL

    @cached_property
    def grounds(self) -> tuple[Outcome, ...]:
        """Every outcome that the decision rests on; before a run, what it would be held to at its end too."""
        if self.run or not self.promises:
            return self.outcomes
        broken = tuple(promise.problem(self.plan) for promise in self.promises if promise.broken)
        return (
            *self.outcomes,
            Outcome(code=MISSED, title="Every promise of the plan is met", problems=broken),
        )

    @property
    def problems(self) -> list[Problem]:
        """What stands in the way, or what went wrong."""
        return blocking(self.grounds)

    @cached_property
    def promises(self) -> tuple["Promise", ...]:
        """The metrics of the plan, before and after."""
        old, new = measure(self.plan, self.before), measure(self.plan, self.after)
        return tuple(
            Promise(
                key=metric.key,
                name=metric.name,
                patterns=metric.count,
                before=old[metric.name],
                after=new[metric.name],
                promised=metric.after,
            )
            for metric in self.plan.metrics
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A row of the impact table."""

    key: str
    name: str
    patterns: tuple[str, ...]
    before: int
    after: int
    promised: int | None

    @property
    def broken(self) -> bool:
        """Whether something else was promised."""
        return self.promised is not None and self.promised != self.after

    def problem(self, plan: Plan) -> Problem:
        """Return what a run would end with: it holds the plan to its promises and is taken back."""
        return Problem(
            code=MISSED,
            where=plan.where(f"{self.key}.after"),
            found=f"{self.name}: {self.after:,} once everything is archived",
            expected=f"{self.promised:,}",
            remedy="Archive what is left, or promise what is true.",
        )


def applied(plan: Plan, tree: Tree, moves: Iterable[Move]) -> dict[str, Entry]:
    """Return the tree that the moves lead to, with the pages that a run writes; nothing for no moves."""
    after = dict(tree)
    moved = tuple(moves)
    for move in moved:
        after.pop(move.source, None)
    for move in moved:
        after[move.target] = move.entry
    if moved:
        for path in managed_paths(plan):
            after.setdefault(path, Entry(REGULAR, ""))
    return after


def unapplied(tree: Tree, work: Work) -> dict[str, Entry]:
    """Return the tree as it was before some work that is staged; what others staged stays in it."""
    before = dict(tree)
    for move in work.moves:
        before.pop(move.target, None)
    for move in work.moves:
        before[move.source] = move.entry
    for write in work.writes:
        if write.before is None:
            before.pop(write.path, None)
    return before
