"""Addresses of the site that is made of the repository: they break with the pages that they lead to."""

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.pages.sites import MKDOCS
from mothball.core.references.pages.targets import LINK, page_paths, target_of
from mothball.core.references.papers import is_record
from mothball.core.references.reader import Reader, takes
from mothball.core.references.sought import Sought
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_URL: Final = re.compile(
    r"https?://(?P<host>[\w-]{1,100}(?:\.[\w-]{1,100}){1,5})(?P<path>/[^\s\"'<>`|\\^{}\]\[,;*()]{1,500})"
)
_CONFIGS: Final = (
    *MKDOCS,
    "_config.yml",
    "hugo.toml",
    "hugo.yaml",
    "docusaurus.config.*",
    "siteConfig.js",
)
_SAID: Final = re.compile(
    r"^[ \t]{0,4}[\"']?(?:site_url|url|baseURL)[\"']?[ \t]{0,9}[:=][ \t]{0,9}[\"']?https?://"
    r"(?P<host>[\w.-]{3,200})(?P<below>/[\w./-]{0,100})?",
    re.MULTILINE,
)
_BASE: Final = re.compile(
    r"^[ \t]{0,4}[\"']?(?:baseurl|baseUrl)[\"']?[ \t]{0,9}[:=][ \t]{0,9}[\"']?(?P<below>/[\w./-]{1,100})",
    re.MULTILINE,
)
_VERSION: Final = re.compile(r"(?:en/)?(?:latest|stable|main|master|dev|next)/")
_ENDS: Final = ".:!?_~"


class OwnSite(Reader):
    """Links of pages to the site, wherever it says that it is published."""

    kind = "own-site"
    files: ClassVar[tuple[str, ...]] = ("*.md", "*.mdx", "*.markdown", "*.rst", "*.html")
    facts: ClassVar[tuple[str, ...]] = _CONFIGS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield each address; whether it is one of the site, `paths` knows."""
        lines, prose = Lines(text), is_record(path)
        for found in _URL.finditer(text) if "://" in text else ():
            raw = found["path"].rstrip(_ENDS)
            if name := target_of(raw):
                line, column = lines.at(found.start())
                yield Claim(
                    line=line,
                    column=column,
                    text=found.group()[: len(found.group()) - len(found["path"]) + len(raw)],
                    kind="own-site",
                    name=name,
                    severity=Severity.LINK,
                    lookup=found["host"].lower().removeprefix("www."),
                    prose=prose,
                )

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield those that may lead to what goes: what moves itself links the same pages from anywhere."""
        if isinstance(names, Sought):
            yield from (claim for claim in self.read(text, path) if names.may_be_meant(claim.name))

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the pages that the site has at the address."""
        del file
        for root, below in world.fact("own-sites", _own_sites).get(claim.lookup, ()):
            if claim.name.startswith(below):
                name = _VERSION.sub("", claim.name[len(below) :], count=1)
                yield from page_paths(replace(claim, name=f"/{name}", lookup=LINK), root, world)


def _own_sites(world: World) -> dict[str, list[tuple[str, str]]]:
    """Return, by host, which configurations say that they publish there, and below which address."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path, text in world.texts.items():
        said = _SAID.search(text) if takes(_CONFIGS, path) and path not in world.arrived else None
        if said:
            base = _BASE.search(text)
            below = (base["below"] if base else said["below"] or "").strip("/")
            host = said["host"].lower().removeprefix("www.")
            found.setdefault(host, []).append((path, f"/{below}/" if below else "/"))
    return found
