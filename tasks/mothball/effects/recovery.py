"""Recovery: bring a run that was cut off back to the state before it, or to its end."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mothball.core.errors import Problem, Undecided
from mothball.core.show import visible
from mothball.core.tree import Move
from mothball.core.work import Work, Write
from mothball.effects.files import Workspace, workspace
from mothball.effects.git import Git
from mothball.effects.index import edit, release, swap
from mothball.effects.moving import move_files, remove_emptied
from mothball.effects.store import Journal, Store


def recover(git: Git, store: Store) -> bool:
    """Bring a cut-off run back to the state before it, or to its end where its commit exists.

    Returns:
        Whether there was anything to bring back.

    Raises:
        Undecided: somebody changed what the run was working on; nothing more is touched.
    """
    release(git, store.folder)
    journal = store.journal()
    if journal is None:
        store.tidy()
        return False
    with _undisturbed():
        head = git.line("rev-parse", "HEAD")
        if head != journal.base:
            if journal.left is not None and _is_our_commit(git, head, journal.base):
                store.keep_pending(journal.left)
                store.close_journal()
                return True
            if not _is_apart(git, journal, head):
                raise Undecided(_head_moved(journal.base, head))
        _roll_back(git, store, journal)
        if journal.branch:
            _leave_branch(git, *journal.branch)
        store.keep_pending(journal.prior)
        store.close_journal()
    return True


def _is_our_commit(git: Git, head: str, base: str) -> bool:
    """Say whether HEAD is the commit that a run was making on this base: it has our trailer."""
    shape = "--format=%P%x00%(trailers:key=Mothball-Base,valueonly,separator=%x2c)"
    above, _, trailer = git.line("log", "-1", shape, head).partition("\0")
    return above == base and bool(trailer)


def _never_left(held: Workspace, move: Move) -> bool:
    """Say whether a file is still at its old name because its new one was taken by something else."""
    blob = move.entry.blob
    return held.has_blob(move.target, blob) and not held.has_blob(move.source, blob)


def _is_apart(git: Git, journal: Journal, head: str) -> bool:
    """Say whether the commits since then left everything alone that the run was working on."""
    changed = git.fields("diff-tree", "-r", "-z", "--no-renames", "--name-only", journal.base, head)
    return journal.left is None and journal.work.paths.isdisjoint(changed)


def _leave_branch(git: Git, made: str, former: str) -> None:
    """Put HEAD back where it was and remove the branch that the run made, if it still is just that."""
    ref = f"refs/heads/{made}"
    commit = git.line("rev-parse", "HEAD")
    if git.says("rev-parse", "--verify", "--quiet", ref) != commit:
        return
    if git.says("symbolic-ref", "--quiet", "HEAD") == ref:
        if former:
            git.read("symbolic-ref", "HEAD", f"refs/heads/{former}")
        else:
            git.read("checkout", "--quiet", "--detach")
    if git.says("symbolic-ref", "--quiet", "HEAD") != ref:
        git.read("update-ref", "-d", ref, commit)


def _roll_back(git: Git, store: Store, journal: Journal) -> None:
    if not journal.work:
        return
    work, back = journal.work, journal.work.back()
    with workspace(git.root, store.folder) as held:
        for write in work.writes:
            held.rescue(write.path, (write.before, write.after))
        todo = [move for move in back.moves if _needs_return(held, move)]
        former = {move.target: move.entry for move in back.moves}
        former |= journal.former
        _require_writable_back(held, back.writes)
        swap(git, store.folder, lambda index: edit(index, former, ()))
        move_files(held, Work(moves=tuple(todo)), lambda _: None)
        for write in back.writes:
            if held.read(write.path) != write.after:
                held.write(write.path, write.before, write.after)
        held.sync()
        created = [write.path for write in back.writes if write.after is None]
        gone = [*(move.source for move in back.moves), *created]
        swap(git, store.folder, lambda index: _forget(index, gone))
        remove_emptied(held, back, frozenset(journal.made))
        held.sync()


def _needs_return(held: Workspace, move: Move) -> bool:
    """Say whether a file is still at its new name (``move.source``: the move is a way back).

    Raises:
        Undecided: it is at neither name, or something else is at its old one.
    """
    away, home = held.status(move.source), held.status(move.target)
    if away is None and home is None:
        raise Undecided(_lost(move))
    if away is not None and home is not None:
        if (away.st_ino, away.st_dev) != (home.st_ino, home.st_dev):
            if _never_left(held, move):
                return False
            raise Undecided(_twice(move))
        held.unlink_twin(move.source, move.target)
        return False
    return away is not None


def _require_writable_back(held: Workspace, writes: Iterable[Write]) -> None:
    for write in writes:
        if held.read(write.path) not in {write.before, write.after}:
            raise Undecided(_edited(write.path))


def _forget(index: Git, gone: list[str]) -> None:
    edit(index, {}, gone)
    index.run("update-index", "-q", "--refresh")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM: the way back is short, and half of it helps nobody."""
    held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _lost(move: Move) -> Problem:
    return Problem(
        code="recover-lost",
        where=visible(move.target),
        found=f"the file is neither here nor at {visible(move.source)}",
        expected=f"it at one of them; its content is blob {move.entry.blob}",
        remedy=f"`git cat-file blob {move.entry.blob}` prints it. Put it back, then run archive.recover.",
    )


def _twice(move: Move) -> Problem:
    return Problem(
        code="recover-twice",
        where=visible(move.target),
        found=f"there is a file here and another at {visible(move.source)}",
        expected="one of the two",
        remedy="Keep the one you want, move the other out of the way, then run archive.recover.",
    )


def _edited(path: str) -> Problem:
    return Problem(
        code="recover-edited",
        where=visible(path),
        found="the file was edited after the run was cut off",
        expected="its content of before or after the run",
        remedy="Keep your edit elsewhere, `git checkout -- ` the file, then run archive.recover.",
    )


def _head_moved(base: str, head: str) -> Problem:
    return Problem(
        code="recover-head",
        where="HEAD",
        found=f"a commit was made since the run was cut off: HEAD is {head[:12]}",
        expected=f"{base[:12]}, which the run started from",
        remedy="Look at `git status` and `git log`. If all is as you want it, `archive.recover --forget`"
        " drops the journal and touches nothing else.",
    )
