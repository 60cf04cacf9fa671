"""A repository as a literal picture: made, looked at, run upon, and looked at again."""

import json
import os
import pty
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

import mothball
from mothball.core.errors import MothballError, PlanError
from mothball.core.plan.model import Plan
from mothball.workflow import archive as use
from mothball.workflow import preview as look
from mothball.workflow import restore as bring
from mothball.workflow import undo as take
from mothball.workflow.back import Returned
from mothball.workflow.session import Session, open_session

Anything = TypeVar("Anything")
Error = TypeVar("Error", bound=MothballError)


def hazard(*rows: int) -> pytest.MarkDecorator:
    """Say which rows of the table of hazards a test is about."""
    return pytest.mark.hazard(*rows)


class Link(str):
    """The content of a symbolic link."""

    __slots__ = ()


class Program(str):
    """The content of a file with its executable bit set."""

    __slots__ = ()


Content = str | bytes
REPORTED: Final = (MothballError, OSError)
"""What the program turns into sentences and an exit code."""
FILES: Final[Mapping[str, Content]] = {
    "old/a.py": "print('a')\n",
    "old/b.py": "print('b')\n",
    "src/main.py": "print('main')\n",
    "README.md": "# Project\n\nWords of the maintainer.\n",
}
PLAN: Final = """\
title = "Focus"

[[archive]]
name = "old"
title = "Old experiments"
reason = "Superseded."
into."archive/" = ["/old/"]

[limits]
share = 1.0
"""
WITH_README: Final = PLAN + '\n[readme]\npath = "README.md"\n'
PAGES: Final = frozenset({"archive/README.md", "archive/ledger.json", "README.md"})
"""The files that mothball writes under these plans."""


def plan_of(*patterns: str, into: str = "archive/", more: str = "", head: str = "") -> str:
    """Return a plan of one category with these patterns."""
    listed = ", ".join(f"'{pattern}'" for pattern in patterns)
    return f"""\
title = "Focus"
{head}
[[archive]]
name = "old"
title = "Old experiments"
reason = "Superseded."
into."{into}" = [{listed}]

[limits]
share = 1.0
{more}"""


def plan_into(destination: str) -> str:
    """Return a plan with this destination, whatever is in it."""
    return plan_of("/old/", into="INTO").replace('"INTO"', json.dumps(destination, ensure_ascii=False))


