"""The JSON documents of ``--json``, each with its versioned schema name."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from mothball.core.ledger import Record
from mothball.core.selection import Claim, Verdict
from mothball.core.tree import Move
from mothball.core.work import Work
from mothball.workflow.archive import Done
from mothball.workflow.back import Returned
from mothball.workflow.preview import Preview, StepStatus
from mothball.workflow.report import Left

Document = dict[str, Any]


def problem_row(problem: Problem) -> Document:
    """Return a problem as data."""
    return {
        "code": problem.code,
        "where": problem.where,
        "found": problem.found,
        "expected": problem.expected,
        "remedy": problem.remedy,
        "blocking": problem.blocking,
    }


def problems(found: Iterable[Problem], code: int) -> Document:
    """Return why a task ended with an exit code."""
    return {"schema": "mothball.error/1", "exit": code, "problems": [problem_row(each) for each in found]}


def outcomes(name: str, found: Sequence[Outcome]) -> Document:
    """Return what the checks said."""
    return {
        "schema": "mothball.checks/1",
        "name": name,
        "passed": all(outcome.passed for outcome in found),
        "checks": [_outcome(outcome) for outcome in found],
    }


def status(rows: Sequence[StepStatus]) -> Document:
    """Return the state of every step."""
    steps = [
        {"name": row.name, "title": row.title, "state": row.state, "changes": row.changes} for row in rows
    ]
    return {"schema": "mothball.status/1", "steps": steps}


def preview(found: Preview) -> Document:
    """Return what would happen and what blocks it."""
    return {
        "schema": "mothball.preview/1",
        "title": found.survey.plan.title,
        "plan": found.survey.plan.digest,
        "head": found.survey.snapshot.commit,
        "steps": [{"name": step.name, "title": step.title, **_work(work)} for step, work in found.steps],
        "uncommitted": found.uncommitted,
        "measured": found.measured,
        "blocked": bool(found.problems),
        "checks": [_outcome(outcome) for outcome in found.outcomes],
    }


def done(run: Done, left: Left | None = None) -> Document:
    """Return what a run did, and the reports that it left."""
    return {
        "schema": "mothball.run/1",
        "changed": run.changed,
        "moves": run.moves,
        "steps": [{"name": step.name, **_work(work)} for step, work in run.steps],
        "commits": list(run.commits),
        "pushed": list(run.pushed) if run.pushed else None,
        "left_behind": list(run.left_behind),
        "metrics": [
            {"name": name, "before": old, "after": new, "promised": promised}
            for name, old, new, promised in run.measured
        ],
        "before": [_outcome(outcome) for outcome in run.before],
        "after": [_outcome(outcome) for outcome in run.after],
        "reports": [str(place) for place in left.places] if left else [],
    }


def returned(back: Returned | None) -> Document:
    """Return what came back."""
    moves = back.moves if back else ()
    return {
        "schema": "mothball.returned/1",
        "changed": back is not None,
        "moves": [{"from": move.source, "to": move.target} for move in moves],
        "commit": back.commit if back else None,
        "undone": (back.undone or None) if back else None,
        "notices": [problem_row(problem) for problem in back.notices] if back else [],
    }


def recovered(*, there: bool, forgotten: bool) -> Document:
    """Return whether there was a run that was cut off, and whether only its record was dropped."""
    return {"schema": "mothball.recovered/1", "there": there, "forgotten": there and forgotten}


def why(
    verdict: Verdict,
    record: Record | None,
    staged: Move | None,
    *,
    tracked: bool,
    where: Callable[[str], str],
) -> Document:
    """Return what the plan makes of a path."""
    return {
        "schema": "mothball.why/1",
        "path": verdict.path,
        "tracked": tracked,
        "verdict": standing(verdict, record, staged, tracked=tracked),
        "target": verdict.target,
        "keeps": [_claim(claim, where) for claim in verdict.keeps],
        "takes": [_claim(claim, where) for claim in verdict.takes],
        "archived": {"from": record.move.source, "to": record.move.target} if record else None,
        "staged": {"from": staged.source, "to": staged.target} if staged else None,
    }


def standing(verdict: Verdict, record: Record | None, staged: Move | None, *, tracked: bool) -> str:
    """Return the verdict on a path as its file stands: a path that git tracks no longer is not selected."""
    if staged:
        return "staged"
    if tracked:
        return verdict.state
    return "archived" if record else "untracked"


def _outcome(outcome: Outcome) -> Document:
    found = [problem_row(problem) for problem in outcome.problems]
    return {"code": outcome.code, "title": outcome.title, "passed": outcome.passed, "problems": found}


def _work(work: Work) -> Document:
    return {
        "directories": list(work.directories),
        "moves": [
            {"from": move.source, "to": move.target, "mode": move.entry.mode, "blob": move.entry.blob}
            for move in work.moves
        ],
        "writes": [write.path for write in work.writes],
    }


def _claim(claim: Claim, where: Callable[[str], str]) -> Document:
    return {"pattern": claim.pattern, "of": claim.owner, "root": claim.root, "where": where(claim.key)}
