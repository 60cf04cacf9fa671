"""Take a page in reStructuredText apart: directives, literal blocks, links and roles."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mothball.core.references.claims import Claim
from mothball.core.references.pages.directives import (
    LISTS,
    SHELLS,
    Directive,
    Piece,
    claims_of_directive,
    claims_of_roles,
)
from mothball.core.references.pages.markdown_blocks import claims_of_code, claims_of_fence
from mothball.core.references.pages.markup import link_claim
from mothball.core.references.texts import Lines

_DIRECTIVE: Final = re.compile(
    r"(?P<indent>[ \t]*)\.\.[ \t]+(?:\|[^|\n]{1,80}\|[ \t]+)?(?P<name>[a-zA-Z][\w.+-]{0,60}"
    r"(?::[\w.+-]{1,60})?)[ \t]?::"
    r"(?:[ \t]+(?P<argument>\S.*?))?[ \t]*"
)
_OPTION: Final = re.compile(r"[ \t]+:(?P<key>[\w-]{1,40}):(?:[ \t]+(?P<value>\S.*?))?[ \t]*")
_TARGET: Final = re.compile(
    r"[ \t]*(?:\.\.[ \t]+_(?:`[^`\n]{1,300}`|(?:\\.|[^:`\\\n]){1,300}):|__)"
    r"(?:[ \t]+(?P<path>\S(?:.*\S)?))?[ \t]*"
)
_COMMENT: Final = re.compile(r"[ \t]*\.\.(?:[ \t]+(?!\[|\||_)\S.*)?")
_LINK: Final = re.compile(r"`(?:[^`<\n]{0,500}|[^`<]{0,500})<(?P<path>[^<>`\s][^<>`\n]{0,1000})>`_")
_CODE: Final = frozenset({"code-block", "code", "sourcecode", "prompt", "parsed-literal", "ipython"})
_EXECUTED: Final = {
    "jupyter-execute": "{python}",
    "plot": "{python}",
    "exec_code": "{python}",
    "testcode": "python",
    "testsetup": "python",
    "testcleanup": "python",
    "doctest": "python",
}
"""Directives whose body is run where the page is built or tested, with how it reads as a fence."""


def claims_of_rst(text: str, first_line: int = 1) -> Iterator[Claim]:
    """Yield what a text in reStructuredText names; its first line has the number ``first_line``."""
    yield from _Page(text.replace("\r\n", "\n").split("\n"), first_line).claims()


class _Page:
    """The lines of a text, and how far they are read."""

    def __init__(self, lines: Sequence[str], first: int) -> None:
        self.lines = lines
        self.first = first
        self.module = ""
        self.language = ""

    def claims(self) -> Iterator[Claim]:
        at, paragraph = 0, list[int]()
        while at < len(self.lines):
            line = self.lines[at]
            start, head = at, line.lstrip()[:3]
            if (head.startswith((".. ", "..", "__ ")) and not head.startswith("...")) or head == "__":
                yield from self._text(paragraph)
                paragraph = []
                found, at = self._marked(at)
                yield from found
            elif not head:
                yield from self._text(paragraph)
                paragraph, at = [], at + 1
            else:
                paragraph.append(at)
                at += 1
                if line.endswith("::") and not self._filled(at):
                    yield from self._text(paragraph)
                    paragraph, end = [], self._end(at, _indent(line))
                    yield from claims_of_code(self.language, self.lines[at:end], self.first + at)
                    at = end
            assert at > start
        yield from self._text(paragraph)

    def _filled(self, at: int) -> bool:
        return at < len(self.lines) and bool(self.lines[at].strip())

    def _end(self, at: int, indent: int) -> int:
        """Return where the block ends whose lines are indented more than that."""
        end = at
        while at < len(self.lines):
            if self.lines[at].strip():
                if _indent(self.lines[at]) <= indent:
                    break
                end = at + 1
            at += 1
        return end

    def _marked(self, at: int) -> tuple[Iterator[Claim], int]:
        """Return what begins with two dots or lines: its claims, and the line that is next."""
        line = self.lines[at]
        if found := _DIRECTIVE.fullmatch(line[:3000]):
            return self._directive(at, found)
        if found := _TARGET.fullmatch(line[:3000]):
            return self._target(at, found)
        if _COMMENT.fullmatch(line[:3000]):
            return iter(()), max(at + 1, self._end(at + 1, _indent(line)))
        return self._text([at]), at + 1

    def _target(self, at: int, found: re.Match[str]) -> tuple[Iterator[Claim], int]:
        """Return what a name stands for, which may be written on the next line, and the line that is next."""
        path, column = found["path"] or "", found.start("path") + 1
        if not path and self._filled(at + 1) and _indent(self.lines[at + 1]) > _indent(self.lines[at]):
            path, column = self.lines[at + 1].strip(), _indent(self.lines[at + 1]) + 1
            if " " in path:
                return iter(()), at + 1
            at += 1
        claims = link_claim(path, (self.first + at, column), "rst-target")
        return iter(()) if path.endswith("_") else claims, at + 1

    def _fence(self, name: str, argument: str) -> str | None:
        """Return how a directive's body reads as a fence, ``None`` where it is no code."""
        if name in SHELLS:
            return name
        if name in _CODE:
            return argument or self.language
        # What stands behind a directive that runs its body is the file to run instead.
        known = _EXECUTED.get(name)
        return None if known is None or ("{" in known and argument) else known

    def _directive(self, at: int, found: re.Match[str]) -> tuple[Iterator[Claim], int]:
        name = found["name"].lower()
        argument = Piece(found["argument"] or "", self.first + at, max(found.start("argument"), 0) + 1)
        end = self._end(at + 1, _indent(self.lines[at]))
        directive = Directive(name, argument, module=self.module)
        inside = at + 1
        while inside < end and (option := _OPTION.fullmatch(self.lines[inside][:3000])):
            value = option["value"] or ""
            place = Piece(value, self.first + inside, max(option.start("value"), 0) + 1)
            directive.options.append((option["key"].lower(), place))
            inside += 1
        language = self._fence(name, argument.text)
        if language is not None:
            return claims_of_fence(
                language, argument, self.lines[inside:end], self.first + inside, prose=False
            ), max(end, at + 1)
        if name in LISTS or name == "autosummary":
            rows = range(inside, end)
            directive.body = [
                Piece(self.lines[row], self.first + row, 1) for row in rows if self.lines[row].strip()
            ]
            return claims_of_directive(directive), max(end, at + 1)
        if name == "highlight":
            self.language = argument.text if argument.text in SHELLS else ""
        if name in {"module", "py:module", "currentmodule", "py:currentmodule"}:
            self.module = argument.text
        if name == "raw":
            return claims_of_directive(directive), max(end, at + 1)
        # What stands inside of all others is read as the lines that follow.
        return claims_of_directive(directive), max(inside, at + 1)

    def _text(self, rows: Sequence[int]) -> Iterator[Claim]:
        if not rows:
            return
        text = "\n".join(self.lines[row] for row in rows)
        if "`" not in text:
            return
        lines = Lines(text)

        def place(offset: int) -> tuple[int, int]:
            line, column = lines.at(offset)
            return self.first + rows[line - 1], column

        yield from claims_of_roles(text, place)
        for found in _LINK.finditer(text):
            named = found["path"].endswith("_") or text[found.start() - 1 : found.start()] in {":", "`"}
            if not named:
                yield from link_claim(found["path"], place(found.start("path")), "rst-link")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
