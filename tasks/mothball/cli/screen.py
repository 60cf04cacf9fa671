"""What a person sees of a run. Names are shown through `visible` and never as markup."""

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from posixpath import commonpath
from typing import Final

from rich.console import Console
from rich.text import Text

from mothball.cli.explanation import show_why
from mothball.cli.findings import notices, show_outcomes, show_problems, summary, tell
from mothball.cli.forecast import show_preview, show_status
from mothball.cli.terminal import (
    command,
    console,
    hang,
    in_repository,
    mark,
    near,
    print_json,
    rows,
    say,
    shown,
    watch,
)
from mothball.core.checks import blocking
from mothball.core.checks.references import COUNTS
from mothball.core.checks.result import NO_PROOF
from mothball.core.show import count, listing, visible
from mothball.core.steps import FIX
from mothball.core.tree import parent
from mothball.core.work import Work
from mothball.workflow.archive import Done
from mothball.workflow.back import Returned
from mothball.workflow.report import Left

__all__ = [
    "print_json",
    "say",
    "show_begun",
    "show_done",
    "show_next",
    "show_outcomes",
    "show_preview",
    "show_problems",
    "show_recovered",
    "show_returned",
    "show_saved",
    "show_status",
    "show_why",
    "watch",
]

LISTED: Final = 10
"""Files that came back, named one by one."""
_DIFF: Final = {"+": "green", "-": "red"}
_PROOFS: Final = frozenset({"conservation", "one-to-one", "keep-changed"})


def show_done(done: Done, verb: str, root: Path | None = None, left: Left | None = None) -> None:
    """Print one line a step and a closing summary.

    Args:
        done: what the run did.
        verb: what it did to the files: ``archived``, ``committed`` or ``staged``.
        root: the repository, where the user may be elsewhere.
        left: the reports that it left.
    """
    screen = console()
    rows(screen, list(_lines(done, verb, screen)))
    for step, work in done.steps:
        if step.name == FIX:
            _show_diff(work, screen)
    tell(blocking(done.before), screen)  # what `archive.fix` leaves to people
    _show_notices(done, screen)
    for problem in left.problems if left else ():
        hang(screen, mark("notice", screen), shown(f"a report was not written: {problem}"))
    if not done.changed and done.waiting:
        other = f"{count(done.waiting, 'file')} {'is' if done.waiting == 1 else 'are'} still to be archived"
        hang(screen, Text(), Text(f"Nothing to do in this step; {other}.", style="bold"))
        _field("next", command("archive.all"), screen)
        return
    if not done.changed:
        screen.print(Text("Nothing to do: everything was done before.", style="bold green"))
        return
    _show_metrics(done, screen)
    screen.print()
    _close(done, verb, root, screen)
    if left and left.places:
        first, *more = left.places
        endings = f" ({', '.join(place.suffix for place in more)} beside it)" if more else ""
        hang(screen, Text(f"  {'report':<8}", "dim"), shown(f"{near(first)}{endings}"))


def _show_notices(done: Done, screen: Console) -> None:
    """Print what is worth knowing and stopped nothing."""
    found = notices((*done.before, *done.after))
    counts = [problem.found for problem in found if problem.where == COUNTS]
    tell([problem for problem in found if problem.where != COUNTS], screen)
    if counts:
        hang(screen, Text("  "), shown("; ".join(counts), "dim"))
    if done.left_behind:
        number = len(done.left_behind)
        what = f"{count(number, 'untracked file')} {'stays' if number == 1 else 'stay'} in place"
        hang(screen, mark("notice", screen), shown(f"{what}: {listing(done.left_behind, 5)}"))


def _lines(done: Done, verb: str, screen: Console) -> Iterator[list[Text]]:
    """Yield a row for each gate and each step."""
    if done.before:
        gate = "before" if verb == "staged" else "validate.before"
        yield _line(screen, gate, summary(done.before))
    for step, work in done.steps:
        yield _line(screen, step.name, _did(work), "" if work else "dim")
    for commit in done.commits:
        yield _line(screen, "commit", commit[:12])
    if done.after:
        yield _line(screen, "validate.after", summary(done.after))


def _show_diff(work: Work, screen: Console) -> None:
    """Print what was rewritten, as a unified diff."""
    for write in work.writes:
        old, new = (
            (text or b"").decode(errors="replace").replace("\r\n", "\n").split("\n")
            for text in (write.before, write.after)
        )
        for line in unified_diff(old, new, f"a/{write.path}", f"b/{write.path}", n=0, lineterm=""):
            screen.print(shown(line, _DIFF.get(line[:1], "dim")))


def _line(screen: Console, name: str, text: str, style: str = "") -> list[Text]:
    return [Text.assemble(mark("done", screen), (name, style)), shown(text, style)]


