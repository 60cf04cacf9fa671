"""Names made safe to show: nothing in a file name may paint, break a line or open a tag."""

import re
from collections.abc import Iterable
from typing import Final

_RUNS: Final = re.compile("`+")


def visible(text: str) -> str:
    r"""Return text on one line without anything a terminal acts on.

    Control characters, bidirectional marks and undecodable bytes become ``\xNN`` or ``\uNNNN``.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:  # a surrogate escape stands for one undecodable byte
        return f"\\x{number - 0xDC00:02x}"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


def code(text: str) -> str:
    """Return a Markdown code span that shows the text whatever it holds, in a table too."""
    shown = visible(text).replace("|", "\\|")
    longest = max((len(run) for run in _RUNS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or shown != shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str) -> str:
    """Return text for a Markdown sentence or cell: one line, no tags, no column breaks."""
    one_line = " ".join(visible(part) for part in text.split())
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def count(number: int, noun: str) -> str:
    """Return a count with its noun: ``1 file``, ``1,200 files``, ``2 directories``."""
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {plural}"


def listing(items: Iterable[str], limit: int = 10) -> str:
    """Join the first names to one line and say how many more there are."""
    names = [visible(item) for item in items]
    more = f" and {len(names) - limit:,} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
