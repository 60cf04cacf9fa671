"""CMake: what functions and loops do with the words that they are given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mothball.core.references.cmake.commands import Argument, CMakeCommand

_DEFINES: Final = {"function": "endfunction", "macro": "endmacro", "foreach": "endforeach"}
_TAKES: Final = {"add_subdirectory": "/CMakeLists.txt", "include": ""}
_IN: Final = frozenset({"IN", "ITEMS", "LISTS"})


@dataclass(frozen=True, slots=True)
class Repeated:
    """A word that a function or loop makes a path of: where it stands, and the path with its variables."""

    word: Argument
    path: str
    tail: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    index: int
    variable: str
    path: str
    tail: str


@dataclass(slots=True)
class _Known:
    functions: dict[str, list[_Pattern]] = field(default_factory=dict)
    lists: dict[str, tuple[Argument, ...]] = field(default_factory=dict)


def repeated(commands: Sequence[CMakeCommand]) -> Iterator[Repeated]:
    """Yield the words that functions of the same file, and its loops, take to directories and files."""
    known = _Known()
    for index, command in enumerate(commands):
        name, arguments = command.name, command.arguments
        if name in {"function", "macro"} and arguments:
            inside = _inside(commands, index)
            parameters = [one.text for one in arguments[1:]]
            known.functions[arguments[0].text.lower()] = list(_patterns(inside, parameters))
        elif name == "foreach" and len(arguments) > 1:
            yield from _looped(
                arguments, list(_patterns(_inside(commands, index), [arguments[0].text])), known
            )
        elif name == "set" and len(arguments) > 1:
            known.lists[arguments[0].text] = arguments[1:]
        for pattern in known.functions.get(name, ()):
            yield from _filled(pattern, arguments[pattern.index : pattern.index + 1])


def _inside(commands: Sequence[CMakeCommand], index: int) -> list[CMakeCommand]:
    end, inside = _DEFINES[commands[index].name], []
    for command in commands[index + 1 :]:
        if command.name == end:
            break
        inside.append(command)
    return inside


def _patterns(inside: Sequence[CMakeCommand], parameters: Sequence[str]) -> Iterator[_Pattern]:
    for command in inside:
        tail, first = _TAKES.get(command.name), command.arguments[:1]
        for index, name in enumerate(parameters):
            if tail is not None and first and f"${{{name}}}" in first[0].text:
                yield _Pattern(index, name, first[0].text, tail)


def _looped(arguments: Sequence[Argument], patterns: Sequence[_Pattern], known: _Known) -> Iterator[Repeated]:
    words: list[Argument] = []
    for one in arguments[1:]:
        lists = known.lists.get(one.text.removeprefix("${").removesuffix("}"))
        if lists is not None:
            words += lists
        elif one.text not in _IN:
            words.append(one)
    for pattern in patterns:
        yield from _filled(pattern, words)


def _filled(pattern: _Pattern, words: Sequence[Argument]) -> Iterator[Repeated]:
    for word in words:
        if word.text and "$" not in word.text:
            yield Repeated(word, pattern.path.replace(f"${{{pattern.variable}}}", word.text), pattern.tail)
