"""Measure mothball beside what people and git do, on the same repository in the same run.

``python -m tests.bench`` prints the table for 3,000 and 50,000 files; ``--full`` goes to a million,
``--size`` takes any number, ``--share`` says how many of a hundred are archived; ``--write`` puts the
table into docs/performance.md. Every figure is a median; read the ratios.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench import matching, peers, references
from tests.bench.world import Size, build, plan

ROOT = Path(__file__).parents[2]
SMALL, LARGE = (3_000, 50_000), (300_000, 1_000_000)
MANY_MV = 300
"""`git mv` commands that are timed; the rest of them is reckoned from these."""
PAGE = ROOT / "docs/performance.md"
EMPTY = "from invoke.tasks import task\n\n@task\ndef nothing(context):\n    pass\n"
RUN = "archive.all --no-commands --no-reports"
MARKS = ("<!-- bench: begin -->", "<!-- bench: end -->")


@dataclass(frozen=True)
class Measured:
    """The median time of a command in seconds, and the most memory that one of its processes took, in MB."""

    seconds: float
    megabytes: float = 0.0


@dataclass(frozen=True)
class Bench:
    """One repository, and copies of it to spoil."""

    size: Size
    root: Path
    rounds: int

    def read(self, script: str) -> Measured:
        """Time a script that changes nothing."""
        return self.at(script, self.root)

    def at(self, script: str, place: Path, *, rounds: int | None = None) -> Measured:
        """Time a script somewhere else, again and again; what is timed once does without a run to warm up."""
        many = rounds or self.rounds
        return _median([_run(script, place) for _ in range(many + 1 if many > 1 else 1)][-many:])

    def change(self, script: str, rounds: int | None = None) -> Measured:
        """Time a script that changes the repository, each time on a new copy."""
        found = []
        for _ in range(rounds or self.rounds):
            with self.copied() as copy:
                found.append(_run(script, copy))
        return _median(found)

    def phases(self) -> dict[str, float]:
        """Return the seconds of each phase of a run, on a copy."""
        with self.copied() as copy:
            command = [sys.executable, "-m", "tests.bench.phases", str(copy)]
            environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'tasks'}{os.pathsep}{ROOT}"}
            said = subprocess.run(command, check=True, capture_output=True, env=environment).stdout
        seconds: dict[str, float] = json.loads(said)
        return seconds

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """Hold a copy of the repository, whose index takes its files for unchanged."""
        with scratch(self.root.parent) as place:
            copy = place / "copy"
            subprocess.run(["cp", "-a", self.root, copy], check=True)
            yield copy


@contextmanager
def scratch(above: Path | None = None) -> Iterator[Path]:
    """Hold a directory that is removed as fast as the system can."""
    place = Path(tempfile.mkdtemp(dir=above))
    try:
        yield place
    finally:
        subprocess.run(["rm", "-rf", place], check=True)


def main() -> None:
    """Build, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--full", action="store_true", help="300,000 and 1,000,000 files as well")
    options.add_argument("--size", type=int, action="append", help="so many files, instead of all of these")
    options.add_argument("--share", type=int, default=Size(0).share, help="archived files of a hundred")
    options.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    chosen = options.parse_args()
    numbers = chosen.size or [*SMALL, *(LARGE if chosen.full else ())]
    sizes = [Size(number, chosen.share) for number in numbers]
    rows = []
    for row in _table(sizes):
        rows.append(row)
        sys.stdout.write(row + "\n")
        sys.stdout.flush()
    if chosen.write:
        _write(rows)


def _table(sizes: Iterable[Size]) -> Iterator[str]:
    yield from _head()
    found = {}
    for size in sizes:
        with scratch() as place:
            root = place / "repository"
            build(root, size)
            bench = Bench(size, root, 5 if size.files <= max(SMALL) else 1)
            yield from _measure(bench)
            found[size] = bench.phases()
    yield from _growth(found)


