"""The commands of a CMake file and their arguments, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_COMMAND: Final = re.compile(r"([A-Za-z_]\w*)[ \t]*\(")
_SKIP: Final = re.compile(r"[\s;]+")
_BRACKET: Final = re.compile(r"\[(=*)\[")
_QUOTED: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_PLAIN: Final = re.compile(r'(?:[^\s()#";\\$]|\\.|\$(?!<)|\$<)+')


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, without its quotes, and the offset it begins at."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class CMakeCommand:
    """A command: its name in small letters, its arguments; comments are commands named ``#``."""

    name: str
    arguments: tuple[Argument, ...]


def cmake_commands(text: str) -> Iterator[CMakeCommand]:
    """Yield commands and comments in order; what is neither is passed over."""
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "#":
            end = _comment_end(text, at)
            yield CMakeCommand("#", (Argument(at, text[at:end]),))
            at = end
        elif found := _COMMAND.match(text, at):
            arguments, at = _arguments(text, found.end())
            yield CMakeCommand(found[1].lower(), tuple(arguments))
        else:
            stop = re.compile(r"\w+|.", re.DOTALL).match(text, at)
            at = stop.end() if stop else at + 1


def _comment_end(text: str, at: int) -> int:
    bracket = _BRACKET.match(text, at + 1)
    if bracket:
        end = text.find(f"]{bracket[1]}]", bracket.end())
        return len(text) if end < 0 else end + len(bracket[1]) + 2
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _arguments(text: str, at: int) -> tuple[list[Argument], int]:
    found, level = list[Argument](), 1
    while at < len(text) and level:
        sign = text[at]
        if skip := _SKIP.match(text, at):
            at = skip.end()
        elif sign == "#":
            at = _comment_end(text, at)
        elif sign in "()":
            level += 1 if sign == "(" else -1
            at += 1
        elif sign == '"':
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                return found, len(text)
            found.append(Argument(at + 1, quoted.group()[1:-1]))
            at = quoted.end()
        elif bracket := _BRACKET.match(text, at):
            end = text.find(f"]{bracket[1]}]", bracket.end())
            end = len(text) if end < 0 else end
            found.append(Argument(bracket.end(), text[bracket.end() : end]))
            at = end + len(bracket[1]) + 2
        elif plain := _PLAIN.match(text, at):
            found.append(Argument(at, plain.group()))
            at = plain.end()
        else:
            at += 1
    return found, at
