"""Pages in AsciiDoc: includes, images, links to other pages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, Claim, Severity
from mothball.core.references.pages.books import PAGES, ids_in, pages_with
from mothball.core.references.pages.markdown_blocks import claims_of_code
from mothball.core.references.pages.sites import settled
from mothball.core.references.pages.targets import target_of
from mothball.core.references.papers import is_record
from mothball.core.references.reader import Reader, takes
from mothball.core.references.world import World, join
from mothball.core.tree import parent, parents

_MACRO: Final = re.compile(
    r"(?<![\w\\])(?P<macro>include::|image::?|video::|audio::|xref:|link:|plantuml::|<<)"
    r"(?P<path>[^\s\[\]<>,]{1,500})"
    r"(?:\[|(?=[,>]))"
)
_IS_ID: Final = re.compile(r"#?[^\W\d][\w:.-]*(?<!\.adoc)(?<!\.asciidoc)(?<!\.html)")
_ATTRIBUTE: Final = re.compile(r":(?P<name>[\w-]{1,60}):[ \t]+(?P<value>\S.*?)[ \t]*")
_USED: Final = re.compile(r"\{([\w-]{1,60})\}")
_FENCE: Final = re.compile(r"-{4,}|\.{4,}|`{3,}\w*")
_SOURCE: Final = re.compile(r"\[(?:source|%[\w,%]+source)?,?\s*(?P<language>[\w-]*)[^\]]*\]")
_SURE: Final = re.compile(r"^include::\S+\[|\b(?:link|xref):\S+\[", re.MULTILINE)
_FILES: Final = frozenset({"stylesheet", "copycss", "pdf-theme", "bibtex-file", "epub3-stylesdir"})
"""Attributes that name a file beside the document."""
_LONGEST: Final = 10_000
_NEAR: Final = 3
_SUFFIXES: Final = (".adoc", ".asciidoc", ".asc", ".txt")
_FAMILIES: Final = {
    "partial": "partials",
    "example": "examples",
    "page": "pages",
    "image": "images",
    "attachment": "attachments",
}


class AsciiDoc(Reader):
    """AsciiDoc, alone or as a module of Antora; of plain text only what no other text looks like."""

    kind = "adoc"
    files: ClassVar[tuple[str, ...]] = ("*.adoc", "*.asciidoc", "*.asc", "*.adoc.inc", "*.txt")

    facts: ClassVar[tuple[str, ...]] = PAGES

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what macros name and what blocks of shell run."""
        record = is_record(path)
        attributes: dict[str, str] = {"docdir": ".", "asciidoctorconfigdir": ".", "partialsdir": "partial$"}
        lines = text.split("\n")
        language, opened = "", (0, "")
        plain = path.lower().endswith(".txt")
        if plain and not _SURE.search(text):
            return
        for number, line in enumerate(lines, 1):
            stripped = line.strip()
            if opened[1]:
                if stripped == opened[1]:
                    shown = () if plain else lines[opened[0] : number - 1]
                    yield from claims_of_code(language, shown, opened[0] + 1, prose=record)
                    language, opened = "", (0, "")
                elif not stripped.startswith("include::"):
                    continue
            elif _FENCE.fullmatch(stripped[:80]) and not _underlines(line, lines[number - 2 : number - 1]):
                opened = (number, stripped[:3] if stripped.startswith("`") else stripped)
                language = stripped[3:] if stripped.startswith("`") else language
                continue
            elif stripped.startswith("//"):
                continue
            elif found := _ATTRIBUTE.fullmatch(line[:2000]):
                yield from _attribute(found, number, attributes)
            elif source := _SOURCE.fullmatch(stripped[:200]):
                language = source["language"].lower()
            yield from _macros(line, number, attributes, record=record)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what Asciidoctor takes, seen from the page, and Antora, seen from the module it is in."""
        if claim.lookup == "id":
            yield from pages_with(claim.wanted, file, world)
            return
        if claim.lookup != "macro":
            yield from world.places(claim.wanted, claim.bases, file)
            return
        name = claim.wanted
        yield from _of_antora(name, claim.kind, file, world)
        for base in dict.fromkeys((parent(file), *(parents(file) if claim.kind == "adoc-image" else ()), "")):
            path = join(base, name)
            if path:
                yield path
                yield path + ".adoc"
                yield from (path.removesuffix(".html") + suffix for suffix in _SUFFIXES)

    def needles(self, gone: Iterable[str], world: World) -> Iterator[str]:
        """Yield the ids in the pages that go."""
        wanted = set(gone)
        for path, text in world.texts.items():
            if path in wanted and takes(PAGES, path):
                yield from ids_in(text)


def _underlines(line: str, above: Sequence[str]) -> bool:
    """Say whether a row of signs makes the line above it a title: then it is about as long."""
    title = above[0].rstrip() if above else ""
    return title[:1].isalnum() and abs(len(title) - len(line.rstrip())) < _NEAR


def _attribute(found: re.Match[str], line: int, attributes: dict[str, str]) -> Iterator[Claim]:
    """Take what a document sets, and yield the file that it may name."""
    name, value = found["name"], _filled(found["value"], attributes)
    attributes[name] = value
    if name in _FILES and "{" not in value:
        directory = attributes.get("stylesdir", "") if name == "stylesheet" else ""
        yield Claim(
            line=line,
            column=found.start("value") + 1,
            text=found["value"],
            kind="adoc-attribute",
            name=f"{directory}/{value}" if directory else value,
            bases=(HERE,),
        )


def _filled(text: str, attributes: dict[str, str]) -> str:
    return _USED.sub(lambda found: attributes.get(found[1], found[0])[:500], text)


def _macros(line: str, number: int, attributes: dict[str, str], *, record: bool) -> Iterator[Claim]:
    if len(line) > _LONGEST or (":" not in line and "<<" not in line):
        return
    for found in _MACRO.finditer(line):
        macro, raw = found["macro"].rstrip(":"), found["path"]
        if macro in {"<<", "xref"} and _IS_ID.fullmatch(raw):
            yield _anchored(raw, number, found.start("path") + 1, prose=record)
            continue
        filled = _filled(raw, attributes)
        if (
            macro == "image"
            and "imagesdir" in attributes
            and not filled.startswith(("/", "http"))
            and "$" not in filled
        ):
            filled = f"{attributes['imagesdir']}/{filled}"
        name = target_of(filled) if ":" not in filled or "://" in filled else filled.partition("#")[0]
        if not name or "{" in name:
            continue
        included = macro == "include"
        yield Claim(
            line=number,
            column=found.start("path") + 1,
            text=raw,
            kind="adoc-link" if macro == "<<" else f"adoc-{macro}",
            name=name,
            severity=Severity.HARD if included else Severity.LINK,
            bases=(HERE, ABOVE),
            lookup="macro",
            prose=record and not included,
            firm="." in name and "$" not in name and ":" not in name,
        )


def _anchored(raw: str, line: int, column: int, *, prose: bool) -> Claim:
    return Claim(
        line=line,
        column=column,
        text=raw,
        kind="adoc-id",
        name=raw.removeprefix("#"),
        severity=Severity.LINK,
        lookup="id",
        prose=prose,
    )


def _of_antora(name: str, kind: str, file: str, world: World) -> Iterator[str]:
    """Yield what ``module:family$path`` means: nothing outside of ``modules``."""
    root, mark, rest = file.rpartition("/modules/")
    if not mark:
        root, mark, rest = ("", "modules/", file[8:]) if file.startswith("modules/") else ("", "", "")
    if not mark:
        return
    module, family = rest.partition("/")[0], "images" if kind in {"adoc-image", "adoc-video"} else "pages"
    *scope, name = name.split(":")
    module = scope[-1] if scope and scope[-1] else ("ROOT" if len(scope) > 1 else module)
    prefix, dollar, tail = name.partition("$")
    if dollar:
        family, name = _FAMILIES.get(prefix, prefix), tail
    path = join(f"{root}/modules/{module}/{family}".lstrip("/"), name)
    if path:
        yield path
    if dollar or scope:
        for other in world.fact("antora-modules", _modules):
            yield f"{other}/{module}/{family}/{name}"


def _modules(world: World) -> list[str]:
    return sorted(path for path in settled(world) if path == "modules" or path.endswith("/modules"))
