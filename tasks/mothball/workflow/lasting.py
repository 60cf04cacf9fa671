"""The plan that the way back goes by: the one in force or, where that leads nowhere, the last run's own."""

from collections.abc import Iterator, Sequence

from mothball.core.errors import MothballError, PlanError
from mothball.core.plan.model import Plan
from mothball.core.plan.reader import read_plan
from mothball.core.steps import ledger_path
from mothball.effects.git import Git
from mothball.effects.history import PastRun, past_runs
from mothball.effects.plans import MOST, NAME, PROJECT, table_of
from mothball.workflow.past import blob_at, content_at
from mothball.workflow.session import Session


def plan_for_return(session: Session) -> Plan:
    """Return the plan in force or, where there is none or it knows no ledger, the one of the last run.

    Plans are edited, renamed and deleted; the way back must not end with them.

    Raises:
        PlanError: there is no plan, neither now nor in a run's commit, or it has mistakes.
    """
    try:
        plan = session.plan()
    except PlanError as error:
        if session.plan_file or any(problem.code != "plan-missing" for problem in error.problems):
            raise
        found = plan_of_runs(session.git, past_runs(session.git))
        if found is None:
            raise
        return found
    if session.plan_file or (session.git.root / ledger_path(plan)).is_file():
        return plan
    return plan_of_runs(session.git, past_runs(session.git)) or plan


def plan_of_run(git: Git, plan: Plan, run: PastRun) -> Plan:
    """Return the plan that says where a run kept its ledger: this one, or the one that its commit holds."""
    place = ledger_path(plan)
    if blob_at(git, run.base, place) != blob_at(git, run.tip, place):
        return plan
    return plan_of_runs(git, [run]) or plan


def plan_of_runs(git: Git, runs: Sequence[PastRun]) -> Plan | None:
    """Return the plan of the first of these runs whose commit holds it: by its digest or by its ledger."""
    for run in runs:
        trailer = git.line("log", "-1", "--format=%(trailers:key=Mothball-Plan,valueonly)", run.tip).strip()
        plans = [*_plans_in(git, run.tip)]
        for plan in plans:
            if trailer == f"sha256:{plan.digest}":
                return plan
        for plan in plans:
            if blob_at(git, run.tip, ledger_path(plan)) is not None:
                return plan
    return None


def _plans_in(git: Git, commit: str) -> Iterator[Plan]:
    """Yield the plans of a commit's tree, those with the usual names first."""
    listed = git.fields("ls-tree", "-r", "-z", "--name-only", commit)
    paths = [path for path in listed if path.endswith(".toml")]
    for path in sorted(paths, key=lambda path: (path not in {NAME, PROJECT}, path)):
        text = content_at(git, commit, path)
        if text is None or len(text) > MOST or b"archive" not in text:
            continue
        try:
            yield read_plan(text, path=path, table=table_of(path.rpartition("/")[2]))
        except MothballError:
            continue
