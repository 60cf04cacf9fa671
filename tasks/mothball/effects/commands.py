"""Run the user's own commands, and see what they leave behind."""

import os
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import IO, Final

from mothball.core.errors import Problem, Refused
from mothball.core.plan.model import Command
from mothball.core.run import CommandResult
from mothball.core.show import visible
from mothball.effects.git import Git

TAIL: Final = 4096
"""Bytes of a command's output that the record keeps."""
_NO_PROGRAM: Final = 127


def run_commands(
    git: Git, commands: Iterable[Command], say: Callable[[str], None]
) -> Iterator[CommandResult]:
    """Run each command in the work tree; ``say`` hears its line first.

    Raises:
        Refused: one of them made a commit, or went to another.
    """
    before, head = _droppings(git), _head(git)
    for command in commands:
        say(line_of(command))
        started = time.monotonic()
        code, tail = _run(git, command)
        if (now := _head(git)) != head:
            raise Refused(_committed(command, head, now))
        after = _droppings(git)
        yield CommandResult(
            line=line_of(command),
            code=code,
            seconds=round(time.monotonic() - started, 3),
            tail=tail,
            changed=tuple(sorted(after - before)),
        )
        before = after


def _head(git: Git) -> str:
    return git.line("rev-parse", "HEAD")


def _committed(command: Command, head: str, now: str) -> Problem:
    return Problem(
        code="command-commits",
        where=visible(line_of(command)),
        found=f"this command of [validate] made a commit, or went to another: HEAD was {head[:12]},"
        f" and is {now[:12]}",
        expected="a command that looks at the work tree and leaves git alone",
        remedy=f"Mend the command; `git log {now[:12]}` shows what it made.",
    )


def line_of(command: Command) -> str:
    """Return a command as one line, as it could be typed."""
    return command.argv[0] if command.shell else shlex.join(command.argv)


def _run(git: Git, command: Command) -> tuple[int | None, str]:
    """Return exit code (``None`` past its time) and the end of the output. A shell only where asked for."""
    arguments = ["/bin/sh", "-c", command.argv[0]] if command.shell else list(command.argv)
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                arguments,
                cwd=git.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return _NO_PROGRAM, f"{arguments[0]}: {error.strerror}"
        try:
            code: int | None = process.wait(timeout=command.timeout)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        return code, _tail(output)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a command with everything that it started, also what outlives its leader."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - TAIL))
    return output.read().decode("utf-8", "replace")


def _droppings(git: Git) -> set[str]:
    """Return the paths that differ from the index or are new; ignored files do not count."""
    args = ("status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=all")
    rows = set()
    for row in git.fields(*args):
        kind = row[:1]
        path = row.split(" ", 8)[-1] if kind == "1" else row.split(" ", 10)[-1] if kind == "u" else row[2:]
        if kind != "1" or row[3] != ".":
            rows.add(path)
    return rows
