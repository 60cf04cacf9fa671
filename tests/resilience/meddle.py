"""Somebody else at work: at an effect of a run another process saves, stages, commits; or it fails."""

import errno
import os
import sys
from collections.abc import Callable, Collection, Sequence
from itertools import count, cycle, islice
from pathlib import Path
from typing import Final

from mothball.core.errors import Exit
from mothball.effects import index
from tests.resilience.life import held, lost
from tests.resilience.sweep import (
    NO_PLANT,
    Bench,
    Patch,
    Plant,
    Point,
    Tally,
    both,
    chosen,
    is_effect,
)
from tests.resilience.world import MOVES, git, picture, recover, strays, try_git

PRECIOUS: Final = b"precious\n"
SOURCE: Final = "lab/build one.py"

Deed = Callable[[Path], object]
"""Something done to a repository; ``False`` when there was nothing to do."""

Kept = Callable[[Path], bool]


def take_target(root: Path) -> bool:
    """Save a file where one is about to be moved to."""
    place = next((root / path for path in (SOURCE, MOVES[SOURCE]) if not (root / path).exists()), None)
    if place is None:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(PRECIOUS)
    return True


def edit_readme(root: Path) -> None:
    """Save the README with another line."""
    with (root / "README.md").open("ab") as file:
        file.write(PRECIOUS)


def edit_source(root: Path) -> None:
    """Save a file that is being moved, wherever it is."""
    for path in (SOURCE, MOVES[SOURCE]):
        if (root / path).exists():
            (root / path).write_bytes(PRECIOUS)


def stage(root: Path) -> bool:
    """Stage a new file, if git can: it cannot while we hold the index."""
    (root / "core/new.py").write_bytes(PRECIOUS)
    return try_git(root, "update-index", "--add", "core/new.py").returncode == 0


def commit(root: Path) -> None:
    """Commit as a program does that needs neither index nor work tree."""
    private = os.fspath(root.with_name("private.index"))
    blob = git(root, "hash-object", "-w", "--stdin", stdin=PRECIOUS).strip()
    os.environ["GIT_INDEX_FILE"] = private
    try:
        git(root, "read-tree", "HEAD")
        git(root, "update-index", "--add", "--cacheinfo", f"100644,{blob},core/foreign.py")
        tree = git(root, "write-tree").strip()
    finally:
        del os.environ["GIT_INDEX_FILE"]
    made = git(root, "commit-tree", "-p", "HEAD", "-m", "foreign", tree).strip()
    git(root, "update-ref", "HEAD", made)


def _holds(root: Path, *paths: str) -> bool:
    return any(PRECIOUS in (root / path).read_bytes() for path in paths if (root / path).is_file())


DEEDS: Final[dict[str, tuple[Deed, Kept]]] = {
    "a target is taken": (take_target, lambda root: _holds(root, SOURCE, MOVES[SOURCE])),
    "the README is saved": (edit_readme, lambda root: _holds(root, "README.md")),
    "a moving file is saved": (edit_source, lambda root: _holds(root, SOURCE, MOVES[SOURCE])),
    "a file is staged": (stage, lambda root: "core/new.py" in git(root, "ls-files")),
    "a commit is made": (commit, lambda root: "core/foreign.py" in git(root, "ls-tree", "-r", "HEAD")),
}
"""What somebody does, and whether it is still there."""

ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EXDEV, errno.EEXIST, errno.EINTR)


def at(number: int, deed: Callable[[], None]) -> Patch:
    """Return a patch that does something before the effect of this number."""

    def patch() -> None:
        numbers = count(1)
        at_work = False

        def hook(event: str, arguments: Sequence[object]) -> None:
            nonlocal at_work
            if not at_work and is_effect(event, arguments) and next(numbers) == number:
                at_work = True
                try:
                    deed()
                finally:
                    at_work = False

        sys.addaudithook(hook)

    return patch


def hurry() -> None:
    """Wait less long for other processes than a user would want."""
    index.PATIENCE = 0.3  # type: ignore[misc]


