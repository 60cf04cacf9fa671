"""Python source, parsed, with the exact place of every node in the text."""

import ast
import re
import warnings
from typing import Final

from mothball.core.references.claims import Unreadable
from mothball.core.references.texts import Lines

_LARGEST: Final = 1_500_000
"""A syntax tree takes some hundred times the memory of its text; sources of this size are generated data."""
_LITERAL: Final = re.compile(r"[A-Za-z]{0,3}(\"\"\"|'''|\"|')")
_ALONE: Final = re.compile(r"\r(?!\n)")
_SCRIPT: Final = re.compile(r"\A#!|^if\s+__name__\s*==\s*['\"]__main__['\"]", re.MULTILINE)


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
    return _SCRIPT.search(text) is not None


class Source:
    """A text, and where the nodes of its tree are in it. Syntax trees count columns in bytes of UTF-8."""

    def __init__(self, text: str, path: str) -> None:
        """Take the text as it is in the file."""
        self.text = text
        self.path = path
        self._lines = text.split("\n")
        self._places = Lines(text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

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
        return self._places.at(offset)

    def literal(self, node: ast.expr) -> tuple[int, str]:
        """Return offset and text of what is between the quotes of a string."""
        first, written = self.start(node), self.segment(node)
        found = _LITERAL.match(written)
        if found is None or len(written) < found.end() + len(found[1]):
            return first, written
        return first + found.end(), written[found.end() : -len(found[1])]