def _did(work: Work) -> str:
    if not work:
        return "nothing to do"
    parts = []
    if work.moves:
        places = {parent(move.target) for move in work.moves}
        shared = commonpath(places) if "" not in places else ""
        parts.append(f"{count(len(work.moves), 'file')} to {visible(shared) + '/' if shared else 'the root'}")
    elif work.directories:
        parts.append(count(len(work.directories), "directory"))
    if work.writes:
        parts.append("wrote " + listing(write.path for write in work.writes))
    return ", ".join(parts)


def _show_metrics(done: Done, screen: Console) -> None:
    if not done.measured:
        return
    table = [[Text(title, "dim") for title in ("  measured", "before", "after", "promised")]]
    for name, old, new, promised in done.measured:
        told = "" if promised is None else f"{promised:,}"
        table.append([shown(f"  {name}"), Text(f"{old:,}"), Text(f"{new:,}", "bold"), Text(told)])
    screen.print()
    rows(screen, table, right={1, 2, 3})


def _close(done: Done, verb: str, root: Path | None, screen: Console) -> None:
    """Say what moved, what is proved, how to look, undo and go on."""
    moved = count(done.moves, "file")
    if not done.commits:
        what = f"{moved} {verb}, nothing committed yet." if done.moves else "Nothing committed yet."
        screen.print(Text(what, style="bold"))
        _field("next", command("archive.plan" if blocking(done.before) else "archive.all"), screen)
        _field("undo", command("archive.undo"), screen)
        return
    number, last = len(done.commits), done.commits[-1][:12]
    where = f"commit {last}" if number == 1 else f"{number:,} commits"
    screen.print(Text(f"{moved} {verb} in {where}.", style="bold green"))
    for place, proof in enumerate(_proofs(done)):
        _field("" if place else "proved", proof, screen)
    look = f"show --stat -M {last}" if number == 1 else f"log -{number} --stat -M {last}"
    _field("look", f"git {in_repository(root)}{look}", screen)
    _field("undo", command("archive.undo"), screen)
    if done.pushed:
        _field("pushed", "to {}, branch {}".format(*done.pushed), screen)
    else:
        _field("push", command("archive.commit", "--push"), screen)


def _proofs(done: Done) -> Iterator[str]:
    """Yield what the checks after the run found true of every file."""
    for outcome in done.after:
        if outcome.code in _PROOFS and not outcome.problems:
            yield outcome.title
    ran = any(outcome.code == "commands" for outcome in done.before)
    for each in done.after:
        idle = any(problem.code == NO_PROOF for problem in each.problems)
        if ran and each.code == "command-fails" and each.passed and not idle:
            yield each.title


def _field(name: str, text: str, screen: Console) -> None:
    screen.print(Text.assemble((f"  {name:<8}", "dim"), shown(text)))


def show_returned(back: Returned | None) -> None:
    """Print what came back."""
    screen = console()
    if back is None:
        screen.print("Nothing to undo: nothing is staged, and history has no run that is not undone.")
        return
    homes = sorted(move.target for move in back.moves)
    text = f"{count(len(homes), 'file')} back in place" if homes else "What was written is as before"
    if homes and back.archived:
        text = f"Restore undone: {count(len(homes), 'file')} in the archive again"
    text += f", by commit {back.commit[:12]}" if back.commit else "; nothing of the run is staged any more"
    if back.undone:
        text += f", which undoes {back.undone[:12]}"
    hang(screen, mark("done", screen), Text(f"{text}."))
    for path in homes[:LISTED]:
        screen.print(shown(f"  {path}"))
    if len(homes) > LISTED:
        screen.print(Text(f"  and {len(homes) - LISTED:,} more", style="dim"))
    tell(back.notices, screen)


def show_recovered(end: str) -> None:
    """Print what became of a run that was cut off."""
    screen = console()
    if not end:
        screen.print("No run was cut off: there is nothing to recover.")
    elif end == "forgotten":
        screen.print("The record of the run is dropped. Nothing else was touched: look at `git status`.")
    else:
        became = "all of it was taken back" if end == "before" else "it is complete, with its commit"
        text = f"The run that was cut off is settled: {became}."
        hang(screen, mark("done", screen), Text(text))
        _field("look", command("archive.status"), screen)


def show_begun(path: Path, *, written: bool) -> None:
    """Print whether a starter file was written."""
    screen = console()
    text = "written" if written else "exists already, left as it is"
    hang(screen, mark("done" if written else "notice", screen), shown(f"{path}: {text}"))


def show_next(plan: Path) -> None:
    """Print what to do with a plan to start from."""
    _field("next", f"edit {plan.name}, then: {command('archive.plan')}", console())


def show_saved(place: Path) -> None:
    """Print where the plan as worked out was saved."""
    screen = console(error=True)
    hang(screen, mark("done", screen), shown(f"saved to {place}; archive.all --saved does exactly this"))
