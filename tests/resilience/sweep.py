"""The engine of the sweeps: run something in a child, stop it at a chosen moment, look at what is left."""

import os
import select
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Final

from mothball.core.errors import Failed, MothballError, Undecided
from tests.resilience.world import (
    Act,
    Picture,
    Scenario,
    archive,
    build,
    copy,
    git,
    litter,
    picture,
    recover,
    unsound,
)

EFFECTS: Final = frozenset(
    {
        "mothball.mkdir",
        "mothball.move",
        "mothball.rmdir",
        "mothball.unlink",
        "mothball.write",
        "os.chmod",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.truncate",
        "shutil.copyfile",
        "subprocess.Popen",
    }
)
"""The audit events before which a run is stopped: whatever changes a file, and every call of git."""

WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

PATIENCE: Final = 120
"""Seconds after which a child is taken to hang, on a machine however busy."""

HUNG: Final = 98

Patch = Callable[[], None]
"""A fault planted in a child before it starts."""


def is_effect(event: str, arguments: Sequence[object]) -> bool:
    """Say whether an audit event comes before something that may change a file."""
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & WRITING) and arguments[0] != os.devnull
    return event in EFFECTS


@dataclass(frozen=True)
class End:
    """How a child ended: the signal that killed it, or its exit code, and what it said."""

    code: int
    said: str = ""

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL

    @property
    def undecided(self) -> bool:
        return self.code == Undecided.exit


