"""Python source, parsed, with the exact place of every node in the text."""

import ast
import re
import warnings
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Final

from mothball.core.references.claims import Unreadable
from mothball.core.references.sought import Sought

_LARGEST: Final = 1_500_000
"""A syntax tree takes some hundred times the memory of its text; sources of this size are generated data."""
_LITERAL: Final = re.compile(r"[A-Za-z]{0,3}(\"\"\"|'''|\"|')")
_ALONE: Final = re.compile(r"\r(?!\n)")
_SCRIPT: Final = re.compile(r"\nif\s+__name__\s*==\s*['\"]__main__['\"]")


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a source.

    Raises:
        Unreadable: it is no Python 3, or too large to parse.
    """
    if len(text) > _LARGEST:
        raise Unreadable("it is too large to be parsed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(_ALONE.sub(" ", text))
    except SyntaxError as error:
        raise Unreadable(str(error.msg or "its syntax is invalid"), error.lineno or 0) from None
    except (ValueError, MemoryError) as error:
        raise Unreadable(str(error) or "it is nested too deeply") from None


def is_script(text: str) -> bool:
    """Say whether a source is made to be run: it has a shebang line or asks for ``__main__``."""
    return text.startswith("#!") or ("__main__" in text and _SCRIPT.search("\n" + text) is not None)


class Source:
    """A text, and where the nodes of its tree are in it. Syntax trees count columns in bytes of UTF-8."""

    def __init__(self, text: str, path: str, sought: Sought | None = None) -> None:
        """Take the text as it is in the file, and what is looked for in it where that is not everything."""
        self.text = text
        self.path = path
        self._sought = sought
        self._loud = sought.lines(text) if sought else []
        self._lines = text.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line from 1 and a column in bytes from 0."""
        if line > len(self._lines):
            return len(self.text)
        content = self._lines[line - 1]
        if not content.isascii():
            column = len(content.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
        return self._starts[line - 1] + column

    def start(self, node: ast.expr | ast.stmt | ast.alias | ast.arg) -> int:
        """Return the offset of a node."""
        return self.offset(node.lineno, node.col_offset)

    def segment(self, node: ast.expr | ast.stmt | ast.alias | ast.arg) -> str:
        """Return a node as it is written."""
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return self.text[self.start(node) : end]

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, from 1."""
        line = min(bisect_right(self._starts, offset), len(self._lines))
        return line, offset - self._starts[line - 1] + 1

    def names_nothing(self, node: ast.expr, value: str) -> bool:
        """Say whether a node cannot mean what is looked for, nor be in the way of a word that does."""
        if self._sought is None or self._sought.may_be_meant(value):
            return False
        return self._is_quiet(node)

    def imports_nothing(self, node: ast.stmt, dotted: str) -> bool:
        """Say the same of a module in an import; one of a package's own, without a name, may be any."""
        if self._sought is None or not dotted or not self._sought.stems.isdisjoint(dotted.split(".")):
            return False
        return self._is_quiet(node)

    def _is_quiet(self, node: ast.expr | ast.stmt) -> bool:
        if not self._loud:
            return True
        first = bisect_left(self._loud, node.lineno)
        return first == len(self._loud) or self._loud[first] > (node.end_lineno or node.lineno)

    def literal(self, node: ast.expr) -> tuple[int, str]:
        """Return offset and text of what is between the quotes of a string."""
        first, written = self.start(node), self.segment(node)
        found = _LITERAL.match(written)
        if found is None or len(written) < found.end() + len(found[1]):
            return first, written
        return first + found.end(), written[found.end() : -len(found[1])]
