"""A work tree held open: looked at without following a link, whatever is swapped in behind our back.

Paths are walked from its root one name at a time.
"""

import errno
import os
import stat
from hashlib import sha1, sha256
from pathlib import Path
from typing import Final

from mothball.effects.git import encode

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READING: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""How a file is opened to read it: it may turn out to be a link, or a pipe that nobody writes into."""
_KEPT_OPEN: Final = 128
_PIECE: Final = 1 << 20


class HeldTree:
    """A work tree, with the directories in use held open."""

    def __init__(self, root: Path) -> None:
        self._root = os.open(root, _DIRECTORY)
        self._open: dict[str, int] = {}

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
        with os.fdopen(os.open(name, READING, dir_fd=handle), "rb") as file:
            return file.read()

    def has_blob(self, path: str, blob: str, status: os.stat_result | None = None) -> bool:
        """Say whether a file's bytes, or a link's text, are those of a blob, read piece by piece.

        ``status`` is its lstat, if that was asked for just now.
        """
        status = status or self.status(path)
        if status is None:
            return False
        handle, name = self.place(path)
        digest = (sha256 if len(blob) == 64 else sha1)(b"blob %d\0" % status.st_size)
        if stat.S_ISLNK(status.st_mode):
            digest.update(os.readlink(name, dir_fd=handle))
        elif stat.S_ISREG(status.st_mode):
            file = os.open(name, READING, dir_fd=handle)
            try:
                while chunk := os.read(file, min(status.st_size + 1, _PIECE)):
                    digest.update(chunk)
            finally:
                os.close(file)
        else:
            return False
        return digest.hexdigest() == blob
