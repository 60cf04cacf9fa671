"""What a person sees. Names are shown through `visible` and never as markup; data goes out as one JSON text."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from mothball.cli.documents import problems
from mothball.core.checks import Outcome
from mothball.core.errors import MothballError, Problem
from mothball.core.ledger import Record
from mothball.core.selection import Verdict
from mothball.core.show import count, listing, visible
from mothball.core.work import Work
from mothball.workflow.archive import Done
from mothball.workflow.back import Returned
from mothball.workflow.preview import Preview, StepStatus

LISTED: Final = 12
"""Files that a preview names per directory; `--json` has them all."""
_MARKS: Final = {
    "done": ("✓", "ok", "green"),
    "pending": ("•", "..", "yellow"),
    "blocked": ("✗", "!!", "red"),
    "notice": ("!", "!", "yellow"),
}


def console(*, error: bool = False) -> Console:
    """Return a console for standard output or standard error, honest about width, colour and encoding."""
    return Console(stderr=error, highlight=False, markup=False, emoji=False, soft_wrap=True)


def program() -> str:
    """Return what the user typed to get here, for the commands that we name."""
    name = Path(sys.argv[0]).name
    return name if name in {"invoke", "inv", "mothball"} else "invoke"


def mark(state: str, screen: Console) -> Text:
    """Return the sign of a state, in plain letters where the terminal cannot show another."""
    sign, plain, style = _MARKS[state]
    return Text(sign if "utf" in screen.encoding.lower() else plain, style=f"bold {style}")


@contextmanager
def watch(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show progress on standard error, where somebody is watching, once it takes more than half a second."""
    screen = console(error=True)
    if not screen.is_terminal:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns if total else columns[:2], console=screen, transient=True) as progress:
        task = progress.add_task(title, total=total or None)
        yield lambda steps: progress.advance(task, steps)


def say(line: str) -> None:
    """Tell which command runs now."""
    console(error=True).print(Text(f"running {visible(line)}", style="dim"))


def print_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


def show_problems(error: MothballError, *, as_json: bool) -> None:
    """Print why nothing was done, or what went wrong."""
    screen = console(error=True)
    for problem in error.problems:
        _problem(problem, screen)
    if len(error.problems) > 1:
        screen.print(Text(f"{count(len(error.problems), 'problem')}.", style="bold"))
    if as_json:
        print_json(problems(error.problems, int(error.exit)))


def _problem(problem: Problem, screen: Console) -> None:
    line = Text()
    line.append_text(mark("blocked" if problem.blocking else "notice", screen)).append(" ")
    if problem.where:
        line.append(f"{visible(problem.where)}: ", style="bold")
    line.append(visible(problem.found))
    line.append(f"; expected {visible(problem.expected)}." if problem.expected else ".")
    screen.print(line)
    if problem.remedy:
        screen.print(Text(f"  {visible(problem.remedy)}", style="dim"))
    screen.print(Text(f"  [{problem.code}]", style="dim"))


