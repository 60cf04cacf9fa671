"""Speak git: argument lists, bytes where paths are bytes, and answers that no configuration can change."""

import os
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Final

from mothball.core.errors import Failed, Problem, Refused
from mothball.core.show import visible

# Nothing that a repository's configuration names may run while we read it (fsmonitor, hooks, embedded
# bare repositories), and what we write must survive a power cut: git's default syncs next to nothing.
_SETTINGS: Final = (
    "core.fsmonitor=false",
    "safe.bareRepository=explicit",
    "core.fsync=all",
    "core.commentChar=#",
    "core.quotePath=false",
    "core.splitIndex=false",
    "grep.patternType=basic",
    "i18n.logOutputEncoding=UTF-8",
    "log.showRoot=true",
    "log.showSignature=false",
    "trailer.separators=:",
)
SAFE: Final = ("--no-pager", *(word for setting in _SETTINGS for word in ("-c", setting)))
PATIENCE: Final = 300.0
"""Seconds that git may take to look or to write: rules of a repository can keep it busy for ever."""
_CHUNK: Final = 1 << 16
NO_HOOKS: Final = ("-c", f"core.hooksPath={os.devnull}")
QUIET: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    # A missing object of a partial clone is fetched by whatever program the repository names for that. Git
    # before 2.39.4 knows only the second.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
    "LANGUAGE": "",
}
FETCHING: Final = {"GIT_NO_LAZY_FETCH": "0", "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh"}
# The variables that point git at another repository, from `git rev-parse --local-env-vars` (git 2.55); git
# sets them inside hooks. Those that only carry configuration (GIT_CONFIG_*) are the user's to set.
LOCAL_VARIABLES: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)


def encode(path: str) -> bytes:
    """Return the bytes of a path, undecodable ones as they were."""
    return path.encode("utf-8", "surrogateescape")


def decode(path: bytes) -> str:
    """Return a path as text; undecodable bytes become surrogate escapes."""
    return path.decode("utf-8", "surrogateescape")


class GitError(Failed):
    """A git command failed that should not have."""


