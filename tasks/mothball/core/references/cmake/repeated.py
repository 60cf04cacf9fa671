"""CMake: what functions and loops do with the words that they are given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mothball.core.references.cmake.commands import Argument, CMakeCommand
from mothball.core.references.shell.places import has_suffix

_DEFINES: Final = {"function": "endfunction", "macro": "endmacro", "foreach": "endforeach"}
_TAKES: Final = {"add_subdirectory": "/CMakeLists.txt", "include": ""}
_COMPILES: Final = frozenset({"add_executable", "add_library", "target_sources"})
_IN: Final = frozenset({"IN", "ITEMS", "LISTS"})


@dataclass(frozen=True, slots=True)
class Repeated:
    """A word that a function or loop makes a path of: where it stands, and the path with its variables.

    ``command`` is the one that takes the path, which ends with ``tail``.
    """

    word: Argument
    path: str
    command: str

    @property
    def tail(self) -> str:
        """Return what is read of a directory that is taken; nothing of a file."""
        return _TAKES.get(self.command, "")

    @property
    def carries(self) -> bool:
        """Say whether the whole file fails where the path is not there."""
        return self.command in _TAKES


@dataclass(frozen=True, slots=True)
class _Pattern:
    index: int
    variable: str
    path: str
    command: str


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
        elif name == "list" and len(arguments) > 2 and arguments[0].text == "APPEND":
            known.lists[arguments[1].text] = (*known.lists.get(arguments[1].text, ()), *arguments[2:])
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
        for argument in _taken(command):
            for index, name in enumerate(parameters):
                if f"${{{name}}}" in argument.text:
                    yield _Pattern(index, name, argument.text, command.name)


def _taken(command: CMakeCommand) -> Sequence[Argument]:
    """Return the arguments that are paths, or may be sources."""
    if command.name in _TAKES:
        return command.arguments[:1]
    sources = command.arguments[1:] if command.name in _COMPILES else ()
    return [one for one in sources if has_suffix("x" + one.text.rpartition("}")[2])]


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
            yield Repeated(word, pattern.path.replace(f"${{{pattern.variable}}}", word.text), pattern.command)
