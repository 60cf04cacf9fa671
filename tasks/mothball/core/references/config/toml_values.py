"""The strings of a TOML text, with their keys and places; broken texts as far as they go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

# Every alternative takes what it began, so that no place is looked at twice.
_TOKEN: Final = re.compile(
    r"""
    (?P<comment>\#[^\n]*+)
    | \"\"\"(?P<long>(?s:[^"\\]++|\\.|"(?!""))*+)(?:\"{3,5}|\\?\Z)?
    | '''(?P<longraw>(?s:[^']++|'(?!''))*+)(?:'{3,5}|\Z)?
    | "(?P<basic>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)(?:"|\\?)
    | '(?P<literal>[^'\n]*+)'?
    | (?P<mark>[\[\]{},=\n])
    | (?P<word>[^\s\#"'\[\]{},=]++)
    """,
    re.VERBOSE,
)
_STRINGS: Final = frozenset({"long", "longraw", "basic", "literal"})


class TomlString(NamedTuple):
    """A string of a TOML text: the keys that lead to it, where it begins inside its quotes, its source.

    That of a key ends with the key, and ``is_key`` is set; bare keys count.
    """

    keys: tuple[str, ...]
    offset: int
    raw: str
    is_key: bool


@dataclass(slots=True)
class _State:
    table: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    pending: list[re.Match[str]] = field(default_factory=list)
    stack: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    in_header: bool = False
    in_value: bool = False


def toml_strings(text: str) -> Iterator[TomlString]:
    """Yield every string that is a value, and every key."""
    state = _State()
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind in _STRINGS or kind == "word":
            yield from _word(state, token)
        elif kind == "mark":
            yield from _mark(state, token["mark"])


def _word(state: _State, token: re.Match[str]) -> Iterator[TomlString]:
    if not state.in_value:
        state.pending.append(token)
    elif token.lastgroup != "word":
        group = token.lastgroup or ""
        yield TomlString(state.key, token.start(group), token[group], is_key=False)


def _mark(state: _State, mark: str) -> Iterator[TomlString]:
    if not state.in_value:
        yield from _mark_in_key(state, mark)
    elif mark in "[{":
        state.stack.append((mark, state.key))
        state.in_value = mark == "["
    elif mark in "]}":
        if state.stack:
            _, state.key = state.stack.pop()
    elif mark == ",":
        # In an inline table a comma is followed by a key, in a list by a value.
        if state.stack and state.stack[-1][0] == "{":
            state.key = state.stack[-1][1]
            state.in_value = False
    elif mark == "\n" and not state.stack:
        state.in_value = False
        state.key = state.table


def _mark_in_key(state: _State, mark: str) -> Iterator[TomlString]:
    if mark == "=":
        above = state.stack[-1][1] if state.stack else state.table
        yield from _keys(state, above)
        state.in_value = True
    elif mark == "[" and not state.stack:
        state.in_header = True
        state.pending.clear()
    elif mark == "]" and state.in_header:
        state.in_header = False
        if state.pending:
            yield from _keys(state, ())
            state.table = state.key
    elif mark == "}":
        state.pending.clear()
        if state.stack:
            _, state.key = state.stack.pop()
        state.in_value = True
        if not state.stack:
            state.in_value = False
    elif mark == "\n" and not state.stack:
        state.pending.clear()
        state.in_header = False


def _keys(state: _State, above: tuple[str, ...]) -> Iterator[TomlString]:
    """Put the pending parts of a key together, and yield each that is not a plain word of a table."""
    keys = above
    for token in state.pending:
        group = token.lastgroup or ""
        parts = [part for part in token[group].split(".") if part] if group == "word" else [token[group]]
        for part in parts:
            keys = (*keys[:50], part)
        if group != "word" or len(parts) == 1:
            yield TomlString(keys, token.start(group), token[group], is_key=True)
    state.pending.clear()
    state.key = keys