@dataclass(frozen=True, slots=True)
class Git:
    """One work tree, and how git is called in it."""

    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def with_index(self, index: Path) -> "Git":
        """Return the same repository seen through another index file."""
        return self.having(GIT_INDEX_FILE=os.fspath(index))

    def having(self, **environment: str) -> "Git":
        """Return the same repository with these environment variables set for git."""
        return replace(self, environment={**self.environment, **environment})

    def fetching(self) -> "Git":
        """Return the same repository, where git may fetch the objects that a partial clone lacks.

        Only for what changes the repository: whoever asks for that trusts it, for its hooks run as well.
        """
        return self.having(**FETCHING)

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        hooks: bool = False,
        literal: bool = True,
        timeout: float | None = None,
        held: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git and return what came of it, whatever its exit code.

        Args:
            args: git's arguments, without ``git``.
            stdin: what it reads.
            hooks: whether the repository's hooks may run.
            literal: whether paths are taken literally; git check-ignore (2.39) dies when they are.
            held: file handles that stay open in it.
            timeout: seconds after which it is killed with all that it started
                (`subprocess.TimeoutExpired`).

        Raises:
            Refused: where no ``timeout`` is given and neither a hook nor a server is waited for, it took
                longer than `PATIENCE`.
        """
        waited_for = hooks or FETCHING.items() <= self.environment.items()
        limit = PATIENCE if timeout is None and not waited_for else timeout
        alone = timeout is None
        try:
            with self._started(args, hooks=hooks, literal=literal, alone=alone, held=held) as process:
                output, words = _answer(process, stdin, limit, alone=alone)
        except FileNotFoundError:
            raise Refused(_no_git()) from None
        except subprocess.TimeoutExpired:
            if timeout is not None:
                raise
            raise Refused(_slow(args)) from None
        return subprocess.CompletedProcess(process.args, process.returncode, output, words)

    def _started(
        self,
        args: Sequence[str],
        *,
        hooks: bool = False,
        literal: bool = True,
        stderr: int = subprocess.PIPE,
        alone: bool = True,
        held: tuple[int, ...] = (),
    ) -> subprocess.Popen[bytes]:
        # Hooks are the user's programs: they get the user's language and git's own pathspecs.
        options = () if hooks else (*(("--literal-pathspecs",) if literal else ()), *NO_HOOKS)
        return subprocess.Popen(
            ["git", *SAFE, *options, *args],
            cwd=self.root,
            env={**_surroundings(), **({} if hooks else QUIET), **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=not alone,
            pass_fds=held,
        )

    def read(self, *args: str, stdin: bytes = b"") -> bytes:
        """Run git and return its output.

        Raises:
            GitError: git failed; its own words are in the message.
        """
        done = self.run(*args, stdin=stdin)
        if done.returncode:
            raise GitError(failure(args, done))
        return done.stdout

    def line(self, *args: str) -> str:
        """Run git and return its output as text without the last newline."""
        return decode(self.read(*args)).removesuffix("\n")

    def says(self, *args: str) -> str | None:
        """Return git's one-line answer, or ``None`` when it has none (exit code other than 0)."""
        done = self.run(*args)
        return decode(done.stdout).removesuffix("\n") if done.returncode == 0 else None

    def fields(self, *args: str, stdin: Iterable[str] = ()) -> list[str]:
        """Run git with NUL-terminated paths in and NUL-terminated fields out."""
        output = self.read(*args, stdin=b"".join(encode(path) + b"\0" for path in stdin))
        return decode(output).removesuffix("\0").split("\0") if output else []

    @contextmanager
    def rows(self, *args: str) -> Iterator[Iterator[bytes]]:
        """Start git and hold its NUL-terminated fields, never a million at once; leaving early ends git.

        Raises:
            GitError: git failed, which shows at the end; its own words are in the message.
            Refused: it gave nothing for longer than `PATIENCE`.
        """
        with self._started(args) as process:
            try:
                yield _rows(process, args)
            finally:
                process.kill()

    @contextmanager
    def talk(self, *args: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a git that is asked and answers through pipes; leaving early ends it."""
        with self._started(args, stderr=subprocess.DEVNULL) as process:
            try:
                yield process
            finally:
                process.kill()

    def path(self, name: str) -> Path:
        """Return where git keeps a file of its own, such as ``index``, in this work tree."""
        return _path(self.root, tuple(self.environment.items()), name)


@cache  # the same few, again and again; where they are does not change while we run
def _path(root: Path, environment: tuple[tuple[str, str], ...], name: str) -> Path:
    return root / Git(root, dict(environment)).line("rev-parse", "--git-path", name)


def _surroundings() -> dict[str, str]:
    """Return the environment without what points git elsewhere: the work tree that was opened is meant."""
    return {name: value for name, value in os.environ.items() if name not in LOCAL_VARIABLES}


def _answer(
    process: subprocess.Popen[bytes], stdin: bytes, limit: float | None, *, alone: bool
) -> tuple[bytes, bytes]:
    """Talk to a process until it ends; kill one that takes too long, and unless ``alone`` its session."""
    try:
        return process.communicate(stdin, limit)
    except subprocess.TimeoutExpired:
        process.kill() if alone else os.killpg(process.pid, signal.SIGKILL)
        raise
    except BaseException:
        process.kill()
        raise


def _rows(process: subprocess.Popen[bytes], args: Sequence[str]) -> Iterator[bytes]:
    """Yield what git ends with NUL, and listen to its words meanwhile: a full pipe would stop it."""
    rest = words = b""
    with DefaultSelector() as pipes:
        for pipe in filter(None, (process.stdout, process.stderr)):
            pipes.register(pipe, EVENT_READ)
        while process.stdout in pipes.get_map():
            ready = pipes.select(PATIENCE)
            if not ready:
                raise Refused(_slow(args))
            for key, _ in ready:
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    pipes.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    words += chunk
                else:
                    *whole, rest = (rest + chunk).split(b"\0")
                    yield from whole
    if rest:
        yield rest
    output, more = process.communicate()
    if process.returncode:
        done = subprocess.CompletedProcess(args, process.returncode, output, words + more)
        raise GitError(failure(args, done))


def failure(args: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> Problem:
    """Describe a failed git command in git's own words."""
    words = decode(done.stderr).strip() or decode(done.stdout).strip() or "it said nothing"
    lines = [visible(line) for line in words.splitlines()]
    shown = "; ".join(lines if len(lines) <= 6 else [*lines[:3], "…", *lines[-3:]])
    return Problem(
        code="git-failed",
        where=f"git {args[0]}",
        found=f"git ended with exit code {done.returncode} and said: {shown}",
        remedy="Nothing of yours is lost; mend what git names and run the task again.",
    )


def _slow(args: Sequence[str]) -> Problem:
    return Problem(
        code="git-slow",
        where=f"git {args[0]}",
        found=f"git had not ended after {PATIENCE:.0f} seconds",
        expected="an end; a rule with many `*` in a .gitignore or .gitattributes can keep git busy for ever",
        remedy="See whether `git status --ignored` ends here, and mend the rule that keeps it.",
    )


def _no_git() -> Problem:
    return Problem(
        code="git-missing",
        where="PATH",
        found="there is no program `git`",
        expected="git 2.25 or newer",
        remedy="Install git and run the task again.",
    )
