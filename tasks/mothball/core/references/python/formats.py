"""Texts that are put together when a program runs: what is known of them, with stars for what is not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import Final

from mothball.core.references.python.marks import UNKNOWN

_FIELD: Final = re.compile(
    r"%(?:\((?P<key>\w+)\))?(?P<how>[-#0 +]*+(?:\d+|\*)?(?:\.\d+)?)(?P<type>[a-zA-Z%])"
)
_AS_IT_IS: Final = frozenset("sdi")
_ANY: Final = "*"


def glued(pieces: Iterable[str]) -> str:
    """Write pieces one after the other; only the first can say where it all begins."""
    first, *more = [piece for piece in pieces if piece] or [""]
    return first + "".join(UNKNOWN.sub(_ANY, piece) for piece in more)


def by_percent(pattern: str, values: Sequence[str], named: Mapping[str, str]) -> str | None:
    """Return what ``pattern % values`` is; ``None`` where the two do not fit."""
    pieces, at, left = list[str](), 0, list(values)
    for field in _FIELD.finditer(pattern):
        pieces.append(pattern[at : field.start()])
        at = field.end()
        if field["type"] == "%":
            pieces.append("%")
        elif field["key"]:
            pieces.append(_shown(named.get(field["key"], _ANY), field))
        elif left:
            pieces.append(_shown(left.pop(0), field))
        else:
            return None
    return None if left else glued([*pieces, pattern[at:]])


def _shown(value: str, field: re.Match[str]) -> str:
    return value if field["type"] in _AS_IT_IS and not field["how"] else _ANY


def by_braces(pattern: str, values: Sequence[str], named: Mapping[str, str]) -> str | None:
    """Return what ``pattern.format(...)`` is; ``None`` where the pattern is none."""
    pieces, count = list[str](), 0
    try:
        for text, field, how, conversion in Formatter().parse(pattern):
            pieces.append(text)
            if field is None:
                continue
            key = field or str(count)
            count += not field
            value = values[int(key)] if key.isdigit() and int(key) < len(values) else named.get(key, _ANY)
            pieces.append(_ANY if how or conversion not in {None, "s"} else value)
    except ValueError:
        return None
    return glued(pieces)
