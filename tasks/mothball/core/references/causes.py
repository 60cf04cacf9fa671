"""Findings of one cause, told as one."""

from collections.abc import Iterable

from mothball.core.references.findings import Finding
from mothball.core.references.rewrites import rewritten


def by_cause(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group findings by what went, by kind, and by whether it is known what to write instead."""
    causes: dict[tuple[object, ...], list[Finding]] = {}
    for one in findings:
        cause = one.verdict, one.old_path, one.evidence, one.kind, rewritten(one) is not None
        causes.setdefault(cause, []).append(one)
    return list(causes.values())


def common_remedy(some: list[Finding]) -> str:
    """Return what to do about places of one cause: said of the first, where the words differ."""
    first = some[0].remedy
    return first if all(one.remedy == first for one in some) else f"The first of them: {first}"
