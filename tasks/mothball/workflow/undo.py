"""Undo: take back what is staged, or a whole run in history."""

from collections.abc import Iterable

from mothball.core.errors import Problem, Refused
from mothball.core.pages import commit_message
from mothball.core.plan.model import Plan
from mothball.core.selection import Rules
from mothball.core.show import listing
from mothball.core.steps import managed_paths
from mothball.core.survey import Snapshot
from mothball.effects.history import PastRun, past_runs
from mothball.effects.look import read_text
from mothball.workflow.back import (
    Returned,
    homeward,
    require_clean,
    require_free,
    require_nothing_pending,
    take_home,
)
from mothball.workflow.lasting import plan_of_run
from mothball.workflow.pages_back import page_edited, pages_back
from mothball.workflow.past import moves_between
from mothball.workflow.references import fixed_between
from mothball.workflow.session import Session


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
            require_nothing_pending(seen)
        run = _chosen(session, revision)
        if seen.pending.moves or seen.pending.writes or (seen.pending and run is None):
            return _take_back(session, seen)
        if run is None:
            return None
        plan = plan_of_run(session.git, plan, run)
        moves, written = moves_between(session.git.fetching(), plan, run.base, run.tip)
        strangers = written - set(managed_paths(plan))
        _require_only_ours(run, strangers - fixed_between(session, plan, run, moves, strangers))
        home = homeward(session, seen, moves)
        texts = {path: read_text(session.git, path) for path in written}
        pages = dict(pages_back(session, plan, run, texts))
        subject = f"revert: {run.subject}"
        trailers = (("Mothball-Undo", run.tip), ("Mothball-Base", seen.commit))
        commit = take_home(session, seen, home, pages, commit_message(subject, trailers))
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
    require_free(session, seen, work.moves)
    with session.transaction(seen, work) as under_way:
        under_way.act(lambda _: None)
    return Returned(moves=work.moves)


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
