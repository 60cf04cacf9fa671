"""Archive: the steps of the plan, alone or all together, each looked at before and after."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.checks import (
    CommitCheck,
    Outcome,
    RepositoryCheck,
    ResultCheck,
    blocking,
    breaks_of,
    examine,
)
from mothball.core.errors import Failed, Problem
from mothball.core.pages import commit_message
from mothball.core.plan.model import Plan
from mothball.core.portions import portions
from mothball.core.references.findings import Comparison
from mothball.core.run import CommandResult, Result, measure, staged_run
from mothball.core.saved import require_same
from mothball.core.show import count, listing
from mothball.core.steps import FIX, FIX_STEP, README, Step, missing_work, steps
from mothball.core.survey import Snapshot, Staged, Survey, foreign
from mothball.core.tree import directories
from mothball.core.work import Work, joined
from mothball.effects.commands import run_commands
from mothball.effects.commit import Planned, push, store_blob
from mothball.effects.transaction import Transaction
from mothball.workflow.preview import state_of
from mothball.workflow.references import broken, foresee
from mothball.workflow.session import Session, stop_on
from mothball.workflow.validate import Say, judge, result_of, try_commands

_OF_MOVES: Final = frozenset({"reference-breaks", "link-breaks"})
"""What the moves break: rewriting what can be rewritten need not wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run is wanted: with commands or not, pushed or not, exactly as saved or as worked out now."""

    commands: bool = True
    push: bool = False
    saved: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run did.

    Attributes:
        before: what the checks before said.
        steps: each step with the work that it did.
        after: what the checks after said.
        commits: the ids of the commits made.
        pushed: remote and branch, where it was pushed.
        left_behind: untracked files in directories that lost all their tracked ones.
        moves: how many moves the commits hold, or are staged.
        measured: (name, before, after, promised) of each metric.
        found: what the trees of before and after differ in by what their files name, where files moved.
        waiting: how many files were still to be archived when a single step began.
    """

    before: tuple[Outcome, ...] = ()
    steps: tuple[tuple[Step, Work], ...] = ()
    after: tuple[Outcome, ...] = ()
    commits: tuple[str, ...] = ()
    pushed: tuple[str, str] | None = None
    left_behind: tuple[str, ...] = ()
    moves: int = 0
    measured: tuple[tuple[str, int, int, int | None], ...] = ()
    found: Comparison | None = None
    waiting: int = 0

    @property
    def changed(self) -> bool:
        """Say whether anything was done."""
        return bool(self.commits or any(work for _, work in self.steps))


def archive_all(session: Session, plan: Plan, say: Say, options: Options) -> Done:
    """Run every step between the checks before and the checks after, as one transaction.

    The user's commands are tried before it is committed: when one newly fails, everything is taken back.
    """
    with session.changing():
        survey = session.survey(plan)
        seen = foresee(session, survey)
        first = judge(survey, seen)
        stop_on(blocking(first))
        todo = missing_work(state_of(session, survey, seen), steps(plan))
        work = joined(work for _, work in todo)
        if options.saved:
            require_same(options.saved[1], options.saved[0], plan, survey.snapshot, work)
        pending = survey.snapshot.pending.then(work)
        if not pending.moves and not pending.writes:
            return _nothing(session, survey, first, todo, options)
        if plan.commands and options.commands:
            first = (*first, *try_commands(session, survey, say))
            stop_on(blocking(first))
        with session.transaction(survey.snapshot, work) as transaction:
            del survey, seen  # of a million files the tree alone is a tenth of the memory
            with session.watch("Moving", len(work.moves)) as advance:
                transaction.act(advance)
            results = tuple(run_commands(session.git, plan.commands, say)) if options.commands else ()
            result, proof = _prove(session, plan, transaction, results)
            commits = tuple(_commit(session, result.survey, transaction))
        last = examine(CommitCheck, _settled(result, transaction))
        stop_on(blocking(last))
    return Done(
        before=first,
        steps=todo,
        after=(*proof, *last),
        commits=commits,
        pushed=push(session.git) if options.push else None,
        left_behind=_left_behind(session, work),
        moves=len(pending.moves),
        measured=_measured(plan, result),
        found=result.found if pending.moves else None,
    )


def run_step(session: Session, plan: Plan, name: str) -> Done:
    """Run one step before the commit; its work is staged."""
    with session.changing():
        survey = session.survey(plan)
        seen = foresee(session, survey, fixing=name == FIX)
        outcomes = judge(survey, seen)
        stop_on(one for one in blocking(outcomes) if name != FIX or one.code not in _OF_MOVES)
        chosen = tuple(step for step in (*steps(plan), FIX_STEP) if step.name == name)[:1]
        todo = missing_work(state_of(session, survey, seen), chosen)
        work = joined(work for _, work in todo)
        if work:
            with (
                session.transaction(survey.snapshot, work) as transaction,
                session.watch("Moving", len(work.moves)) as advance,
            ):
                transaction.act(advance)
                _require_done(session, session.survey(plan, transaction.result), chosen)
    return Done(
        before=outcomes,
        steps=todo,
        left_behind=_left_behind(session, work),
        moves=len(work.moves),
        waiting=len(survey.selection.all_moves),
    )


