"""The way back: undo a run, restore single files. By the recorded map, never by guessing from contents."""

import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.checks.repository import foreign
from mothball.core.errors import CommitBlocked, Failed, Problem, Refused
from mothball.core.ledger import Ledger
from mothball.core.pages import commit_message
from mothball.core.plan.model import Plan
from mothball.core.selection import Rules
from mothball.core.show import count, listing, visible
from mothball.core.steps import managed_paths, pages_of
from mothball.core.survey import Snapshot
from mothball.core.tree import Move, directories, parents
from mothball.core.work import Work, Write, missing_directories
from mothball.effects.commit import Planned
from mothball.effects.files import Workspace, workspace
from mothball.effects.history import PastRun, past_runs
from mothball.effects.look import read_text, snapshot
from mothball.effects.transaction import Transaction
from mothball.workflow.past import below, blob_at, blob_of, content_at, moves_between
from mothball.workflow.references import fixed_between
from mothball.workflow.session import Session

_AGAIN: Final = "All is as it was before. Mend what it names, then run the task again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What came back: which files, by which commit (``None`` when nothing had been committed).

    ``archived`` says that they went back into the archive: a restore was undone.
    """

    moves: tuple[Move, ...]
    commit: str | None = None
    undone: str = ""
    archived: bool = False


def undo(session: Session, plan: Plan, revision: str | None = None) -> Returned | None:
    """Take back what is staged or, where nothing is, the last run in history by a new commit.

    Args:
        session: the repository.
        plan: the plan in force: it says where ledger and README are.
        revision: the last commit of the run to undo, when it is not the newest.

    Returns:
        What came back, ``None`` when there is nothing to undo.

    Raises:
        Refused: later work touched what would move back; the files are named.
    """
    with session.changing():
        seen = session.survey(plan).snapshot
        if revision is not None:
            _require_nothing_pending(seen)
        run = _chosen(session, revision)
        if seen.pending.moves or seen.pending.writes or (seen.pending and run is None):
            return _take_back(session, seen)
        if run is None:
            return None
        moves, written = moves_between(session.git.fetching(), plan, run.base, run.tip)
        strangers = written - set(managed_paths(plan))
        _require_only_ours(run, strangers - fixed_between(session, plan, run, moves, strangers))
        home = _homeward(session, seen, moves)
        texts = {path: read_text(session.git, path) for path in written}
        pages = dict(_pages_back(session, run, texts))
        subject = f"revert: {run.subject}"
        trailers = (("Mothball-Undo", run.tip), ("Mothball-Base", seen.commit))
        commit = _take_home(session, seen, home, pages, commit_message(subject, trailers))
        rules = Rules(plan)
        again = any(rules.is_archived(move.target) for move in home)
        return Returned(moves=home, commit=commit, undone=run.tip, archived=again)


def _take_back(session: Session, seen: Snapshot) -> Returned:
    """Take back what is staged; nothing is committed."""
    work = seen.pending.back()
    require_clean(seen, work)
    edited = [write.path for write in work.writes if read_text(session.git, write.path) != write.before]
    if edited:
        raise Refused(*(_page_edited(path) for path in edited))
    _require_free(session, seen, work.moves)
    with transaction(session, seen, work) as under_way:
        under_way.act(lambda _: None)
    return Returned(moves=work.moves)


def restore(session: Session, plan: Plan, paths: Iterable[str]) -> Returned:
    """Bring archived files home, each named by where it is or where it came from, file or directory.

    Raises:
        Refused: a path is not in the ledger, its old place is taken, or it was changed and not committed.
    """
    with session.changing():
        survey = session.survey(plan)
        seen = survey.snapshot
        _require_nothing_pending(seen)
        moves = _named(survey.ledger, seen, paths)
        home = _homeward(session, seen, moves)
        ledger = survey.ledger.without(move.target for move in moves)
        pages = pages_of(plan, ledger, survey.texts)
        came = "it" if len(home) == 1 else "they"
        subject = f"restore: {count(len(home), 'archived file')} to where {came} came from"
        trailers = (("Mothball-Restore", str(len(home))), ("Mothball-Base", seen.commit))
        commit = _take_home(session, seen, home, pages, commit_message(subject, trailers))
        return Returned(moves=home, commit=commit)


def transaction(session: Session, seen: Snapshot, work: Work) -> Transaction:
    """Return a transaction of some work on the repository as seen."""
    return Transaction(session.git, session.store, work, base=seen.commit, tree=seen.tree, prior=seen.pending)


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


def _require_only_ours(run: PastRun, strangers: Iterable[str]) -> None:
    """Refuse to undo commits that also changed files which mothball does not write.

    Raises:
        Refused: they would be reverted with the run; they are named.
    """
    if names := sorted(strangers):
        raise Refused(
            Problem(
                code="undo-mixed",
                where=run.tip[:12],
                found=f"the run's commits also changed {listing(names)}",
                expected="moves, rewritten references, and the pages that the plan in force names",
                remedy="`archive.restore` brings the files back and leaves the rest alone.",
            )
        )


def _require_nothing_pending(seen: Snapshot) -> None:
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


def _chosen(session: Session, revision: str | None) -> PastRun | None:
    runs = past_runs(session.git)
    if revision is None:
        return runs[0] if runs else None
    commit = session.git.says("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    for run in runs:
        if run.tip == commit:
            return run
    raise Refused(
        Problem(
            code="undo-unknown",
            where=revision,
            found="this is not the last commit of a mothball run, or it was undone already",
            expected=listing(f"{run.tip[:12]} {run.subject}" for run in runs) or "a run; there is none",
            remedy="Name one of these.",
        )
    )


def _named(ledger: Ledger, seen: Snapshot, paths: Iterable[str]) -> list[Move]:
    """Return the recorded moves that the paths name, one per file.

    Raises:
        Refused: a path names none.
    """
    by_place = {record.move.target: record.move for record in ledger.alive(seen.tree)}
    by_origin = {move.source: move for move in by_place.values()}
    moves: dict[str, Move] = {}
    strangers = []
    for path in paths:
        found = [by_place[place] for place in below(by_place, path)]
        found += [by_origin[place] for place in below(by_origin, path)]
        moves.update((move.target, move) for move in found)
        if not found:
            strangers.append(path)
    if strangers:
        raise Refused(
            *(
                Problem(
                    code="restore-unknown",
                    where=visible(path),
                    found="the ledger knows no archived file by this path",
                    expected="a path in the archive, or where something in it came from, from the root",
                    remedy="`archive.why PATH` says what the plan makes of a path.",
                )
                for path in strangers
            )
        )
    return list(moves.values())


def _homeward(session: Session, seen: Snapshot, moves: Iterable[Move]) -> tuple[Move, ...]:
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
    _require_free(session, seen, home)
    return tuple(home)


def _require_free(session: Session, seen: Snapshot, moves: Iterable[Move]) -> None:
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


def _pages_back(
    session: Session, run: PastRun, texts: Mapping[str, bytes | None]
) -> Iterable[tuple[str, bytes | None]]:
    """Yield the content of before for each page that nobody edited since the run.

    Raises:
        Refused: a page was edited since.
    """
    git = session.git.fetching()
    for path, now in texts.items():
        if blob_of(git, path, now) != blob_at(git, run.tip, path):
            raise Refused(_page_edited(path))
        yield path, content_at(git, run.base, path)


def _take_home(
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
    with transaction(session, seen, work) as under_way:
        under_way.act(lambda _: None)
        now = snapshot(session.git, under_way.result)
        try:
            return under_way.commit(Planned.without(message, foreign(now)), Work())
        except CommitBlocked as error:
            # Half a way back is worse than none: without its commit it is taken back.
            raise Failed(*(replace(problem, remedy=_AGAIN) for problem in error.problems)) from error


def _page_edited(path: str) -> Problem:
    return Problem(
        code="undo-edited",
        where=visible(path),
        found="this file was changed after the run",
        expected="its content of then, which undo replaces by that of before",
        remedy="Take your change out first; or let `archive.restore` bring the files back: it leaves your"
        " text around the managed section alone.",
    )


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
