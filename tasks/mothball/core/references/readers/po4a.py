"""Configuration of po4a: the documents that are translated, where their translations go."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, ROOT, Claim
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines

_LISTED: Final = re.compile(
    r"^\[(?:type:|po4a_paths|po_directory)[^\]\n]*\](?P<names>(?:\\\n|[^\n])*)", re.MULTILINE
)
_WORD: Final = re.compile(r"(?:(?<!\S)|(?<=:))(?P<path>[\w.@+~-][\w./@+~-]*)(?=\s|\Z)")


class Po4a(Reader):
    """Reads what po4a reads; what it writes has the name of a language in it."""

    kind: ClassVar[str] = "translations"
    files: ClassVar[tuple[str, ...]] = ("po4a.cfg", "po4a.conf", "*.po4a.cfg", "po4a-*.cfg", "po4a*.conf")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the documents and catalogues that are listed."""
        del path
        lines = Lines(text)
        for found in _LISTED.finditer(text):
            for word in _WORD.finditer(text, *found.span("names")):
                line, column = lines.at(word.start("path"))
                yield Claim(
                    line=line,
                    column=column,
                    text=word["path"],
                    kind="translated-document",
                    bases=(HERE, ROOT),
                )
