"""Matching on its own: all tracked paths against many patterns, beside git with the same list."""

import subprocess
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from mothball.core.patterns import Patterns
from mothball.effects.git import Git
from mothball.effects.look import index_entries
from tests.bench.world import CATEGORIES, PATTERNS

COUNTS = (210, 4_000)


def patterns(count: int) -> list[str]:
    """Return patterns of all sorts: whole directories, globs in a directory, globs for anywhere."""
    found = []
    for number in range(count):
        category, place = number % CATEGORIES, number // CATEGORIES
        found.append(
            (
                f"/lab/c{category:02}/exp{place % PATTERNS}/d{place}/",
                f"/src/pkg*/old{category:02}_{place}*.py",
                f"part_{number}.py",
                f"**/mod{place}/*_{category}[0-4].py",
            )[number % 4]
        )
    return found


def ours_and_git_s(root: Path, count: int, rounds: int) -> tuple[float, float]:
    """Return the medians in seconds: our matcher, compiling included, and `git ls-files -i -c -X`.

    Raises:
        SystemExit: the two do not match the same files.
    """
    chosen = patterns(count)
    paths = list(index_entries(Git(root)))
    with tempfile.NamedTemporaryFile("w", suffix=".ignore") as file:
        file.write("\n".join(chosen))
        file.flush()
        command = ["git", "-C", str(root), "ls-files", "-i", "-c", "-z", "-X", file.name]
        ours, theirs = [], []
        for _ in range(rounds):
            began = perf_counter()
            matched = [path for path, _ in Patterns([chosen]).walk(paths)]
            ours.append(perf_counter() - began)
            began = perf_counter()
            listed = subprocess.run(command, check=True, capture_output=True).stdout
            theirs.append(perf_counter() - began)
    if matched != listed.decode().split("\0")[:-1]:
        raise SystemExit(f"git matches other files by {count} patterns than mothball does")
    return median(ours), median(theirs)
