"""Configuration of documentation sites: which pages their navigation lists."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim, Severity
from mothball.core.references.config.json_values import strings
from mothball.core.references.config.toml_values import toml_strings
from mothball.core.references.pages.labels import page_with_id
from mothball.core.references.pages.markdown_blocks import layout_claim
from mothball.core.references.pages.sites import MKDOCS, docs_directory, is_of_mkdocs
from mothball.core.references.pages.targets import DOC, MODULE, PAGE_SUFFIXES, SNIPPET, page_paths, target_of
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World, join
from mothball.core.tree import parent

_NAV: Final = "nav"
_ID: Final = "id"
"""A lookup: what a sidebar lists, a page even where a directory is called the same."""
_OF_PAGE: Final = re.compile(r"""\bdoc(?:Id)?['"]?\s{0,9}:\s{0,9}\Z""")
_OF_FILE: Final = re.compile(
    r"""\b(?:favicon|image|src|\w+Icon|\w+Image|customCss)['"]?\s{0,9}:\s{0,9}(?:\[\s{0,9})?\Z"""
)
_OF_DIRECTORY: Final = re.compile(r"""\b(?:dirName|dir|path|link|base)['"]?\s{0,9}:\s{0,9}\Z""")
_TAG: Final = re.compile(r"!!python/(?:name|object/apply|object):(?P<name>[\w.]{1,300})")
_STRING: Final = re.compile(r"(?P<quote>['\"])(?P<path>[^'\"\\\n]{1,300})(?P=quote)")
_TITLE: Final = re.compile(r"""\b(?:title|tagline|label|name|description)['"]?\s{0,9}:\s{0,9}\Z""")
_JS_COMMENT: Final = re.compile(r"(?<![:'\"\w])//[^\n]*|/\*(?s:.{0,5000}?)\*/")
_SPACES: Final = re.compile(r"[^\n]")
_SCHEMAS: Final = frozenset(
    {"nav", "extra_css", "extra_javascript", "logo", "favicon", "not_in_nav", "exclude_docs", "redirect_maps"}
)
_BESIDE: Final = frozenset({
    "docs_dir", "custom_dir", "hooks", "inherit", "watch", "base_path", "module_name", "theme_dir", "paths",
    "nav_file", "include_dir", "include_yaml",
})  # fmt: skip
_PAGES: Final = frozenset({
    "file", "root", "chapters", "contents", "sections", "href", "glob", "bibliography", "csl", "css",
    "include-in-header", "include-before-body", "logo", "favicon", "include-after-body", "filters",
    "resources", "render", "image", "cover-image", "index", "references", "bibtex_bibfiles", "notebooks",
    "part", "output-dir", "pages", "navigation", "openapi", "nav", "start_page", "parts", "subtrees",
    "entries", "theme", "template", "brand",
})  # fmt: skip
_SKIPPED: Final = frozenset(
    {"title", "text", "name", "url", "caption", "description", "label", "author", "site_url"}
)
_URLS: Final = frozenset({"url", "link", "href"})


class DocsSites(Reader):
    """MkDocs, Jupyter Book, Quarto, Docusaurus, VitePress, Antora, TypeDoc, Mintlify."""

    kind = "docs-site"
    files: ClassVar[tuple[str, ...]] = (
        *MKDOCS, "_toc.yml", "_toc.yaml", "myst.yml", "_quarto.yml", "_quarto-*.yml",
        "_bookdown.yml", "_site.yml", "_pkgdown.yml", "antora.yml", "sidebars.js", "sidebars.ts",
        "sidebars.json", "*sidebar*.js", "*sidebar*.json", "*sidebar*.ts", "*sidebars.json",
        "docusaurus.config.*", "siteConfig.js", ".vitepress/config.*", "*/.vitepress/config.*",
        ".vuepress/config.*", "*/.vuepress/config.*", "mint.json", "docs.json", "typedoc.json", "typedoc.js",
        ".pages", "_config.yml", "astro.config.*", "docfx.json", "toc.yml", "nav.yml", "*navigation.yml",
        "*sidebar*.yml",
    )  # fmt: skip
    always: ClassVar[bool] = True
    facts: ClassVar[tuple[str, ...]] = MKDOCS
    moving: ClassVar[tuple[str, ...]] = ("*.md", "*.mdx")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the pages that a configuration lists, and the files it sets."""
        base = path.rpartition("/")[2].lower()
        lines = Lines(text)
        if base.endswith((".yml", ".yaml")) or base == ".pages":
            yield from _of_yaml(text, base, lines)
        elif base.endswith(".toml"):
            yield from _of_toml(text, lines)
        elif base.endswith(".json"):
            for keys, offset, raw, value in strings(text):
                key = next((str(one) for one in reversed(keys) if isinstance(one, str)), "")
                if key not in _SKIPPED:
                    lookup = "" if base.startswith("typedoc") else DOC
                    if "sidebar" in base and key not in {"dirName", "link"}:
                        lookup = _ID
                    yield from _page(raw, value, offset, lines, lookup)
        else:
            yield from _of_script(text, base, lines)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what the builder of the site takes: pages come from its own directory of them."""
        name, above = claim.wanted, parent(file)
        if claim.lookup == _NAV:
            for base in (docs_directory(file, world), above):
                path = join(base, name)
                if path:
                    yield path
                    yield from (path + suffix for suffix in PAGE_SUFFIXES)
        elif claim.lookup in {DOC, _ID}:
            for base in _bases(file):
                path = join(base, name)
                if path:
                    if claim.lookup == DOC or path not in world.directories:
                        yield path
                    yield from (path + suffix for suffix in PAGE_SUFFIXES)
                    yield from (
                        f"{path}/{index}{suffix}" for index in ("index", "README") for suffix in PAGE_SUFFIXES
                    )
                    yield from page_with_id(path, world)
        else:
            yield from page_paths(claim, file, world)


def _bases(file: str) -> Iterable[str]:
    """Return where the pages of a site may be: below its configuration, or the directory above it."""
    above = parent(file)
    if above.rpartition("/")[2] in {".vitepress", ".vuepress", "config", "src", "sidebars", "_data"}:
        above = parent(above)
    up = parent(above)
    places = [
        above,
        *(
            f"{above}/{one}"
            for one in ("docs", "src", "content", "static", "public", "src/content/docs", "pages")
        ),
    ]
    if above:
        places += [f"{up}/docs", f"{up}/content"]
    return dict.fromkeys(place.lstrip("/") for place in places)


def _of_yaml(text: str, base: str, lines: Lines) -> Iterator[Claim]:
    import yaml

    from mothball.core.references.config.yaml_events import scalars

    mkdocs = is_of_mkdocs(base) or base == ".pages"
    yield from _of_tags(text, lines)
    # MkDocs has tags of its own (``!ENV``, ``!!python/name``), which say nothing of paths.
    with suppress(yaml.YAMLError, UnicodeError):
        for scalar in scalars(text):
            keys = {key.lower() for key in scalar.keys}
            if scalar.is_key or scalar.is_block:
                continue
            if mkdocs:
                yield from _of_mkdocs(keys, scalar.raw, scalar.offset, lines)
            elif base == "_config.yml" and scalar.keys[-1:] == ("layout",):
                yield layout_claim(scalar, lines)
            elif _is_page(scalar.keys, keys, scalar.raw):
                yield from _page(scalar.raw, scalar.raw, scalar.offset, lines, DOC)


def _of_mkdocs(keys: set[str], raw: str, offset: int, lines: Lines) -> Iterator[Claim]:
    """Yield what a value of MkDocs names, by the keys that lead to it."""
    if not keys.isdisjoint(_SCHEMAS):
        yield from _page(raw, raw, offset, lines, _NAV)
    elif "auto_append" in keys:
        yield from _page(raw, raw, offset, lines, SNIPPET, bare=True)
    elif "edit_uri" in keys:
        yield from _edited(raw, offset, lines)
    elif not keys.isdisjoint(_BESIDE):
        yield from _page(raw, raw, offset, lines, "", bare=True)


def _of_tags(text: str, lines: Lines) -> Iterator[Claim]:
    """Yield the modules of what tags of YAML import."""
    for found in _TAG.finditer(text):
        line, column = lines.at(found.start("name"))
        yield Claim(
            line=line,
            column=column,
            text=found["name"],
            kind="docs-python",
            lookup=f"{MODULE}:1",
        )


def _of_toml(text: str, lines: Lines) -> Iterator[Claim]:
    for value in toml_strings(text):
        if not value.is_key:
            yield from _of_mkdocs({key.lower() for key in value.keys}, value.raw, value.offset, lines)


def _is_page(path: tuple[str, ...], keys: set[str], raw: str) -> bool:
    """Say whether a value is a page: a file by its keys, or the address of one on its own site."""
    last = path[-1].lower()
    return (not keys.isdisjoint(_PAGES) and last not in _SKIPPED) or (last in _URLS and raw.startswith("/"))


def _edited(raw: str, offset: int, lines: Lines) -> Iterator[Claim]:
    """Yield the directory that the links to edit a page lead to."""
    found = re.fullmatch(r"(?:edit|blob|tree|raw)/[\w.-]+/(?P<path>[\w./-]+)", raw)
    if found:
        line, column = lines.at(offset + found.start("path"))
        yield Claim(
            line=line,
            column=column,
            text=found["path"],
            kind="docs-edit",
            bases=("",),
            severity=Severity.CONFIG,
        )


def _of_script(text: str, base: str, lines: Lines) -> Iterator[Claim]:
    clean = _JS_COMMENT.sub(lambda found: _SPACES.sub(" ", found.group()), text)
    listed = "sidebar" in base
    for found in _STRING.finditer(clean):
        raw = found["path"]
        near = max(0, found.start() - 40)
        if _TITLE.search(clean, near, found.start()):
            continue
        if listed:
            of_page = not _OF_DIRECTORY.search(clean, near, found.start())
        else:
            of_page = _OF_PAGE.search(clean, near, found.start()) is not None
        if of_page or listed or "/" in raw or _OF_FILE.search(clean, near, found.start()):
            lookup = _ID if of_page else DOC
            yield from _page(raw, raw.removeprefix("@site/"), found.start("path"), lines, lookup)


def _page(
    raw: str, value: str, offset: int, lines: Lines, lookup: str, *, bare: bool = False
) -> Iterator[Claim]:
    name = target_of(value)
    if not name or len(name) > 500 or (" " in name and "/" not in name and "." not in name):
        return
    line, column = lines.at(offset)
    yield Claim(
        line=line,
        column=column,
        text=raw,
        kind="docs-nav" if lookup else "docs-config",
        name=name if lookup == "" else name.lstrip("/") or name,
        severity=Severity.CONFIG,
        bases=(HERE,),
        lookup=lookup,
        firm=lookup == _NAV and name.endswith(PAGE_SUFFIXES) and not bare,
    )
