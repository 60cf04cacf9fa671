"""Pages that scripts hold in their comments: cells of notebooks that are scripts, texts of galleries."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import Claim
from mothball.core.references.pages.galleries import FACTS, page_of_script
from mothball.core.references.pages.markdown import claims_of_markdown
from mothball.core.references.pages.rst import claims_of_rst
from mothball.core.references.pages.targets import page_paths
from mothball.core.references.reader import Reader
from mothball.core.references.world import World

_COMMENTS: Final = r"(?P<text>(?:\#(?!\ ?%%|\#{19})[^\n]*+\n?)++)"
_QUOTED: Final = r'[rR]?"""(?P<quoted>(?s:[^"\\]++|\\.|"(?!""))*+)"""'
_CELL: Final = re.compile(
    rf"^\#\ ?%%[^\n]*\[(?:markdown|md)\][^\n]*\n(?:{_COMMENTS}|{_QUOTED})", re.MULTILINE | re.VERBOSE
)
_BLOCK: Final = re.compile(
    rf"^\#\ ?(?:%%(?![^\n]*\[)|\#{{19,}})[^\n]*\n{_COMMENTS}", re.MULTILINE | re.VERBOSE
)
_HEAD: Final = re.compile(rf"\A(?:\#[^\n]*\n|\s)*+{_QUOTED}", re.VERBOSE)
_PREFIX: Final = re.compile(r"^# ?", re.MULTILINE)
_SIGNS: Final = ("%%", "#" * 20, "sphx_glr_")
"""What a script of a gallery has besides its head, but for the simplest."""
_MARKS: Final = ("`", ".. ", "__ ")
"""What no name in a text in reStructuredText does without."""


class ScriptCells(Reader):
    """Cells of Markdown in a script that is a notebook, as Jupytext and editors write them."""

    kind = "script-cell"
    files: ClassVar[tuple[str, ...]] = ("*.py", "*.jl", "*.r")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the cells name."""
        if "%%" not in text:
            return
        for cell in _CELL.finditer(text):
            page, first, cut = _page(cell, text)
            yield from _placed(claims_of_markdown(page, path), self.kind, first, cut)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that a renderer of pages would take."""
        return page_paths(claim, file, world)


class GalleryTexts(Reader):
    """The texts of a script that Sphinx makes a page of, in a directory of its own."""

    kind = "gallery"
    files: ClassVar[tuple[str, ...]] = ("*.py",)
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the texts name; whether the script is in a gallery, `paths` knows."""
        del path
        head = _HEAD.match(text) if any(sign in text for sign in _SIGNS) else None
        if head is None:
            return
        for block in (head, *_BLOCK.finditer(text, head.end())):
            page, first, cut = _page(block, text)
            if any(mark in page for mark in _MARKS):
                yield from _placed(claims_of_rst(page), self.kind, first, cut)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that Sphinx would take for the page, were it written."""
        page = page_of_script(file, world)
        if page is not None:
            yield from page_paths(claim, page, world)
        elif file in world.arrived:
            yield file  # it is rendered no more: nothing of it is looked up


def _page(found: re.Match[str], text: str) -> tuple[str, int, list[int]]:
    """Return a text without the signs of comments, the line it begins in, and what was cut off each line."""
    group = "quoted" if "quoted" in found.re.groupindex and found["quoted"] is not None else "text"
    raw, first = found[group], text.count("\n", 0, found.start(group)) + 1
    if group == "quoted":
        start = found.start(group) - (text.rfind("\n", 0, found.start(group)) + 1)
        return raw, first, [start, *([0] * raw.count("\n"))]
    cut = [len(one.group()) for one in _PREFIX.finditer(raw)]
    return _PREFIX.sub("", raw), first, cut


def _placed(claims: Iterator[Claim], kind: str, first: int, cut: list[int]) -> Iterator[Claim]:
    for claim in claims:
        shift = cut[claim.line - 1] if claim.line <= len(cut) else 0
        yield replace(
            claim, line=claim.line + first - 1, column=claim.column + shift, kind=f"{kind}-{claim.kind}"
        )
