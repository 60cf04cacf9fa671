"""Read the labelled pictures: small repositories, what moves, and which lines then break.

The files in ``cases/`` hold one picture after the other; the name of the file is the kind::

    === name-of-the-case
    moves: tools, docs/old.md => old/notes.md
    --- app.py
    import tools.x  ⟵ tools/x.py
    --- tools/x.py
    --- latest @ docs/old.md  ⟵ docs/old.md
    +++ app.py

A directory or file that moves goes below ``archive/`` unless ``=>`` says where. ``--- path`` begins a file
as it was, ``+++ path`` what it was edited to in the same change, ``@`` makes it a symbolic link. What stands
behind ``⟵`` is no part of the text: that line names a path which it will no longer find. On the heading it
is the file itself (line 0). ``⟵~`` is a line that fails because what it imports does, ``⟵?`` one that may be
said or not, ``⟵!`` one in a malformed text, to be said or left to people. A word in brackets is the
severity, ``⇥`` is a tab.
Every line without a mark must not be called a break.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

CASES: Final = Path(__file__).parent / "cases"
_MARK: Final = re.compile(r"\s*⟵(?P<sort>[~?!]?)\s*(?P<old>[^()]*?)\s*(?:\((?P<severity>[a-z-]+)\))?$")


class Sort(StrEnum):
    """What is expected at a marked line."""

    BREAK = ""
    CHAIN = "~"
    EITHER = "?"
    UNKNOWN = "!"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that is labelled, with what it names."""

    file: str
    line: int
    old_path: str
    sort: Sort
    severity: str = ""

    def __str__(self) -> str:
        """Show it as findings are shown."""
        return f"{self.file}:{self.line} -> {self.old_path}"


@dataclass(kw_only=True)
class Picture:
    """A repository, what moves in it, and what that breaks."""

    kind: str
    name: str
    moves: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    edited: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def is_trap(self) -> bool:
        """Say whether nothing in it breaks."""
        return all(mark.sort in {Sort.EITHER, Sort.UNKNOWN} for mark in self.marks)

    def home(self, file: str) -> str:
        """Return where a file of before is after the moves."""
        for old, new in self.moves.items():
            if file == old or file.startswith(old + "/"):
                return new + file[len(old) :]
        return file

    def _take_moves(self, text: str) -> None:
        for one in text.split(","):
            old, _, new = (part.strip() for part in one.partition("=>"))
            self.moves[old] = new or f"archive/{old}"

    def _take_file(self, heading: str, lines: list[str]) -> None:
        edited = heading.startswith("+++")
        spot, heading_marks = _marks(heading[4:])
        path, _, target = (part.strip() for part in spot.partition(" @ "))
        file = path if edited else self.home(path)
        if edited:
            self.marks = [mark for mark in self.marks if mark.file != file]
        found = [(0, one) for one in heading_marks]
        texts = []
        for number, line in enumerate(lines, start=1):
            text, marks = _marks(line)
            texts.append(text.replace("⇥", "\t") + "\n")
            found += [(number, one) for one in marks]
        if target:
            self.links.append(file)
        (self.edited if edited else self.before)[path] = target or "".join(texts)
        self.marks += [Mark(file, line, *one) for line, one in found]


def pictures() -> list[Picture]:
    """Return every labelled picture, by kind and in the order of the files."""
    return [one for path in sorted(CASES.glob("*.txt")) for one in _read(path)]


def _read(path: Path) -> list[Picture]:
    found: list[Picture] = []
    heading, lines = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").split("\n"), "=== end"]:
        if re.match(r"(---|\+\+\+|===) \S", line):
            if heading.startswith(("---", "+++")):
                while lines and not lines[-1]:
                    lines.pop()
                found[-1]._take_file(heading, lines)
            if line.startswith("===") and line != "=== end":
                found.append(Picture(kind=path.stem, name=line[4:].strip()))
            heading, lines = line, []
        elif heading.startswith("===") and line.startswith("moves:"):
            found[-1]._take_moves(line.removeprefix("moves:"))
        else:
            lines.append(line)
    return found


def _marks(line: str) -> tuple[str, list[tuple[str, Sort, str]]]:
    match = _MARK.search(line) if "⟵" in line else None
    if match is None:
        return line, []
    sort, severity = Sort(match["sort"]), match["severity"] or ""
    return line[: match.start()], [(old.strip(), sort, severity) for old in match["old"].split(",")]
