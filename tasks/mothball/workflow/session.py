"""A session: one repository and one plan, looked at as often as needed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mothball.core.errors import Exit, Findings, MothballError, PlanError, Problem, Refused, Undecided
from mothball.core.ledger import Ledger, read_ledger
from mothball.core.plan.model import Plan
from mothball.core.selection import select
from mothball.core.steps import ledger_path, managed_paths
from mothball.core.survey import Snapshot, Survey, still_true
from mothball.core.work import Work
from mothball.effects.git import Git
from mothball.effects.ground import survey_ground
from mothball.effects.look import read_text, snapshot
from mothball.effects.native import return_large_blocks
from mothball.effects.opening import open_repository, open_staged
from mothball.effects.plans import load_plan
from mothball.effects.recovery import recover
from mothball.effects.store import Store
from mothball.effects.transaction import Transaction

Watch = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Shows progress: given a title and a total (0: unknown), a context whose value is told of each step."""


@contextmanager
def unwatched(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show no progress."""
    del title, total
    yield lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One repository and how to act on it.

    Attributes:
        git: the work tree.
        store: mothball's own records in it.
        plan_file: the plan that the user named, if any.
        trust: whether the plan's commands may run without having been agreed to before.
        watch: shows progress.
        door: the only program that finds the repository; ``""`` where each does that is started in it.
    """

    git: Git
    store: Store
    plan_file: Path | None = None
    trust: bool = False
    watch: Watch = unwatched
    door: str = ""

    def plan(self) -> Plan:
        """Read the plan in force (`PlanError` when it has mistakes)."""
        return load_plan(self.git.root, self.plan_file)

    def survey(self, plan: Plan, pending: Work | None = None) -> Survey:
        """Look at everything that deciding needs.

        ``pending`` is what is done but not committed; it is read from our records where it is not given.
        """
        with self.watch("Looking", 0):
            seen = snapshot(self.git, self.store.pending() if pending is None else pending)
            ours = {*managed_paths(plan), *(write.path for write in seen.pending.writes)}
            texts = {path: read_text(self.git, path) for path in ours}
            # What is there as it was written is kept once: the ledger of a million files has 250 MB.
            written = {write.path: write.after for write in seen.pending.writes}
            texts |= {path: text for path, text in written.items() if texts[path] == text}
            where = ledger_path(plan)
            ledger = read_ledger(texts[where], path=where)
            done = still_true(seen, ledger, texts)
            selection = select(plan, seen.tree, ledger, done.moves)
            ground = survey_ground(self.git, seen, selection.all_moves, managed_paths(plan))
        return Survey(
            plan=plan,
            snapshot=replace(seen, pending=done),
            ledger=ledger,
            selection=selection,
            ground=ground,
            texts=texts,
        )

    def ledger(self, plan: Plan) -> Ledger:
        """Read the ledger from the work tree."""
        where = ledger_path(plan)
        return read_ledger(read_text(self.git, where), path=where)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; refuse while an earlier run is cut off.

        Raises:
            Undecided: there is a journal: `archive.recover` comes first.
        """
        with self.store.locked():
            self.require_whole()
            yield

    def transaction(self, seen: Snapshot, work: Work) -> Transaction:
        """Return a transaction of some work on the repository as seen."""
        return Transaction(self.git, self.store, work, base=seen.commit, tree=seen.tree, prior=seen.pending)

    def require_whole(self) -> None:
        """Refuse while a run that was cut off waits for recovery."""
        journal = self.store.journal()
        if journal is not None:
            raise Undecided(
                Problem(
                    code="cut-off",
                    where=str(self.git.root),
                    found="an earlier run was cut off; nothing is lost",
                    remedy="`archive.recover` brings the repository back to before it.",
                )
            )

    def require_settled(self) -> None:
        """Refuse to judge what a run that was cut off left half done; one that is at work is not cut off."""
        if not self.store.is_locked():
            self.require_whole()

    def recover(self, *, forget: bool = False) -> str:
        """Settle a cut-off run; with ``forget`` only drop its journal.

        Returns:
            Where it is now: ``before`` it, ``after`` it, or ``forgotten``; nothing where there was none.
        """
        with self.store.locked():
            if forget:
                there = self.store.journal() is not None
                self.store.close_journal()
                return "forgotten" if there else ""
            return recover(self.git, self.store)


def open_session(
    repo: Path,
    plan_file: Path | None = None,
    *,
    trust: bool = False,
    watch: Watch = unwatched,
    door: str = "",
) -> Session:
    """Open the repository that a directory belongs to.

    Raises:
        Refused: there is none to act on.
    """
    return_large_blocks()
    git = open_repository(repo)
    return Session(git=git, store=Store(git), plan_file=plan_file, trust=trust, watch=watch, door=door)


def open_for_commit(repo: Path, plan_file: Path | None = None, *, watch: Watch = unwatched) -> Session:
    """Open a repository to judge what is about to be committed; inside one of its hooks as well.

    Raises:
        Refused: there is none, or a hook of another repository is running.
    """
    git = open_staged(repo)
    return Session(git=git, store=Store(git), plan_file=plan_file, watch=watch)


def stop_on(problems: Iterable[Problem]) -> None:
    """Raise the problems as one error, with the exit code of the gravest.

    Raises:
        PlanError: one of them is a mistake in the plan.
        Refused: one of them is the repository's state.
        Findings: there are others.
    """
    found = list(problems)
    if not found:
        return
    gravest = min(problem.exit for problem in found)
    kinds: dict[Exit, type[MothballError]] = {Exit.PLAN: PlanError, Exit.FINDINGS: Findings}
    raise kinds.get(gravest, Refused)(*found)
