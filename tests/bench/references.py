"""References beside `git grep` on the same files: first, again, after a commit, and the more files move."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from tests.bench import peers
from tests.bench.world import Size, paths

Figure = TypeVar("Figure")

MOVED = (10, 100, 1_000, 10_000)
EDITED = 10
FORGET = "rm -rf .git/mothball/memory"
GREP = peers.READ["git grep -F"]


def rows(
    size: Size, root: Path, time: Callable[..., Figure], mothball: Callable[[str], str]
) -> Iterator[tuple[str, Figure, str, Figure, str]]:
    """Yield what, how long, beside what, how long that took, and the target; commits are made in ``root``.

    What moves more and more is a curve, and timed once.
    """
    look = mothball("validate.references") + " || true"
    grep, first = time(GREP, root), time(f"{FORGET}; {look}", root)
    yield "validate.references, first run", first, "git grep -F", grep, "≤ 2"
    yield "validate.references, again", time(look, root), "its first run", first, "≤ 0.1"
    for path, _ in [*paths(size)][-EDITED:]:
        with (root / path).open("a", encoding="utf-8") as file:
            file.write("# edited\n")
    _git(root, "commit", "-q", "-a", "-m", "edit")
    keep = "rm -rf .git/kept && cp -r .git/mothball .git/kept"
    back = "rm -rf .git/mothball && cp -r .git/kept .git/mothball"
    subprocess.run(["bash", "-c", keep], cwd=root, check=True)
    after = time(f"{back}; {look}", root)
    yield f"validate.references after {EDITED} edits", after, "its first run", first, "≤ 0.1"
    audit = mothball("validate.references --from HEAD~1") + " || true"
    for number in MOVED:
        if number <= size.files // 5:
            _move(size, root, number)
            yield (
                f"{number:,} files moved, audited",
                time(f"{FORGET}; {audit}", root, rounds=1),
                "git grep -F",
                grep,
                "≤ 2",
            )
            _git(root, "reset", "-q", "--hard", "HEAD~1")


def _move(size: Size, root: Path, number: int) -> None:
    """Commit a move of the first files that the plan archives."""
    moved = [path for path, goes in paths(size) if goes][:number]
    (root / "attic").mkdir()
    for at in range(0, number, 1_000):
        _git(root, "mv", *moved[at : at + 1_000], "attic/")
    _git(root, "commit", "-q", "-m", "move")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", root, *arguments], check=True)
