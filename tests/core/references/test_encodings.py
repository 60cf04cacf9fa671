"""Texts in UTF-16: read where a byte order mark says so."""

import codecs

import pytest

from mothball.core.references.findings import Verdict
from mothball.core.references.fixes import fixed
from tests.core.references.world import changed, compared

LINES = "@echo ünder\r\ntype docs\\guide.md\r\npython tools/make.py\r\n"
MOVES = ["tools"]
MARKED = {
    "little": codecs.BOM_UTF16_LE + LINES.encode("utf-16-le"),
    "big": codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"),
    "eight": codecs.BOM_UTF8 + LINES.encode(),
}
ENCODINGS = {"little": "utf-16", "big": "utf-16", "eight": "utf-8-sig"}


@pytest.mark.parametrize("order", MARKED)
def test_a_mark_says_how_a_text_is_read(order: str) -> None:
    result = compared({"run.bat": MARKED[order], "tools/make.py": "", "docs/guide.md": ""}, MOVES)
    [found] = result.findings
    assert (found.verdict, found.old_path) == (Verdict.BREAK, "tools/make.py")
    assert (found.line, found.column, found.target) == (3, 8, "tools/make.py")
    assert result.skipped == ()


@pytest.mark.parametrize("order", MARKED)
def test_one_that_is_rewritten_keeps_its_encoding(order: str) -> None:
    """In the byte order that the machine does not write, it is left alone."""
    files: dict[str, str | bytes] = {"run.bat": MARKED[order], "tools/make.py": "", "docs/guide.md": ""}
    found = compared(files, MOVES).findings
    after = fixed(MARKED[order], "run.bat", found, found, changed(files, MOVES)[0])
    text, encoding = LINES.replace("tools/", "archive/tools/"), ENCODINGS[order]
    assert after.content == (text.encode(encoding) if after.written else MARKED[order])
    assert bool(after.written) == (LINES.encode(encoding) == MARKED[order])


def test_one_without_a_mark_is_no_text() -> None:
    result = compared({"run.bat": LINES.encode("utf-16-le"), "tools/make.py": "", "docs/a.md": ""}, MOVES)
    assert result.findings == ()
