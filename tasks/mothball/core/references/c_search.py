"""Where C compilers look for what is included: beside the file, and in directories that builds declare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from mothball.core.references.reader import takes
from mothball.core.references.world import World, join
from mothball.core.tree import parent, parents

FACTS: Final = (
    "CMakeLists*.txt",
    "*.cmake",
    "makefile*",
    "gnumakefile*",
    "*.mk",
    "*.mak",
    "jamfile*",
    "jamroot*",
    "*.jam",
    "meson.build",
    "platformio*.ini",
    "sconstruct*",
    "sconscript*",
    "wscript",
    "build",
    "build.bazel",
    "*.gn",
    "*.gni",
    "*.gyp",
    "*.gypi",
    "*.vcxproj",
    "*.props",
    "*.uvproj",
    "*.uvprojx",
    "*.ewp",
    ".cproject",
    "*.pro",
    "*.pri",
    "*.qbs",
    "configure.ac",
    "premake*.lua",
    "xmake.lua",
    "build.rs",
    "build.zig",
    "setup.py",
    "compile_flags.txt",
    ".clangd",
    "*.podspec",
    "package.swift",
)
# Words of a build file, whatever its language: what is between blanks, quotes, commas and brackets of lists.
_WORD: Final = re.compile(r"(?:\$[({<][\w:.-]*[)}>]|\$\w+|[\w@+.~*\\/-])+")
_VARIABLE: Final = re.compile(r"\$(?:[({<][\w:.-]*[)}>]|\w+)[\\/]*")
_FLAG: Final = re.compile(r"-(?:I|isystem|iquote|idirafter|L|include)=?")
_COMMENT: Final = re.compile(r"^[ \t]*(?:#(?!include)|//)[^\n]*", re.MULTILINE)
_ROOTS: Final = frozenset(
    {"", "include", "inc", "includes", "src", "source", "lib", "headers", "public", "api"}
)
_SHELVES: Final = frozenset(
    {"libraries", "lib", "libs", "components", "modules", "packages", "deps", "variants"}
)
_INSIDE: Final = frozenset({"src", "include", "inc", "source"})
_MAX_WORDS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Declared:
    """Directories that build files name, all of them and by the directory of the build file."""

    everywhere: frozenset[str]
    by_place: dict[str, frozenset[str]]


def included(name: str, file: str, world: World, *, quoted: bool, anywhere: bool = False) -> Iterator[str]:
    """Yield the files that an include means, in the order in which they are tried.

    Args:
        name: what stands between the quotes or brackets.
        file: the file that includes it.
        world: where it is looked up.
        quoted: whether the directory of the file comes first.
        anywhere: whether any file of that name will do at last, for directories that nothing declares.
    """
    beside = join(parent(file), name)
    if quoted and beside in world.files:
        yield beside
    tail = name.replace("\\", "/")
    while tail.startswith(("../", "./")):
        tail = tail.partition("/")[2]
    found = [path for path in _by_name(world).get(tail.rpartition("/")[2], ()) if ends_with(path, tail)]
    if not found:
        return
    declared = _declared(world)
    near = {one for above in (*parents(file), "") for one in declared.by_place.get(above, ())}
    roots = {path: path[: -len(tail)].rstrip("/") for path in found}
    up = name.replace("\\", "/").count("../")
    for known in (near, frozenset() if up else _usual(file), declared.everywhere):
        yield from (path for path in found if _reached(roots[path], known, up))
    yield from (path for path in found if not up and _on_shelf(roots[path], file))
    if anywhere:
        yield from (path for path in found if path not in world.arrived)


def ends_with(path: str, tail: str) -> bool:
    """Say whether a path is a name, or ends with it as a whole part."""
    return path == tail or path.endswith("/" + tail)


def _reached(root: str, known: frozenset[str] | set[str], up: int) -> bool:
    if not up:
        return root in known
    inside = root + "/" if root else ""
    return any(one.startswith(inside) and one[len(inside) :].count("/") + 1 == up for one in known)


@cache
def _usual(file: str) -> frozenset[str]:
    return frozenset(f"{above}/{root}".strip("/") for above in (*parents(file), "") for root in _ROOTS)


def _on_shelf(root: str, file: str) -> bool:
    """Say whether Arduino, PlatformIO or ESP-IDF look there: in every library of a folder above the file."""
    parts = root.split("/")
    for depth in (2, 3):
        if len(parts) >= depth and parts[-depth] in _SHELVES and (depth == 2 or parts[-1] in _INSIDE):
            above = "/".join(parts[:-depth])
            if not above or file.startswith(above + "/"):
                return True
    return False


def _by_name(world: World) -> dict[str, list[str]]:
    return world.fact("c files by name", _named)


def _named(world: World) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(world.files):
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return found


def _declared(world: World) -> Declared:
    return world.fact("c include directories", _declarations)


def _declarations(world: World) -> Declared:
    """Collect the directories; a build file that moved away counts where another one leads to it."""
    found = {path: frozenset(_directories(path, text, world)) for path, text in _build_files(world)}
    live = [path for path in found if path not in world.arrived]
    named = {one for path in live for one in found[path]}
    live += [path for path in found if path in world.arrived and parent(path) in named]
    by_place: dict[str, set[str]] = {}
    for path, directories in found.items():
        by_place.setdefault(parent(path), set()).update(directories)
    return Declared(
        frozenset(one for path in live for one in found[path]),
        {place: frozenset(directories) for place, directories in by_place.items()},
    )


def _build_files(world: World) -> Iterator[tuple[str, str]]:
    return ((path, text) for path, text in world.texts.items() if takes(FACTS, path))


def _directories(path: str, text: str, world: World) -> Iterator[str]:
    """Yield every directory that a word of a build file names, from its own place or those above."""
    bases = [parent(path), *parents(parent(path)), ""]
    if path.endswith(".cproject"):
        bases.append(f"{parent(path)}/Debug")
    seen = set()
    for count, match in enumerate(_WORD.finditer(_COMMENT.sub("", text))):
        if count > _MAX_WORDS:
            return
        word = _FLAG.sub("", match[0], count=1) if match[0].startswith("-") else match[0]
        if word in seen:
            continue
        seen.add(word)
        clean = _VARIABLE.sub("", word).replace("\\", "/").rstrip("/")
        if "*" in clean:
            yield from _matching(clean, bases, world)
        elif clean or word:
            places = (join(base, clean or ".") for base in (bases if clean else bases[:1]))
            yield from (place for place in places if place is not None and _is_directory(place, world))


def _is_directory(place: str, world: World) -> bool:
    return place == "" or place in world.directories


def _matching(glob: str, bases: list[str], world: World) -> Iterator[str]:
    """Yield the directories below what is fixed of a glob."""
    head = glob.partition("*")[0].rpartition("/")[0]
    for base in bases if head else ():
        fixed = join(base, head)
        if fixed and fixed in world.directories:
            below = {one for path in world.below(fixed) for one in parents(path)}
            yield from (one for one in below if len(one) >= len(fixed))
