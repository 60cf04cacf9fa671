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
        return joined((self, later))


def joined(works: Iterable[Work]) -> Work:
    """Join works to one with the effect of all, in order; what cancels out disappears."""
    directories: dict[str, None] = {}
    discard: dict[str, None] = {}
    moves: dict[str, Move] = {}
    writes: dict[str, Write] = {}
    for work in works:
        made = [path for path in work.directories if path not in discard and path not in directories]
        left = [path for path in work.discard if path not in directories]
        for path in work.discard:
            directories.pop(path, None)
        for path in work.directories:
            discard.pop(path, None)
        directories |= dict.fromkeys(made)
        discard |= dict.fromkeys(left)
        _join_moves(moves, work.moves)
        _join_writes(writes, work.writes)
    return Work(
        directories=tuple(directories),
        moves=tuple(moves.values()),
        writes=tuple(writes.values()),
        discard=tuple(discard),
    )


def _join_moves(moves: dict[str, Move], later: tuple[Move, ...]) -> None:
    """Add moves to those by their targets; all of ``later`` start from where these led."""
    earlier = [moves.pop(move.source, None) for move in later]
    for move, first in zip(later, earlier, strict=True):
        whole = replace(move, source=first.source) if first else move
        if whole.source != whole.target:
            moves[whole.target] = whole


def _join_writes(writes: dict[str, Write], later: Iterable[Write]) -> None:
    for write in later:
        earlier = writes.pop(write.path, None)
        whole = replace(write, before=earlier.before) if earlier else write
        if whole.before != whole.after:
            writes[write.path] = whole


def missing_directories(targets: Iterable[str], existing: frozenset[str]) -> tuple[str, ...]:
    """Return the directories above the targets that do not exist yet, parents first."""
    wanted: set[str] = set()
    for target in targets:
        for above in parents(target):
            if above in wanted or above in existing:
                break
            wanted.add(above)
    return tuple(sorted(wanted))
