"""Every number of the archive analysis, drawn from its two trees and the moves between them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mothball.core.analysis.values import Analysis, Promise
from mothball.core.ledger import Noted
from mothball.core.patterns import Patterns
from mothball.core.selection import Rules
from mothball.core.steps import managed_paths
from mothball.core.tree import Move, Tree, parents


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A row of the impact table: a metric with its promise, a closed place, or a total."""

    name: str = ""
    place: str = ""
    before: int
    after: int
    promise: Promise | None = None


class Facts:
    """The numbers of an analysis, each worked out once."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.plan = analysis.plan
        archived = frozenset(record.move.target for record in analysis.ledger.records)
        self._rules = Rules(analysis.plan, archived)
        self._destinations = frozenset(self._rules.destinations)
        self._written = frozenset(managed_paths(analysis.plan)) - {analysis.plan.readme}

    @cached_property
    def moving(self) -> frozenset[str]:
        """Where the files that move come from."""
        return frozenset(move.source for move in self.analysis.moves)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The categories, in the plan's order; those that only the ledger remembers come last."""
        names = [
            *(category.name for category in self.plan.archive),
            *sorted(self.analysis.ledger.categories),
            *sorted(self._by_category),
        ]
        return tuple(self._group(name) for name in dict.fromkeys(names))

    def _group(self, name: str) -> Group:
        places, earlier = self._places(name), self._earlier[name]
        for category in self.plan.archive:
            if category.name == name:
                return Group(
                    name=name,
                    title=category.title,
                    reason=category.reason,
                    patterns=tuple(pattern for into in category.into for pattern in into.patterns),
                    expect=category.expect,
                    places=places,
                    earlier=earlier,
                )
        noted = self.analysis.ledger.categories.get(name, Noted(title=name, reason="not known any more"))
        return Group(name=name, title=noted.title, reason=noted.reason, places=places, earlier=earlier)

    def _places(self, name: str) -> dict[str, tuple[Move, ...]]:
        """Return the moves of a category by destination, in the plan's order."""
        mine = [into.destination for each in self.plan.archive if each.name == name for into in each.into]
        places: dict[str, list[Move]] = {place: [] for place in mine}
        for move in self._by_category.get(name, ()):
            places.setdefault(self._place(move), []).append(move)
        return {place: tuple(moves) for place, moves in places.items() if moves}

    def _place(self, move: Move) -> str:
        """Return the nearest destination above a target; for one of a former plan the directory itself."""
        above = [f"{path}/" for path in parents(move.target)]
        return next((path for path in above if path in self._destinations), (above or [""])[0])

    @cached_property
    def _by_category(self) -> dict[str, list[Move]]:
        found: dict[str, list[Move]] = {}
        for move in sorted(self.analysis.moves, key=lambda move: move.source):
            found.setdefault(move.category, []).append(move)
        return found

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
            if verdict.keeps and verdict.path not in self.moving and not self.is_archived(verdict.path):
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

    def is_generated(self, path: str) -> bool:
        """Say whether a path is the archive's own index or ledger."""
        return path in self._written

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
    def new_pages(self) -> tuple[str, ...]:
        """The pages of mothball's own that a run adds."""
        before, after = self._trees
        return tuple(path for path in managed_paths(self.plan) if path in after and path not in before)

    @cached_property
    def closed(self) -> tuple[Closed, ...]:
        """The closed places of the plan."""
        if not self.plan.closed:
            return ()
        asked = Patterns([[pattern] for pattern in self.plan.closed])
        sides = [_matched(asked, tree, len(self.plan.closed)) for tree in self._trees]
        rows = zip(self.plan.closed, *sides, strict=True)
        return tuple(Closed(pattern, old, new) for pattern, old, new in rows)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The impact: the plan's metrics, the closed places that none of them measures, the totals."""
        promises = self.analysis.promises
        told = {each.patterns for each in promises}
        rows = [
            Measure(name=each.name, before=each.before, after=each.after, promise=each) for each in promises
        ]
        for place in self.closed:
            if (place.pattern,) not in told:
                where = place.pattern.lstrip("/")
                rows.append(Measure(place=where, before=len(place.before), after=len(place.after)))
        old, new = self.outside
        rows.append(Measure(name="Tracked files outside of the archive", before=old, after=new))
        before, after = (len(tree) for tree in self._trees)
        return (*rows, Measure(name="Tracked files in all", before=before, after=after))

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
