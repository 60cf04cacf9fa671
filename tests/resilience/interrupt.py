"""SIGINT and SIGTERM at the effects of the real program: a sentence, an exit code, and the state before."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mothball.cli.program import main
from mothball.core.errors import Exit
from tests.resilience.sweep import Bench, Tally, chosen, forked, stopping

CODES: Final = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.TERMINATED}
WORDS: Final = {signal.SIGINT: "Interrupted", signal.SIGTERM: "Terminated"}
AGAIN: Final = 400
"""How often an impatient person presses Ctrl-C."""


def program(root: Path, *words: str) -> Callable[[], None]:
    """Return a call of the program as its users start it."""

    def run() -> None:
        sys.argv = ["mothball", *words, "--repo", str(root)]
        main()

    return run


def interrupt_sweep(
    bench: Bench, how: signal.Signals, stride: int = 1, *, every: bool = False, impatient: bool = False
) -> Tally:
    """Send a signal before the effects of the program (``impatient``: and before every one that follows)."""
    tally = Tally(f"{how.name}{' again and again' if impatient else ''}: {bench.scenario.name}")
    bench.look()
    run = program(bench.root, *bench.scenario.words)
    bench.fresh()
    points = bench.effects(lambda _: run())
    for point in chosen(points, stride, every=every):
        bench.fresh()
        sent = [how] * (AGAIN if impatient else 1)
        end = forked(run, prepare=stopping(point.number, sent), scratch=bench.scratch)
        where = f"{bench.scenario.name} with {how.name} before effect {point.number} ({point.what})"
        tally.add(_verdict(bench, end.code, end.said, how), where)
    return tally


def _verdict(bench: Bench, code: int, said: str, how: signal.Signals) -> str:
    if "Traceback" in said:
        return f"a traceback: {said[-600:]}"
    found = bench.verdict(again=False)
    if (bench.root / ".git/mothball/journal").exists():
        found = bench.recovered(again=False)
    if code == Exit.DONE:
        return found if found == "after" else f"exit code 0, but {found}"
    if code != CODES[how]:
        return f"exit code {code}, {found}: {said[-300:]!r}"
    if WORDS[how] not in said:
        return f"no sentence, {found}: {said[-300:]!r}"
    if found == "after" and "taken back" in said:
        return f"all is done, yet it says {said[-300:]!r}"
    return found
