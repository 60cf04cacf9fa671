"""Fuzz every reader of files that others may have written: ``python -m tests.resilience.fuzz --minutes 60``.

Atheris guides it by the lines that an input reaches. It ends at the first input on which a reader does
anything but answer or refuse, and prints it.
"""

import argparse
import importlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any, Final

NAMES: Final = ("plan", "readme", "ledger", "journal", "pending")
LARGEST: Final = 4096
"""Bytes of an input."""
_STATS: Final = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_REACHED: Final = re.compile(r"cov: (\d+)")


def fuzz(name: str, arguments: list[str]) -> None:
    """Fuzz one reader; libFuzzer ends the process."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(
        include=["mothball.core", "mothball.effects.store", "mothball.effects.journal"]
    ):
        known = importlib.import_module("tests.resilience.readers")
    reader = known.readers(Path.cwd() / "repo")[name]

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            try:
                document = json.loads(data)
            except (ValueError, RecursionError):
                pass
            else:
                return json.dumps(known.mutated(document, chance)).encode()[:largest]
        found: bytes = atheris.Mutate(data, largest)
        return found

    atheris.Setup(["fuzz", *arguments], reader.check, custom_mutator=mutate)
    atheris.Fuzz()


def start(name: str, folder: Path, arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run `fuzz` in a process of its own."""
    command = [sys.executable, "-m", "tests.resilience.fuzz", "--reader", name, "--", *arguments]
    house = os.pathsep.join([os.fspath(Path(__file__).parents[2]), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": house}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, errors="replace", check=False
    )


def session(name: str, seconds: int, *, keeping: bool) -> tuple[str, int, int, int, str]:
    """Fuzz one reader for some time; return name, runs, branches reached, size of the corpus, complaint."""
    known = importlib.import_module("tests.resilience.readers")
    with tempfile.TemporaryDirectory(prefix="mothball-fuzz-") as place:
        folder = Path(place)
        corpus, merged = folder / "corpus", folder / "merged"
        corpus.mkdir()
        merged.mkdir()
        for content in (*known.readers(folder / "seeds")[name].seeds, *known.kept(name)):
            (corpus / sha256(content).hexdigest()).write_bytes(content)
        limits = [f"-max_len={LARGEST}", "-timeout=30", "-rss_limit_mb=2048", "-print_final_stats=1"]
        done = start(name, folder, [*limits, f"-max_total_time={seconds}", os.fspath(corpus)])
        runs = int((_STATS.findall(done.stderr) or ["0"])[-1])
        reached = int((_REACHED.findall(done.stderr) or ["0"])[-1])
        complaint = ""
        if done.returncode:
            inputs = [repr(path.read_bytes()) for path in folder.glob("*-*") if path.is_file()]
            complaint = "\n".join([*inputs, done.stdout[-1500:], done.stderr[-1500:]])
        elif keeping:
            check = known.readers(folder / "again")[name].check
            known.keep(name, _smallest([path.read_bytes() for path in corpus.iterdir()], check))
        return name, runs, reached, len([*corpus.iterdir()]), complaint


def _smallest(contents: list[bytes], check: Callable[[bytes], None]) -> list[bytes]:
    """Return the shortest contents of which each reaches something that no shorter one does."""
    seen: set[tuple[str, int, int]] = set()
    found = []
    for content in sorted(contents, key=lambda one: (len(one), one)):
        if new := _steps(check, content) - seen:
            seen |= new
            found.append(content)
    return found


def _steps(check: Callable[[bytes], None], content: bytes) -> set[tuple[str, int, int]]:
    """Return the steps from line to line of mothball's own code that a check of some content takes."""
    steps: set[tuple[str, int, int]] = set()

    def enter(frame: FrameType, event: str, _: object) -> Any:
        name, last = frame.f_code.co_filename, 0
        if event != "call" or ("/mothball/core/" not in name and "/mothball/effects/" not in name):
            return None

        def step(frame: FrameType, *_: object) -> Any:
            nonlocal last
            steps.add((name, last, frame.f_lineno))
            last = frame.f_lineno
            return step

        return step

    sys.settrace(enter)
    try:
        check(content)
    finally:
        sys.settrace(None)
    return steps


def main() -> int:
    """Fuzz each reader for its share of the time, and print what was done."""
    parser = argparse.ArgumentParser(prog="python -m tests.resilience.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="of all readers together, on all workers")
    parser.add_argument("--only", choices=NAMES, help="only this reader")
    parser.add_argument("--keep", action="store_true", help="write the corpus to tests/resilience/corpus")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--reader", choices=NAMES, help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.reader:
        fuzz(asked.reader, asked.arguments)
        return 0
    names = [asked.only] if asked.only else [*NAMES]
    share = int(asked.minutes * 60 * min(asked.workers, len(names)) / len(names))
    complaints = []
    sys.stdout.write(
        f"{'reader':<10} {'seconds':>8} {'runs':>12} {'branches':>9} {'corpus':>7} {'failed':>7}\n"
    )
    with ThreadPoolExecutor(asked.workers) as pool:
        for row in pool.map(lambda name: session(name, share, keeping=asked.keep), names):
            name, runs, reached, size, complaint = row
            failed = "yes" if complaint else "no"
            sys.stdout.write(f"{name:<10} {share:>8} {runs:>12,} {reached:>9} {size:>7} {failed:>7}\n")
            sys.stdout.flush()
            complaints += [f"{name}: {complaint}"] if complaint else []
    for text in complaints:
        sys.stderr.write(f"{text}\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
