"""What an expression names: strings joined by ``+``, ``path.join``, in a template, from __dirname."""

from dataclasses import dataclass, replace
from typing import Final

from mothball.core.references.claims import ABOVE, HERE
from mothball.core.references.javascript.tokens import Kind, Token

_HERE: Final = frozenset({"__dirname", "import.meta.dirname", "import.meta.dir"})
_FILE: Final = frozenset({"__filename", "import.meta.url", "import.meta.filename", "import.meta.path"})
_SAME: Final = frozenset({"fileURLToPath", "pathToFileURL", "normalize", "String", "normalizePath"})
_SLASH: Final = frozenset({"path.sep", "path.posix.sep"})
_MAX_TOKENS: Final = 60
_MAX_DEPTH: Final = 12
_FILE_ITSELF: Final = "\0"
"""Stands for the name of the file that is read: what is above it is its directory."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path as far as it can be worked out.

    Attributes:
        base: `HERE`, `ABOVE` for the working directory, ``""`` for a string alone, ``None`` if unknown.
        name: what follows, ``*`` for what is not known.
        first: the offset of the first string that is part of it, -1 for none.
        last: the offset behind the last one.
        joined: whether it was put together, rather than written as one string.
    """

    base: str | None
    name: str
    first: int = -1
    last: int = -1
    joined: bool = False


UNKNOWN: Final = Place(None, "*", joined=True)


