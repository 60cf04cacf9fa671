"""The way back: undo a run, restore single files. By the recorded map, never by guessing from contents."""

import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.checks.references import not_allowed
from mothball.core.checks.repository import foreign
from mothball.core.errors import CommitBlocked, Failed, Problem, Refused
from mothball.core.ledger import Ledger, Record
from mothball.core.markdown import shell_word
from mothball.core.pages import commit_message
from mothball.core.plan.model import Plan
from mothball.core.references.rewrites import rewritten
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
from mothball.workflow.compare import compare
from mothball.workflow.lasting import plan_of_run
from mothball.workflow.pages_back import page_edited, pages_back
from mothball.workflow.past import below, moves_between, spellings
from mothball.workflow.references import fixed_between
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
        plan = plan_of_run(session.git, plan, run)
        moves, written = moves_between(session.git.fetching(), plan, run.base, run.tip)
        strangers = written - set(managed_paths(plan))
        _require_only_ours(run, strangers - fixed_between(session, plan, run, moves, strangers))
        home = _homeward(session, seen, moves)
        texts = {path: read_text(session.git, path) for path in written}
        pages = dict(pages_back(session, plan, run, texts))
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
        raise Refused(*(page_edited(path) for path in edited))
    _require_free(session, seen, work.moves)
    with session.transaction(seen, work) as under_way:
        under_way.act(lambda _: None)
    return Returned(moves=work.moves)


def restore(session: Session, plan: Plan, paths: Iterable[str], here: str = "") -> Returned:
    """Bring archived files home, each named by where it is or where it came from, file or directory.

    Files that a directory lost since are left out and named. What names a file by its place in the archive is
    no reason to leave it there: it is named as well.

    Args:
        session: the repository.
        plan: the plan in force: it says where ledger and README are.
        paths: what to bring back, as the user wrote it.
        here: the directory below the root in which the user stands.

    Raises:
        Refused: a path is not in the ledger, its old place is taken, or it was changed and not committed; or
            nothing of what a path names is in the archive any more.
    """
    with session.changing():
        survey = session.survey(plan)
        seen = survey.snapshot
        _require_nothing_pending(seen)
        moves, lost = _named(survey.ledger, seen, paths, here)
        home = _homeward(session, seen, moves)
        notices = (
            *(replace(_lost(record), blocking=False) for record in lost),
            *_left_dead(session, plan, seen, home),
        )
        ledger = survey.ledger.without(move.target for move in moves)
        pages = pages_of(plan, ledger, survey.texts)
        came = "it" if len(home) == 1 else "they"
        subject = f"restore: {count(len(home), 'archived file')} to where {came} came from"
        trailers = (("Mothball-Restore", str(len(home))), ("Mothball-Base", seen.commit))
        commit = _take_home(session, seen, home, pages, commit_message(subject, trailers))
        return Returned(moves=home, commit=commit, notices=notices)


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


def _named(
    ledger: Ledger, seen: Snapshot, paths: Iterable[str], here: str
) -> tuple[list[Move], list[Record]]:
    """Return the recorded moves that the paths name, one per file, and the records of files that are gone.

    Raises:
        Refused: a path names none that is there.
    """
    places: dict[str, Record] = {}
    for record in ledger.records:
        places.setdefault(record.move.source, record)
    places |= {record.move.source: record for record in ledger.alive(seen.tree)}
    places |= {record.move.target: record for record in ledger.records}
    named: dict[str, Record] = {}
    problems = []
    for path in paths:
        meant = (below(places, one) for one in spellings(path, seen.root, here))
        found = [places[place] for place in next(filter(None, meant), [])]
        named |= {record.move.target: record for record in found}
        if not any(record.move.target in seen.tree for record in found):
            problems += [*map(_lost, found)] or [_unknown(path)]
    if problems:
        raise Refused(*problems)
    lost = [record for record in named.values() if record.move.target not in seen.tree]
    return [record.move for record in named.values() if record.move.target in seen.tree], lost


def _left_dead(session: Session, plan: Plan, seen: Snapshot, home: Iterable[Move]) -> Iterable[Problem]:
    """Yield each place that would no longer find a file by its name in the archive."""
    places = {move.source: move.target for move in home}
    after = {places.get(path, path): entry for path, entry in seen.tree.items()}
    for finding in not_allowed(plan, compare(session, seen.tree, after, places, plan).breaks()):
        text = rewritten(finding)
        yield Problem(
            code="restore-breaks",
            where=finding.where,
            found=f"{finding.kind} {visible(finding.target)} breaks: {finding.evidence}",
            remedy=f"Change it to {visible(text)} by hand." if text else "Change it or take it out by hand.",
            blocking=False,
        )


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
    with session.transaction(seen, work) as under_way:
        under_way.act(lambda _: None)
        now = snapshot(session.git, under_way.result)
        try:
            return under_way.commit(Planned.without(message, foreign(now)), Work())
        except CommitBlocked as error:
            # Half a way back is worse than none: without its commit it is taken back.
            raise Failed(*(replace(problem, remedy=_AGAIN) for problem in error.problems)) from error


def _unknown(path: str) -> Problem:
    return Problem(
        code="restore-unknown",
        where=visible(path),
        found="the ledger knows no archived file by this path",
        expected="a path in the archive, or where something in it came from, from the root of the repository",
        remedy="`archive.why PATH` says what the plan makes of a path.",
    )


def _lost(record: Record) -> Problem:
    move = record.move
    return Problem(
        code="restore-gone",
        where=visible(move.target),
        found="this file was taken out of the archive since, so it does not come back to"
        f" {visible(move.source)}",
        remedy=f"`git cat-file blob {move.entry.blob[:12]}` prints its content;"
        f" `git log --diff-filter=D -- {shell_word(move.target)}` names the commit that took it out.",
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
