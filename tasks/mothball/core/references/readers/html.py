"""Pages in HTML: what their tags load and link."""

import re
from collections.abc import Iterable, Iterator
from posixpath import commonprefix
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.pages.markdown_blocks import front_matter
from mothball.core.references.pages.markup import (
    claims_of_attributes,
    claims_of_templates,
    link_claim,
    without_comments,
)
from mothball.core.references.pages.sites import settled
from mothball.core.references.pages.targets import PAGE_SUFFIXES, page_paths, target_of
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World
from mothball.core.tree import directories, parent

_SPACES: Final = re.compile(r"[^\n]")
_OPEN: Final = re.compile(r"<(script|style|pre|code|textarea)\b[^<>]{0,2000}>", re.IGNORECASE)
_STYLE: Final = re.compile(
    r"(?:url\(\s{0,9}|@import\s{1,9})(?P<quote>[\"']?)(?P<path>[^\"'()\s;]{1,1000})(?P=quote)"
)
_DIRECTORIES: Final = {
    "template": frozenset(
        {
            "templates",
            "_includes",
            "_layouts",
            "layouts",
            "partials",
            "views",
            "jinja2",
            "template",
            "overrides",
        }
    ),
    "static": frozenset({"static", "_static", "public", "assets"}),
}
_SUFFIXES: Final = (".html", ".hbs", ".ejs", ".njk", ".liquid", ".twig", ".html.j2")


class Html(Reader):
    """Tags and their attributes; scripts inside and code that is shown are left alone."""

    kind = "html"
    files: ClassVar[tuple[str, ...]] = (
        "*.html", "*.htm", "*.xhtml", "*.shtml", "*.html.in", "*.htm.in", "*.j2", "*.jinja", "*.jinja2",
        "*.liquid", "*.njk", "*.hbs", "*.ejs", "*.twig", "*.tmpl", "*.erb",
    )  # fmt: skip

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the tags of a page name, and what those of its template language include."""
        lines = Lines(text)
        if text.startswith("---\n") and (end := text.find("\n---", 3)) > 0:
            yield from front_matter(text[4:end].split("\n"), 2)
        clean = without_comments(text)
        yield from claims_of_templates(clean, lines.at)
        if path.lower().removesuffix(".in").endswith((".html", ".htm", ".xhtml", ".shtml")):
            shown, styles = _apart(clean)
            yield from claims_of_attributes(shown, lines.at, "html-link")
            yield from _of_styles(clean, styles, lines)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that a browser would be given, or a template engine would take."""
        if claim.lookup not in _DIRECTORIES:
            for path in page_paths(claim, file, world):
                # Who asks a server for a directory is given the page in it.
                if not claim.wanted.startswith("/") or path not in world.directories or _is_page(path, world):
                    yield path
            return
        yield from world.places(claim.wanted, claim.bases, file)
        for base in _bases(claim.lookup, file, world):
            for suffix in ("", *_SUFFIXES) if claim.lookup == "template" else ("",):
                yield f"{base}/{claim.wanted}{suffix}"


def _is_page(directory: str, world: World) -> bool:
    return any(
        f"{directory}/{name}{suffix}" in world.files
        for name in ("index", "README")
        for suffix in PAGE_SUFFIXES
    )


def _bases(lookup: str, file: str, world: World) -> list[str]:
    """Return where an engine looks; for a page that was moved, also in what moved together with it."""
    bases = world.fact(f"{lookup}-directories", lambda known: _named(settled(known), lookup))
    if file not in world.arrived:
        return bases
    brought = world.fact(
        f"{lookup}-directories brought", lambda known: _named(directories(known.arrived), lookup)
    )
    top = _moved_to(file, world.arrived[file])
    return [*(path for path in brought if f"{path}/".startswith(top)), *bases]


def _moved_to(new: str, old: str) -> str:
    """Return the directory below which all has the name that it had, with a slash: a move put it there."""
    same = commonprefix([f"/{new}"[::-1], f"/{old}"[::-1]]).rpartition("/")[0]
    return new[: len(new) - len(same)] if same else f"{parent(new)}/"


def _named(paths: Iterable[str], lookup: str) -> list[str]:
    return sorted(path for path in paths if path.rpartition("/")[2] in _DIRECTORIES[lookup])


def _apart(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with blanks for what scripts, styles and code hold, and where styles are."""
    kept, at, styles = list[str](), 0, list[tuple[int, int]]()
    lower = text.lower() if len(text.lower()) == len(text) else text
    while (found := _OPEN.search(text, at)) is not None:
        name = found[1].lower()
        end = lower.find(f"</{name}", found.end()) if not found[0].endswith("/>") else found.end()
        end = end if end >= 0 else (found.end() if name in {"pre", "code"} else len(text))
        kept += [text[at : found.end()], _SPACES.sub(" ", text[found.end() : end])]
        if name == "style":
            styles.append((found.end(), end))
        at = end
    return "".join([*kept, text[at:]]), styles


def _of_styles(text: str, styles: list[tuple[int, int]], lines: Lines) -> Iterator[Claim]:
    for start, end in styles:
        for found in _STYLE.finditer(text, start, end):
            if target_of(found["path"]):
                at = lines.at(found.start("path"))
                yield from link_claim(found["path"], at, "html-style", severity=Severity.LINK)
