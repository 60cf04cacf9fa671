"""What git tracks, and the moves between two such trees."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha1, sha256
from typing import Final, NamedTuple

SYMLINK: Final = "120000"
GITLINK: Final = "160000"
REGULAR: Final = "100644"


class Entry(NamedTuple):
    """What git stores for one path: its mode (six octal digits) and its blob id (hex).

    A tuple, for whole trees of them are made, hashed and compared.
    """

    mode: str
    blob: str


Tree = Mapping[str, Entry]
"""Repository-relative path to entry. Undecodable bytes of a path are surrogate escapes."""


@dataclass(frozen=True, slots=True)
class Move:
    """One tracked file and the place it goes to."""

    source: str
    target: str
    entry: Entry
    category: str

    def back(self) -> "Move":
        """Return the move that takes it home."""
        return Move(self.target, self.source, self.entry, self.category)


def blob_id(content: bytes, *, like: str) -> str:
    """Return git's id of ``content`` in the object format of the id ``like`` (SHA-1 or SHA-256)."""
    digest = sha256 if len(like) == 64 else sha1
    return digest(b"blob %d\0" % len(content) + content).hexdigest()


def parents(path: str) -> Iterator[str]:
    """Yield the directories above a path, nearest first, without the root: ``a/b/c`` gives ``a/b``, ``a``."""
    while (cut := path.rfind("/")) > 0:
        path = path[:cut]
        yield path


def parent(path: str) -> str:
    """Return the directory a path is in, ``""`` for the root."""
    return path.rpartition("/")[0]


def directories(paths: Iterable[str]) -> set[str]:
    """Return every directory that holds one of the paths, at any depth, without the root."""
    found: set[str] = set()
    for path in paths:
        while (cut := path.rfind("/")) > 0 and (path := path[:cut]) not in found:
            found.add(path)
    return found


def is_below(path: str, directory: str) -> bool:
    """Say whether a path lies below a directory (written with or without its trailing slash)."""
    return path.startswith(directory.rstrip("/") + "/")
