"""Labels of Sphinx: names that a page gives to its parts, by which other pages link them."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.world import World
from mothball.core.tree import parents

_PAGES: Final = (".rst", ".md", ".txt")
_LABEL: Final = re.compile(
    r"^[ \t]*\.\.[ \t]+_(?:`(?P<quoted>[^`\n]{1,200})`|(?P<plain>[^:`\n]{1,200})):[ \t]*$"
    r"|^\((?P<myst>[\w .:-]{1,200})\)=[ \t]*$",
    re.MULTILINE,
)


def plain(label: str) -> str:
    """Return a label as it is compared: in small letters, with single spaces."""
    return " ".join(label.lower().split())


def source_root(file: str, world: World) -> str | None:
    """Return the directory of the nearest ``conf.py`` above a file, the root of a Sphinx project."""
    for base in (*parents(file), ""):
        if f"{base}/conf.py".lstrip("/") in world.files:
            return base
    return None


def labels_in(text: str) -> Iterator[str]:
    """Yield the labels that a page declares."""
    for found in _LABEL.finditer(text):
        yield plain(found["quoted"] or found["plain"] or found["myst"])


def page_of(label: str, world: World) -> Iterator[str]:
    """Yield the page that declares a label, where a Sphinx project reads it.

    Only pages that move are known, which is enough to tell which labels go.
    """
    found = world.fact("labels", _labels).get(label)
    if found:
        yield found


def _labels(world: World) -> dict[str, str]:
    return {
        label: path
        for path, text in world.texts.items()
        if path.endswith(_PAGES) and source_root(path, world) is not None
        for label in labels_in(text)
    }