@dataclass(frozen=True)
class Picture:
    """All of a repository that a person could find changed; ``exactly`` adds what only git looks at."""

    refs: str
    index: str
    status: str
    files: Mapping[str, str]
    exactly: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Repo:
    """A repository in a temporary directory, with mothball's use cases at hand."""

    root: Path

    def git(self, *args: str, stdin: bytes = b"", check: bool = True, **env: str) -> str:
        """Run git as its user would."""
        done = subprocess.run(
            ["git", *args], cwd=self.root, input=stdin, capture_output=True, check=False,
            env={**os.environ, **env},
        )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(f"git {args}: {done.returncode} {done.stderr!r}")
        return os.fsdecode(done.stdout).removesuffix("\n")

    def path(self, name: str) -> Path:
        return self.root / name

    def put(self, files: Mapping[str, Content]) -> None:
        """Write files, links and programs."""
        for name, content in files.items():
            place = self.root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Link):
                place.symlink_to(str(content))
                continue
            place.write_bytes(content.encode() if isinstance(content, str) else content)
            if isinstance(content, Program):
                place.chmod(0o755)

    def commit(self, files: Mapping[str, Content] | None = None, message: str = "more") -> str:
        """Write files and commit everything that is not ignored."""
        self.put(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def config(self, **settings: str) -> None:
        """Set configuration: ``core_ignorecase="true"``."""
        for name, value in settings.items():
            self.git("config", name.replace("_", ".", 1).replace("_", "-"), value)

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def tree(self, commit: str = "HEAD") -> dict[str, tuple[str, str]]:
        """Return (mode, blob) by path."""
        rows = self.git("ls-tree", "-r", "-z", "--full-tree", commit).split("\0")[:-1]
        found = {}
        for row in rows:
            head, _, path = row.partition("\t")
            mode, _, blob = head.split(" ")
            found[path] = (mode, blob)
        return found

    def index(self) -> dict[str, tuple[str, str]]:
        """Return (mode, blob) by path, of what the index tracks."""
        found = {}
        for row in self.git("ls-files", "-s", "-z").split("\0")[:-1]:
            head, _, path = row.partition("\t")
            mode, blob, _ = head.split(" ")
            found[path] = (mode, blob)
        return found

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "--stdin", stdin=content)

    def status(self) -> list[str]:
        """Return git's own view: rows such as ``?? file`` and ``!! ignored``."""
        rows = self.git(
            "status", "--porcelain", "-z", "--ignored", "--untracked-files=all", "--no-renames",
            GIT_OPTIONAL_LOCKS="0",
        )  # fmt: skip
        return sorted(rows.split("\0")[:-1])

    def loose(self) -> dict[str, str]:
        """Describe every untracked and ignored file."""
        names = [row[3:] for row in self.status() if row[:2] in {"??", "!!"}]
        files = self.files()
        return {name: files[name] for name in names if name in files}

    def files(self) -> dict[str, str]:
        """Describe everything in the work tree: kind, mode, content."""
        return dict(_walk(self.root, skip=frozenset({".git"})))

    def picture(self, *, exactly: bool = False) -> Picture:
        """Look at the repository without changing it, not even the index."""
        place = self.root / ".git"
        folder = Path(self.git("rev-parse", "--absolute-git-dir")) if place.is_file() else place
        return Picture(
            refs=self.git("for-each-ref") + _head(folder),
            index=self.git("ls-files", "-s", "-v", "-z"),
            status="\n".join(self.status()),
            files=self.files(),
            exactly=dict(_walk(folder, skip=frozenset({"objects", "mothball", "modules"})))
            if exactly
            else {},
        )

    def session(self, **options: Any) -> Session:
        return open_session(self.root, **options)

    def plan(self) -> Plan:
        return self.session().plan()

    def archive(self, *, trust: bool = False, **options: Any) -> use.Done:
        session = self.session(trust=trust)
        return use.archive_all(session, session.plan(), lambda _: None, use.Options(**options))

    def step(self, name: str) -> use.Done:
        session = self.session()
        return use.run_step(session, session.plan(), name)

    def finish(self, *, push: bool = False) -> use.Done:
        """Run the commit step."""
        session = self.session()
        return use.commit_step(session, session.plan(), pushing=push)

    def preview(self) -> look.Preview:
        session = self.session()
        return look.work_out(session, session.plan())

    def undo(self) -> Returned | None:
        session = self.session()
        return take.undo(session, session.plan())

    def restore(self, *paths: str) -> Returned:
        session = self.session()
        return bring.restore(session, session.plan(), paths)

    def recover(self) -> bool:
        return bool(self.session().recover())


def make(
    root: Path, files: Mapping[str, Content] | None = None, plan: str = PLAN, init: Sequence[str] = ()
) -> Repo:
    """Make a repository with one commit that holds the files and the plan."""
    root.mkdir(parents=True)
    repo = Repo(root)
    repo.git("init", "--quiet", "--template=", "--initial-branch=main", *init)
    place = root / ".git"
    if place.is_file():  # git keeps its directory elsewhere
        place = Path(place.read_text("utf-8").removeprefix("gitdir: ").strip())
    with (place / "config").open("a", encoding="utf-8") as config:
        config.write("[user]\n\tname = Maintainer\n\temail = maintainer@example.org\n")
    repo.put(FILES if files is None else files)
    repo.put({"mothball.toml": plan})
    repo.git("add", "--all", "--force")
    repo.git("commit", "--quiet", "-m", "start")
    return repo


def _head(folder: Path) -> str:
    return (folder / "HEAD").read_text("utf-8")


