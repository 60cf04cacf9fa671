"""What a repository's JavaScript configuration says about names: packages, workspaces, aliases, path maps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from mothball.core.references.config.json_values import Key, strings
from mothball.core.references.world import World, braces, join
from mothball.core.tree import parent, parents

FACTS: Final = (
    "package.json",
    "tsconfig*.json",
    "jsconfig*.json",
    "lerna.json",
    "rush.json",
    "pnpm-workspace.yaml",
    "deno.json*",
    "vite.config.*",
    "vitest.config.*",
    "jest.config.*",
    "webpack*.js",
    "webpack*.ts",
    "rollup.config.*",
    "babel.config.*",
    ".babelrc*",
    "svelte.config.*",
    "next.config.*",
    "craco.config.*",
    "electron.vite.config.*",
)
_ENTRIES: Final = ("source", "exports", "module", "browser", "main", "types", "typings", "style", "sass")
_ALIAS: Final = re.compile(
    r"""(?:find\s*:\s*)?(?P<quote>['"]?)(?P<alias>[@~#\w$][@~#\w$/.-]{0,60})(?P=quote)\s{0,9}[:,]\s{0,99}
    (?:replacement\s*:\s*)?
    (?:
      (?:fileURLToPath\(\s*)?new\ URL\(\s*['"](?P<url>[^'"\n]{1,200})['"]
      | [\w.]*(?:resolve|join)\w*\(\s*(?:(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\s*,\s*)?
        (?P<parts>['"][^'"\n]{1,200}['"](?:\s*,\s*['"][^'"\n]{1,200}['"]){0,5})\s*,?\s*\)
      | (?:(?!require|import)\w+\(\s*)?['"](?P<plain>\.{1,2}/[^'"\n]{0,200})['"]
    )""",
    re.VERBOSE,
)
_MAPPER: Final = re.compile(
    r"""['"]\^?(?P<alias>[@~#\w$][@~#\w$/-]{0,60}?)/\(\.[*+]\)\$?['"]\s*:\s*['"]<rootDir>/(?P<place>[^'"$\n]{0,200})\$1['"]"""
)
"""How Jest maps what tests import."""
_BUILDS: Final = (("compilerOptions", "outDir"), ("compilerOptions", "rootDir"))
_QUOTED: Final = re.compile(r"""['"]([^'"]*)['"]""")
_LISTED: Final = re.compile(r"""^[ \t]*-[ \t]+['"]?([^'"#\n]+?)['"]?[ \t]*(?:#.*)?$""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A package.json: where, its name, what stands for the package, and the values by key path."""

    directory: str
    name: str
    entries: tuple[str, ...]
    exports: tuple[tuple[tuple[Key, ...], str], ...]
    imports: tuple[tuple[tuple[Key, ...], str], ...]
    workspaces: tuple[str, ...]
    linked: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class PathMap:
    """What a tsconfig says.

    Attributes:
        base: where names begin.
        paths: patterns with at most one ``*``, and the places they stand for.
        built: the directory that the compiler writes to, and the one that it has this from.
    """

    base: str | None = None
    paths: list[tuple[str, str]] = field(default_factory=list)
    built: tuple[str, str] | None = None


def manifests(world: World) -> dict[str, Manifest]:
    """Return every package.json of a tree by its directory."""
    return world.fact("javascript manifests", _manifests)


def _manifests(world: World) -> dict[str, Manifest]:
    found = {}
    for path, text in world.texts.items():
        if path == "package.json" or path.endswith("/package.json"):
            found[parent(path)] = _manifest(parent(path), text)
    return found


def _manifest(directory: str, text: str) -> Manifest:
    name, values = "", list(strings(text))
    by_key: dict[str, list[tuple[tuple[Key, ...], str]]] = {}
    for keys, _, _, value in values:
        if keys == ("name",):
            name = value
        elif keys:
            by_key.setdefault(str(keys[0]), []).append((keys[1:], value))
    mains = [value for key in _ENTRIES for keys, value in by_key.get(key, ()) if _is_main(key, keys)]
    linked = [
        (str(keys[0]), value.partition(":")[2])
        for key in ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
        for keys, value in by_key.get(key, ())
        if keys and value.startswith(("file:", "link:", "portal:"))
    ]
    return Manifest(
        directory=directory,
        name=name,
        entries=tuple(mains),
        exports=tuple(by_key.get("exports", ())),
        imports=tuple(by_key.get("imports", ())),
        workspaces=tuple(value for _, value in by_key.get("workspaces", ())),
        linked=tuple(linked),
    )


def _is_main(key: str, keys: tuple[Key, ...]) -> bool:
    return not keys or (key == "exports" and (keys[0] == "." or not str(keys[0]).startswith(".")))


def members(world: World) -> dict[str, list[str]]:
    """Return the directories of the packages that can be imported by name: workspaces and links."""
    return world.fact("javascript members", _members)


def _members(world: World) -> dict[str, list[str]]:
    globs = list(_workspaces(world))
    found: dict[str, list[str]] = {}
    known = manifests(world)
    for directory, manifest in known.items():
        if manifest.name and (not directory or _is_member(directory, globs)):
            found.setdefault(manifest.name, []).append(directory)
        for name, target in manifest.linked:
            place = join(directory, target)
            if place in known:
                found.setdefault(name, []).append(place)
    return found


def _workspaces(world: World) -> Iterator[tuple[str, str]]:
    for directory, manifest in manifests(world).items():
        yield from ((directory, glob) for glob in manifest.workspaces)
    for path, text in world.texts.items():
        name = path.rpartition("/")[2]
        if name == "pnpm-workspace.yaml":
            yield from ((parent(path), found) for found in _LISTED.findall(text))
        elif name in {"lerna.json", "rush.json"}:
            for keys, _, _, value in strings(text):
                if keys[:1] == ("packages",) or keys[-1:] == ("projectFolder",):
                    yield parent(path), value


def _is_member(directory: str, globs: list[tuple[str, str]]) -> bool:
    for root, glob in globs:
        if root and not directory.startswith(root + "/"):
            continue
        inside = directory[len(root) + 1 :] if root else directory
        if _glob(glob).fullmatch(inside):
            return True
    return False


@cache
def _glob(glob: str) -> re.Pattern[str]:
    ways = []
    for one in braces(glob.removeprefix("./").rstrip("/")):
        way = re.escape(one).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        ways.append(way)
    return re.compile("|".join(ways))


def path_maps(world: World) -> dict[str, list[PathMap]]:
    """Return by directory what the tsconfig and jsconfig files in it say, with what they extend."""
    return world.fact("javascript path maps", _path_maps)


def _path_maps(world: World) -> dict[str, list[PathMap]]:
    raw: dict[str, PathMap] = {}
    extends: dict[str, list[str]] = {}
    for path, text in sorted(world.texts.items()):
        if path.rpartition("/")[2].startswith(("tsconfig", "jsconfig")) and path.endswith(".json"):
            raw[path], extends[path] = _path_map(path, text)
    found: dict[str, list[PathMap]] = {}
    for path in raw:
        whole = _extended(path, raw, extends, world)
        if whole.base is not None or whole.paths or whole.built:
            found.setdefault(parent(path), []).append(whole)
    return found


def _path_map(path: str, text: str) -> tuple[PathMap, list[str]]:
    base, paths, extends = None, [], []
    built: dict[str, str] = {}
    for keys, _, _, value in strings(text):
        if keys == ("compilerOptions", "baseUrl"):
            base = join(parent(path), value)
        elif keys in _BUILDS:
            built[str(keys[1])] = join(parent(path), value) or ""
        elif keys[:2] == ("compilerOptions", "paths") and len(keys) == 4:
            paths.append((str(keys[2]), value))
        elif keys[:1] == ("extends",):
            extends.append(value)
    start = parent(path) if base is None else base
    placed = [(pattern, place) for pattern, target in paths if (place := join(start, target)) is not None]
    out = built.get("outDir")
    return PathMap(base, placed, (out, built.get("rootDir", parent(path))) if out else None), extends


def _extended(
    path: str, raw: dict[str, PathMap], extends: dict[str, list[str]], world: World, depth: int = 0
) -> PathMap:
    whole = PathMap(raw[path].base, list(raw[path].paths), raw[path].built)
    for name in reversed(extends[path]) if depth < 10 else ():
        above = next((one for one in _config_files(name, path, world) if one in raw), None)
        if above is None:
            continue
        more = _extended(above, raw, extends, world, depth + 1)
        whole.base = more.base if whole.base is None else whole.base
        whole.paths = whole.paths or more.paths
        whole.built = whole.built or more.built
    return whole


def _config_files(name: str, path: str, world: World) -> Iterator[str]:
    places = [join(parent(path), name)] if name.startswith(".") else []
    if not places:
        package, inside = split_package(name)
        places = [join(directory, inside) for directory in members(world).get(package, ())]
    for place in places:
        if place is not None:
            yield from (place, place + ".json", f"{place}/tsconfig.json".lstrip("/"))


def split_package(name: str) -> tuple[str, str]:
    """Split ``@scope/package/sub/file`` into the package and the rest."""
    parts = name.split("/", 2 if name.startswith("@") else 1)
    count = 2 if name.startswith("@") else 1
    return "/".join(parts[:count]), "/".join(parts[count:])


def aliases(world: World) -> dict[str, list[tuple[str, str]]]:
    """Return by directory the aliases that bundlers' configuration there defines: name and place."""
    return world.fact("javascript aliases", _aliases)


def _aliases(world: World) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for path, text in world.texts.items():
        for mapped in _MAPPER.finditer(text) if "moduleNameMapper" in text else ():
            place = join(parent(path), mapped["place"])
            if place is not None:
                found.setdefault(parent(path), []).append((mapped["alias"], place))
        if path.endswith((".json", ".yaml")) or "alias" not in text:
            continue
        for match in _ALIAS.finditer(text):
            parts = "/".join(_QUOTED.findall(match["parts"] or ""))
            place = join(parent(path), match["url"] or match["plain"] or parts)
            if place is not None:
                found.setdefault(parent(path), []).append((match["alias"].rstrip("/*"), place))
    return found


def nearest(file: str) -> Iterator[str]:
    """Yield the directories above a file, nearest first, the root last."""
    yield from parents(file)
    yield ""
