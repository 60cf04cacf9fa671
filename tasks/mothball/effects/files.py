"""Files: every call that changes the work tree. No user's file is ever overwritten or removed here.

Paths are walked from the work tree's root one name at a time without following links, so that a link
swapped in behind our back leads nowhere. Each effect announces itself as an audit event (`sys.audit`) first.
"""

import ctypes
import errno
import functools
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from mothball.core.errors import Failed, Problem
from mothball.core.show import visible
from mothball.effects.git import encode

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NOREPLACE: Final = 1  # RENAME_NOREPLACE of renameat2(2)
_EXCL: Final = 4  # RENAME_EXCL of renameatx_np(2)
_KEPT_OPEN: Final = 128


class Workspace:
    """A work tree, with the directories in use held open."""

    def __init__(self, root: Path) -> None:
        self._root = os.open(root, _DIRECTORY)
        self._open: dict[str, int] = {}
        self.touched: set[str] = set()

    def close(self) -> None:
        """Let go of all directories."""
        self.forget()
        os.close(self._root)

    def forget(self) -> None:
        """Let go of the directories held open, but for the root."""
        for handle in self._open.values():
            os.close(handle)
        self._open.clear()

    def directory(self, path: str) -> int:
        """Return a handle of a directory (``""`` is the root), valid until the next effect.

        Raises:
            OSError: it, or one above it, does not exist or is no directory (a link is none).
        """
        if not path:
            return self._root
        if path not in self._open:
            handle, name = self.place(path)
            self._open[path] = os.open(name, _DIRECTORY, dir_fd=handle)
        return self._open[path]

    def _make_room(self) -> None:
        """Keep the number of handles bounded; called when none is in use."""
        if len(self._open) > _KEPT_OPEN:
            self.forget()

    def place(self, path: str) -> tuple[int, bytes]:
        """Return the handle of the directory a path is in, and its last name."""
        above, _, name = path.rpartition("/")
        if name in {"", ".", ".."} or name.casefold() == ".git":
            raise OSError(errno.EINVAL, "not a path of the work tree", path)
        return self.directory(above), encode(name)

    def status(self, path: str) -> os.stat_result | None:
        """Return the lstat of a path, ``None`` when nothing is there."""
        self._make_room()
        try:
            handle, name = self.place(path)
            return os.stat(name, dir_fd=handle, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def read(self, path: str) -> bytes | None:
        """Return the content of a regular file or a link's text; ``None`` when there is neither."""
        status = self.status(path)
        if status is None:
            return None
        handle, name = self.place(path)
        if stat.S_ISLNK(status.st_mode):
            return os.readlink(name, dir_fd=handle)
        if not stat.S_ISREG(status.st_mode):
            return None
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
        with os.fdopen(descriptor, "rb") as file:
            return file.read()

    def make_directory(self, path: str) -> None:
        """Make a directory; one that is there already is fine."""
        handle, name = self.place(path)
        sys.audit("mothball.mkdir", path)
        try:
            os.mkdir(name, dir_fd=handle)
        except FileExistsError:
            self.directory(path)
        self.touched.add(path.rpartition("/")[0])

    def move(self, source: str, target: str) -> None:
        """Rename a file to a name that must be free.

        Raises:
            OSError: ``FileExistsError`` when the target exists; anything else the system says.
        """
        self._make_room()
        source_handle, source_name = self.place(source)
        target_handle, target_name = self.place(target)
        sys.audit("mothball.move", source, target)
        rename_noreplace(source_handle, source_name, target_handle, target_name)
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
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
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

        Raises:
            Failed: somebody else changed the file meanwhile.
        """
        found = self.read(path)
        if found == after:
            return
        if found != before:
            raise Failed(_changed(path))
        handle, name = self.place(path)
        sys.audit("mothball.write", path)
        if after is None:
            os.unlink(name, dir_fd=handle)
        else:
            status = self.status(path)
            _replace(handle, name, after, stat.S_IMODE(status.st_mode) if status else None)
        self.touched.add(path.rpartition("/")[0])

    def sync(self) -> None:
        """Make every name that changed survive a power cut."""
        for path in sorted(self.touched):
            try:
                os.fsync(self.directory(path))
            except FileNotFoundError:  # it was emptied and removed; the one above it is in the set
                continue
        self.touched.clear()

    def sweep(self, path: str) -> None:
        """Remove what a killed `write` of this path left beside it."""
        try:
            handle, name = self.place(path)
            os.unlink(_temporary(name), dir_fd=handle)
        except (FileNotFoundError, NotADirectoryError):
            return


@contextmanager
def workspace(root: Path) -> Iterator[Workspace]:
    """Hold a work tree open."""
    held = Workspace(root)
    try:
        yield held
    finally:
        held.close()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file of git's own with its modification time."""
    shutil.copy2(source, target)


def _temporary(name: bytes) -> bytes:
    return b".mothball-" + name[:200]


def _replace(handle: int, name: bytes, content: bytes, mode: int | None) -> None:
    temporary = _temporary(name)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o666, dir_fd=handle)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, name, src_dir_fd=handle, dst_dir_fd=handle)
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=handle)
        raise


@functools.cache
def _native_rename() -> "ctypes._NamedFuncPointer | None":
    library = ctypes.CDLL(None, use_errno=True)
    name = "renameatx_np" if sys.platform == "darwin" else "renameat2"
    return getattr(library, name, None)


def rename_noreplace(source_handle: int, source: bytes, target_handle: int, target: bytes) -> None:
    """Rename without replacing, by the system's own call or, where there is none, by link and unlink.

    Raises:
        OSError: as rename(2); ``FileExistsError`` when the target exists.
    """
    native = _native_rename()
    if native is not None:
        flag = _EXCL if sys.platform == "darwin" else _NOREPLACE
        if native(source_handle, source, target_handle, target, flag) == 0:
            return
        number = ctypes.get_errno()
        if number not in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:
            raise OSError(number, os.strerror(number), os.fsdecode(source), None, os.fsdecode(target))
    # A crash between the two leaves one file under two names, never none; recovery knows it by its inode.
    os.link(source, target, src_dir_fd=source_handle, dst_dir_fd=target_handle, follow_symlinks=False)
    os.unlink(source, dir_fd=source_handle)


def _changed(path: str) -> Problem:
    return Problem(
        code="file-changed",
        where=visible(path),
        found="somebody changed this file while the run was under way",
        expected="the content that the run started from",
        remedy="Save and close it in your editor, then run the task again.",
    )
