"""What links and includes of documentation mean: decoded, and where their renderers look them up."""

import re
from collections.abc import Iterator
from posixpath import splitext
from typing import Final
from urllib.parse import unquote

from mothball.core.references.claims import Claim
from mothball.core.references.pages.addresses import addressed
from mothball.core.references.pages.galleries import galleries, labelled, script_of
from mothball.core.references.pages.labels import page_of, page_with_id, source_root
from mothball.core.references.pages.sites import (
    is_rendered,
    quarto_project,
    resources_of_hugo,
    shortcode,
    snippet_directories,
)
from mothball.core.references.world import World, join
from mothball.core.tree import parent, parents

LINK: Final = "link"
"""A lookup: the target of a link or an image on a page."""
SPHINX: Final = "sphinx"
"""A lookup: a file that a directive names; one with a slash in front is below the nearest ``conf.py``."""
DOC: Final = "doc"
"""A lookup: the name of a document, written with or without its suffix."""
RENDERED: Final = "rendered"
"""What follows `DOC` or `LINK` where only a builder of the site that the page is in looks the name up."""
MODULE: Final = "module"
"""A lookup: a Python module; ``module:1`` is the one that holds what is named."""
MEMBER: Final = "member"
"""What follows `MODULE` where a module may be meant, or what is in one."""
OBJECT: Final = "object"
"""The same for what a page of Sphinx links: nobody follows it elsewhere."""
LABEL: Final = "label"
"""A lookup: a label that a page of the same Sphinx project declares."""
SCRIPT: Final = "script"
"""A lookup: a module of a script language, written with or without its suffix."""
SHORTCODE: Final = "shortcode"
"""A lookup: a shortcode of Hugo, a template of the site or of a theme that it has."""
SNIPPET: Final = "snippet"
"""A lookup: a file below what MkDocs says to be the directories of snippets."""
WIKI: Final = "wiki"
"""A lookup: a page by its name, wherever it is."""

_OF_FILES: Final = frozenset({LINK, SPHINX, DOC})
PAGE_SUFFIXES: Final = (
    ".md",
    ".mdx",
    ".rst",
    ".ipynb",
    ".qmd",
    ".Rmd",
    ".markdown",
    ".txt",
    ".adoc",
    ".html",
)
_SCRIPT_SUFFIXES: Final = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".json", ".mdx", ".md", ".vue", ".svelte")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_TEMPLATE: Final = re.compile(r"\{\{|\{%|<%|\$\{|[\n\0]")
_SITE_FILES: Final = re.compile(
    r"(?:.*/)?(?:(?:mkdocs|zensical)\.ya?ml|docusaurus\.config\.\w+|_config\.ya?ml|hugo\.\w+|astro\.config\.\w+"
    r"|zensical\.toml"
    r"|book\.toml|conf\.py|\.vuepress|\.vitepress|properdocs\.ya?ml)"
)
_SERVED: Final = (
    "static",
    "public",
    "docs",
    "doc",
    "content",
    "src",
    "src/pages",
    "src/content/docs",
    "pages",
    "content/en",
    "docs/public",
    ".vuepress/public",
    "docs/.vuepress/public",
    "www",
    "assets",
)
_SITES: Final = ("website", "site", "docs", "web", "www")
_DECLARES: Final = ("__init__.py", "__init__.pyi", "__init__.pyx")


def target_of(raw: str) -> str:
    """Return what a destination looks up: decoded, without query and anchor; ``""`` where it leads away."""
    if _SCHEME.match(raw) or _TEMPLATE.search(raw):
        return ""
    name = raw.partition("#")[0].partition("?")[0]
    if "%" in name:
        name = unquote(name)
    return "" if _TEMPLATE.search(name) or (not name.strip("/.") and ".." not in name) else name


def has_page_suffix(name: str) -> bool:
    """Say whether a name ends as the source of a page does."""
    return name.endswith(PAGE_SUFFIXES)


def page_paths(claim: Claim, file: str, world: World) -> Iterator[str]:
    """Yield the paths that a claim of documentation may mean, in the order in which they are tried."""
    name, (lookup, _, detail) = claim.wanted, claim.lookup.partition(":")
    if detail == RENDERED and not is_rendered(file, world):
        return
    if lookup in _OF_FILES and galleries(world):
        yield from _generated(name, file, world)
    if (by_name := _BY_NAME.get(lookup)) is not None:
        yield from by_name(name, file, world)
    elif lookup == DOC:
        for path in (*_below_source(name, file, world), *_brought(name, file, world)):
            yield from _documents(path)
    elif lookup == MODULE:
        yield from _defined(name, detail, file, world)
    elif lookup in {OBJECT, LABEL}:
        yield from _linked(name, None if lookup == LABEL else int(detail), file, world)
    elif lookup == SCRIPT:
        yield from _script(name, claim, file, world)
    elif lookup == SNIPPET:
        bases = (*world.fact("snippets", snippet_directories), *claim.bases)
        yield from world.places(name, bases, file)
    else:
        yield from world.places(name, claim.bases, file)


def _defined(name: str, detail: str, file: str, world: World) -> Iterator[str]:
    yield from _module(name, 0 if detail == MEMBER else int(detail or 0), file, world)
    if detail == MEMBER:
        # What is in a module, but not in a package: that stays when the module named goes.
        found = _module(name, 1, file, world)
        yield from (path for path in found if not path.endswith(_DECLARES))


