"""Help for readers: bytes to text, offsets to lines and columns, path-like words."""

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

MAX_BYTES: Final = 4_000_000
"""Larger files are data, not something that people wrote; they are skipped, and named."""
_SNIFF: Final = 8000
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

# One run after the other, without a second try at any place: a line of a megabyte costs no more.
_RUN: Final = re.compile(r"[\w@+.~%/-]+")
_NAMED: Final = re.compile(r".*\w\.\w{1,10}", re.DOTALL)


def decode_text(content: bytes) -> str | None:
    """Return the text of a file; ``None`` where it is binary by git's rule, a NUL in the first 8000 bytes."""
    found = decoded(content)
    return None if found is None else found[0]


def decoded(content: bytes) -> tuple[str, str] | None:
    """Return the text of a file and its encoding; ``None`` where it is binary.

    Bytes that are no UTF-8 are taken for Latin-1, so that nothing is lost and nothing fails.
    """
    for mark, encoding in _BOMS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding
    if b"\0" in content[:_SNIFF]:
        return None
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


def in_utf8(content: bytes) -> bytes:
    """Return the bytes of a file as they would be in UTF-8, where a byte order mark says they are no such."""
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    return content.decode("utf-16", "replace").encode()


class Lines:
    """The lines of a text, to turn an offset into a line and a column, both counted from 1."""

    def __init__(self, text: str, first: int = 1) -> None:
        """Take a text whose first line has the number ``first``."""
        self._first = first
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line + self._first - 1, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column."""
        return self._starts[min(line - self._first, len(self._starts) - 1)] + column - 1


def words(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of what looks like a path: with a slash, or a name with a suffix."""
    for found in _RUN.finditer(text):
        word = found.group().rstrip(".")
        if "/" in word.strip("/") or word.endswith("/") or _NAMED.fullmatch(word[-200:]):
            yield found.start(), word
