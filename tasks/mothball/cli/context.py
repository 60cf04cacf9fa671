"""From flags, configuration and environment to one open session; from any error to one exit code."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIG_IGN, SIGHUP, SIGQUIT, SIGTERM, getsignal, signal
from types import FrameType
from typing import TYPE_CHECKING, Final, NoReturn

from invoke.context import Context
from invoke.exceptions import Exit as InvokeExit

from mothball.cli.streams import hush
from mothball.core.errors import Exit, MothballError, PlanError, Problem, Refused
from mothball.core.show import visible

if TYPE_CHECKING:
    from mothball.workflow.session import Session

HELP: Final = {
    "repo": "the repository to act on (default: the one you are in; also $MOTHBALL_REPO)",
    "plan": "the plan's file (default: mothball.toml or pyproject.toml at the root; also $MOTHBALL_PLAN)",
    "json": "print one JSON document on standard output, and everything else on standard error",
    "commands": "run the plan's [validate] commands (leave them out with --no-commands)",
    "trust": "run the plan's [validate] commands although you did not commit it in this clone; remembered",
    "push": "push the commit; nothing is ever forced",
    "github": "print annotations for a GitHub workflow instead, and add to its $GITHUB_STEP_SUMMARY",
}
RUN: Final = {"repo": HELP["repo"], "plan": HELP["plan"], "json": HELP["json"]}
"""Help for what every task on a plan takes."""

_ENDINGS: Final = (SIGTERM, SIGHUP, SIGQUIT)
"""Signals that ask a program to end: from `kill`, from a terminal that was closed, from its keyboard."""
_CUT_SHORT: Final = "{}. {} `archive.status` shows where things are."


class Terminated(BaseException):
    """A signal asks us to end: unwind like Ctrl-C does, so that a run is taken back."""


def chosen(context: Context, name: str, flag: str) -> str:
    """Return a setting: the flag, else the environment, else Invoke's configuration, else ``""``."""
    configured = context.config.get("mothball", {})
    return flag or os.environ.get(f"MOTHBALL_{name.upper()}", "") or str(configured.get(name) or "")


def open_here(
    context: Context, repo: str, plan: str, *, trust: bool = False, fresh: bool = False
) -> "Session":
    """Open the session that flags, environment and configuration ask for.

    Where Invoke's configuration names a ``sample`` directory and no repository was asked for, the sample
    is built there and used.
    """
    from mothball.cli.screen import watch
    from mothball.workflow.session import open_session

    place, file, sample = _meant(context, repo, plan, fresh=fresh)
    # Only a tasks.py leads to the sample.
    door = "invoke" if sample else ""
    return open_session(place, file, trust=trust or sample, watch=watch, door=door)


def standing_in(root: Path) -> str:
    """Return the directory in which the user stands, from the root; empty where that is elsewhere."""
    try:
        here = Path.cwd().resolve()
    except OSError:  # it was taken away
        return ""
    return str(here.relative_to(root.resolve())) if here.is_relative_to(root.resolve()) else ""


def open_for_commit_here(context: Context, repo: str, plan: str) -> "Session":
    """Open the session that judges what is about to be committed, inside a hook of the repository as well."""
    from mothball.cli.screen import watch
    from mothball.workflow.session import open_for_commit

    place, file, _ = _meant(context, repo, plan)
    return open_for_commit(place, file, watch=watch)


def _meant(context: Context, repo: str, plan: str, *, fresh: bool = False) -> tuple[Path, Path | None, bool]:
    """Return the repository, the plan's file if one is named, and whether this is the sample, built."""
    place = chosen(context, "repo", repo)
    sample = "" if place else str(context.config.get("mothball", {}).get("sample") or "")
    if fresh and not sample:
        raise PlanError(
            Problem(
                code="no-sample",
                where="--fresh",
                found="there is no sample to build anew here",
                remedy="Leave it out; it is for mothball's own checkout, without --repo.",
            )
        )
    if sample:
        _build_sample(Path(sample), fresh=fresh)
    chosen_plan = chosen(context, "plan", plan)
    file = Path(chosen_plan).absolute() if chosen_plan else None
    return Path(place or sample or "."), file, bool(sample)


def _build_sample(place: Path, *, fresh: bool) -> None:
    from mothball.sample import build, remove

    if fresh:
        remove(place)
    if not (place / ".git").is_dir():
        build(place)


