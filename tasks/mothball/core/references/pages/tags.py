"""Tags by which template languages and site builders name a file in running text."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mothball.core.references.claims import ABOVE, HERE, Claim, Severity
from mothball.core.references.pages.targets import LINK, SHORTCODE, SNIPPET, target_of

Place = Callable[[int], tuple[int, int]]
"""Turns an offset into a line and a column."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A form in which a site builder names a file: the pattern has a group ``path``."""

    kind: str
    pattern: re.Pattern[str]
    bases: tuple[str, ...]
    severity: Severity = Severity.HARD
    lookup: str = ""
    prefix: str = ""
    suffix: str = ""


_QUOTED: Final = r"(?P<quote>['\"]?)(?P<path>[^'\"\s%{}>|]{1,500})(?P=quote)"
_NEAR: Final = (HERE, ABOVE)
_LIQUID: Final = (
    Tag("jekyll-link", re.compile(r"\{%-?\s{0,9}link\s{1,9}" + _QUOTED), (ABOVE,), Severity.HARD),
    Tag(
        "jekyll-post",
        re.compile(r"\{%-?\s{0,9}post_url\s{1,9}" + _QUOTED),
        (ABOVE,),
        Severity.HARD,
        LINK,
        "_posts/",
    ),
    Tag(
        "jekyll-include",
        re.compile(r"\{%-?\s{0,9}include(?:_cached)?\s{1,9}" + _QUOTED),
        (ABOVE,),
        prefix="_includes/",
    ),
    Tag(
        "jekyll-data",
        re.compile(r"\{[{%][^{}\n]{0,200}?\bsite\.data\.(?P<path>[\w-]{1,100})"),
        (ABOVE,),
        prefix="_data/",
        suffix="{,.*}",
    ),
    Tag(
        "hugo-data",
        re.compile(r"\{\{[^{}\n]{0,200}?(?:\.Site|\bsite|\bhugo)\.Data\.(?P<path>\w{1,100})"),
        (ABOVE,),
        prefix="data/",
        suffix="{,.*}",
    ),
    Tag(
        "page-link",
        re.compile(
            r"\{\{-?\s{0,9}(?P<quote>['\"])(?P<path>[^'\"\n{}]{1,500})(?P=quote)\s{0,9}\|\s{0,9}"
            r"(?:relative_url|absolute_url|relURL|absURL|relLangURL|absLangURL|url)\b"
        ),
        (HERE,),
        Severity.LINK,
        LINK,
        "/",
    ),
    Tag(
        "page-link",
        re.compile(
            r"\{\{-?\s{0,9}(?:site\.(?:base_?url|url|github\.url)|base_?url)\s{0,9}-?\}\}"
            r"(?P<path>/[^\s\"'()<>{}]{1,500})"
        ),
        (HERE,),
        Severity.LINK,
        LINK,
        "/",
    ),
)
"""What Liquid and its like name, in pages and in layouts."""
_TAGS: Final = (
    *_LIQUID,
    Tag(
        "hugo-shortcode",
        re.compile(r"\{\{[<%]\s{0,9}(?P<path>[A-Za-z_][\w./-]{0,100})(?=[\s/>%])"),
        (HERE,),
        lookup=SHORTCODE,
    ),
    Tag(
        "page-include",
        re.compile(
            r"\{%-?\s{0,9}(?:include|include_relative|include-markdown|extends|import|from|embed)\s{1,9}"
            + _QUOTED
        ),
        (HERE, ABOVE, "./docs", "docs", "docs/snippets"),
    ),
    Tag(
        "snippet",
        re.compile(
            r"^[ \t]*-{1,9}8<-{1,9}[ \t]{1,9}(?P<quote>['\"])(?!;)(?P<path>[^'\"\n:]{1,500})", re.MULTILINE
        ),
        (ABOVE, "docs", HERE, "includes", "docs/snippets", "snippets", "docs/includes"),
        lookup=SNIPPET,
    ),
    Tag(
        "page-include",
        re.compile(r"\{!>?\s{0,9}(?P<path>[^!\s{}]{1,500})\s{0,9}(?:\[[^\]\n]{0,80}\]\s{0,9})?!\}"),
        (ABOVE, HERE, "docs", "docs/en/docs", "docs_src"),
    ),
    Tag(
        "page-include",
        re.compile(r"\{\*\s{1,9}(?P<path>[^\s*{}]{1,500})[^*\n]{0,200}\*\}"),
        (HERE, ABOVE, "docs/en"),
    ),
    Tag(
        "book-include",
        re.compile(
            r"\{\{#\s{0,9}(?:include|rustdoc_include|playground|playpen|embed)\s{1,9}"
            r"(?P<path>[^:\s{}]{1,500})"
        ),
        (HERE,),
    ),
    Tag(
        "page-reference",
        re.compile(r"\{\{[<%]\s{0,9}(?:rel)?ref\s{1,9}(?:path\s{0,9}=\s{0,9})?" + _QUOTED),
        (HERE,),
        Severity.LINK,
        LINK,
    ),
    Tag(
        "page-include",
        re.compile(
            r"\{\{[<%]\s{0,9}(?:include|embed|readfile|include-code|codenew|code_sample)\s{1,9}(?:file\s{0,9}=\s{0,9})?"
            r"(?P<quote>['\"]?)(?P<path>[^'\"\s#%{}>]{1,500})"
        ),
        (HERE, ABOVE, "content"),
    ),
    Tag(
        "page-include",
        re.compile(r"<!--\s{0,9}@include:\s{0,9}(?P<path>[^\s{}>#]{1,500}?)(?=[\s{#]|--)"),
        _NEAR,
    ),
    Tag("page-include", re.compile(r"^<<<\s{1,9}(?:@/)?(?P<path>[^\s{}#\[]{1,500})", re.MULTILINE), _NEAR),
    Tag("page-include", re.compile(r"^@import\s{1,9}\"(?P<path>[^\"\n]{1,500})\"", re.MULTILINE), (HERE,)),
    Tag(
        "page-include",
        re.compile(r"<!--\s{0,9}#include\s{1,9}(?:virtual|file)=\"(?P<path>[^\"\n]{1,500})\""),
        _NEAR,
    ),
)


def claims_of_tags(text: str, place: Place) -> Iterator[Claim]:
    """Yield what the tags of template languages and site builders name in a page."""
    if (
        "{" not in text
        and "8<" not in text
        and "<!--" not in text
        and "<<<" not in text
        and "@import" not in text
    ):
        return
    yield from _tagged(text, place, _TAGS)


def _tagged(text: str, place: Place, tags: Iterable[Tag]) -> Iterator[Claim]:
    for tag in tags:
        for found in tag.pattern.finditer(text):
            raw = found["path"]
            if "://" in raw:
                continue
            name = tag.prefix + raw.lstrip("/") + tag.suffix if tag.prefix else raw
            line, column = place(found.start("path"))
            yield Claim(
                line=line,
                column=column,
                text=raw,
                kind=tag.kind,
                name=target_of(name) if tag.lookup == LINK else name,
                severity=tag.severity,
                bases=tag.bases,
                lookup=tag.lookup,
            )


def claims_of_liquid(text: str, place: Place) -> Iterator[Claim]:
    """Yield what the tags of Liquid name, in a page or in what it is laid out with."""
    yield from _tagged(text, place, _LIQUID)
