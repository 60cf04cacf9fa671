"""Power loss: what was written and not synced is dropped or torn, what was renamed and not synced undone."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mothball.core.errors import Exit
from mothball.effects import files
from tests.resilience.calls import KILL, LOG, calls_of, counter
from tests.resilience.interrupt import program
from tests.resilience.sweep import NO_PLANT, Bench, Plant, Tally, both, forked
from tests.resilience.world import recover

# Git itself does not sync these, and nobody misses them.
_UNIMPORTANT: Final = ("/.git/logs/", "/.git/COMMIT_EDITMSG", "/.git/mothball/message")


@dataclass(frozen=True)
class Call:
    """One call of the log: its name, its path, the other path or what else there is to say, and its flags."""

    name: str
    path: str
    other: str
    flags: str

    @property
    def exchanges(self) -> bool:
        """Whether two files change names."""
        return self.name == "rename" and self.flags == "2"


def read_log(log: Path, root: Path) -> list[Call]:
    """Return the calls of a run that were about a repository."""
    rows = (row.split("\t") for row in os.fsdecode(log.read_bytes()).split("\n") if row.count("\t") == 3)
    return [Call(*row) for row in rows if row[1].startswith(os.fspath(root))]


@dataclass
class Disk:
    """What the disk does not hold yet: contents by path, and renames by the directories they wait for."""

    dirty: set[str] = field(default_factory=set)
    renames: list[tuple[str, str, set[str]]] = field(default_factory=list)

    def take(self, call: Call) -> None:
        """Follow one call."""
        if call.name in {"write", "ftruncate"} or (call.name == "open" and call.other == "truncate"):
            self.dirty.add(call.path)
        elif call.name in {"fsync", "fdatasync"}:
            self.dirty.discard(call.path)
            for _, _, waiting in self.renames:
                waiting.discard(call.path)
            self.renames = [rename for rename in self.renames if rename[2]]
        elif call.name == "syncfs":
            self.dirty.clear()
            self.renames.clear()
        elif call.name == "unlink":
            self.dirty.discard(call.path)
        elif call.exchanges:
            pair = {call.path, call.other}
            if len(pair & self.dirty) == 1:
                self.dirty ^= pair
        elif call.name == "rename":
            if call.path in self.dirty:
                self.dirty.discard(call.path)
                self.dirty.add(call.other)
            above = {os.path.dirname(call.path), os.path.dirname(call.other)}  # noqa: PTH120 - text
            self.renames.append((call.path, call.other, above))


def disk_after(calls: list[Call]) -> Disk:
    """Follow all calls."""
    disk = Disk()
    for call in calls:
        disk.take(call)
    return disk


def lose(disk: Disk, how: str) -> int:
    """Take away what the disk did not hold; say how many files that were."""
    touched = 0
    if how == "undone":
        for source, target, _ in reversed(disk.renames):
            movable = "/.git/" not in target or "/.git/mothball/" in target
            if movable and os.path.lexists(target) and not os.path.lexists(source):
                Path(source).parent.mkdir(parents=True, exist_ok=True)
                Path(target).rename(source)
                touched += 1
        return touched
    for name in sorted(disk.dirty):
        path = Path(name)
        if path.is_file() and not path.is_symlink() and not any(part in name for part in _UNIMPORTANT):
            path.chmod(0o644)
            os.truncate(path, path.stat().st_size // 2 if how == "torn" else 0)
            touched += 1
    return touched


def power_sweep(bench: Bench, stride: int = 1, *, plant: Plant = NO_PLANT) -> Tally:
    """Cut the power before a call; the repository must come back, or mothball must refuse to guess."""
    counted, log = counter(), Path(os.environ[LOG])
    tally = Tally(f"power loss: {bench.scenario.name}")
    run = program(bench.root, *bench.scenario.words)
    for number in range(1 + stride // 2, calls_of(bench, counted) + 1, stride):
        for how in ("dropped", "torn", "undone"):
            bench.fresh()
            log.unlink(missing_ok=True)
            arm = counted.arming(number, KILL, logging=True)
            end = forked(run, prepare=both(plant.run, arm), scratch=bench.scratch)
            _, what = counted.rest()
            if not end.killed:
                continue
            # The call that was struck is in the log, but it did not happen.
            touched = lose(disk_after(read_log(log, bench.root)[:-1]), how)
            if touched or how == "dropped":
                tally.add(_verdict(bench), f"{bench.scenario.name}, call {number} ({what}), {touched} {how}")
    return tally


def sync_at_once() -> None:
    """Have all directories synced in one call, as those of a large run are."""
    files.ONE_BY_ONE = 0  # type: ignore[misc]


def _verdict(bench: Bench) -> str:
    end = bench.run(recover)
    lock = bench.root / ".git/index.lock"
    if end.code == Exit.REFUSED and str(lock) in end.said:
        lock.unlink()  # as we are told: whoever held it went with the power
        end = bench.run(recover)
    if end.undecided:
        return "refused"
    if end.code:
        return f"archive.recover ends with {end.code}: {end.said[-400:]}"
    return bench.verdict(again=False)


def unsynced(calls: list[Call], root: Path) -> Iterator[str]:
    """Yield what a run did in the wrong order: an effect before what must be on disk first."""
    git, ours = f"{root}/.git", f"{root}/.git/mothball"
    disk = Disk()
    for call in calls:
        outside = not call.path.startswith(git)
        effect = call.name in {"rename", "mkdir", "rmdir", "unlink", "link"}
        ends = call.name == "unlink" and call.path == f"{ours}/journal"
        if effect and (outside or ends or call.other == f"{git}/index"):
            records = {f"{ours}/journal", f"{ours}/pending"}
            late = records & (disk.dirty | {target for _, target, _ in disk.renames})
            yield from (f"{call.name} {call.path} while {path} is not on disk" for path in sorted(late))
        if call.name == "rename" and call.path in disk.dirty and call.other == f"{git}/index":
            yield "an index is put in place that is not on disk"
        disk.take(call)
