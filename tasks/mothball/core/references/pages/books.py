"""Books that AsciiDoc puts together: what one page includes shares its ids with all the others."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.world import World, join
from mothball.core.tree import parent

PAGES: Final = ("*.adoc", "*.asciidoc")
"""Patterns of the files that may be in a book."""
_SUFFIXES: Final = (".adoc", ".asciidoc")
_ID: Final = re.compile(
    r"(?:\[\[|\banchor:|^\[#|^\[(?:[\w-]+,\s?)?id=[\"']?)(?P<id>[^\W\d][\w:.-]{0,200}?)(?=[\],\[\"'%]|\.[\w-]+[\],])",
    re.MULTILINE,
)
_INCLUDE: Final = re.compile(r"^include::(?P<path>[^\s\[\]]{1,500})\[", re.MULTILINE)


def ids_in(text: str) -> Iterator[str]:
    """Yield the ids that a page gives to parts of it."""
    return (found["id"] for found in _ID.finditer(text))


def pages_with(name: str, file: str, world: World) -> Iterator[str]:
    """Yield the pages with an id in the books that a page is in."""
    books = world.fact("books", _books)
    if file in world.arrived and file not in books:
        yield file  # it is in no book any more: nothing of it is looked up
    for book in books.get(file, ()):
        if found := book.get(name):
            yield found


def _books(world: World) -> dict[str, list[dict[str, str]]]:
    """Return, for each page, the ids of each book that it is in: a page that includes others makes one."""
    texts = {path: text for path, text in world.texts.items() if path.endswith(_SUFFIXES)}
    included = {path: list(_included(path, text, world)) for path, text in texts.items()}
    ids = {path: list(ids_in(text)) for path, text in texts.items()}
    found: dict[str, list[dict[str, str]]] = {}
    for first, others in included.items():
        if others:
            pages = _reached(first, included)
            book = {one: page for page in pages for one in ids.get(page, ())}
            for page in pages:
                found.setdefault(page, []).append(book)
    return found


def _reached(first: str, included: dict[str, list[str]]) -> dict[str, None]:
    reached, todo = {first: None}, [first]
    while todo:
        for page in included.get(todo.pop(), ()):
            if page not in reached:
                reached[page] = None
                todo.append(page)
    return reached


def _included(path: str, text: str, world: World) -> Iterator[str]:
    for found in _INCLUDE.finditer(text):
        name = re.sub(r"^\{[\w-]+\}/", "", found["path"])
        for base in (parent(path), ""):
            page = join(base, name)
            if page and page in world.files:
                yield page
                break
