"""Trees as text: real files cut to what a page holds, or directories with their numbers of files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from mothball.core.show import count, visible

BREADTH: Final = 12
"""Entries shown of one directory."""
DEPTH: Final = 6
"""Levels shown; what lies deeper is counted."""
LINES: Final = 60
"""Lines of one tree."""
_WIDEST: Final = 60
"""Columns up to which the notes beside a tree are aligned."""

Parts = tuple[str, ...]


@dataclass(slots=True)
class _Branch:
    """An entry: its name, how many things its own line stands for, what is below it, what is said of it."""

    label: str
    own: int
    below: list["_Branch"] = field(default_factory=list)
    note: str = ""

    @property
    def total(self) -> int:
        """Everything that it and what is below it stand for."""
        return self.own + sum(branch.total for branch in self.below)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    own: int
    note: str = ""


def file_tree(paths: Iterable[str]) -> list[str]:
    """Draw files as a tree; what is left out is counted where it is missing."""
    return [line.text for line in _bounded(_drawn([*_files(_sorted(paths), 0)], "more file"), "more file")]


def directory_tree(paths: Iterable[str], notes: Mapping[str, str]) -> list[str]:
    """Draw the directories above the paths, each with its number of files at any depth.

    Args:
        paths: the files.
        notes: what more to say of a directory, by its path with the trailing slash.
    """
    noun = "more directory"
    lines = _bounded(_drawn([*_directories(_sorted(paths), 0, notes)], noun), noun)
    widest = min(max((len(line.text) for line in lines), default=0), _WIDEST)
    return [f"{line.text:<{widest}}  ← {line.note}" if line.note else line.text for line in lines]


def _sorted(paths: Iterable[str]) -> list[Parts]:
    return sorted(tuple(path.split("/")) for path in paths)


def _files(paths: list[Parts], depth: int, level: int = 1) -> Iterator[_Branch]:
    """Yield the entries of one directory: directories first; a chain of single ones is one entry."""
    files: list[_Branch] = []
    for _, group in groupby(paths, key=lambda parts: parts[depth]):
        found = list(group)
        end = _shared(found, depth)
        label = "/".join(found[0][depth:end])
        if end == depth + 1 == len(found[0]):
            files.append(_Branch(label, 1))
        elif end == len(found[0]):
            yield _Branch(label, 1)
        elif level == DEPTH:
            yield _Branch(f"{label}/ ({count(len(found), 'file')})", len(found))
        else:
            yield _Branch(f"{label}/", 0, list(_files(found, end, level + 1)))
    yield from files


def _shared(paths: list[Parts], depth: int) -> int:
    """Return where the names that all of these sorted paths share end; a single file's own is one."""
    first, last = paths[0], paths[-1]
    end = depth + 1
    while end < min(len(first), len(last)) and first[end] == last[end]:
        end += 1
    return end


def _directories(
    paths: list[Parts], depth: int, notes: Mapping[str, str], level: int = 1
) -> Iterator[_Branch]:
    """Yield the directories in one directory, each with its number of files."""
    inside = [parts for parts in paths if len(parts) > depth + 1]
    for name, group in groupby(inside, key=lambda parts: parts[depth]):
        found = list(group)
        said = notes.get("/".join(found[0][: depth + 1]) + "/", "")
        note = f"{count(len(found), 'file')}{': ' if said else ''}{said}"
        below = list(_directories(found, depth + 1, notes, level + 1)) if level < DEPTH else []
        yield _Branch(f"{name}/", 1, below, note)


def _drawn(top: list[_Branch], noun: str) -> Iterator[_Line]:
    shown = _cut(top)
    for branch in shown:
        yield _Line(visible(branch.label), branch.own, branch.note)
        yield from _below(branch.below, "", noun)
    yield from _rest(top[len(shown) :], "… and ", noun)


def _below(branches: list[_Branch], lead: str, noun: str) -> Iterator[_Line]:
    shown = _cut(branches)
    rest = branches[len(shown) :]
    for number, branch in enumerate(shown, 1):
        last = number == len(shown) and not rest
        head = f"{lead}{'└── ' if last else '├── '}"
        yield _Line(head + visible(branch.label), branch.own, branch.note)
        yield from _below(branch.below, lead + ("    " if last else "│   "), noun)
    yield from _rest(rest, f"{lead}└── … and ", noun)


def _rest(left: list[_Branch], lead: str, noun: str) -> Iterator[_Line]:
    if left:
        number = sum(branch.total for branch in left)
        yield _Line(lead + count(number, noun), number)


def _cut(branches: list[_Branch]) -> list[_Branch]:
    """Leave entries out only where that saves more than the line that says so."""
    return branches if len(branches) <= BREADTH + 1 else branches[:BREADTH]


def _bounded(lines: Iterable[_Line], noun: str) -> list[_Line]:
    found = list(lines)
    if len(found) <= LINES + 1:
        return found
    number = sum(line.own for line in found[LINES:])
    return [*found[:LINES], _Line(f"… and {count(number, noun)}", number)]