def meddle_sweep(
    bench: Bench,
    stride: int = 1,
    *,
    deeds: Collection[str] = DEEDS,
    matrix: bool = False,
    every: bool = False,
    plant: Plant = NO_PLANT,
) -> Tally:
    """Do something else at the effects of a run, one deed in turn or (``matrix``) each; both must survive.

    ``every``: also where the run only looked since the effect before, for what it saw may change then.
    """
    tally = Tally(f"somebody else at work: {bench.scenario.name}")
    bench.look()
    turns = cycle(deeds)
    for point in chosen(bench.points(plant), stride, every=every or bool(plant.at)):
        for name in islice(turns, len(deeds) if matrix else 1):
            where = f"{bench.scenario.name} at effect {point.number} ({point.what}), {name}"
            tally.add(_meddled(bench, point, name, plant), where)
    return tally


def _meddled(bench: Bench, point: Point, name: str, plant: Plant) -> str:
    deed, kept = DEEDS[name]
    bench.fresh()
    wanted = held(bench.root)
    missed = bench.folder / "missed"
    missed.unlink(missing_ok=True)

    def do() -> None:
        if deed(bench.root) is False:
            missed.touch()

    end = bench.run(bench.scenario.act, both(hurry, plant.run, at(point.number, do)))
    if not missed.exists() and not kept(bench.root):
        return f"what was done is lost (exit code {end.code}: {end.said[-300:]})"
    edited = {SOURCE} if name == "a moving file is saved" else set()
    if gone := lost(wanted, held(bench.root), edited):
        return f"{gone} (exit code {end.code}: {end.said[-300:]})"
    return _judged(bench, end.code, end.said)


def _judged(bench: Bench, code: int, said: str) -> str:
    """Judge how a run ended that met an obstacle which is still there."""
    root = bench.root
    journal = (root / ".git/mothball/journal").exists()
    if code in {Exit.DONE, Exit.UNPLANNED}:
        return "after" if not strays(root) else f"left in .git: {strays(root)}"
    if code == Exit.UNDECIDED:
        between = picture(root)
        end = bench.run(recover, hurry)
        if end.undecided and between.differences(picture(root)):
            return f"undecided, yet it changed {'; '.join(between.differences(picture(root)))}"
        return (
            "refused" if end.code in {0, Exit.UNDECIDED} else f"archive.recover: {end.code} {end.said[-300:]}"
        )
    if code not in {Exit.REFUSED, Exit.FAILED, Exit.BLOCKED, Exit.FINDINGS, Exit.PLAN}:
        return f"exit code {code}: {said[-500:]}"
    if journal:
        return f"exit code {code} with a journal left: {said[-300:]}"
    return "before"


def fault_sweep(
    bench: Bench,
    stride: int = 1,
    *,
    errors: Collection[int] = ERRORS,
    matrix: bool = False,
    every: bool = False,
    plant: Plant = NO_PLANT,
) -> Tally:
    """Let effects fail once, with one error in turn or (``matrix``) each: a sentence, before or after."""
    tally = Tally(f"an effect fails: {bench.scenario.name}")
    bench.look()
    turns = cycle(errors)
    for point in chosen(bench.points(plant), stride, every=every):
        for number in islice(turns, len(errors) if matrix else 1):
            where = (
                f"{bench.scenario.name}, {errno.errorcode[number]} at effect {point.number} ({point.what})"
            )
            tally.add(_failed(bench, point, number, plant), where)
    return tally


def _failed(bench: Bench, point: Point, number: int, plant: Plant) -> str:
    def fail() -> None:
        raise OSError(number, os.strerror(number), "somewhere")

    bench.fresh()
    end = bench.run(bench.scenario.act, both(plant.run, at(point.number, fail)))
    if end.code == 99:
        return f"a traceback: {end.said[-600:]}"
    journal = (bench.root / ".git/mothball/journal").exists()
    if journal and end.code != Exit.UNDECIDED:
        return f"exit code {end.code} with a journal left: {end.said[-300:]}"
    stuck = "rmdir" in point.what
    found = (
        bench.recovered(plant.recovery, again=False) if journal else bench.verdict(again=False, stuck=stuck)
    )
    if end.code == 0 and found != "after":
        return f"exit code 0, but {found}"
    return found
