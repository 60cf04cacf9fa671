"""Does a commit bring back what the plan archives, or name what is archived?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mothball.core.checks.base import Check
from mothball.core.errors import Problem
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Finding
from mothball.core.selection import Verdict
from mothball.core.show import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a commit brings.

    Attributes:
        selected: the plan's verdict on each new file that it would archive.
        breaks: the places that break by this commit, and that the plan does not allow.
    """

    plan: Plan
    selected: tuple[Verdict, ...] = ()
    breaks: tuple[Finding, ...] = ()


class GuardCheck(Check[Brought]):
    """The family of checks of a commit."""

    known: ClassVar = []


class NothingComesBack(GuardCheck):
    """No new file is one that the plan archives."""

    code = "guard-new-file"

    def find(self, case: Brought) -> Iterator[Problem]:
        """Yield each new file that an archive pattern matches and no keep pattern."""
        for verdict in case.selected:
            claim = verdict.takes[0]
            yield self.problem(
                visible(verdict.path),
                f"this new file is one that the plan archives: {visible(claim.pattern)!r} matches it"
                f" ({case.plan.where(claim.key)})",
                "",
                "Put it elsewhere or under a [[keep]] pattern of the plan; what belongs into the archive"
                " goes there by `archive.all`, after a commit with --no-verify.",
            )


class NothingNewBreaks(GuardCheck):
    """Nothing new names what is archived."""

    code = "guard-new-break"

    def find(self, case: Brought) -> Iterator[Problem]:
        """Yield each break that was not there before."""
        for finding in case.breaks:
            yield self.problem(
                finding.where,
                f"{finding.kind} {visible(finding.target)} breaks: {finding.evidence}",
                "",
                finding.remedy,
            )
