"""Where each key of a TOML text stands, which ``tomllib`` does not tell."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from mothball.core.plan.model import Place

Path = tuple[str | int, ...]
"""The way to a value: keys of tables and numbers of array elements."""

DEEPEST: Final = 32
MOST: Final = 50_000

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = (
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
)
_KEY: Final = re.compile(rf"{_BARE.pattern}|{_STRING}", re.DOTALL)
_SCALAR: Final = re.compile(rf"{_STRING}|[^\s\"'\[\]{{}},#=][^,\]}}#\n]*+", re.DOTALL)
_SPACES: Final = re.compile(r"[ \t]*+")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """Return text as a TOML string on one line; what does not print is escaped."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    number = ord(char)
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def dotted(path: Path) -> str:
    """Spell a path as people write it: ``archive[0].into."archive/x/"[1]``."""
    spelled = "".join(f"[{part}]" if isinstance(part, int) else f".{_spelled(part)}" for part in path)
    return spelled.removeprefix(".")


def _spelled(key: str) -> str:
    return key if _BARE.fullmatch(key) else quoted(key)


class _Node:
    """A key or an element; ``tables`` counts the ``[[…]]`` entries of an array of tables."""

    __slots__ = ("children", "offset", "tables")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.children: dict[str | int, _Node] | None = None
        self.tables = 0

    def child(self, key: str | int, offset: int) -> "_Node":
        """Return the node below this one, made here if it is new."""
        if self.children is None:
            self.children = {}
        return self.children.setdefault(key, _Node(offset))

    def latest(self) -> "_Node":
        """Return the last table of an array of tables; any other node itself."""
        return self.children[self.tables - 1] if self.children and self.tables else self


class Positions:
    """The places of all keys and array elements of one TOML text.

    A key stands at its first character, an array element at the start of its value, the entry of an
    array of tables at its ``[[``.

    Attributes:
        excess: what the text has too much of, with its place: then the rest of it was not looked at.
    """

    def __init__(self, text: str, root: _Node, excess: "_ExcessError | None") -> None:
        self._breaks = [match.end() for match in re.finditer("\n", text)]
        self._root = root
        self.excess = (str(excess), self.place(excess.offset)) if excess else None

    def nearest(self, path: Path) -> Place:
        """Return the place of a path, or of what is nearest above it; the first line for nothing."""
        return self.place(self.offset(path))

    def offset(self, path: Path) -> int:
        """Return how many characters stand before the nearest place of a path."""
        node = self._root
        for part in path:
            below = node.children.get(part) if node.children else None
            if below is None:
                break
            node = below
        return node.offset

    def place(self, offset: int) -> Place:
        """Turn an offset into the text to a line and a column."""
        line = bisect_right(self._breaks, offset)
        start = self._breaks[line - 1] if line else 0
        return Place(line=line + 1, column=offset - start + 1)

    def below(self, path: Path = ()) -> Iterator[tuple[Path, Place]]:
        """Yield everything below a path, each with its own path from there."""
        start: _Node | None = self._root
        for part in path:
            start = start.children.get(part) if start and start.children else None
        open_nodes: list[tuple[Path, _Node]] = [((), start)] if start else []
        while open_nodes:
            at, node = open_nodes.pop()
            for key, child in (node.children or {}).items():
                yield (*at, key), self.place(child.offset)
                open_nodes.append(((*at, key), child))


def locate(text: str) -> Positions:
    """Find every key of a TOML text.

    The text should be one that ``tomllib`` accepts; of any other, what stands before the first surprise
    is found. Never raises. Time and memory grow with the text only, not with its depth.
    """
    scanner = _Scanner(text)
    excess = None
    try:
        scanner.document()
    except _ExcessError as error:
        excess = error
    except _SurpriseError:
        pass
    return Positions(text, scanner.root, excess)


class _SurpriseError(Exception):
    """The text is no TOML."""


class _ExcessError(Exception):
    """There is more of something than a plan could need."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.offset = offset


class _Scanner:
    """One pass over the text. Nested values are kept on a list of its own: depth costs no recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.root = _Node(0)
        self.number = 0

    def document(self) -> None:
        """Read to the end."""
        table = self.root
        while self.skip(_BLANK) < len(self.text):
            if self.sees("["):
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> _Node:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the table that it opens."""
        start = self.at
        entry = self.text.startswith("[[", start)
        self.at += 2 if entry else 1
        node = self.key(self.root)
        self.expect("]]" if entry else "]")
        if not entry:
            return node
        node.tables += 1
        return node.child(node.tables - 1, start)

    def key(self, node: _Node) -> _Node:
        """Read a dotted key and return its node."""
        for _ in range(DEEPEST):
            self.skip(_SPACES)
            match = _KEY.match(self.text, self.at)
            if match is None:
                raise _SurpriseError
            node = self.child(node.latest(), _name(match[0]))
            self.at = match.end()
            self.skip(_SPACES)
            if not self.sees("."):
                return node
            self.at += 1
        raise _ExcessError("levels", self.at)

    def child(self, node: _Node, key: str | int) -> _Node:
        """Return the node of what stands here, below another."""
        self.number += 1
        if self.number > MOST:
            raise _ExcessError("values", self.at)
        return node.child(key, self.at)

    def pair(self, table: _Node) -> None:
        """Read ``key = value``, with everything inside the value."""
        within: list[tuple[_Node, str]] = []
        self.assignment(table, within)
        while within:
            holder, closer = within[-1]
            self.skip(_BLANK)
            if self.sees(closer):
                within.pop()
                self.at += 1
            elif self.sees(","):
                self.at += 1
            elif closer == "]":
                self.value(self.child(holder, len(holder.children or ())), within)
            else:
                self.assignment(holder, within)

    def assignment(self, table: _Node, within: list[tuple[_Node, str]]) -> None:
        """Read a key and the start of its value."""
        node = self.key(table)
        self.expect("=")
        self.skip(_SPACES)
        self.value(node, within)

    def value(self, node: _Node, within: list[tuple[_Node, str]]) -> None:
        """Read a plain value whole; of an array or inline table only the bracket."""
        if len(within) > DEEPEST:
            raise _ExcessError("levels", self.at)
        if self.sees("["):
            within.append((node, "]"))
            self.at += 1
        elif self.sees("{"):
            within.append((node, "}"))
            self.at += 1
        else:
            match = _SCALAR.match(self.text, self.at)
            if match is None:
                raise _SurpriseError
            self.at = match.end()

    def sees(self, mark: str) -> bool:
        return self.text.startswith(mark, self.at)

    def expect(self, mark: str) -> None:
        if not self.sees(mark):
            raise _SurpriseError
        self.at += len(mark)

    def skip(self, filler: re.Pattern[str]) -> int:
        match = filler.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at


def _name(key: str) -> str:
    """Return what a key says without its quotes and escapes."""
    if not key.startswith(('"', "'")):
        return key
    if "\\" not in key:
        return key[1:-1]
    try:
        return str(tomllib.loads(f"k={key}")["k"])
    except ValueError as error:
        raise _SurpriseError from error
