"""Docstrings of Python that Sphinx or MkDocs pulls into pages: roles, directives and links."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Severity, Unreadable
from mothball.core.references.pages.rst import claims_of_rst
from mothball.core.references.pages.sites import MKDOCS, docs_directory, is_of_mkdocs
from mothball.core.references.pages.targets import OBJECT, page_paths
from mothball.core.references.papers import is_test
from mothball.core.references.python.source import parse
from mothball.core.references.reader import Reader
from mothball.core.references.world import World, join
from mothball.core.tree import parent

_NAMES: Final = re.compile(
    r":(?:std:)?(?:doc|ref|numref|download|any):`|\.\. (?:include|literalinclude|image|figure)::|\.md[)#]"
)
_LINK: Final = re.compile(r"\]\((?P<path>(?:\.{1,2}/)*(?P<name>\w[\w./-]{0,300}\.md)(?:#[^()\s]{0,300})?)\)")
_PULLS: Final = re.compile(r"auto(?:doc|api|summary)|numpydoc|napoleon")
_LINKED: Final = "markdown-link"
_COMMENT: Final = re.compile(r"^[ \t]*#:", re.MULTILINE)
_PAGES: Final = ("", "/api", "/reference", "/generated", "/modules")
"""Where the pages are that docstrings are pulled into, from where names without a slash are looked up."""


class Docstrings(Reader):
    """Docstrings of what is public, where Sphinx or MkDocs is configured to make pages of them."""

    kind = "docstring"
    files: ClassVar[tuple[str, ...]] = ("*.py",)
    facts: ClassVar[tuple[str, ...]] = ("conf.py", *MKDOCS)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what a build would miss: commands in a docstring are prose, objects no links elsewhere."""
        if not _NAMES.search(text) or is_test(path):
            return
        lines = text.split("\n")
        for first, last in _docstrings(text):
            shown = lines[first - 1 : last]
            if any(_NAMES.search(line) for line in shown):
                yield from _links(shown, first)
                for claim in claims_of_rst("\n".join(shown), first):
                    if claim.kind.startswith("sphinx-") and not claim.lookup.startswith(OBJECT):
                        yield claim

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what Sphinx finds from a page that the docstring may be pulled into."""
        if claim.kind == _LINKED:
            found = (join(root, claim.wanted) for root in world.fact("pulled-by-mkdocs", _sites))
            yield from (path for path in found if path)
            return
        for root in world.fact("pulled-into", _roots):
            for pages in _PAGES:
                yield from page_paths(claim, f"{root}{pages}/{file.rpartition('/')[2]}".lstrip("/"), world)


def _links(lines: Sequence[str], first: int) -> Iterator[Claim]:
    """Yield the pages that docstrings in Markdown link, from a page of which only the site is known."""
    for number, line in enumerate(lines, first):
        for found in _LINK.finditer(line) if "](" in line else ():
            yield Claim(
                line=number,
                column=found.start("path") + 1,
                text=found["path"],
                kind=_LINKED,
                name=found["name"],
                severity=Severity.LINK,
            )


def _docstrings(text: str) -> Iterator[tuple[int, int]]:
    """Yield first and last line of each text that documents something public."""
    for found in _COMMENT.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield line, line
    try:
        todo: list[ast.AST] = [parse(text)]
    except Unreadable:
        return
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, str):
                yield node.lineno, node.end_lineno or node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            todo += node.body[:1] if _is_public(node.name) else ()
        elif not isinstance(node, ast.ClassDef) or _is_public(node.name):
            todo += [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name.endswith("__")


def _roots(world: World) -> list[str]:
    return sorted(
        parent(path)
        for path, text in world.texts.items()
        if path.rpartition("/")[2] == "conf.py" and path in world.files and _PULLS.search(text)
    )


def _sites(world: World) -> list[str]:
    return sorted(
        docs_directory(path, world)
        for path, text in world.texts.items()
        if is_of_mkdocs(path) and path in world.files and "mkdocstrings" in text
    )
