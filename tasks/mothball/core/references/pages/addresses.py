"""Addresses that builders of sites give to pages: where they are published, not where they lie."""

import re
from collections.abc import Iterable, Iterator
from posixpath import splitext
from typing import Final

from mothball.core.references.world import World, join
from mothball.core.tree import parents

PAGES: Final = ("*.md", "*.mdx", "*.markdown")
_SUFFIXES: Final = (".md", ".mdx", ".markdown", ".html")
_CONFIGS: Final = ("_config.yml", "_config.yaml", "hugo.toml", "hugo.yaml", "config.toml", "config.yaml")
_HEAD: Final = re.compile(r"\A---[ \t]*\n(?P<head>(?:(?!---)[^\n]*\n){0,200})")
_SAID: Final = re.compile(
    r"^(?:permalink|url|redirect_from|aliases):(?P<said>[^\n]*(?:\n[ \t]*-[^\n]*)*)", re.MULTILINE
)
_ADDRESS: Final = re.compile(r"(?<![\w.:/])/[\w./%-]{1,300}")
_DATED: Final = re.compile(r"(?:\A|/)(\d{4})/(\d\d)/(\d\d)/([^/]{1,200}?)(?:\.html)?/?\Z")
_POST: Final = re.compile(r"(?:\A|/)_posts/(?:.*/)?\d{4}-\d\d?-\d\d?-([^/]{1,200})\.\w+\Z")


def addressed(address: str, bases: Iterable[str], world: World) -> Iterator[str]:
    """Yield the pages that a site may publish at an address, with its root in one of some directories."""
    first, _, rest = address.strip("/").partition("/")
    dated, plain = _DATED.search(address), _plain(address)
    declared = world.fact("page-addresses", _declared)
    lowered = world.fact("page-addresses-in-small-letters", _lowered)
    for base in bases:
        collection = f"{base}/_{first}".lstrip("/")
        if collection in world.directories:
            # Jekyll publishes what is in ``_docs`` below ``docs``.
            yield from _spelled(join(collection, rest) or collection)
        if dated:
            yield from _spelled(f"{base}/_posts/{'-'.join(dated.groups())}".lstrip("/"))
        if declared or lowered:
            place = f"{base.lower()}/{plain}".lstrip("/")
            yield from declared.get(place, ())
            yield from lowered.get(place, ())


def names_of_addresses(pages: Iterable[str], world: World) -> Iterator[str]:
    """Yield by which names links call pages whose addresses are not those of their files."""
    for path in pages:
        if "_posts/" in path and (post := _POST.search(path)):
            yield post[1]
        if _is_capital(path):
            yield splitext(path)[0].rpartition("/")[2].lower()
        for address in _addresses_in(world.texts[path]) if path in world.texts else ():
            yield address.rstrip("/").rpartition("/")[2].partition(".")[0]


def _spelled(path: str) -> Iterator[str]:
    yield path
    stem = path.removesuffix(".html")
    yield from (stem + suffix for suffix in _SUFFIXES)


def _plain(address: str) -> str:
    """Return an address as it is compared: what ends it tells no page from another."""
    return address.removesuffix("index.html").removesuffix(".html").strip("/").lower()


def _declared(world: World) -> dict[str, list[str]]:
    """Return which pages say themselves what their addresses are, of those whose texts are known."""
    found: dict[str, list[str]] = {}
    for path, text in world.texts.items():
        site = _site_of(path, world) if path.endswith(_SUFFIXES) else None
        if site is not None:
            for address in _addresses_in(text):
                found.setdefault(_plain(f"{site}{address}"), []).append(path)
    return found


def _addresses_in(text: str) -> Iterator[str]:
    head = _HEAD.match(text)
    for said in _SAID.finditer(head["head"]) if head else ():
        yield from _ADDRESS.findall(said["said"])


def _site_of(path: str, world: World) -> str | None:
    """Return the root of the site that publishes a page: no builder looks into every directory."""
    for base in (*parents(path), ""):
        named = [one for one in _CONFIGS if f"{base}/{one}".lstrip("/") in world.files]
        if named:
            inside = path.removeprefix(base).lstrip("/").split("/")[:-1]
            return base if _is_published(inside, jekyll=named[0].startswith("_")) else None
    return None


def _is_published(above: list[str], *, jekyll: bool) -> bool:
    if jekyll:
        return not any(one.startswith("_") and one != "_posts" for one in above[1:])
    return above[:1] == ["content"]


def _lowered(world: World) -> dict[str, list[str]]:
    """Return the pages of Hugo whose names have capital letters: their addresses have none."""
    found: dict[str, list[str]] = {}
    for path in world.files:
        if _is_capital(path):
            found.setdefault(_plain(splitext(path)[0]), []).append(path)
    return found


def _is_capital(path: str) -> bool:
    return path.endswith(_SUFFIXES) and "content/" in path and path != path.lower()
