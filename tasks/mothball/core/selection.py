"""Selection: which tracked file belongs to what, by the plan's patterns and git's meaning of them."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from sys import intern
from typing import Final, NamedTuple

from mothball.core.ledger import NAME, Ledger
from mothball.core.patterns import Hit, Patterns
from mothball.core.plan.model import Plan
from mothball.core.tree import Move, Tree, is_below

INDEX_NAME: Final = "README.md"
GIT_FILES: Final = frozenset({".gitattributes", ".gitignore", ".gitmodules", ".mailmap"})


@dataclass(frozen=True, slots=True)
class Claim:
    """One pattern's claim on a path.

    ``key`` is the pattern's dotted key in the plan; ``root`` is what it matched: the file, or a directory
    above it.
    """

    key: str
    owner: str
    pattern: str
    root: str
    directory: bool


@dataclass(frozen=True, slots=True)
class _List:
    """One independent pattern list of the plan: a keep table or one destination of a category."""

    key: str
    owner: str
    patterns: tuple[str, ...]
    destination: str = ""

    def claim(self, hit: Hit) -> Claim:
        key = f"{self.key}[{hit.pattern}]"
        return Claim(key, self.owner, self.patterns[hit.pattern], hit.root, hit.directory)


class Verdict(NamedTuple):
    """What the plan says of one path, with every claim on it: a tuple, for one is made of every file.

    Files that the same patterns take by the same directory share their claims.
    """

    path: str
    state: str
    keeps: tuple[Claim, ...] = ()
    takes: tuple[Claim, ...] = ()
    target: str | None = None


class _Claims(NamedTuple):
    """What the hits of a path amount to: every claim, and the first destination with where names begin."""

    keeps: tuple[Claim, ...] = ()
    takes: tuple[Claim, ...] = ()
    destination: str = ""
    base: int = 0


class Rules:
    """The plan's patterns, compiled once; answers for any path."""

    def __init__(self, plan: Plan, archived: frozenset[str] = frozenset()) -> None:
        self.plan = plan
        self._archived = archived
        self._keeps = [_List(f"{keep.key}.patterns", keep.title, keep.patterns) for keep in plan.keep]
        self._takes = [
            _List(into.key, category.name, into.patterns, into.destination)
            for category in plan.archive
            for into in category.into
        ]
        self._lists = [*self._keeps, *self._takes]
        self._patterns = Patterns([entry.patterns for entry in self._lists])
        self._protected = protected(plan)
        self._told: set[str] = set()
        self._lately: tuple[tuple[Hit, ...], _Claims] = ((), _Claims())

    @cached_property
    def destinations(self) -> tuple[str, ...]:
        """Every destination directory, with its trailing slash."""
        return tuple(dict.fromkeys(entry.destination for entry in self._takes))

    def verdict(self, path: str) -> Verdict:
        """Judge one path."""
        return self._judge(path, self._patterns.hits(path))

    def judge(self, paths: Iterable[str]) -> Iterator[Verdict]:
        """Judge many paths; those that no pattern matches are left out."""
        for path, hits in self._patterns.walk(paths):
            yield self._judge(path, hits)

    def _judge(self, path: str, hits: tuple[Hit, ...]) -> Verdict:
        keeps, takes, destination, base = self._claims(hits)
        if self.is_archived(path):
            return Verdict(path, "archived", keeps, takes)
        if path in self._protected:
            return Verdict(path, "protected", keeps, takes)
        if keeps:
            return Verdict(path, "kept", keeps, takes)
        if takes:  # interned: the tree of after has the same path
            return Verdict(path, "selected", (), takes, intern(destination + path[base:]))
        return Verdict(path, "unclassified")

    def _claims(self, hits: tuple[Hit, ...]) -> _Claims:
        """Return what hits amount to; paths come in order, and all of a directory have the same."""
        if hits is not self._lately[0]:
            found = self._claims_of(hits)
            self._told.update(claim.key for claim in (*found.keeps, *found.takes))
            self._lately = hits, found
        return self._lately[1]

    def _claims_of(self, hits: tuple[Hit, ...]) -> _Claims:
        split = len(self._keeps)
        keeps = tuple(self._lists[hit.list].claim(hit) for hit in hits if hit.list < split)
        takers = [(self._lists[hit.list], hit) for hit in hits if hit.list >= split]
        if not takers:
            return _Claims(keeps)
        entry, first = takers[0]
        takes = tuple(entry.claim(hit) for entry, hit in takers)
        # A matched file goes to ``DEST/basename``, a file of a matched directory to ``DEST/dirname/…``.
        return _Claims(keeps, takes, entry.destination, first.root.rfind("/") + 1)

    def is_archived(self, path: str) -> bool:
        """Say whether a path lies in the archive."""
        # Also what an earlier plan archived: a pattern must never match its own harvest.
        return path.startswith(self.destinations) or path in self._archived

    def named_directories(self) -> Iterator[tuple[str, str]]:
        """Yield (path, key) of every directory that an archive pattern names in full: ``/dir/``."""
        for entry in self._takes:
            for number, pattern in enumerate(entry.patterns):
                if pattern.startswith("/") and pattern.endswith("/") and not set("*?[\\") & set(pattern):
                    yield pattern.strip("/"), f"{entry.key}[{number}]"

    def idle(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield (key, pattern) of every pattern that matches none of the paths, which were judged before."""
        # A pattern that never decides may still match: another one below it in its list has the last word.
        doubtful = [
            (key, text)
            for entry in self._lists
            for position, text in enumerate(entry.patterns)
            if (key := f"{entry.key}[{position}]") not in self._told
        ]
        if doubtful:
            alone = Patterns([[text.removeprefix("!")] for _, text in doubtful])
            silent = set(range(len(doubtful)))
            for _, hits in alone.walk(paths):
                silent.difference_update(hit.list for hit in hits)
            yield from (doubtful[index] for index in sorted(silent))


def protected(plan: Plan) -> frozenset[str]:
    """Return what no pattern may move: the plan, what mothball writes, git's own files at the root."""
    written = {plan.home + INDEX_NAME, plan.home + NAME}
    return frozenset(GIT_FILES | written | {plan.path} | ({plan.readme} if plan.readme else set()))


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What the plan says of a tree.

    Attributes:
        moves: every file still to be archived, by category in plan order, each sorted by path.
        kept: paths in the keep set, with how many of them an archive pattern matched as well.
        contested: verdicts of files that a keep and an archive pattern both match (kept).
        overlaps: verdicts of files that patterns of several destinations match (the first has it).
        unclassified: tracked files of the closed directories that are neither kept nor archived.
        idle: (key, pattern) of patterns that match nothing at all.
        swallowed: (destination, root, key) where a destination lies in a directory that would move.
    """

    moves: Mapping[str, tuple[Move, ...]]
    kept: frozenset[str]
    contested: tuple[Verdict, ...]
    overlaps: tuple[Verdict, ...]
    unclassified: tuple[str, ...]
    idle: tuple[tuple[str, str], ...]
    swallowed: tuple[tuple[str, str, str], ...]

    @cached_property
    def all_moves(self) -> tuple[Move, ...]:
        """Every move, in plan order."""
        return tuple(move for moves in self.moves.values() for move in moves)


def select(plan: Plan, tree: Tree, ledger: Ledger, pending: Iterable[Move] = ()) -> Selection:
    """Judge every tracked path.

    Args:
        plan: the plan in force.
        tree: what the index tracks.
        ledger: what was archived before.
        pending: moves that are staged but in no commit yet.
    """
    rules = Rules(plan, frozenset(record.move.target for record in ledger.records))
    moves: dict[str, list[Move]] = {category.name: [] for category in plan.archive}
    kept, contested, overlaps = set(), [], []
    roots: dict[str, str] = dict(rules.named_directories())
    for verdict in rules.judge(tree):
        if verdict.state == "kept":
            kept.add(verdict.path)
            if verdict.takes:
                contested.append(verdict)
        elif verdict.target is not None:
            first = verdict.takes[0]
            moves[first.owner].append(Move(verdict.path, verdict.target, tree[verdict.path], first.owner))
            if len(verdict.takes) > 1:
                overlaps.append(verdict)
            if first.directory:
                roots.setdefault(first.root, first.key)
    # A pattern that matches where a file in the archive came from has done its work.
    known = [record.move.source for record in ledger.alive(tree)] + [move.source for move in pending]
    deque(rules.judge(known), maxlen=0)
    leaving = {move.source for found in moves.values() for move in found}
    return Selection(
        moves={name: tuple(found) for name, found in moves.items()},
        kept=frozenset(kept),
        contested=tuple(contested),
        overlaps=tuple(overlaps),
        unclassified=tuple(_unclassified(plan, tree, kept | leaving | protected(plan), rules)),
        idle=tuple(rules.idle(chain(tree, known))),
        swallowed=tuple(_swallowed([*rules.destinations, plan.home], roots)),
    )


def _unclassified(plan: Plan, tree: Tree, classified: set[str], rules: Rules) -> Iterator[str]:
    if not plan.closed:
        return
    for path, _ in Patterns([plan.closed]).walk(tree):
        if path not in classified and not rules.is_archived(path):
            yield path


def _swallowed(destinations: Iterable[str], roots: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for destination in destinations:
        for root, key in roots.items():
            if destination == root + "/" or is_below(destination, root):
                yield destination, root, key
