"""What there is to read in a content, before anybody looks whether it is there.

A reading depends on nothing but the content, the path, the way of reading and the names that are asked for.
So another process may make it, and it can be kept for as long as these are the same.
"""

import json
from collections.abc import Callable, Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, NamedTuple

from mothball.core.references.claims import Claim, Severity, Unreadable
from mothball.core.references.links import SymbolicLinks
from mothball.core.references.needles import Needles
from mothball.core.references.papers import is_outcome
from mothball.core.references.reader import Reader, readers_of
from mothball.core.references.sought import Sought
from mothball.core.references.texts import decode_text
from mothball.core.references.vocabulary import Vocabulary

BINARY: Final = "binary"
"""Why a file was not read that is no text."""
TOO_DEEP: Final = "too deep"
"""Stands in the place of a reason where a text is nested too deeply."""
NOTHING: Final = b"null"
"""A packed reading of a file that holds no name that is asked for."""
_LINK: Final = SymbolicLinks()
_SEVERITIES: Final = list(Severity)


class Way(StrEnum):
    """What is read of a file; ``ALWAYS`` is one that stays and is read whatever names it holds."""

    STAYS = "stays"
    ALWAYS = "always"
    MOVED = "moved"
    LINK = "link"
    CHAIN = "chain"


class Wanted(NamedTuple):
    """A file to read, by its path after the move: a tuple, for one is made of every file."""

    path: str
    blob: str
    way: Way

    @property
    def is_always_asked(self) -> bool:
        """Say whether the file is read whatever it holds."""
        return self.way is not Way.STAYS and self.way is not Way.CHAIN


@dataclass(frozen=True, slots=True)
class Asked:
    """Files to read, by path and blob, and their ways where these are not the usual one.

    What is wanted of each is made anew whenever they are gone through.
    """

    files: Mapping[str, str]
    ways: Mapping[str, Way] = field(default_factory=dict)
    usual: Way = Way.STAYS

    def __len__(self) -> int:
        """Count the files."""
        return len(self.files)

    def __iter__(self) -> Iterator[Wanted]:
        """Yield each file."""
        return (Wanted(path, blob, self.ways.get(path, self.usual)) for path, blob in self.files.items())


@dataclass(frozen=True, slots=True)
class Read:
    """What one reader found in a text; ``unreadable`` is why it stopped, at which line."""

    reader: Reader
    claims: tuple[Claim, ...]
    unreadable: tuple[str, int] | None = None


Reading = tuple[Read, ...] | str | None
"""What readers found; of a file that was not read, why; ``None`` where it holds no name that is asked for."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of every file.

    Attributes:
        paths: what is looked for, in the files that stay.
        world: stands for the tree that these are looked for in.
        needles: the names without one of which most files are not read.
        find_names: finds the last parts of what is looked for in the files that move; it is asked when the
            first of them is.
        find_vocabulary: finds the words without one of which no file that moves is read, as late. Where few
            move, all are read.
    """

    paths: Collection[str]
    needles: Needles
    world: str = ""
    find_names: Callable[[], Collection[str]] = field(default=frozenset)
    find_vocabulary: Callable[[], Vocabulary | None] = field(default=lambda: None)

    @cached_property
    def sought(self) -> Sought:
        """What is looked for in the files that stay."""
        return Sought(self.paths, self.needles.names)

    @cached_property
    def names(self) -> Collection[str]:
        """The last parts of what is looked for in the files that move."""
        return self.find_names()

    @cached_property
    def vocabulary(self) -> Vocabulary | None:
        """The words of the whole tree."""
        return self.find_vocabulary()

    def answer(self, wanted: Wanted, content: bytes | int | None) -> Reading:
        """Read a file by its content, or by the size of one too large; ``None`` is one not here."""
        if not isinstance(content, bytes):
            return "its content is not in this clone" if content is None else f"{content:,} bytes"
        if wanted.way is Way.LINK:
            return read_text(content.decode("utf-8", "surrogateescape"), wanted.path, (), wanted.way)
        if not wanted.is_always_asked and not self.needles.are_in(content):
            return None
        text = decode_text(content)
        if text is None:
            return BINARY
        if wanted.way is Way.MOVED and self.vocabulary and not self.vocabulary.is_used_in(text):
            return None
        names = self.names if wanted.way is Way.MOVED else self.sought
        return read_text(text, wanted.path, names, wanted.way)


