"""The options of an INI text, with their places: sections, keys, and values of one or many lines."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_SECTION: Final = re.compile(r"[ \t]*\[(?P<name>[^\n]*)\][ \t]*(?:[#;][^\n]*)?")
_OPTION: Final = re.compile(r"(?P<key>[^\s=:#;\[][^=:\n]*?)[ \t]*(?P<sign>[=:])[ \t]*(?P<value>[^\n]*)")
_INLINE: Final = re.compile(r"[ \t][#;]")


class IniLine(NamedTuple):
    """A line of an option's value, or (without ``key``) the name of a section.

    ``number`` counts the lines of the value from 0, ``offset`` is where ``raw`` begins.
    """

    section: str
    key: str
    offset: int
    raw: str
    number: int = 0


def ini_lines(text: str) -> Iterator[IniLine]:
    """Yield the names of the sections, and the lines of the values without what is commented out."""
    section = key = ""
    number = offset = 0
    for line in text.splitlines(keepends=True):
        content = line.rstrip("\r\n")
        start, offset = offset, offset + len(line)
        stripped = content.lstrip()
        if not stripped or stripped[0] in "#;" or len(content) > 10_000:
            continue
        if stripped[0] == "[" and (found := _SECTION.fullmatch(content)):
            section, key = found["name"], ""
            yield IniLine(section, "", start + found.start("name"), section)
        elif content[0] in " \t" and key:
            number += 1
            yield _line(section, key, start + len(content) - len(stripped), stripped, number)
        elif found := _OPTION.match(content.lstrip()):
            key, number = found["key"].strip(), 0
            indent = len(content) - len(stripped)
            yield _line(section, key, start + indent + found.start("value"), found["value"], 0)
        else:
            key = ""


def _line(section: str, key: str, offset: int, raw: str, number: int) -> IniLine:
    comment = _INLINE.search(raw)
    return IniLine(section, key, offset, raw[: comment.start()].rstrip() if comment else raw.rstrip(), number)
