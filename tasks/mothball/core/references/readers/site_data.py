"""Data and menus of sites: the addresses of pages that they list."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim, Severity
from mothball.core.references.config.json_values import strings
from mothball.core.references.config.toml_values import toml_strings
from mothball.core.references.pages.targets import LINK, page_paths, target_of
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_LISTS: Final = tuple(
    f"{above}{place}/*.{suffix}"
    for above in ("", "*/")
    for place in ("_data", "data", "config")
    for suffix in ("yml", "yaml", "toml", "json")
)
_LARGEST: Final = 500_000
"""Nobody wrote a larger text by hand: it lists no pages of the site."""
_ADDRESS: Final = re.compile(r"/[^\s{}<>*]{1,500}")
_PLACE: Final = re.compile(r"(?:(?P<site>.*)/)?(?P<kind>_data|data|config)/")


class SiteData(Reader):
    """What Jekyll and Hugo make navigation of; a value with a slash in front is an address of the site."""

    kind = "site-data"
    files: ClassVar[tuple[str, ...]] = (*_LISTS, "hugo.toml", "hugo.yaml", "config.toml")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield each value that is an address."""
        if len(text) > _LARGEST:
            return
        lines = Lines(text)
        for offset, raw in _values(text, path):
            name = target_of(raw) if _ADDRESS.fullmatch(raw) else ""
            if name:
                line, column = lines.at(offset)
                yield Claim(
                    line=line,
                    column=column,
                    text=raw,
                    kind="site-address",
                    name=name,
                    severity=Severity.LINK,
                    bases=(HERE,),
                    lookup=LINK,
                )

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the pages that a site has at an address; of data that is no site's, none."""
        place = _PLACE.match(file)
        site = place["site"] or "" if place else file.rpartition("/")[0]
        if (place and place["kind"] == "_data") or f"{site}/content".lstrip("/") in world.directories:
            yield from page_paths(claim, file, world)


def _values(text: str, path: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of a text that are values, each with where it begins."""
    if path.endswith(".toml"):
        yield from ((one.offset, one.raw) for one in toml_strings(text) if not one.is_key)
    elif path.endswith(".json"):
        yield from ((offset, value) for _, offset, _, value in strings(text))
    else:
        import yaml

        from mothball.core.references.config.yaml_events import scalars

        with suppress(yaml.YAMLError, UnicodeError):
            found = (one for one in scalars(text) if not one.is_key and not one.is_block)
            yield from ((one.offset, one.raw) for one in found)
