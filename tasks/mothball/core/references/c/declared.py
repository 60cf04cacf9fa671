"""The directories that build files name, and which of them are for includes."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
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
_JAM: Final = re.compile(r"\b(?:SubDirHdrs|FDirName)[ \t]+(\$\(\w+\)(?:[ \t]+[\w.-]++)++)")
"""Jam's way to write a directory: its parts, one after the other."""
_JAM_HEADERS: Final = re.compile(r"\bUse(?P<sort>\w*?)Headers[ \t]+(?P<names>[^;\n]{1,500});")
"""Jam rules that put directories below one for headers on the path, each by its name there."""
_ABOUT: Final = re.compile(
    r"(?-i:-I)|(?<![/\\])inc(?!lude(?:\(|[ \t]+[^\s:+?=]))|hdrs|(?<![/\\])headers|\bi_?path", re.IGNORECASE
)
_NEAR: Final = 400
"""So many characters behind a word about includes a directory may stand that is meant by it."""
_STATEMENT: Final = re.compile(
    r"^[ \t]*[\w.$(){}%@-]+[ \t]*(?:[:+?]{0,2}=|\()|^[\w.$(){}%@/-]+[ \t]*:(?!=)", re.MULTILINE
)
"""Behind this begins what no word before it is about."""
_MAX_WORDS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Declared:
    """Directories that build files name: all of them, by the build file's directory, and the certain ones.

    A directory is certain where it is said to be for includes, rather than merely named.
    """

    everywhere: frozenset[str]
    by_place: dict[str, dict[str, bool]]
    certain: frozenset[str]


@dataclass(frozen=True, slots=True)
class Near:
    """Directories that the build files above a place name, and the certain ones of these."""

    everywhere: frozenset[str]
    certain: frozenset[str]


def near_to(directory: str, world: World) -> Near:
    """Return what the build files in a directory and above it name, worked out once for each."""
    known = world.fact("c include directories near", _nothing_yet)
    if directory not in known:
        found = declared(world)
        places = (directory, *parents(directory), "")
        named = [one for place in places for one in found.by_place.get(place, {}).items()]
        known[directory] = Near(
            frozenset(one for one, _ in named), frozenset(one for one, certain in named if certain)
        )
    return known[directory]


def _nothing_yet(_: World) -> dict[str, Near]:
    return {}


def declared(world: World) -> Declared:
    """Return what all the build files of a world name, worked out once."""
    return world.fact("c include directories", _declarations)


def _declarations(world: World) -> Declared:
    """Collect the directories; a build file that moved away counts where another one leads to it."""
    found = {path: dict(sorted(_directories(path, text, world))) for path, text in _build_files(world)}
    live = [path for path in found if path not in world.arrived]
    named = {one for path in live for one in found[path]}
    live += [path for path in found if path in world.arrived and parent(path) in named]
    by_place: dict[str, dict[str, bool]] = {}
    for path, directories in found.items():
        place = by_place.setdefault(parent(path), {})
        for one, certain in directories.items():
            place[one] = certain or place.get(one, False)
    return Declared(
        frozenset(one for path in live for one in found[path]),
        by_place,
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
    statements = [match.start() for match in _STATEMENT.finditer(text)]
    seen: set[tuple[str, bool]] = set()
    for match in islice(_WORD.finditer(text), _MAX_WORDS):
        word = _FLAG.sub("", match[0], count=1) if match[0].startswith("-") else match[0]
        certain = word != match[0] or _is_about(about, statements, match)
        # A variable alone may be any directory.
        certain = certain and _VARIABLE.sub("", word) != ""
        if (word, certain) not in seen:
            seen.add((word, certain))
            for place, meant in _places(word, bases, world):
                yield place, certain and meant


def _is_about(about: list[int], statements: list[int], word: re.Match[str]) -> bool:
    """Say whether a word about includes stands a little before a word, in the same statement."""
    near = bisect_right(about, word.end()) - 1
    if near < 0 or word.start() - about[near] >= _NEAR:
        return False
    return bisect_right(statements, about[near]) == bisect_right(statements, word.start())


def _of_jam(text: str, world: World) -> Iterator[str]:
    for found in _JAM_HEADERS.finditer(text):
        for word in found["names"].split()[:50]:
            # ``UsePrivateHeaders app`` means ``headers/private/app``, whatever is above that.
            for tail in (f"headers/{found['sort'].lower()}/{word}".replace("//", "/"), f"headers/{word}"):
                if tail in world.directories:
                    yield tail
                yield from (path for path in world.ending(tail) if path in world.directories)


def _places(word: str, bases: list[str], world: World) -> Iterator[tuple[str, bool]]:
    """Yield the directories that a word names, and whether it is these that are meant."""
    clean = _VARIABLE.sub("", word).replace("\\", "/").rstrip("/")
    if "*" in clean:
        yield from _matching(clean, bases, world)
        return
    anywhere = clean and (clean != word or "/" in clean)
    for base in bases if anywhere else bases[:1]:
        place = join(base, clean or ".")
        if place is not None and _is_directory(place, world):
            yield place, True


def _is_directory(place: str, world: World) -> bool:
    return place == "" or place in world.directories


def _matching(glob: str, bases: list[str], world: World) -> Iterator[tuple[str, bool]]:
    """Yield the directories below what is fixed of a glob, and whether it, or its directory, matches them."""
    head = glob.partition("*")[0].rpartition("/")[0]
    steps = [
        ".*" if "**" in step else re.escape(step).replace(r"\*", "[^/]*")
        for step in glob.split("/")
        if step != "."
    ]
    meant = re.compile("(?:.*/)?(?:" + "/".join(steps) + "|" + "/".join(steps[:-1]) + ")")
    for base in bases if head else ():
        fixed = join(base, head)
        if fixed and fixed in world.directories:
            below = {one for path in world.below(fixed) for one in parents(path)}
            yield from ((one, meant.fullmatch(one) is not None) for one in below if len(one) >= len(fixed))
