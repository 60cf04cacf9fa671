"""Where Python finds a module: the search path of a file, and what a dotted name means on it."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mothball.core.references.python.facts import (
    conftest_paths,
    dependencies,
    path_helpers,
    projects,
    search_paths,
)
from mothball.core.references.python.marks import listed
from mothball.core.references.world import World, join
from mothball.core.tree import directories, is_below, parent, parents

_FROZEN: Final = listed(
    "os io abc site stat codecs posixpath genericpath ntpath importlib zipimport runpy",
)
_NEVER: Final = _FROZEN | set(sys.builtin_module_names)
_STANDARD: Final = sys.stdlib_module_names | {"test", "distutils", "imp", "asynchat"}
_SOURCES: Final = frozenset({"src", "lib", "python"})
_SUFFIXES: Final = (".py", ".pyx", ".pyi", ".pyw", ".py.in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A file that imports, and what is known of how it is run.

    Attributes:
        file: its path.
        edits: what it adds to the search path, as bases.
        script: whether it is made to be run.
    """

    file: str
    edits: tuple[str, ...] = ()
    script: bool = False


def module_in(world: World, roots: Iterable[str], dotted: str, *, regular: bool = False) -> str | None:
    """Return the file or directory that a dotted name means, looked up in the roots one after the other.

    A directory without ``__init__.py`` counts where no root has better, and not where it must be ``regular``.
    """
    known: dict[tuple[tuple[str, ...], str, bool], str | None] = world.fact("python modules", lambda _: {})
    key = (tuple(roots), dotted, regular)
    if key not in known:
        known[key] = _module_in(world, *key)
    return known[key]


def _module_in(world: World, roots: Iterable[str], dotted: str, regular: bool) -> str | None:
    tail = dotted.replace(".", "/")
    places = [place for root in roots if (place := join(root, tail)) is not None]
    if "*" in tail:
        return world.find(f"{place}{end}" for place in places for end in ("/__init__.py", ".py"))
    for place in places:
        if place and f"{place}/__init__.py" in world.files:
            return f"{place}/__init__.py"
        for suffix in _SUFFIXES:
            if place + suffix in world.files:
                return place + suffix
    if regular:
        return None
    return next(
        (place for place in places if place in world.directories and holds_python(world, place)), None
    )


def holds_python(world: World, directory: str) -> bool:
    """Say whether there is any Python below a directory."""
    found = world.fact("python directories", _python_directories)
    return directory in found


def _python_directories(world: World) -> set[str]:
    found: set[str] = set()
    for path in world.files:
        if path.endswith(_SUFFIXES):
            for above in parents(path):
                if above in found:
                    break
                found.add(above)
    return found


def in_package(world: World, file: str) -> bool:
    """Say whether the directory of a file is a package."""
    return (join(parent(file), "__init__.py") or "") in world.files


def package_base(world: World, file: str) -> str:
    """Return the first directory above a file that is no package: where its full name begins.

    A directory of modules in a package is one, though it has no ``__init__.py`` of its own.
    """
    directory = parent(file)
    above = parent(directory)
    if above and f"{directory}/__init__.py" not in world.files and f"{above}/__init__.py" in world.files:
        directory = above
    while directory and f"{directory}/__init__.py" in world.files:
        directory = parent(directory)
    return directory


def certain_roots(world: World, asking: Asking) -> list[str]:
    """Return the directories that are on the search path whatever else is installed."""
    known: dict[Asking, list[str]] = world.fact("python certain roots", lambda _: {})
    if asking not in known:
        known[asking] = _certain_roots(world, asking)
    return known[asking]


def _certain_roots(world: World, asking: Asking) -> list[str]:
    file, found = asking.file, list(based(world, asking.edits, parent(asking.file)))
    if asking.script or not in_package(world, file):
        found.append(parent(file))
    for helper in path_helpers(world, parent(file)):
        found += based(world, conftest_paths(world, helper), parent(file))
    if is_test(file):
        found.append(package_base(world, file))
        for directory in (*parents(file), ""):
            conftest = join(directory, "conftest.py") or ""
            if conftest in world.files:
                found += based(world, conftest_paths(world, conftest), directory)
                found.append(package_base(world, conftest))
        for place, project in projects(world).items():
            if project.tests and (not place or is_below(file, place)):
                found += project.tests
    found += search_paths(world)
    return list(dict.fromkeys(found))


