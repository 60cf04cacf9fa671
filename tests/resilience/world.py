"""The small world of the sweeps: a repository with everything that is easy to lose, and pictures of it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from mothball.core.tree import directories
from mothball.workflow.archive import Options, archive_all, commit_step, run_step
from mothball.workflow.restore import restore
from mothball.workflow.session import Session, open_session
from mothball.workflow.undo import undo
from tests.conftest import DATE
from tests.conftest import PLAN as LAB_PLAN

PLAN: Final = LAB_PLAN.replace("/lab/build*.py", "/lab/build*")
"""The plan of the other tests, for programs of every kind."""
SEVERAL: Final = PLAN + "per-category = true\n"
"""The same, as one commit per category."""
GRAND: Final = SEVERAL + 'branch = "retire/experiments"\n'
"""The same on a branch of its own."""

WHOLE: Final = PLAN + "[limits]\nshare = 1.0\n"
"""The same, however much of the repository it moves."""

FILES: Final[dict[str, tuple[int, bytes]]] = {
    ".gitignore": (0o644, b".env\n*.log\n"),
    "README.md": (0o644, b"# Kernel\n\nThe maintainer's words, without a final newline"),
    "core/kernel.py": (0o644, b"def run() -> int:\n    return 42\n"),
    "core/tool.sh": (0o755, b"#!/bin/sh\nexit 0\n"),
    "lab/build one.py": (0o644, b"print('build 1')\n"),
    "lab/build_\udcff\udcfe.sh": (0o755, b"#!/bin/sh\necho build 2\n"),
    "lab/build_latest": (0o120000, b"build one.py"),
    "lab/in_use.py": (0o644, b"print('in use')\n"),
    "lab/test_empty.py": (0o644, b""),
    "lab/test_none.py": (0o644, b""),
    "notes/deep/er/thought.md": (0o644, b"A thought.\r\n\xff"),
    "notes/idea.md": (0o644, b"An idea.\n"),
}
"""What is tracked: mode and content of each file, or the text of a link."""

LOOSE: Final = {"notes/.env": b"SECRET=1\n", "lab/run.log": b"ran\n", "scratch/todo.txt": b"untracked\n"}
"""What is ignored or untracked."""

EMPTY: Final = ("core/hollow", "notes/hollow")
"""Directories with nothing in them."""

MODES: Final = {"lab": 0o750, "notes": 0o700, "notes/deep": 0o2775, "notes/deep/er": 0o1777}
"""Directories whose permissions are not what a new one would have."""

MOVES: Final = {
    "lab/build one.py": "archive/builds/build one.py",
    "lab/build_\udcff\udcfe.sh": "archive/builds/build_\udcff\udcfe.sh",
    "lab/build_latest": "archive/builds/build_latest",
    "lab/test_empty.py": "archive/tests/test_empty.py",
    "lab/test_none.py": "archive/tests/test_none.py",
    "notes/deep/er/thought.md": "archive/papers/notes/deep/er/thought.md",
    "notes/idea.md": "archive/papers/notes/idea.md",
}
"""What both plans do."""

CROWD: Final = {f"lab/build_{number:03}": (0o644, b"print(%d)\n" % number) for number in range(100)}
"""More files to archive, for a run of more than a hundred moves."""

MANAGED: Final = ("README.md", "archive/README.md", "archive/ledger.json")
"""What mothball writes."""

Act = Callable[[Path], object]
"""Something done to the repository at a path."""


def hush() -> None:
    """Keep this machine's git configuration, language and clock out of every repository."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "MOTHBALL_", "INVOKE_"))]:
        del os.environ[name]
    os.environ.update(
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        GIT_AUTHOR_DATE=DATE,
        GIT_COMMITTER_DATE=DATE,
        LC_ALL="C.UTF-8",
        TERM="dumb",
        COLUMNS="200",
    )


