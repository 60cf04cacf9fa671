"""Measure mothball beside what people and git do, on the same repository in the same run.

``python -m tests.bench`` prints the table for 3,000 and 50,000 files; ``--full`` goes to a million,
``--write`` puts the table into docs/performance.md. Every figure is a median; read the ratios.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench import peers
from tests.bench.world import Size, build

ROOT = Path(__file__).parents[2]
SMALL, MIDDLE = Size(3_000), Size(50_000)
FULL = (Size(300_000), Size(1_000_000))
MANY_MV = 300
"""`git mv` commands that are timed; the rest of them is reckoned from these."""
PAGE = ROOT / "docs/performance.md"
MARKS = ("<!-- bench: begin -->", "<!-- bench: end -->")


@dataclass(frozen=True)
class Measured:
    """The median time of a command in seconds, and the most memory that one of its processes took, in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Bench:
    """One repository, and copies of it to spoil."""

    size: Size
    root: Path
    rounds: int

    def read(self, script: str) -> Measured:
        """Time a script that changes nothing."""
        return _median([_run(script, self.root) for _ in range(self.rounds + 1)][1:])

    def change(self, script: str, rounds: int | None = None) -> Measured:
        """Time a script that changes the repository, each time on a new copy."""
        found = []
        for _ in range(rounds or self.rounds):
            with tempfile.TemporaryDirectory(dir=self.root.parent) as scratch:
                copy = Path(scratch) / "copy"
                shutil.copytree(self.root, copy, symlinks=True)
                subprocess.run(["git", "-C", copy, "status", "-uno"], check=True, stdout=subprocess.DEVNULL)
                found.append(_run(script, copy))
        return _median(found)


def main() -> None:
    """Build, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true", help="300,000 and 1,000,000 files as well")
    options.add_argument("--small", action="store_true", help="3,000 files only")
    options.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = options.parse_args()
    sizes = [SMALL] if chosen.small else [SMALL, MIDDLE, *(FULL if chosen.full else ())]
    rows = [*_head()]
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch) / "repository"
            build(root, size)
            for row in _measure(Bench(size, root, 5 if size.files <= MIDDLE.files else 1)):
                rows.append(row)
                sys.stdout.write(row + "\n")
                sys.stdout.flush()
    if chosen.write:
        _write(rows)


def _head() -> Iterator[str]:
    git = subprocess.run(["git", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    yield f"{os.cpu_count()} cores, {platform.system()}, {git}, Python {platform.python_version()}."
    yield ""
    yield "| files | what | seconds | beside | its seconds | ratio | target | MB |"
    yield "|---|---|---|---|---|---|---|---|"


def _measure(bench: Bench) -> Iterator[str]:
    size = bench.size
    whole = bench.change(_mothball("archive.all --no-commands"))
    yield _row(
        bench,
        "archive.all",
        whole,
        "mv with globs, add -A, commit",
        bench.change(peers.by_globs()),
        target="≤ 1.0",
    )
    if size.files <= MIDDLE.files:
        single = bench.change(peers.one_by_one(size), rounds=1)
        yield _row(bench, "archive.all", whole, "one mv a file, add -A, commit", single, target="≤ 0.2")
        moves = size.files * size.share // 100
        few = bench.change(peers.git_mv(size, MANY_MV), rounds=1)
        reckoned = Measured(few.seconds * moves / MANY_MV, few.megabytes)
        yield _row(
            bench, "archive.all", whole, f"git mv a file (reckoned from {MANY_MV})", reckoned, target="≤ 0.1"
        )
        yield _row(
            bench,
            "archive.all",
            whole,
            "git mv, 500 sources a call",
            bench.change(peers.git_mv_many(size), rounds=1),
        )
    listing, status = bench.read(peers.READ["git ls-files -s -z"]), bench.read(peers.READ["git status -uno"])
    both = Measured(listing.seconds + status.seconds, max(listing.megabytes, status.megabytes))
    look = bench.read(_mothball("archive.plan --no-references"))
    yield _row(bench, "archive.plan --no-references", look, "ls-files -s + status -uno", both, target="≤ 3")
    grep = bench.read(peers.READ["git grep -F"])
    forget = "rm -f .git/mothball/quiet"
    alone = _mothball("validate.references || true")
    cold, warm = bench.read(f"{forget}; {alone}"), bench.read(alone)
    yield _row(bench, "validate.references, first run", cold, "git grep -F", grep, target="≤ 2")
    yield _row(bench, "validate.references, again", warm, "its first run", cold, target="≤ 0.1")
    yield _row(bench, "archive.all again", *_again(bench), target="≤ 3 plus start")


def _again(bench: Bench) -> tuple[Measured, str, Measured]:
    """Time a run that finds everything done."""
    with tempfile.TemporaryDirectory(dir=bench.root.parent) as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(bench.root, copy, symlinks=True)
        _run(_mothball("archive.all --no-commands"), copy)
        done = Bench(bench.size, copy, bench.rounds)
        return (
            done.read(_mothball("archive.all --no-commands")),
            "git status",
            done.read(peers.READ["git status"]),
        )


def _mothball(arguments: str) -> str:
    return f"'{sys.executable}' -m mothball {arguments} > /dev/null"


def _run(script: str, place: Path) -> Measured:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tasks")}
    began = perf_counter()
    process = subprocess.Popen(["bash", "-c", script], cwd=place, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    seconds = perf_counter() - began
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"this failed: {script[:2000]}")
    return Measured(seconds, used.ru_maxrss / 1024)


def _median(found: list[Measured]) -> Measured:
    return Measured(median(one.seconds for one in found), max(one.megabytes for one in found))


def _row(bench: Bench, what: str, ours: Measured, peer: str, theirs: Measured, *, target: str = "") -> str:
    ratio = ours.seconds / theirs.seconds
    cells = (
        bench.size.name,
        what,
        f"{ours.seconds:.2f}",
        peer,
        f"{theirs.seconds:.2f}",
        f"{ratio:.2f}",
        target,
        f"{ours.megabytes:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _write(rows: list[str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    PAGE.write_text(f"{before}{MARKS[0]}\n{chr(10).join(rows)}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
