"""What mothball remembers under git's own directory: the lock, the journal, and work nobody committed yet.

``git rev-parse --git-path mothball/`` is one directory per work tree. In it:

``lock``      held while a run changes something; it dies with the process, so no stale one can exist
``journal``   written before the first effect of a run, removed after its last: how to go back
``pending``   work that is done and staged but not committed: what `archive.undo` takes back
``trusted``   the commands that the user agreed to run
``validation`` what the user's commands did before the last run
``content/``  the bytes of the files that mothball writes, by SHA-256
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mothball.core.errors import Busy, Problem, Undecided
from mothball.core.tree import Entry, Move
from mothball.core.work import Work, Write
from mothball.effects.git import Git
from mothball.effects.index import sync

_FORMAT: Final = 1
_OURS: Final = frozenset({"lock", "journal", "pending", "content", "trusted", "validation"})
_NOTE: Final = (
    "A mothball run was cut off here. `mothball archive.recover` brings the repository back. By hand: every"
    " file below lies, unchanged, at its `source` or its `target`; git tracks both names until the end, and"
    " every one is in the commit `base`. `git restore --source=BASE --staged --worktree -- SOURCE` brings one"
    " back; when all are back, remove this file."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A run under way, with all it takes to go back.

    Attributes:
        base: HEAD's commit when the journal was written.
        work: what is being done.
        prior: what was pending before.
        former: the index entries of the files that the work writes, as they were.
        made: the directories above its targets that did not exist.
        left: what is pending once the commit under way exists; ``None`` when none is under way.
        branch: the branch that the run makes and the one HEAD was on (``""``: detached).
    """

    base: str
    work: Work
    prior: Work
    former: Mapping[str, Entry] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    left: Work | None = None
    branch: tuple[str, str] | None = None


class Store:
    """Mothball's own directory beside one work tree's index."""

    def __init__(self, git: Git) -> None:
        self.folder = git.path("mothball").resolve()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            Busy: another run holds it.
        """
        self._make(self.folder)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(_busy(self.folder)) from None
            yield
        finally:
            os.close(handle)

    def journal(self) -> Journal | None:
        """Return the journal of a run that was cut off, if there is one."""
        row = self._read("journal")
        if row is None:
            return None
        with self._explained("journal"):
            return Journal(
                base=row["base"],
                work=self._work(row["work"]),
                prior=self._work(row["prior"]),
                former={path: Entry(*entry) for path, entry in row["former"].items()},
                made=tuple(row["made"]),
                left=self._work(row["left"]) if row["left"] else None,
                branch=(row["branch"][0], row["branch"][1]) if row["branch"] else None,
            )

    def open_journal(self, journal: Journal) -> None:
        """Write the journal durably: from here on a cut-off run can be brought back."""
        row = {"format": _FORMAT, "note": _NOTE.replace("BASE", journal.base), "base": journal.base}
        row |= {"branch": journal.branch, "made": journal.made, "prior": self._row(journal.prior)}
        row["left"] = None if journal.left is None else self._row(journal.left)
        row["former"] = {path: [entry.mode, entry.blob] for path, entry in journal.former.items()}
        self._write("journal", {**row, "work": self._row(journal.work)})

    def close_journal(self) -> None:
        """Forget the journal: the run is complete, one way or the other."""
        (self.folder / "journal").unlink(missing_ok=True)
        sync(self.folder)
        self.tidy()

    def pending(self) -> Work:
        """Return the work that is staged but not committed."""
        row = self._read("pending")
        if row is None:
            return Work()
        with self._explained("pending"):
            return self._work(row["work"])

    def keep_pending(self, work: Work) -> None:
        """Remember staged work, or that there is none."""
        if work:
            self._write("pending", {"format": _FORMAT, "work": self._row(work)})
        else:
            (self.folder / "pending").unlink(missing_ok=True)
            sync(self.folder)

    def read_record(self, name: str) -> Any:
        """Return a record that another module keeps here as JSON, ``None`` when there is none."""
        try:
            return json.loads((self.folder / name).read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def write_record(self, name: str, record: Any) -> None:
        """Keep a record as JSON, durably."""
        self._write(name, record)

    def _read(self, name: str) -> Any:
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        with self._explained(name):
            row = json.loads(content)
            if row["format"] != _FORMAT:
                raise ValueError(f"format {row['format']!r}")
            return row

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise Undecided(_unreadable(self.folder / name, error)) from error

    def _write(self, name: str, row: Any) -> None:
        self._make(self.folder)
        self._put(self.folder / name, json.dumps(row, indent=0).encode())

    def _put(self, place: Path, content: bytes) -> None:
        temporary = place.with_name(place.name + ".new")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
        sync(place.parent)

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync(folder.parent)

    def _row(self, work: Work) -> dict[str, Any]:
        return {
            "directories": work.directories,
            "discard": work.discard,
            "moves": [
                [move.source, move.target, move.entry.mode, move.entry.blob, move.category]
                for move in work.moves
            ],
            "writes": [
                [write.path, self._keep(write.before), self._keep(write.after)] for write in work.writes
            ],
        }

    def _work(self, row: Mapping[str, Any]) -> Work:
        return Work(
            directories=tuple(row["directories"]),
            discard=tuple(row["discard"]),
            moves=tuple(
                Move(source, target, Entry(mode, blob), category)
                for source, target, mode, blob, category in row["moves"]
            ),
            writes=tuple(
                Write(path, self._content(before), self._content(after))
                for path, before, after in row["writes"]
            ),
        )

    def _keep(self, content: bytes | None) -> str | None:
        if content is None:
            return None
        name = sha256(content).hexdigest()
        place = self.folder / "content" / name
        if not place.exists():
            self._make(place.parent)
            self._put(place, content)
        return name

    def _content(self, name: str | None) -> bytes | None:
        if name is None:
            return None
        content = (self.folder / "content" / name).read_bytes()
        if sha256(content).hexdigest() != name:
            raise ValueError(f"content/{name} is damaged")
        return content

    def tidy(self) -> None:
        """Remove what a killed run left here, and contents that nothing pending needs."""
        for place in self.folder.iterdir() if self.folder.is_dir() else ():
            if place.name not in _OURS:
                place.unlink(missing_ok=True)
        row = self._read("pending")
        used = {name for write in row["work"]["writes"] for name in write[1:]} if row else set()
        folder = self.folder / "content"
        for place in folder.iterdir() if folder.is_dir() else ():
            if place.name not in used:
                place.unlink(missing_ok=True)


def _busy(folder: Path) -> Problem:
    return Problem(
        code="busy",
        where=str(folder / "lock"),
        found="another mothball run is at work in this repository",
        expected="one run at a time",
        remedy="Wait for it to end and run the task again; the lock goes with its process.",
    )


def _unreadable(place: Path, error: Exception) -> Problem:
    return Problem(
        code="journal-unreadable",
        where=str(place),
        found=f"mothball cannot read its own record ({type(error).__name__}: {error})",
        expected="the JSON that a run writes",
        remedy="Look at `git status`; when the repository is as you want it, remove that file.",
    )
