"""The pages that a run writes: the README's managed section and the archive's index. Text only, no clock."""

from collections import Counter
from collections.abc import Iterable, Iterator
from posixpath import relpath
from typing import Final
from urllib.parse import quote

from mothball.core.ledger import NAME, Ledger, Record
from mothball.core.markdown import words
from mothball.core.plan.model import Keep, Plan
from mothball.core.show import code, count
from mothball.core.tree import parent

LISTED: Final = 200
"""Files that the index lists per category; the ledger has them all."""
_WILD: Final = frozenset("*?[\\!")


def readme_section(plan: Plan, ledger: Ledger, path: str) -> str:
    """Return the README's managed section: what is production, and where everything else went."""
    lines = ["## What is in use", ""]
    if plan.principle:
        lines += [f"{words(plan.principle)}.".replace("..", "."), ""]
    for keep in plan.keep:
        lines += [f"**{words(keep.title)}**" if keep.title else "**Kept**", "", *_kept(keep, path), ""]
    lines += ["## What was archived", "", *_summary(plan, ledger, path), ""]
    index = _link(plan.home + "README.md", path)
    lines += [f"Every file, its reason and the way back are in {index}."]
    return "\n".join(lines) + "\n"


def index_section(plan: Plan, ledger: Ledger) -> str:
    """Return the archive's index: what, why, from where, when last touched, how to get it back."""
    home = plan.home + "README.md"
    lines = [f"## {words(plan.title)}", ""]
    lines += [words(text) + "\n" for text in (plan.purpose, plan.principle) if text]
    lines += ["Nothing in here was changed when it was archived: every file is the very blob it was."]
    lines += [f"The record of all moves is {_link(plan.home + NAME, home)}.", ""]
    for name, records in _by_category(plan, ledger):
        lines += _category(ledger, name, records, home)
    lines += [
        "## How to get something back",
        "",
        "```sh",
        "mothball archive.restore PATH        # a file or a directory of the archive, to where it came from",
        "git log --follow -- PATH             # its history, across the move",
        "```",
    ]
    return "\n".join(lines) + "\n"


def commit_message(subject: str, trailers: Iterable[tuple[str, str]], body: Iterable[str] = ()) -> str:
    """Return a commit message: subject, a paragraph with the lines of the body, trailers."""
    paragraph = "\n".join(text for text in body if text)
    tail = "\n".join(f"{name}: {value}" for name, value in trailers)
    return "\n\n".join(part for part in (subject.strip(), paragraph, tail) if part) + "\n"


def _kept(keep: Keep, path: str) -> Iterator[str]:
    for pattern in keep.patterns:
        literal = pattern.lstrip("/")
        if pattern.startswith("/") and not _WILD & set(pattern):
            yield f"- {_link(literal, path)}"
        else:
            yield f"- {code(pattern)}"


def _summary(plan: Plan, ledger: Ledger, path: str) -> Iterator[str]:
    yield "| what | files | why | where |"
    yield "| --- | ---: | --- | --- |"
    for name, records in _by_category(plan, ledger):
        noted = ledger.categories[name]
        where = ", ".join(_link(place, path) for place in _places(records))
        yield f"| {words(noted.title)} | {len(records):,} | {words(noted.reason)} | {where} |"


def _category(ledger: Ledger, name: str, records: list[Record], home: str) -> Iterator[str]:
    noted = ledger.categories[name]
    dates = sorted(record.touch.date for record in records if record.touch)
    yield f"## {words(noted.title)}"
    yield ""
    yield f"{count(len(records), 'file')} (`{name}`). {words(noted.reason)}"
    if dates:
        yield (
            f"Last touched {dates[0]}."
            if dates[0] == dates[-1]
            else f"Last touched {dates[0]} to {dates[-1]}."
        )
    yield ""
    yield "| file | came from | last touched |"
    yield "| --- | --- | --- |"
    for record in records[:LISTED]:
        touched = f"{record.touch.date} {record.touch.commit[:10]}" if record.touch else ""
        yield f"| {_link(record.move.target, home)} | {code(record.move.source)} | {touched} |"
    if len(records) > LISTED:
        yield ""
        ledger_page = _link(parent(home) + "/" + NAME, home)
        yield f"And {count(len(records) - LISTED, 'more file')}: see {ledger_page}."
    yield ""


def _by_category(plan: Plan, ledger: Ledger) -> list[tuple[str, list[Record]]]:
    """Group the records, in the order of the plan; what only earlier plans knew comes last."""
    order = {category.name: number for number, category in enumerate(plan.archive)}
    groups: dict[str, list[Record]] = {}
    for record in ledger.records:
        groups.setdefault(record.move.category, []).append(record)
    return sorted(groups.items(), key=lambda group: (order.get(group[0], len(order)), group[0]))


def _places(records: list[Record]) -> list[str]:
    """Name the directories that hold a category: those that most files share, at most three."""
    found = Counter(parent(record.move.target) + "/" for record in records)
    outer = [path for path in found if not any(path != other and path.startswith(other) for other in found)]
    return sorted(sorted(outer, key=lambda path: (-found[path], path))[:3])


def _link(target: str, page: str) -> str:
    """Link to a path of the repository from a page of it."""
    label = code(target)
    slash = "/" if target.endswith("/") else ""
    steps = relpath("/" + target, "/" + parent(page)) + slash
    # A name that looks like a scheme or starts with a dash must stay a path.
    steps = steps if steps.startswith("../") else "./" + steps
    return f"[{label}]({quote(steps.encode('utf-8', 'surrogateescape'))})"
