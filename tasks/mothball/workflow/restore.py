"""Restore: bring single files home from the archive."""

from collections.abc import Iterable
from dataclasses import replace

from mothball.core.checks.references import not_allowed
from mothball.core.errors import Problem, Refused
from mothball.core.ledger import Ledger, Record
from mothball.core.markdown import shell_word
from mothball.core.pages import commit_message
from mothball.core.plan.model import Plan
from mothball.core.references.rewrites import rewritten
from mothball.core.show import count, visible
from mothball.core.steps import pages_of
from mothball.core.survey import Snapshot
from mothball.core.tree import Move
from mothball.workflow.back import Returned, homeward, require_nothing_pending, take_home
from mothball.workflow.compare import compare
from mothball.workflow.past import below, spellings
from mothball.workflow.session import Session


def restore(session: Session, plan: Plan, paths: Iterable[str], here: str = "") -> Returned:
    """Bring archived files home, each named by where it is or where it came from, file or directory.

    Files that a directory lost since are left out and named. What names a file by its place in the archive is
    no reason to leave it there: it is named as well.

    Args:
        session: the repository.
        plan: the plan in force: it says where ledger and README are.
        paths: what to bring back, as the user wrote it.
        here: the directory below the root in which the user stands.

    Raises:
        Refused: a path is not in the ledger, its old place is taken, or it was changed and not committed; or
            nothing of what a path names is in the archive any more.
    """
    with session.changing():
        survey = session.survey(plan)
        seen = survey.snapshot
        require_nothing_pending(seen)
        moves, lost = _named(survey.ledger, seen, paths, here)
        home = homeward(session, seen, moves)
        notices = (
            *(replace(_lost(record), blocking=False) for record in lost),
            *_left_dead(session, plan, seen, home),
        )
        ledger = survey.ledger.without(move.target for move in moves)
        pages = pages_of(plan, ledger, survey.texts)
        came = "it" if len(home) == 1 else "they"
        subject = f"restore: {count(len(home), 'archived file')} to where {came} came from"
        trailers = (("Mothball-Restore", str(len(home))), ("Mothball-Base", seen.commit))
        commit = take_home(session, seen, home, pages, commit_message(subject, trailers))
        return Returned(moves=home, commit=commit, notices=notices)


def _named(
    ledger: Ledger, seen: Snapshot, paths: Iterable[str], here: str
) -> tuple[list[Move], list[Record]]:
    """Return the recorded moves that the paths name, one per file, and the records of files that are gone.

    Raises:
        Refused: a path names none that is there.
    """
    places: dict[str, Record] = {}
    for record in ledger.records:
        places.setdefault(record.move.source, record)
    places |= {record.move.source: record for record in ledger.alive(seen.tree)}
    places |= {record.move.target: record for record in ledger.records}
    named: dict[str, Record] = {}
    problems = []
    for path in paths:
        meant = (below(places, one) for one in spellings(path, seen.root, here))
        found = [places[place] for place in next(filter(None, meant), [])]
        named |= {record.move.target: record for record in found}
        if not any(record.move.target in seen.tree for record in found):
            problems += [*map(_lost, found)] or [_unknown(path)]
    if problems:
        raise Refused(*problems)
    lost = [record for record in named.values() if record.move.target not in seen.tree]
    return [record.move for record in named.values() if record.move.target in seen.tree], lost


def _left_dead(session: Session, plan: Plan, seen: Snapshot, home: Iterable[Move]) -> Iterable[Problem]:
    """Yield each place that would no longer find a file by its name in the archive."""
    places = {move.source: move.target for move in home}
    after = {places.get(path, path): entry for path, entry in seen.tree.items()}
    for finding in not_allowed(plan, compare(session, seen.tree, after, places, plan).breaks()):
        text = rewritten(finding)
        yield Problem(
            code="restore-breaks",
            where=finding.where,
            found=f"{finding.kind} {visible(finding.target)} breaks: {finding.evidence}",
            remedy=f"Change it to {visible(text)} by hand." if text else "Change it or take it out by hand.",
            blocking=False,
        )


def _unknown(path: str) -> Problem:
    return Problem(
        code="restore-unknown",
        where=visible(path),
        found="the ledger knows no archived file by this path",
        expected="a path in the archive, or where something in it came from, from the root of the repository",
        remedy="`archive.why PATH` says what the plan makes of a path.",
    )


def _lost(record: Record) -> Problem:
    move = record.move
    return Problem(
        code="restore-gone",
        where=visible(move.target),
        found="this file was taken out of the archive since, so it does not come back to"
        f" {visible(move.source)}",
        remedy=f"`git cat-file blob {move.entry.blob[:12]}` prints its content;"
        f" `git log --diff-filter=D -- {shell_word(move.target)}` names the commit that took it out.",
    )
