"""The managed section: the lines between two markers in a file that is otherwise the maintainer's."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.errors import Problem, Refused

BEGIN: Final = "<!-- mothball:begin (managed: text between these markers is rewritten) -->"
END: Final = "<!-- mothball:end -->"
_MARKER: Final = re.compile(rb"<!-- mothball:(begin|end)\b[^>\n]*-->\s*")
# The info string of a backtick fence has no backtick (CommonMark 0.31, 4.5): "```x```" is code in a line.
_FENCE: Final = re.compile(rb" {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)", re.DOTALL)
_BOM: Final = b"\xef\xbb\xbf"


def with_section(content: bytes | None, section: str, *, path: str, heading: str) -> bytes:
    """Return the file's content with the section in place, every other byte as it was.

    A file that is absent (``None``) gets the heading and the section. Without markers the section is
    appended, after an empty line; how much goes before it tells `without_section` what the file was, which
    may end without a line end, or be our heading alone, or empty. Line endings follow the file's own.

    Raises:
        Refused: the markers are missing a partner, doubled or reversed.
    """
    if content is None:
        return f"# {heading}\n\n{BEGIN}\n{section}{END}\n".encode()
    eol = _line_end(content)
    block = f"{BEGIN}\n{section}{END}\n".encode().replace(b"\n", eol)
    span = _span(content, path)
    if span is None:
        _require_closed(content, path)
        return content + eol * _gap(content, heading) + block
    start, stop = span
    rest = content[stop:]
    return content[:start] + (block if rest or content.endswith(b"\n") else block.removesuffix(eol)) + rest


def without_section(content: bytes | None, *, path: str, heading: str) -> bytes | None:
    """Return the file's content without the section; ``None`` when nothing but our own heading is left.

    Raises:
        Refused: as `with_section`.
    """
    span = _span(content, path) if content else None
    if not content or span is None:
        return content
    head, tail = content[: span[0]], content[span[1] :]
    if not tail and head == f"# {heading}\n\n".encode():
        return None
    eol = _line_end(head)
    for gap in (2, 1):
        before = head.removesuffix(eol * gap)
        if before != head and _gap(before, heading) == gap and (before.endswith(b"\n") or not tail):
            return before + tail
    return head + tail


def _line_end(content: bytes) -> bytes:
    return b"\r\n" if content.partition(b"\n")[0].endswith(b"\r") else b"\n"


def _gap(content: bytes, heading: str) -> int:
    """Say how many line ends to put between a file's content and a new section."""
    text = content.removeprefix(_BOM)
    if not text:
        return 0
    # A file of our own begins just like that; only the second empty line shows that this one was there.
    return 2 if text.endswith(b"\n") and text.strip(b"\r\n") == f"# {heading}".encode() else 1


def section_of(content: bytes | None, *, path: str) -> bytes | None:
    """Return the section with its markers, or ``None`` when the file has none.

    Raises:
        Refused: as `with_section`.
    """
    span = _span(content, path) if content else None
    return content[span[0] : span[1]] if content and span else None


def with_that_section(content: bytes, section: bytes, *, path: str) -> bytes:
    """Return the content with another section, markers and all, in the place of the one that is there.

    Raises:
        Refused: as `with_section`.
    """
    span = _span(content, path)
    if span is None:
        return content
    rest = content[span[1] :]
    end = _line_end(content) if rest or content.endswith(b"\n") else b""
    return content[: span[0]] + section.rstrip(b"\r\n") + end + rest


def section_lines(content: bytes, *, path: str) -> range:
    """Return the numbers of the lines that the section has, markers included; none where there is none.

    Raises:
        Refused: as `with_section`.
    """
    span = _span(content, path)
    if span is None:
        return range(0)
    first = content.count(b"\n", 0, span[0]) + 1
    return range(first, first + content[span[0] : span[1]].rstrip(b"\r\n").count(b"\n") + 1)


def _span(content: bytes, path: str) -> tuple[int, int] | None:
    """Find the byte range from the begin marker's line to the end marker's line, both included."""
    found = _markers(content)
    if not found:
        return None
    kinds = [kind for kind, _, _, _ in found]
    if kinds == [b"begin", b"end"]:
        return found[0][1], found[1][2]
    lines = ", ".join(f"{kind.decode()} on line {line}" for kind, _, _, line in found)
    raise Refused(
        Problem(
            code="readme-markers",
            where=path,
            found=f"the mothball markers are not one pair: {lines}",
            expected="one begin marker and, below it, one end marker",
            remedy="Repair or remove them by hand; text outside them is never touched.",
        )
    )


def _require_closed(content: bytes, path: str) -> None:
    """Refuse a file that ends inside a code fence: what we append would be code."""
    opened = 0
    for number, _, _, fenced in _lines(content):
        opened = opened or number if fenced else 0
    if opened:
        raise Refused(
            Problem(
                code="readme-markers",
                where=f"{path}:{opened}",
                found="the code fence that is opened here is never closed",
                expected="a closing fence, so that a section can be added below",
                remedy="Close it.",
            )
        )


def _markers(content: bytes) -> list[tuple[bytes, int, int, int]]:
    """List (kind, start, stop, line number) of every marker that stands alone on a line outside a fence."""
    found = []
    for number, start, line, fenced in _lines(content):
        if not fenced and (marker := _MARKER.fullmatch(line)):
            found.append((marker[1], start, start + len(line), number))
    return found


def _lines(content: bytes) -> Iterator[tuple[int, int, bytes, bool]]:
    """Yield number, start, bytes of every line, and whether it belongs to a code fence."""
    fence = b""
    position = len(_BOM) if content.startswith(_BOM) else 0
    for number, line in enumerate(content.removeprefix(_BOM).splitlines(keepends=True), 1):
        mark = _FENCE.match(line)
        inside = bool(fence or mark)
        if not fence:
            fence = mark[1] if mark else b""
        elif mark and mark[1].startswith(fence) and not mark[2].strip():
            fence = b""
            inside = False  # the closing line ends the fence; nothing else stands on it
        yield number, position, line, inside
        position += len(line)
