"""Directories in which bundlers and test runners look up what is imported by a bare name."""

from collections.abc import Iterator
from typing import Final

from mothball.core.references.claims import ABOVE
from mothball.core.references.javascript.manifests import nearest
from mothball.core.references.javascript.places import Place, Places
from mothball.core.references.javascript.tokens import Kind, tokens
from mothball.core.references.world import World, join
from mothball.core.tree import parent

_LISTS: Final = {
    "modules": "resolve",
    "modulePaths": "modulePaths",
    "moduleDirectories": "moduleDirectories",
    "root": "module-resolver",
}
"""Keys of webpack, of Jest and of Babel's resolver, each with a word that stands in the text besides."""
_CONFIGS: Final = (
    *("package.json", "webpack", "jest.config.", "vitest.config.", "babel.config.", ".babelrc"),
    *("craco.config.", "next.config."),
)


def module_roots(world: World) -> dict[str, list[str]]:
    """Return the directories that hold modules, by the directory of the configuration that says so."""
    return world.fact("javascript module roots", _module_roots)


def _module_roots(world: World) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, text in world.texts.items():
        if not path.rpartition("/")[2].startswith(_CONFIGS):
            continue
        keys = {key for key, besides in _LISTS.items() if key in text and besides in text}
        for place in _listed(text, keys) if keys else ():
            root = next((one for one in _directories(place, path) if one in world.directories), None)
            if root is not None:
                found.setdefault(parent(path), []).append(root)
    return found


def _listed(text: str, keys: set[str]) -> Iterator[Place]:
    """Yield the places in the lists at some keys, and the only one of a key that has no list."""
    places = Places([one for one in tokens(text) if one.kind is not Kind.COMMENT])
    for index, token in enumerate(places.tokens):
        if token.kind is Kind.WORD and token.value in {"const", "let", "var"}:
            places.note(index, ends=True)
        elif token.value in keys and places.sign(index + 1) == ":":
            yield from _elements(places, index + 2)


def _elements(places: Places, index: int) -> Iterator[Place]:
    inside = places.sign(index) == "["
    index += inside
    while index < len(places.tokens) and places.sign(index) not in {"]", "}"}:
        place, behind = places.at(index)
        yield place
        if not inside or behind <= index or places.sign(behind) != ",":
            return
        index = behind + 1


def _directories(place: Place, path: str) -> Iterator[str]:
    """Yield where a place may be: from the configuration, or above it; the end of one that is unknown."""
    name = place.name.removeprefix("<rootDir>/")
    if place.base is None:
        name = name.removeprefix("*/")
    if "*" in name or name.endswith("node_modules"):
        return
    for above in nearest(path) if place.base in {ABOVE, None} else (parent(path),):
        yield join(above, name) or ""
