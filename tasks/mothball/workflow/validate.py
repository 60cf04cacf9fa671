"""Validation before and after: the checks, the user's commands, and what the ones say of the others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from mothball.core.checks import (
    CommitCheck,
    Outcome,
    PlanCheck,
    ReferenceCheck,
    Referring,
    RepositoryCheck,
    ResultCheck,
    blocking,
    examine,
)
from mothball.core.errors import Exit, Problem
from mothball.core.plan.model import Plan
from mothball.core.run import CommandResult, Result, Run, staged_run
from mothball.core.show import listing, visible
from mothball.core.steps import missing_pages
from mothball.core.survey import Survey
from mothball.core.work import Work
from mothball.effects.commands import line_of, run_commands
from mothball.effects.history import made_here, past_runs
from mothball.workflow.past import moves_between
from mothball.workflow.preview import state_of
from mothball.workflow.references import compared, counted, foresee, past_run
from mothball.workflow.session import Session

_RECORD = "validation"
_TRUSTED = "trusted"
_NOT_STARTED = frozenset({126, 127})
"""Exit codes by which a shell says that it found no such program, or may not run it (POSIX, 2.8.2)."""
Say = Callable[[str], None]


def before(session: Session, plan: Plan, say: Say, *, commands: bool = True) -> tuple[Outcome, ...]:
    """Check the plan and the repository, and run the commands to know how they do.

    Commands run only where nothing else blocks a run.

    Raises:
        Undecided: an earlier run was cut off.
    """
    session.require_settled()
    survey = session.survey(plan)
    outcomes = judge(survey, foresee(session, survey))
    if not plan.commands or not commands or blocking(outcomes):
        return outcomes
    return (*outcomes, *try_commands(session, survey, say))


def judge(survey: Survey, seen: Referring) -> tuple[Outcome, ...]:
    """Check the plan against the tree, whether the repository is fit to act on, and what would break."""
    fit = (*examine(PlanCheck, survey), *examine(RepositoryCheck, survey))
    return (*fit, *examine(ReferenceCheck, seen))


def try_commands(session: Session, survey: Survey, say: Say) -> tuple[Outcome, ...]:
    """Run the commands on the state before a run and remember what they did, if they may run at all.

    With steps done already this is no longer the state before: what was remembered then counts.
    """
    plan, seen = survey.plan, survey.snapshot
    found = tuple(_distrust(session, plan))
    if not found:
        if seen.pending.moves:
            results = tuple(_recorded(session, plan, seen.commit).values())
        else:
            results = tuple(run_commands(session.git, plan.commands, say))
            _remember(session, plan, seen.commit, results)
        found = tuple(_told(result) for result in results if not result.passed)
    return (Outcome(code="commands", title="The user's commands are known", problems=found),)


def after(session: Session, plan: Plan, say: Say, *, commands: bool = True) -> tuple[Outcome, ...]:
    """Check the result of the last run, staged or committed.

    Raises:
        Undecided: it was cut off.
    """
    session.require_settled()
    survey = session.survey(plan)
    run = run_of(session, survey)
    results: tuple[CommandResult, ...] = ()
    distrust: tuple[Problem, ...] = ()
    if plan.commands and commands:
        distrust = tuple(_distrust(session, plan))
        results = () if distrust else tuple(run_commands(session.git, plan.commands, say))
    result = result_of(session, survey, run, results)
    told = (Outcome(code="commands", title="The user's commands are known", problems=distrust),)
    return (*examine(ResultCheck, result), *examine(CommitCheck, result), *(told if distrust else ()))


def result_of(
    session: Session,
    survey: Survey,
    run: Run | None,
    results: tuple[CommandResult, ...] = (),
    *,
    pages: Work | None = None,
) -> Result:
    """Put together what the checks after a run judge; ``pages`` is what README and ledger miss, if known."""
    if pages is None:
        pages = missing_pages(state_of(session, survey))
    found = compared(session, survey, run) if run else None
    return Result(
        plan=survey.plan,
        survey=survey,
        run=run,
        stale_pages=tuple(write.path for write in pages.writes),
        commands_before=_recorded(session, survey.plan, run.base if run else ""),
        commands_after=results,
        found=found,
        broken=counted(survey, found) if found else (),
    )


def run_of(session: Session, survey: Survey) -> Run | None:
    """Return the run to judge: the staged one or, where nothing is staged, the last in history."""
    pending = survey.snapshot.pending
    if pending.moves or pending.writes:
        return staged_run(survey.snapshot)
    runs = past_runs(session.git)
    if not runs:
        return None
    found = moves_between(session.git, survey.plan, runs[0].base, runs[0].tip)
    return past_run(session, survey.plan, runs[0], *found)


def _distrust(session: Session, plan: Plan) -> Iterable[Problem]:
    """Yield a problem when the commands may not run: a plan is data until its user says otherwise."""
    digest = _digest(plan)
    trusted = session.store.read_record(_TRUSTED)
    known = trusted if isinstance(trusted, list) else []
    if session.trust:
        if digest not in known:
            session.store.write_record(_TRUSTED, [*known, digest])
        return
    if digest in known or (_committed(session, plan) and made_here(session.git, plan.path)):
        return
    yield Problem(
        code="commands-untrusted",
        where=plan.where("validate.commands"),
        found=f"the plan wants to run: {listing((line_of(command) for command in plan.commands), 20)}",
        expected="your word, since this plan was not committed in this clone",
        remedy="Read them; `--trust` runs them and remembers it, `--no-commands` leaves them out.",
        exit=Exit.REFUSED,
    )


def _committed(session: Session, plan: Plan) -> bool:
    if plan.path.startswith("/"):  # it lies outside of the repository
        return False
    return not session.git.fields("status", "--porcelain", "-z", "--", plan.path)


def _told(result: CommandResult) -> Problem:
    if result.code in _NOT_STARTED:
        return Problem(
            code="command-not-started",
            where=visible(result.line),
            found=f"this command cannot be started (exit code {result.code}):"
            f" {visible(result.tail.strip().rpartition(chr(10))[2].strip()) or 'it said nothing'}",
            expected="a program that is there and may be run",
            remedy="Mend its name in the plan, or install it; `--no-commands` leaves the commands out.",
        )
    how = "ran out of time" if result.code is None else f"ends with exit code {result.code}"
    return Problem(
        code="command-fails",
        where=visible(result.line),
        found=f"this command {how} before the run",
        remedy="After the run the same will be no news; mend it first if it should count.",
        blocking=False,
    )


def _digest(plan: Plan) -> str:
    rows = [f"{command.shell} {command.timeout} {command.argv!r}" for command in plan.commands]
    return sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()


def _remember(session: Session, plan: Plan, base: str, results: Iterable[CommandResult]) -> None:
    rows = [asdict(result) for result in results]
    session.store.write_record(_RECORD, {"base": base, "commands": _digest(plan), "results": rows})


def _recorded(session: Session, plan: Plan, base: str) -> Mapping[str, CommandResult]:
    record: Any = session.store.read_record(_RECORD)
    if not isinstance(record, dict) or record.get("base") != base or record.get("commands") != _digest(plan):
        return {}
    results = [CommandResult(**{**row, "changed": tuple(row["changed"])}) for row in record["results"]]
    return {result.line: result for result in results}
