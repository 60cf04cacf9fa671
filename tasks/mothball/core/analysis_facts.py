"""What the archive analysis is about: two trees, the moves between them, and every number drawn from them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mothball.core.checks import Outcome, blocking
from mothball.core.errors import Problem
from mothball.core.ledger import Ledger
from mothball.core.patterns import Patterns
from mothball.core.plan import Plan
from mothball.core.run import measure
from mothball.core.selection import Rules
from mothball.core.steps import managed_paths
from mothball.core.tree import REGULAR, Entry, Move, Tree


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit and its tree, by their ids."""

    commit: str
    tree: str


@dataclass(frozen=True, slots=True, kw_only=True)
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

    @property
    def problems(self) -> list[Problem]:
        """What stands in the way or went wrong; before a run a promise that the plan cannot keep as well."""
        broken = (
            [] if self.run else [promise.problem(self.plan) for promise in self.promises if promise.broken]
        )
        return [*blocking(self.outcomes), *broken]

    @property
    def promises(self) -> list["Promise"]:
        """The metrics of the plan, before and after."""
        old, new = measure(self.plan, self.before), measure(self.plan, self.after)
        return [
            Promise(
                key=metric.key,
                name=metric.name,
                patterns=metric.count,
                before=old[metric.name],
                after=new[metric.name],
                promised=metric.after,
            )
            for metric in self.plan.metrics
        ]


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
            code="metric-missed",
            where=plan.where(f"{self.key}.after"),
            found=f"{self.name}: {self.after:,} once everything is archived",
            expected=f"{self.promised:,}",
            remedy="Archive what is left, or promise what is true.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One category: what it moves, by destination, and how many files are in the archive since before."""

    name: str
    title: str
    reason: str
    patterns: tuple[str, ...] = ()
    expect: int | None = None
    places: Mapping[str, tuple[Move, ...]] = field(default_factory=dict)
    earlier: int = 0

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every move of it."""
        return tuple(move for moves in self.places.values() for move in moves)


@dataclass(frozen=True, slots=True)
class Closed:
    """A place of which every file must be kept or archived, before and after."""

    pattern: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Facts:
    """The numbers of an analysis, each worked out once."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.plan = analysis.plan
        archived = frozenset(record.move.target for record in analysis.ledger.records)
        self._rules = Rules(analysis.plan, archived)
        self._written = frozenset(managed_paths(analysis.plan)) - {analysis.plan.readme}

    @cached_property
    def moving(self) -> frozenset[str]:
        """Where the files that move come from."""
        return frozenset(move.source for move in self.analysis.moves)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The categories, in the plan's order; those that only the ledger remembers come last."""
        plan, ledger = self.plan, self.analysis.ledger
        names = [*(category.name for category in plan.archive), *sorted(ledger.categories)]
        known = {category.name: category for category in plan.archive}
        groups = []
        for name in dict.fromkeys(names):
            noted = known.get(name) or ledger.categories[name]
            category = known.get(name)
            groups.append(
                Group(
                    name=name,
                    title=noted.title,
                    reason=noted.reason,
                    patterns=tuple(text for into in category.into for text in into.patterns)
                    if category
                    else (),
                    expect=category.expect if category else None,
                    places=self._places(name),
                    earlier=self._earlier[name],
                )
            )
        return tuple(groups)

    def _places(self, name: str) -> dict[str, tuple[Move, ...]]:
        """Return the moves of a category by destination: the longest of the plan's above each target."""
        known = sorted(self._rules.destinations, key=lambda place: (-len(place), place))
        places: dict[str, list[Move]] = {
            into.destination: []
            for category in self.plan.archive
            if category.name == name
            for into in category.into
        }
        for move in sorted(self.analysis.moves, key=lambda move: move.source):
            if move.category == name:
                above = move.target.rpartition("/")[0] + "/"
                place = next((known_one for known_one in known if move.target.startswith(known_one)), above)
                places.setdefault(place, []).append(move)
        return {place: tuple(moves) for place, moves in places.items() if moves}

    @cached_property
    def _earlier(self) -> Counter[str]:
        now = {move.target for move in self.analysis.moves}
        records = self.analysis.ledger.alive(self.analysis.after)
        return Counter(record.move.category for record in records if record.move.target not in now)

    @cached_property
    def kept(self) -> dict[str, tuple[str, ...]]:
        """The files of each keep table, by its key; the first that matches a file has it."""
        found: dict[str, list[str]] = {keep.key: [] for keep in self.plan.keep}
        for verdict in self._rules.judge(self.analysis.before):
            if verdict.keeps and verdict.path not in self.moving and verdict.state != "archived":
                found[verdict.keeps[0].key.rpartition(".patterns[")[0]].append(verdict.path)
        return {key: tuple(paths) for key, paths in found.items()}

    @cached_property
    def neither(self) -> tuple[str, ...]:
        """The files of before that the plan neither keeps nor archives."""
        kept = {path for paths in self.kept.values() for path in paths}
        return tuple(
            path
            for path in sorted(self.analysis.before)
            if path not in kept and path not in self.moving and not self.is_archived(path)
        )

    def is_archived(self, path: str) -> bool:
        """Say whether a path lies in the archive or is its index or ledger."""
        return self._rules.is_archived(path) or path in self._written

    @cached_property
    def outside(self) -> tuple[int, int]:
        """How many files lie outside of the archive, before and after."""
        trees = (self.analysis.before, self.analysis.after)
        old, new = (sum(not self.is_archived(path) for path in tree) for tree in trees)
        return old, new

    @cached_property
    def archive(self) -> tuple[str, ...]:
        """The files in the archive, afterwards."""
        return tuple(path for path in self.analysis.after if self.is_archived(path))

    @cached_property
    def closed(self) -> tuple[Closed, ...]:
        """The closed places of the plan."""
        if not self.plan.closed:
            return ()
        asked = Patterns([[pattern] for pattern in self.plan.closed])
        sides = [_matched(asked, tree, len(self.plan.closed)) for tree in self._trees]
        rows = zip(self.plan.closed, *sides, strict=True)
        return tuple(Closed(pattern, old, new) for pattern, old, new in rows)

    def matching(self, patterns: tuple[str, ...]) -> list[str]:
        """Return the files of after that a list of patterns matches."""
        return sorted(path for path, _ in Patterns([patterns]).walk(self.analysis.after))

    @property
    def _trees(self) -> tuple[Tree, Tree]:
        return self.analysis.before, self.analysis.after


def _matched(patterns: Patterns, tree: Tree, number: int) -> list[tuple[str, ...]]:
    found: list[list[str]] = [[] for _ in range(number)]
    for path, hits in patterns.walk(tree):
        for hit in hits:
            found[hit.list].append(path)
    return [tuple(sorted(paths)) for paths in found]


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