def given(arguments: Sequence[str], name: str) -> str:
    """Find a flag's value on a command line before Invoke has parsed it: the plan decides the tasks."""
    for number, argument in enumerate(arguments):
        if argument == f"--{name}" and number + 1 < len(arguments):
            return arguments[number + 1]
        if argument.startswith(f"--{name}="):
            return argument.partition("=")[2]
    return ""


@contextmanager
def explained(*, as_json: bool = False, for_github: str = "") -> Iterator[None]:
    """Turn every error that a user can cause into sentences and an exit code.

    ``for_github`` is the task's name where a GitHub workflow is to show them as well.
    """
    before = {number: signal(number, _terminate) for number in _ENDINGS if getsignal(number) is not SIG_IGN}
    try:
        with _quick():
            yield
    except MothballError as error:
        _show(error, as_json=as_json, for_github=for_github)
        raise InvokeExit(code=int(error.exit)) from None
    except KeyboardInterrupt as stop:
        _stop(_CUT_SHORT.format("Interrupted", _what_became(stop)), Exit.INTERRUPTED)
    except Terminated as stop:
        _stop(_CUT_SHORT.format("Terminated", _what_became(stop)), Exit.TERMINATED)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): that is no error of the run.
        hush()
        raise InvokeExit(code=0) from None
    except OSError as error:
        name = f" {visible(os.fsdecode(error.filename))}" if error.filename else ""
        _stop(
            f"The system refused{name}: {error.strerror}. `archive.status` shows where things are.",
            Exit.FAILED,
        )
    finally:
        for number, handler in before.items():
            signal(number, handler)


def _show(error: MothballError, *, as_json: bool, for_github: str) -> None:
    from mothball.cli.screen import show_problems

    show_problems(error, as_json=as_json)
    if for_github:
        from mothball.cli import github

        found = error.problems
        github.tell(github.of_problems(found), github.summary_of_problems(for_github, found))


def require_path(path: str, name: str) -> None:
    """Refuse an option where Invoke takes the next word for the path, whatever it is.

    Raises:
        Refused: it begins with two dashes, or asks for help.
    """
    if path.startswith("--") or path == "-h":
        from mothball.cli.terminal import command

        raise Refused(
            Problem(
                code="path-option",
                where=name,
                found=f"{visible(path)} stands where a path belongs",
                expected="the path first, options after it",
                remedy=f"`{command('--help', name)}` says how it is used.",
            )
        )


@contextmanager
def _quick() -> Iterator[None]:
    """Do without two habits of the interpreter that cost a run more than they are worth."""
    uncompiled, thresholds = sys.dont_write_bytecode, gc.get_threshold()
    # Invoke switches the writing of bytecode off: our late imports would be compiled again on every run.
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    # Millions of small values, and hardly a cycle: by default one eighth of a run is spent looking for those.
    gc.set_threshold(100_000, *thresholds[1:])
    try:
        yield
    finally:
        sys.dont_write_bytecode = uncompiled
        gc.set_threshold(*thresholds)


def _what_became(stop: BaseException) -> str:
    """Say what the transaction noted on an interruption; without one there was no run under way."""
    return " ".join(getattr(stop, "__notes__", ())) or "No run was under way, or it was complete."


def write_own(place: Path, content: bytes, mark: bytes) -> None:
    """Write a file for other programs, over nothing but an earlier one, known by a mark near its head.

    Raises:
        Refused: something else is there.
    """
    if place.is_symlink() or (place.exists() and not (place.is_file() and mark in _head(place))):
        raise Refused(
            Problem(
                code="output-taken",
                where=visible(str(place)),
                found="there is something else already",
                expected="nothing, or what an earlier run wrote there",
                remedy="Name another file.",
            )
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def read_own(place: Path) -> bytes:
    """Return the content of a file that the user named.

    Raises:
        PlanError: there is none that can be read.
    """
    try:
        return place.read_bytes()
    except OSError as error:
        raise PlanError(
            Problem(
                code="input-unreadable",
                where=visible(str(place)),
                found=f"this file cannot be read: {error.strerror}",
                expected="what `archive.plan --out FILE` wrote",
                remedy="Name the file that it wrote.",
            )
        ) from None


def _head(place: Path) -> bytes:
    with place.open("rb") as file:
        return file.read(400)


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated(number, frame)


def _stop(message: str, code: Exit) -> NoReturn:
    sys.stderr.write(message + "\n")
    raise InvokeExit(code=int(code)) from None


def is_dry(context: Context) -> bool:
    """Say whether Invoke's ``--dry`` was given: then a task shows what it would do, and does nothing."""
    return bool(context.config.run.dry)