def forked(action: Callable[[], object], *, prepare: Patch | None = None, scratch: Path) -> End:
    """Run something in a child process of its own group and return how it ended.

    A `MothballError` and an error of the system give the exit code that the program has for them, any other
    exception gives 99.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pytest-xdist has threads; the child has one
        child = os.fork()
    if child == 0:
        code = 99
        try:
            os.setsid()
            handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            tempfile.tempdir = os.fspath(scratch.parent)  # a killed run cannot clear up there
            code = _in_child(action, prepare)
        finally:
            os._exit(code)
    hung = _hangs(child)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # before it is waited for: nobody else can have its number yet
    _, status = os.waitpid(child, 0)
    said = scratch.read_text(errors="replace")
    return End(HUNG, said) if hung else End(os.waitstatus_to_exitcode(status), said)


def _hangs(child: int) -> bool:
    """Wait until a child has ended, or for too long, without taking its exit code."""
    if sys.platform != "linux":
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        return False
    handle = os.pidfd_open(child)
    try:
        return not select.select([handle], [], [], PATIENCE)[0]
    finally:
        os.close(handle)


def _in_child(action: Callable[[], object], prepare: Patch | None) -> int:
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    try:
        if prepare:
            prepare()
        action()
    except MothballError as error:
        sys.stderr.write(str(error))
        return int(error.exit)
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except OSError:
        traceback.print_exc()
        return int(Failed.exit)  # the program says so in a sentence
    except BaseException:  # noqa: BLE001 - the child must never return into its parent's code
        traceback.print_exc()
        return 99
    finally:
        with suppress(ValueError, OSError):
            sys.stdout.flush()
            sys.stderr.flush()
    return 0


def stopping(number: int, how: Iterable[signal.Signals]) -> Patch:
    """Return a patch that sends signals before the effect of this number, one to it and one to each next."""

    def patch() -> None:
        numbers = count(1)
        signals = list(how)

        def hook(event: str, arguments: Sequence[object]) -> None:
            if is_effect(event, arguments) and next(numbers) >= number and signals:
                os.kill(os.getpid(), signals.pop(0))

        sys.addaudithook(hook)

    return patch


def recording(root: Path, log: Path) -> Patch:
    """Return a patch that notes every effect, and whether anything on disk changed since the one before."""

    def patch() -> None:
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        last: object = None
        at_work = False

        def hook(event: str, arguments: Sequence[object]) -> None:
            nonlocal last, at_work
            if at_work or not is_effect(event, arguments):
                return
            at_work = True
            now = _fingerprint(root)
            what = _shown(event, arguments).replace("\n", " ")
            os.write(handle, f"{int(now != last)} {what}\n".encode(errors="surrogateescape"))
            last, at_work = now, False

        sys.addaudithook(hook)

    return patch


def _shown(event: str, arguments: Sequence[object]) -> str:
    if event == "subprocess.Popen":
        words = [os.fsdecode(word) for word in arguments[1]]  # type: ignore[attr-defined]
        skip = iter(words[1:])
        plain = [word for word in skip if not (word == "-c" and next(skip)) and not word.startswith("--")]
        return "git " + " ".join(plain[:3])
    return f"{event} {arguments[0]}"


def _fingerprint(root: Path) -> frozenset[tuple[object, ...]]:
    rows: set[tuple[object, ...]] = set()
    for folder, names, files in os.walk(root):
        for name in (*names, *files):
            seen = Path(folder, name).lstat()
            rows.add((folder, name, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_mode, seen.st_nlink))
    return frozenset(rows)


def both(*patches: Patch | None) -> Patch:
    """Join patches to one."""

    def patch() -> None:
        for one in patches:
            if one:
                one()

    return patch


@dataclass
class Tally:
    """One line of the table: what was tried and how it ended."""

    sweep: str
    stride: int = 1
    before: int = 0
    after: int = 0
    refused: int = 0
    littered: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return self.before + self.after + self.refused + len(self.other)

    def add(self, verdict: str, point: str) -> None:
        """Count a verdict: ``before``, ``after``, ``refused``, or what else was found."""
        if verdict in {"before", "after", "refused"}:
            setattr(self, verdict, getattr(self, verdict) + 1)
        else:
            self.other.append(f"{point}: {verdict}")

    def absorb(self, part: "Tally") -> None:
        """Add another part of the same sweep."""
        for name in ("before", "after", "refused", "littered"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        self.other += part.other


@dataclass(frozen=True)
class Point:
    """A moment of a run: the number of the next effect, and whether the one before changed anything."""

    number: int
    what: str
    new: bool


@dataclass(frozen=True)
class Reference:
    """A whole run: its effects, and the state after it.

    Its commits have the same ids every time, for the clock stands still.
    """

    points: list[Point]
    after: Picture


class Bench:
    """A scenario on a workbench: its repository before and after, and as many copies as there are trials."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        self.folder = folder / scenario.name
        self.folder.mkdir()
        self.scenario = scenario
        self.root = self.folder / "repo"
        self.scratch = self.folder / "said"

    @cached_property
    def template(self) -> Path:
        """The repository as it is before."""
        build(self.root, self.scenario.plan, self.scenario.more)
        for act in self.scenario.first:
            self.run(act, expect=0)
        return self.root.rename(self.folder / "template")

    def fresh(self) -> Path:
        """Return a copy of the repository as it is before; always at the same place."""
        return copy(self.template, self.root)

    def run(self, act: Act, prepare: Patch | None = None, *, expect: int | None = None) -> End:
        """Do something to the copy, in a child."""
        end = forked(lambda: act(self.root), prepare=prepare, scratch=self.scratch)
        assert expect is None or end.code == expect, f"exit code {end.code}: {end.said}"
        return end

    @cached_property
    def before(self) -> Picture:
        """The state before."""
        return picture(self.fresh())

    @cached_property
    def reference(self) -> "Reference":
        """One whole run: its effects, and the state after it."""
        points = self.effects()
        found = picture(self.root)
        assert found != self.before, "the run does nothing"
        assert not unsound(self.root), unsound(self.root)
        return Reference(points, found)

    @property
    def after(self) -> Picture:
        """The state after."""
        return self.reference.after

    @cached_property
    def finished(self) -> Path:
        """The repository as it is after."""
        self.fresh()
        self.run(self.scenario.act, expect=0)
        return self.root.rename(self.folder / "finished")

    @cached_property
    def goal(self) -> str:
        """The tree that ``archive.all`` must reach, whatever happened before."""
        self.fresh()
        self.run(archive, expect=0)
        return git(self.root, "rev-parse", "HEAD^{tree}")

    def look(self) -> None:
        """Look at both ends, before a trial takes their place."""
        assert self.before
        assert self.reference
        assert self.goal

    def points(self, plant: "Plant | None" = None) -> list[Point]:
        """List the effects of the run, or of a run with a bug."""
        points = self.effects(prepare=plant.run) if plant and plant.run else self.reference.points
        return [point for point in points if not plant or plant.at in point.what]

    def effects(self, act: Act | None = None, prepare: Patch | None = None) -> list[Point]:
        """Run, or do another act on the copy as it is, and list the effects."""
        if act is None:
            self.fresh()
        log = self.folder / "effects"
        expect = 0 if act is None and prepare is None else None
        self.run(act or self.scenario.act, both(prepare, recording(self.root, log)), expect=expect)
        rows = [row.partition(" ") for row in log.read_text(errors="surrogateescape").splitlines()]
        return [Point(number, what, new == "1") for number, (new, _, what) in enumerate(rows, 1)]

    def verdict(self, *, again: bool = True, stuck: bool = False) -> str:
        """Say whether the copy is as before or as after, whole and usable, or what it is instead.

        Where the system would not remove a directory it is ``stuck``, and may stay: it is empty.
        """
        now = picture(self.root)
        found = self.end_of(now, stuck=stuck)
        if wrong := unsound(self.root):
            return f"{found}; {wrong}"
        if again:
            end = self.run(archive)
            if end.code:
                return f"{found}, but archive.all then ends with {end.code}: {end.said[-400:]}"
            tree = git(self.root, "rev-parse", "HEAD^{tree}")
            if tree != self.goal:
                return f"{found}, but archive.all then makes the tree {tree}"
        return found

    def end_of(self, now: Picture, *, stuck: bool = False) -> str:
        """Say which end a picture shows: ``before``, ``after``, or what is wrong."""
        for name, end in (("before", self.before), ("after", self.after)):
            if now == end or (stuck and now.filled == end.filled):
                return name
        ends = {"before": now.differences(self.before), "after": now.differences(self.after)}
        nearer = min(ends, key=lambda end: len(ends[end]))
        return f"half: unlike {nearer} in {'; '.join(ends[nearer])}"

    def recovered(self, prepare: Patch | None = None, *, again: bool = True) -> str:
        """Recover the copy, and give the verdict."""
        end = self.run(recover, prepare)
        if end.code:
            return f"archive.recover ends with {end.code}: {end.said[-400:]}"
        return self.verdict(again=again)


