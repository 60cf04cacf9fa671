"""What was seen of a repository, as frozen values for deciding."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mothball.core.ledger import Ledger
from mothball.core.plan.model import Plan
from mothball.core.selection import Selection
from mothball.core.tree import Entry, Tree
from mothball.core.work import Work

NOTHING: Final = Work()


@dataclass(frozen=True, slots=True)
class Staged:
    """A path that the index holds differently from HEAD; ``None`` where one of them does not have it."""

    head: Entry | None
    index: Entry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A repository at a moment.

    Attributes:
        root: the work tree, as shown to people.
        commit: the id of HEAD's commit.
        branch: the branch HEAD is on, ``None`` when it is detached.
        tree: what the index tracks (stage 0).
        staged: where the index differs from HEAD.
        modified: tracked paths whose file on disk differs from the index or is gone.
        intended: paths added with ``git add -N``: the index has no content for them.
        unmerged: paths with a conflict.
        hidden: paths whose edits git was told to overlook, with the flag's name.
        activity: operations that git has not finished, such as ``merge``.
        submodules: paths that are commits of other repositories.
        pending: what mothball did since ``commit`` and nobody committed yet.
        shallow: whether history ends before its beginning.
        branches: the branches that exist.
    """

    root: str
    commit: str
    branch: str | None
    tree: Tree
    staged: Mapping[str, Staged] = field(default_factory=dict)
    modified: frozenset[str] = frozenset()
    intended: frozenset[str] = frozenset()
    unmerged: frozenset[str] = frozenset()
    hidden: Mapping[str, str] = field(default_factory=dict)
    activity: tuple[str, ...] = ()
    pending: Work = NOTHING
    shallow: bool = False
    branches: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What lies on disk, and what git would think, where the plan wants to put and take things.

    Attributes:
        directories: the directories above the targets that exist.
        occupied: targets where something lies already, tracked or not.
        obstacles: a directory that is needed, and what is in its place: a file, a link, another file system.
        links: symbolic links of the tree, each with where it points to.
        ignored: targets that a ``.gitignore`` rule hides, each with the rule.
        attributes: (source, attribute, value before, value after) for each that the move would change.
        stranded: moved ``.gitignore`` files that hide files which would stay behind.
        outside: targets that a sparse checkout leaves out.
        strangers: what lies in the place of a file that mothball writes and is no file.
        unwritable: directories in which this user may not rename anything.
    """

    directories: frozenset[str] = frozenset()
    occupied: frozenset[str] = frozenset()
    obstacles: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    attributes: tuple[tuple[str, str, str, str], ...] = ()
    stranded: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    strangers: Mapping[str, str] = field(default_factory=dict)
    unwritable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Everything that deciding needs: the plan, what was seen, and what the plan selects in it."""

    plan: Plan
    snapshot: Snapshot
    ledger: Ledger
    selection: Selection
    ground: Ground
    texts: Mapping[str, bytes | None]


def foreign(seen: Snapshot) -> dict[str, Staged]:
    """Return the staged changes that are not what our pending work staged."""
    ours: dict[str, Entry | None] = {}
    for move in seen.pending.moves:
        origin = seen.staged.get(move.source)
        ours[move.source] = None
        ours[move.target] = origin.head if origin else move.entry
    written = {write.path for write in seen.pending.writes}
    return {
        path: change
        for path, change in seen.staged.items()
        if path not in written and not (path in ours and ours[path] == change.index)
    }


def still_true(seen: Snapshot, ledger: Ledger, texts: Mapping[str, bytes | None]) -> Work:
    """Return the part of remembered work that is still done and not committed.

    Somebody may have reset or restored staged moves by hand; those are simply no longer done. What HEAD has
    and the ledger records is committed, by whoever.
    """
    tree = seen.tree
    recorded = {(record.move.source, record.move.target) for record in ledger.records}
    committed = {pair for pair in recorded if seen.staged.keys().isdisjoint(pair)}
    # One that was edited and staged since is still ours: it goes by the entry that the index has now.
    moves = tuple(
        move if tree[move.target] == move.entry else replace(move, entry=tree[move.target])
        for move in seen.pending.moves
        if move.source not in tree and move.target in tree and (move.source, move.target) not in committed
    )
    writes = tuple(write for write in seen.pending.writes if texts.get(write.path) != write.before)
    return Work(directories=seen.pending.directories, moves=moves, writes=writes)
