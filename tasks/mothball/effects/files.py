"""Files: every call that changes the work tree. No user's file is ever overwritten or removed here.

Each effect announces itself as an audit event (`sys.audit`) first.
"""

import errno
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from mothball.core.errors import Failed, Problem
from mothball.core.show import visible
from mothball.core.tree import parents
from mothball.effects.git import encode
from mothball.effects.held import READING, HeldTree
from mothball.effects.native import sync_file_system
from mothball.effects.rename import Name, exchange, rename_noreplace

ONE_BY_ONE: Final = 64
"""Directories that are synced one by one: that waits for nothing of what other programs write."""
# An empty directory that may not be removed harms nobody.
_STAYS: Final = frozenset(
    {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.EBUSY}
)


class Workspace(HeldTree):
    """A work tree to change, with a directory on the same file system for files being written."""

    def __init__(self, root: Path, scratch: Path) -> None:
        super().__init__(root)
        self._scratch = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self.touched: set[str] = set()

    def close(self) -> None:
        """Let go of all directories."""
        super().close()
        os.close(self._scratch)

    def make_directory(self, path: str, mode: int | None = None) -> None:
        """Make a directory, with the usual permissions or these; one that is there already is fine."""
        self._make_room()
        handle, name = self.place(path)
        sys.audit("mothball.mkdir", path)
        try:
            if mode is None:
                os.mkdir(name, dir_fd=handle)
            else:
                _make_with(handle, name, mode)
        except FileExistsError:
            self.directory(path)
        if mode is not None:
            _complete(handle, name, mode)
        self.touched.add(path.rpartition("/")[0])

    def move(self, source: str, target: str) -> None:
        """Rename a file to a name that must be free.

        Raises:
            OSError: ``FileExistsError`` when the target exists; anything else the system says.
        """
        self._make_room()
        old, new = Name(*self.place(source)), Name(*self.place(target))
        sys.audit("mothball.move", source, target)
        rename_noreplace(old, new)
        self.touched.update((source.rpartition("/")[0], target.rpartition("/")[0]))

    def unlink_twin(self, path: str, twin: str) -> None:
        """Remove one of two names of the same file, as a cut-off link-and-unlink leaves them.

        Raises:
            FileNotFoundError: they are not two names of one file (any more).
        """
        one, other = self.status(path), self.status(twin)
        if one is None or other is None or (one.st_ino, one.st_dev) != (other.st_ino, other.st_dev):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        handle, name = self.place(path)
        sys.audit("mothball.unlink", path)
        os.unlink(name, dir_fd=handle)
        self.touched.add(path.rpartition("/")[0])

    def remove_if_empty(self, path: str) -> bool:
        """Remove a directory in which nothing is left; say whether it is gone."""
        handle, name = self.place(path)
        sys.audit("mothball.rmdir", path)
        try:
            os.rmdir(name, dir_fd=handle)
        except OSError as error:
            if error.errno in _STAYS:
                return False
            if error.errno != errno.ENOENT:
                raise
        for held in [key for key in self._open if key == path or key.startswith(path + "/")]:
            os.close(self._open.pop(held))
        self.touched.discard(path)
        self.touched.add(path.rpartition("/")[0])
        return True

    def write(self, path: str, before: bytes | None, after: bytes | None) -> None:
        """Replace the content of a file that mothball writes, if it still is what it was.

        The new file takes the old one's place in one step and what came out is compared then, so that
        even a file saved at that very moment is not lost.

        Raises:
            Failed: somebody else changed the file meanwhile; it is as they left it.
        """
        found = self.read(path)
        if found == after:
            return
        if found != before:
            raise Failed(_changed(path))
        place, spare = Name(*self.place(path)), self._spare(path)
        sys.audit("mothball.write", path)
        if after is not None:
            status = self.status(path)
            fresh = self._fresh(path)
            _create(fresh, after, stat.S_IMODE(status.st_mode) if status else None)
            # Under its own name the spare is always whole: what is torn is never taken for somebody's.
            os.rename(fresh.name, spare.name, src_dir_fd=fresh.directory, dst_dir_fd=spare.directory)
        if before is None:
            self._put_new(spare, place, path)
        elif after is None:
            rename_noreplace(place, spare)
            if _content(spare) != before:
                rename_noreplace(spare, place)
                raise Failed(_changed(path))
            os.unlink(spare.name, dir_fd=spare.directory)
        else:
            self._put_instead(spare, place, path, before)
        self.touched.add(path.rpartition("/")[0])

    def _put_new(self, spare: Name, place: Name, path: str) -> None:
        try:
            rename_noreplace(spare, place)
        except FileExistsError:
            os.unlink(spare.name, dir_fd=spare.directory)
            raise Failed(_changed(path)) from None

    def _put_instead(self, spare: Name, place: Name, path: str, before: bytes) -> None:
        if not exchange(spare, place):
            os.rename(spare.name, place.name, src_dir_fd=spare.directory, dst_dir_fd=place.directory)
            return
        if _content(spare) != before:
            exchange(spare, place)
            os.unlink(spare.name, dir_fd=spare.directory)
            raise Failed(_changed(path))
        os.unlink(spare.name, dir_fd=spare.directory)

    def rescue(self, path: str, known: tuple[bytes | None, ...]) -> None:
        """Clear up after a killed `write` of this path: what somebody saved at that moment goes back.

        ``known`` are its contents before and after.
        """
        spare, fresh = self._spare(path), self._fresh(path)
        with suppress(FileNotFoundError):
            os.unlink(fresh.name, dir_fd=fresh.directory)
        content = _content(spare)
        if content is None:
            return
        if content not in known:
            if self.status(path) is None:
                for above in reversed([*parents(path)]):
                    self.make_directory(above)
                rename_noreplace(spare, Name(*self.place(path)))
                return
            if not exchange(spare, Name(*self.place(path))):
                return
        os.unlink(spare.name, dir_fd=spare.directory)

    def _fresh(self, path: str) -> Name:
        return Name(self._scratch, self._spare(path).name + b".new")

    def _spare(self, path: str) -> Name:
        return Name(self._scratch, b"write-" + sha256(encode(path)).hexdigest()[:24].encode())

    def sync(self) -> None:
        """Make every name that changed survive a power cut."""
        if len(self.touched) > ONE_BY_ONE and sync_file_system(self._root):
            self.touched.clear()
        for path in sorted(self.touched):
            self._make_room()
            try:
                os.fsync(self.directory(path))
            except FileNotFoundError:  # it was emptied and removed; the one above it is in the set
                continue
        self.touched.clear()


