"""The texts of before a run, with what people wrote since: only what the run wrote goes."""

from collections.abc import Iterable, Mapping

from mothball.core.errors import Problem, Refused
from mothball.core.managed import section_of, with_that_section, without_section
from mothball.core.plan.model import Plan
from mothball.core.show import visible
from mothball.core.steps import ledger_path, managed_paths
from mothball.effects.history import PastRun
from mothball.effects.merge import merge
from mothball.workflow.past import blob_at, blob_of, content_at
from mothball.workflow.session import Session


def pages_back(
    session: Session, plan: Plan, run: PastRun, texts: Mapping[str, bytes | None]
) -> Iterable[tuple[str, bytes | None]]:
    """Yield the content that each file has without the run.

    It is that of before; where somebody edited the file since, their text stays and what the run wrote goes.

    Raises:
        Refused: what the run wrote was edited itself.
    """
    git = session.git.fetching()
    for path, now in texts.items():
        base = content_at(git, run.base, path)
        if blob_of(git, path, now) == blob_at(git, run.tip, path):
            yield path, base
            continue
        tip = content_at(git, run.tip, path)
        if now is None or tip is None or path == ledger_path(plan):
            raise Refused(page_edited(path))
        ours = path in managed_paths(plan)
        pair = _with_section_of_before(plan, path, (now, tip, base)) if ours else (now, tip)
        yield path, _merged(session, path, (*pair, base))


def _with_section_of_before(
    plan: Plan, path: str, texts: tuple[bytes, bytes, bytes | None]
) -> tuple[bytes | None, bytes | None]:
    """Return the texts of now and of the run with the section that the file had before, if it had one."""
    now, tip, base = texts
    written, there = section_of(tip, path=path), section_of(now, path=path)
    if written is None or there is None or written.rstrip() != there.rstrip():
        raise Refused(page_edited(path))
    former = section_of(base, path=path)
    if former is not None:
        return with_that_section(now, former, path=path), with_that_section(tip, former, path=path)
    heading = plan.title if path == plan.readme else "Archive"
    return tuple(without_section(text, path=path, heading=heading) for text in (now, tip))  # type: ignore[return-value]


def _merged(
    session: Session, path: str, texts: tuple[bytes | None, bytes | None, bytes | None]
) -> bytes | None:
    now, tip, base = texts
    if tip == base:
        return now
    if now is None or tip is None or base is None:
        raise Refused(page_edited(path))
    found = merge(session.git, session.store.folder, now, tip, base)
    if isinstance(found, int):
        raise Refused(page_edited(path, found))
    return found


def page_edited(path: str, line: int | None = None) -> Problem:
    """Say that something which a run wrote was edited since, and where, if that is known."""
    return Problem(
        code="undo-edited",
        where=f"{visible(path)}:{line}" if line else visible(path),
        found="this file was changed after the run",
        expected="its content of then, which undo replaces by that of before",
        remedy="Take your change out first; or let `archive.restore` bring the files back: it leaves your"
        " text around the managed section alone.",
    )
