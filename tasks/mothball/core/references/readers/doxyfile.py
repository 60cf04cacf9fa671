"""Doxygen's configuration: what is documented, and the files that pages are made with."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines

_OPTION: Final = re.compile(
    r"^[ \t]*(?P<key>INPUT|EXCLUDE|(?:EXAMPLE|IMAGE|INCLUDE|PLANTUML_INCLUDE)_PATH|(?:DOT|MSC|DIA)FILE_DIRS"
    r"|USE_MDFILE_AS_MAINPAGE|LAYOUT_FILE|(?:HTML|LATEX|RTF)_(?:HEADER|FOOTER|STYLESHEET|EXTRA_STYLESHEET"
    r"|EXTRA_FILES|STYLESHEET_FILE)|CITE_BIB_FILES|PROJECT_LOGO|@INCLUDE)[ \t]*\+?="
    r"(?P<value>(?:[^\n\\]|\\\r?\n|\\.)*+)",
    re.MULTILINE,
)
_WORD: Final = re.compile(r'"(?P<quoted>[^"\n]*)"|(?P<plain>[^\s"\\]+)')
_TOP: Final = re.compile(r"(?:@\w+@|\$\([^()]*\)|\$\{[^{}]*\})/")


class Doxyfiles(Reader):
    """Reads what Doxygen reads; it runs where the file is, or in the root."""

    kind: ClassVar[str] = "doxygen"
    files: ClassVar[tuple[str, ...]] = (
        *("Doxyfile", "Doxyfile[._-]*", "*.doxyfile", "*.doxy", "*.doxygen", "*.doxyfile.in", "*.doxy.in"),
        "*.doxygen.in",
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the files and directories that options name; what is excluded need not be there."""
        del path
        lines = Lines(text)
        for option in _OPTION.finditer(text):
            for found in _WORD.finditer(text, option.start("value"), option.end("value")):
                group = found.lastgroup or "plain"
                top = _TOP.match(found[group])
                name = found[group][top.end() if top else 0 :]
                if not name.strip("./") or len(name) > 1000:
                    continue
                line, column = lines.at(found.start(group))
                yield Claim(
                    line=line,
                    column=column,
                    text=found[group],
                    kind="doxygen-path",
                    name=name,
                    severity=Severity.CONFIG,
                    bases=(ROOT, ABOVE) if top else (HERE, ROOT),
                    prose=option["key"] == "EXCLUDE",
                )
