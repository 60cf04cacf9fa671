"""The cells of a notebook, with the place in the raw JSON of every character of their text."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from mothball.core.references.claims import Unreadable

_TOKEN: Final = re.compile(r'"(?P<inner>[^"\\]*+(?:\\.[^"\\]*+)*+)"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
# What is beyond the first 65,536 characters takes two escapes, which mean nothing one by one.
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)", re.DOTALL
)
_SHORT: Final = {
    "\\n": "\n",
    "\\t": "\t",
    '\\"': '"',
    "\\\\": "\\",
    "\\/": "/",
    "\\r": "\r",
    "\\b": "\b",
    "\\f": "\f",
}
_SOURCES: Final = frozenset({"source", "input"})
Span = tuple[int, int]


@dataclass(slots=True)
class Cell:
    """One cell: its type, its text, and where the pieces of that begin in the file.

    ``marks`` holds pairs of an offset in ``text`` and one in the file, where the two stop running in step.
    """

    kind: str = ""
    marks: list[Span] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def text(self) -> str:
        """Return the text, decoded."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def offset(self, position: int) -> int:
        """Return the offset in the file of an offset in the text."""
        at = bisect_right(self.marks, (position, 1 << 60)) - 1
        if at < 0:
            return 0
        inside, raw = self.marks[at]
        return raw + position - inside

    def add(self, raw: str, start: int) -> None:
        """Append the content of a JSON string that stands at ``start`` in the file, without its quotes."""
        done = 0
        for escape in _ESCAPE.finditer(raw):
            self._take(raw[done : escape.start()], start + done)
            self._take(_decoded(escape.group()), start + escape.start())
            done = escape.end()
        self._take(raw[done:], start + done)
        self.marks.append((self._length, start + len(raw)))

    def _take(self, text: str, raw: int) -> None:
        if text:
            self.marks.append((self._length, raw))
            self._pieces.append(text)
            self._length += len(text)


def _decoded(escape: str) -> str:
    """Return the character that an escape stands for; half a character is as good as any other."""
    if escape in _SHORT:
        return _SHORT[escape]
    codes = [int(code, 16) for code in re.findall(r"\\u(\w{4})", escape)]
    if len(codes) == 2:
        return chr(0x10000 + ((codes[0] - 0xD800) << 10) + codes[1] - 0xDC00)
    return chr(codes[0]) if codes and not 0xD800 <= codes[0] < 0xE000 else "?"


def language_of(text: str) -> str:
    """Return the language of a notebook's code, and see that it is one.

    Raises:
        Unreadable: it is no JSON, or not that of a notebook.
    """
    try:
        content: Any = json.loads(text)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(str(error), getattr(error, "lineno", 0)) from None
    if not isinstance(content, dict):
        raise Unreadable("it is no notebook")
    about = content.get("metadata")
    for key in ("kernelspec", "language_info"):
        inner = about.get(key) if isinstance(about, dict) else None
        named = inner.get("language" if key == "kernelspec" else "name") if isinstance(inner, dict) else None
        if isinstance(named, str):
            return named.lower()
    return "python"


@dataclass(slots=True)
class _Reading:
    """What the braces and keys seen so far say about the next string."""

    stack: list[tuple[str, str]] = field(default_factory=list)
    key: str = ""
    is_key: bool = False
    cell: Cell | None = None

    @property
    def depth_of_cell(self) -> bool:
        """Say whether the innermost open object is an element of a list of cells."""
        return len(self.stack) >= 2 and self.stack[-1][0] == "{" and self.stack[-2] == ("[", "cells")


def cells_of(text: str) -> Iterator[Cell]:
    """Yield the cells of a notebook in order, as far as its JSON goes."""
    reading = _Reading()
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign[0] == '"':
            _string(reading, token["inner"], token.start("inner"))
        elif sign in {"{", "["}:
            _open(reading, sign)
        elif sign in {"}", "]"}:
            if sign == "}" and reading.depth_of_cell and reading.cell is not None:
                yield reading.cell
                reading.cell = None
            if reading.stack:
                reading.key = reading.stack.pop()[1]
            reading.is_key = False
        else:
            reading.is_key = sign == "," and bool(reading.stack) and reading.stack[-1][0] == "{"
    if reading.cell is not None:
        yield reading.cell


def _open(reading: _Reading, sign: str) -> None:
    reading.stack.append((sign, "" if reading.stack[-1:] == [("[", "cells")] else reading.key))
    reading.is_key = sign == "{"
    if reading.depth_of_cell:
        reading.cell = Cell()


def _string(reading: _Reading, inner: str, start: int) -> None:
    if reading.is_key:
        reading.key, reading.is_key = inner, False
        return
    cell = reading.cell
    if cell is None:
        return
    direct = reading.depth_of_cell
    listed = (
        len(reading.stack) >= 3 and reading.stack[-1][0] == "[" and reading.stack[-3:-2] == [("[", "cells")]
    )
    if direct and reading.key == "cell_type":
        cell.kind = inner
    elif (direct and reading.key in _SOURCES) or (listed and reading.stack[-1][1] in _SOURCES):
        cell.add(inner, start)
