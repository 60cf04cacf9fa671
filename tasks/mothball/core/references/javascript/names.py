"""By which names JavaScript may call what goes, where that is not in its path."""

from collections.abc import Iterable, Iterator
from typing import Final

from mothball.core.references.javascript.manifests import Manifest, manifests, nearest, path_maps
from mothball.core.references.javascript.search import as_module
from mothball.core.references.world import World, join
from mothball.core.tree import parent

_ABOVE: Final = tuple(
    f"{before}{dots}{quote}"
    for quote in ("'", '"', "`")
    for before, dots in ((quote, "."), (quote, ".."), (quote, "./"), ("", "/.."), ("", "../"))
)
"""How a directory of which only the dots are written is imported."""
_SOURCES: Final = frozenset({"src", "lib", "source", "sources", "dist"})


def javascript_names(gone: Iterable[str], world: World) -> Iterator[str]:
    """Yield the names of packages, of directories that a file stands for, and of mapped paths."""
    known, seen = manifests(world), set[str]()
    for path in gone:
        if path.rpartition("/")[2].startswith("index."):
            yield from _ABOVE
            yield from _of_directory(parent(path))
        above = next((one for one in nearest(path) if one in known), None) if known else None
        if above is not None and above not in seen and _stands_for(known[above], path, world):
            seen.add(above)
            yield known[above].name
            yield from _ABOVE
            yield above.rpartition("/")[2]
    yield from _mapped(frozenset(gone), world)


def _of_directory(directory: str) -> Iterator[str]:
    above, _, name = directory.rpartition("/")
    yield name
    if name in _SOURCES:
        yield above.rpartition("/")[2]


def _stands_for(manifest: Manifest, path: str, world: World) -> bool:
    """Say whether a package is imported, by its name or directory, when a path of it is meant."""
    if manifest.directory and path in {manifest.directory, f"{manifest.directory}/package.json"}:
        return True
    if path.rpartition("/")[2].startswith("index."):
        return True
    entries = (*manifest.entries, *(target for _, target in manifest.exports))
    places = (join(manifest.directory, entry) for entry in entries)
    return any(place and (place == path or path in as_module(place, world)) for place in places)


def _mapped(gone: frozenset[str], world: World) -> Iterator[str]:
    for configs in path_maps(world).values():
        for config in configs:
            for pattern, target in config.paths:
                if "*" not in pattern and not gone.isdisjoint(as_module(target, world)):
                    yield pattern
