"""Where builders of sites look for what pages are made of: directories that their configuration names."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.world import World, join
from mothball.core.tree import directories, parent, parents

MKDOCS: Final = ("mkdocs*.yml", "mkdocs*.yaml", "zensical*.yml", "zensical*.yaml", "zensical*.toml")
"""Configurations of MkDocs, and of Zensical, which understands them."""
_DOCS_DIR: Final = re.compile(
    r"^docs_dir\s*[:=]\s*[\"']?(?P<path>[^\"'\n#]+?)[\"']?\s*(?:#.*)?$", re.MULTILINE
)
_BASE_PATH: Final = re.compile(
    r"^[ \t-]*base_path[ \t]*[:=]([^\n#]*(?:\n[ \t]*-[ \t][^\n#]*)*)", re.MULTILINE
)
_SHORTCODES: Final = ("layouts/shortcodes", "layouts/_shortcodes")


def is_of_mkdocs(path: str) -> bool:
    """Say whether a path is that of a configuration of MkDocs, or of Zensical."""
    return path.rpartition("/")[2].startswith(("mkdocs", "zensical"))


def docs_directory(file: str, world: World) -> str:
    """Return the directory of the pages that a configuration of MkDocs is about."""
    found = _DOCS_DIR.search(world.texts.get(file, ""))
    return join(parent(file), found["path"] if found else "docs") or ""


def quarto_project(file: str, world: World) -> str | None:
    """Return the directory of the nearest project of Quarto above a file."""
    for base in (*parents(file), ""):
        if any(f"{base}/_quarto.{suffix}".lstrip("/") in world.files for suffix in ("yml", "yaml")):
            return base
    return None


def snippet_directories(world: World) -> list[str]:
    """Return the directories that MkDocs takes snippets from."""
    return [
        join(parent(path), one) or ""
        for path, text in world.texts.items()
        if is_of_mkdocs(path) and path in world.files
        for found in _BASE_PATH.finditer(text)
        for one in re.findall(r"[\w.][\w./-]*", found[1])
    ]


def shortcode(name: str, file: str, world: World) -> Iterator[str]:
    """Yield the templates that a shortcode of Hugo may have, those of the page's site before others."""
    above = [f"{base}/{one}".lstrip("/") for base in (*parents(file), "") for one in _SHORTCODES]
    for base in (*above, *world.fact("shortcodes", _shortcodes)):
        yield f"{base}/{name}.html"
        yield f"{base}/{name}.md"


def _shortcodes(world: World) -> list[str]:
    return sorted(path for path in settled(world) if path.endswith(_SHORTCODES))


def resources_of_hugo(name: str, file: str) -> Iterator[str]:
    """Yield what a page of Hugo, or a shortcode on it, may take from the directories of its site."""
    site, content, _ = f"/{file}".partition("/content/")
    for base in ("assets", "static") if content else ():
        if path := join(f"{site}/{base}", name):
            yield path


def is_rendered(file: str, world: World) -> bool:
    """Say whether a page is one of those that a site is built of, so that a broken link fails the build.

    One that a move brought counts: what it linked is looked up from where it is now.
    """
    pages = world.fact("pages-of-sites", _pages)
    return file in world.arrived or any(above in pages for above in (*parents(file), ""))


def _pages(world: World) -> set[str]:
    found = set()
    for path in world.files:
        above, _, name = path.rpartition("/")
        if name == "conf.py":
            found.add(above)
        elif name.startswith(("mkdocs.y", "zensical.")):
            found.add(docs_directory(path, world))
        elif name.startswith("docusaurus.config."):
            found |= {f"{above}/{one}".lstrip("/") for one in ("docs", "blog")}
    return found


def settled(world: World) -> set[str]:
    """Return the directories that hold a file which no move brought: an archive is nowhere's search path."""
    return world.fact("settled", lambda known: directories(known.files - set(known.arrived)))
