"""Git's index: edited on a private copy, put in place whole, and only if nobody else changed it meanwhile.

The lock is git's own (``index.lock``), held for the time of one comparison and one rename. It is made as a
hard link of our private file, so that a lock that outlives us can be proved to be ours by its inode.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from mothball.core.errors import Problem, Refused
from mothball.core.tree import Entry
from mothball.effects.files import copy_file
from mothball.effects.git import Git, GitError, encode, failure

PATIENCE: Final = 5.0
"""Seconds to wait for another git process; an editor's ``git status`` holds the index for some 10 ms."""
MANY: Final = 50_000
"""Entries that are changed one by one at most."""
_NEW: Final = "index.new"


def copy_index(git: Git, place: Path) -> Git:
    """Copy the index to a private file and return git seen through it.

    The copy keeps the modification time: git takes an entry that is not older for possibly changed, and
    would trust it after a younger copy.
    """
    copy_file(git.path("index"), place)
    return git.with_index(place)


def edit(git: Git, additions: Mapping[str, Entry], removals: Iterable[str]) -> None:
    """Add and remove entries by their known ids: no file is read, no ignore rule is asked."""
    if not additions and not removals:
        return
    known = next((entry.blob for entry in additions.values()), None) or git.line("rev-parse", "HEAD")
    gone = b"0 " + b"0" * len(known)
    rows = dict.fromkeys(map(encode, removals), gone)
    rows |= {encode(path): f"{entry.mode} {entry.blob}".encode() for path, entry in additions.items()}
    if len(rows) < MANY or not _rebuilt(git, rows, gone):
        _fill(git, [b"%s\t%s" % (rows[path], path) for path in sorted(rows)])


def _fill(index: Git, rows: Iterable[bytes]) -> None:
    """Put rows into an index one by one, best in git's order: behind the last there is nothing to shift."""
    done = index.run("update-index", "-z", "--index-info", stdin=b"".join(row + b"\0" for row in rows))
    # Git ignores a path that it takes for unsafe, says so, and ends with exit code 0.
    if done.returncode or b"Ignoring path" in done.stderr:
        raise GitError(failure(("update-index",), done))


def _rebuilt(git: Git, rows: Mapping[bytes, bytes], gone: bytes) -> bool:
    """Merge the entries into the index in one go, as git changes branches; say whether that was done.

    One by one each would shift all that lies behind it, which for 300,000 of a million takes a minute. What
    stays keeps its file times and flags. Git merges nothing into an index with conflicts, and takes out files
    where others need a directory.
    """
    stage, path = 7 + len(gone) - 2, 7 + len(gone) + 1  # where they begin in ``MODE BLOB STAGE<tab>PATH``
    left, is_empty = [], True
    with git.rows("ls-files", "-s", "-z") as listed:
        for row in listed:
            is_empty = False
            if row[stage:path] != b" 0\t":
                return False
            if row[path:] not in rows:
                left.append(row)
    if is_empty:
        return False
    left += [b"%s 0\t%s" % (head, name) for name, head in rows.items() if head != gone]
    left.sort(key=lambda row: row[path:])
    with tempfile.TemporaryDirectory(prefix="mothball-") as scratch:
        new = git.with_index(Path(scratch) / "index")
        _fill(new, left)
        if new.read("ls-files", "-z").count(b"\0") != len(left):
            return False
        trees = [index.line("write-tree", "--missing-ok") for index in (git, new)]
    git.read("read-tree", "-m", "-i", "--no-sparse-checkout", *trees)
    return True


def swap(git: Git, folder: Path, change: Callable[[Git], None]) -> None:
    """Change the index: all of it or nothing, durably.

    Args:
        git: the work tree.
        folder: mothball's own directory beside the index, on the same file system.
        change: edits the index it is given. Called again when another process was faster.

    Raises:
        Refused: another git process holds the index for longer than `PATIENCE`.
    """
    index = git.path("index")
    lock = index.with_name(index.name + ".lock")
    new = folder / _NEW
    deadline = time.monotonic() + PATIENCE
    while True:
        seen = _fingerprint(index)
        change(copy_index(git, new))
        sync(new)
        if _take(new, lock):
            if _fingerprint(index) == seen:
                lock.rename(index)
                new.unlink()
                sync(index.parent)
                return
            lock.unlink()
        if time.monotonic() > deadline:
            new.unlink()
            raise Refused(_held(lock))
        time.sleep(0.05)


def release(git: Git, folder: Path) -> None:
    """Remove a lock and a private index that a killed run left, if they are provably ours."""
    index = git.path("index")
    lock = index.with_name(index.name + ".lock")
    new = folder / _NEW
    if new.exists():
        if lock.exists() and lock.samefile(new):
            lock.unlink()
        new.unlink()
    private = new.with_name(_NEW + ".lock")  # git's own, while it was writing our private copy
    private.unlink(missing_ok=True)


def require_free(git: Git) -> None:
    """Wait until nobody holds the index.

    Raises:
        Refused: somebody holds it for longer than `PATIENCE`, or this user may not write it.
    """
    index = git.path("index")
    lock = index.with_name(index.name + ".lock")
    if not os.access(index.parent, os.W_OK | os.X_OK):
        raise Refused(_unwritable(index.parent))
    deadline = time.monotonic() + PATIENCE
    while lock.exists():
        if time.monotonic() > deadline:
            raise Refused(_held(lock))
        time.sleep(0.05)


def _take(new: Path, lock: Path) -> bool:
    try:
        os.link(new, lock)
    except FileExistsError:
        return False
    return True


def _fingerprint(path: Path) -> tuple[int, ...]:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def sync(path: Path) -> None:
    """Make a file's content, or a directory's names, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(folder: Path) -> Problem:
    return Problem(
        code="git-unwritable",
        where=str(folder),
        found="you may not write in git's own directory",
        expected="a repository of your own",
        remedy="Have its permissions changed, or work in a clone.",
    )


def _held(lock: Path) -> Problem:
    return Problem(
        code="index-locked",
        where=str(lock),
        found=f"another git process has held the index for {PATIENCE:.0f} seconds",
        expected="a free index",
        remedy="Wait for it to end. If none is running, that process was killed: remove the file yourself.",
    )
