"""CMake: directories, sources, modules, what is configured, installed and run."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.cmake.commands import Argument, CMakeCommand, cmake_commands
from mothball.core.references.cmake.places import FILES, VARIABLE, module_path, place_of, places_of, remember
from mothball.core.references.cmake.repeated import Repeated, repeated
from mothball.core.references.reader import Reader
from mothball.core.references.shell.places import Place, has_suffix
from mothball.core.references.texts import Lines, words
from mothball.core.references.world import World

_MODULES: Final = "modules"
_FLAG: Final = re.compile(r"-(?:Wl,)?(?:-?-script=|-?T,?|I|L|include\s)(?=[$./\w])")
_FIND: Final = re.compile(r"(?:^|/)(?:Find([^/]+)|([^/]+)Config|([^/]+)-config)\.cmake$")
_INTERFACE: Final = re.compile(r"\$<(?:BUILD_INTERFACE|BUILD_LOCAL_INTERFACE):(.*)>?", re.DOTALL)
_KEYWORD: Final = re.compile(r"[A-Z][A-Z0-9_]+")
_PROSE: Final = frozenset({"message", "option", "project", "set_property", "define_property", "return"})
_SUBDIRECTORIES: Final = re.compile(r"(?:\w*_)?add_subdirectory(?:_if\w*)?|subdirs")
_SEARCHED: Final = re.compile(r"(?:\w+_)?(?:include|link)_directories(?:_if\w*)?")
_DIRECTORY_KEYS: Final = frozenset(
    {
        "INCLUDE_DIRS",
        "SRC_DIRS",
        "PRIV_INCLUDE_DIRS",
        "INCLUDES",
        "WORKING_DIRECTORY",
        "DIRECTORY",
        "SOURCE_DIR",
    }
    | {"DIRECTORIES", "BASE_DIRS", "EXTRA_COMPONENT_DIRS", "IMPORT_DIRS", "INCLUDE_DIRECTORIES"}
)
_BUILTIN: Final = frozenset(
    {"set", "list", "install", "add_library", "add_executable", "target_sources", "add_custom_command"}
    | {"add_custom_target", "add_test", "set_source_files_properties", "execute_process", "string", "file"}
    | {"target_link_libraries", "set_target_properties", "foreach", "while", "function", "macro", "return"}
    | {"target_compile_definitions", "add_definitions", "find_program", "find_library", "find_path"}
)
_OUTPUT_KEYS: Final = frozenset(
    {
        "OUTPUT",
        "BYPRODUCTS",
        "DESTINATION",
        "COMPONENT",
        "COMMENT",
        "RENAME",
        "OUTPUTVARIABLE",
        "OUTPUT_FILE",
    }
    | {
        "RUNTIME_OUTPUT_DIRECTORY",
        "ERRORVARIABLE",
        "RESULTVARIABLE",
        "TARGETS",
        "EXPORT",
        "NAMESPACE",
        "PREFIX",
    }
    | {"BINARY_DIR", "INSTALL_DIR", "NAME", "CACHE", "HINTS", "DESCRIPTION", "VERSION", "URL", "GIT_TAG"}
)
_FREE_KEYS: Final = frozenset(
    {
        "COMMAND",
        "DEPENDS",
        "SRCS",
        "FILES",
        "PROGRAMS",
        "SOURCES",
        "PUBLIC",
        "PRIVATE",
        "INTERFACE",
        "DEPENDENCY",
    }
    | {"MAIN_DEPENDENCY", "HEADERS", "FILE_SET", "BASE_DIRS", "PATHS", "ARGS", "STATIC", "SHARED", "MODULE"}
)


@dataclass(slots=True)
class _File:
    lines: Lines
    bases: tuple[str, ...]
    variables: dict[str, Place]
    guarded: set[str] = field(default_factory=set)


class CMakeLists(Reader):
    """Reads what CMake reads."""

    kind: ClassVar[str] = "cmake"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("CMakeLists.txt", "*.cmake", "*.cmake.in", "CMakeLists.txt.in")
    facts: ClassVar[tuple[str, ...]] = FILES

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the commands name."""
        listed = path.rpartition("/")[2].lower().startswith("cmakelists")
        bases = (HERE,) if listed else (HERE, ROOT, ABOVE)
        file = _File(Lines(text), bases, places_of(bases))
        commands = list(cmake_commands(text))
        for command in commands:
            if command.name == "project":
                file.variables["PROJECT_SOURCE_DIR"] = Place("", (HERE,))
            if command.name == "#" or (command.name in _PROSE and not _sets_files(command)):
                yield from _mentions(command, file)
            else:
                yield from _claims(command, file)
                remember(command, file.variables)
        for one in repeated(commands):
            yield from _made(one, file)

    def needles(self, gone: Iterable[str], world: World) -> Iterable[str]:
        """Return the names of packages: ``find_package(Foo)`` reads ``FindFoo.cmake``."""
        del world
        for path in gone:
            if path.endswith(".cmake") and (found := _FIND.search(path)):
                yield found[1] or found[2] or found[3]

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield where a claim may be; of a module's name, below the declared search paths."""
        if claim.lookup != _MODULES:
            yield from super().paths(claim, file, world)
            return
        for directory in world.fact("cmake-module-path", module_path):
            yield from world.places(claim.wanted, (directory,), file)


