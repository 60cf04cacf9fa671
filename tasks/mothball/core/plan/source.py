"""A plan's text made data: decoded, held to limits, parsed. Without pydantic, so it is quick."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any, Final

from mothball.core.errors import PlanError, Problem
from mothball.core.plan.rules import describe
from mothball.core.plan.text import DEEPEST, MOST, Positions, locate
from mothball.core.show import visible

_BYTES: Final = 256 * 1024
_BYTES_WITH_OTHERS: Final = 1024 * 1024  # a pyproject.toml holds the settings of other tools too
_LINE: Final = 1024  # tomllib's time is quadratic in what one line holds
_BOM: Final = b"\xef\xbb\xbf"
_SAID: Final = re.compile(
    r"(?P<said>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL
)
_ADVICE: Final = (
    (re.compile(r"^[^\"'=#]*/"), "Put a path in quotes, in a key too."),
    (re.compile(r"=\s*(True|False)\b"), "Write true and false in small letters."),
    (re.compile(r"=\s*[A-Za-z/_.*]"), "Put text in quotes."),
    (re.compile(r"\\"), "Put text with a backslash in single quotes."),
)


@dataclass(frozen=True, slots=True)
class Source:
    """The table that holds a plan, and where each of its keys stands in the text."""

    positions: Positions
    section: dict[str, Any]


def read_source(content: bytes, *, path: str, table: tuple[str, ...]) -> Source:
    """Decode and parse a plan.

    Raises:
        PlanError: the text is too large, is no UTF-8 or no TOML, or the table is not in it.
    """
    text = _decoded(content, path, limit=_BYTES_WITH_OTHERS if table else _BYTES)
    _check_lines(text, path)
    positions = locate(text)
    _check_excess(positions, path)
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise _refusal("plan-too-deep", path, "the values are nested too deeply", "fewer levels") from None
    except ValueError as error:
        raise _syntax(str(error), text, path) from None
    return Source(positions, _section(data, table, path, positions))


def _refusal(code: str, where: str, found: str, expected: str = "", remedy: str = "") -> PlanError:
    return PlanError(Problem(code=code, where=where, found=found, expected=expected, remedy=remedy))


def _decoded(content: bytes, path: str, *, limit: int) -> str:
    if len(content) > limit:
        found, expected = f"the file has {len(content):,} bytes", f"at most {limit:,}"
        raise _refusal("plan-too-large", path, found, expected, "Use patterns rather than lists of files.")
    try:
        return content.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        lines = before.decode().split("\n")
        where = f"{path}:{len(lines)}:{len(lines[-1]) + 1}"
        found = f"found the byte 0x{error.object[error.start]:02x}, which is no UTF-8 here"
        raise _refusal("plan-encoding", where, found, "UTF-8 text", "Save the file as UTF-8.") from None


def _check_lines(text: str, path: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LINE:
            where, found = f"{path}:{number}:{_LINE + 1}", f"the line has {len(line):,} characters"
            raise _refusal(
                "plan-long-line", where, found, f"at most {_LINE:,}", "Break it into several lines."
            )


def _check_excess(positions: Positions, path: str) -> None:
    """Refuse what ``tomllib`` would take long for, or much memory."""
    if positions.excess is None:
        return
    what, place = positions.excess
    where = f"{path}:{place.line}:{place.column}"
    if what == "levels":
        raise _refusal(
            "plan-too-deep", where, "the values are nested too deeply", f"at most {DEEPEST} levels"
        )
    found, expected = f"the file has more than {MOST:,} values", "a plan that people can read"
    raise _refusal("plan-too-large", where, found, expected, "Use patterns rather than lists of files.")


def _syntax(said: str, text: str, path: str) -> PlanError:
    lines = text.split("\n")
    match = _SAID.fullmatch(said)
    line = int(match["line"] or len(lines)) if match else 1
    column = int(match["column"] or len(lines[-1]) + 1) if match else 1
    clause = visible(match["said"] if match else said)
    found = f"this is no TOML: {clause[:1].lower()}{clause[1:]}"
    advice = next((advice for sign, advice in _ADVICE if sign.search(lines[line - 1])), "")
    if "overwrite" in said or "twice" in said:
        advice = "Write a key once in a table; a further category begins with its own [[archive]]."
    return _refusal("plan-syntax", f"{path}:{line}:{column}", found, "", advice)


def _section(data: dict[str, Any], table: tuple[str, ...], path: str, positions: Positions) -> dict[str, Any]:
    name = ".".join(table)
    section: object = data
    for key in table:
        if not isinstance(section, dict) or key not in section:
            raise _refusal("plan-missing-table", path, f"there is no [{name}] in it", "", f"Add [{name}].")
        section = section[key]
    if not isinstance(section, dict):
        place = positions.nearest(table)
        where, found = f"{path}:{place.line}:{place.column}: {name}", f"found {describe(section)}"
        raise _refusal("plan-type", where, found, "a table", f"Write [{name}].")
    return section
