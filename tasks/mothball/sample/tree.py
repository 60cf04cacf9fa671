"""The files of the sample: 117 paths of FlashCore and the plan that tidies them."""

from collections.abc import Mapping

from mothball.sample import (
    chaos,
    gates,
    iterations,
    kernel,
    notes,
    packaging,
    pages,
    parity,
    scripts,
    validation,
)
from mothball.sample.plan import PLAN

__all__ = ["EXECUTABLE", "FIRST_README", "PLAN", "files"]

EXECUTABLE = frozenset(
    {"examples/quick_start.py", "flashcore/benchmark/expert_validation.py", "flashcore/build.py"}
)
"""The paths with mode 100755."""

FIRST_README = "# FlashCore\n\nAttention, fast. Nothing to see yet.\n"
"""What README.md says in the first commit."""


def files() -> Mapping[str, str]:
    """Every tracked path of the sample with its content."""
    return {
        **packaging.FILES,
        **pages.FILES,
        **kernel.FILES,
        **parity.FILES,
        **validation.FILES,
        **scripts.files(),
        **iterations.FILES,
        **notes.FILES,
        **chaos.FILES,
        **gates.FILES,
        "mothball.toml": PLAN,
    }
