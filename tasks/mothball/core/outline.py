"""The categories of a plan at a glance: quick, and content with any text, for ``invoke --list``."""

from collections.abc import Iterator
from typing import Any

from mothball.core.errors import PlanError
from mothball.core.plan.rules import name_flaw
from mothball.core.plan.source import read_source
from mothball.core.show import visible


def read_outline(text: bytes, table: tuple[str, ...] = ()) -> tuple[tuple[str, str], ...]:
    """Return name and title of the categories in their order; none where the text is no plan.

    A category without a usable name is left out. Nothing in a title paints.
    """
    try:
        section = read_source(text, path="", table=table).section
    except PlanError:
        return ()
    outline: dict[str, str] = {}
    for name, title in _headings(section.get("archive")):
        outline.setdefault(name, title)
    return tuple(outline.items())


def _headings(archive: object) -> Iterator[tuple[str, str]]:
    entries: list[Any] = archive if isinstance(archive, list) else []
    for entry in entries:
        name, title = (entry.get("name"), entry.get("title")) if isinstance(entry, dict) else (None, None)
        if isinstance(name, str) and name_flaw(name) is None:
            yield name, visible(title.strip()) if isinstance(title, str) else ""
