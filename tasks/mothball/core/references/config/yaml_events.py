"""The scalars of a YAML text with the keys that lead to them, from the parser's events: no depth can hurt."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

_MAX_KEYS: Final = 50
_DEEPEST: Final = 500
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)+")
_LINE: Final = re.compile(r"(?P<lead>[ \t]*(?:-[ \t]+)*(?:(?P<key>[\w./-]+)[ \t]*:[ \t]+)?)(?P<value>[^\n]*)")


class Scalar(NamedTuple):
    """A scalar: its keys (those of lists are left out), where its source begins and what that is.

    The source has no quotes; that of a block (``|`` or ``>``) has all its lines, as they are.
    """

    keys: tuple[str, ...]
    offset: int
    raw: str
    is_key: bool
    is_block: bool


class _Level:
    __slots__ = ("key", "keys", "mapping")

    def __init__(self, keys: tuple[str, ...], *, mapping: bool) -> None:
        self.keys = keys
        self.mapping = mapping
        self.key: str | None = None


def scalars(text: str) -> Iterator[Scalar]:
    """Yield every scalar.

    Raises:
        yaml.YAMLError: the text is no YAML. What was yielded before stands.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|[\n\r\x85\u2028\u2029]", text))]
    stack: list[_Level] = []
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            keys = _taken(stack)
            stack.append(_Level(keys, mapping=isinstance(event, yaml.MappingStartEvent)))
            # The parser takes time by the square of the depth, and nobody writes such.
            if len(stack) > _DEEPEST:
                raise yaml.YAMLError("nested too deeply")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
        elif isinstance(event, yaml.ScalarEvent):
            yield from _scalar(event, text, starts, stack)
        elif isinstance(event, yaml.AliasEvent):
            _taken(stack)


def _taken(stack: list[_Level]) -> tuple[str, ...]:
    """Return the keys of the value that begins now, and take it for begun."""
    if not stack:
        return ()
    level = stack[-1]
    if not level.mapping:
        return level.keys
    if level.key is None:
        level.key = ""
        return level.keys
    keys = (*level.keys[:_MAX_KEYS], level.key)
    level.key = None
    return keys


def _scalar(event: Any, text: str, starts: list[int], stack: list[_Level]) -> Iterator[Scalar]:
    start = _offset(event.start_mark, starts, text)
    raw = text[start : _offset(event.end_mark, starts, text)]
    if raw[:1] in ("&", "!") and (properties := _PROPERTIES.match(raw)):
        start, raw = start + properties.end(), raw[properties.end() :]
    level = stack[-1] if stack else None
    is_key = level is not None and level.mapping and level.key is None
    if is_key and level is not None:
        level.key = event.value[:200]
        keys = (*level.keys, level.key)
    else:
        keys = _taken(stack)
    is_block = event.style in ("|", ">")
    if is_block:
        head = raw.find("\n") + 1
        start, raw = start + head, raw[head:]
    elif event.style in ("'", '"') and len(raw) > 1:
        start, raw = start + 1, raw[1:-1]
    yield Scalar(keys, start, raw, is_key, is_block)


def _offset(mark: Any, starts: list[int], text: str) -> int:
    return starts[mark.line] + mark.column if mark.line < len(starts) else len(text)


def loose_scalars(text: str) -> Iterator[Scalar]:
    """Yield what looks like a scalar in a text that is no YAML, line by line: a template of it, mostly."""
    offset = 0
    for line in text.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        content = line.rstrip()
        if len(content) > 2000 or content.lstrip().startswith("#"):
            continue
        found = _LINE.match(content)
        if found and found["value"]:
            quoted = found["value"][0] in "'\"" and len(found["value"]) > 1
            at = start + found.start("value") + quoted
            raw = found["value"][1:-1] if quoted else found["value"]
            yield Scalar((found["key"],) if found["key"] else (), at, raw, is_key=False, is_block=False)
