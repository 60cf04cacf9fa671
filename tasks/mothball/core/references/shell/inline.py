"""Python that a command is given as a text: what it imports and opens, seen from where the command runs."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from mothball.core.references.claims import Claim, Severity, Unreadable
from mothball.core.references.python.imports import Where, of_from, of_import
from mothball.core.references.python.scopes import module_scope
from mothball.core.references.python.search import is_standard
from mothball.core.references.python.source import Source, parse
from mothball.core.references.python.syspath import edits_in
from mothball.core.references.python.text import claims_of_lines
from mothball.core.references.shell.items import CLOSE, OPEN
from mothball.core.references.shell.places import has_suffix
from mothball.core.references.shell.values import Found, Placing
from mothball.core.references.texts import Lines

_OPENED: Final = re.compile(
    r"\b(?:open|Path|read_\w+|load\w*|parse|run_path|exists|isfile)\(\s*[rb]?(?P<quote>['\"])"
    r"(?P<path>[\w./-]{1,300})(?P=quote)(?!\s*,\s*(?:mode\s*=\s*)?['\"][wax])"
)
_FILLED: Final = re.compile(
    rf"\$\{{\{{[^}}]{{0,200}}\}}\}}|\$\{{[^{{}}\n]{{0,200}}\}}|\$\w+|{OPEN}[^{CLOSE}]*{CLOSE}"
)
"""What a shell or a workflow puts in before Python sees the text."""
_MODULE: Final = "{.py,/__init__.py}"
_SURE: Final = frozenset({"module", "from", "name"})
"""The ways to look a module up that need no more than where the command runs."""


def found_in_python(code: str, offsets: Sequence[int], place: Placing) -> Iterator[Found]:
    """Yield what a few lines of Python import and open, given the offset of each character of them."""
    yield from _opened(code, offsets, place)
    if "import" in code:
        yield from _imported(_FILLED.sub(lambda found: "_" * len(found[0]), code), offsets, place)


def _opened(code: str, offsets: Sequence[int], place: Placing) -> Iterator[Found]:
    for call in _OPENED.finditer(code):
        first, last = call.span("path")
        found = place(call["path"]) if has_suffix(call["path"]) else None
        if found is not None:
            yield Found(offsets[first], offsets[last - 1] + 1, found.name, found.bases, kind="python-path")


def _imported(code: str, offsets: Sequence[int], place: Placing) -> Iterator[Found]:
    lines = Lines(code)
    claims, directories = _imports(code)
    for claim in claims:
        if claim.lookup.partition(" ")[0] not in _SURE or is_standard(claim.name):
            continue
        first = lines.offset(claim.line, claim.column)
        start, end = offsets[first], offsets[first + len(claim.text) - 1] + 1
        for directory in directories:
            found = place(directory + claim.name.replace(".", "/"))
            if found is not None:
                bases = (*found.bases, "src") if "src" not in found.bases else found.bases
                masked = claim.severity is Severity.MASKED
                yield Found(
                    start,
                    end,
                    found.name + _MODULE,
                    bases,
                    masked=masked,
                    doubtful=claim.doubtful,
                    kind=claim.kind,
                )


def _imports(code: str) -> tuple[list[Claim], list[str]]:
    """Return the claims of imports, and the directories that they are looked up in, each with its slash."""
    first = next((line for line in code.split("\n") if line.strip()), "")
    indented = first[:1].isspace()
    # What is indented as a whole is parsed below a line of its own, which is taken off again.
    wrapped = f"if 1:\n{code}" if indented else code
    try:
        tree = parse(wrapped)
    except Unreadable:
        return [replace(claim, doubtful=True) for claim in claims_of_lines(code)], [""]
    claims = _of_statements(Source(wrapped, ""), tree.body, Where())
    added = edits_in(wrapped, tree, module_scope(tree))
    below = [f"{one}/" for edit in added if (one := edit.removeprefix("./")) and edit[0] != "~"]
    return [replace(one, line=one.line - indented) for one in claims], ["", *dict.fromkeys(below)]


def _of_statements(source: Source, body: Iterable[ast.AST], where: Where) -> Iterator[Claim]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from of_import(source, node, where)
        elif isinstance(node, ast.ImportFrom):
            yield from of_from(source, node, where)
        elif isinstance(node, ast.Try | ast.TryStar):
            yield from _of_statements(source, node.body, where.tried(node))
            yield from _of_statements(source, [*node.handlers, *node.orelse, *node.finalbody], where)
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _of_statements(source, ast.iter_child_nodes(node), where.inside(node))
