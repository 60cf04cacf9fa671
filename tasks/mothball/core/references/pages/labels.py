"""Names that pages give to themselves or what is in them: labels, options, terms of Sphinx; ids."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.world import World
from mothball.core.tree import parent, parents

_PAGES: Final = (".rst", ".md", ".txt")
_LABEL: Final = re.compile(
    r"^[ \t]*\.\.[ \t]+_(?:`(?P<quoted>[^`\n]{1,200})`|(?P<plain>[^:`\n]{1,200})):[ \t]*$"
    r"|^\((?P<myst>[\w .:-]{1,200})\)=[ \t]*$",
    re.MULTILINE,
)
_ID: Final = re.compile(r"\A---[ \t]*\n(?:(?!---)[^\n]*\n){0,100}?id:[ \t]*[\"']?(?P<id>[\w./-]{1,200})")
_OPTION: Final = re.compile(
    r"^[ \t]*\.\.[ \t]+(?:std:)?(?:program::[ \t]+(?P<program>\S[^\n]*)"
    r"|(?:cmd)?option::[ \t]+(?P<options>[^\n]+))",
    re.MULTILINE,
)
_GLOSSARY: Final = re.compile(
    r"^([ \t]*)\.\.[ \t]+glossary::[^\n]*\n(?P<body>(?:\1[ \t]+\S[^\n]*\n|[ \t]*\n)*)", re.MULTILINE
)
_NAMED: Final = re.compile(r"(?P<program>[^-/+]\S*(?: [^-/+]\S*)*)?\s*(?P<option>[-/+][^\s=,\[]+)")


def option_of(text: str) -> str:
    """Return the name of an option, behind that of its program if that is told: ``""`` where it is none."""
    found = _NAMED.match(" ".join(text.split()))
    return f"option:{found['program'] or ''} {found['option']}" if found else ""


def term_of(text: str) -> str:
    """Return the name of a term as it is compared."""
    return f"term:{plain(text)}"


def _options_in(text: str) -> Iterator[str]:
    program = ""
    for found in _OPTION.finditer(text) if "option::" in text else ():
        program = found["program"] or program
        for one in (found["options"] or "").split(", "):
            if name := option_of(f"{program} {one}".strip()):
                yield name


def _terms_in(text: str) -> Iterator[str]:
    for found in _GLOSSARY.finditer(text) if "glossary::" in text else ():
        lines = [line for line in found["body"].split("\n") if line.strip() and line.strip()[0] != ":"]
        indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
        for line in lines:
            if len(line) - len(line.lstrip()) == indent:
                yield term_of(line.partition(" : ")[0])


def plain(label: str) -> str:
    """Return a label as it is compared: in small letters, with single spaces."""
    return " ".join(label.lower().split())


def source_root(file: str, world: World) -> str | None:
    """Return the directory of the nearest ``conf.py`` above a file, the root of a Sphinx project."""
    for base in (*parents(file), ""):
        conf = f"{base}/conf.py".lstrip("/")
        if conf in world.files or f"{conf}.in" in world.files:
            return base
    return None


def labels_in(text: str) -> Iterator[str]:
    """Yield the labels that a page declares, with the options and terms that it describes."""
    for found in _LABEL.finditer(text):
        yield plain(found["quoted"] or found["plain"] or found["myst"])
    yield from _options_in(text)
    yield from _terms_in(text)


def page_of(label: str, world: World) -> Iterator[str]:
    """Yield the page that declares a label, where a Sphinx project reads it.

    Only pages that move are known, which is enough to tell which labels go.
    """
    found = world.fact("labels", _labels).get(label)
    if found:
        yield found


def page_with_id(place: str, world: World) -> Iterator[str]:
    """Yield the page beside which a path would lie that ends with the id the page gives itself.

    Only pages that move are known.
    """
    found = world.fact("page-ids", _ids).get(place)
    if found:
        yield found


def _ids(world: World) -> dict[str, str]:
    found = {}
    for path, text in world.texts.items():
        if path.endswith((".md", ".mdx")) and (front := _ID.match(text)):
            found[f"{parent(path)}/{front['id']}".lstrip("/")] = path
    return found


def _labels(world: World) -> dict[str, str]:
    return {
        label: path
        for path, text in world.texts.items()
        if path.endswith(_PAGES) and source_root(path, world) is not None
        for label in labels_in(text)
    }
