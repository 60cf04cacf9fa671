"""What would happen, and what stands in the way. Nothing in here changes anything."""

from dataclasses import dataclass
from functools import cached_property

from mothball.core.checks import (
    Outcome,
    PlanCheck,
    ReferenceCheck,
    Referring,
    RepositoryCheck,
    blocking,
    examine,
)
from mothball.core.errors import Problem, Refused, Undecided
from mothball.core.ledger import Ledger, Record
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Comparison
from mothball.core.run import measure
from mothball.core.saved import save
from mothball.core.selection import Rules, Verdict
from mothball.core.show import count, visible
from mothball.core.steps import COMMIT, State, Step, missing_work, start, steps
from mothball.core.survey import Survey
from mothball.core.tree import Move
from mothball.core.work import Work, joined
from mothball.effects.history import touches
from mothball.workflow.past import spellings
from mothball.workflow.references import foresee
from mothball.workflow.session import Session


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The plan worked out on a repository.

    ``steps`` pairs every step before the commit with the work that it still misses. ``cut_off`` says that an
    earlier run waits for recovery: what is there is half of it, and nothing else can be told.
    """

    survey: Survey
    steps: tuple[tuple[Step, Work], ...]
    outcomes: tuple[Outcome, ...]
    measured: dict[str, int]
    comparison: Comparison
    cut_off: bool = False

    @property
    def problems(self) -> list[Problem]:
        """What stands in the way."""
        return blocking(self.outcomes)

    def is_begun(self, step: Step) -> bool:
        """Say whether something of a step is archived or staged: of a category its files, else any."""
        return step.name in self._begun if step.name in self.survey.selection.moves else bool(self._begun)

    @cached_property
    def _begun(self) -> frozenset[str]:
        """The categories of which something is archived or staged."""
        seen = self.survey.snapshot
        moves = (*(record.move for record in self.survey.ledger.alive(seen.tree)), *seen.pending.moves)
        return frozenset(move.category for move in moves)

    @cached_property
    def work(self) -> Work:
        """All that is missing before the commit."""
        return joined(work for _, work in self.steps)

    @property
    def uncommitted(self) -> bool:
        """Whether the commit step has something to do."""
        pending = self.survey.snapshot.pending.then(self.work)
        return bool(pending.moves or pending.writes)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStatus:
    """One row of the status: ``state`` is ``done``, ``pending`` or ``blocked``."""

    name: str
    title: str
    state: str
    changes: int


def work_out(session: Session, plan: Plan, *, references: bool = True) -> Preview:
    """Work the plan out on the repository as it is now; reading references may be left out."""
    survey = session.survey(plan)
    seen = foresee(session, survey) if references else Referring(plan=plan, comparison=Comparison())
    outcomes = (
        *examine(PlanCheck, survey),
        *examine(RepositoryCheck, survey),
        *(examine(ReferenceCheck, seen) if references else ()),
    )
    # A page that cannot be read is in the outcomes already, and makes no step.
    readable = not any(problem.code in {"readme-markers", "plan-changed"} for problem in blocking(outcomes))
    todo = steps(plan) if readable else ()
    cut = _cut_off(session)
    return Preview(
        survey=survey,
        steps=missing_work(state_of(session, survey, seen), todo),
        outcomes=cut or outcomes,
        measured=measure(plan, survey.snapshot.tree),
        comparison=seen.comparison,
        cut_off=bool(cut),
    )


def _cut_off(session: Session) -> tuple[Outcome, ...]:
    """Return what says that an earlier run waits for recovery; nothing where none does."""
    try:
        session.require_settled()
    except Undecided as error:
        return (Outcome(code="cut-off", title="No earlier run was cut off", problems=error.problems),)
    return ()


def state_of(session: Session, survey: Survey, seen: Referring | None = None) -> State:
    """Return the state that the steps start from, with what they need of history and of references."""
    moves = (*survey.selection.all_moves, *survey.snapshot.pending.moves)
    with session.watch("Reading history", 0):
        found = touches(session.git, [move.source for move in moves])
    return start(survey, found, seen.fixes if seen else ())


def save_preview(preview: Preview) -> bytes:
    """Return the plan as worked out, for `archive_all` to do exactly that."""
    return save(preview.survey.plan, preview.survey.snapshot, preview.work)


def status(session: Session, plan: Plan) -> list[StepStatus]:
    """Say of every step whether it is done, pending or blocked."""
    preview = work_out(session, plan)
    rows = [
        StepStatus(
            name=step.name,
            title=step.title,
            state=_state(open_work=bool(work), preview=preview),
            changes=len(work),
        )
        for step, work in preview.steps
    ]
    open_work = preview.uncommitted
    state = _state(open_work=open_work, preview=preview)
    rows.append(StepStatus(name=COMMIT, title="Commit", state=state, changes=int(open_work)))
    return rows


def _state(*, open_work: bool, preview: Preview) -> str:
    if preview.cut_off:
        return "blocked"  # also what looks done may be half done
    return "done" if not open_work else "blocked" if preview.problems else "pending"


def why(
    session: Session, plan: Plan, named: str, here: str = ""
) -> tuple[Verdict, Record | None, bool, Move | None]:
    """Say what the plan makes of a path, named as git takes paths: from ``here`` or from the root.

    Returns:
        The verdict, its record in the ledger, whether git tracks it, and the move that is staged of it.

    Raises:
        Refused: it lies outside of the repository, or is a directory.
    """
    ledger = session.ledger(plan)
    rules = Rules(plan, frozenset(record.move.target for record in ledger.records))
    path = _meant(session, ledger, named, here)
    records = [record for record in ledger.records if path in {record.move.source, record.move.target}]
    listed = session.git.fields("ls-files", "-z", "--", path)
    if listed and listed != [path]:
        raise Refused(
            Problem(
                code="why-directory",
                where=path,
                found=f"this is a directory with {count(len(listed), 'tracked file')}",
                expected="a file",
                remedy="Name a file in it; `archive.plan` shows all.",
            )
        )
    staged = [move for move in session.store.pending().moves if path in {move.source, move.target}]
    held = [move for move in staged if session.git.fields("ls-files", "-z", "--", move.target)]
    verdict, record = rules.verdict(path), (records[0] if records else None)
    return verdict, record, bool(listed), (held[0] if held else None)


def _meant(session: Session, ledger: Ledger, named: str, here: str) -> str:
    """Return the path that is meant: the first that is or was there, else the one from the root."""
    meant = spellings(named, str(session.git.root), here)
    if not meant:
        raise Refused(
            Problem(
                code="why-outside",
                where=visible(named),
                found="this is no path inside of the repository",
                expected=f"a file below {session.git.root}",
                remedy="Name it from here or from the root.",
            )
        )
    known = {path for record in ledger.records for path in (record.move.source, record.move.target)}
    there = (one for one in meant if one in known or session.git.fields("ls-files", "-z", "--", one))
    return next(there, meant[-1])
