"""A run as its result shows it: two trees, the map between them, and what the user's commands said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mothball.core.patterns import Patterns
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Comparison, Finding
from mothball.core.survey import Snapshot, Survey, foreign
from mothball.core.tree import Entry, Move, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run did.

    Attributes:
        base: the commit that it started from.
        before: the tree of before.
        after: the tree of after, in the index or in the last commit of the run.
        moves: the map from one to the other.
        written: the files that mothball itself wrote.
        committed: whether ``after`` is a commit's tree.
    """

    base: str
    before: Tree
    after: Tree
    moves: tuple[Move, ...]
    written: frozenset[str]
    committed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """What one of the user's commands did.

    ``code`` is its exit code (``None`` when it ran out of time), ``seconds`` its time, ``tail`` the end of
    its output, ``changed`` the paths that it changed or left in the work tree.
    """

    line: str
    code: int | None
    seconds: float
    tail: str
    changed: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether it ended with exit code 0."""
        return self.code == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The case that the checks after a run judge.

    ``found`` is what its trees differ in by what their files name; ``broken`` are the breaks among that
    which no plan allows.
    """

    plan: Plan
    survey: Survey
    run: Run | None
    stale_pages: tuple[str, ...] = ()
    commands_before: Mapping[str, CommandResult] = field(default_factory=dict)
    commands_after: tuple[CommandResult, ...] = ()
    found: Comparison | None = None
    broken: tuple[Finding, ...] = ()


def staged_run(seen: Snapshot, moves: tuple[Move, ...] | None = None) -> Run:
    """Return the run that is staged: HEAD's tree and the index, without what others staged.

    ``moves`` are its moves with the entries that it gave them, where more is known than the index shows.
    """
    moves = seen.pending.moves if moves is None else moves
    before = dict(seen.tree)
    for path, change in seen.staged.items():
        _put(before, path, change.head)
    after: Tree = seen.tree
    if others := foreign(seen):
        after = dict(seen.tree)
        for path, change in others.items():
            _put(after, path, change.head)
    return Run(
        base=seen.commit,
        before=as_moved(before, after, moves),
        after=after,
        moves=moves,
        written=frozenset(write.path for write in seen.pending.writes),
        committed=False,
    )


def as_moved(before: Tree, after: Tree, moves: Iterable[Move]) -> Tree:
    """Return the tree of before with every file of the moves at its old place.

    Of a staged move the user may have committed one half alone (``git commit --only PATH``): HEAD has the
    file at both names then, the old one out of date, or at none.
    """
    halves = [move for move in moves if _is_half(move, before, after)]
    if not halves:
        return before
    gone = {move.target for move in halves}
    whole = {path: entry for path, entry in before.items() if path not in gone}
    return whole | {move.source: move.entry for move in halves}


def _is_half(move: Move, before: Tree, after: Tree) -> bool:
    nowhere = move.source not in before and move.target not in before
    is_half = nowhere or before.get(move.target) == move.entry
    return is_half and move.source not in after and after.get(move.target) == move.entry


def measure(plan: Plan, tree: Tree) -> dict[str, int]:
    """Count the tracked files of each metric."""
    if not plan.metrics:
        return {}
    counts = [0] * len(plan.metrics)
    for _, hits in Patterns([metric.count for metric in plan.metrics]).walk(tree):
        for hit in hits:
            counts[hit.list] += 1
    return {metric.name: number for metric, number in zip(plan.metrics, counts, strict=True)}


def _put(tree: dict[str, Entry], path: str, entry: Entry | None) -> None:
    if entry is None:
        tree.pop(path, None)
    else:
        tree[path] = entry
