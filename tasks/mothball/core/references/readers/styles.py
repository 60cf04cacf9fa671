"""Style sheets: CSS, Sass, Less, Stylus, and the styles inside components."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim
from mothball.core.references.javascript.manifests import FACTS
from mothball.core.references.javascript.search import modules
from mothball.core.references.javascript.source import styles
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World, join
from mothball.core.tree import parent, parents

# Every alternative takes what it began: no place of a text is looked at twice, however broken it is.
_PIECE: Final = re.compile(
    r"""
    (?P<block>/\*(?s:.*?)(?:\*/|\Z))
    | (?P<line>(?<![:\w"'(])//[^\n]*+)
    | @(?P<rule>import|use|forward|require|reference|config|plugin|source|value|include\ meta\.load-css)\b
      [^;{}\n]*+
    | (?P<composes>\bfrom\s+(?=["']))
    | \b(?:url|src|asset-url|image-url|inline-image)\(\s*
      (?:"(?P<double>[^"\n]*+)"|'(?P<single>[^'\n]*+)'|(?P<bare>[^\s"')]*+))
    """,
    re.VERBOSE,
)
_NAMES: Final = re.compile(r"""(?:"([^"\n]*)"|'([^'\n]*)'|url\(\s*([^\s"')]+))""")
_SUFFIXES: Final = ("", ".scss", ".sass", ".css", ".less", ".styl", ".pcss")


class Styles(Reader):
    """What style sheets import, and the images and fonts that they name."""

    kind = "style"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = (
        *("*.css", "*.scss", "*.sass", "*.less", "*.styl", "*.pcss", "*.postcss"),
        *("*.vue", "*.svelte", "*.astro", "*.html", "*.htm"),
    )
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield imports and addresses, in the order of the text."""
        lines = Lines(text)
        for offset, code in styles(text, path):
            for match in _PIECE.finditer(code):
                prose = match["block"] is not None or match["line"] is not None
                if match["rule"] or match["composes"] or prose:
                    yield from _imports(match, code, offset, lines, prose=prose)
                    continue
                group = next((one for one in ("double", "single", "bare") if match[one]), None)
                if group is not None:
                    yield from _claim(match[group], offset + match.start(group), lines, "style-url")

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the sheets that an import means, or the file of an address."""
        name = claim.wanted
        if name.startswith("/"):
            for above in (*parents(file), ""):
                for folder in ("public", "static", ""):
                    yield join(above, f"{folder}{name}") or ""
            return
        plain = name.removeprefix("~")
        if plain == name or plain.startswith(("@/", "/")):
            for above in (
                parent(file),
                *(f"{up}/{kept}".strip("/") for up in _above(file) for kept in _KEPT),
            ):
                yield from _sheets(above, plain, world)
        yield from modules(plain.removeprefix("/"), file, world)

    def needles(self, gone: Iterable[str], world: World) -> Iterable[str]:
        """Return the names of partials, which are imported without their underscore."""
        del world
        partials = (path.rpartition("/") for path in gone if path.endswith((".scss", ".sass")))
        for above, _, name in partials:
            if name.startswith("_index."):
                yield above.rpartition("/")[2]
            elif name.startswith("_"):
                yield name[1:].partition(".")[0]


_KEPT: Final = ("", "_sass", "src", "styles", "scss", "sass", "css")


def _above(file: str) -> Iterator[str]:
    yield from parents(file)
    yield ""


def _sheets(base: str, name: str, world: World) -> Iterator[str]:
    place = join(base, name)
    if not place:
        return
    above, _, last = place.rpartition("/")
    above = above + "/" if above else ""
    tried = [f"{above}{mark}{last}{suffix}" for suffix in _SUFFIXES for mark in ("", "_")]
    tried += [f"{place}/{index}{suffix}" for suffix in _SUFFIXES[1:] for index in ("_index", "index")]
    yield from (one for one in tried if one in world.files)
    if "*" in place:
        yield place


def _imports(match: re.Match[str], code: str, offset: int, lines: Lines, *, prose: bool) -> Iterator[Claim]:
    if prose and not ("import" in match[0] or "url(" in match[0]):
        return
    start, text = match.start(), match[0]
    if match["composes"]:
        found = _NAMES.match(code, match.end())
        names = [found] if found else []
        start = 0
    else:
        names = list(_NAMES.finditer(text))
    for one in names:
        group = one.lastindex or 0
        yield from _claim(
            one[group],
            offset + start + one.start(group),
            lines,
            "style-import",
            prose=prose,
            carries=not prose,
        )


def _claim(
    raw: str, offset: int, lines: Lines, kind: str, *, prose: bool = False, carries: bool = False
) -> Iterator[Claim]:
    name = raw.partition("?")[0].partition("#")[0]
    if not name or ":" in name or name.startswith("//"):
        return
    line, column = lines.at(offset)
    yield Claim(
        line=line,
        column=column,
        text=raw,
        name=name,
        kind=kind,
        bases=(HERE,),
        prose=prose,
        carries=carries,
        firm=name.startswith("."),
    )