def _sets_files(command: CMakeCommand) -> bool:
    return command.name == "set_property" and any(
        one.text in {"SOURCES", "LINK_DEPENDS"} for one in command.arguments
    )


def _made(one: Repeated, file: _File) -> Iterator[Claim]:
    """Yield the path that a function or loop makes of a word, at the word."""
    whole = Argument(one.word.start, one.path)
    kind = "cmake-subdirectory" if one.tail else "cmake-include" if one.carries else "cmake-file"
    for claim in _one(whole, file, kind, bare=True):
        yield replace(claim, text=one.word.text, name=claim.name + one.tail, carries=one.carries)


def _mentions(command: CMakeCommand, file: _File) -> Iterator[Claim]:
    for argument in command.arguments:
        for offset, word in words(argument.text):
            line, column = file.lines.at(argument.start + offset)
            yield Claim(
                line=line, column=column, text=word, kind="cmake-text", bases=(*file.bases, ROOT), prose=True
            )


def _claims(command: CMakeCommand, file: _File) -> Iterator[Claim]:
    name, arguments = command.name, command.arguments
    if _SUBDIRECTORIES.fullmatch(name):
        index = 1 if "_if" in name else 0
        for argument in arguments[index : index + 1]:
            yield from _one(
                argument, file, "cmake-subdirectory", bare=True, tail="/CMakeLists.txt", carries=True
            )
    elif name == "include" and arguments:
        yield from _include(arguments, file)
    elif name == "find_package" and arguments:
        needed = any(one.text == "REQUIRED" for one in arguments)
        package = arguments[0].text
        names = f"{{Find{package},{package}Config,{package.lower()}-config}}.cmake"
        yield from _module(arguments[0], names, file, "cmake-package", masked=not needed)
    elif _SEARCHED.fullmatch(name) or name.startswith("target_include_dir"):
        for argument in arguments[name.startswith("target_") :]:
            yield from _one(argument, file, "cmake-search-path", bare=True, severity=Severity.MASKED)
    elif name == "configure_file" and arguments:
        yield from _one(arguments[0], file, "cmake-configured", bare=True)
    elif name == "file" and arguments:
        yield from _file(arguments, file)
    elif name in {"if", "elseif"}:
        yield from _guard(arguments, file)
    else:
        yield from _rest(command, file)


def _include(arguments: tuple[Argument, ...], file: _File) -> Iterator[Claim]:
    optional = any(one.text == "OPTIONAL" for one in arguments)
    first = arguments[0]
    if "/" in first.text or first.text.endswith(".cmake"):
        severity = Severity.MASKED if optional else Severity.HARD
        yield from _one(first, file, "cmake-include", bare=True, severity=severity, carries=not optional)
    else:
        yield from _module(first, first.text + ".cmake", file, "cmake-include", masked=optional)


