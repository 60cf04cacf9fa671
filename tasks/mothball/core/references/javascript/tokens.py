"""A tolerant lexer for JavaScript and TypeScript: words, strings, templates, comments, signs; no errors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    STRING = auto()
    TEMPLATE = auto()
    COMMENT = auto()
    SIGN = auto()
    OTHER = auto()


@dataclass(slots=True)
class Token:
    """A piece of the text. That of strings is what is inside the quotes; ``value`` is what they mean.

    A word is a whole chain, ``jest.mock``, without the spaces in it. The value of a template has ``*`` where
    something is put in; ``first`` is what is put in at its very beginning, as far as that is one word.
    """

    kind: Kind
    start: int
    end: int
    value: str
    first: str = ""
    pieces: Sequence[str] = ()


# Every alternative takes what it began: no place of a text is looked at twice, however broken it is.
_TOKEN: Final = re.compile(
    r"""
    \s*+(?:
    (?P<word>[\w$#@]++(?:\s*+\??\.\s*+[\w$#]++)*+)
    | "(?P<double>[^"\\\n]*+(?:\\(?s:.)[^"\\\n]*+)*+)(?P<end1>"?)
    | '(?P<single>[^'\\\n]*+(?:\\(?s:.)[^'\\\n]*+)*+)(?P<end2>'?)
    | (?P<line>//[^\n]*+)
    | (?P<block>/\*(?s:.*?)(?:\*/|\Z))
    | (?P<template>`)
    | (?P<slash>/)
    | (?P<sign>\.\.\.|=>|[^\w\s])
    | (?P<other>(?s:.))
    | \Z)
    """,
    re.VERBOSE,
)
# The bounds keep a line full of slashes and open brackets from being read to its end from each of them.
_REGEX: Final = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,200}+\]){1,500}+/\w*+")
_PIECE: Final = re.compile(r"[^`\\$]*+(?:(?:\\(?s:.)|\$(?!\{))[^`\\$]*+)*+")
_GAPS: Final = re.compile(r"[\s?]+")
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,5})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|((?s:.)))")
_BEFORE_REGEX: Final = frozenset(
    {"return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "throw", "new", "await", "yield"}
)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, comments included, spaces not."""
    return _Lexer(text).run()


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Token] = []
        self.last: Token | None = None
        # An open template is its token; an open brace inside one is None.
        self.open: list[Token | None] = []
        self.templates = True

    def run(self) -> list[Token]:
        at = 0
        while at < len(self.text):
            at = self._from(at)
            if at >= len(self.text) and self.open and self.templates:
                at = self._without_templates()
        return self.found

    def _from(self, at: int) -> int:
        """Take tokens up to one that may end elsewhere than it seems, and say where that does.

        Nine in ten are words and signs, which are spared every call.
        """
        for match in _TOKEN.finditer(self.text, at):
            group = match.lastgroup
            if group == "word":
                word = match["word"]
                if not word.isidentifier():
                    word = _GAPS.sub("", word)
                self.last = Token(Kind.WORD, match.start("word"), match.end(), word)
                self.found.append(self.last)
            elif group == "sign":
                sign = match["sign"]
                if self.open and sign in {"{", "}"}:
                    return self._brace(match)
                self.last = Token(Kind.SIGN, match.start("sign"), match.end(), sign)
                self.found.append(self.last)
            elif group in {"end1", "end2"}:
                name = "double" if group == "end1" else "single"
                self._string(match, name, closed=bool(match[group]))
            elif group in {"line", "block"}:
                self.found.append(Token(Kind.COMMENT, match.start(group), match.end(), match[group]))
            elif group == "template":
                return self._template(match.start("template"))
            elif group == "slash":
                return self._slash(match.start("slash"))
        return len(self.text)

    def _add(self, kind: Kind, start: int, end: int, value: str) -> Token:
        self.last = Token(kind, start, end, value)
        self.found.append(self.last)
        return self.last

    def _string(self, match: re.Match[str], name: str, *, closed: bool) -> None:
        kind = Kind.STRING if closed else Kind.OTHER
        self._add(kind, match.start(name), match.end(name), unescaped(match[name]))

    def _slash(self, at: int) -> int:
        last = self.last
        divides = last is not None and (
            last.kind in {Kind.STRING, Kind.TEMPLATE}
            or (last.kind is Kind.WORD and last.value not in _BEFORE_REGEX)
            or (last.kind is Kind.SIGN and last.value in {")", "]", "}", "<"})
        )
        match = None if divides else _REGEX.match(self.text, at)
        end = match.end() if match else at + 1
        self._add(Kind.OTHER if match else Kind.SIGN, at, end, "" if match else "/")
        return end

    def _brace(self, match: re.Match[str]) -> int:
        """Take a brace inside a template, which may end what is put in."""
        sign = match["sign"]
        if sign == "{":
            self.open.append(None)
        elif self.open.pop() is None and self.open and self.open[-1]:
            return self._piece(self.open[-1], match.end())
        self._add(Kind.SIGN, match.start("sign"), match.end(), sign)
        return match.end()

    def _template(self, at: int) -> int:
        if not self.templates:
            self._add(Kind.OTHER, at, at + 1, "`")
            return at + 1
        token = self._add(Kind.TEMPLATE, at + 1, at + 1, "")
        token.pieces = []
        self.open.append(token)
        return self._piece(token, at + 1)

    def _piece(self, token: Token, at: int) -> int:
        """Take a piece of a template, up to its end or to the next thing put in."""
        match = _PIECE.match(self.text, at)
        end = match.end() if match else at
        pieces = token.pieces
        assert isinstance(pieces, list)
        pieces.append(unescaped(self.text[at:end]))
        token.end = end
        if self.text.startswith("${", end):
            if len(pieces) == 1 and not pieces[0]:
                word = _TOKEN.match(self.text, end + 2)
                token.first = word["word"] or "" if word else ""
            self.open.append(None)
            self._add(Kind.SIGN, end, end + 2, "${")
            return end + 2
        token.value = "*".join(pieces)
        if end < len(self.text):
            self.open.pop()
            self.last = token
        return end + 1

    def _without_templates(self) -> int:
        """Start again behind a backtick that nothing closes, and take no more of them for templates."""
        token = next(one for one in self.open if one is not None)
        del self.found[next(at for at, one in enumerate(self.found) if one is token) :]
        self.templates, self.open, self.last = False, [], None
        return token.start


def unescaped(raw: str) -> str:
    """Return what the inside of a string literal means."""
    return _ESCAPE.sub(_meaning, raw) if "\\" in raw else raw


def _meaning(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""
    return {"n": "\n", "t": "\t", "r": "\r", "\n": ""}.get(match[4], match[4])
