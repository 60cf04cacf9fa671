"""A glob for one name, without slashes, and the regular expression for it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

# A name is looked up by so many of its first and last characters: five sizes find nearly all that can match.
_SIZES = (16, 8, 4, 2, 1)
ANY = frozenset(map(chr, range(1, 256))) - {"/"}


class Mark(Enum):
    """What a pattern holds besides characters and sets of characters."""

    STAR = "any part of a name"
    SLASH = "/"
    DEEP = "**/: any number of directories, or none"
    DEEPER = "**\\/: one directory or more"
    REST = "a last **: all that is below"


Token = str | frozenset[str] | Mark


@dataclass(frozen=True, slots=True)
class Name:
    """A glob for one name: single characters, sets of them, and ``Mark.STAR``."""

    tokens: tuple[Token, ...]

    @property
    def everything(self) -> bool:
        """Say whether every name matches."""
        return all(token is Mark.STAR for token in self.tokens)

    @property
    def literal(self) -> str | None:
        """Return the only name that matches, ``None`` where there may be several."""
        head = self.head
        return head if len(head) == len(self.tokens) else None

    @property
    def head(self) -> str:
        """Return the characters that every matching name begins with."""
        return _literals(self.tokens)

    @property
    def tail(self) -> str:
        """Return the characters that every matching name ends with."""
        return _literals(self.tokens[::-1])[::-1]

    @property
    def regex(self) -> str:
        """Return an expression for `re.match` and ``re.DOTALL`` that needs O(name x pattern) at worst.

        Taking the leftmost place for each part between two stars is enough, because such a part has a fixed
        length; so nothing is ever tried again.
        """
        first, *rest = _parts(self.tokens)
        if not rest:
            return _fixed(first) + r"\Z"
        middle = "".join(f"(?>.*?{_fixed(part)})" for part in rest[:-1] if part)
        last = rest[-1]
        end = rf".{{{len(last)},}}+(?<={_fixed(last)})" if last else ""
        return _fixed(first) + middle + end


class Matcher:
    """Match names against one glob; the expression is only compiled when first needed.

    Attributes:
        matches: call it with a name; true where the name matches.
        everything: whether every name matches.
        literal: the only name that matches, ``None`` where there may be several.
        key: a slice of a name and what a matching name holds there; ``None`` where nothing is sure.
    """

    __slots__ = ("everything", "key", "literal", "matches", "name")

    def __init__(self, name: Name) -> None:
        self.name = name
        self.everything = name.everything
        self.literal = name.literal
        self.key = _key(name)
        self.matches: Callable[[str], object] = self._compile

    def _compile(self, text: str) -> object:
        self.matches = re.compile(self.name.regex, re.DOTALL).match
        return self.matches(text)


def _key(name: Name) -> tuple[tuple[int | None, int | None], str] | None:
    head, tail = name.head, name.tail
    size = next((size for size in _SIZES if size <= max(len(head), len(tail))), None)
    if size is None:
        return None
    return ((None, size), head[:size]) if size <= len(head) else ((-size, None), tail[-size:])


def _literals(tokens: Sequence[Token]) -> str:
    found = []
    for token in tokens:
        if not isinstance(token, str):
            break
        found.append(token)
    return "".join(found)


def _parts(tokens: Sequence[Token]) -> list[list[str | frozenset[str]]]:
    parts: list[list[str | frozenset[str]]] = [[]]
    for token in tokens:
        if isinstance(token, Mark):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _fixed(part: Sequence[str | frozenset[str]]) -> str:
    return "".join(re.escape(token) if isinstance(token, str) else _set(token) for token in part)


def _set(members: frozenset[str]) -> str:
    if members == ANY:
        return "."
    return "[" + "".join(rf"\x{ord(member):02x}" for member in sorted(members)) + "]"
