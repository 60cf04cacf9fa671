"""Find who reads a file by its path, at the cost of a look into a table for nearly every file."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from functools import cached_property
from itertools import islice
from typing import Final, Generic, TypeVar

from ahocorasick_rs import BytesAhoCorasick

Owner = TypeVar("Owner")

_AT_ONCE: Final = 10_000
"""Paths that are searched at once: more would save nothing, and take memory."""
_WILD: Final = frozenset("*?[")
_ANYTHING: Final = re.compile(r"[*?]|\[!?\]?[^]]*\]")


class Dispatch(Generic[Owner]):
    """Owners with the shell patterns of their files, any letter case.

    A pattern without a slash is for the last part of a path, one with a slash for the whole.
    """

    def __init__(self, owners: Iterable[tuple[Iterable[str], Owner]]) -> None:
        """Sort the patterns by what they ask for: a name, a suffix, anything, something else."""
        self._owners: list[Owner] = []
        self._all: list[int] = []
        self._names: dict[str, list[int]] = {}
        self._suffixes: dict[str, list[tuple[str, int]]] = {}
        names: dict[str, list[tuple[str, int]]] = {}
        paths: dict[str, list[tuple[str, int]]] = {}
        self._letters: set[str] = set()
        for number, (patterns, owner) in enumerate(owners):
            self._owners.append(owner)
            for pattern in map(str.lower, patterns):
                self._letters.add(max(_ANYTHING.split(f"/{pattern}\0"), key=len))
                if not self._tabled(pattern, number):
                    known = paths if "/" in pattern else names
                    known.setdefault(_suffix(pattern), []).append((pattern, number))
        self._other_names = _by_suffix(names)
        self._other_paths = _by_suffix(paths)

    def of(self, path: str) -> list[Owner]:
        """Return the owners that take a path, in their order."""
        path = path.lower()
        name = path[path.rfind("/") + 1 :]
        suffix = name[name.rfind(".") :]
        found = self._all.copy()
        if name in self._names:
            found += self._names[name]
        if suffix in self._suffixes:
            found += [number for end, number in self._suffixes[suffix] if name.endswith(end)]
        for known, text in ((self._other_names, name), (self._other_paths, path)):
            others = known.get(suffix, known[""])
            if others.any_first or text[:1] in others.firsts:
                found += others.of(text)
        return [self._owners[number] for number in sorted(set(found))] if found else []

    def among(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield those of the paths that anybody takes, in their order.

        All are searched at once for the letters that a path must have; only what has them is looked at.
        """
        rest = iter(paths)
        while asked := [*islice(rest, _AT_ONCE)]:
            yield from self._found(asked)

    def _found(self, asked: list[str]) -> Iterator[str]:
        text = "".join(f"/{path}\0" for path in asked).lower().encode("utf-8", "surrogateescape")
        number, at, last = 0, 0, -1
        for _, start, _ in self._sieve.find_matches_as_indexes(text):
            number, at = number + text.count(b"\0", at, start), start
            if number != last and self.of(asked[number]):
                yield asked[number]
            last = number

    @cached_property
    def _sieve(self) -> BytesAhoCorasick:
        return BytesAhoCorasick([one.encode() for one in sorted(self._letters)])

    def _tabled(self, pattern: str, number: int) -> bool:
        """Put a pattern into its table, if there is one for it."""
        tail = pattern[1:]
        if pattern == "*":
            self._all.append(number)
        elif "/" not in pattern and _WILD.isdisjoint(pattern):
            self._names.setdefault(pattern, []).append(number)
        elif "/" not in pattern and pattern[0] == "*" and "." in tail and _WILD.isdisjoint(tail):
            self._suffixes.setdefault(tail[tail.rfind(".") :], []).append((tail, number))
        else:
            return False
        return True


def _suffix(pattern: str) -> str:
    """Return the suffix that all names have which a pattern matches, ``""`` where it leaves that open."""
    tail = pattern[pattern.rfind(".") :] if "." in pattern else ""
    return "" if "/" in tail or "]" in tail or not _WILD.isdisjoint(tail) else tail


class _Expressions:
    """What no table can tell: the first letter, then all at once; one by one only where that matches."""

    def __init__(self, patterns: list[tuple[str, int]]) -> None:
        self._patterns = patterns
        self.firsts = {pattern[:1] for pattern, _ in patterns}
        self.any_first = not self.firsts.isdisjoint(_WILD)

    @cached_property  # most repositories have files of few of the suffixes
    def _any(self) -> re.Pattern[str]:
        return re.compile("|".join(translate(pattern) for pattern, _ in self._patterns))

    @cached_property
    def _each(self) -> list[tuple[re.Pattern[str], int]]:
        return [(re.compile(translate(pattern)), number) for pattern, number in self._patterns]

    def of(self, text: str) -> list[int]:
        if not self._any.match(text):
            return []
        return [number for pattern, number in self._each if pattern.match(text)]


def _by_suffix(patterns: Mapping[str, list[tuple[str, int]]]) -> dict[str, _Expressions]:
    """Return, for each suffix and for any other (``""``), the patterns that names with it may match."""
    always = patterns.get("", [])
    special = {end: _Expressions([*found, *always]) for end, found in patterns.items() if end}
    return {**special, "": _Expressions(always)}
