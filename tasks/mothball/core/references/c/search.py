"""Where C compilers look for what is included: beside the file, and in directories that builds declare."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from mothball.core.references.c.names import is_system
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
_JAM: Final = re.compile(r"\b(?:SubDirHdrs|FDirName)[ \t]+(\$\(\w+\)(?:[ \t]+[\w.-]++)++)")
"""Jam's way to write a directory: its parts, one after the other."""
_JAM_HEADERS: Final = re.compile(r"\bUse(?P<sort>\w*?)Headers[ \t]+(?P<names>[^;\n]{1,500});")
"""Jam rules that put directories below one for headers on the path, each by its name there."""
_ROOTS: Final = frozenset(
    {"", "include", "inc", "includes", "src", "source", "lib", "headers", "public", "api"}
)
_ROOTS_OF_HEADERS: Final = frozenset({"include", "inc", "includes", "headers", "public", "api"})
_SHELVES: Final = frozenset(
    {"libraries", "lib", "libs", "components", "modules", "packages", "deps", "variants"}
)
_INSIDE: Final = frozenset({"src", "include", "inc", "source"})
_ABOUT: Final = re.compile(r"-I|inc(?!lude\()|hdrs|headers", re.IGNORECASE)
_NEAR: Final = 400
"""So many characters behind a word about includes a directory may stand that is meant by it."""
_MAX_WORDS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Declared:
    """Directories that build files name: all of them, by the build file's directory, and the certain ones.

    A directory is certain where it is said to be for includes, rather than merely named.
    """

    everywhere: frozenset[str]
    by_place: dict[str, frozenset[str]]
    certain: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Near:
    """Directories that the build files above a place name, and the certain ones of these."""

    everywhere: frozenset[str]
    certain: frozenset[str]


def included(
    name: str, file: str, world: World, *, quoted: bool, anywhere: bool = False, guess: bool = False
) -> Iterator[str]:
    """Yield the files that an include means, in the order in which they are tried.

    Args:
        name: what stands between the quotes or brackets.
        file: the file that includes it.
        world: where it is looked up.
        quoted: whether the directory of the file comes first.
        anywhere: whether any file of that name will do at last, where no build declares directories.
        guess: whether it will do although a build declares some.
    """
    beside = join(parent(file), name.replace("\\", "/"))
    if quoted and beside in world.files:
        yield beside
    tail = name.replace("\\", "/")
    while tail.startswith(("../", "./")):
        tail = tail.partition("/")[2]
    found = [path for path in _by_name(world).get(tail.rpartition("/")[2], ()) if ends_with(path, tail)]
    if not found:
        return
    declared = _declared(world)
    near = _near(parent(file), world)
    roots = {path: path[: -len(tail)].rstrip("/") for path in found}
    up = name.replace("\\", "/").count("../")
    usual = frozenset() if up else _usual(file, quoted=quoted) | _of_arduino(file, world)
    # A word of a Makefile that is called like the archive does not make it a place for headers.
    sure = declared.certain | usual
    # The system's own header is hidden only where a build says so for this very file.
    own = not quoted and is_system(name)
    for known in (near.certain,) if own else (near.everywhere, usual, declared.everywhere):
        for path in found:
            if _reached(roots[path], known & sure if path in world.arrived else known, up):
                yield path
    if own:
        return
    yield from (path for path in found if not up and _on_shelf(roots[path], file))
    if not up and (guess or (anywhere and not near.certain)):
        yield from (path for path in found if path not in world.arrived)


def ends_with(path: str, tail: str) -> bool:
    """Say whether a path is a name, or ends with it as a whole part."""
    return path == tail or path.endswith("/" + tail)


def _near(directory: str, world: World) -> _Near:
    """Return what the build files in a directory and above it name, worked out once for each."""
    known = world.fact("c include directories near", _nothing_yet)
    if directory not in known:
        declared = _declared(world)
        own = declared.by_place.get(directory, frozenset())
        above = _near(parent(directory), world).everywhere if directory else frozenset()
        everywhere = own | above if own else above
        known[directory] = _Near(everywhere, everywhere & declared.certain)
    return known[directory]


