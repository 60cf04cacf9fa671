"""Work: everything that one transaction does to a repository, as a value that can be turned round."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mothball.core.tree import Move, parents


@dataclass(frozen=True, slots=True)
class Write:
    """One file that mothball itself writes: its bytes on disk before and after, ``None`` for no file."""

    path: str
    before: bytes | None
    after: bytes | None

    def back(self) -> "Write":
        """Return the write that restores the content of before."""
        return Write(self.path, self.after, self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Directories to make, files to move, files to write.

    ``directories`` are made, parents first. ``discard`` are directories that an earlier work made, deepest
    first: they go again if nothing is left in them.
    """

    directories: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    writes: tuple[Write, ...] = ()
    discard: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything to do."""
        return bool(self.directories or self.moves or self.writes or self.discard)

    def __len__(self) -> int:
        """Count the changes."""
        return len(self.directories) + len(self.moves) + len(self.writes) + len(self.discard)

    @property
    def paths(self) -> frozenset[str]:
        """Every file path that the work touches, on either side."""
        moved = (path for move in self.moves for path in (move.source, move.target))
        return frozenset([*moved, *(write.path for write in self.writes)])

    def back(self) -> "Work":
        """Return the work that undoes this one."""
        return Work(
            directories=self.discard[::-1],
            moves=tuple(move.back() for move in reversed(self.moves)),
            writes=tuple(write.back() for write in reversed(self.writes)),
            discard=self.directories[::-1],
        )

    def then(self, later: "Work") -> "Work":
        """Join two works to one with the effect of both, in order; what cancels out disappears."""
        return Work(
            directories=(
                *_without(self.directories, later.discard),
                *_without(later.directories, (*self.discard, *self.directories)),
            ),
            moves=_joined_moves(self.moves, later.moves),
            writes=_joined_writes(self.writes, later.writes),
            discard=(
                *_without(self.discard, later.directories),
                *_without(later.discard, self.directories),
            ),
        )


def _without(paths: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    gone = set(others)
    return [path for path in paths if path not in gone]


def _joined_moves(first: tuple[Move, ...], later: tuple[Move, ...]) -> tuple[Move, ...]:
    if not first or not later:
        return first or later
    moves = {move.target: move for move in first}
    for move in later:
        earlier = moves.pop(move.source, None)
        joined = replace(move, source=earlier.source) if earlier else move
        if joined.source != joined.target:
            moves[joined.target] = joined
    return tuple(moves.values())


def _joined_writes(first: Iterable[Write], later: Iterable[Write]) -> tuple[Write, ...]:
    writes = {write.path: write for write in first}
    for write in later:
        earlier = writes.pop(write.path, None)
        joined = replace(write, before=earlier.before) if earlier else write
        if joined.before != joined.after:
            writes[write.path] = joined
    return tuple(writes.values())


def missing_directories(targets: Iterable[str], existing: frozenset[str]) -> tuple[str, ...]:
    """Return the directories above the targets that do not exist yet, parents first."""
    wanted: set[str] = set()
    for target in targets:
        for above in parents(target):
            if above in wanted or above in existing:
                break
            wanted.add(above)
    return tuple(sorted(wanted))
