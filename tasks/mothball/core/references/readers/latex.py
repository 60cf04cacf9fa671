"""Documents in LaTeX: what they input, the pictures, packages, bibliographies and data that they name."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final, NamedTuple

from mothball.core.references.claims import ABOVE, HERE, Claim
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World


class _Command(NamedTuple):
    """What a command may leave off its argument, and the directories where pictures usually are."""

    suffixes: tuple[str, ...]
    bases: tuple[str, ...] = (HERE, ABOVE)


_PICTURES: Final = _Command(
    ("", ".pdf", ".png", ".jpg", ".jpeg", ".eps", ".svg", ".tikz", ".pgf"),
    (HERE, ABOVE, "./figures", "./images", "./img", "./figs"),
)
_SOURCES: Final = _Command(("", ".tex", ".tikz", ".pgf"), _PICTURES.bases)
_FILES: Final = _Command(("",))
_BIBLIOGRAPHY: Final = _Command((".bib", ""))
_COMMANDS: Final = {
    **dict.fromkeys(
        ("input", "include", "includeonly", "subfile", "subfileinclude", "import", "subimport", "includefrom",
         "subincludefrom", "inputfrom", "subinputfrom", "loadglsentries", "externaldocument"),
        _SOURCES,
    ),
    **dict.fromkeys(("includegraphics", "includesvg", "includepdf", "includestandalone"), _PICTURES),
    **dict.fromkeys(("bibliography", "addbibresource", "addglobalbib"), _BIBLIOGRAPHY),
    **dict.fromkeys(
        ("lstinputlisting", "verbatiminput", "VerbatimInput", "inputminted", "pgfplotstableread",
         "pgfplotstabletypeset", "csvreader", "csvautotabular", "csvloop", "DTLloaddb"),
        _FILES,
    ),
    "bibliographystyle": _Command((".bst",)),
    "usepackage": _Command((".sty",)),
    "RequirePackage": _Command((".sty",)),
    "RequirePackageWithOptions": _Command((".sty",)),
    "documentclass": _Command((".cls",)),
    "LoadClass": _Command((".cls",)),
}  # fmt: skip
_OPTIONS: Final = r"(?:\[[^\[\]\n]{0,500}(?:\[[^\[\]\n]{0,200}\][^\[\]\n]{0,200}){0,5}\])?"
_NAMED: Final = "|".join(sorted(_COMMANDS, key=len, reverse=True))
_USED: Final = re.compile(
    r"(?<!\\)%[^\n]*+"
    r"|\\begin\{(?P<shown>verbatim\*?|[BL]?Verbatim\*?|lstlisting|minted|comment)\}(?s:.*?)\\end\{(?P=shown)\}"
    r"|\\documentclass\[(?P<main>[^\]\n]{1,300})\]\{subfiles\}"
    r"|\\input[ \t]+(?P<bare>[\w./-]{1,300})"
    rf"|\\(?P<command>{_NAMED})(?![A-Za-z])\*?\s*{_OPTIONS}\s*{_OPTIONS}\s*"
    rf"(?:\{{(?P<before>[^{{}}\n]*+)\}}\s*{_OPTIONS}\s*(?=\{{))?\{{(?P<names>[^{{}}]{{1,2000}})\}}"
)
_SECOND: Final = frozenset({"inputminted", "DTLloaddb"})
"""Commands of which the first argument names no file."""
_JOINED: Final = frozenset(
    {"import", "subimport", "includefrom", "subincludefrom", "inputfrom", "subinputfrom"}
)
"""Commands of which the first argument is the directory of the second."""
_MANY: Final = frozenset({"bibliography", "includeonly", "usepackage", "RequirePackage"})
"""Commands that take several names, with commas between them."""
_SEARCHED: Final = re.compile(
    r"^[^%\n]*\\graphicspath\s*\{(?P<paths>(?:\s*\{[^{}\n]*\})+)\s*\}", re.MULTILINE
)
_NAME: Final = re.compile(r"[^\s,](?:[^,\n]*[^\s,])?")
_WHOLE: Final = re.compile(r"\S(?:[^\n]*\S)?")


class LaTeX(Reader):
    """Reads what LaTeX and BibTeX read; a document is set from its own directory, a part from one above."""

    kind: ClassVar[str] = "latex"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("*.tex", "*.sty", "*.cls", "*.ltx", "*.rnw", "*.tikz")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what commands name that are in no comment."""
        del path
        lines = Lines(text)
        pictures = (*_PICTURES.bases, *_searched(text))
        for found in _USED.finditer(text):
            command, group, prefix = _argument(found)
            for name in (_NAME if command in _MANY else _WHOLE).finditer(text, *found.span(group)):
                line, column = lines.at(name.start())
                yield Claim(
                    line=line,
                    column=column,
                    text=name[0],
                    kind="latex-input",
                    name=prefix + name[0].strip('"').lstrip("/"),
                    bases=pictures if _COMMANDS[command] is _PICTURES else _COMMANDS[command].bases,
                    lookup=command,
                    carries=True,
                    firm=name[0].startswith("."),
                )

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that a name may mean, with the suffixes that the command adds."""
        for suffix in _COMMANDS[claim.lookup].suffixes:
            yield from world.places(claim.wanted + suffix, claim.bases, file)


def _searched(text: str) -> list[str]:
    """Return the directories that a text sets for pictures."""
    found = (one["paths"] for one in _SEARCHED.finditer(text))
    return [HERE + one.strip() for paths in found for one in re.findall(r"\{([^{}\n]*)\}", paths)]


def _argument(found: re.Match[str]) -> tuple[str, str, str]:
    """Return a command, the group that holds what it names, and the directory that this is in.

    A comment is no command, nor is what is only shown: their group is empty.
    """
    if found["command"] is None:
        return "input", "main" if found["main"] else "bare", ""
    command, before = found["command"], found["before"] or ""
    if not before or command in _SECOND:
        return command, "names", ""
    # What follows the only argument of a command is text.
    return (command, "names", f"{before}/") if command in _JOINED else (command, "before", "")