def _walk(root: Path, *, skip: frozenset[str], below: str = "") -> Iterator[tuple[str, str]]:
    with os.scandir(root / below) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        name = f"{below}/{entry.name}" if below else entry.name
        status = entry.stat(follow_symlinks=False)
        mode = f"{status.st_mode:o}"
        if not below and entry.name in skip:
            continue
        if stat.S_ISDIR(status.st_mode):
            yield name + "/", mode
            yield from _walk(root, skip=skip, below=name)
        elif stat.S_ISLNK(status.st_mode):
            yield name, f"{mode} -> {(root / name).readlink()}"
        elif stat.S_ISREG(status.st_mode):
            yield name, f"{mode} {sha256((root / name).read_bytes()).hexdigest()}"
        else:
            yield name, mode


@contextmanager
def untouched(repo: Repo) -> Iterator[None]:
    """Expect that nothing at all changes: refs, index, work tree, and git's own directory."""
    before = repo.picture(exactly=True)
    yield
    assert repo.picture(exactly=True) == before


def refused(repo: Repo, kind: type[Error], action: Callable[[], object], *codes: str) -> Error:
    """Expect an error of exactly this kind that holds problems of these codes, and nothing changed."""
    with untouched(repo), pytest.raises(MothballError) as caught:
        action()
    error = caught.value
    assert type(error) is kind, f"{type(error).__name__}: {error}"
    found = {problem.code for problem in error.problems}
    assert set(codes) <= found, f"{codes} not in {found}: {error}"
    assert all(problem.found and problem.where for problem in error.problems)
    return error


def plans_refused(repo: Repo, folder: Path, plans: Iterable[str]) -> None:
    """Expect that each of the plans has a mistake, and that nothing changes."""
    place = folder / "plan.toml"
    with untouched(repo):
        for plan in plans:
            place.write_text(plan, "utf-8")
            session = repo.session(plan_file=place)
            with pytest.raises(PlanError):
                use.archive_all(session, session.plan(), lambda _: None, use.Options())


def taken_back(repo: Repo, action: Callable[[], object], *kinds: type[Exception]) -> BaseException:
    """Expect an error after which the repository is as it was, without recovery."""
    before = repo.picture()
    with pytest.raises(kinds or REPORTED) as caught:
        action()
    assert repo.picture() == before, str(caught.value)
    assert repo.session().store.journal() is None
    return caught.value


@contextmanager
def conserving(repo: Repo, *, pages: frozenset[str] = PAGES) -> Iterator[None]:
    """Expect that no tracked content is lost or gained and that nothing untracked is touched."""
    before, loose = repo.tree(), repo.loose()
    yield
    after = repo.tree()
    assert contents(after, pages) == contents(before, pages)
    assert repo.loose() == loose
    healthy(repo)
    assert [row for row in repo.status() if row[:2] not in {"??", "!!"}] == []


def contents(
    tree: Mapping[str, tuple[str, str]], pages: frozenset[str] = PAGES
) -> "Counter[tuple[str, str]]":
    """Count the (mode, blob) pairs of a tree without mothball's own pages."""
    return Counter(entry for path, entry in tree.items() if path not in pages)


def healthy(repo: Repo) -> None:
    """Expect a sound object store and no lock or journal left behind."""
    assert repo.git("fsck", "--no-dangling", "--no-progress") == ""
    folder = Path(repo.git("rev-parse", "--absolute-git-dir"))
    assert list(folder.rglob("*.lock")) == []
    assert not (folder / "mothball" / "journal").exists()


def moved_purely(repo: Repo, commit: str = "HEAD") -> dict[str, str]:
    """Expect that the commit's renames are all of 100 %, and return them."""
    rows = repo.git("diff-tree", "-r", "-z", "-M", "-l0", "--name-status", "--no-commit-id", commit)
    fields = iter(rows.split("\0")[:-1])
    moves = {}
    for kind in fields:
        path = next(fields)
        if kind[0] == "R":
            assert kind == "R100", f"{path} is {kind}"
            moves[path] = next(fields)
        else:
            assert path in PAGES, f"{kind} {path}"
    return moves


_moments: list["_Moment"] = []


@dataclass
class _Moment:
    event: str
    do: Callable[..., object]
    when: Callable[..., bool]
    left: int
    happened: bool = False


def _hook(event: str, args: tuple[Any, ...]) -> None:
    for moment in [*_moments]:
        if event == moment.event and moment.when(*args):
            moment.left -= 1
            if moment.left == 0:
                moment.happened = True
                _moments.remove(moment)
                moment.do(*args)


