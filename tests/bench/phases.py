"""Where the time of a run goes: each phase of `archive.all` on its own, timed from inside one process.

``python -m tests.bench.phases REPOSITORY`` archives that repository and prints a JSON object of seconds.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mothball.effects.transaction import Transaction
from mothball.workflow import archive, preview, session, validate
from mothball.workflow.session import Session, open_session

PARTS: tuple[tuple[str, Any, str], ...] = (
    ("read the plan", Session, "plan"),
    ("look", Session, "survey"),
    ("select", session, "select"),
    ("references", archive, "foresee"),
    ("references", validate, "compared"),
    ("history", preview, "touches"),
    ("check the ground, write the journal", Transaction, "__enter__"),
    ("act", Transaction, "act"),
    ("prove", archive, "_prove"),
    ("commit", Transaction, "commit"),
)
"""Each phase, and the function that is all of it but for the other phases that it calls."""
OTHER = "decide, and all else"


@dataclass
class Clock:
    """Seconds of each phase, without those of the phases inside it."""

    seconds: dict[str, float] = field(default_factory=dict)
    inside: list[float] = field(default_factory=list)

    def timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, with its time counted for a phase."""

        def run(*args: Any, **given: Any) -> Any:
            began = time.perf_counter()
            self.inside.append(0.0)
            try:
                return function(*args, **given)
            finally:
                took = time.perf_counter() - began
                self.seconds[phase] = self.seconds.get(phase, 0.0) + took - self.inside.pop()
                if self.inside:
                    self.inside[-1] += took

        return run


def phases(root: Path) -> dict[str, float]:
    """Archive a repository; return the seconds of each phase in the order in which they first ended."""
    clock = Clock()
    for phase, owner, name in PARTS:
        setattr(owner, name, clock.timed(phase, getattr(owner, name)))

    def run() -> None:
        opened = open_session(root)
        archive.archive_all(opened, opened.plan(), lambda _: None, archive.Options(commands=False))

    gc.set_threshold(100_000)  # as every command does
    clock.timed(OTHER, run)()
    return clock.seconds


if __name__ == "__main__":
    json.dump(phases(Path(sys.argv[1])), sys.stdout)
