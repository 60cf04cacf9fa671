"""Judge each claim of a file in the change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from mothball.core.references.change import Change
from mothball.core.references.claims import SEARCH_PATH, Claim, Severity
from mothball.core.references.findings import Dangling, Direction, Finding, Verdict
from mothball.core.references.reader import Reader
from mothball.core.references.reading import TOO_DEEP, Read
from mothball.core.references.remedies import remedy
from mothball.core.references.taken import Outermost, Taken
from mothball.core.references.world import WILDCARDS
from mothball.core.show import count, visible
from mothball.core.tree import parents


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found in one file.

    ``fails`` says whether one of the breaks takes the whole file down with it.
    """

    findings: tuple[Finding, ...]
    dangling: tuple[Dangling, ...]
    fails: bool


def judge(reading: Iterable[Read], file: str, change: Change) -> Judged:
    """Judge every claim in the reading of a file, which has the path ``file`` after the change.

    Of several claims about one place in a text, the first reader's that is a break counts; a place in a line
    is reported once.
    """
    found: dict[tuple[int, int], Finding] = {}
    dangling: dict[tuple[int, int], Dangling] = {}
    taken = Taken()
    fails = False
    home = change.home(file)
    for read in reading:
        reader = read.reader
        for claimed in read.claims:
            claim = taken.left(claimed) if reader.gleans else claimed
            if claim is None:
                continue
            spot = (claim.line, claim.column)
            old = change.before.find(reader.paths(claim, home, change.before))
            if not reader.gleans:
                taken.add(claim, found=bool(old))
            finding = _finding(reader, claim, old, file, change) if old else None
            if finding is None:
                if claim.firm and not claim.prose and old is None and _dangles(reader, claim, file, change):
                    dangling.setdefault(spot, _dangling(claim, file))
            elif spot not in found or _worse(finding, found[spot]):
                found[spot] = finding
                fails |= claim.carries and finding.verdict is Verdict.BREAK
        if read.unreadable:
            unread = _unreadable(read, file, change)
            found.setdefault((unread.line, unread.column), unread)
    return Judged(
        findings=tuple(_without_echoes(found.values())), dangling=tuple(dangling.values()), fails=fails
    )


def _unreadable(read: Read, file: str, change: Change) -> Finding:
    reason, line = read.unreadable or ("", 0)
    kind = read.reader.kind
    deep = f"is nested too deeply to be read as {kind}"
    return Finding(
        verdict=Verdict.UNKNOWN,
        severity=Severity.HARD,
        direction=_direction(file, change),
        file=file,
        line=line,
        column=1 if line else 0,
        kind=f"{kind}-unreadable",
        target="",
        old_path="",
        new_path=None,
        evidence=f"this file {deep if reason == TOO_DEEP else f'could not be read as {kind}: {reason}'}",
        remedy="Look through it by hand for what goes.",
    )


def _finding(reader: Reader, claim: Claim, old: str, file: str, change: Change) -> Finding | None:
    if old not in change.gone and file not in change.origins:
        return None
    if change.after.find(reader.paths(claim, file, change.after)) is not None:
        return None
    old = _directory_of(claim, old, change) or old
    new = change.became(old)
    found = Finding(
        verdict=_verdict(claim, file, new, change),
        severity=claim.severity,
        direction=_direction(file, change),
        file=file,
        line=claim.line,
        column=claim.column,
        kind=claim.kind,
        target=claim.text,
        old_path=old,
        new_path=new,
        evidence=_evidence(old, new, change),
        directory=old in change.before.directories,
    )
    return replace(found, remedy=remedy(found, change))


def _directory_of(claim: Claim, old: str, change: Change) -> str | None:
    """Return the directory that a glob matches in, where it is gone: what matched first is but one."""
    if WILDCARDS.isdisjoint(claim.wanted) or (WILDCARDS | {"%"}).isdisjoint(claim.text):
        return None
    parts = claim.wanted.split("/")[:-1]
    fixed = [part for part in takewhile(WILDCARDS.isdisjoint, parts) if part not in {"", ".", ".."}]
    tail = "/".join(["", *fixed])
    return next(
        (one for one in parents(old) if fixed and one in change.gone and f"/{one}".endswith(tail)), None
    )


def _verdict(claim: Claim, file: str, new: str | None, change: Change) -> Verdict:
    if claim.prose or (change.is_new(file) and not claim.firm):
        return Verdict.MENTION
    if claim.kind == SEARCH_PATH and new is None:
        return Verdict.MENTION  # what was imported from there is gone or scattered: each import is told
    return Verdict.UNKNOWN if claim.doubtful else Verdict.BREAK


def _direction(file: str, change: Change) -> Direction:
    return Direction.OUTBOUND if file in change.origins else Direction.INBOUND


def _evidence(old: str, new: str | None, change: Change) -> str:
    shown = visible(old)
    if old not in change.gone:
        return f"from its old place this found {shown}, from the new one it finds nothing"
    if new is not None:
        return f"{shown} {'moved' if change.is_past(old) else 'moves'} to {visible(new)}"
    if old in change.before.directories:
        moved = sum(file in change.moves for file in change.members(old))
        return f"nothing is left in {shown}: {count(moved, 'file')} of it moved"
    return f"{shown} is deleted"


def _dangles(reader: Reader, claim: Claim, file: str, change: Change) -> bool:
    """Say whether a claim that found nothing before finds nothing after either."""
    return change.after.find(reader.paths(claim, file, change.after)) is None


def _dangling(claim: Claim, file: str) -> Dangling:
    return Dangling(file=file, line=claim.line, column=claim.column, kind=claim.kind, target=claim.text)


def _worse(one: Finding, other: Finding) -> bool:
    return one.order < other.order


def _without_echoes(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out a finding whose text lies inside a worse one's text in the same line."""
    by_line: dict[int, Outermost] = {}
    for finding in sorted(findings, key=lambda one: (one.order, -len(one.target))):
        here = by_line.setdefault(finding.line, Outermost())
        if here.add(finding.column, finding.column + len(finding.target)) or not finding.line:
            yield finding
