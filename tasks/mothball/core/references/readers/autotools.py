"""Lists of autoconf and gettext: what is made of templates, translations, the sources they are of."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, Claim, Severity
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines

_MACRO: Final = re.compile(
    r"\b(?P<name>AC_(?:CONFIG_(?:FILES|SUBDIRS|SRCDIR|AUX_DIR|MACRO_DIRS?)|OUTPUT)|m4_s?include)"
    r"\(\s*\[*(?P<body>[^\])]*)"
)
_LANGUAGES: Final = re.compile(r"\bALL_LINGUAS=[\"'](?P<body>[^\"']*)[\"']")
_COMMENT: Final = re.compile(r"(?:\bdnl\b|(?<!\S)#)[^\n]*")
_WORD: Final = re.compile(r"[^\s,]+")
_OUTPUTS: Final = frozenset({"AC_CONFIG_FILES", "AC_OUTPUT"})


class Autotools(Reader):
    """Reads what configure and gettext read."""

    kind: ClassVar[str] = "autotools"
    files: ClassVar[tuple[str, ...]] = (
        "configure.ac", "configure.in", "LINGUAS", "POTFILES", "POTFILES.in", "POTFILES.skip",
    )  # fmt: skip

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the files that are listed."""
        lines = Lines(text)
        clean = _COMMENT.sub(lambda found: " " * len(found[0]), text)
        name = path.rpartition("/")[2]
        if name.startswith("configure."):
            for found in _MACRO.finditer(clean):
                yield from _listed(clean, found.span("body"), lines, "autoconf-list", made=found["name"])
            for found in _LANGUAGES.finditer(clean):
                yield from _listed(clean, found.span("body"), lines, "autoconf-languages", "po/{}.po")
        elif name == "LINGUAS":
            yield from _listed(clean, (0, len(clean)), lines, "gettext-languages", "{}.po")
        else:
            sources = re.sub(r"\[[^\]\n]*\]", lambda found: " " * len(found[0]), clean)
            yield from _listed(sources, (0, len(sources)), lines, "gettext-sources")


def _listed(
    text: str, span: tuple[int, int], lines: Lines, kind: str, name: str = "{}", *, made: str = ""
) -> Iterator[Claim]:
    for found in _WORD.finditer(text, *span):
        raw = found[0]
        if "$" in raw or "*" in raw:
            continue
        line, column = lines.at(found.start())
        yield Claim(
            line=line,
            column=column,
            text=raw,
            kind=kind,
            name=_template(raw) if made in _OUTPUTS else name.format(raw),
            severity=Severity.CONFIG if kind == "gettext-sources" else Severity.HARD,
            bases=(ABOVE,) if kind == "gettext-sources" else (HERE,),
        )


def _template(raw: str) -> str:
    """Return what an output is made of, which is told behind a colon or has another suffix."""
    made, sign, sources = raw.partition(":")
    return sources.partition(":")[0] if sign else f"{made}.{{in,am}}"
