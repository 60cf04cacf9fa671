"""Perl's lists of words: ``qw(scripts/a.pl scripts/b.pl)``."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import Claim
from mothball.core.references.reader import Reader
from mothball.core.references.shell.places import has_suffix
from mothball.core.references.syntax import Place, Spans
from mothball.core.references.texts import Lines

_LIST: Final = re.compile(
    r"\bqw\s{0,9}(?:\((?P<round>[^()]*+)\)|\[(?P<square>[^\[\]]*+)\]|\{(?P<curly>[^{}]*+)\}"
    r"|<(?P<angle>[^<>]*+)>|/(?P<slash>[^/]*+)/|\|(?P<bar>[^|]*+)\||!(?P<mark>[^!]*+)!)"
)
_WORD: Final = re.compile(r"\S+")
_LONGEST: Final = 500


class PerlLists(Reader):
    """Reads lists of quoted words, of which some are paths."""

    kind: ClassVar[str] = "perl"
    files: ClassVar[tuple[str, ...]] = ("*.pl", "*.pm", "*.t", "*.pl.in")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the words with a slash; one without a suffix may be as well a type or a module."""
        del path
        if "qw" not in text:
            return
        lines, spans = Lines(text), Spans(text, "perl")
        for found in _LIST.finditer(text):
            if spans.at(found.start()).place is not Place.CODE:
                continue
            for word in _WORD.finditer(text, *found.span(found.lastgroup or 0)):
                if "/" in word[0] and len(word[0]) < _LONGEST:
                    line, column = lines.at(word.start())
                    yield Claim(
                        line=line,
                        column=column,
                        text=word[0],
                        kind="perl-list",
                        doubtful=not has_suffix(word[0]),
                    )
