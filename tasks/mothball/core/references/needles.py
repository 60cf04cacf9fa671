"""Find the files worth reading: those whose bytes hold a name of something that goes, in one pass."""

import re
from collections.abc import Collection, Iterable
from functools import cached_property
from posixpath import splitext
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from mothball.core.references.change import Change
from mothball.core.references.reader import readers
from mothball.core.references.sought import names_of
from mothball.core.references.texts import in_utf8
from mothball.core.references.vocabulary import Vocabulary, words_of, written
from mothball.core.references.world import World
from mothball.core.tree import parent

_SHORT: Final = 3
"""Names of fewer bytes are in nearly every text; they count where they stand alone."""
_WORD: Final = re.compile(rb"[A-Za-z0-9_]+")
_SPACED: Final = re.sub(rb"[^A-Za-z0-9_]", b" ", bytes(range(256)))
"""Turns every byte into a space that is in no word."""


class Needles:
    """The names to look for; compiled when the first content is asked about."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take names as `names_of` gives them."""
        self.names = tuple(sorted(set(names)))

    @cached_property
    def _compiled(self) -> tuple[BytesAhoCorasick | None, frozenset[bytes], re.Pattern[bytes] | None]:
        """The long names, the short ones that are words, and the others, with dots or other letters."""
        wanted = {name.encode("utf-8", "surrogateescape") for name in written(self.names)}
        long = sorted(name for name in wanted if len(name) >= _SHORT)
        short = sorted(name for name in wanted if 0 < len(name) < _SHORT)
        words = frozenset(name for name in short if _WORD.fullmatch(name))
        odd = b"|".join(re.escape(name) for name in short if name not in words)
        alone = re.compile(rb"(?<![A-Za-z0-9_])(?:" + odd + rb")(?![A-Za-z0-9_])") if odd else None
        return BytesAhoCorasick(long) if long else None, words, alone

    def are_in(self, content: bytes) -> bool:
        """Say whether one of the names is in the bytes of a file."""
        content = in_utf8(content)
        long, words, odd = self._compiled
        if long is not None and long.find_matches_as_indexes(content):
            return True
        if words and not words.isdisjoint(content.translate(_SPACED).split()):
            return True
        return odd is not None and odd.search(content) is not None


def needles_for(change: Change) -> Needles:
    """Return the needles for everything that goes."""
    return needles_of(change.gone, change.before, _globs(change))


def needles_of(paths: Collection[str], world: World, more: Iterable[str] = ()) -> Needles:
    """Return the needles for paths of a world, and some ``more``."""
    return Needles({*_called(paths, world), *more})


def vocabulary_of(world: World) -> Vocabulary:
    """Return the words by which a text may name anything in a world."""
    return Vocabulary(words_of(_called(world.files | world.directories, world)))


def _called(paths: Collection[str], world: World) -> set[str]:
    """Return the names of paths, with what the readers call them besides."""
    return names_of(paths).union(*(reader.needles(paths, world) for reader in readers()))


def _globs(change: Change) -> set[str]:
    """Return how globs end that may match nothing more in a directory that stays."""
    gone = {_ending(path) for path in change.gone & change.before.files}
    places = {above for above, suffix in gone if suffix and change.after.holds(above)}
    left = {_ending(path) for path in change.after.files if parent(path) in places}
    return {f"*{suffix}" for above, suffix in gone - left if suffix and above in places}


def _ending(path: str) -> tuple[str, str]:
    return parent(path), splitext(path)[1]
