"""The journal of a run, and the JSON that it and pending work are kept as.

A row holds what a value does, and is read with distrust: what reads one raises `ValueError`, `TypeError` or
`KeyError` where it is none. The bytes of files are kept beside it, each by a name: ``keep`` takes bytes and
gives the name, ``content`` is the other way round.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mothball.core.plan.paths import is_confined
from mothball.core.tree import Entry, Move
from mothball.core.work import Work, Write

_HEX: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_MODE: Final = re.compile("[0-7]{6}")
_NOTE: Final = (
    "A mothball run was cut off here. `mothball archive.recover` brings the repository back. By hand: every"
    " file below lies, unchanged, at its `source` or its `target`; git tracks both names until the end, and"
    " every one is in the commit `base`. `git restore --source=BASE --staged --worktree -- SOURCE` brings one"
    " back; when all are back, remove this file."
)

Keep = Callable[[bytes | None], str | None]
Content = Callable[[str | None], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A run under way, with all it takes to go back.

    Attributes:
        base: HEAD's commit when the run began.
        work: what is being done.
        prior: what was pending before.
        former: the index entries of the files that the work writes, as they were.
        made: the directories above its targets that did not exist.
        modes: the permissions of the directories that it may empty.
        commits: the commits that the run made so far, oldest first.
        left: what is pending once the commit under way exists; ``None`` when none is under way.
        last: whether the run is complete with the commit under way.
        branch: the branch that the run makes and the one HEAD was on (``""``: detached).
        head: what HEAD is on while the run commits, ``""`` when it is detached.
    """

    base: str
    work: Work
    prior: Work
    former: Mapping[str, Entry] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    modes: Mapping[str, int] = field(default_factory=dict)
    commits: tuple[str, ...] = ()
    left: Work | None = None
    last: bool = True
    branch: tuple[str, str] | None = None
    head: str = ""


def row_of_journal(journal: Journal, keep: Keep) -> dict[str, Any]:
    """Return the row of a journal, with a note for whoever finds it."""
    return {
        "note": _NOTE.replace("BASE", journal.base),
        "base": journal.base,
        "branch": journal.branch,
        "head": journal.head,
        "commits": journal.commits,
        "made": journal.made,
        "modes": dict(journal.modes),
        "prior": row_of_work(journal.prior, keep),
        "last": journal.last,
        "left": None if journal.left is None else row_of_work(journal.left, keep),
        "former": {path: [entry.mode, entry.blob] for path, entry in journal.former.items()},
        "work": row_of_work(journal.work, keep),
    }


def journal_of(row: Mapping[str, Any], content: Content) -> Journal:
    """Read the row of a journal."""
    return Journal(
        base=id_of(row["base"]),
        work=work_of(row["work"], content),
        prior=work_of(row["prior"], content),
        former={_path(path): _entry(*entry) for path, entry in row["former"].items()},
        made=tuple(map(_path, row["made"])),
        modes={_path(path): _permissions(mode) for path, mode in row["modes"].items()},
        commits=tuple(map(id_of, row["commits"])),
        left=work_of(row["left"], content) if row["left"] is not None else None,
        last=row["last"] is True,
        branch=_pair(row["branch"]) if row["branch"] is not None else None,
        head=_ref(row["head"]),
    )


def row_of_work(work: Work, keep: Keep) -> dict[str, Any]:
    """Return the row of some work."""
    return {
        "directories": work.directories,
        "discard": work.discard,
        "moves": [
            [move.source, move.target, move.entry.mode, move.entry.blob, move.category] for move in work.moves
        ],
        "writes": [[write.path, keep(write.before), keep(write.after)] for write in work.writes],
    }


def work_of(row: Mapping[str, Any], content: Content) -> Work:
    """Read the row of some work."""
    return Work(
        directories=tuple(map(_path, row["directories"])),
        discard=tuple(map(_path, row["discard"])),
        moves=tuple(
            Move(_path(source), _path(target), _entry(mode, blob), _text(category))
            for source, target, mode, blob, category in row["moves"]
        ),
        writes=tuple(
            Write(_path(path), content(before), content(after)) for path, before, after in row["writes"]
        ),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _path(value: Any) -> str:
    if not is_confined(_text(value)):
        raise ValueError(f"{value!r} is no path of the repository")
    return str(value)


def id_of(value: Any) -> str:
    """Read a hexadecimal id, of git's or of a content."""
    if not _HEX.fullmatch(_text(value)):
        raise ValueError(f"{value!r} is no id")
    return str(value)


def _entry(mode: Any, blob: Any) -> Entry:
    if not _MODE.fullmatch(_text(mode)):
        raise ValueError(f"{mode!r} is no mode")
    return Entry(mode, id_of(blob))


def _permissions(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= 0o7777:
        raise ValueError(f"{value!r} are no permissions")
    return value


def _pair(value: Any) -> tuple[str, str]:
    made, former = value
    return _path(made), _ref(former)


def _ref(value: Any) -> str:
    return _path(value) if value != "" else ""
