"""What mothball remembers under git's own directory: the lock, the journal, and work nobody committed yet.

``git rev-parse --git-path mothball/`` is one directory per work tree. In it:

``lock``      held while a run changes something; it dies with its processes, so no stale one can exist
``journal``   written before the first effect of a run, removed after its last: how to go back
``pending``   work that is done and staged but not committed: what `archive.undo` takes back
``trusted``   the commands that the user agreed to run
``validation`` what the user's commands did before the last run
``content/``  the bytes of the files that mothball writes, by SHA-256
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mothball.core.errors import Busy, Problem, Refused, Undecided
from mothball.core.show import visible
from mothball.core.work import Work
from mothball.effects.git import Git
from mothball.effects.index import sync
from mothball.effects.journal import Journal, id_of, journal_of, row_of_journal, row_of_work, work_of

_FORMAT: Final = 1
_OURS: Final = frozenset({"lock", "journal", "pending", "content", "trusted", "validation"})


class Store:
    """Mothball's own directory beside one work tree's index.

    Raises:
        Refused: it is a symbolic link, or holds one: a repository that somebody packed could have us write
            and tidy up elsewhere.
    """

    def __init__(self, git: Git) -> None:
        place = git.path("mothball")
        self.folder = place.parent.resolve() / place.name
        for link in _links(self.folder):
            raise Refused(_astray(link))
        self.held: tuple[int, ...] = ()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock; a `git commit` that outlives us goes on holding it, for it was given ``held``.

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
            self.held = (handle,)
            try:
                yield
            finally:
                # What a hook left running in the background has the handle as well, but no claim to the lock.
                fcntl.flock(handle, fcntl.LOCK_UN)
        finally:
            self.held = ()
            os.close(handle)

    def is_locked(self) -> bool:
        """Say whether a run is at work in this work tree."""
        if not (self.folder / "lock").is_file():
            return False
        with (self.folder / "lock").open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def journal(self) -> Journal | None:
        """Return the journal of a run that was cut off, if there is one."""
        row = self._read("journal")
        if row is None:
            return None
        with self._explained("journal"):
            return journal_of(row, self._content)

    def open_journal(self, journal: Journal) -> None:
        """Write the journal durably: from here on a cut-off run can be brought back."""
        self._write("journal", {"format": _FORMAT, **row_of_journal(journal, self._keep)})

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
            return work_of(row["work"], self._content)

    def keep_pending(self, work: Work) -> None:
        """Remember staged work, or that there is none."""
        if work:
            self._write("pending", {"format": _FORMAT, "work": row_of_work(work, self._keep)})
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
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
            raise Undecided(_unreadable(self.folder / name, error)) from error

    def _write(self, name: str, row: Any) -> None:
        self._make(self.folder)
        # A line for each value, for people; by the separator, since an indent costs the fast encoder.
        self._put(self.folder / name, json.dumps(row, separators=(",\n", ": ")).encode())

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
        content = (self.folder / "content" / id_of(name)).read_bytes()
        if sha256(content).hexdigest() != name:
            raise ValueError(f"content/{name} is damaged")
        return content

    def tidy(self) -> None:
        """Remove what a killed run left here, and contents that nothing pending needs."""
        for place in self.folder.iterdir() if self.folder.is_dir() else ():
            if place.name not in _OURS and not place.is_dir():
                place.unlink(missing_ok=True)
        row = self._read("pending")
        with self._explained("pending"):
            used = {name for write in row["work"]["writes"] for name in write[1:]} if row else set()
        folder = self.folder / "content"
        for place in folder.iterdir() if folder.is_dir() else ():
            if place.name not in used:
                place.unlink(missing_ok=True)


def _links(folder: Path) -> Iterator[Path]:
    """Yield the symbolic links that a directory is or holds."""
    if folder.is_symlink():
        yield folder
        return
    for above, names, files in os.walk(folder):
        yield from (place for name in (*names, *files) if (place := Path(above, name)).is_symlink())


def _astray(link: Path) -> Problem:
    return Problem(
        code="store-link",
        where=visible(str(link)),
        found="there is a symbolic link among mothball's own records, and it never makes one",
        expected="plain files, or nothing",
        remedy="Look where it leads and who put it there; then remove it, and run the task again.",
    )


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
