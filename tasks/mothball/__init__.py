"""Retire experimental code from a git repository without losing a byte or breaking a thing.

For a user's own ``tasks.py``::

    from invoke.collection import Collection

    from mothball import archive, report, validate

    ns = Collection(archive, validate, report)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from invoke.collection import Collection

    archive: Collection
    report: Collection
    validate: Collection

__all__ = ["archive", "report", "validate"]


def __getattr__(name: str) -> Any:
    """Build a collection when it is asked for: importing `mothball` costs nothing."""
    if name == "archive":
        from mothball.cli.archive import collection, plan_in_force

        return collection(plan_in_force())
    if name == "validate":
        from mothball.cli.validate import collection as checks

        return checks
    if name == "report":
        from mothball.cli.report import collection as reports

        return reports
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
