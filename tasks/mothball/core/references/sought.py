"""The names of what goes, made to be asked about every word and every string of a repository."""

import re
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from mothball.core.references.standing import Standing
from mothball.core.references.world import last_parts

# The name of a package is that of its directory, whatever the file is called that stands for it.
_STANDING_FOR: Final = frozenset({"__init__", "__main__", "index", "mod", "main", "README", "CMakeLists"})
# What leads elsewhere than its letters say.
_LEADS: Final = re.compile(r"[*?\[{]|/\.\.?/*\Z")


def names_of(paths: Iterable[str]) -> set[str]:
    """Return the names by which texts may call paths: without suffixes, or the directory's."""
    names = set()
    for path in paths:
        above, _, name = path.rpartition("/")
        dot = name.find(".", 1)
        stem = name if dot < 0 else name[:dot]
        names.add(stem)
        if stem in _STANDING_FOR and above:
            names.add(above.rpartition("/")[2])
    return names - {""}


class Everything:
    """Holds any name: whatever is read with it, is read whole."""

    def __contains__(self, name: object) -> bool:
        """Say yes."""
        return True


class Sought:
    """The last parts of paths that are looked for. Whatever holds none of them leads to none of the paths."""

    def __init__(self, paths: Collection[str], called: Collection[str] | None = None) -> None:
        """Take the paths, and by which names readers call them, where that is known."""
        self._paths = paths
        self._called = called
        self._told: dict[str, bool] = {}

    def __contains__(self, name: object) -> bool:
        """Say whether a path has this last part."""
        return name in self._parts

    @property
    def essence(self) -> tuple[str, ...]:
        """All that answers depend on: two with the same essence are asked the same."""
        # Made for this alone: where all answers are known, nobody asks for parts and stems again.
        return (*sorted(last_parts(self._paths)), "", *sorted(names_of(self._paths)))

    @cached_property
    def _parts(self) -> frozenset[str]:
        return last_parts(self._paths)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The names that modules may have: a path without suffix, the package of an index."""
        return frozenset(names_of(self._paths))

    @cached_property
    def standing(self) -> Standing | None:
        """The names that a file is read for, ``None`` where it is read whatever names it has."""
        return None if self._called is None else Standing(self._called)

    @cached_property
    def _in_values(self) -> BytesAhoCorasick | None:
        return _automaton(self.stems)

    @cached_property
    def _in_texts(self) -> BytesAhoCorasick | None:
        """The last parts as they end a word that is a path: with a dot in them, or a slash beside them."""
        dotted = {part for part in self._parts if "." in part}
        plain = self._parts - dotted
        return _automaton({*dotted, *(f"/{part}" for part in plain), *(f"{part}/" for part in plain)})

    def may_be_meant(self, value: str) -> bool:
        """Say whether a value can be a path or module that is sought: by a name in it, or a wildcard."""
        told = self._told.get(value)
        if told is None:
            told = self._told[value] = self.may_be_named_in(value)
        return told

    def may_be_named_in(self, text: str) -> bool:
        """Say the same of a whole text."""
        return _LEADS.search(text) is not None or self.are_called_in(text)

    def are_called_in(self, text: str) -> bool:
        """Say whether a text has a name in it."""
        return _finds(self._in_values, text)

    def are_in(self, text: str) -> bool:
        """Say whether a path-like word in a text may end with one of the last parts."""
        return _finds(self._in_texts, text)

    def lines(self, text: str) -> list[int]:
        """Return the lines, from 1, in which a path-like word may end with one of the last parts."""
        if self._in_texts is None:
            return []
        content = text.encode("utf-8", "surrogatepass")
        found, line, at = list[int](), 1, 0
        for _, start, _ in self._in_texts.find_matches_as_indexes(content):
            line, at = line + content.count(b"\n", at, start), start
            found.append(line)
        return found


def _automaton(names: Iterable[str]) -> BytesAhoCorasick | None:
    wanted = sorted(name.encode("utf-8", "surrogatepass") for name in names if name)
    return BytesAhoCorasick(wanted) if wanted else None


def _finds(automaton: BytesAhoCorasick | None, text: str) -> bool:
    if automaton is None:
        return False
    return bool(automaton.find_matches_as_indexes(text.encode("utf-8", "surrogatepass")))
