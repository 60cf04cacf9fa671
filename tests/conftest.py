"""Repositories as pictures: a dict of paths and texts becomes a real git repository."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from sysconfig import get_path

import pytest
from hypothesis import settings

from mothball.core.plan.model import Plan
from mothball.core.plan.reader import read_plan
from mothball.core.tree import REGULAR, Entry, blob_id
from mothball.effects.git import Git, decode, encode
from mothball.workflow.archive import Done, Options, archive_all, commit_step, run_step
from mothball.workflow.back import Returned
from mothball.workflow.lasting import plan_for_return
from mothball.workflow.preview import Preview, StepStatus, status, work_out
from mothball.workflow.restore import restore
from mothball.workflow.session import Session, open_session
from mothball.workflow.undo import undo

# How long an example takes says more of the machine than of the code.
settings.register_profile("mothball", deadline=None)
settings.load_profile("mothball")

WITHOUT_REGISTRY = {
    "PIP_NO_BUILD_ISOLATION": "false",  # pip's own way to say that it is off
    "PIP_NO_DEPS": "1",
    "PIP_NO_INDEX": "1",
    "PYTHONPATH": get_path("purelib"),
}
"""An environment in which pip installs this project with what the tests run with, and asks nobody."""

DATE = "2024-03-01T12:00:00+00:00"

PLAN = """
title     = "Focus"
purpose   = "See the kernel again"
principle = "Keep production code, archive experiments"

[[keep]]
title    = "Production"
patterns = ["/core/"]

[[archive]]
name   = "builds"
title  = "Old build scripts"
reason = "Superseded by make."
into."archive/builds/" = ["/lab/build*.py"]

[[archive]]
name   = "tests"
title  = "Old tests"
reason = "They test what is gone."
into."archive/tests/" = ["/lab/test_*.py"]

[[archive]]
name   = "notes"
title  = "Notes"
reason = "Read once."
into."archive/papers/" = ["/notes/"]

[readme]
path = "README.md"

