"""The steps: each a function that lists what is still missing. Done means nothing is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.errors import Refused
from mothball.core.ledger import NAME, Ledger, Touch, read_ledger
from mothball.core.managed import with_section, without_section
from mothball.core.pages import index_section, readme_section
from mothball.core.plan.model import Plan
from mothball.core.selection import INDEX_NAME
from mothball.core.survey import Survey
from mothball.core.tree import Move
from mothball.core.work import Work, Write, joined, missing_directories

STRUCTURE: Final = "structure"
FIX: Final = "fix"
README: Final = "readme"
COMMIT: Final = "commit"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A repository as the next step will find it.

    Attributes:
        survey: what was seen before the first step.
        done: what is done but not committed, earlier work and that of the steps so far.
        directories: the directories above the targets that exist.
        texts: the content of the files that mothball writes.
        touches: the last commit of each file that is to be recorded.
        fixes: the files with references that can be rewritten.
    """

    survey: Survey
    done: tuple[Work, ...]
    directories: frozenset[str]
    texts: Mapping[str, bytes | None]
    touches: Mapping[str, Touch]
    fixes: tuple[Write, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self.survey.plan

    @property
    def pending(self) -> Work:
        """What is done but not committed, as one work."""
        return joined(self.done)

    def after(self, work: Work) -> "State":
        """Return the state that some work leads to."""
        return replace(
            self,
            done=(*self.done, work),
            directories=self.directories | set(work.directories),
            texts={**self.texts, **{write.path: write.after for write in work.writes}},
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the plan: its task's name, its title, and what it misses."""

    name: str
    title: str
    missing: Callable[[State], Work]


def steps(plan: Plan) -> tuple[Step, ...]:
    """Return the steps before the commit, in order."""
    return (
        Step(STRUCTURE, "Create the archive's directories", missing_structure),
        *(_category_step(category.name, category.title) for category in plan.archive),
        *([FIX_STEP] if plan.references.fix else []),
        Step(README, "Update the README, the archive's index and the ledger", missing_pages),
    )


def start(survey: Survey, touches: Mapping[str, Touch], fixes: tuple[Write, ...] = ()) -> State:
    """Return the state before the first step."""
    return State(
        survey=survey,
        done=(survey.snapshot.pending,),
        directories=survey.ground.directories,
        texts=survey.texts,
        touches=touches,
        fixes=fixes,
    )


def missing_work(state: State, todo: tuple[Step, ...]) -> tuple[tuple[Step, Work], ...]:
    """Return what each step misses when all are done in order."""
    found = []
    for step in todo:
        work = step.missing(state)
        found.append((step, work))
        state = state.after(work)
    return tuple(found)


def missing_structure(state: State) -> Work:
    """List the directories that the moves need."""
    targets = [move.target for move in state.survey.selection.all_moves]
    return Work(directories=missing_directories(targets, state.directories))


def _category_step(name: str, title: str) -> Step:
    def missing(state: State) -> Work:
        moves = state.survey.selection.moves[name]
        targets = [move.target for move in moves]
        return Work(directories=missing_directories(targets, state.directories), moves=moves)

    return Step(name, title, missing)


def missing_fixes(state: State) -> Work:
    """List the files whose references can be rewritten and are not yet."""
    return Work(writes=state.fixes)


FIX_STEP: Final = Step(FIX, "Rewrite the references that can be", missing_fixes)


def missing_pages(state: State) -> Work:
    """List the files of mothball's own whose content is not what it should be."""
    plan = state.plan
    where = ledger_path(plan)
    recorded = read_ledger(state.texts.get(where), path=where)
    ledger = recorded.having(unrecorded(state), plan, state.touches)
    wanted = pages_of(plan, ledger, state.texts) if ledger or recorded else {}
    writes = [Write(path, state.texts.get(path), after) for path, after in wanted.items()]
    writes = [write for write in writes if write.before != write.after]
    created = [write.path for write in writes if write.before is None]
    return Work(directories=missing_directories(created, state.directories), writes=tuple(writes))


def pages_of(plan: Plan, ledger: Ledger, texts: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """Return what the files of mothball's own should hold; an empty ledger leaves nothing of them."""
    index = plan.home + INDEX_NAME
    pages: dict[str, bytes | None] = {ledger_path(plan): None}
    sections = [(index, "Archive", index_section(plan, ledger))]
    if plan.readme:
        sections.append((plan.readme, plan.title, readme_section(plan, ledger, plan.readme)))
    for path, heading, section in sections:
        content = texts.get(path)
        if ledger:
            pages[path] = with_section(content, section, path=path, heading=heading)
        else:
            pages[path] = without_section(content, path=path, heading=heading)
    if ledger:  # the largest by far comes last, when the others need no more memory
        pages[ledger_path(plan)] = ledger.dump()
    return pages


def stale_pages(plan: Plan, ledger: Ledger, texts: Mapping[str, bytes | None]) -> list[str]:
    """Return the files of mothball's own that are not what this ledger makes of them."""
    if not ledger:
        return []
    try:
        wanted = pages_of(plan, ledger, texts)
    except Refused:  # a marker is missing, which a check of its own says
        return list(managed_paths(plan))
    return [path for path, content in wanted.items() if texts.get(path) != content]


def unrecorded(state: State) -> list[Move]:
    """Return the moves that no committed ledger holds, as the plan in force names them."""
    known = {category.name for category in state.plan.archive}
    return [move for move in state.pending.moves if move.category in known]


def ledger_path(plan: Plan) -> str:
    """Return where the ledger is."""
    return plan.home + NAME


def managed_paths(plan: Plan) -> tuple[str, ...]:
    """Return the files that mothball writes."""
    return tuple(
        dict.fromkeys([ledger_path(plan), plan.home + INDEX_NAME, *([plan.readme] if plan.readme else [])])
    )
