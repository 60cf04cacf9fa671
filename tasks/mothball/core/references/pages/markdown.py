"""Take a page in Markdown apart into blocks, and each block into what it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.pages.markdown_blocks import claims_of_code, claims_of_fence, front_matter
from mothball.core.references.pages.markdown_inline import Inline, link_of_definition
from mothball.core.references.pages.targets import LINK, RENDERED
from mothball.core.references.papers import is_decision, is_record

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_NESTED: Final = 6
_LARGE: Final = 1_500_000
_LONG: Final = 60_000
"""Texts of more characters, or of more lines and cells, are taken line by line: parsing takes seconds."""
_MARKED: Final = re.compile(r"[`<{\[]|8<-|@import|^[ \t]*(?:import|export)\b", re.MULTILINE)
_FENCE: Final = re.compile(r"\s*(?:`{3}|~{3})")
_INDENTS: Final = re.compile(r"^\s*(?:!!!|\?\?\?\+?|===\+?!?|///)\s", re.MULTILINE)
_PAIRS: Final = (
    {"old", "new"},
    {"from", "to"},
    {"before", "after"},
    {"source", "destination"},
    {"source", "target"},
    {"was", "now"},
    {"old path", "new path"},
    {"old location", "new location"},
    {"moved from", "moved to"},
    {"previous", "current"},
    {"original", "archived"},
    {"file", "moved to"},
    {"path", "archived to"},
)


def claims_of_markdown(text: str, path: str, first_line: int = 1) -> Iterator[Claim]:
    """Yield what a text in Markdown names.

    Args:
        text: the text, whole.
        path: tells dialects apart, and records of the past from pages.
        first_line: the line of the file that the text begins in.
    """
    record, decides = is_record(path), is_decision(path)
    for found in _Page(text, path, prose=record).claims():
        if record and found.lookup == LINK:
            rendered, line = f"{LINK}:{RENDERED}", found.line + first_line - 1
            yield replace(found, prose=False, firm=False, lookup=rendered, line=line)
        claim = replace(found, prose=True) if decides and found.severity is Severity.COMMAND else found
        yield replace(claim, line=claim.line + first_line - 1) if first_line != 1 else claim


@cache
def _parser(*, code: bool) -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.disable("inline")
    return parser if code else parser.disable("code")


class _Page:
    """A text being read; a block that holds Markdown again is a page of its own."""

    def __init__(self, text: str, path: str, *, prose: bool, depth: int = 0) -> None:
        self.path = path
        self.prose = prose
        self.depth = depth
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.jsx = path.lower().endswith(".mdx")

    def claims(self) -> Iterator[Claim]:
        lines = self.lines
        if self.depth == 0 and lines[0].rstrip() in {"---", "+++"}:
            yield from self._front()
        text = "\n".join(lines)
        if len(text) > _LARGE or len(lines) + text.count("|") > _LONG:
            yield from self._line_by_line()
            return
        parser = _parser(code=not self.jsx and _INDENTS.search(text) is None)
        env: dict[str, Any] = {}
        tokens = parser.parse(text, env)
        yield from self._blocks(tokens)
        yield from self._definitions(env)

    def _front(self) -> Iterator[Claim]:
        mark = self.lines[0].rstrip()
        ends = {mark, "..."}
        end = next((at for at, line in enumerate(self.lines[1:], 1) if line.rstrip() in ends), 0)
        if end:
            if mark == "---":
                yield from front_matter(self.lines[1:end], 2)
            self.lines = [""] * (end + 1) + self.lines[end + 1 :]

    def _line_by_line(self) -> Iterator[Claim]:
        inside = False
        for number, line in enumerate(self.lines, 1):
            if _FENCE.match(line):
                inside = not inside
            elif not inside and _MARKED.search(line):
                yield from Inline([line], [(number, 1)], prose=self.prose).claims(jsx=self.jsx)
                if line.lstrip().startswith("["):
                    yield from link_of_definition([line], number, prose=self.prose)

    def _blocks(self, tokens: Sequence["Token"]) -> Iterator[Claim]:
        moves, heads = False, set[str]()
        cell = (0, 0)
        for token in tokens:
            if token.type == "thead_open":
                heads = set()
            elif token.type == "thead_close":
                moves = any(pair <= heads for pair in _PAIRS)
            elif token.type == "table_close":
                moves = False
            elif token.map is None:
                continue
            elif token.type == "inline":
                heads.add(token.content.strip().lower()[:40])
                if not _MARKED.search(token.content):
                    continue
                cell, claims = self._inline(token, cell, prose=self.prose or moves)
                yield from claims
            else:
                yield from self._block(token, token.map[0])

    def _block(self, token: "Token", first: int) -> Iterator[Claim]:
        if token.type == "html_block":
            yield from self._inline(token, (0, 0), prose=self.prose)[1]
        elif token.type == "fence":
            yield from self._fence(token)
        elif token.type == "code_block":
            yield from claims_of_code("", self._shown(token, first), first + 1, prose=self.prose)

    def _inline(
        self, token: "Token", cell: tuple[int, int], *, prose: bool
    ) -> tuple[tuple[int, int], Iterator[Claim]]:
        """Return where the text ended, which the next cell of its row starts from, and what it claims."""
        assert token.map is not None
        parts = token.content.split("\n")
        first = token.map[0]
        places = []
        end = cell
        for number, part in enumerate(parts, first):
            line = self.lines[number] if number < len(self.lines) else ""
            core = part.strip()
            lead = len(part) - len(part.lstrip())
            start = cell[1] if number == cell[0] else 0
            single = len(parts) == 1 and "|" in line
            at = line.find(core, start) if single else line.rfind(core)
            end = (number, at + len(core)) if at >= 0 else end
            places.append((number + 1, max(at, 0) - lead + 1))
        # A cell that escapes its pipes is not found as it is; then the line says where each name is.
        inline = Inline(parts, places, prose=prose, lines=self.lines)
        return end, inline.claims(jsx=self.jsx, block=token.type == "html_block")

    def _fence(self, token: "Token") -> Iterator[Claim]:
        assert token.map is not None
        first = token.map[0] + 1
        info = token.info.strip()
        opening = Inline.place_of(self.lines[token.map[0]], info, token.map[0] + 1)
        shown = self._shown(token, first)
        body = token.content.split("\n")
        if info.startswith("{") and self.depth < _NESTED and _inner(info):
            pads = [len(line) - len(part) for line, part in zip(shown, body, strict=False)]
            page = _Page(token.content, self.path, prose=self.prose, depth=self.depth + 1)
            for claim in page.claims():
                pad = pads[claim.line - 1] if claim.line <= len(pads) else 0
                yield replace(claim, line=claim.line + first, column=claim.column + pad)
        yield from claims_of_fence(info, opening, shown, first + 1, prose=self.prose)

    def _shown(self, token: "Token", first: int) -> list[str]:
        """Return the lines of a block as they stand in the file, with blanks for what is before them."""
        shown = []
        for number, part in enumerate(token.content.removesuffix("\n").split("\n"), first):
            line = self.lines[number] if number < len(self.lines) else part
            shown.append(" " * max(0, len(line) - len(part)) + part)
        return shown

    def _definitions(self, env: dict[str, Any]) -> Iterator[Claim]:
        known = list(env.get("references", {}).values()) + list(env.get("duplicate_refs", ()))
        for one in known:
            first, last = one["map"]
            yield from link_of_definition(self.lines[first:last], first + 1, prose=self.prose)


_HOLDS_MARKDOWN: Final = frozenset({
    "note", "tip", "warning", "important", "caution", "danger", "hint", "error", "attention", "seealso",
    "admonition", "dropdown", "tab-set", "tab-item", "grid", "grid-item", "grid-item-card", "card",
    "margin", "sidebar", "topic", "tab", "panels", "details", "epigraph", "list-table", "only",
    "versionadded", "versionchanged", "deprecated", "figure", "div", "container", "exercise", "solution",
    "tabbed", "proof:theorem",
})  # fmt: skip


def _inner(info: str) -> bool:
    """Say whether a fenced directive holds Markdown again."""
    return info[1:].partition("}")[0].strip().lower() in _HOLDS_MARKDOWN