@contextmanager
def workbench() -> Iterator[Path]:
    """Make a folder for repositories, in memory where there is such a place: the sweeps sync a lot."""
    memory = Path("/dev/shm")
    place = Path(
        tempfile.mkdtemp(prefix="mothball-", dir=memory if os.access(memory, os.W_OK | os.X_OK) else None)
    )
    try:
        yield place.resolve()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def try_git(root: Path, *args: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run git as a user does, and return what came of it."""
    return subprocess.run(
        ["git", *map(os.fsencode, args)], cwd=root, input=stdin, capture_output=True, check=False, timeout=60
    )


def git(root: Path, *args: str, stdin: bytes = b"") -> str:
    """Run git, which must succeed, and return what it says."""
    done = try_git(root, *args, stdin=stdin)
    assert done.returncode == 0, os.fsdecode(done.stderr + done.stdout)
    return os.fsdecode(done.stdout)


def put(place: Path, mode: int, content: bytes) -> None:
    """Put one file, program or link where there may be none."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if mode == 0o120000:
        place.symlink_to(os.fsdecode(content))
    else:
        place.write_bytes(content)
        place.chmod(mode)


def build(root: Path, plan: str, more: Mapping[str, tuple[int, bytes]]) -> None:
    """Build the repository: one commit, and beside it what is ignored, untracked or empty."""
    root.mkdir()
    git(root, "init", "-q", "-b", "main", "--template=")
    with (root / ".git/config").open("a") as config:
        config.write("[user]\nname = Maintainer\nemail = m@example.org\n")
        config.write("[gc]\nauto = 0\n[maintenance]\nauto = false\n")
    hook = root / ".git/hooks/pre-commit"
    put(hook, 0o755, b"#!/bin/sh\nexit 0\n")
    for path, (mode, content) in {**FILES, **more}.items():
        put(root / path, mode, content)
    (root / "mothball.toml").write_text(plan)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--no-verify", "-m", "first")
    git(root, "switch", "-q", "-c", "other")
    put(root / "core/other.py", 0o644, b"print('the work of somebody else')\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--no-verify", "-m", "other")
    git(root, "switch", "-q", "main")
    for path, content in LOOSE.items():
        put(root / path, 0o644, content)
    for path in EMPTY:
        (root / path).mkdir(parents=True)
    for path, mode in MODES.items():
        (root / path).chmod(mode)


def opened(root: Path) -> Session:
    """Open a session, as every task does."""
    return open_session(root, trust=True)


def say(_: str) -> None:
    """Hear what a run says of its commands."""


def archive(root: Path) -> object:
    """Run ``archive.all``."""
    session = opened(root)
    return archive_all(session, session.plan(), say, Options())


def step(*names: str) -> Act:
    """Return an act that runs single steps, the commit among them."""

    def act(root: Path) -> None:
        for name in names:
            session = opened(root)
            if name == "commit":
                commit_step(session, session.plan(), pushing=False)
            else:
                run_step(session, session.plan(), name)

    return act


def take_back(root: Path) -> object:
    """Run ``archive.undo``."""
    session = opened(root)
    return undo(session, session.plan())


def bring_home(*paths: str) -> Act:
    """Return an act that runs ``archive.restore``."""

    def act(root: Path) -> object:
        session = opened(root)
        return restore(session, session.plan(), paths)

    return act


def recover(root: Path) -> bool:
    """Run ``archive.recover``."""
    return bool(opened(root).recover())


@dataclass(frozen=True)
class Scenario:
    """A state of the repository, what is done to it, and how the program is asked to do it."""

    name: str
    act: Act
    words: tuple[str, ...]
    first: tuple[Act, ...] = ()
    plan: str = PLAN
    more: Mapping[str, tuple[int, bytes]] = field(default_factory=dict)


SCENARIOS: Final = {
    scenario.name: scenario
    for scenario in (
        Scenario("all", archive, ("archive.all", "--trust"), plan=GRAND),
        Scenario("all-one-commit", archive, ("archive.all", "--trust")),
        Scenario("all-hundred-moves", archive, ("archive.all", "--trust"), plan=WHOLE, more=CROWD),
        Scenario(
            "all-after-steps", archive, ("archive.all", "--trust"), (step("structure", "builds"),), GRAND
        ),
        Scenario("step", step("builds"), ("archive.builds",)),
        Scenario("second-step", step("notes"), ("archive.notes",), (step("builds", "tests"),)),
        Scenario("readme", step("readme"), ("archive.readme",), (step("builds"),)),
        Scenario("commit", step("commit"), ("archive.commit",), (step("builds", "tests", "notes"),), SEVERAL),
        Scenario("undo-staged", take_back, ("archive.undo",), (step("builds", "notes", "readme"),)),
        Scenario("undo-committed", take_back, ("archive.undo",), (archive,), GRAND),
        Scenario(
            "restore",
            bring_home("archive/builds", "notes/idea.md"),
            ("archive.restore", "archive/builds", "--also", "notes/idea.md"),
            (archive,),
        ),
    )
}
"""Every kind of run that changes something."""


@dataclass(frozen=True)
class Picture:
    """All that a person could find changed, and what mothball remembers."""

    refs: str
    index: str
    status: str
    files: tuple[tuple[str, str], ...]
    pending: str
    config: str

    @property
    def filled(self) -> "Picture":
        """The same without empty directories."""
        used = directories(path.rstrip("/") for path, mode in self.files if not path.endswith("/"))
        rows = (row for row in self.files if not row[0].endswith("/") or row[0].rstrip("/") in used)
        return replace(self, files=tuple(rows))

    def differences(self, other: "Picture") -> list[str]:
        """Name the parts in which another picture differs, each with a few rows."""
        found = []
        for part in fields(self):
            ours, theirs = getattr(self, part.name), getattr(other, part.name)
            if ours != theirs:
                found.append(f"{part.name} {_changes(ours, theirs)}")
        return found


def _changes(ours: "str | tuple[object, ...]", theirs: "str | tuple[object, ...]") -> str:
    one, two = (
        {str(row) for row in (part.replace("\0", "\n").splitlines() if isinstance(part, str) else part)}
        for part in (ours, theirs)
    )
    rows = [f"-{row!r}" for row in sorted(one - two)[:3]] + [f"+{row!r}" for row in sorted(two - one)[:3]]
    return " ".join(rows)


def picture(root: Path) -> Picture:
    """Take a picture of a repository."""
    return Picture(
        refs=git(root, "for-each-ref", "--format=%(refname) %(objectname)")
        + (root / ".git/HEAD").read_text()
        + git(root, "rev-parse", "HEAD"),
        index=git(root, "ls-files", "-s", "-v", "-z"),
        status=git(root, "--no-optional-locks", "status", "--porcelain", "-z", "--ignored", "-uall"),
        files=tuple(sorted(_files(root))),
        pending=pending.read_text() if (pending := root / ".git/mothball/pending").exists() else "",
        config=(root / ".git/config").read_text(),
    )


def _files(root: Path) -> Iterator[tuple[str, str]]:
    for folder, names, files in os.walk(root):
        if Path(folder) == root:
            names.remove(".git")
        here = Path(folder).relative_to(root)
        for name in names:
            mode = (Path(folder) / name).lstat().st_mode
            yield f"{here / name}/", f"{mode:o}"
        for name in files:
            path = Path(folder, name)
            content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            yield str(here / name), f"{path.lstat().st_mode:o} {sha256(content).hexdigest()}"


def litter(root: Path) -> list[str]:
    """Return what is in mothball's own directory although nothing needs it."""
    folder = root / ".git/mothball"
    ours = {"lock", "pending", "content", "trusted", "validation", "journal", "memory"}
    found = [path.name for path in folder.glob("*") if path.name not in ours]
    pending = (folder / "pending").read_text() if (folder / "pending").exists() else ""
    contents = (path.name for path in (folder / "content").glob("*"))
    return found + [name for name in contents if f'"{name}"' not in pending]


def strays(root: Path) -> list[str]:
    """Return files of git's own directory that no whole run leaves: locks, private indexes, half records."""
    known = {
        "HEAD",
        "ORIG_HEAD",
        "FETCH_HEAD",
        "COMMIT_EDITMSG",
        "config",
        "description",
        "index",
        "packed-refs",
    }
    found = []
    for folder, names, files in os.walk(root / ".git"):
        here = Path(folder).relative_to(root / ".git")
        if here == Path():
            names[:] = [name for name in names if name not in {"objects", "mothball"}]
        top = here == Path()
        found += [str(here / name) for name in files if name.endswith(".lock") or (top and name not in known)]
    if (root / ".git/mothball/journal").exists():
        found.append("mothball/journal")
    return sorted(found)


def unsound(root: Path) -> str:
    """Say what is wrong with the repository itself, or nothing."""
    if left := strays(root):
        return f"left in .git: {left}"
    checked = try_git(root, "fsck", "--strict", "--no-dangling", "--no-progress")
    if checked.returncode or b"missing" in checked.stdout or b"error" in checked.stderr:
        return f"git fsck: {os.fsdecode(checked.stdout + checked.stderr)!r}"
    return ""


def copy(source: Path, target: Path) -> Path:
    """Copy a repository to a place where another may be, with an index that knows the copies' file times."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    git(target, "update-index", "-q", "--refresh")
    return target
