"""The namespace of mothball's own checkout: the same tasks, on the sample unless told otherwise."""

import sys
from pathlib import Path

from invoke.collection import Collection
from invoke.context import Context

from mothball.cli import report, validate
from mothball.cli.archive import collection, plan_in_force
from mothball.cli.context import chosen, given

SAMPLE = "sample/flashcore"


def namespace(root: Path) -> Collection:
    """Return all tasks, with the sample's categories where no repository is named."""
    named = chosen(Context(), "repo", given(sys.argv, "repo"))
    steps = collection(plan_in_force() if named else _sample_outline())
    tasks = Collection(steps, validate.collection, report.collection)
    places = {"sample": str(root / SAMPLE), "reports": str(root / "reports")}
    tasks.configure({"mothball": {"repo": "", "plan": "", **places}})
    return tasks


def _sample_outline() -> tuple[tuple[str, str], ...]:
    from mothball.core.outline import read_outline
    from mothball.sample.plan import PLAN

    return read_outline(PLAN.encode())