def chosen(points: Sequence[Point], stride: int, *, every: bool = False) -> list[Point]:
    """Choose points by a stride among those that left something new on disk, or among all."""
    worth = [point for point in points if every or point.new]
    return worth[stride // 2 :: stride]


@dataclass(frozen=True)
class Plant:
    """A fault of ours planted in the run, in the recovery, or in both; shows ``at`` effects of this name."""

    run: Patch | None = None
    recovery: Patch | None = None
    at: str = ""


NO_PLANT: Final = Plant()


def kill_sweep(
    bench: Bench, stride: int = 1, *, every: bool = False, again: int = 1, plant: Plant = NO_PLANT
) -> Tally:
    """Kill a run before its effects, recover, and compare; now and then (``again``) archive as well."""
    tally = Tally(f"kill at an effect: {bench.scenario.name}")
    bench.look()
    bench.fresh()
    bench.run(bench.scenario.act, plant.run)
    tally.add(bench.verdict(again=False), f"{bench.scenario.name}, not killed at all")
    for tried, point in enumerate(chosen(bench.points(plant), stride, every=every)):
        bench.fresh()
        end = bench.run(bench.scenario.act, both(plant.run, stopping(point.number, [signal.SIGKILL])))
        verdict = (
            bench.recovered(plant.recovery, again=tried % again == again - 1)
            if end.killed
            else f"not killed but ended with {end.code}: {end.said[-400:]}"
        )
        tally.littered += bool(litter(bench.root))
        tally.add(verdict, f"{bench.scenario.name} killed before effect {point.number} ({point.what})")
    return tally


def recovery_sweep(bench: Bench, stride: int = 1, *, inner: int = 1) -> Tally:
    """Kill a run, then kill its recovery before each effect of that, then recover whole."""
    tally = Tally(f"kill the recovery: {bench.scenario.name}")
    bench.look()
    for point in chosen(bench.points(), stride):
        cut = stopping(point.number, [signal.SIGKILL])
        bench.fresh()
        bench.run(bench.scenario.act, cut)
        for moment in chosen(bench.effects(recover), inner):
            bench.fresh()
            bench.run(bench.scenario.act, cut)
            bench.run(recover, stopping(moment.number, [signal.SIGKILL]))
            where = f"{bench.scenario.name} killed before effect {point.number} ({point.what})"
            tally.add(
                bench.recovered(again=False), f"{where}, recovery before {moment.number} ({moment.what})"
            )
    return tally
