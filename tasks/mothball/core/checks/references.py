"""Would anything that stays no longer find what it names?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from mothball.core.checks.base import Check
from mothball.core.errors import Exit, Problem
from mothball.core.patterns import Patterns
from mothball.core.plan import Plan
from mothball.core.references.findings import Comparison, Direction, Finding, Verdict
from mothball.core.show import count, listing, visible
from mothball.core.work import Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """A comparison, and what the plan thinks of its files.

    Attributes:
        unclassified: files that the plan neither keeps nor archives where it should.
        archived: where the files that were archived before came from.
        fixes: the files that a run rewrites, so that what they name is found.
        fixed: the places, as `Finding.where`, that this mends.
    """

    plan: Plan
    comparison: Comparison
    unclassified: frozenset[str] = frozenset()
    archived: frozenset[str] = frozenset()
    fixes: tuple[Write, ...] = ()
    fixed: frozenset[str] = frozenset()


class ReferenceCheck(Check[Referring]):
    """The family of checks of what files name."""

    known: ClassVar = []


class NothingBreaks(ReferenceCheck):
    """Nothing that stays names anything that goes."""

    code = "reference-breaks"

    def find(self, case: Referring) -> Iterator[Problem]:
        """Yield each break that is neither allowed nor rewritten; a notice where the file is unclassified."""
        for finding in not_allowed(case.plan, case.comparison.breaks()):
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
            if not any(Patterns([[allowed.target]]).walk(sorted(case.archived))):
                yield self.problem(
                    case.plan.where(allowed.key),
                    f"no break from {visible(allowed.source)} to {visible(allowed.target)} is there to allow",
                    "one",
                    "Take the allowance out; it has done its work.",
                )


class OthersKnown(ReferenceCheck):
    """What cannot break, and what nobody can tell, is counted."""

    code = "reference-notes"

    def find(self, case: Referring) -> Iterator[Problem]:
        """Yield a notice for each doubtful place, and one for mentions, moved files and unread ones."""
        found = case.comparison
        for finding in found.findings:
            if finding.verdict is Verdict.UNKNOWN and finding.direction is Direction.INBOUND:
                said = (
                    f"{_what(finding)} may break: {finding.evidence}" if finding.target else finding.evidence
                )
                yield self.problem(finding.where, said, "", finding.remedy, blocking=False)
        inbound = [one for one in found.findings if one.direction is Direction.INBOUND]
        mentions = [one.where for one in inbound if one.verdict is Verdict.MENTION]
        outbound = found.breaks(Direction.OUTBOUND)
        dangling = [f"{one.file}:{one.line}" for one in found.dangling]
        skipped = [f"{one.file} ({one.reason})" for one in found.skipped if one.reason != "binary"]
        yield from self._note(mentions, "place", "only mentions what goes", "They will read stale.")
        yield from self._note(
            [one.where for one in outbound],
            "place",
            "in archived files finds nothing from there",
            "The archive is a record: run such files from history.",
        )
        yield from self._note(dangling, "place", "found nothing before the move already", "")
        yield from self._note(skipped, "file", "was not read", "Look through them by hand.")

    def _note(self, places: list[str], noun: str, what: str, remedy: str) -> Iterator[Problem]:
        if places:
            found = f"{count(len(places), noun)}: {what}: {listing(places, 3)}"
            yield self.problem("references", found, "", remedy, blocking=False)


def not_allowed(plan: Plan, breaks: Iterable[Finding]) -> list[Finding]:
    """Return the breaks that no entry of ``[references] allow`` covers."""
    numbers = range(len(plan.references.allow))
    return [one for one in breaks if not any(_allows(plan, index, one) for index in numbers)]


def _allows(plan: Plan, index: int, finding: Finding) -> bool:
    allowed = plan.references.allow[index]
    return bool(Patterns([[allowed.source]]).hits(finding.file)) and bool(
        Patterns([[allowed.target]]).hits(finding.old_path)
    )


def _what(finding: Finding) -> str:
    return f"{finding.kind} {visible(finding.target)}" if finding.target else finding.kind
