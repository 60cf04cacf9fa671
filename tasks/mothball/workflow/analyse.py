"""Analyse: look at a repository, and say what becomes of its files or what became of them."""

from dataclasses import replace

from mothball.core.analysis.references import references_of
from mothball.core.analysis.values import INVOKE, MOTHBALL, Analysis, Moment, applied, unapplied
from mothball.core.checks import CommitCheck, ResultCheck, examine
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Comparison
from mothball.core.run import Result, Run
from mothball.core.steps import FIX, README, managed_paths
from mothball.core.survey import Survey, foreign
from mothball.core.tree import Tree
from mothball.core.work import Work
from mothball.effects.history import past_runs
from mothball.effects.look import staged_text
from mothball.workflow.past import moves_between
from mothball.workflow.preview import Preview, work_out
from mothball.workflow.references import compared, counted, past_run
from mothball.workflow.session import Session
from mothball.workflow.validate import result_of


def analyse(session: Session, plan: Plan, found: Comparison | None = None) -> Analysis:
    """Look at the repository: at what would move or, where nothing is left to, at the last run's result.

    ``found`` is what the last run's trees differ in by what their files name, where that is known.
    """
    preview = work_out(session, plan)
    moves = preview.survey.snapshot.pending.then(Work(moves=preview.survey.selection.all_moves)).moves
    if not moves and not preview.cut_off:
        past = _last_run(session, preview.survey)
        if past:
            run, tip = past
            return _executed(session, preview, run, tip, found or compared(session, preview.survey, run))
    seen = preview.survey.snapshot
    before = unapplied(seen.tree, seen.pending)
    writes = frozenset(write.path for write in seen.pending.then(preview.work).writes)
    return Analysis(
        plan=plan,
        root=seen.root,
        head=_moment(session, seen.commit),
        before=before,
        after=applied(plan, before, moves),
        moves=moves,
        ledger=preview.survey.ledger,
        outcomes=preview.outcomes,
        staged=len(seen.pending.moves),
        others=0 if preview.cut_off else len(foreign(seen)),
        rewritten=writes.difference(managed_paths(plan)) | _to_fix(preview),
        references=references_of(preview.comparison, plan, writes),
        door=_door(session, seen.tree),
    )


def _to_fix(preview: Preview) -> frozenset[str]:
    """Return the files whose references a run rewrites, the README among them where its own text has some."""
    return frozenset(write.path for step, work in preview.steps if step.name == FIX for write in work.writes)


def _executed(session: Session, preview: Preview, run: Run, tip: str, found: Comparison) -> Analysis:
    # What the run did is judged by its own result, whatever was committed since.
    survey = preview.survey
    there = replace(survey, snapshot=replace(survey.snapshot, tree=run.after))
    pages = next((work for step, work in preview.steps if step.name == README), None)
    blank = result_of(session, survey, None, pages=pages)
    result: Result = replace(blank, survey=there, run=run, broken=counted(survey, found))
    outcomes = (*examine(ResultCheck, result), *examine(CommitCheck, result))
    return Analysis(
        plan=survey.plan,
        root=survey.snapshot.root,
        head=_moment(session, survey.snapshot.commit),
        run=_moment(session, tip),
        base=_moment(session, run.base),
        before=run.before,
        after=run.after,
        moves=run.moves,
        ledger=survey.ledger,
        outcomes=tuple(outcome for outcome in outcomes if outcome.code != "command-fails"),
        rewritten=run.written.difference(managed_paths(survey.plan)),
        references=references_of(found, survey.plan),
        door=_door(session, survey.snapshot.tree),
    )


def _last_run(session: Session, survey: Survey) -> tuple[Run, str] | None:
    """Return the newest run that took something into the archive, and its last commit."""
    archived = {record.move.target for record in survey.ledger.records}
    for past in past_runs(session.git):
        if session.git.says("rev-parse", "--verify", "--quiet", f"{past.base}^{{tree}}") is None:
            return None  # history was cut off before it
        moves, others = moves_between(session.git, survey.plan, past.base, past.tip)
        if any(move.target in archived for move in moves):
            return past_run(session, survey.plan, past, moves, others), past.tip
    return None


def _moment(session: Session, commit: str) -> Moment:
    return Moment(commit, session.git.line("rev-parse", f"{commit}^{{tree}}"))


def _door(session: Session, tree: Tree) -> str:
    """Return the program that whoever has the repository can give our tasks to."""
    tasks = staged_text(session.git, tree, "tasks.py")
    return session.door or (INVOKE if tasks and b"mothball" in tasks else MOTHBALL)
