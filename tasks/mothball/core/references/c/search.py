"""Where C compilers look for what is included: beside the file, and in directories that builds declare."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from mothball.core.references.c.declared import Near, declared, near_to
from mothball.core.references.c.names import is_system
from mothball.core.references.world import World, join
from mothball.core.tree import parent, parents

_ROOTS: Final = frozenset(
    {"", "include", "inc", "includes", "src", "source", "lib", "headers", "public", "api"}
)
_ROOTS_OF_HEADERS: Final = frozenset({"include", "inc", "includes", "headers", "public", "api"})
_SHELVES: Final = frozenset(
    {"libraries", "lib", "libs", "components", "modules", "packages", "deps", "variants"}
)
_INSIDE: Final = frozenset({"src", "include", "inc", "source"})


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
    name = name.replace("\\", "/")
    beside = join(parent(file), name)
    if quoted and beside and beside in world.files:
        yield beside
    roots, up = _roots(name, file, world), name.count("../")
    left = quoted and _left_beside(name, file, world)
    if not roots or (left and up):
        return
    near = near_to(parent(file), world)
    usual = frozenset() if up else _customary(file, world, quoted=quoted and not left)
    # A word of a Makefile that is called like the archive does not make it a place for headers.
    sure = declared(world).certain | usual
    # The system's own header is hidden only where a build says so for this very file.
    own = not quoted and is_system(name)
    elsewhere = (near.certain, usual) if left else (near.everywhere, usual, declared(world).everywhere)
    for known in (_told(file, near, world),) if own else elsewhere:
        for path, root in roots.items():
            if _reached(root, known & sure if path in world.arrived else known, up):
                yield path
    yield from _in_mirror(roots, file, world)
    if own or left or up:
        return
    yield from (path for path, root in roots.items() if _on_shelf(root, file))
    if guess or (anywhere and not near.certain):
        yield from (path for path in roots if path not in world.arrived)


def _roots(name: str, file: str, world: World) -> dict[str, str]:
    """Return the files that end with a name, each with the directory that it would be seen from."""
    tail = name
    while tail.startswith(("../", "./")):
        tail = tail.partition("/")[2]
    named_so = _by_name(world).get(tail.rpartition("/")[2], ())
    # A header that wraps the system's does not mean itself.
    found = (path for path in named_so if ends_with(path, tail) and path != file)
    return {path: path[: -len(tail)].rstrip("/") for path in found}


def _told(file: str, near: Near, world: World) -> frozenset[str]:
    """Return the directories that a build gives to this very file, now or where it came from."""
    # What a flag makes known does not depend on where a source is.
    return near.certain | near_to(parent(world.arrived.get(file, file)), world).certain


def _left_beside(name: str, file: str, world: World) -> bool:
    """Say whether a file that moved had the included one beside it: no flag was needed to find it."""
    old = world.arrived.get(file)
    if old is None:
        return False
    beside = join(parent(old), name.replace("\\", "/"))
    return beside in world.files or beside in world.fact("c files that left", _old_paths)


def _in_mirror(found: Iterable[str], file: str, world: World) -> list[str]:
    """Return what moved with a file to where both have their old paths below one directory.

    It is found there by the same names, once the flags are set for this directory.
    """
    mirror = _mirror(file, world)
    return [path for path in found if mirror and _mirror(path, world) == mirror]


def _mirror(file: str, world: World) -> str:
    """Return the directory below which a file that moved has the path that it had; none for others."""
    old = world.arrived.get(file)
    return file[: -len(old)].rstrip("/") if old is not None and file.endswith(f"/{old}") else ""


def _old_paths(world: World) -> frozenset[str]:
    return frozenset(world.arrived.values())


def ends_with(path: str, tail: str) -> bool:
    """Say whether a path is a name, or ends with it as a whole part."""
    return path == tail or path.endswith("/" + tail)


def _reached(root: str, known: frozenset[str] | set[str], up: int) -> bool:
    if not up:
        return root in known
    inside = root + "/" if root else ""
    return any(one.startswith(inside) and one[len(inside) :].count("/") + 1 == up for one in known)


def _customary(file: str, world: World, *, quoted: bool) -> frozenset[str]:
    """Return the directories that are places for headers by custom, seen from a file."""
    found = _usual(file, quoted=quoted) | _of_arduino(file, world)
    old = world.arrived.get(file)
    # What a flag makes known does not depend on where a source is.
    return found if old is None else found | _usual(old, quoted=False)


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