sys.addaudithook(_hook)


@contextmanager
def at(
    event: str, do: Callable[..., object], *, nth: int = 1, when: Callable[..., bool] = lambda *_: True
) -> Iterator[None]:
    """Do something at the moment before the n-th effect of a kind (an audit event)."""
    moment = _Moment(event, do, when, nth)
    _moments.append(moment)
    try:
        yield
    finally:
        if moment in _moments:
            _moments.remove(moment)
    assert moment.happened, f"{event} number {nth} never came"


@contextmanager
def watching(seen: list[tuple[str, str]], *events: str) -> Iterator[None]:
    """Note every effect of some kinds (audit events) with the place where something may vanish by it."""

    def noting(event: str) -> Callable[..., bool]:
        def note(name: Any, *rest: Any) -> bool:
            if event == "os.rename":
                name, handle = rest[0], rest[2]
            else:
                handle = rest[0] if rest else -1
            known = isinstance(handle, int) and handle >= 0
            above = Path(f"/proc/self/fd/{handle}").readlink() if known else Path()
            seen.append((event, str(above / os.fsdecode(name))))
            return False

        return note

    added = [_Moment(event, lambda *_: None, noting(event), 1) for event in events]
    _moments.extend(added)
    try:
        yield
    finally:
        for moment in added:
            _moments.remove(moment)


def calls_git(*words: str) -> Callable[..., bool]:
    """Return a condition for `at` on ``subprocess.Popen``: a git call with all of these words."""
    return lambda _program, args, *_: set(words) <= {os.fsdecode(arg) for arg in args}


def git_calls(repo: Repo, trace: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the arguments of every call of git in a whole life: preview, run, undo, restore."""
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(trace))
    repo.preview()
    repo.archive()
    repo.undo()
    repo.archive()
    repo.restore("old/a.py")
    monkeypatch.delenv("GIT_TRACE2_EVENT")
    rows = [json.loads(line) for line in trace.read_text("utf-8", "replace").splitlines()]
    # A depth of more than one is a process that git itself starts.
    return [row["argv"] for row in rows if row["event"] == "start" and "/" not in row["sid"]]


SOURCES: Final = str(Path(mothball.__file__).parents[1])


def program(
    *args: str,
    cwd: Path,
    before: Sequence[str] = (),
    stdin: bytes = b"",
    limits: Callable[[], None] | None = None,
    **env: str,
) -> "subprocess.CompletedProcess[bytes]":
    """Run the installed program: nothing of the directory it runs in is on its path."""
    return subprocess.run(
        [*before, sys.executable, "-P", "-m", "mothball", *args],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        preexec_fn=limits,
        env={**os.environ, "PYTHONPATH": SOURCES, **env},
    )


def on_terminal(*args: str, cwd: Path) -> tuple[bytes, int]:
    """Run the program on a terminal of its own; return what it shows and its exit code."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "mothball", *args],
        cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "PYTHONPATH": SOURCES, "TERM": "xterm-256color"},
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while True:
            try:
                chunk = os.read(ours, 1 << 16)
            except OSError:  # the terminal closes with its last process
                break
            shown += chunk
            if not chunk:
                break
    os.close(ours)
    return shown, process.returncode


DRIVER: Final = """
import os, signal, sys
event, number, way, repo, action = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
when = "".join(sys.argv[6:])
from pathlib import Path
from mothball.workflow import archive, undo
from mothball.workflow.session import open_session
session = open_session(Path(repo))
plan = session.plan()
left = number
def hook(name, args):
    global left
    if name == event and when in str(args[0]):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), getattr(signal, way))
sys.addaudithook(hook)
if action == "all":
    archive.archive_all(session, plan, lambda _: None, archive.Options())
else:
    undo.undo(session, plan)
"""


def killed(repo: Repo, event: str, number: int = 1, action: str = "all", when: str = "") -> bool:
    """Run mothball in a process that is killed before its n-th effect of a kind; say whether it got there.

    ``when`` is part of what the effect is about.
    """
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, event, str(number), "SIGKILL", str(repo.root), action, when],
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, -9}, done.stderr.decode()
    return done.returncode == -9