def commit_step(session: Session, plan: Plan, *, pushing: bool) -> Done:
    """Bring README, index and ledger up to date and commit what is staged."""
    with session.changing():
        survey = session.survey(plan)
        stop_on(blocking(examine(RepositoryCheck, survey)))
        pages = tuple(step for step in steps(plan) if step.name == README)
        todo = missing_work(state_of(session, survey), pages)
        work = joined(work for _, work in todo)
        pending = survey.snapshot.pending.then(work)
        commits: tuple[str, ...] = ()
        if pending.moves or pending.writes:
            with session.transaction(survey.snapshot, work) as transaction:
                transaction.act(lambda _: None)
                staged = session.survey(plan, transaction.result)
                # What is staged may be a part of the plan that breaks what the whole does not.
                stop_on(breaks_of(broken(session, staged, staged_run(staged.snapshot))))
                commits = tuple(_commit(session, staged, transaction))
    pushed = push(session.git) if pushing else None
    waiting = len(survey.selection.all_moves)
    return Done(steps=todo, commits=commits, pushed=pushed, moves=len(pending.moves), waiting=waiting)


def _nothing(
    session: Session,
    survey: Survey,
    first: tuple[Outcome, ...],
    todo: tuple[tuple[Step, Work], ...],
    options: Options,
) -> Done:
    """Return the result of a run that finds everything done: directories alone are not worth a run."""
    outcomes = examine(ResultCheck, result_of(session, survey, None))
    stop_on(blocking(outcomes))
    pushed = push(session.git) if options.push else None
    nothing = tuple((step, Work()) for step, _ in todo)
    return Done(before=first, steps=nothing, after=outcomes, pushed=pushed)


def _prove(
    session: Session, plan: Plan, transaction: Transaction, results: tuple[CommandResult, ...]
) -> tuple[Result, tuple[Outcome, ...]]:
    """Look at the staged result and judge it; an exception takes it back."""
    survey = session.survey(plan, transaction.result)
    _require_done(session, survey, steps(plan))
    run = staged_run(survey.snapshot, transaction.result.moves)
    result = result_of(session, survey, run, results, pages=Work())
    outcomes = examine(ResultCheck, result)
    stop_on(blocking(outcomes))
    return result, outcomes


def _settled(result: Result, transaction: Transaction) -> Result:
    """Return the result once the commit exists, whose tree git has compared with the one judged."""
    survey = result.survey
    seen = replace(survey.snapshot, pending=transaction.result)
    return replace(result, survey=replace(survey, snapshot=seen))


def _require_done(session: Session, survey: Survey, chosen: tuple[Step, ...]) -> None:
    """Each step that was run must find nothing missing.

    Raises:
        Failed: one does; that is a defect of ours, and everything is taken back.
    """
    left = [(step, work) for step, work in missing_work(state_of(session, survey), chosen) if work]
    if left:
        rows = [f"{step.name} ({count(len(work), 'change')})" for step, work in left]
        raise Failed(
            Problem(
                code="not-converged",
                where=str(session.git.root),
                found=f"after the run these steps still miss something: {listing(rows)}",
                expected="nothing missing",
                remedy="Everything was taken back. Please report this with the plan.",
            )
        )


def _commit(session: Session, survey: Survey, transaction: Transaction) -> Iterator[str]:
    """Make the commits; each is a unit of its own where the plan asks for one per category."""
    plan, seen = survey.plan, survey.snapshot
    if plan.commit.branch and seen.branch != plan.commit.branch:
        transaction.switch(plan.commit.branch)
    parts = [*portions(plan, seen.pending, survey.ledger)]
    for portion in parts:
        trailers = (
            ("Mothball-Plan", f"sha256:{plan.digest}"),
            ("Mothball-Base", seen.commit),
            ("Mothball-Moves", str(len(portion.moves))),
        )
        planned = Planned.without(
            commit_message(portion.subject, trailers, (plan.purpose, plan.principle)),
            _not_yet(seen, portion.left),
        )
        if portion.ledger is not None:
            planned = planned.holding(store_blob(session.git, *portion.ledger))
        yield transaction.commit(planned, portion.left, last=portion is parts[-1])


def _not_yet(seen: Snapshot, left: Work) -> dict[str, Staged]:
    """Return what is staged and not to be committed now: others' work, and ours for later commits."""
    later = {path: seen.staged[path] for path in left.paths if path in seen.staged}
    return foreign(seen) | later


def _measured(plan: Plan, result: Result) -> tuple[tuple[str, int, int, int | None], ...]:
    if not plan.metrics or result.run is None:
        return ()
    old, new = measure(plan, result.run.before), measure(plan, result.survey.snapshot.tree)
    return tuple((metric.name, old[metric.name], new[metric.name], metric.after) for metric in plan.metrics)


def _left_behind(session: Session, work: Work) -> tuple[str, ...]:
    """Name what stays, untracked, in directories that lost all their tracked files."""
    folders = sorted({move.source.rpartition("/")[0] for move in work.moves} - {""})
    there = [folder for folder in folders if (session.git.root / folder).is_dir()]
    if not there:
        return ()
    tracked = directories(session.git.fields("ls-files", "-z", "--", *there))
    empty = [folder for folder in there if folder not in tracked]
    return tuple(session.git.fields("ls-files", "-o", "-z", "--", *empty)) if empty else ()