class Places:
    """Evaluates expressions over tokens without comments; knows the constants seen so far."""

    def __init__(self, tokens: list[Token]) -> None:
        """Take the tokens of a file."""
        self.tokens = tokens
        self.constants: dict[str, Place] = {}
        self._stop = 0

    def at(self, index: int) -> tuple[Place, int]:
        """Return the place that the expression at a token names, and the token behind it."""
        self._stop = min(len(self.tokens), index + _MAX_TOKENS)
        return self._sum(index, 0)

    def note(self, index: int, *, ends: bool = False) -> None:
        """Remember the constant that is declared at a token, a place; with ``ends`` also the end of one."""
        tail = self.tokens[index + 1 : index + 3]
        if len(tail) == 2 and tail[0].kind is Kind.WORD and tail[1].value == "=":
            place, _ = self.at(index + 3)
            known = place.base is not None and (place.base or place.joined)
            if known or (ends and place.name != "*"):
                self.constants[tail[0].value] = replace(place, first=-1, last=-1)

    def sign(self, index: int) -> str:
        """Return the sign at a token, ``""`` where there is none."""
        if index >= len(self.tokens) or self.tokens[index].kind is not Kind.SIGN:
            return ""
        return self.tokens[index].value

    def _sum(self, index: int, depth: int) -> tuple[Place, int]:
        place, index = self._term(index, depth)
        while index < self._stop and self.sign(index) == "+":
            more, index = self._term(index + 1, depth)
            place = _added(place, more, "")
        return place, index

    def _term(self, index: int, depth: int) -> tuple[Place, int]:
        if index >= self._stop or depth > _MAX_DEPTH:
            return UNKNOWN, index
        token = self.tokens[index]
        if token.kind is Kind.STRING:
            return Place("", token.value, token.start, token.end), index + 1
        if token.kind is Kind.TEMPLATE:
            return self._template(token), self._behind(index)
        if self.sign(index) == "(":
            place, end = self._sum(index + 1, depth + 1)
            if self.sign(end) == ")":
                return place, end + 1
        if token.kind is Kind.WORD:
            new = token.value == "new"
            return self._term(index + 1, depth + 1) if new else self._word(token, index, depth)
        return UNKNOWN, self._skip(index)

    def _word(self, token: Token, index: int, depth: int) -> tuple[Place, int]:
        if self.sign(index + 1) == "(":
            return self._call(token.value, index + 1, depth)
        end = self._skip(index)
        if end > index + 1:
            return UNKNOWN, end
        return self._named(token.value), end

    def _named(self, word: str) -> Place:
        if word in _HERE:
            return Place(HERE, "", joined=True)
        if word in _FILE:
            return Place(HERE, _FILE_ITSELF, joined=True)
        if word in _SLASH:
            return Place("", "/", joined=True)
        return self.constants.get(word, UNKNOWN)

    def _template(self, token: Token) -> Place:
        whole = Place("", token.value, token.start, token.end, joined=len(token.pieces) > 1)
        if len(token.pieces) < 2 or token.pieces[0]:
            return whole
        start = self._named(token.first)
        rest = Place("", "*".join(token.pieces[1:]), token.start, token.end)
        return _added(start, rest, "")

    def _behind(self, index: int) -> int:
        """Return the token behind a template, whose parts follow it in the list."""
        end = self.tokens[index].end
        index += 1
        while index < len(self.tokens) and self.tokens[index].start < end:
            index += 1
        return index

    def _call(self, name: str, opening: int, depth: int) -> tuple[Place, int]:
        end = self._skip(opening)
        short = name.rpartition(".")[2]
        if name == "process.cwd":
            return Place(ABOVE, "", joined=True), end
        if short == "dirname":
            return _above(self._sum(opening + 1, depth + 1)[0]), end
        if short in _SAME or name == "require.resolve":
            return self._sum(opening + 1, depth + 1)[0], end
        if short in {"join", "resolve"} and (name.count(".") <= 1):
            joined = self._joined(opening, depth)
            return _resolved(joined, name) if short == "resolve" else joined, end
        if name == "URL":
            return self._url(opening, depth), end
        return UNKNOWN, end

    def _joined(self, opening: int, depth: int) -> Place:
        place, index = self._sum(opening + 1, depth + 1)
        while self.sign(index) == ",":
            if self.sign(index + 1) == ")":
                break
            more, index = self._sum(index + 1, depth + 1)
            place = _added(place, more, "/")
        return place

    def _url(self, opening: int, depth: int) -> Place:
        place, index = self._sum(opening + 1, depth + 1)
        if self.sign(index) != ",":
            return UNKNOWN
        start = _above(self._sum(index + 1, depth + 1)[0])
        return _added(start, place, "/") if start.base is not None else UNKNOWN

    def _skip(self, index: int) -> int:
        """Return the token behind an operand, up to a ``+``, a comma or what closes around it."""
        depth = 0
        while index < self._stop:
            sign = self.sign(index)
            if sign in {"(", "[", "{", "${"}:
                depth += 1
            elif sign in {")", "]", "}"}:
                depth -= 1
                if depth < 0:
                    return index
                if depth == 0 and self.sign(index + 1) not in {".", "(", "["}:
                    return index + 1
            elif depth == 0 and sign in {",", "+", ";", ":"}:
                return index
            elif depth == 0 and not sign and self.sign(index + 1) not in {"(", "[", ".", "/", "-", "*", "?"}:
                return index + 1
            index += 1
        return index


def _resolved(place: Place, call: str) -> Place:
    """Return what Node resolves: what begins nowhere is below where the program runs."""
    whole = call.endswith("path.resolve") or "/" in place.name
    if place.base == "" and whole and not place.name.startswith("/"):
        return replace(place, base=ABOVE, joined=True)
    return place


def _added(one: Place, other: Place, between: str) -> Place:
    first = other.first if one.first < 0 else one.first
    last = max(one.last, other.last)
    if other.base not in {"", None}:
        return other if between else UNKNOWN
    name = other.name if other.base is not None or other.name != "*" else "*"
    return Place(one.base, f"{one.name}{between}{name}", first, last, joined=True)


def _above(place: Place) -> Place:
    if place.name == _FILE_ITSELF:
        return Place(HERE, "", joined=True)
    return Place(place.base, f"{place.name}/..", place.first, place.last, joined=True)