def show_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Print one line a check, and what each found."""
    screen = console()
    width = max((len(outcome.code) for outcome in outcomes), default=0)
    for outcome in outcomes:
        notices = [problem for problem in outcome.problems if not problem.blocking]
        state = "done" if outcome.passed else "blocked"
        line = mark("notice" if outcome.passed and notices else state, screen)
        screen.print(
            line.append(f" {outcome.code:<{width}}  ", style="not bold default").append(
                outcome.title, style="not bold default"
            )
        )
        for problem in outcome.problems:
            _problem(problem, screen)


def show_preview(preview: Preview) -> None:
    """Print the moves as a tree, the steps as a table, and what blocks them."""
    screen = console()
    plan = preview.survey.plan
    screen.print(Text(visible(plan.title), style="bold"))
    if preview.work.moves:
        screen.print(_move_tree(preview))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title, justify in (("step", "left"), ("missing", "right"), ("what", "left")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for step, work in preview.steps:
        table.add_row(Text(step.name), Text(f"{len(work):,}" if work else "done"), Text(visible(step.title)))
    table.add_row(Text("commit"), Text("1" if preview.uncommitted else "done"), Text("Commit"))
    screen.print(table)
    notices = [
        problem for outcome in preview.outcomes for problem in outcome.problems if not problem.blocking
    ]
    for problem in notices:
        _problem(problem, screen)
    for problem in preview.problems:
        _problem(problem, screen)
    if preview.problems:
        screen.print(
            Text(
                f"Blocked by {count(len(preview.problems), 'problem')}; nothing was touched.",
                style="bold red",
            )
        )
    elif preview.uncommitted:
        screen.print(Text(f"Nothing was touched. `{program()} archive.all` does it.", style="bold"))
    else:
        screen.print(Text("Everything is archived; there is nothing to do.", style="bold green"))


def _move_tree(preview: Preview) -> Tree:
    places: dict[str, list[str]] = {}
    for move in preview.work.moves:
        places.setdefault(move.target.rpartition("/")[0] + "/", []).append(move.source)
    root = Tree(Text(f"{count(len(preview.work.moves), 'file')} to archive"))
    for place in sorted(places):
        branch = root.add(
            Text(f"{visible(place)}  ", style="bold").append(count(len(places[place]), "file"), style="dim")
        )
        for source in places[place][:LISTED]:
            branch.add(Text(visible(source)))
        if len(places[place]) > LISTED:
            branch.add(Text(f"and {len(places[place]) - LISTED:,} more", style="dim"))
    return root


def show_done(done: Done, verb: str) -> None:
    """Print one line a step and a closing summary."""
    screen = console()
    if done.before:
        _gate("validate.before", done.before, screen)
    width = max([len(step.name) for step, _ in done.steps] + [15])
    for step, work in done.steps:
        line = mark("done", screen).append(f" {step.name:<{width}}  ", style="not bold default")
        screen.print(line.append(_did(work), style="not bold default" if work else "dim"))
    for commit in done.commits:
        text = f" {'commit':<{width}}  {commit[:12]}"
        screen.print(mark("done", screen).append(text, style="not bold default"))
    if done.after:
        _gate("validate.after", done.after, screen)
    for problem in (p for outcome in (*done.before, *done.after) for p in outcome.problems):
        _problem(problem, screen)
    if done.left_behind:
        rest = f"{count(len(done.left_behind), 'untracked file')} stay where they are: {listing(done.left_behind, 5)}"
        screen.print(mark("notice", screen).append(f" {rest}", style="not bold default"))
    _summary(done, verb, screen)


def _gate(name: str, outcomes: Sequence[Outcome], screen: Console) -> None:
    text = f" {name:<15}  {count(len(outcomes), 'check')} passed"
    screen.print(mark("done", screen).append(text, style="not bold default"))


def _did(work: Work) -> str:
    if not work:
        return "nothing to do"
    parts = [count(len(work.directories), "directory")] if work.directories and not work.moves else []
    if work.moves:
        into = Counter(move.target.rpartition("/")[0] + "/" for move in work.moves)
        shown = [place for place, _ in into.most_common(1)]
        more = f" and {len(into) - 1} more" if len(into) > 1 else ""
        parts.append(f"{count(len(work.moves), 'file')} to {visible(shown[0])}{more}")
    if work.writes:
        parts.append("wrote " + listing(write.path for write in work.writes))
    return ", ".join(parts)


def _summary(done: Done, verb: str, screen: Console) -> None:
    name = program()
    if not done.changed:
        screen.print(Text("Nothing to do: everything was done before.", style="bold green"))
        return
    if done.measured:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for title in ("metric", "before", "after", "promised"):
            table.add_column(title, justify="left" if title == "metric" else "right")
        for metric, old, new, promised in done.measured:
            table.add_row(
                Text(visible(metric)), f"{old:,}", f"{new:,}", "" if promised is None else f"{promised:,}"
            )
        screen.print(table)
    if done.commits:
        screen.print(
            Text(f"{count(done.moves, 'file')} {verb}, every one byte for byte the same.", style="bold green")
        )
        screen.print(f"Look:  git show --stat -M {done.commits[-1][:12]}")
        screen.print(f"Undo:  {name} archive.undo")
        pushed = f"Pushed to {done.pushed[0]}, branch {done.pushed[1]}." if done.pushed else ""
        screen.print(pushed or f"Push:  {name} archive.commit --push")
    else:
        screen.print(Text("Staged, not committed.", style="bold"))
        screen.print(f"Next:  {name} archive.all, or archive.commit")
        screen.print(f"Undo:  {name} archive.undo")


def show_status(rows: Sequence[StepStatus]) -> None:
    """Print the state of every step."""
    screen = console()
    width = max(len(row.name) for row in rows)
    for row in rows:
        line = mark(row.state, screen).append(f" {row.name:<{width}}  ", style="not bold default")
        todo = f"{row.state}, {count(row.changes, 'change')}" if row.changes else row.state
        line.append(f"{todo:<24}", style="not bold default").append(visible(row.title), style="not bold dim")
        screen.print(line)


def show_returned(back: Returned | None) -> None:
    """Print what came back."""
    screen = console()
    if back is None:
        screen.print("Nothing to undo: nothing is staged, and history has no run that is not undone.")
        return
    where = f" in commit {back.commit[:12]}" if back.commit else ", as HEAD has them"
    screen.print(
        mark("done", screen).append(
            f" {count(len(back.moves), 'file')} back where they came from{where}", style="not bold default"
        )
    )


def show_why(verdict: Verdict, record: Record | None, *, tracked: bool, where: Callable[[str], str]) -> None:
    """Print what the plan makes of a path, and by which pattern."""
    screen = console()
    state = verdict.state if tracked or record else "not tracked by git"
    screen.print(Text(f"{visible(verdict.path)}: ", style="bold").append(state))
    if verdict.target:
        screen.print(f"  goes to {visible(verdict.target)}")
    for kind, claims in (("kept by", verdict.keeps), ("matched by", verdict.takes)):
        for claim in claims:
            through = f" (its directory {visible(claim.root)}/)" if claim.directory else ""
            screen.print(f"  {kind} {visible(claim.pattern)!r} of {visible(claim.owner)!r}{through}")
            screen.print(Text(f"    {visible(where(claim.key))}", style="dim"))
    if record:
        move = record.move
        screen.print(f"  archived as {move.category!r}: {visible(move.source)} -> {visible(move.target)}")
        screen.print(
            f"  blob {move.entry.blob}" + (f", last touched {record.touch.date}" if record.touch else "")
        )


def show_recovered(there: bool, *, forget: bool) -> None:
    """Print what became of a run that was cut off."""
    screen = console()
    if not there:
        screen.print("No run was cut off: there is nothing to recover.")
    elif forget:
        screen.print("The record of the run is dropped. Nothing else was touched: look at `git status`.")
    else:
        screen.print(mark("done", screen).append(" The run is brought back.", style="not bold default"))


def show_begun(path: Path, *, written: bool) -> None:
    """Print whether a starter file was written."""
    screen = console()
    text = "written" if written else "exists already, left as it is"
    screen.print(
        mark("done" if written else "notice", screen).append(
            f" {visible(str(path))}: {text}", style="not bold default"
        )
    )