[commit]
message = "refactor: archive experiments"
"""
"""Three categories, a keep set and a README: the plan of every test that does not need another."""

STEPS = ("structure", "builds", "tests", "notes", "readme")
"""The steps of `PLAN` before the commit."""


@dataclass(frozen=True)
class Link:
    """A symbolic link in a picture."""

    target: str


@dataclass(frozen=True)
class Program:
    """An executable file in a picture."""

    text: str


Content = str | bytes | Link | Program | None
"""What lies at a path; ``None`` takes away what lies there."""
Picture = Mapping[str, Content]

LAB: Picture = {
    "README.md": "# Kernel\n\nThe maintainer's words.\n",
    "core/kernel.py": "def run() -> int:\n    return 42\n",
    "core/tool.sh": Program("#!/bin/sh\nexit 0\n"),
    "core/deep/table.csv": "1,2\n",
    "lab/build_v1.py": "print('build 1')\n",
    "lab/build_v2.py": Program("#!/usr/bin/env python3\nprint('build 2')\n"),
    "lab/in_use.py": "print('in use')\n",
    "lab/test_v1.py": "print('test 1')\n",
    "notes/idea.md": "An idea.\n",
    "notes/deep/er/thought.md": "A thought.\n",
    "setup.cfg": "[metadata]\n",
    "src/app.py": "print('app')\n",
}
"""The repository that `PLAN` is for."""

MOVES = {
    "lab/build_v1.py": "archive/builds/build_v1.py",
    "lab/build_v2.py": "archive/builds/build_v2.py",
    "lab/test_v1.py": "archive/tests/test_v1.py",
    "notes/deep/er/thought.md": "archive/papers/notes/deep/er/thought.md",
    "notes/idea.md": "archive/papers/notes/idea.md",
}
"""What `PLAN` does to `LAB`."""


class Repo:
    """A git repository under test, and the use cases on it in one word each."""

    def __init__(self, root: Path, *, trust: bool = True, plan_file: Path | None = None) -> None:
        self.root = root
        self.trust = trust
        self.plan_file = plan_file
        self.said: list[str] = []

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run git and return what it says; it must succeed."""
        done = self.try_git(*arguments, stdin=stdin)
        assert done.returncode == 0, decode(done.stderr + done.stdout)
        return decode(done.stdout).removesuffix("\n")

    def try_git(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run git and return what came of it."""
        command = [b"git", *map(encode, arguments)]
        return subprocess.run(command, cwd=self.root, input=stdin, capture_output=True, check=False)

    def fields(self, *arguments: str) -> list[str]:
        """Run git and return its NUL-terminated fields."""
        said = self.git(*arguments)
        return said.removesuffix("\0").split("\0") if said else []

    def write(self, picture: Picture) -> None:
        """Put files into the work tree."""
        for path, content in picture.items():
            place = self.root / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Link):
                place.symlink_to(content.target)
            elif isinstance(content, Program):
                place.write_text(content.text)
                place.chmod(0o755)
            else:
                place.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, picture: Picture | None = None, message: str = "more") -> str:
        """Put files into the work tree, commit everything, and return the commit."""
        self.write(picture or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-m", message)
        return self.head

    def hook(self, name: str, script: str) -> None:
        """Install a hook."""
        folder = self.root / self.git("rev-parse", "--git-path", "hooks")
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("#!/bin/sh\n" + script)
        (folder / name).chmod(0o755)

    @property
    def head(self) -> str:
        """HEAD's commit."""
        return self.git("rev-parse", "HEAD")

    @property
    def tree(self) -> str:
        """The id of HEAD's tree."""
        return self.git("rev-parse", "HEAD^{tree}")

    @property
    def staged_tree(self) -> str:
        """The id of the tree in the index."""
        return self.git("write-tree")

    @property
    def status(self) -> list[str]:
        """Rows of ``git status``, ``XY path``, untracked files and ignored ones too."""
        args = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored")
        return self.fields(*args)

    @property
    def tracked(self) -> set[str]:
        """The paths in the index."""
        return set(self.fields("ls-files", "-z"))

    def paths(self) -> Iterator[Path]:
        """Walk everything in the work tree."""
        for folder, names, files in os.walk(self.root):
            if ".git" in names:
                names.remove(".git")
            for name in (*names, *files):
                if name != ".git":
                    yield Path(folder) / name

    @property
    def files(self) -> dict[str, Content]:
        """The work tree as a picture."""
        picture: dict[str, Content] = {}
        for path in self.paths():
            name = str(path.relative_to(self.root))
            if path.is_symlink():
                picture[name] = Link(str(path.readlink()))
            elif path.is_file():
                picture[name] = path.read_bytes()
        return picture

    @property
    def directories(self) -> set[str]:
        """Every directory in the work tree."""
        return {
            str(path.relative_to(self.root))
            for path in self.paths()
            if path.is_dir() and not path.is_symlink()
        }

    @property
    def everything(self) -> tuple[object, ...]:
        """All that a refusal must leave alone."""
        refs = self.git("for-each-ref")
        branch = self.try_git("symbolic-ref", "-q", "HEAD").stdout
        return self.head, refs, branch, self.index, self.files, self.directories

    @property
    def index(self) -> list[str]:
        """The rows of the index, with flags."""
        return self.fields("ls-files", "-s", "-v", "-z")

    def text(self, path: str) -> str:
        """Return the text of a file."""
        return (self.root / path).read_text()

    def lies_at(self, path: str) -> bool:
        """Say whether anything lies at a path."""
        return os.path.lexists(self.root / path)

    def renames(self, revision: str = "HEAD") -> dict[str, str]:
        """Return the pure renames of a commit."""
        return {path: target for kind, path, target in self._changes(revision) if kind == "R100"}

    def changes(self, revision: str = "HEAD") -> set[str]:
        """Return the paths that a commit changes, other than by pure renames."""
        return {path for kind, path, _ in self._changes(revision) if kind != "R100"}

    def _changes(self, revision: str) -> Iterator[tuple[str, str, str]]:
        args = ("show", "--format=", "--name-status", "-z", "-M100%", "-l0", revision)
        rows = iter(self.fields(*args))
        for kind in rows:
            path = next(rows)
            yield kind, path, next(rows) if kind.startswith("R") else ""

    @property
    def session(self) -> Session:
        """A session of its own for every use case, as every task has."""
        return open_session(self.root, self.plan_file, trust=self.trust)

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self.session.plan()

    def archive(self, *, commands: bool = True, push: bool = False, saved: bytes | None = None) -> Done:
        """Run ``archive.all``."""
        options = Options(commands=commands, push=push, saved=("saved.json", saved) if saved else None)
        session = self.session
        return archive_all(session, session.plan(), self.said.append, options)

    def step(self, *names: str) -> Done:
        """Run single steps, the commit among them."""
        done, session = Done(), self.session
        for name in names:
            if name == "commit":
                done = commit_step(session, session.plan(), pushing=False)
            else:
                done = run_step(session, session.plan(), name)
        return done

    def undo(self, revision: str | None = None) -> Returned | None:
        """Run ``archive.undo``."""
        session = self.session
        return undo(session, plan_for_return(session), revision)

    def undo_everything(self) -> int:
        """Run ``archive.undo`` until there is nothing left to undo; return how often it did something."""
        for times in range(50):
            if self.undo() is None:
                return times
        raise AssertionError("undo finds always something")

    def restore(self, *paths: str) -> Returned:
        """Run ``archive.restore``."""
        session = self.session
        return restore(session, plan_for_return(session), paths)

    def preview(self) -> Preview:
        """Run ``archive.plan``."""
        session = self.session
        return work_out(session, session.plan())

    def states(self) -> dict[str, str]:
        """Run ``archive.status``."""
        session = self.session
        rows: list[StepStatus] = status(session, session.plan())
        return {row.name: row.state for row in rows}


MakeRepo = Callable[..., Repo]


@pytest.fixture(scope="session", autouse=True)
def _isolated() -> Iterator[None]:
    """Keep the machine's git configuration and clock out of every repository."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


def make_repo(
    root: Path, picture: Picture = LAB, plan: str | None = PLAN, *, options: tuple[str, ...] = ()
) -> Repo:
    """Make a repository with one commit, always the same one for the same picture."""
    root.mkdir(parents=True)
    repo = Repo(root)
    repo.git("init", "-q", "-b", "main", *options)
    with (root / ".git/config").open("a") as config:
        config.write("[user]\nname = Maintainer\nemail = m@example.org\n[advice]\ndetachedHead = false\n")
    repo.write({**picture, **({"mothball.toml": plan} if plan is not None else {})})
    repo.git("add", "-A")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_AUTHOR_DATE", DATE)
        patch.setenv("GIT_COMMITTER_DATE", DATE)
        repo.git("commit", "-q", "-m", "first")
    return repo


def project_repository(root: Path) -> Repo:
    """Make a repository of this project as it is now, of one commit; it has to be a clone."""
    here = Path(__file__).parents[1]
    listed = Repo(here).fields("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    files = [name for name in listed if (here / name).is_file()]
    return make_repo(root, {name: (here / name).read_bytes() for name in files}, None)


@pytest.fixture(scope="session")
def lab_template(tmp_path_factory: pytest.TempPathFactory, _isolated: None) -> Path:
    """`LAB` under `PLAN`; not to be changed."""
    return make_repo(tmp_path_factory.mktemp("template") / "lab").root


@pytest.fixture(scope="session")
def archived_tree(lab_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of the tree that ``archive.all`` makes of `LAB`."""
    place = tmp_path_factory.mktemp("archived") / "lab"
    shutil.copytree(lab_template, place, symlinks=True)
    repo = Repo(place)
    repo.archive()
    return repo.tree


@pytest.fixture
def lab(lab_template: Path, tmp_path: Path) -> Repo:
    """`LAB` under `PLAN`, to be changed."""
    return Repo(Path(shutil.copytree(lab_template, tmp_path / "lab", symlinks=True)))


@pytest.fixture
def repo(tmp_path: Path) -> MakeRepo:
    """Make repositories: ``repo({path: text}, plan=...)``."""
    made: list[Repo] = []

    def make(
        picture: Picture = LAB, plan: str | None = PLAN, *, options: tuple[str, ...] = (), name: str = ""
    ) -> Repo:
        place = tmp_path / (name or f"repo{len(made)}")
        made.append(make_repo(place, picture, plan, options=options))
        return made[-1]

    return make


def git_of(repo: Repo) -> Git:
    """Return the product's own way to speak to git in a repository."""
    return repo.session.git


def plan_of(text: str = PLAN) -> Plan:
    """Read a plan that is right."""
    return read_plan(text.encode(), path="mothball.toml")


def tree_of(*paths: str, mode: str = REGULAR) -> dict[str, Entry]:
    """Return a tree of these paths, each with a content of its own."""
    return {path: Entry(mode, blob_id(encode(path), like="0" * 40)) for path in paths}
