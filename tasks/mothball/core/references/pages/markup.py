"""Places in running text that name a file: attributes of HTML, tags of templates and of site builders."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final

from mothball.core.references.claims import ABOVE, HERE, Claim, Severity
from mothball.core.references.pages.tags import Place, claims_of_liquid
from mothball.core.references.pages.targets import LINK, SCRIPT, target_of

_ATTRIBUTE: Final = re.compile(
    r"(?<![\w-])(?P<key>href|src|srcset|poster|action|formaction|cite|background|manifest|xlink:href|data"
    r"|data-(?:src|href|url|file|main|include|image|background|lazy-src)|(?:light"
    r"|dark)-src)\s{0,9}=\s{0,9}\{?\s{0,9}"
    r"(?:\"(?P<double>[^\"\n]{1,4000})\"|'(?P<single>[^'\n]{1,4000})'|(?P<bare>[^\s\"'<>=`{}]{1,4000}))",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(
    r"(?:\brequire(?:\.resolve)?|\buseBaseUrl|\bwithBase|\burl)\(\s{0,9}(?P<quote>['\"])"
    r"(?P<path>[^'\"\n]{1,1000})(?P=quote)"
)
_FROM: Final = re.compile(
    r"^[ \t]{0,3}(?:import|export)\b[^'\"\n]{0,500}['\"]"
    r"(?P<path>\.{1,2}/[^'\"\n]{1,1000}|@site/[^'\"\n]{1,1000})['\"]",
    re.MULTILINE,
)
_SPACES: Final = re.compile(r"[^\n]")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def without_comments(text: str) -> str:
    """Return the text with blanks for what stands in comments of HTML, so that offsets stay the same."""
    return _COMMENT.sub(lambda found: _SPACES.sub(" ", found.group()), text) if "<!--" in text else text


def claims_of_attributes(text: str, place: Place, kind: str, *, prose: bool = False) -> Iterator[Claim]:
    """Yield what attributes of HTML or JSX name; comments must be blanked out."""
    if "=" in text and "<" in text:
        for found in _ATTRIBUTE.finditer(text):
            group = found.lastgroup or ""
            severity = _severity(text, found) if kind.startswith("html") else Severity.LINK
            for offset, raw in _values(found["key"], found[group], found.start(group)):
                yield from link_claim(raw, place(offset), kind, prose=prose, severity=severity)
    if "(" in text:
        for found in _CALLED.finditer(text):
            yield from link_claim(found["path"], place(found.start("path")), kind, prose=prose)


def claims_of_imports(text: str, place: Place, kind: str) -> Iterator[Claim]:
    """Yield what the import lines of a page name that is a module as well."""
    for found in _FROM.finditer(text) if "port" in text else ():
        raw = found["path"]
        line, column = place(found.start("path"))
        site = raw.startswith("@site/")
        yield Claim(
            line=line,
            column=column,
            text=raw,
            kind=kind,
            name=raw.removeprefix("@site/").partition("?")[0],
            bases=(ABOVE,) if site else (HERE,),
            lookup=SCRIPT,
            firm=not site,
            carries=True,
        )


def link_claim(
    raw: str,
    at: tuple[int, int],
    kind: str,
    *,
    prose: bool = False,
    severity: Severity = Severity.LINK,
) -> Iterator[Claim]:
    """Yield the claim of a destination as it is written, unless it leads elsewhere."""
    name = target_of(unescape(raw) if "&" in raw else raw)
    if not name:
        return
    line, column = at
    suffixed = "." in name.rpartition("/")[2]
    yield Claim(
        line=line,
        column=column,
        text=raw,
        kind=kind,
        name=name,
        severity=severity,
        bases=(HERE,),
        lookup=LINK,
        prose=prose,
        firm=suffixed and not name.startswith(("/", "@", "~")),
    )


def _severity(text: str, found: re.Match[str]) -> Severity:
    tag = text[text.rfind("<", max(0, found.start() - 400), found.start()) :][:8].lower()
    loads = tag.startswith(("<script", "<link", "<iframe", "<frame", "<object", "<embed"))
    return Severity.HARD if loads else Severity.LINK


def _values(key: str, value: str, offset: int) -> Iterable[tuple[int, str]]:
    if not key.lower().endswith("srcset"):
        start = len(value) - len(value.lstrip())
        return [(offset + start, value.strip())]
    return [
        (offset + one.start(), one.group())
        for one in re.finditer(r"(?<![^\s,])[^\s,]+(?=[\s,]|\Z)", value)
        if not re.fullmatch(r"[\d.]+[wxh]", one.group())
    ]


_ENGINE: Final = re.compile(
    r"\{%-?\s{0,9}(?P<verb>extends|include|import|from|layout|render|section|embed|ssi)\s{1,9}"
    r"(?P<quote>['\"])"
    r"(?P<path>[^'\"\n]{1,500})(?P=quote)|<%-?\s{0,9}include\(\s{0,9}['\"](?P<ejs>[^'\"\n]{1,500})['\"]"
    r"|\{\{>\s{0,9}(?P<partial>[\w./-]{1,300})"
    r"|\{\{[^{}\n]{0,200}?\b(?:partial(?:Cached)?|template)\s{1,9}\"(?P<hugo>[^\"\n]{1,300})\""
)
_STATIC: Final = re.compile(
    r"(?:\{%-?\s{0,9}static\s{1,9}"
    r"|url_for\(\s{0,9}['\"]static['\"]\s{0,9},\s{0,9}filename\s{0,3}=\s{0,3}"
    r"|(?:pathto|static_url|static|asset_url|asset_path)\(\s{0,9}"
    r"|\{\{[^{}\n]{0,200}?\bresources\.(?:Get|GetMatch|Match)\s{1,9})"
    r"(?P<quote>['\"])(?P<path>[^'\"\n]{1,500})(?P=quote)"
)


def claims_of_templates(text: str, place: Place) -> Iterator[Claim]:
    """Yield what a template extends, includes or serves from a directory of static files."""
    if "{" not in text and "<%" not in text:
        return
    yield from claims_of_liquid(text, place)
    for found in _ENGINE.finditer(text):
        group = next(one for one in ("path", "ejs", "partial", "hugo") if found[one])
        yield from _template(
            found[group], place(found.start(group)), "html-template", "template", (HERE, ABOVE)
        )
    for found in _STATIC.finditer(text):
        yield from _template(found["path"], place(found.start("path")), "html-static", "static", (HERE,))


def _template(
    raw: str, at: tuple[int, int], kind: str, lookup: str, bases: tuple[str, ...]
) -> Iterator[Claim]:
    if not _ELSEWHERE.search(raw):
        line, column = at
        yield Claim(line=line, column=column, text=raw, kind=kind, bases=bases, lookup=lookup)


_ELSEWHERE: Final = re.compile(r"://|\{\{|\{%|<%")
