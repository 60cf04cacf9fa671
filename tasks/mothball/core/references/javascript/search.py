"""Where JavaScript and TypeScript look for what an import names, as Node, tsc and the bundlers do."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.javascript.manifests import (
    Manifest,
    PathMap,
    aliases,
    manifests,
    members,
    nearest,
    path_maps,
    split_package,
)
from mothball.core.references.javascript.roots import module_roots
from mothball.core.references.world import WILDCARDS, World, join
from mothball.core.tree import parent

_SUFFIXES: Final = (
    ".ts",
    ".tsx",
    ".d.ts",
    ".mts",
    ".cts",
    ".d.mts",
    ".d.cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".json",
    ".vue",
    ".svelte",
    ".astro",
    ".node",
    ".es6",
    ".coffee",
    ".css",
    ".scss",
    ".less",
    ".native.js",
    ".ios.js",
    ".web.js",
    ".native.ts",
    ".ios.ts",
    ".web.ts",
    ".native.tsx",
    ".ios.tsx",
    ".web.tsx",
)
_INDEXES: Final = (*_SUFFIXES[:11], ".vue", ".svelte", ".css", ".scss")
# TypeScript is imported by the name of what it is compiled to.
_WRITTEN_FOR: Final = {
    ".js": (".ts", ".tsx", ".d.ts", ".jsx"),
    ".jsx": (".tsx", ".ts"),
    ".mjs": (".mts", ".d.mts", ".ts"),
    ".cjs": (".cts", ".d.cts", ".ts"),
}
_DECLARES: Final = re.compile(r"\.d\.[cm]?ts\Z")
_BUILT: Final = (
    "dist",
    "lib",
    "build",
    "out",
    "es",
    "esm",
    "cjs",
    "umd",
    "types",
    "output",
    "_esm5",
    "module",
)
_GUESSED: Final = {"@": ("src", "app", ""), "~": ("src", "app", ""), "$lib": ("src/lib",)}


def modules(name: str, file: str, world: World) -> Iterator[str]:
    """Yield the files and globs that ``name`` may mean where ``file`` imports it, in the order of trying."""
    name = name.rpartition("!")[2].partition("?")[0]
    if not name:
        return
    if name.startswith("."):
        place = join(parent(file), name)
        if place is not None:
            yield from as_module(place, world)
            yield from _unbuilt(place, world)
    elif name.startswith("/"):
        for above in nearest(file):
            if above == "" or above in manifests(world):
                yield from as_module((join(above, name) or ""), world)
    elif ":" not in name:
        yield from _bare(name, file, world)


def _unbuilt(place: str, world: World) -> Iterator[str]:
    """Yield the source of what a build puts into a package, where only what is built is named."""
    known = manifests(world)
    above = next((one for one in nearest(place) if one in known), None)
    if above is None:
        return
    inside = place.removeprefix(f"{above}/" if above else "")
    built = inside.partition("/")[0]
    if built in _BUILT and join(above, built) not in world.directories and _says(known[above], built, world):
        yield from _built(above, inside, world)


def _says(manifest: Manifest, built: str, world: World) -> bool:
    """Say whether a package has a directory that a build makes: it is imported from there, or compiled to."""
    entries = (*manifest.entries, *(target for _, target in manifest.exports))
    place = join(manifest.directory, built)
    return any(entry.removeprefix("./").startswith(f"{built}/") for entry in entries) or any(
        out == place for out, _ in _compiled(manifest.directory, world)
    )


def _compiled(directory: str, world: World) -> Iterator[tuple[str, str]]:
    """Yield where the compiler writes to in a package, and what it has that from."""
    yield from (config.built for config in path_maps(world).get(directory, ()) if config.built)


def _bare(name: str, file: str, world: World) -> Iterator[str]:
    roots = module_roots(world)
    for above in nearest(file):
        for one in path_maps(world).get(above, ()):
            yield from _mapped(name, one, world)
        for alias, place in aliases(world).get(above, ()):
            if name == alias or name.startswith(alias + "/"):
                yield from as_module(place + name[len(alias) :], world)
        for root in roots.get(above, ()):
            yield from as_module(f"{root}/{name}", world)
        if name.startswith("#") and above in manifests(world):
            yield from _subpath(manifests(world)[above], name, internal=True, world=world)
    yield from _guessed(name, file, world)
    package, inside = split_package(name)
    for directory in members(world).get(package, ()):
        if directory or _has_root(package, file, world):
            yield from _package(manifests(world)[directory], inside, world)


def _has_root(package: str, file: str, world: World) -> bool:
    """Say whether the package at the root is at hand by its name: others install what was published."""
    known = manifests(world)
    above = next((one for one in nearest(file) if one in known), "")
    return not above or any(name == package for name, _ in known[above].linked)


def _mapped(name: str, config: PathMap, world: World) -> Iterator[str]:
    fits = []
    for pattern, target in config.paths:
        head, star, tail = pattern.partition("*")
        if name == pattern:
            fits.append((len(name) + 1, target))
        elif star and name.startswith(head) and name.endswith(tail) and len(name) >= len(head + tail):
            fits.append((len(head), target.replace("*", name[len(head) : len(name) - len(tail)], 1)))
    for _, target in sorted(fits, key=lambda one: -one[0]):
        yield from as_module(target, world)
    if config.base is not None and (place := join(config.base, name)):
        yield from as_module(place, world)


def _guessed(name: str, file: str, world: World) -> Iterator[str]:
    """Yield what the aliases mean that projects use without saying so where it can be read."""
    head, _, rest = name.partition("/")
    if not rest:
        return
    for above in nearest(file):
        for source in _GUESSED.get(head.replace("~~", "~").replace("@@", "@"), ()):
            yield from as_module(join(above, f"{source}/{rest}") or "", world)
        if above in manifests(world) and head not in _GUESSED and join(above, head) in world.directories:
            yield from _plain_root(name, head, above, world)


def _plain_root(name: str, head: str, above: str, world: World) -> Iterator[str]:
    if head in {"src", "app", "imports"}:
        yield from as_module(join(above, name) or "", world)


def _package(manifest: Manifest, inside: str, world: World) -> Iterator[str]:
    key = f"./{inside}" if inside else "."
    yield from _subpath(manifest, key, internal=False, world=world)
    if inside:
        yield from _built(manifest.directory, inside, world)
        return
    yield from _entries(manifest, world)
    yield join(manifest.directory, "package.json") or ""


def _entries(manifest: Manifest, world: World) -> Iterator[str]:
    """Yield what runs when a package is imported, built or not, and at last what only declares types."""
    declares = [entry for entry in manifest.entries if _DECLARES.search(entry)]
    for entry in manifest.entries:
        if entry not in declares:
            for place in _sources(manifest.directory, entry, world):
                yield from _plain(place, world)
    for entry in ("src/index", "index", "lib/index", "src/main", "src", *declares):
        yield from _plain(join(manifest.directory, entry) or "", world)


def _subpath(manifest: Manifest, key: str, *, internal: bool, world: World) -> Iterator[str]:
    for keys, target in manifest.imports if internal else manifest.exports:
        pattern = str(keys[0]) if keys else "."
        head, star, tail = pattern.partition("*")
        if pattern == key:
            yield from _built(manifest.directory, target, world)
        elif star and key.startswith(head) and key.endswith(tail):
            inside = key[len(head) : len(key) - len(tail)]
            yield from _built(manifest.directory, target.replace("*", inside), world)


def _built(directory: str, inside: str, world: World) -> Iterator[str]:
    """Yield the modules of a path in a package; for one that a build makes, the source it is made from."""
    for place in _sources(directory, inside, world):
        yield from as_module(place, world)


def _sources(directory: str, inside: str, world: World) -> Iterator[str]:
    place = join(directory, inside)
    if not place:
        return
    yield place
    for out, root in _compiled(directory, world):
        if place.startswith(f"{out}/"):
            yield join(root, place.removeprefix(f"{out}/")) or ""
    parts = inside.removeprefix("./").split("/")
    while len(parts) > 1 and parts[0] in _BUILT:
        parts = parts[1:]
        yield join(directory, "src/" + "/".join(parts)) or ""
    yield join(directory, "src/" + inside) or ""


def as_module(place: str, world: World) -> Iterator[str]:
    """Yield the files that a path without suffix, or of a directory, stands for, as far as they are there."""
    if not WILDCARDS.isdisjoint(place):
        yield from globs(place)
    if manifest := manifests(world).get(place):
        yield from _file(place, world)
        yield from _entries(manifest, world)
    yield from _plain(place, world)


def _plain(place: str, world: World) -> Iterator[str]:
    """Yield the file of a path, with or without its suffix, or the index of a directory."""
    yield from _file(place, world)
    if place and place not in world.directories:
        return
    inside = f"{place}/" if place else ""
    yield from (f"{inside}index{end}" for end in _INDEXES if f"{inside}index{end}" in world.files)


def _file(place: str, world: World) -> Iterator[str]:
    if place in world.files:
        yield place
    for written, real in _WRITTEN_FOR.items():
        if place.endswith(written):
            stem = place.removesuffix(written)
            yield from (stem + suffix for suffix in real if stem + suffix in world.files)
    yield from (place + suffix for suffix in _SUFFIXES if place + suffix in world.files)


def globs(place: str) -> Iterator[str]:
    """Yield a glob; where it takes everything in a directory, the directory, which is found at once."""
    head, _, tail = place.rpartition("/")
    if WILDCARDS.isdisjoint(head) and set(tail) <= {"*"}:
        yield head
    else:
        yield place
        if not place.endswith("*"):
            yield place + ".*"
