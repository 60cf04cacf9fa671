"""Portions: the work of a run, cut into the commits that the plan asks for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mothball.core.ledger import Ledger
from mothball.core.plan.model import Plan
from mothball.core.steps import ledger_path
from mothball.core.tree import Move, directories
from mothball.core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One commit: its moves, what is left for later ones, and the ledger (path, content) if it is partial."""

    subject: str
    moves: tuple[Move, ...]
    left: Work
    ledger: tuple[str, bytes] | None = None


def portions(plan: Plan, pending: Work, ledger: Ledger) -> Iterator[Portion]:
    """Cut the work into commits.

    Every one carries a ledger that holds its moves, or nobody could undo the first when the second is
    never made. The other pages describe all of the run and go with the last.
    """
    # A directory of the structure step that got no file is in no commit; undo still has to know it.
    used = directories([*(move.target for move in pending.moves), *(write.path for write in pending.writes)])
    empty = Work(directories=tuple(path for path in pending.directories if path not in used))
    if not plan.commit.per_category:
        yield Portion(subject=plan.commit.message, moves=pending.moves, left=empty)
        return
    first = plan.commit.message.splitlines()[0]
    where = ledger_path(plan)
    left = pending
    for category in plan.archive:
        moves = tuple(move for move in left.moves if move.category == category.name)
        if moves:
            rest = tuple(move for move in left.moves if move.category != category.name)
            partial = ledger.without(move.target for move in rest).dump()
            writes = tuple(
                replace(write, before=partial) if write.path == where else write for write in left.writes
            )
            left = Work(directories=empty.directories, moves=rest, writes=writes)
            subject = f"{first}: {category.title}"
            yield Portion(subject=subject, moves=moves, left=left, ledger=(where, partial))
    yield Portion(subject=f"{first}: README and index", moves=(), left=empty)
