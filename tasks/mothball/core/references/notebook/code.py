"""The code of a notebook as one Python source: what IPython adds is blanked out, length for length."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mothball.core.references.claims import Unreadable
from mothball.core.references.notebook.cells import Cell
from mothball.core.references.python.marks import listed
from mothball.core.references.python.source import parse

_MAGIC: Final = re.compile(
    r"^(?P<indent>[ \t]*)(?P<assigned>[\w.,\[\] \t]{1,100}=[ \t]*)?(?P<sign>!!?|%)"
    r"(?P<rest>(?:[^\n\\]|\\\n?)*+)",
    re.MULTILINE,
)
_HELP: Final = re.compile(r"^[ \t]*(?:\?{1,2}[\w.*%]+|[\w.*%]+\?{1,2})[ \t]*$", re.MULTILINE)
_CELL_MAGIC: Final = re.compile(r"\s*%%(?P<name>[\w!]+)(?P<rest>[^\n]*)")
_SHELLS: Final = listed(
    "bash sh script ! shell system cmd zsh",
)
_STILL_PYTHON: Final = listed(
    "time timeit capture prun python python3 px memit heat skip",
)
_COMMANDS: Final = listed(
    "pip conda mamba micromamba uv system sx",
)
"""Magics that are the command of this name."""
_FILES: Final = listed(
    "run load loadpy pycat pfile edit rerun",
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a cell: its name, or ``!`` for a shell, its text, and where that begins in the source."""

    name: str
    text: str
    offset: int


@dataclass(slots=True)
class Code:
    """The cells of code, one after the other, and the commands that were among them."""

    commands: list[Command] = field(default_factory=list)
    _pieces: tuple[list[str], list[str], list[str]] = field(default_factory=lambda: ([], [], []))
    _starts: list[int] = field(default_factory=list)
    _cells: list[Cell] = field(default_factory=list)
    _length: int = 0

    @property
    def text(self) -> str:
        """Return everything as it is written; a character has the same offset in all three texts."""
        return "".join(self._pieces[0])

    @property
    def python(self) -> str:
        """Return the text with blanks for what is no Python."""
        return "".join(self._pieces[1])

    @property
    def rest(self) -> str:
        """Return the text of the cells that do not parse, with blanks for the others."""
        return "".join(self._pieces[2])

    def add(self, cell: Cell) -> None:
        """Append a cell."""
        self._starts.append(self._length)
        self._cells.append(cell)
        texts = (cell.text, *self._split(cell.text, self._length))
        for pieces, text in zip(self._pieces, texts, strict=True):
            pieces.append(text + "\n")
        self._length += len(cell.text) + 1

    def raw(self, offset: int) -> int:
        """Return the offset in the file of an offset in the text."""
        at = bisect_right(self._starts, offset) - 1
        return self._cells[at].offset(offset - self._starts[at])

    def _split(self, text: str, start: int) -> tuple[str, str]:
        try:
            parse(text)
        except Unreadable:
            pass
        else:
            return text, blank(text)
        if first := _CELL_MAGIC.match(text):
            name = first["name"]
            if name in _SHELLS:
                self.commands.append(Command("!", text[first.end() :], start + first.end()))
            if name not in _STILL_PYTHON:
                return blank(text), blank(text)
            text = blank(text[: first.end()]) + text[first.end() :]
        python = _MAGIC.sub(lambda found: self._magic(found, start), text)
        python = _HELP.sub(lambda found: blank(found.group()), python)
        try:
            parse(python)
        except Unreadable:
            return blank(text), python
        return python, blank(text)

    def _magic(self, found: re.Match[str], start: int) -> str:
        """Note the command of a line, and return a statement of the same length that does nothing."""
        rest, at = found["rest"], start + found.start("rest")
        name, _, tail = rest.partition(" ")
        if found["sign"] != "%" or name in _COMMANDS:
            self.commands.append(Command("!", rest, at))
        else:
            self.commands.append(Command(name.lstrip("%"), tail, at + len(name) + 1))
        indent = found["indent"]
        return indent + "0" + blank(found.group()[len(indent) + 1 :])

    def directories(self) -> Iterator[tuple[str, int]]:
        """Yield where ``%cd`` goes, with its offset."""
        for command in self.commands:
            name = command.text.strip().strip("\"'")
            if command.name == "cd" and name and not name.startswith(("/", "~", "$", "{", "-")):
                yield name, command.offset + command.text.index(name)

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield what ``%run`` and its like are given, with its offset."""
        for command in self.commands:
            if command.name in _FILES:
                found = re.match(r"(?:\s*-[a-zA-Z]\S*)*\s*(?P<quote>['\"]?)(?P<file>[^\s'\"]+)", command.text)
                if found is not None and not found["file"].startswith(("$", "{")):
                    yield found["file"], command.offset + found.start("file")


def blank(text: str) -> str:
    """Return as many blanks, and the same lines."""
    return re.sub(r"[^\n]", " ", text)
