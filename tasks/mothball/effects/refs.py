"""HEAD and its branch: what a run needs of them, and the locks that git leaves on them when it is killed.

Git makes a lock on a ref as a file of its own, so nobody can prove by its inode whose it is. What is proved
instead: none was there when the run came to move the ref, it is younger than the journal, nobody has let go
of it for some seconds, and it holds nothing but what our own git was writing.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mothball.core.errors import Problem, Refused, Undecided
from mothball.effects import index
from mothball.effects.git import Git
from mothball.effects.journal import Journal
from mothball.effects.store import Store

_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def require_refs_free(git: Git, *names: str) -> None:
    """Wait until nobody holds a lock on these refs.

    Raises:
        Refused: somebody holds one for longer than `index.PATIENCE`.
    """
    if held := _held(git, names):
        raise Refused(_locked(held[0]))


def release_refs(git: Git, store: Store, journal: Journal) -> None:
    """Remove the locks that a git of ours left on HEAD and its branch, killed or unable to take them away.

    Raises:
        Undecided: there is one that may be somebody else's.
    """
    if journal.left is None and journal.branch is None:
        return
    made = f"refs/heads/{journal.branch[0]}" if journal.branch else ""
    begun = (store.folder / "journal").stat().st_mtime_ns
    for lock in _held(git, ("HEAD", journal.head, made, "packed-refs")):
        if lock.stat().st_mtime_ns < begun or not _is_ours(git, journal, lock.read_text("utf-8", "replace")):
            raise Undecided(_locked(lock))
        lock.unlink()


def _held(git: Git, names: tuple[str, ...]) -> list[Path]:
    """Return the locks on these refs that nobody lets go of."""
    deadline = time.monotonic() + index.PATIENCE
    while found := [*_locks(git, names)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return found


def _locks(git: Git, names: tuple[str, ...]) -> Iterator[Path]:
    for name in dict.fromkeys(filter(None, names)):
        place = git.path(name)
        lock = place.with_name(place.name + ".lock")
        if lock.exists():
            yield lock


def _is_ours(git: Git, journal: Journal, content: str) -> bool:
    """Say whether a git of ours was writing this: nothing yet, a branch's name, the base, a commit."""
    text = content.strip()
    if not text or text == f"ref: {journal.head}" or text in {journal.base, *journal.commits}:
        return True
    if journal.branch and text == f"ref: refs/heads/{journal.branch[1]}":
        return True
    tip = journal.commits[-1] if journal.commits else journal.base
    return bool(_ID.fullmatch(text)) and is_our_commit(git, text, tip)


def is_our_commit(git: Git, commit: str, parent: str) -> bool:
    """Say whether a commit is one that a run was making on this parent: it has our trailer."""
    shape = "--format=%P%x00%(trailers:key=Mothball-Base,valueonly,separator=%x2c)"
    above, _, trailer = (git.says("log", "-1", shape, commit) or "").partition("\0")
    return above == parent and bool(trailer)


def _locked(lock: Path) -> Problem:
    return Problem(
        code="ref-locked",
        where=str(lock),
        found=f"another git process has held this lock for {index.PATIENCE:.0f} seconds",
        expected="a free branch",
        remedy="Wait for it to end. If none is running, that process was killed: remove the file yourself.",
    )
