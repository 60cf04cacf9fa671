"""What the analysis says of places that name what goes: those in files that stay, worst first."""

from collections.abc import Container

from mothball.core.analysis.values import Reference
from mothball.core.checks.references import not_allowed
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Comparison, Direction, Finding, Verdict
from mothball.core.references.rewrites import rewritten


def references_of(found: Comparison, plan: Plan, written: Container[str] = ()) -> tuple[Reference, ...]:
    """Return the places, without the breaks that the plan allows and those that the run rewrites.

    ``written`` are the files that the run rewrites.
    """
    breaks = {id(finding) for finding in not_allowed(plan, found.breaks())}
    return tuple(
        _reference(finding)
        for finding in sorted(found.findings, key=lambda finding: finding.order)
        if finding.direction is Direction.INBOUND
        and (finding.verdict is not Verdict.BREAK or id(finding) in breaks)
        and not (finding.file in written and rewritten(finding) is not None)
    )


def _reference(finding: Finding) -> Reference:
    return Reference(
        file=finding.file,
        line=finding.line,
        column=finding.column,
        kind=finding.kind,
        verdict=finding.verdict.value,
        severity=finding.severity.value,
        target=finding.target,
        remedy=finding.remedy,
        message=finding.evidence,
    )
