"""How anything reaches a person: streams that never fail, lines that align, progress that comes late."""

import atexit
import json
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shlex import quote
from threading import Timer
from typing import Any, Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.style import Style
from rich.table import Column
from rich.text import Text

from mothball.cli.context import given
from mothball.cli.streams import forgive
from mothball.core.show import visible

PATIENCE: Final = 0.5
"""Seconds before progress is shown: what is quicker needs none."""
NARROWEST: Final = 24
"""Columns that a folded text needs beside its lead; with less it is left to the terminal."""
PLAIN: Final = Style()
_PROGRAMS: Final = frozenset({"inv", "invoke", "mothball"})
_MARKS: Final = {
    "done": ("✓", "+", "bold green"),
    "pending": ("•", ".", "bold yellow"),
    "blocked": ("✗", "x", "bold red"),
    "notice": ("!", "!", "bold yellow"),
}
_running: Final = ExitStack()
atexit.register(_running.close)  # whatever ends the program, the cursor comes back


def console(*, error: bool = False) -> Console:
    """Return a console for standard output or standard error, honest about width, colour and encoding."""
    quiet()
    forgive()
    return _console(error=error)


def _console(*, error: bool) -> Console:
    return Console(stderr=error, highlight=False, markup=False, emoji=False, soft_wrap=True)


def mark(state: str, screen: Console) -> Text:
    """Return the sign of a state and a space, in ASCII where the stream cannot show another."""
    sign, plain, style = _MARKS[state]
    line = Text(sign if screen.encoding.startswith("utf") else plain, style)
    return Text.assemble(line, " ")


def shown(text: str, style: str = "") -> Text:
    """Return text of a user's on one line, with nothing in it that paints."""
    return Text(visible(text), style)


def hang(screen: Console, lead: Text, body: Text) -> None:
    """Print a body beside its lead; on a terminal it is folded and stays beside it."""
    indent = lead.cell_len
    room = screen.width - indent
    folds = screen.is_terminal and room >= NARROWEST
    for number, line in enumerate(body.wrap(screen, room) if folds else [body]):
        whole = Text.assemble(Text(" " * indent) if number else lead, line)
        whole.rstrip()
        screen.print(whole)


def rows(screen: Console, table: Sequence[Sequence[Text]], *, right: Collection[int] = ()) -> None:
    """Print rows of cells in columns that align; the last column hangs. ``right`` are columns of numbers."""
    widths = [max(cell.cell_len for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        cells = []
        for number, cell in enumerate(row):
            gap = " " * (widths[number] - cell.cell_len)
            cells.append(Text.assemble(gap, cell) if number in right else Text.assemble(cell, gap))
        *first, last = cells
        hang(screen, Text("").join(Text.assemble(cell, "  ") for cell in first), last)


def command(*arguments: str) -> str:
    """Return a command line of ours as the user would type it here, as this one was typed."""
    named = [(name, given(sys.argv, name)) for name in ("repo", "plan")]
    options = [f"--{name} {quote(visible(value))}" for name, value in named if value]
    return " ".join([_program(), *arguments, *options])


def _program() -> str:
    started = Path(sys.argv[0])
    if started.name == "__main__.py":
        return f"python -m {started.parent.name}"
    if started.name not in _PROGRAMS:
        return "invoke"
    found = str(started.parent) in os.environ.get("PATH", "").split(os.pathsep)
    return started.name if found else visible(near(started))


def _here() -> Path | None:
    """Return the working directory, ``None`` where it is gone: a run may have moved all that was in it."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def near(place: Path) -> str:
    """Return a path as seen from the working directory, where it lies below."""
    here = _here()
    return str(place.relative_to(here) if here and place.is_relative_to(here) else place)


def in_repository(root: Path | None) -> str:
    """Return the option that makes git act on a repository from here: nothing where we are in it."""
    here = _here()
    if root is None or (here and here.is_relative_to(root)):
        return ""
    return f"-C {quote(visible(near(root)))} "


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document on standard output."""
    quiet()
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


@contextmanager
def watch(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show progress on standard error, where somebody is watching, once it takes more than half a second."""
    quiet()
    screen = _console(error=True)
    if not screen.is_interactive:
        yield lambda _: None
        return
    text = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True))
    known: tuple[ProgressColumn, ...] = (BarColumn(), MofNCompleteColumn())
    # Only one stream is ours to guard: what goes to standard output must stay there.
    progress = Progress(
        *(SpinnerColumn(), text, *(known if total else (TimeElapsedColumn(),))),
        console=screen,
        transient=True,
        redirect_stdout=False,
    )
    task = progress.add_task(visible(title), total=total or None)
    timer = Timer(PATIENCE, progress.start)
    timer.daemon = True
    _start_deaf(timer)
    try:
        yield lambda steps: progress.advance(task, steps)
    finally:
        timer.cancel()
        timer.join()
        progress.stop()


def _start_deaf(timer: Timer) -> None:
    """Start a thread that hears no signal: a way back that holds Ctrl-C off must not be disturbed by it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        timer.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def say(line: str) -> None:
    """Tell which command runs now: for as long as it runs, or as a line for good where nobody watches."""
    screen = console(error=True)
    if screen.is_interactive:
        _running.enter_context(watch(f"running {line}", 0))
    else:
        screen.print(shown(f"running {line}", "dim"))


def quiet() -> None:
    """Take away what `say` shows."""
    _running.close()