def likely_roots(world: World, asking: Asking) -> list[str]:
    """Return where modules are found once the projects of the repository are installed."""
    known: dict[Asking, list[str]] = world.fact("python likely roots", lambda _: {})
    if asking not in known:
        known[asking] = _likely_roots(world, asking)
    return known[asking]


def _likely_roots(world: World, asking: Asking) -> list[str]:
    file, found = asking.file, list[str]()
    base = package_base(world, file)
    if file not in world.arrived or _came_along(world, file, base):
        found.append(base)  # nobody puts the top of an archive on the path
    # A file that sets its own path, and misses by it where it is now, is run without any other.
    bare = [] if asking.edits and file in world.arrived else ["", "src"]
    found += bare[:1]
    above = set(parents(file))
    for place, project in projects(world).items():
        if not place or place in above or not _arrived(world, place):
            found += project.roots
    return list(dict.fromkeys([*found, *bare[1:]]))


def _came_along(world: World, file: str, base: str) -> bool:
    """Say whether a file moved together with the directory that its packages are looked up in."""
    old, tail = world.arrived[file], file[len(base) :]
    home = old.removesuffix(tail) if base else ""
    if not home or home == old or f"{home}/__init__.py" in world.files:
        return False
    return home not in _declared(world) and home.rpartition("/")[2] not in _SOURCES


def _declared(world: World) -> set[str]:
    """Return the directories on the search path that something else than their content says."""
    return {*search_paths(world), *(root for one in projects(world).values() for root in one.roots)}


def _arrived(world: World, place: str) -> bool:
    """Say whether a project was brought by a move: nobody installs it from there any more."""
    return any(f"{place}/{name}" in world.arrived for name in ("pyproject.toml", "setup.py", "setup.cfg"))


def weak_roots(world: World, asking: Asking, dotted: str) -> list[str]:
    """Return where a module might be found by a search path that is set elsewhere."""
    found = [parent(asking.file), *parents(asking.file)]
    if "." in dotted:
        tail = dotted.replace(".", "/")
        for end in (f"{tail}/__init__.py", f"{tail}.py"):
            found += [path[: -len(end)].rstrip("/") for path in world.ending(end)[:20]]
    return list(dict.fromkeys(found))


def based(world: World, bases: Iterable[str], directory: str) -> Iterator[str]:
    """Yield the directories that bases mean, seen from a directory."""
    for base in bases:
        if base.startswith("~"):
            tail = base[1:]
            yield from world.ending(tail) if "/" in tail else _called(world, tail)
            continue
        place = join(directory, base) if base == "." or base.startswith("./") else join("", base)
        if place is not None and not (base and not base.startswith(".") and place not in world.directories):
            yield place


def _called(world: World, name: str) -> list[str]:
    brought = world.fact("arrived directories", lambda one: directories(one.arrived))
    return sorted(
        path
        for path in world.directories
        if (path == name or path.endswith("/" + name)) and path not in brought
    )


def is_foreign(world: World, dotted: str) -> bool:
    """Say whether a name is also that of the standard library, or of something that is installed."""
    first = dotted.partition(".")[0]
    return first in _STANDARD or first.lower() in dependencies(world)


def is_standard(dotted: str) -> bool:
    """Say whether a name is also that of the standard library."""
    return dotted.partition(".")[0] in _STANDARD


def is_builtin(dotted: str) -> bool:
    """Say whether no file can ever have this name, for the interpreter brings it along."""
    return dotted.partition(".")[0] in _NEVER


def is_test(file: str) -> bool:
    """Say whether a file is run by a test runner, or only serves tests."""
    directory, _, name = file.rpartition("/")
    if name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py"):
        return True
    return any(part in {"tests", "test", "testing"} for part in directory.split("/"))


def relative_module(world: World, file: str, level: int, dotted: str, *, regular: bool = False) -> str | None:
    """Return what a relative name means in a file."""
    directory = parent(file)
    for _ in range(level - 1):
        if not directory:
            return None
        directory = parent(directory)
    if dotted:
        return module_in(world, [directory], dotted, regular=regular)
    own = join(directory, "__init__.py") or ""
    if own in world.files:
        return own
    return None if regular else directory or None
