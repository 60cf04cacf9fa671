"""JavaScript and TypeScript: imports, requires, mocks, workers, and paths put together from __dirname."""

import re
from collections.abc import Container, Iterable, Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.javascript.listed import LISTED, listed_directories, lists_of_names
from mothball.core.references.javascript.manifests import FACTS
from mothball.core.references.javascript.names import javascript_names
from mothball.core.references.javascript.script import ASSET, Script
from mothball.core.references.javascript.search import globs, modules
from mothball.core.references.javascript.source import COMPONENTS, is_built, may_name, outside, scripts
from mothball.core.references.javascript.tokens import Token
from mothball.core.references.reader import Reader
from mothball.core.references.sought import Sought
from mothball.core.references.texts import Lines
from mothball.core.references.world import WILDCARDS, World, join
from mothball.core.tree import parents

_ATTRIBUTE: Final = re.compile(r"""\b(?:src|href|poster)\s*=\s*["']([^"'\n{}]{1,500})["']""")
_STATIC: Final = ("public", "static")


class JavaScript(Reader):
    """Programs, and the scripts inside components."""

    kind = "js"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = tuple(
        f"*.{suffix}"
        for suffix in [
            "js",
            "jsx",
            "ts",
            "tsx",
            "mjs",
            "cjs",
            "mts",
            "cts",
            "es6",
            "vue",
            "svelte",
            "astro",
            "mdx",
            "html",
            "htm",
            "js.flow",
        ]
    )
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what is imported, and what is named from where the file is."""
        if is_built(text):
            return
        lines = Lines(text)
        for offset, code in scripts(text, path):
            if code is not text and is_built(code):
                continue
            script = Script(code, path, lines, offset)
            yield from script.claims()
            for names in lists_of_names(script.tokens, code):
                yield from _listed(names, offset, lines)
        if path.lower().endswith(COMPONENTS) and not path.lower().endswith((".html", ".htm")):
            yield from _attributes(text, lines)

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what `read` does, where a name stands that a program can mean."""
        yield from () if isinstance(names, Sought) and not may_name(text, names) else self.read(text, path)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the modules of an import, and the places of a path."""
        name = claim.wanted
        if claim.lookup == "module":
            yield from modules(name, file, world)
        elif claim.lookup.startswith(LISTED):
            yield from listed_directories(name, claim.lookup, file, world)
        elif claim.lookup == "asset":
            yield from _assets(name, file)
        else:
            for place in world.places(name, claim.bases, file):
                if WILDCARDS.isdisjoint(place):
                    yield place
                else:
                    yield from globs(place)
            if claim.lookup == "either":
                yield from modules(name if name.startswith(".") else f"./{name}", file, world)

    def needles(self, gone: Iterable[str], world: World) -> Iterable[str]:
        """Return the names of packages, of what indexes stand for, and of mapped paths."""
        return javascript_names(gone, world)


def _listed(names: list[Token], offset: int, lines: Lines) -> Iterator[Claim]:
    for name in names:
        line, column = lines.at(offset + name.start)
        lookup = "/".join([LISTED, *(one.value for one in names if one is not name)])
        yield Claim(line=line, column=column, text=name.value, kind="js-directories", lookup=lookup)


def _attributes(text: str, lines: Lines) -> Iterator[Claim]:
    for found in _ATTRIBUTE.finditer(outside(text)):
        name = found[1]
        line, column = lines.at(found.start(1))
        if name.startswith("."):
            yield Claim(line=line, column=column, text=name, kind="js-asset", lookup="module", firm=True)
        elif name.startswith(("@/", "~/", "~@/")):
            yield Claim(
                line=line,
                column=column,
                text=name,
                kind="js-asset",
                name=name.replace("~@", "@"),
                lookup="module",
            )
        elif ASSET.fullmatch(name):
            yield Claim(
                line=line,
                column=column,
                text=name,
                kind="js-asset",
                lookup="asset",
                severity=Severity.LINK,
            )


def _assets(name: str, file: str) -> Iterator[str]:
    """Yield where a server looks for a path of its site: in the public folders above the page."""
    for above in (*parents(file), ""):
        for folder in _STATIC:
            yield join(above, f"{folder}/{name}") or ""
