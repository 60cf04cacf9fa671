"""Texts in UTF-16: read where a byte order mark says so, and never rewritten."""

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


@pytest.mark.parametrize("order", MARKED)
def test_a_mark_says_how_a_text_is_read(order: str) -> None:
    result = compared({"run.bat": MARKED[order], "tools/make.py": "", "docs/guide.md": ""}, MOVES)
    [found] = result.findings
    assert (found.verdict, found.old_path) == (Verdict.BREAK, "tools/make.py")
    assert (found.line, found.column, found.target) == (3, 8, "tools/make.py")
    assert result.skipped == ()


@pytest.mark.parametrize("order", ["little", "big"])
def test_one_in_utf_16_is_left_alone(order: str) -> None:
    files = {"run.bat": MARKED[order], "tools/make.py": "", "docs/guide.md": ""}
    found = compared(files, MOVES).findings
    assert fixed(MARKED[order], "run.bat", found, found, changed(files, MOVES)[0]) == MARKED[order]


def test_one_without_a_mark_is_no_text() -> None:
    result = compared({"run.bat": LINES.encode("utf-16-le"), "tools/make.py": "", "docs/a.md": ""}, MOVES)
    assert result.findings == ()
