"""Report: what a repository holds and what becomes of it, written to a file for people."""

import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mothball.core.analysis import analysis_page, is_analysis
from mothball.core.analysis_values import Analysis, Moment, applied, unapplied
from mothball.core.analysis_verdict import state
from mothball.core.checks import CommitCheck, Outcome, ResultCheck, examine
from mothball.core.checks.repository import foreign
from mothball.core.errors import Problem, Refused, Undecided
from mothball.core.plan import Plan
from mothball.core.run import Result, Run
from mothball.core.show import visible
from mothball.core.survey import Survey
from mothball.core.tree import parents
from mothball.core.work import Work
from mothball.effects.files import Workspace, workspace
from mothball.effects.history import past_runs
from mothball.effects.look import tree_of
from mothball.workflow.past import moves_between
from mothball.workflow.preview import work_out
from mothball.workflow.session import Session
from mothball.workflow.validate import result_of

PLACE: Final = "reports/archive-analysis.md"
"""Where the analysis goes, from the root of the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A report: where it is, and what it comes to; ``done`` says that it is about a run that was made."""

    place: Path
    state: str
    done: bool
    moves: int
    tracked: int
    problems: int


def write_analysis(session: Session, plan: Plan, out: Path | None = None) -> Written:
    """Write the analysis below the repository, or where ``out`` says.

    Raises:
        Refused: something else than an earlier analysis lies there.
    """
    analysis = analyse(session, plan)
    with session.watch("Writing the analysis", 0):
        page = analysis_page(analysis).encode()
    if out is None:
        session.store.folder.mkdir(parents=True, exist_ok=True)
        _put(session.git.root, PLACE, page, session.store.folder)
    else:
        folder = out.absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
        _put(folder.resolve(), out.name, page, folder)
    return _written(session, analysis, out)


def foresee(session: Session, plan: Plan, out: Path | None = None) -> Written:
    """Say what `write_analysis` would write, and write nothing."""
    return _written(session, analyse(session, plan), out)


def _written(session: Session, analysis: Analysis, out: Path | None) -> Written:
    return Written(
        place=out or session.git.root / PLACE,
        state=state(analysis),
        done=analysis.run is not None,
        moves=len(analysis.moves),
        tracked=len(analysis.before),
        problems=len(analysis.problems),
    )


def analyse(session: Session, plan: Plan) -> Analysis:
    """Look at the repository: at what would move or, where nothing is left to, at the last run's result."""
    preview = work_out(session, plan)
    moves = preview.survey.snapshot.pending.then(Work(moves=preview.survey.selection.all_moves)).moves
    if not moves:
        past = _last_run(session, preview.survey)
        if past:
            return _executed(session, preview.survey, *past)
    seen = preview.survey.snapshot
    before = unapplied(seen.tree, seen.pending)
    return Analysis(
        plan=plan,
        root=seen.root,
        head=_moment(session, seen.commit),
        before=before,
        after=applied(plan, before, moves),
        moves=moves,
        ledger=preview.survey.ledger,
        outcomes=(*preview.outcomes, *_cut_off(session)),
        staged=len(seen.pending.moves),
        others=len(foreign(seen)),
    )


def _executed(session: Session, survey: Survey, run: Run, tip: str) -> Analysis:
    # What the run did is judged by its own result, whatever was committed since.
    there = replace(survey, snapshot=replace(survey.snapshot, tree=run.after))
    result: Result = replace(result_of(session, survey, run), survey=there)
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
    )


def _last_run(session: Session, survey: Survey) -> tuple[Run, str] | None:
    """Return the newest run that took something into the archive, and its last commit."""
    archived = {record.move.target for record in survey.ledger.records}
    for past in past_runs(session.git):
        if session.git.says("rev-parse", "--verify", "--quiet", f"{past.base}^{{tree}}") is None:
            return None  # history was cut off before it
        moves, written = moves_between(session.git, survey.plan, past.base, past.tip)
        if any(move.target in archived for move in moves):
            old, new = tree_of(session.git, past.base), tree_of(session.git, past.tip)
            run = Run(base=past.base, before=old, after=new, moves=moves, written=written, committed=True)
            return run, past.tip
    return None


def _moment(session: Session, commit: str) -> Moment:
    return Moment(commit, session.git.line("rev-parse", f"{commit}^{{tree}}"))


def _cut_off(session: Session) -> tuple[Outcome, ...]:
    """Return what says that an earlier run waits for recovery; nothing where none does."""
    try:
        session.require_whole()
    except Undecided as error:
        return (Outcome(code="cut-off", title="No earlier run was cut off", problems=error.problems),)
    return ()


def _put(root: Path, path: str, page: bytes, scratch: Path) -> None:
    """Write the file, following no link; what is there must be an earlier analysis.

    Raises:
        Refused: it is not.
    """
    with workspace(root, scratch) as held:
        for above in reversed(list(parents(path))):
            status = held.status(above)
            if status is not None and not stat.S_ISDIR(status.st_mode):
                raise Refused(_taken(root / above, "a directory"))
            held.make_directory(above)
        held.write(path, _earlier(held, root, path), page)
        held.sync()


def _earlier(held: Workspace, root: Path, path: str) -> bytes | None:
    status = held.status(path)
    if status is None:
        return None
    content = held.read(path) if stat.S_ISREG(status.st_mode) else None
    if content is None or not is_analysis(content):
        raise Refused(_taken(root / path, "nothing, or an earlier analysis, which starts with our comment"))
    return content


def _taken(place: Path, expected: str) -> Problem:
    return Problem(
        code="report-taken",
        where=visible(str(place)),
        found="something else lies here, and it is never overwritten",
        expected=expected,
        remedy="Move it away, or name another file with --out.",
    )
