"""Would anything that stays no longer find what it names?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from mothball.core.checks.base import Check
from mothball.core.errors import Exit, Problem
from mothball.core.patterns import Patterns
from mothball.core.plan.model import Plan
from mothball.core.references.claims import Severity
from mothball.core.references.findings import Comparison, Direction, Finding, Verdict
from mothball.core.show import count, visible
from mothball.core.work import Write

COUNTS: Final = "references"
"""Where the notices are that count what is harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """A comparison, and what the plan thinks of its files.

    Attributes:
        unclassified: files that the plan neither keeps nor archives where it should.
        archived: where the files that were archived before came from.
        fixes: the files that a run rewrites, so that what they name is found.
        fixed: the places, as `Finding.where`, that this mends.
        busy: the files that are not rewritten, although they could be, for edits that are in no commit.
    """

    plan: Plan
    comparison: Comparison
    unclassified: frozenset[str] = frozenset()
    archived: frozenset[str] = frozenset()
    fixes: tuple[Write, ...] = ()
    fixed: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()


class ReferenceCheck(Check[Referring]):
    """The family of checks of what files name."""

    known: ClassVar = []


class NothingBreaks(ReferenceCheck):
    """Nothing that stays names anything that goes."""

    code = "reference-breaks"

    def find(self, case: Referring) -> Iterator[Problem]:
        """Yield each break that is neither allowed nor rewritten; a notice where the file is unclassified."""
        for finding in _spread(not_allowed(case.plan, case.comparison.breaks())):
            if finding.where in case.fixed:
                continue
            yield self.problem(
                finding.where,
                f"{_what(finding)} breaks: {finding.evidence}",
                "",
                finding.remedy,
                blocking=finding.file not in case.unclassified,
            )


class AllowancesCount(ReferenceCheck):
    """Every allowed break exists."""

    code = "reference-allow-idle"
    exit = Exit.PLAN

    def find(self, case: Referring) -> Iterator[Problem]:
        """Yield the allowances that match neither a break nor anything that is archived already."""
        breaks = case.comparison.breaks()
        for index, allowed in enumerate(case.plan.references.allow):
            if any(_allows(case.plan, index, finding) for finding in breaks):
                continue
            if any(Patterns([[allowed.target]]).walk(sorted(case.archived))):
                continue
            harmless = any(
                _allows(case.plan, index, one)
                for one in case.comparison.findings
                if one.verdict is not Verdict.BREAK and one.direction is Direction.INBOUND
            )
            yield self.problem(
                case.plan.where(allowed.key),
                f"no break from {visible(allowed.source)} to {visible(allowed.target)} is there to allow",
                "one",
                "Take it out: what it names stops no run, and needs no allowance."
                if harmless
                else "Correct it, or take it out; `validate.references` says what to write for each break.",
            )


class OthersKnown(ReferenceCheck):
    """What cannot break, and what nobody can tell, is counted."""

    code = "reference-notes"

    def find(self, case: Referring) -> Iterator[Problem]:
        """Yield a notice for each doubtful place and busy file; one for mentions, moved and unread files."""
        found = case.comparison
        for finding in found.findings:
            if finding.verdict is Verdict.UNKNOWN and finding.direction is Direction.INBOUND:
                said = (
                    f"{_what(finding)} may break: {finding.evidence}" if finding.target else finding.evidence
                )
                yield self.problem(finding.where, said, "", finding.remedy, blocking=False)
        for file in sorted(case.busy):
            yield self.problem(
                file,
                "it has edits that are in no commit, so what it names is not rewritten",
                "",
                "Commit or stash them, and run `archive.fix` again.",
                blocking=False,
            )
        for words, where in counted(found):
            said = f"{words}, such as {visible(where)}"
            listed = "`validate.references --json` lists them."
            yield self.problem(COUNTS, said, "", listed, blocking=False)
        unread = [skip for skip in found.skipped if skip.reason != "binary"]
        if unread:
            number = f"{count(len(unread), 'file')} {'was' if len(unread) == 1 else 'were'} not read"
            said = f"{number}, such as {visible(unread[0].file)} ({unread[0].reason})"
            yield self.problem(COUNTS, said, blocking=False)


def counted(found: Comparison) -> Iterator[tuple[str, str]]:
    """Yield how many places of each harmless sort there are, in words, with the first of them."""
    inbound = [one for one in found.findings if one.direction is Direction.INBOUND]
    sorts = (
        (
            [one.where for one in inbound if one.verdict is Verdict.MENTION],
            "place only mentions what goes",
            "places only mention what goes",
        ),
        (
            [broken.where for broken in found.breaks(Direction.OUTBOUND)],
            "place in an archived file finds nothing from there",
            "places in archived files find nothing from there",
        ),
        (
            [f"{loose.file}:{loose.line}" for loose in found.dangling],
            "place found nothing before the move either",
            "places found nothing before the move either",
        ),
    )
    for places, one, many in sorts:
        if places:
            yield (f"1 {one}" if len(places) == 1 else f"{len(places):,} {many}"), places[0]


def not_allowed(plan: Plan, breaks: Iterable[Finding]) -> list[Finding]:
    """Return the breaks that no entry of ``[references] allow`` covers."""
    numbers = range(len(plan.references.allow))
    return [one for one in breaks if not any(_allows(plan, index, one) for index in numbers)]


def _spread(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with one of each cause first: whoever reads five of them sees five causes."""
    seen: Counter[tuple[bool, str]] = Counter()
    ranked: list[tuple[bool, int, Finding]] = []
    for finding in findings:
        follows = finding.severity is Severity.TRANSITIVE
        seen[follows, finding.old_path] += 1
        ranked.append((follows, seen[follows, finding.old_path], finding))
    return [finding for *_, finding in sorted(ranked, key=lambda one: one[:2])]


def _allows(plan: Plan, index: int, finding: Finding) -> bool:
    allowed = plan.references.allow[index]
    if not Patterns([[allowed.source]]).hits(finding.file):
        return False
    target = Patterns([[allowed.target]])
    if not finding.directory:
        return bool(target.hits(finding.old_path))
    # Patterns know files and what is above them: a directory is asked for above a file that it might hold.
    return any(hit.directory for hit in target.hits(f"{finding.old_path}/file"))


def _what(finding: Finding) -> str:
    return f"{finding.kind} {visible(finding.target)}" if finding.target else finding.kind
