"""What scripts and style sheets of Rails require in their comments, and what the manifests of assets link."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_DIRECTIVE: Final = re.compile(
    r"^[ \t]*(?://|#|/?\*)=[ \t]*(?:require|include|link|stub|depend_on)\w*[ \t]+[\"']?(?P<name>[\w./@-]+)",
    re.MULTILINE,
)
_ROOT: Final = re.compile(r"(?:.*/)?(?:app|lib|vendor)/assets/[^/]+(?=/)")
_SUFFIXES: Final = ("", ".js", ".coffee", ".js.coffee", ".ts", ".es6", ".css", ".scss", ".sass", ".css.scss")


class Sprockets(Reader):
    """Reads directives, which begin where the file is, or where assets are kept."""

    kind: ClassVar[str] = "sprockets"
    files: ClassVar[tuple[str, ...]] = ("*.js", "*.coffee", "*.css", "*.scss", "*.sass", "*.erb")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what each directive names."""
        del path
        lines = Lines(text)
        for found in _DIRECTIVE.finditer(text):
            name = found["name"]
            if name.strip("./"):
                line, column = lines.at(found.start("name"))
                bases = (HERE,) if name.startswith(".") else ()
                yield Claim(line=line, column=column, text=name, kind="sprockets-directive", bases=bases)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files, with or without their suffix, and the directories."""
        bases = claim.bases or world.fact("sprockets roots", _roots)
        for place in world.places(claim.wanted, bases, file):
            yield from (place + suffix for suffix in _SUFFIXES)


def _roots(world: World) -> tuple[str, ...]:
    """Return the directories that hold assets of one kind, but those that moves brought."""
    stayed = (_ROOT.match(path) for path in world.files if path not in world.arrived)
    return tuple(sorted({found[0] for found in stayed if found}))
