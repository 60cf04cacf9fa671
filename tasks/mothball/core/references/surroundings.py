"""What stands around a word of a text: its line, and whether that says anything else."""

import re
from typing import Final

_WIDE: Final = 2000
_NEAR: Final = 300
_LISTS: Final = re.compile(r"[ \t]*(?:[!@]?include[ \t]+)?")
_LINE_ENDS: Final = re.compile(r"[ \t]*(?:[#|;\\][^\n]*)?(?:\r?\n|\Z)")
_HEADS: Final = re.compile(r"[ \t]*:[ \t]*(?:\r?\n(?!\t)|\Z)")


def line_before(text: str, offset: int) -> str:
    """Return the line up to an offset, the last part of it where it is long."""
    return text[max(0, offset - _NEAR) : offset].rpartition("\n")[2]


def is_listed(text: str, offset: int, word: str) -> bool:
    """Say whether a name stands in a line of its own, or is included by it."""
    return bool(_LINE_ENDS.match(text, offset + len(word)) and _LISTS.fullmatch(line_before(text, offset)))


def heads(text: str, offset: int, word: str) -> bool:
    """Say whether a line says nothing of a name, as compilers write for headers that may be gone."""
    return not line_before(text, offset) and _HEADS.match(text, offset + len(word)) is not None


def is_wide(text: str, offset: int) -> bool:
    """Say whether a line is so wide that nobody wrote it."""
    first = text.rfind("\n", max(0, offset - _WIDE), offset)
    last = text.find("\n", offset, offset + _WIDE)
    return (first < 0 and offset > _WIDE) or (last < 0 and len(text) > offset + _WIDE)