def read_text(text: str, path: str, names: Container[str], way: Way = Way.STAYS) -> tuple[Read, ...]:
    """Return what the readers of a file find in its text; those that found nothing are left out."""
    found = (_read(reader, text, path, names, way) for reader in _readers(path, way))
    kept = tuple(one for one in found if one.claims or one.unreadable)
    return tuple(map(_as_prose, kept)) if is_outcome(path) and way is not Way.LINK else kept


def _as_prose(read: Read) -> Read:
    """Return a reading of a text that nobody follows."""
    return replace(read, claims=tuple(replace(claim, prose=True) for claim in read.claims))


def _readers(path: str, way: Way) -> list[Reader]:
    """Return who reads a file, in order: the first that claims a place in a text has it."""
    if way is Way.LINK:
        return [_LINK]
    known = readers_of(path)
    if way is Way.CHAIN:
        return [reader for reader in known if reader.carries]
    return sorted(known, key=lambda reader: reader.gleans)


def _read(reader: Reader, text: str, path: str, names: Container[str], way: Way) -> Read:
    claims: list[Claim] = []
    try:
        if way is Way.CHAIN:
            claims.extend(claim for claim in reader.carried(text, path, names) if _takes_down(claim))
        else:
            claims.extend(reader.sift(text, path, names))
    except Unreadable as error:
        return Read(reader, tuple(claims), (str(error), error.line))
    except RecursionError:
        return Read(reader, tuple(claims), (TOO_DEEP, 0))
    return Read(reader, tuple(claims))


def _takes_down(claim: Claim) -> bool:
    return claim.carries and not claim.prose and not claim.doubtful


def pack(reading: Reading, wanted: Wanted) -> bytes:
    """Return a reading as a line of JSON, without its newline."""
    if reading is None:
        return NOTHING
    if isinstance(reading, str):
        return json.dumps(reading).encode()
    places = {reader: number for number, reader in enumerate(_readers(wanted.path, wanted.way))}
    rows = [[places[one.reader], one.unreadable, *map(_row, one.claims)] for one in reading]
    return json.dumps(rows, separators=(",", ":")).encode()


def unpack(line: bytes, wanted: Wanted) -> Reading:
    """Return a packed reading of the same file.

    Raises:
        ValueError: it is none.
    """
    if line == NOTHING:
        return None
    try:
        found = json.loads(line)
        if isinstance(found, str):
            return found
        known = _readers(wanted.path, wanted.way)
        return tuple(
            Read(known[place], tuple(map(_claim, rows)), _reason(reason))
            for place, reason, *rows in _list(found)
        )
    except (TypeError, LookupError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _row(claim: Claim) -> list[Any]:
    flags = claim.prose + 2 * claim.doubtful + 4 * claim.firm + 8 * claim.carries
    return [
        claim.line,
        claim.column,
        claim.text,
        claim.kind,
        claim.name,
        _SEVERITIES.index(claim.severity),
        claim.bases,
        claim.lookup,
        flags,
    ]


def _claim(row: list[Any]) -> Claim:
    line, column, text, kind, name, severity, bases, lookup, flags = row
    if not (
        type(line) is type(column) is int and type(text) is type(kind) is type(name) is type(lookup) is str
    ):
        raise TypeError("this is no claim")
    return Claim(
        line=line,
        column=column,
        text=text,
        kind=kind,
        name=name,
        severity=_SEVERITIES[severity],
        bases=tuple(map(_text, _list(bases))),
        lookup=lookup,
        prose=bool(flags & 1),
        doubtful=bool(flags & 2),
        firm=bool(flags & 4),
        carries=bool(flags & 8),
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("this is no list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("this is no text")
    return value


def _reason(row: Any) -> tuple[str, int] | None:
    if row is None:
        return None
    reason, line = row
    return _text(reason), int(line)
