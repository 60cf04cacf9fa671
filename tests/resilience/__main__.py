"""The whole of the resilience suite as one table: ``python -m tests.resilience``."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from signal import SIGINT, SIGTERM
from typing import Any

from tests.resilience.calls import (
    call_fault_sweep,
    call_kill_sweep,
    call_signal_sweep,
    can_preload,
    environment,
)
from tests.resilience.interrupt import interrupt_sweep
from tests.resilience.life import life_sweep
from tests.resilience.meddle import fault_sweep, meddle_sweep
from tests.resilience.plants import BUGS
from tests.resilience.power import power_sweep, sync_at_once
from tests.resilience.sweep import Bench, Plant, Tally, kill_sweep, recovery_sweep
from tests.resilience.world import SCENARIOS, hush, workbench

CALLS = (call_kill_sweep, call_signal_sweep, call_fault_sweep, power_sweep)
"""Sweeps that need the library which counts system calls."""

SMALL = ("step", "readme", "undo-staged")
"""Scenarios short enough to have most things tried everywhere."""

CROWDED = "all-hundred-moves"
"""The scenario in which the same effect comes a hundred times: what comes between is tried on the others."""


@dataclass(frozen=True)
class Job:
    """One sweep over one scenario."""

    sweep: Callable[..., Tally]
    scenario: str
    given: Mapping[str, Any]

    def run(self, stride: int) -> Tally:
        """Run it on a bench of its own."""
        with workbench() as folder:
            given = {**self.given, "stride": stride * self.given.get("stride", 1)}
            tally = self.sweep(Bench(folder, SCENARIOS[self.scenario]), **given)
        tally.stride = given["stride"]
        if given.get("matrix"):
            tally.sweep += ", all with all"
        return tally


def plant_sweep(bench: Bench, stride: int, *, name: str) -> Tally:
    """Plant a bug; to find it is to end well."""
    del stride
    tally = Tally("planted bugs: found")
    tally.add("refused" if BUGS[name].found(bench) else "no sweep noticed it", name)
    return tally


def jobs() -> Iterator[Job]:
    """List everything, the long ones first."""
    for name in SCENARIOS:
        small, crowded = name in SMALL, name == CROWDED
        some = 1 if small else 24 if crowded else 2
        yield Job(kill_sweep, name, {"again": 3, "every": name == "step"})
        yield Job(life_sweep, name, {"matrix": name in SMALL[:2], "stride": 4 if crowded else 1})
        yield Job(recovery_sweep, name, {"stride": 4 if small else 24, "inner": 2 if small else 12})
        yield Job(meddle_sweep, name, {"matrix": name == "step", "every": small, "stride": some})
        yield Job(fault_sweep, name, {"matrix": name == "step", "every": small, "stride": some})
        for how in (SIGINT, SIGTERM):
            yield Job(interrupt_sweep, name, {"how": how, "stride": 2 if small else 8})
        yield Job(interrupt_sweep, name, {"how": SIGINT, "impatient": True, "stride": 4 if small else 16})
        if can_preload():
            yield Job(call_kill_sweep, name, {"again": 8})
            yield Job(call_fault_sweep, name, {"stride": 1 if small else 8})
            yield Job(call_signal_sweep, name, {"how": SIGINT, "stride": 8 if small else 40})
            yield Job(power_sweep, name, {"stride": 3 if small else 40})
            yield Job(power_sweep, name, {"stride": 6 if small else 80, "plant": Plant(run=sync_at_once)})
    for name, bug in BUGS.items():
        yield Job(plant_sweep, bug.scenario, {"name": name})


def work(number: int, stride: int) -> None:
    """Run one job and print its tally as JSON."""
    hush()
    sys.stdout.write(json.dumps(asdict(list(jobs())[number].run(stride))))


def started(number: int, stride: int) -> Tally:
    """Run one job in a process of its own, for it forks."""
    command = [sys.executable, "-m", "tests.resilience", "--job", str(number), "--stride", str(stride)]
    job = list(jobs())[number]
    with workbench() as folder:
        counted = environment(folder) if job.sweep in CALLS else {}
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **counted})
    if done.returncode:
        said = done.stderr.decode(errors="replace")
        return Tally(
            f"{job.sweep.__name__}: {job.scenario}", other=[f"the sweep itself failed: {said[-3000:]}"]
        )
    return Tally(**json.loads(done.stdout))


def main() -> int:
    """Run all jobs, or those asked for, and print the table; any other ending than the known ones fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.resilience", description=__doc__)
    parser.add_argument("--only", default="", help="only sweeps whose name holds this, such as 'kill'")
    parser.add_argument("--scenario", default="", help=f"only this one of {', '.join(SCENARIOS)}")
    parser.add_argument("--stride", type=int, default=1, help="try every n-th point only")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--job", type=int, default=None, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job is not None:
        work(asked.job, asked.stride)
        return 0
    begun = time.monotonic()
    wanted = [
        number
        for number, job in enumerate(jobs())
        if asked.only in job.sweep.__name__ and asked.scenario in {"", job.scenario}
    ]
    rows: dict[str, Tally] = {}
    with ThreadPoolExecutor(asked.workers) as pool:
        for tally in pool.map(lambda number: started(number, asked.stride), wanted):
            rows.setdefault(tally.sweep, Tally(tally.sweep, tally.stride)).absorb(tally)
            sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {tally.sweep}: {tally.tried}\n")
            for complaint in tally.other:
                sys.stderr.write(f"    {complaint}\n")
    report(sorted(rows.values(), key=lambda tally: tally.sweep), time.monotonic() - begun)
    return 1 if any(tally.other or tally.littered for tally in rows.values()) else 0


def report(rows: list[Tally], seconds: float) -> None:
    """Print the table."""
    total = Tally("all")
    for row in rows:
        total.absorb(row)
    shape = "{:<62} {:>6} {:>6} {:>7} {:>6} {:>8} {:>6} {:>7}\n"
    sys.stdout.write(
        shape.format("sweep", "stride", "tried", "before", "after", "refused", "other", "litter")
    )
    for row in (*rows, total):
        figures = (row.tried, row.before, row.after, row.refused, len(row.other), row.littered)
        sys.stdout.write(shape.format(row.sweep, "" if row is total else row.stride, *figures))
    sys.stdout.write(
        f"{seconds:.0f} s. stride n: every n-th point. refused: exit code 6 or 7 and nothing touched, or a"
        " planted bug found. other and litter must be 0.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