def _module(argument: Argument, name: str, file: _File, kind: str, *, masked: bool) -> Iterator[Claim]:
    if "$" in argument.text or len(argument.text) > 200:
        return
    line, column = file.lines.at(argument.start)
    yield Claim(
        line=line,
        column=column,
        text=argument.text,
        kind=kind,
        name=name,
        lookup=_MODULES,
        severity=Severity.MASKED if masked else Severity.HARD,
    )


def _file(arguments: tuple[Argument, ...], file: _File) -> Iterator[Claim]:
    mode = arguments[0].text
    if mode in {"GLOB", "GLOB_RECURSE"}:
        for argument in arguments[2:]:
            deep = mode == "GLOB_RECURSE"
            yield from _one(argument, file, "cmake-glob", bare=False, severity=Severity.MASKED, deep=deep)
    elif mode in {"READ", "STRINGS", "COPY", "INSTALL", "MD5", "SHA256", "COPY_FILE", "CREATE_LINK"}:
        for argument in arguments[1:]:
            if argument.text in _OUTPUT_KEYS:
                return
            yield from _one(argument, file, "cmake-file", bare=mode == "COPY")


def _guard(arguments: tuple[Argument, ...], file: _File) -> Iterator[Claim]:
    for previous, argument in pairwise(arguments):
        if previous.text in {"EXISTS", "IS_DIRECTORY"}:
            for claim in _one(argument, file, "cmake-test", bare=True, severity=Severity.MASKED):
                file.guarded.add(claim.wanted)
                yield claim


def _rest(command: CMakeCommand, file: _File) -> Iterator[Claim]:
    """Yield what looks like files in the arguments of any other command, but those that it makes."""
    key = ""
    for index, argument in enumerate(command.arguments):
        text = argument.text
        if _KEYWORD.fullmatch(text) and (
            text in _OUTPUT_KEYS or text in _DIRECTORY_KEYS or text in _FREE_KEYS
        ):
            key = text
            continue
        if key in _OUTPUT_KEYS or (index == 0 and command.name in {"set", "add_library", "add_executable"}):
            continue
        own = command.name not in _BUILTIN
        for claim in _one(argument, file, f"cmake-{_sort(command.name)}", bare=key in _DIRECTORY_KEYS):
            yield claim
            if own and "/" in text and "$" not in text and claim.bases == (HERE,):
                # A function of the project's own may look from the top of it.
                yield replace(claim, bases=(ABOVE,))


def _sort(name: str) -> str:
    return {"set": "variable", "list": "variable", "install": "install"}.get(name, "file")


def _one(
    argument: Argument,
    file: _File,
    kind: str,
    *,
    bare: bool,
    severity: Severity = Severity.HARD,
    tail: str = "",
    carries: bool = False,
    deep: bool = False,
) -> Iterator[Claim]:
    text, start = argument.text, argument.start
    if found := _INTERFACE.match(text):
        text, start = found[1].rstrip(">"), start + found.start(1)
    if flag := _FLAG.match(text):
        text, start = text[flag.end() :], start + flag.end()
    if not text or "$<" in text or "://" in text or text.startswith(("-", "/")) or len(text) > 1000:
        return
    if not bare and "/" not in VARIABLE.sub("", text) and not has_suffix(VARIABLE.sub("", text)):
        return
    place = place_of(text, file.variables)
    if place is None or not (place.name.strip("./") or (tail and place.name)):
        return
    line, column = file.lines.at(start)
    name = place.name + tail
    if deep and "*" in name:
        above, _, last = name.rpartition("/")
        name = f"{above}/**/{last}" if above else f"**/{last}"
    yield Claim(
        line=line,
        column=column,
        text=text,
        kind=kind,
        name=name,
        severity=Severity.MASKED if name in file.guarded else severity,
        bases=place.bases or file.bases,
        carries=carries,
    )
