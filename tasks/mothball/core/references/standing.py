"""Where in a text the names of what goes stand as words: a program says nothing of them anywhere else."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from mothball.core.references.vocabulary import written

_INSIDE: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_BACKSLASH: Final = ord("\\")
_DASH: Final = ord("-")
_NEAR: Final = 2000


class Standing:
    """Names, found where they are no part of a longer word."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take names as `names_of` gives them."""
        self._names = {name.encode("utf-8", "surrogatepass") for name in written(names) if name}

    @cached_property
    def _automaton(self) -> BytesAhoCorasick | None:
        return BytesAhoCorasick(sorted(self._names)) if self._names else None

    def places(self, content: bytes) -> Iterator[tuple[int, int]]:
        """Yield where a name begins and ends, in the order in which they end."""
        if self._automaton is None:
            return
        last = len(content)
        for _, start, end in self._automaton.find_matches_as_indexes(content, overlapping=True):
            ends = end == last or content[end] not in _INSIDE or content[end - 1] not in _INSIDE
            if ends and _begins(content, start):
                yield start, end


def _begins(content: bytes, start: int) -> bool:
    """Say whether a word begins here: also behind an escape of one letter, and a flag of one."""
    if start == 0 or content[start - 1] not in _INSIDE or content[start] not in _INSIDE:
        return True
    return start > 1 and content[start - 2] in {_BACKSLASH, _DASH}


def around(content: bytes, start: int, end: int) -> tuple[bytes, bytes]:
    """Return what stands before and behind a place in its line, some thousand bytes of it."""
    before = content[max(0, start - _NEAR) : start]
    behind = content[end : end + _NEAR]
    return before[before.rfind(b"\n") + 1 :], behind.partition(b"\n")[0]


class Parity:
    """Whether a sign stands an odd number of times before a place; asked for one place after the other."""

    def __init__(self, content: bytes, *signs: bytes) -> None:
        """Take the text and the signs."""
        self._content = content
        self._counts = dict.fromkeys(signs, 0)
        self._at = 0

    def is_odd(self, place: int) -> bool:
        """Say whether one of the signs is open at a place, at or behind the last one asked for."""
        for sign in self._counts:
            self._counts[sign] += self._content.count(sign, self._at, place)
        self._at = max(self._at, place)
        return any(number % 2 for number in self._counts.values())