def _linked(name: str, strip: int | None, file: str, world: World) -> Iterator[str]:
    """Yield the page of a label, or the module of what Python defines, for a page that Sphinx renders."""
    if source_root(file, world) is not None:
        yield from _labelled(name, world) if strip is None else _module(name, strip, file, world)
    elif file in world.arrived:
        yield file  # it is rendered no more: nothing of it is looked up


def _labelled(label: str, world: World) -> Iterator[str]:
    yield from page_of(label, world)
    yield from labelled(label, world)


def _generated(name: str, file: str, world: World) -> Iterator[str]:
    """Yield what a file is made of that Sphinx writes when it makes a gallery."""
    for path in _below_source(name, file, world):
        yield from script_of(path, world)


def _link(name: str, file: str, world: World) -> Iterator[str]:
    if name.startswith("/"):
        project = quarto_project(file, world) if file.endswith(".qmd") else None
        if project is not None:
            yield from _spelled(project, name)  # Quarto knows no other place
            return
        yield from _spelled("", name)
        roots = site_roots(file, world)
        for base in roots:
            yield from _spelled(base, name)
            yield from page_with_id(join(base, name) or "", world)
        yield from addressed(name, ("", *roots), world)
    elif name.startswith(("@site/", "@/", "~/")):
        for base in (*parents(file), ""):
            yield from _spelled(base, name.partition("/")[2])
    else:
        yield from _spelled(parent(file), name)
        if name.endswith(".html") and file.endswith(".html"):
            # A template of Sphinx links what is made of the pages, from wherever it is shown.
            yield from _spelled(source_root(world.arrived.get(file, file), world) or parent(file), name)
        if not name.endswith((".md", ".mdx", ".rst")) and world.fact("has-site", _has_site):
            # A site gives each page a directory of its own, and browsers resolve links from there.
            yield from _spelled(splitext(file)[0], name)
        yield from resources_of_hugo(name, file)


def _spelled(base: str, name: str) -> Iterator[str]:
    path = join(base, name)
    if not path:
        return
    yield path
    stem, suffix = splitext(path)
    if suffix in {".html", ".htm"}:
        yield from _pages(stem)
        if stem.endswith("/index"):
            yield stem[: -len("/index")] + "/README.md"
    elif not suffix or not suffix[1:].isalpha():
        yield from _pages(path)


def _pages(stem: str) -> Iterator[str]:
    return (stem + suffix for suffix in PAGE_SUFFIXES)


def site_roots(file: str, world: World) -> list[str]:
    """Return the directories that the root of a site may stand for, as seen from a page."""
    above = (*parents(file), "")
    found = dict.fromkeys(above[:-1])
    for base in (*above, *_SITES):
        found |= dict.fromkeys(f"{base}/{one}".lstrip("/") for one in _SERVED)
    return [path for path in found if path in world.directories]


def _has_site(world: World) -> bool:
    return any(_SITE_FILES.fullmatch(path) for path in world.files) or any(
        path.endswith((".vuepress", ".vitepress")) for path in world.directories
    )


def _below_source(name: str, file: str, world: World) -> Iterator[str]:
    if not name.startswith("/"):
        path = join(parent(file), name)
        if path:
            yield path
        return
    nearest = source_root(file, world)
    for base in dict.fromkeys((*(() if nearest is None else (nearest,)), *parents(file), "")):
        path = join(base, name)
        if path:
            yield path


def _brought(name: str, file: str, world: World) -> Iterator[str]:
    """Yield where a document comes from that a build of Sphinx copies below its source, from the root."""
    above, slash, _ = name.lstrip("/").partition("/")
    root = source_root(file, world) if slash and "." not in above else None
    if root and f"{root}/{above}" not in world.directories:
        yield from filter(None, [join("", name)])


def _documents(path: str) -> Iterator[str]:
    if has_page_suffix(path):
        yield path
    yield from _pages(path)
    yield from _pages(path + "/index")


def _module(name: str, strip: int, file: str, world: World) -> Iterator[str]:
    parts = name.split(".")
    parts = parts[: max(1, len(parts) - strip)]
    if not all(part.isidentifier() for part in parts):
        return
    for base in dict.fromkeys(("", "src", "lib", "python", *parents(file))):
        path = join(base, "/".join(parts))
        if not path or (base and base not in world.directories):
            continue
        for suffix in (".py", ".pyi", ".pyx"):
            yield path + suffix
        for declares in _DECLARES:
            yield f"{path}/{declares}"
        if not strip and len(parts) > 1 and any(one.endswith(".py") for one in world.below(path)):
            yield path


def _script(name: str, claim: Claim, file: str, world: World) -> Iterator[str]:
    for path in world.places(name, claim.bases, file):
        if path in world.files:
            yield path
        for suffix in _SCRIPT_SUFFIXES:
            yield path + suffix
            yield f"{path}/index{suffix}"


def _wiki(name: str, file: str, world: World) -> Iterator[str]:
    for base in (parent(file), ""):
        yield from _spelled(base, name)
    if "/" not in name:
        yield from world.fact("pages-by-name", _by_name).get(name.lower(), ())
    elif "/" in name:
        yield from world.ending(name)
        yield from world.ending(name + ".md")


def _by_name(world: World) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(world.files):
        base = path.rpartition("/")[2].lower()
        if base.endswith(PAGE_SUFFIXES):
            found.setdefault(splitext(base)[0], []).append(path)
            found.setdefault(base, []).append(path)
    return found


_BY_NAME: Final = {LINK: _link, SPHINX: _below_source, WIKI: _wiki, SHORTCODE: shortcode}
