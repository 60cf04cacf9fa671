"""A text that was taken out of another one: where each character of it stands in the source."""

from collections.abc import Sequence

from mothball.core.references.texts import Lines

_SPACE = " \t\r\n"


class Placed:
    """A value, and the places of its characters in the source it was decoded from."""

    def __init__(self, value: str, source: str, lines: Lines, offsets: Sequence[int]) -> None:
        """Take a value and one offset in the source for each of its characters."""
        self.value = value
        self._source = source
        self._lines = lines
        self.offsets = offsets

    def at(self, first: int) -> tuple[int, int]:
        """Return line and column of a character of the value."""
        return self._lines.at(self._offset(first))

    def raw(self, first: int, last: int) -> str:
        """Return the source of a part of the value."""
        if first >= last:
            return ""
        return self._source[self._offset(first) : self._offset(last - 1) + 1]

    def with_value(self, value: str, offsets: Sequence[int]) -> "Placed":
        """Return another value from the same source."""
        return Placed(value, self._source, self._lines, offsets)

    def part(self, first: int, last: int) -> "Placed":
        """Return a part of the value as one of its own."""
        return Placed(self.value[first:last], self._source, self._lines, self.offsets[first:last])

    def _offset(self, at: int) -> int:
        if not self.offsets:
            return 0
        return self.offsets[min(at, len(self.offsets) - 1)]


def chained(parts: Sequence[Placed]) -> Placed:
    """Return several parts of one source as the lines of one value."""
    offsets: list[int] = []
    for part in parts:
        offsets += part.offsets
        offsets.append(part.offsets[-1] if part.offsets else 0)
    return parts[0].with_value("\n".join([*(part.value for part in parts), ""]), offsets)


def slice_of(source: str, first: int, last: int, lines: Lines) -> Placed:
    """Return a part of a source, as it is written."""
    return Placed(source[first:last], source, lines, range(first, last))


def aligned(value: str, source: str, first: int, last: int, lines: Lines) -> Placed:
    """Return a value that a part of the source was decoded to: folded, unindented, unescaped."""
    if source[first:last] == value:
        return Placed(value, source, lines, range(first, last))
    if source[first + 1 : first + 1 + len(value)] == value:
        return Placed(value, source, lines, range(first + 1, first + 1 + len(value)))
    return Placed(value, source, lines, _offsets(value, source, first, last))


def _offsets(value: str, source: str, first: int, last: int) -> list[int]:
    """Walk along the value and its source: what is no space comes in the same order in both."""
    quote = source[first : first + 1]
    at = first + (quote in {"'", '"'})
    if quote in {"|", ">"}:
        newline = source.find("\n", first, last)
        at = newline + 1 if newline >= 0 else last
    offsets = []
    for sign in value:
        at = _before(sign, source, at, last, escaped=quote == '"')
        offsets.append(min(at, last))
        # A space in the value may be a fold of the source, which the next sign passes over.
        if sign not in _SPACE or source[at : at + 1] in {*_SPACE, "\\"}:
            at += _width(source, at, quote)
    return offsets


def _before(sign: str, source: str, at: int, last: int, *, escaped: bool) -> int:
    while sign not in _SPACE and at < last and source[at] in _SPACE:
        at += 1
    while escaped and source[at : at + 1] == "\\" and source[at + 1 : at + 2] in {"\n", "\r"}:
        at += 1
        while at < last and source[at] in _SPACE:
            at += 1
    return at


def _width(source: str, at: int, quote: str) -> int:
    """Return how much of the source stands for one sign of the value."""
    if quote == '"' and source[at : at + 1] == "\\":
        return {"x": 4, "u": 6, "U": 10}.get(source[at + 1 : at + 2], 2)
    return 2 if quote == "'" and source[at : at + 2] == "''" else 1
