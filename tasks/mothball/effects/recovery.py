"""Recovery: bring a run that was cut off back to the state before it, or to its end."""

import signal
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from mothball.core.errors import Problem, Undecided
from mothball.core.show import count, listing, visible
from mothball.core.tree import Entry, Move
from mothball.core.work import Work, Write
from mothball.effects.files import Workspace, workspace
from mothball.effects.git import Git
from mothball.effects.index import edit, release, swap
from mothball.effects.journal import Journal
from mothball.effects.look import index_entries, tree_of
from mothball.effects.moving import move_files, remove_emptied
from mothball.effects.refs import is_our_commit, release_refs
from mothball.effects.store import Store


def recover(git: Git, store: Store) -> str:
    """Bring a cut-off run back to the state before it, or to its end where its last commit exists.

    Returns:
        Which of the two it is now, ``before`` or ``after``; nothing where no run was cut off.

    Raises:
        Undecided: somebody changed what the run was working on; nothing more is touched.
    """
    release(git, store.folder)
    journal = store.journal()
    if journal is None:
        store.tidy()
        return ""
    with undisturbed():
        release_refs(git, store, journal)
        head = git.line("rev-parse", "HEAD")
        tip = journal.commits[-1] if journal.commits else journal.base
        under_way = journal.left is not None and head != tip and is_our_commit(git, head, tip)
        if under_way and journal.last and journal.left is not None:
            store.keep_pending(journal.left)
            store.close_journal()
            return "after"
        if head != journal.base:
            if under_way or head == tip:
                journal = _take_commits_back(git, store, journal, head)
            elif not _is_apart(git, journal, head):
                raise Undecided(_head_moved(journal.base, head))
        _roll_back(git, store, journal)
        if journal.branch:
            _leave_branch(git, *journal.branch, journal.base)
        store.keep_pending(journal.prior)
        store.close_journal()
    return "before"


def _take_commits_back(git: Git, store: Store, journal: Journal, head: str) -> Journal:
    """Put HEAD's branch back to the base, if it is still where the run left it.

    Index and work tree hold the whole run: this alone loses nothing, and what follows takes them back.

    Raises:
        Undecided: HEAD is on another branch, or what earlier steps had staged no longer is.
    """
    tracked = index_entries(git)
    if gone := [move.target for move in journal.prior.moves if move.target not in tracked]:
        raise Undecided(_unstaged(journal.base, sorted(gone)))
    if head not in journal.commits:
        journal = replace(journal, commits=(*journal.commits, head))
        store.open_journal(journal)
    if (git.says("symbolic-ref", "--quiet", "HEAD") or "") != journal.head:
        raise Undecided(_head_elsewhere(journal.head))
    git.read("update-ref", "-m", "mothball: taken back", "HEAD", journal.base, head)
    return journal


def _never_left(held: Workspace, move: Move) -> bool:
    """Say whether a file is still at its old name because its new one was taken by something else."""
    blob = move.entry.blob
    return held.has_blob(move.target, blob) and not held.has_blob(move.source, blob)


def _is_apart(git: Git, journal: Journal, head: str) -> bool:
    """Say whether the commits since then left everything alone that the run was working on."""
    changed = git.fields("diff-tree", "-r", "-z", "--no-renames", "--name-only", journal.base, head)
    return journal.left is None and not journal.commits and journal.work.paths.isdisjoint(changed)


def _leave_branch(git: Git, made: str, former: str, base: str) -> None:
    """Put HEAD back where it was and remove the branch that the run made, if nobody committed on it."""
    ref = f"refs/heads/{made}"
    if git.says("rev-parse", "--verify", "--quiet", ref) != base:
        return
    if git.says("symbolic-ref", "--quiet", "HEAD") == ref:
        if former:
            git.read("symbolic-ref", "HEAD", f"refs/heads/{former}")
        else:
            git.read("checkout", "--quiet", "--detach")
    if git.says("symbolic-ref", "--quiet", "HEAD") != ref:
        git.read("update-ref", "-d", ref, base)


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
        returning = [*_writable_back(held, back.writes, _partial(git, journal))]
        swap(git, store.folder, lambda index: edit(index, former, ()))
        gone = tuple(
            path for path in sorted(journal.modes) if _is_incomplete(held, path, journal.modes[path])
        )
        move_files(held, Work(directories=gone, moves=tuple(todo)), lambda _: None, journal.modes)
        for write in returning:
            held.write(write.path, write.before, write.after)
        held.sync()
        created = [write.path for write in back.writes if write.after is None]
        left = [*(move.source for move in back.moves), *created]
        swap(git, store.folder, lambda index: _forget(index, left))
        remove_emptied(held, back, frozenset(journal.made))
        held.sync()


def _is_incomplete(held: Workspace, path: str, mode: int) -> bool:
    status = held.status(path)
    return status is None or stat.S_IMODE(status.st_mode) != mode


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


def _partial(git: Git, journal: Journal) -> Mapping[str, Entry]:
    """Return the files of ours as the last of several commits has them: a checkout may have brought them."""
    if not journal.commits:
        return {}
    tree = tree_of(git, journal.commits[-1])
    return {write.path: tree[write.path] for write in journal.work.writes if write.path in tree}


def _writable_back(held: Workspace, writes: Iterable[Write], partial: Mapping[str, Entry]) -> Iterator[Write]:
    """Yield the files that have to be written back.

    Raises:
        Undecided: somebody edited one that was there before the run.
    """
    for write in writes:
        found = held.read(write.path)
        if found == write.before and found != write.after:
            yield write
        elif (
            found != write.after
            and write.path in partial
            and held.has_blob(write.path, partial[write.path].blob)
        ):
            yield replace(write, before=found)
        # What lies in the place of a file that the run was to make is somebody's own: it stays.
        elif found != write.after and write.after is not None:
            raise Undecided(_edited(write.path))


def _forget(index: Git, gone: list[str]) -> None:
    edit(index, {}, gone)
    index.run("update-index", "-q", "--refresh")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM: what comes now is short, and half of it helps nobody."""
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


def _head_elsewhere(ref: str) -> Problem:
    return Problem(
        code="recover-head",
        where="HEAD",
        found="HEAD was put elsewhere since the run was cut off between two of its commits",
        expected=visible(ref.removeprefix("refs/heads/")) or "a detached HEAD, as the run had it",
        remedy="Put it back (`git symbolic-ref HEAD` does it without touching a file), then run"
        " archive.recover.",
    )


def _unstaged(base: str, gone: list[str]) -> Problem:
    return Problem(
        code="recover-unstaged",
        where="index",
        found="the run was cut off between two of its commits, and of what was staged before it"
        f" {count(len(gone), 'file')} no longer {'is' if len(gone) == 1 else 'are'}: {listing(gone, 3)}",
        expected="all of it, in a commit of the run or staged",
        remedy="If you stashed it: `git stash pop --index`, then run archive.recover. If you threw it away:"
        " `archive.recover --forget` keeps the commits made so far, and"
        f" `git reset --keep {base[:12]}` takes them back.",
    )


def _head_moved(base: str, head: str) -> Problem:
    return Problem(
        code="recover-head",
        where="HEAD",
        found=f"a commit was made since the run began: HEAD is {head[:12]}",
        expected=f"{base[:12]}, which the run started from",
        remedy="Look at `git status` and `git log`. If all is as you want it, `archive.recover --forget`"
        " drops the journal and touches nothing else.",
    )
