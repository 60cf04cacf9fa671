"""Find who reads a file by its path, at the cost of a look into a table for nearly every file."""

import re
from collections.abc import Iterable
from fnmatch import translate
from typing import Final, Generic, TypeVar

Owner = TypeVar("Owner")

_WILD: Final = frozenset("*?[")


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
        names, paths = list[tuple[str, int]](), list[tuple[str, int]]()
        for number, (patterns, owner) in enumerate(owners):
            self._owners.append(owner)
            for pattern in map(str.lower, patterns):
                if not self._tabled(pattern, number):
                    (paths if "/" in pattern else names).append((translate(pattern), number))
        self._other_names = _Expressions(names)
        self._other_paths = _Expressions(paths)

    def of(self, path: str) -> list[Owner]:
        """Return the owners that take a path, in their order."""
        path = path.lower()
        name = path[path.rfind("/") + 1 :]
        found = {*self._all, *self._names.get(name, ())}
        found.update(
            number for end, number in self._suffixes.get(name[name.rfind(".") :], ()) if name.endswith(end)
        )
        found.update(self._other_names.of(name), self._other_paths.of(path))
        return [self._owners[number] for number in sorted(found)]

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


class _Expressions:
    """What no table can tell: all at once first, one by one only where that matches."""

    def __init__(self, known: list[tuple[str, int]]) -> None:
        self._any = re.compile("|".join(text for text, _ in known)) if known else None
        self._each = [(re.compile(text), number) for text, number in known]

    def of(self, text: str) -> list[int]:
        if self._any is None or not self._any.match(text):
            return []
        return [number for pattern, number in self._each if pattern.match(text)]
