"""Shapes of data as tables for a reader: the plan's format, and documents by their JSON Schemas."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

Shape = Mapping[str, Any]

_KINDS: Final = {
    "array": "list",
    "boolean": "true or false",
    "integer": "number",
    "number": "number",
    "object": "table",
    "string": "text",
}


def form(heading: str, at: tuple[str, ...], shape: Shape, known: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of the plan's format with a row a key, then the tables in it."""
    required = shape.get("required", [])
    rows = []
    inner: list[tuple[str, tuple[str, ...], Mapping[str, Any]]] = []
    for name, value in shape["properties"].items():
        path = (*at, name)
        kind, below = _kind(value, known)
        meaning = value.get("description") or (below or {}).get("description", "")
        rows.append((f"`{name}`", kind, _default(name, value, required), cell(meaning)))
        if below:
            dotted = ".".join(path)
            listed = value.get("type") == "array"
            title = f"`[[{dotted}]]`" if listed and not at else f"`[{dotted}]`"
            inner.append((title if not (listed and at) else f"An entry of `{dotted}`", path, below))
    yield from (f"## {heading}", "", shape.get("description", ""), "")
    yield from table(("key", "type", "default", "meaning"), rows)
    for title, path, below in inner:
        yield from form(title, path, below, known)


def _default(name: str, value: Mapping[str, Any], required: Sequence[str]) -> str:
    if name in required:
        return "**required**"
    return f"`{json.dumps(value['default'])}`" if "default" in value else ""


def _kind(value: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None]:
    """Return how a type is called, and the table that it is made of, if any."""
    if "$ref" in value:
        return "table", _meant(value, known)
    if choices := value.get("anyOf") or value.get("oneOf"):
        kinds = [_kind(each, known) for each in choices]
        return " or ".join(kind for kind, _ in kinds), next((found for _, found in kinds if found), None)
    if value.get("type") == "array":
        kind, below = _kind(value["items"], known)
        return f"list of {_many(kind)}", below
    if value.get("type") == "integer" and value.get("minimum") == 0:
        return "number, 0 or more", None
    return _kind_of(value.get("type", "string")), None


def _many(kind: str) -> str:
    return " or ".join(f"{one}s" for one in kind.split(" or "))


def properties(shape: Shape, known: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield a row for each key of a document, and for those in it."""
    for name, written in shape.get("properties", {}).items():
        value = {**_meant(written, known), **written}
        choices = value.get("anyOf", [value])
        kinds = [_kind_of(one) for choice in choices for one in _listed(_meant(choice, known).get("type"))]
        yield f"`{at}{name}`", " or ".join(kinds), cell(value.get("description", ""))
        for choice in choices:
            below = _meant(choice, known)
            yield from properties(below, known, f"{at}{name}.")
            yield from properties(_meant(below.get("items", {}), known), known, f"{at}{name}[].")


def _meant(shape: Shape, known: Mapping[str, Any]) -> Shape:
    found: Shape = known[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    return found


def _listed(kind: str | list[str] | None) -> list[str]:
    return kind if isinstance(kind, list) else [kind or "string"]


def _kind_of(name: str) -> str:
    return _KINDS.get(name, name)


def cell(text: str) -> str:
    """Return a text as it is, for a cell of a table: nothing of it is a tag or a column."""
    spans = re.split(r"(`[^`]*`)", " ".join(text.split()))
    for number, span in enumerate(spans):
        if number % 2 == 0:
            spans[number] = re.sub(r"([\\<>*_\[\]{}$])", r"\\\1", span)
    return "".join(spans).replace("|", "\\|")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table and a blank line."""
    marks = ["---"] * len(heads)
    return [*(f"| {' | '.join(row)} |" for row in (heads, marks, *rows)), ""]
