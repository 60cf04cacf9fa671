"""Anything in any order: steps, edits, commits, kills, recovery, undo and restore on random repositories.

``HYPOTHESIS_PROFILE=nightly pytest tests/resilience/test_machine.py`` takes 10,000 steps.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from signal import SIGKILL
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mothball.core.errors import Exit
from tests.resilience.life import blob_of
from tests.resilience.sweep import End, Patch, forked, recording, stopping
from tests.resilience.world import (
    MANAGED,
    PLAN,
    Act,
    Picture,
    archive,
    bring_home,
    git,
    hush,
    picture,
    put,
    recover,
    step,
    strays,
    take_back,
    try_git,
    workbench,
)

NIGHTLY: Final = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
NAMES: Final = ("a", "b c", "d\udcff", "e\nf", "é", "g'\"h", "-i", "J", "*", "\u202e.py")
FOLDERS: Final = ("lab/build_", "lab/test_", "notes/", "notes/deep/", "core/", "lab/")
ACTS: Final[dict[str, Act]] = {
    "all": archive,
    "structure": step("structure"),
    "builds": step("builds"),
    "tests": step("tests"),
    "notes": step("notes"),
    "readme": step("readme"),
    "commit": step("commit"),
    "undo": take_back,
    "restore builds": bring_home("archive/builds"),
    "restore notes": bring_home("notes"),
}
acts = st.sampled_from(sorted(ACTS))
files = st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES)).map("".join)


class Life(RuleBasedStateMachine):
    """One repository and its maintainer."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.folder = self.held.enter_context(workbench())
        self.root = self.folder / "repo"
        self.number = 0
        self.loose: dict[str, bytes] = {}
        self.replaced: set[str] = set()
        self.halves: set[str] = set()
        self.cut: tuple[Picture, Picture] | None = None
        self.archived_from: tuple[str, str] | None = None

    def teardown(self) -> None:
        self.held.close()

    def content(self) -> bytes:
        """Return a content that is nowhere else."""
        self.number += 1
        return b"content %d\n" % self.number

    @initialize(
        paths=st.lists(files, min_size=3, max_size=9, unique=True),
        kinds=st.lists(st.sampled_from([0o644, 0o755, 0o120000, 0]), min_size=9, max_size=9),
        single=st.booleans(),
    )
    def begin(self, paths: list[str], kinds: list[int], *, single: bool) -> None:
        """Build a repository."""
        hush()
        self.root.mkdir()
        git(self.root, "init", "-q", "-b", "main", "--template=")
        git(self.root, "config", "user.name", "Maintainer")
        git(self.root, "config", "user.email", "m@example.org")
        plan = PLAN.replace("reason =", "optional = true\nreason =")
        plan += ("" if single else "per-category = true\n") + "[limits]\nshare = 1.0\n"
        put(self.root / "mothball.toml", 0o644, plan.encode())
        put(self.root / ".gitignore", 0o644, b"*.ignored\n")
        put(self.root / "README.md", 0o644, b"# Words\n")
        put(self.root / "core/kernel.py", 0o644, b"kept\n")
        put(self.root / "lab/build_first", 0o755, b"moved\n")
        put(self.root / "notes/first", 0o644, b"moved as well\n")
        for path, kind in zip(paths, kinds, strict=False):
            put(self.root / path, kind or 0o644, b"" if kind == 0 else self.content())
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "-m", "first")

    def run(self, act: Act, prepare: Patch | None = None) -> End:
        """Do something in a child."""
        return forked(lambda: act(self.root), prepare=prepare, scratch=self.folder / "said")

    @rule(name=st.sampled_from(["all", "builds", "notes", "readme", "commit", "undo"]))
    @precondition(lambda self: self.cut is None)
    def usual_act(self, name: str) -> None:
        """Run one of the tasks that mostly have something to do."""
        self.act(name)

    @rule(name=acts)
    @precondition(lambda self: self.cut is None)
    def act(self, name: str) -> None:
        """Run a task: it does its work, or refuses and touches nothing."""
        before, tree = picture(self.root), git(self.root, "rev-parse", "HEAD^{tree}")
        kept = self.tracked()
        end = self.run(ACTS[name])
        assert end.code in {0, *map(int, Exit)} - {Exit.USAGE, Exit.FINDINGS, Exit.UNDECIDED}, end.said
        if end.code:
            assert not before.differences(picture(self.root)), f"{name}: {end.said}"
            return
        assert self.tracked() == kept
        if name == "undo" and self.archived_from:
            done, origin = self.archived_from
            if tree == done:
                assert git(self.root, "rev-parse", "HEAD^{tree}") == origin
        clean = not before.pending and not before.status.replace("!! ", "").strip("\0")
        self.archived_from = (
            (git(self.root, "rev-parse", "HEAD^{tree}"), tree) if name == "all" and clean else None
        )
        self.require_pure(before)

    def require_pure(self, before: Picture) -> None:
        """Every commit of ours since then is renames, and files that we write.

        Of a file that its owner committed at its new name, only the old name is left to go.
        """
        base = before.refs.splitlines()[-1]
        for commit in git(self.root, "rev-list", f"{base}..HEAD").split():
            rows = git(self.root, "show", "--format=", "--raw", "-z", "-M100%", "-l0", commit).split("\0")
            kinds = iter(rows)
            for row in kinds:
                if row.startswith(":"):
                    path = next(kinds)
                    kind = row.split()[-1]
                    half = kind == "D" and path in self.halves
                    assert kind == "R100" or path in MANAGED or half, (kind, path)
                    if kind == "R100":
                        assert row.split()[0] == ":" + row.split()[1], row
                        next(kinds)

    @rule(name=acts, at=st.floats(0, 1))
    @precondition(lambda self: self.cut is None)
    def kill(self, name: str, at: float) -> None:
        """Kill a task somewhere."""
        before = picture(self.root)
        twin = self.folder / "twin"
        shutil.copytree(self.root, twin, symlinks=True)
        log = self.folder / "effects"
        end = self.run(ACTS[name], recording(self.root, log))
        after = picture(self.root)
        shutil.rmtree(self.root)
        twin.rename(self.root)
        try_git(self.root, "update-index", "-q", "--refresh")
        count = log.read_bytes().count(b"\n")
        if end.code == 0 and count and after != before:
            self.run(ACTS[name], stopping(1 + int(at * (count - 1)), [SIGKILL]))
            self.cut = before, after

    @rule()
    @precondition(lambda self: self.cut is not None)
    def recover(self) -> None:
        """Recover: exactly before, or exactly after."""
        assert self.cut
        before, after = self.cut
        end = self.run(recover)
        assert end.code == 0, end.said
        now = picture(self.root)
        assert now in {before, after}, now.differences(before)
        assert not strays(self.root)
        self.cut = self.archived_from = None

    @rule(at=st.floats(0, 1))
    @precondition(lambda self: self.cut is not None)
    def kill_recovery(self, at: float) -> None:
        """Kill the recovery as well."""
        self.run(recover, stopping(1 + int(at * 40), [SIGKILL]))

    @rule(path=files, ignored=st.booleans())
    @precondition(lambda self: self.cut is None)
    def add_untracked(self, path: str, *, ignored: bool) -> None:
        """Leave a file that git does not track."""
        name = path + (".ignored" if ignored else ".new")
        if not os.path.lexists(self.root / name):
            self.loose[name] = self.content()
            put(self.root / name, 0o644, self.loose[name])

    @rule(data=st.data())
    @precondition(lambda self: self.cut is None)
    def edit_and_commit(self, data: st.DataObject) -> None:
        """Edit a file, wherever a step has put it, and commit it by itself."""
        path = data.draw(st.sampled_from(sorted(self.plain())))
        known = {*git(self.root, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")}
        if path not in known:
            self.halves.add(self.origin(path))
        self.replaced.add(blob_of(self.root / path))
        (self.root / path).write_bytes(self.content())
        git(self.root, "commit", "-q", "--only", "-m", "an edit", "--", f":(literal){path}")
        self.archived_from = None

    @rule(path=files)
    @precondition(lambda self: self.cut is None)
    def add_and_commit(self, path: str) -> None:
        """Commit a new file."""
        if not os.path.lexists(self.root / path):
            put(self.root / path, 0o644, self.content())
            git(self.root, "add", "--", f":(literal){path}")
            git(self.root, "commit", "-q", "--only", "-m", "a file", "--", f":(literal){path}")
            self.archived_from = None

    def origin(self, path: str) -> str:
        """Say where a file came from that a step has moved and that no commit has where it is now."""
        moves = json.loads((self.root / ".git/mothball/pending").read_bytes())["work"]["moves"]
        return next(str(source) for source, target, *_ in moves if target == path)

    def plain(self) -> list[str]:
        """List the tracked files that are not ours."""
        rows = git(self.root, "ls-files", "-s", "-z").split("\0")
        found = [row.split("\t", 1)[1] for row in rows if row[:3] == "100"]
        return [path for path in found if "/" in path and path not in MANAGED]

    def tracked(self) -> "Counter[tuple[str, ...]]":
        """Count mode and blob of what is tracked, but for what we write."""
        rows = [row.split("\t", 1) for row in git(self.root, "ls-files", "-s", "-z").split("\0") if row]
        return Counter(tuple(row[0].split()[:2]) for row in rows if row[1] not in MANAGED)

    @invariant()
    def loose_files_stay(self) -> None:
        """What git does not track is never moved, overwritten or published."""
        for path, content in self.loose.items():
            assert (self.root / path).read_bytes() == content

    @invariant()
    def every_tracked_byte_is_there(self) -> None:
        """Whatever is in HEAD is in the work tree too, wherever it lies by now.

        What an editor wrote over is in HEAD alone while the file's move is not committed.
        """
        if not self.root.exists() or not (self.root / ".git").exists():
            return
        rows = [row for row in git(self.root, "ls-tree", "-r", "-z", "HEAD").split("\0") if row]
        wanted = {row.split("\t")[0].split()[2] for row in rows if row.split("\t", 1)[1] not in MANAGED}
        paths = [str(path.relative_to(self.root)) for path in self.everything()]
        assert wanted - self.replaced <= set(self.blobs(paths))

    def everything(self) -> list[Path]:
        """List every file and link of the work tree."""
        found: list[Path] = []
        for folder, names, others in os.walk(self.root):
            if Path(folder) == self.root:
                names.remove(".git")
            found += [Path(folder, name) for name in others]
        return found

    def blobs(self, paths: Sequence[str]) -> list[str]:
        """Return the blob ids of contents in the work tree."""
        return [blob_of(self.root / path) for path in paths]

    @invariant()
    def kept_files_are_untouched(self) -> None:
        """What is kept has the bytes that HEAD has."""
        if (self.root / ".git").exists():
            changed = git(self.root, "diff", "HEAD", "--name-only", "-z", "--", "core/", "mothball.toml")
            assert not changed


def test_anything_in_any_order() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=400 if NIGHTLY else 12,
            stateful_step_count=25 if NIGHTLY else 20,
            deadline=None,
            derandomize=not NIGHTLY,
            suppress_health_check=[*HealthCheck],
        ),
    )
