"""The sweeps one level down: every system call that changes a file, in the program and in git."""

import errno
import mmap
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice
from pathlib import Path
from signal import Signals
from struct import Struct
from typing import Final

from mothball.core.errors import Exit
from tests.resilience.interrupt import CODES, program
from tests.resilience.meddle import ERRORS, hurry
from tests.resilience.sweep import Bench, End, Patch, Tally, forked
from tests.resilience.world import litter

COUNT, KILL, FAIL, SIGNAL = range(4)
CONTROL: Final = "RESILIENCE_CONTROL"
LOG: Final = "RESILIENCE_LOG"
_SHAPE: Final = Struct("=qqiiii224s")


def can_preload() -> bool:
    """Say whether this machine has what it takes."""
    return sys.platform == "linux" and shutil.which("cc") is not None


def environment(folder: Path) -> dict[str, str]:
    """Build the library in a folder and return the environment of a process that is to be counted."""
    library, control = folder / "preload.so", folder / "control"
    source = Path(__file__).with_name("preload.c")
    options = ("-O2", "-shared", "-fPIC", "-o", os.fspath(library))
    subprocess.run(["cc", *options, os.fspath(source), "-ldl"], check=True)
    control.write_bytes(bytes(_SHAPE.size))
    return {"LD_PRELOAD": os.fspath(library), CONTROL: os.fspath(control), LOG: os.fspath(folder / "log")}


@dataclass(frozen=True)
class Counter:
    """The counter that all processes share."""

    path: Path

    @cached_property
    def _place(self) -> mmap.mmap:
        with self.path.open("r+b") as file:
            return mmap.mmap(file.fileno(), _SHAPE.size)

    def arming(self, target: int = 0, mode: int = COUNT, number: int = 0, *, logging: bool = False) -> Patch:
        """Return a patch that has the calls of this process and its children counted."""

        def patch() -> None:
            row = (0, target, mode, number, os.getpid(), int(logging), b"")
            self._place[:] = _SHAPE.pack(*row)

        return patch

    def rest(self) -> tuple[int, str]:
        """Stop counting; return how many calls there were and which one was struck."""
        counted, *_, what = _SHAPE.unpack(self._place[:])
        self._place[:] = bytes(_SHAPE.size)
        return counted, what.rstrip(b"\0").decode(errors="replace")


def counter() -> Counter:
    """Return the counter of this process, which was started under `environment`."""
    return Counter(Path(os.environ[CONTROL]))


def _struck(bench: Bench, counted: Counter, prepare: Patch) -> tuple[End, str]:
    """Run the program on a fresh copy, and return how it ended and where it was struck."""
    bench.fresh()
    run = program(bench.root, *bench.scenario.words)
    end = forked(run, prepare=prepare, scratch=bench.scratch)
    number, what = counted.rest()
    return end, what or f"nothing: only {number} calls"


def calls_of(bench: Bench, counted: Counter) -> int:
    """Count the calls of a whole run."""
    bench.look()
    bench.fresh()
    end = forked(program(bench.root, *bench.scenario.words), prepare=counted.arming(), scratch=bench.scratch)
    assert end.code == 0, end.said
    number, _ = counted.rest()
    assert number, "the library counts nothing"
    return number


def call_kill_sweep(bench: Bench, stride: int = 1, *, again: int = 4) -> Tally:
    """Kill the program and every git it started at a call, recover, and compare."""
    counted = counter()
    tally = Tally(f"kill at a system call: {bench.scenario.name}")
    for tried, number in enumerate(range(1 + stride // 2, calls_of(bench, counted) + 1, stride)):
        end, what = _struck(bench, counted, counted.arming(number, KILL))
        found = (
            bench.recovered(hurry, again=tried % again == 0)
            if end.killed or end.code == 0
            else f"ended with {end.code}: {end.said[-400:]}"
        )
        tally.littered += bool(litter(bench.root))
        tally.add(found, f"{bench.scenario.name} killed at call {number} ({what})")
    return tally


def call_signal_sweep(bench: Bench, stride: int = 1, *, how: Signals) -> Tally:
    """Send a signal to the program and to every git it started, as a terminal does at Ctrl-C."""
    counted = counter()
    tally = Tally(f"{how.name} to all processes at a system call: {bench.scenario.name}")
    for number in range(1 + stride // 2, calls_of(bench, counted) + 1, stride):
        end, what = _struck(bench, counted, counted.arming(number, SIGNAL, how))
        where = f"{bench.scenario.name} with {how.name} at call {number} ({what})"
        tally.add(_ended(bench, end, {CODES[how], Exit.FAILED, Exit.BLOCKED}), where)
    return tally


def call_fault_sweep(
    bench: Bench, stride: int = 1, *, errors: Collection[int] = ERRORS, matrix: bool = False
) -> Tally:
    """Let a call fail once, with one error in turn or (``matrix``) with each."""
    counted = counter()
    tally = Tally(f"a system call fails: {bench.scenario.name}")
    turns = cycle(errors)
    for number in range(1 + stride // 2, calls_of(bench, counted) + 1, stride):
        for error in islice(turns, len(errors) if matrix else 1):
            end, what = _struck(bench, counted, counted.arming(number, FAIL, error))
            where = f"{bench.scenario.name}, {errno.errorcode[error]} at call {number} ({what})"
            codes = {Exit.FAILED, Exit.REFUSED, Exit.FINDINGS, Exit.UNDECIDED, Exit.BLOCKED, Exit.PLAN}
            tally.add(_ended(bench, end, codes, stuck=what.startswith("unlink")), where)
    return tally


def _ended(bench: Bench, end: End, codes: Collection[int], *, stuck: bool = False) -> str:
    """Judge a run that was disturbed: a sentence, a code of the design, and before or after."""
    said = end.said[-500:]
    if "Traceback" in said or end.code not in {Exit.DONE, *codes}:
        return f"exit code {end.code}: {said!r}"
    journal = (bench.root / ".git/mothball/journal").exists()
    if journal and end.code != Exit.UNDECIDED:
        return f"exit code {end.code} with a journal left: {said!r}"
    if end.code == Exit.BLOCKED:
        return "refused"
    found = bench.recovered(again=False) if journal else bench.verdict(again=False, stuck=stuck)
    if (end.code == Exit.DONE and found != "after") or (end.code and not end.said.strip()):
        return f"exit code {end.code}, {found}: {said!r}"
    return found
