"""The strings of a JSON text, with their places: comments, trailing commas and JSON5's quotes are borne."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

Key = str | int

MAX_DEPTH: Final = 100
"""Keys further inside are left off a key path, so that deep nesting takes no more time than flat lists."""

# Every alternative takes what it began: no place of a text is looked at twice, however broken it is.
_TOKEN: Final = re.compile(
    r"""
    "(?P<double>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)(?:"|\\?)
    | '(?P<single>[^'\\\n]*+(?:\\.[^'\\\n]*+)*+)(?:'|\\?)
    | //[^\n]*+
    | /\*(?s:.*?)(?:\*/|\Z)
    | (?P<mark>[{}\[\],:])
    | (?P<word>[\w$]++)
    """,
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_ESCAPED: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Entry(NamedTuple):
    """A string of a JSON text: where it is, as it is written and what it means.

    ``path`` are the keys and list positions that lead to it; that of a key ends with the key. ``offset`` is
    that of the first character inside the quotes.
    """

    path: tuple[Key, ...]
    offset: int
    raw: str
    value: str
    is_key: bool


def strings(text: str) -> Iterator[tuple[tuple[Key, ...], int, str, str]]:
    """Yield key path, offset inside the quotes, raw text and meaning of each string that is a value."""
    for entry in entries(text):
        if not entry.is_key:
            yield entry[:4]


def entries(text: str) -> Iterator[Entry]:
    """Yield every string, values and keys, in the order they stand in; broken texts as far as they go."""
    stack: list[Key | None] = []
    pending: re.Match[str] | None = None
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind is None:
            continue
        if pending:
            is_key = token["mark"] == ":" and _in_object(stack)
            if is_key:
                stack[-1] = _unescaped(pending[pending.lastgroup or 0])
            if pending.lastgroup != "word":
                yield _entry(stack, pending, is_key=is_key)
        pending = None if kind == "mark" else token
        if kind == "mark":
            _step(stack, token["mark"])
    if pending and pending.lastgroup != "word":
        yield _entry(stack, pending, is_key=False)


def _in_object(stack: list[Key | None]) -> bool:
    return bool(stack) and not isinstance(stack[-1], int)


def _step(stack: list[Key | None], mark: str) -> None:
    if mark == "{":
        stack.append(None)
    elif mark == "[":
        stack.append(0)
    elif mark in "]}":
        if stack:
            stack.pop()
    elif mark == "," and stack and isinstance(stack[-1], int):
        stack[-1] += 1


def _entry(stack: list[Key | None], token: re.Match[str], *, is_key: bool) -> Entry:
    path = tuple("" if key is None else key for key in stack[:MAX_DEPTH])
    group = token.lastgroup or 0
    return Entry(path, token.start(group), token[group], _unescaped(token[group]), is_key)


def _unescaped(raw: str) -> str:
    if "\\" not in raw:
        return raw
    return _ESCAPE.sub(lambda one: chr(int(one[1], 16)) if one[1] else _ESCAPED.get(one[2], one[2]), raw)
