"""Redirects of Netlify and Cloudflare: old addresses, and the pages that these lead to."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim, Severity
from mothball.core.references.pages.targets import LINK, page_paths, target_of
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_RULE: Final = re.compile(
    r"^[ \t]*/\S{0,500}(?:[ \t]+\w+=\S{1,200})*[ \t]+(?P<to>/[^\s#?:*]{1,500})", re.MULTILINE
)


class Redirects(Reader):
    """Where a rule leads; where it leads from has no page any more."""

    kind = "redirect"
    files: ClassVar[tuple[str, ...]] = ("_redirects",)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the address that each rule leads to."""
        del path
        lines = Lines(text)
        for found in _RULE.finditer(text):
            if name := target_of(found["to"]):
                line, column = lines.at(found.start("to"))
                yield Claim(
                    line=line,
                    column=column,
                    text=found["to"],
                    kind="redirect",
                    name=name,
                    severity=Severity.LINK,
                    bases=(HERE,),
                    lookup=LINK,
                )

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the pages that the site has at the address."""
        return page_paths(claim, file, world)