@contextmanager
def workspace(root: Path, scratch: Path) -> Iterator[Workspace]:
    """Hold a work tree open, with a directory on the same file system for files being written."""
    held = Workspace(root, scratch)
    try:
        yield held
    finally:
        held.close()


def _make_with(handle: int, name: bytes, mode: int) -> None:
    """Make a directory that has its permissions from the first moment, whatever the umask."""
    umask = os.umask(0)
    try:
        os.mkdir(name, mode, dir_fd=handle)
    finally:
        os.umask(umask)


def _complete(handle: int, name: bytes, mode: int) -> None:
    """Set the bits that mkdir(2) does not take from its caller, set-user-id and set-group-id."""
    found = stat.S_IMODE(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode)
    if found != mode and found & 0o1777 == mode & 0o1777:
        os.chmod(name, mode, dir_fd=handle)


def _create(spare: Name, content: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(spare.name, flags, 0o666, dir_fd=spare.directory)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.flush()
        os.fsync(file.fileno())


def _content(name: Name) -> bytes | None:
    try:
        with os.fdopen(os.open(name.name, READING, dir_fd=name.directory), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def copy_file(source: Path, target: Path) -> None:
    """Copy a file of git's own with its modification time."""
    shutil.copy2(source, target)


def _changed(path: str) -> Problem:
    return Problem(
        code="file-changed",
        where=visible(path),
        found="somebody changed this file while the run was under way",
        expected="the content that the run started from",
        remedy="Save and close it in your editor, then run the task again.",
    )
