"""The way home: files go back by the recorded map, never by guessing from contents."""

import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.errors import CommitBlocked, Failed, Problem, Refused
from mothball.core.show import count, listing, visible
from mothball.core.survey import Snapshot, foreign
from mothball.core.tree import Move, directories, parents
from mothball.core.work import Work, Write, missing_directories
from mothball.effects.commit import Planned
from mothball.effects.files import Workspace, workspace
from mothball.effects.look import read_text, snapshot
from mothball.workflow.session import Session

_AGAIN: Final = "All is as it was before. Mend what it names, then run the task again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What came back: which files, by which commit (``None`` when nothing had been committed).

    ``archived`` says that they went back into the archive: a restore was undone. ``notices`` say what did not
    come back with it, and what no longer finds what it names.
    """

    moves: tuple[Move, ...]
    commit: str | None = None
    undone: str = ""
    archived: bool = False
    notices: tuple[Problem, ...] = ()


def require_clean(seen: Snapshot, work: Work) -> None:
    """Refuse when a file that the work touches carries changes that no commit holds.

    Raises:
        Refused: the files are named.
    """
    others = foreign(seen)
    dirty = seen.modified | seen.intended | seen.unmerged | others.keys()
    if found := sorted(work.paths & dirty):
        raise Refused(
            Problem(
                code="not-clean",
                where=seen.root,
                found=f"{count(len(found), 'file')} changed since: {listing(found)}",
                expected="files as git has them",
                remedy="Commit, stash or restore them first.",
            )
        )


def require_nothing_pending(seen: Snapshot) -> None:
    """Refuse while work is staged that is not committed: it would become part of another commit.

    Raises:
        Refused: there is such work.
    """
    if seen.pending.moves or seen.pending.writes:
        raise Refused(
            Problem(
                code="pending",
                where=seen.root,
                found=f"{count(len(seen.pending.moves), 'move')} are staged and not committed",
                expected="no staged work",
                remedy="Run `archive.commit` or `archive.undo` first.",
            )
        )


def homeward(session: Session, seen: Snapshot, moves: Iterable[Move]) -> tuple[Move, ...]:
    """Turn recorded moves round, each with the file as it is now: a later edit comes along.

    Raises:
        Refused: a file is gone from the archive, or something lies at its old place.
    """
    home, problems = [], []
    for move in moves:
        entry = seen.tree.get(move.target)
        if entry is None:
            problems.append(_gone(move))
        else:
            home.append(Move(move.target, move.source, entry, move.category))
    if problems:
        raise Refused(*problems)
    require_free(session, seen, home)
    return tuple(home)


def require_free(session: Session, seen: Snapshot, moves: Iterable[Move]) -> None:
    """Refuse when something lies where a file has to go.

    Raises:
        Refused: the places are named.
    """
    with workspace(session.git.root, session.store.folder) as held:
        taken = [move for move in moves if _is_taken(held, seen, move.target)]
    if taken:
        raise Refused(*map(_taken, taken))


def _is_taken(held: Workspace, seen: Snapshot, path: str) -> bool:
    """Say whether something is at a path, or something else than a directory is above it."""
    if path in seen.tree or held.status(path) is not None:
        return True
    for above in parents(path):
        status = held.status(above)
        if above in seen.tree or (status is not None and not stat.S_ISDIR(status.st_mode)):
            return True
    return False


def take_home(
    session: Session,
    seen: Snapshot,
    home: tuple[Move, ...],
    pages: Mapping[str, bytes | None],
    message: str,
) -> str:
    """Move the files, write the pages and commit, or take all of it back."""
    texts = {path: read_text(session.git, path) for path in pages}
    writes = [Write(path, texts[path], after) for path, after in pages.items() if texts[path] != after]
    created = [write.path for write in writes if write.after is not None]
    existing = directories(seen.tree)
    wanted = missing_directories([*(move.target for move in home), *created], frozenset(existing))
    # Directories that only the structure step made are all that can be pending here; they go as well.
    work = Work(directories=wanted, moves=home, writes=tuple(writes), discard=seen.pending.directories[::-1])
    require_clean(seen, work)
    with session.transaction(seen, work) as under_way:
        under_way.act(lambda _: None)
        now = snapshot(session.git, under_way.result)
        try:
            return under_way.commit(Planned.without(message, foreign(now)), Work())
        except CommitBlocked as error:
            # Half a way back is worse than none: without its commit it is taken back.
            raise Failed(*(replace(problem, remedy=_AGAIN) for problem in error.problems)) from error


def _gone(move: Move) -> Problem:
    return Problem(
        code="undo-gone",
        where=visible(move.target),
        found="this file is no longer in the archive",
        expected=f"the file that came from {visible(move.source)}",
        remedy="Bring it back from history first, or restore the others by name with `archive.restore`.",
    )


def _taken(move: Move) -> Problem:
    return Problem(
        code="undo-taken",
        where=visible(move.target),
        found="something else lies here now",
        expected=f"a free place for {visible(move.source)}",
        remedy="Move it away first. Nothing is ever overwritten.",
    )
