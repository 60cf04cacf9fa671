"""Blocks of Markdown that hold whatever a name or a plan says: fences, tables, words, shares."""

import re
from collections.abc import Iterable, Sequence
from shlex import quote
from textwrap import wrap
from typing import Final

from mothball.core.show import code, prose, visible

WIDTH: Final = 100
"""Columns of a folded line in a fence."""
_TICKS: Final = re.compile("`+")


def words(text: str) -> str:
    """Return a plan's words for a sentence or cell: code spans live, but no tag, link or image does."""
    safe = prose(text).replace("[", "\\[")
    runs = _TICKS.findall(safe)
    # A backtick without a partner would open a span that swallows the name after it.
    if len(runs) % 2 or any(len(run) > 1 for run in runs) or "\\`" in safe:
        return safe.replace("`", "&#96;")
    return safe


def span(text: str) -> str:
    """Return a code span for a sentence: in a table `show.code` is right, which masks the pipes."""
    return code(text).replace("\\|", "|")


def fenced(lines: Iterable[str], language: str = "") -> list[str]:
    """Return a fenced block and a blank line; no line in it can end it."""
    shown = [visible(line) for line in lines]
    longest = max((len(run) for line in shown for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + language, *shown, fence, ""]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Return a table and a blank line; cells are Markdown already, ``right`` are columns of numbers."""
    marks = ["---:" if number in right else "---" for number in range(len(heads))]
    return [*(f"| {' | '.join(row)} |" for row in (heads, marks, *rows)), ""]


def cut(items: Sequence[str], limit: int) -> list[str]:
    """Return the first items and, as the last line, how many more there are."""
    if len(items) <= limit:
        return [*items]
    return [*items[:limit], f"… and {len(items) - limit:,} more"]


def folded(text: str, indent: str = "") -> list[str]:
    """Fold a long text to lines for a fence."""
    return wrap(
        visible(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def share(part: int, whole: int) -> str:
    """Return a part in percent, to a tenth; it says 0 % or 100 % of nothing less than none or all."""
    if whole == 0:
        return "-"
    tenths = (2000 * part + whole) // (2 * whole)
    if part and part != whole:
        tenths = min(max(tenths, 1), 999) if part < whole else max(tenths, 1001)
    return f"{tenths // 10:,} %" if tenths % 10 == 0 else f"{tenths // 10:,}.{tenths % 10} %"


def change(old: int, new: int) -> str:
    """Return by how much a number went down, in percent; ``more`` says that it went up."""
    if new > old:
        return f"{share(new - old, old)} more" if old else "-"
    return share(old - new, old)


def reduction(old: int, new: int) -> str:
    """Return the same for a column of reductions, in which what went up is none."""
    return f"none: {change(old, new)}" if new > old and old else change(old, new)


def shell_word(text: str) -> str:
    r"""Return a word that bash reads as exactly this text; what does not print becomes ``$'\xNN'``."""
    if text.isprintable():
        return quote(text)
    return "$'" + "".join(map(_shell_char, text)) + "'"


def _shell_char(char: str) -> str:
    if char in "\\'":
        return "\\" + char
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
