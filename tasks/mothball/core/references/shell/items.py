"""What a shell text is made of: commands, words, comments, brackets."""

from dataclasses import dataclass, field
from typing import Final

OPEN: Final = "\x01"
CLOSE: Final = "\x02"
"""A variable in the value of a word is its name between these two."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: where it begins, its value, and the offset in the text of each character of the value.

    ``ends`` are the offsets behind the characters; ``inner`` the places of commands in ``$( )``.
    """

    start: int
    raw: str
    value: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    inner: tuple[tuple[int, int], ...] = ()
    quoted: bool = False

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Return where a part of the value begins and ends in the text."""
        if first >= last:
            return self.start, self.start
        return self.begins[first], self.ends[last - 1]


@dataclass(slots=True)
class Command:
    """A simple command: its words, what it is redirected to, and the operator that comes after it."""

    words: list[Word] = field(default_factory=list)
    redirects: list[tuple[str, Word]] = field(default_factory=list)
    after: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment."""

    start: int
    text: str


class Document(Comment):
    """The text of a here-document, which the command before it reads."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Bracket:
    """A parenthesis that opens or closes a subshell, and the operator after it."""

    sign: str
    after: str = ""


Item = Command | Comment | Bracket


@dataclass(slots=True)
class ValueParts:
    """The value of a word being put together."""

    signs: list[str] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    inner: list[tuple[int, int]] = field(default_factory=list)

    def plain(self, text: str, first: int, last: int) -> None:
        """Add a part of the text as it is."""
        self.signs.append(text[first:last])
        self.begins += range(first, last)
        self.ends += range(first + 1, last + 1)

    def put(self, value: str, first: int, last: int) -> None:
        """Add a value that stands for a part of the text."""
        self.signs.append(value)
        self.begins += [first] * len(value)
        self.ends += [last] * len(value)

    def substitution(self, text: str, first: int, last: int, start: int, end: int) -> None:
        """Add a command whose output stands there."""
        self.inner.append((start, end))
        body = text[start:end].replace(OPEN, "").replace(CLOSE, "")
        self.put(f"{OPEN}({body}){CLOSE}", first, last)
