"""What would happen, as a person sees it: the moves as a tree, the steps as a table, what is in the way."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from mothball.cli.findings import FORESEEN, notices, tell
from mothball.cli.terminal import command, console, mark, rows, shown
from mothball.core.show import count
from mothball.core.tree import Move, parent
from mothball.workflow.preview import Preview, StepStatus

SHORT: Final = 30
"""Moves that are all named; of more, only some are. `--json` has every one."""
FILES: Final = 3
"""Files named in a directory, where not all are."""
PLACES: Final = 5
"""Directories shown in a category."""
UNCUT: Final = 100_000
"""Columns of a pipe: rich cuts the lines of a tree at some width, and no line of ours is as long."""


def show_preview(preview: Preview) -> None:
    """Print the moves as a tree, the steps as a table, and what blocks them."""
    screen = console()
    screen.print(shown(preview.survey.plan.title, "bold"))
    if preview.work.moves:
        # On a terminal a long name is folded under its branch; in a pipe a name is one line.
        if not screen.is_terminal:
            screen.width = UNCUT
        screen.print(_move_tree(preview), soft_wrap=not screen.is_terminal)
    if preview.steps:
        screen.print()
        _show_steps(preview, screen)
    screen.print()
    tell(notices(preview.outcomes), screen)
    tell(preview.problems, screen, FORESEEN)
    if preview.problems:
        text = f"Blocked by {count(len(preview.problems), 'problem')}. Nothing was touched."
        screen.print(Text(text, style="bold red"))
    elif preview.uncommitted:
        text = f"Nothing was touched. To do it: {command('archive.all')}"
        screen.print(Text(text, style="bold"))
    else:
        screen.print(Text("Everything is archived; there is nothing to do.", style="bold green"))


def _show_steps(preview: Preview, screen: Console) -> None:
    table = [[Text(title, "dim") for title in ("  step", "changes", "what")]]
    own = preview.survey.selection.moves
    for step, work in preview.steps:
        idle = "done" if preview.is_begun(step) else "nothing matched" if step.name in own else "nothing"
        table.append(_step(step.name, step.title, len(work), idle, screen))
    idle = "done" if any(preview.is_begun(step) for step, _ in preview.steps) else "nothing"
    table.append(_step("commit", "Commit", int(preview.uncommitted), idle, screen))
    rows(screen, table, right={1})


def _step(name: str, title: str, changes: int, idle: str, screen: Console) -> list[Text]:
    """Return the row of a step; ``idle`` says why it has no changes."""
    state = mark("pending" if changes else "done" if idle == "done" else "notice", screen)
    return [Text.assemble(state, name), Text(f"{changes:,}" if changes else idle), shown(title)]


def _move_tree(preview: Preview) -> Tree:
    moves = preview.work.moves
    limit = len(moves) if len(moves) <= SHORT else FILES
    root = Tree(Text(f"{count(len(moves), 'file')} of {len(preview.survey.snapshot.tree):,} to archive"))
    for step, work in preview.steps:
        if work.moves:
            number = count(len(work.moves), "file")
            _add_places(root, Text.assemble((step.name, "bold"), f"  {number}"), work.moves, limit)
    return root


def _add_places(root: Tree, head: Text, moves: Sequence[Move], limit: int) -> None:
    """Add a category: its destination beside its name, or below it where there are several."""
    places: dict[str, list[str]] = {}
    for move in moves:
        places.setdefault(parent(move.target) + "/", []).append(move.source)
    if len(places) == 1:
        [(place, sources)] = places.items()
        _add_files(root.add(Text.assemble(head, " ", _to(place))), sources, limit)
        return
    branch = root.add(head)
    for place in sorted(places)[:PLACES]:
        _add_files(branch.add(_to(place)), places[place], limit)
    if len(places) > PLACES:
        rest = sum(len(places[place]) for place in sorted(places)[PLACES:])
        more = f"and {count(rest, 'file')} to {count(len(places) - PLACES, 'further directory')}"
        branch.add(Text(more, style="dim"))


def _to(place: str) -> Text:
    return Text.assemble(("to ", "dim"), shown(place))


def _add_files(branch: Tree, sources: Sequence[str], limit: int) -> None:
    for source in sources[:limit]:
        branch.add(shown(source))
    if len(sources) > limit:
        branch.add(Text(f"and {len(sources) - limit:,} more", style="dim"))


def show_status(steps: Sequence[StepStatus]) -> None:
    """Print the state of every step, and what to do next."""
    screen = console()
    table = [_status(row, screen) for row in steps]
    rows(screen, table, right={2})
    states = {row.state for row in steps}
    if "blocked" in states:
        text = f"Blocked. What is in the way: {command('archive.plan')}"
    elif "pending" in states:
        text = f"To do what is pending: {command('archive.all')}"
    else:
        text = "Everything is archived; there is nothing to do."
    screen.print(Text(text, style="bold"))


def _status(row: StepStatus, screen: Console) -> list[Text]:
    changes = count(row.changes, "change") if row.changes else ""
    name = Text.assemble(mark(row.state, screen), row.name)
    return [name, Text(row.state), Text(changes), shown(row.title, "dim")]
