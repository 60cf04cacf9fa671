"""Which parts of a file are JavaScript, TypeScript or styles: all of it, or the blocks of a component."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.sought import Sought
from mothball.core.references.standing import Parity, around

_QUOTE: Final = re.compile(rb"[\"'`]")
_BLOCK: Final = re.compile(r"<(?P<tag>script|style)\b(?P<attributes>[^>]{0,2000})>", re.IGNORECASE)
_FRONTMATTER: Final = re.compile(r"\A\s*---[^\n]*\n")
_STATEMENT: Final = re.compile(r"^(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*", re.MULTILINE)
_OTHER: Final = re.compile(
    r"""type\s*=\s*["']?(?!module|text/javascript|application/javascript|text/babel)\w"""
)
COMPONENTS: Final = (".vue", ".svelte", ".astro", ".html", ".htm")
# What bundlers write, and not what is written about them: tests and plugins hold the same words in strings.
_BUNDLED: Final = re.compile(
    r"^/\*{3}(?:\*{3})?/[ \t]+\S|// webpackBootstrap|^\s*__webpack_require__\.\w+\("
    r"|^\s*(?:var|let|const|function)\s+__webpack_\w+__\b"
    r"|webpack(?:Chunk(?!Name)|Jsonp)\w*[\"']?\]?\s*(?:=|\|\||\()|\bparcelRequire\w*\s*="
    r"|^\(function webpackUniversalModuleDefinition|Cannot find module '[\"']\+\w+\+[\"']'"
    r"|For license information please see|^/\*! \w+ v[\d.]+ \|",
    re.MULTILINE,
)
_HEAD: Final = 3000
_LARGE: Final = 50_000
_WIDE: Final = 400
"""Nobody writes so large a program with so many characters in a line."""


def is_built(text: str) -> bool:
    """Say whether a bundler made a text: what it names was there when it was made."""
    if _BUNDLED.search(text, 0, _HEAD) is not None:
        return True
    return len(text) > _LARGE and text.count("\n") * _WIDE < len(text)


def may_name(text: str, sought: Sought) -> bool:
    """Say whether one of the names stands where a program names files: between quotes, or holds one."""
    if sought.standing is None:
        return True
    content = text.encode("utf-8", "surrogatepass")
    templates = Parity(content, b"`")
    for start, end in sought.standing.places(content):
        before, behind = around(content, start, end)
        quoted = _QUOTE.search(before) and _QUOTE.search(behind)
        if quoted or _QUOTE.search(content[start:end]) or templates.is_odd(start):
            return True
    return False


def scripts(text: str, path: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of each part of a file that is a program."""
    lower = path.lower()
    if lower.endswith(".mdx"):
        yield from ((found.start(), found[0]) for found in _STATEMENT.finditer(text))
    elif lower.endswith(COMPONENTS):
        front = _FRONTMATTER.match(text) if lower.endswith(".astro") else None
        if front and (close := text.find("\n---", front.end() - 1)) >= 0:
            yield front.end(), text[front.end() : close]
        for _, offset, code, attributes in _blocks(text, "script"):
            if not _OTHER.search(attributes):
                yield offset, code
    else:
        yield 0, text


def styles(text: str, path: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of each part of a file that is a style sheet."""
    if path.lower().endswith(COMPONENTS):
        yield from ((offset, code) for _, offset, code, _ in _blocks(text, "style"))
    else:
        yield 0, text


def outside(text: str) -> str:
    """Return a component with blanks where its scripts and styles are, offsets kept."""
    pieces, at = [], 0
    for start, offset, code, _ in _blocks(text, None):
        pieces += [text[at:offset], re.sub(r"[^\n]", " ", code)]
        at = offset + len(code)
        del start
    return "".join([*pieces, text[at:]])


def _blocks(text: str, tag: str | None) -> Iterator[tuple[int, int, str, str]]:
    at = 0
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose lower case is longer would shift every offset
        lower = text
    while match := _BLOCK.search(text, at):
        name = match["tag"].lower()
        close = lower.find("</" + name, match.end())
        close = len(text) if close < 0 else close
        if tag in {None, name}:
            yield match.start(), match.end(), text[match.end() : close], match["attributes"]
        at = max(close, match.end())