def _head() -> Iterator[str]:
    git = subprocess.run(["git", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    yield f"{os.cpu_count()} cores, {platform.system()}, {git}, Python {platform.python_version()}."
    yield ""
    yield "| files | what | seconds | beside | its seconds | ratio | target | MB |"
    yield "|---|---|---|---|---|---|---|---|"


def _measure(bench: Bench) -> Iterator[str]:
    size = bench.size
    whole = bench.change(_mothball(RUN))
    yield _row(
        bench,
        "archive.all",
        whole,
        "mv with globs, add -A, commit",
        bench.change(peers.by_globs()),
        target="≤ 1.0",
    )
    if size.files <= max(SMALL):
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
    for count in matching.COUNTS:
        ours, theirs = matching.ours_and_git_s(bench.root, count, bench.rounds)
        beside = "ls-files -i -c -X, the same"
        yield _row(
            bench,
            f"select, {count:,} patterns",
            Measured(ours),
            beside,
            Measured(theirs),
            target="≤ 1.0",
        )
    yield _row(bench, "archive.all again", *_again(bench), target="≤ 3 plus start")
    if size.files == min(SMALL):
        yield _row(bench, "invoke --list, with a plan", *_listing(bench), target="≤ 2")
    for what, one, peer, other, target in references.rows(size, bench.root, bench.at, _mothball):
        yield _row(bench, what, one, peer, other, target=target)


def _again(bench: Bench) -> tuple[Measured, str, Measured]:
    """Time a run that finds everything done."""
    with bench.copied() as copy:
        _run(_mothball(RUN), copy)
        done = Bench(bench.size, copy, bench.rounds)
        return (
            done.read(_mothball(RUN)),
            "git status",
            done.read(peers.READ["git status"]),
        )


def _listing(bench: Bench) -> tuple[Measured, str, Measured]:
    """Time the start: a `tasks.py` with our tasks and a plan beside it, and an empty one."""
    listing = f"'{sys.executable}' -m invoke --list > /dev/null"
    ours = "from invoke.collection import Collection\nfrom mothball import archive, report, validate\n"
    with scratch(bench.root.parent) as scratched:
        full, empty = scratched / "full", scratched / "empty"
        for place, text in ((full, ours + "ns = Collection(archive, report, validate)\n"), (empty, EMPTY)):
            place.mkdir()
            (place / "tasks.py").write_text(text)
        (full / "mothball.toml").write_text(plan())
        return (
            Bench(bench.size, full, bench.rounds).read(listing),
            "invoke --list, of one empty task",
            Bench(bench.size, empty, bench.rounds).read(listing),
        )


def _growth(found: Mapping[Size, Mapping[str, float]]) -> Iterator[str]:
    """Yield a table of the phases: seconds for each size, and how they grow a tracked file."""
    yield ""
    yield f"| phase of archive.all | {' | '.join(size.name for size in found)} | µs a file |"
    yield f"|---|{'---|' * len(found)}---|"
    for phase in next(iter(found.values())):
        each = [(row[phase], row[phase] / size.files * 1e6) for size, row in found.items()]
        seconds = " | ".join(f"{one:.2f} s" for one, _ in each)
        yield f"| {phase} | {seconds} | {' → '.join(f'{share:.0f}' for _, share in each)} |"


def _mothball(arguments: str) -> str:
    return f"'{sys.executable}' -m mothball {arguments} > /dev/null 2>&1"


def _run(script: str, place: Path) -> Measured:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tasks")}
    with tempfile.NamedTemporaryFile("w") as file:  # a command of 15,000 moves is too long for an argument
        file.write(script)
        file.flush()
        began = perf_counter()
        process = subprocess.Popen(["bash", file.name], cwd=place, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        seconds = perf_counter() - began
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"this failed: {script[:2000]}")
    return Measured(seconds, used.ru_maxrss * 1024 / 1e6)


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