def _nothing_yet(_: World) -> dict[str, _Near]:
    return {}


def _reached(root: str, known: frozenset[str] | set[str], up: int) -> bool:
    if not up:
        return root in known
    inside = root + "/" if root else ""
    return any(one.startswith(inside) and one[len(inside) :].count("/") + 1 == up for one in known)


@cache
def _usual(file: str, *, quoted: bool) -> frozenset[str]:
    roots = _ROOTS if quoted else _ROOTS_OF_HEADERS
    return frozenset(f"{above}/{root}".strip("/") for above in (*parents(file), "") for root in roots)


def _of_arduino(file: str, world: World) -> frozenset[str]:
    """Return where the headers of the library are that an example belongs to."""
    above = [one for one in (*parents(file), "") if f"{one}/library.properties".lstrip("/") in world.files]
    return frozenset(f"{one}/src".lstrip("/") for one in above)


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
    found = {path: dict(sorted(_directories(path, text, world))) for path, text in _build_files(world)}
    live = [path for path in found if path not in world.arrived]
    named = {one for path in live for one in found[path]}
    live += [path for path in found if path in world.arrived and parent(path) in named]
    by_place: dict[str, set[str]] = {}
    for path, directories in found.items():
        by_place.setdefault(parent(path), set()).update(directories)
    return Declared(
        frozenset(one for path in live for one in found[path]),
        {place: frozenset(directories) for place, directories in by_place.items()},
        frozenset(one for directories in found.values() for one, certain in directories.items() if certain),
    )


def _build_files(world: World) -> Iterator[tuple[str, str]]:
    return ((path, text) for path, text in world.texts.items() if takes(FACTS, path))


def _directories(path: str, text: str, world: World) -> Iterator[tuple[str, bool]]:
    """Yield every directory that a word of a build file names, and whether it is one for includes."""
    own = parent(path)
    bases = [own, *parents(own), "", *([f"{own}/Debug"] if path.endswith(".cproject") else [])]
    text = _COMMENT.sub("", text)
    if "jam" in path.lower():
        text = _JAM.sub(lambda found: "-I" + "/".join(found[1].split()), text)
        yield from ((place, True) for place in _of_jam(text, world))
    about = [match.start() for match in _ABOUT.finditer(text)]
    seen: set[tuple[str, bool]] = set()
    for match in islice(_WORD.finditer(text), _MAX_WORDS):
        word = _FLAG.sub("", match[0], count=1) if match[0].startswith("-") else match[0]
        near = bisect_right(about, match.end()) - 1
        certain = word != match[0] or (near >= 0 and match.start() - about[near] < _NEAR)
        # A variable alone may be any directory.
        certain = certain and _VARIABLE.sub("", word) != ""
        if (word, certain) not in seen:
            seen.add((word, certain))
            for place in _places(word, bases, world):
                yield place, certain


def _of_jam(text: str, world: World) -> Iterator[str]:
    for found in _JAM_HEADERS.finditer(text):
        for word in found["names"].split()[:50]:
            # ``UsePrivateHeaders app`` means ``headers/private/app``, whatever is above that.
            for tail in (f"headers/{found['sort'].lower()}/{word}".replace("//", "/"), f"headers/{word}"):
                if tail in world.directories:
                    yield tail
                yield from (path for path in world.ending(tail) if path in world.directories)


def _places(word: str, bases: list[str], world: World) -> Iterator[str]:
    clean = _VARIABLE.sub("", word).replace("\\", "/").rstrip("/")
    if "*" in clean:
        yield from _matching(clean, bases, world)
        return
    anywhere = clean and (clean != word or "/" in clean)
    for base in bases if anywhere else bases[:1]:
        place = join(base, clean or ".")
        if place is not None and _is_directory(place, world):
            yield place


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
