"""What the plan makes of one path, as a person sees it."""

from collections.abc import Callable, Iterator
from typing import Final

from rich.text import Text

from mothball.cli.documents import standing
from mothball.cli.terminal import command, console, hang, rows, shown
from mothball.core.ledger import Record
from mothball.core.selection import Claim, Verdict
from mothball.core.show import visible
from mothball.core.tree import Move

_SENTENCES: Final = {
    "archived": "archived",
    "kept": "kept: no pattern moves it",
    "protected": "protected: git's, the plan itself, or written by mothball; no pattern moves it",
    "selected": "to be archived",
    "unclassified": "unclassified: no pattern matches it, so it stays",
    "staged": "moved, staged, not committed",
    "untracked": "git tracks no such path, and mothball touches none that it does not track",
}


def show_why(
    verdict: Verdict,
    record: Record | None,
    staged: Move | None,
    *,
    tracked: bool,
    where: Callable[[str], str],
) -> None:
    """Print what the plan makes of a path, and by which pattern."""
    screen = console()
    state = standing(verdict, record, staged, tracked=tracked)
    head = Text.assemble(shown(verdict.path, "bold"), f": {_SENTENCES[state]}")
    hang(screen, Text(), head)
    facts = [*_move(staged)] if staged else [*_facts(verdict, record, state, where)]
    if facts:
        rows(screen, [[Text(f"  {name}", "dim"), shown(text)] for name, text in facts])


def _facts(
    verdict: Verdict, record: Record | None, state: str, where: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    if state == "selected" and verdict.target:
        yield "goes to", verdict.target
    for claim in verdict.keeps:
        yield from _claim("kept by", claim, where)
    for claim in verdict.takes:
        yield from _claim("matched by", claim, where)
    if record:
        move = record.move
        yield "was", move.source
        yield "is now", move.target
        yield "category", move.category
        touched = f", last touched {record.touch.date}" if record.touch else ""
        yield "blob", f"{move.entry.blob}{touched}"
        yield "get it back", command("archive.restore", visible(move.target))


def _move(move: Move) -> Iterator[tuple[str, str]]:
    yield "was", move.source
    yield "is now", move.target
    yield "category", move.category
    yield "take it back", command("archive.undo")


def _claim(name: str, claim: Claim, where: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    owner = f" of {claim.owner!r}" if claim.owner else ""
    through = f", through its directory {claim.root}/" if claim.directory else ""
    yield name, f"{claim.pattern!r}{owner}{through}"
    yield "", where(claim.key)
