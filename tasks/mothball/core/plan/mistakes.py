"""What pydantic finds wrong with a plan, told in plain words.

Slow to import, for pydantic's sake: import it where a plan is read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic_core import ErrorDetails

from mothball.core.plan.format import KEYS
from mothball.core.plan.rules import Flaw, Mistake, describe, shown
from mothball.core.plan.text import Path

_TABLES: Final = {
    **{name: f"[[{name}]]" for name in ("keep", "archive", "metric")},
    **{name: f"[{name}]" for name in ("readme", "validate", "commit", "limits", "references")},
}
_EXPECTED: Final = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "list_type": 'a list, such as ["/src/old*.py"]',
    "dict_type": "a table",
    "model_type": "a table",
    "run": "text in quotes or a list of such texts",
    "command": "text in quotes, or a table with the key `run`",
}
_EXAMPLES: Final = {
    "title": 'title = "…"',
    "archive": "an [[archive]] table",
    "name": 'name = "…"',
    "reason": 'reason = "…"',
    "into": 'into."archive/old/" = ["/src/old*.py"]',
    "patterns": 'patterns = ["/src/core.py"]',
    "count": 'count = ["/src/"]',
    "path": 'path = "README.md"',
    "run": 'run = "python -m pytest"',
    "from": 'from = "/docs/guide.md"',
    "to": 'to = "/experiments/"',
}
_INTO: Final = f"Write {_EXAMPLES['into']}."
_HINTS: Final[Mapping[tuple[str, ...], str]] = {
    **{("archive", key): _INTO for key in ("patterns", "destination", "dest", "to", "path", "files", "from")},
    **{("validate", key): 'Write commands = ["…"].' for key in ("command", "run")},
}
_RANGES: Final[Mapping[str | int, str]] = {
    "expect": "0 or more",
    "after": "0 or more",
    "timeout": "seconds, more than 0 and at most 86,400",
    "share": "more than 0 and at most 1",
}
_HOMES: Final = {
    key: [table for table in KEYS if key in KEYS[table]] for keys in KEYS.values() for key in keys
}
_LONGEST_TYPO: Final = 64  # difflib compares each letter with each
_TYPOS: Final = 20


def path_of(error: ErrorDetails) -> Path:
    """Return the path of the key that an error is about, without what pydantic puts between."""
    loc = error["loc"]
    if loc[:2] == ("validate", "commands") and len(loc) > 3:
        run = loc[4:5] == ("run",)
        return (*loc[:3], *loc[4:5], *loc[6:]) if run else (*loc[:3], *loc[4:])
    return loc[:4] if loc[4:] == ("[key]",) else loc


def without_twins(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out a missing key where a misspelt one beside it is surely what was meant for it."""
    unknown: dict[Path, list[str]] = defaultdict(list)
    for error in errors:
        path = path_of(error)
        if error["type"] == "extra_forbidden" and len(unknown[path[:-1]]) < _TYPOS:
            unknown[path[:-1]].append(str(path[-1]))
    meant = {(*at, _meant(_names(at), key)) for at, keys in unknown.items() for key in keys}
    return [error for error in errors if error["type"] != "missing" or path_of(error) not in meant]


def mistake_of(error: ErrorDetails) -> Mistake:
    """Put one error into plain words."""
    path = path_of(error)
    return Mistake(path, _flaw_of(error["type"], error["input"], path, error.get("ctx", {})))


def _flaw_of(kind: str, value: object, path: Path, context: Mapping[str, Any]) -> Flaw:
    if kind == "flaw":
        flaw: Flaw = context["flaw"]
        return flaw
    if kind == "missing":
        return Flaw("plan-missing-key", "the key is missing", "", f"Add {_EXAMPLES[str(path[-1])]}.")
    if kind == "extra_forbidden":
        return _unknown(_names(path[:-1]), str(path[-1]))
    found = f"found {describe(value)}"
    if kind == "too_short":
        return Flaw("plan-empty", found, "at least one element", "Add one, or take the whole out.")
    if kind in _EXPECTED:
        return Flaw("plan-type", found, _EXPECTED[kind], _remedy(kind, value, path))
    return Flaw("plan-range", found, _RANGES.get(path[-1], "another value"))


def _names(path: Path) -> tuple[str, ...]:
    """Return the tables of a path, without the numbers of elements."""
    return tuple(part for part in path if isinstance(part, str))


def _unknown(table: tuple[str, ...], key: str) -> Flaw:
    known = KEYS[table]
    found = f"the key {shown(key)} is not known"
    meant = _meant(table, key)
    hint = _HINTS.get((*table[-1:], key)) or _elsewhere(key)
    if meant and key not in _HOMES:
        hint = f"Did you mean `{meant}`?"
    return Flaw("plan-unknown-key", found, f"one of {', '.join(known)}", hint or "Correct it or take it out.")


def _meant(table: tuple[str, ...], key: str) -> str | None:
    """Return the known key of a table that a misspelt one is likely to stand for."""
    if len(key) > _LONGEST_TYPO:
        return None
    spelled = key.casefold().replace("_", "-")
    return next(iter(get_close_matches(spelled, KEYS[table], n=1)), None)


def _elsewhere(key: str) -> str:
    """Say where a key belongs that is known, though not where it stands."""
    if key in _TABLES:
        return f"Write {_TABLES[key]} as a table of its own."
    if key in KEYS[()]:
        return "Move it to the top of the file, above the first table."
    homes = [_TABLES[table[0]] for table in _HOMES.get(key, ()) if len(table) == 1]
    return f"It belongs in {' or '.join(homes)}." if homes else ""


def _remedy(kind: str, value: object, path: Path) -> str:
    """Say how to turn a value of the wrong kind into the right one, where that is plain."""
    return _quotes(kind, value) or _brackets(kind, value, path)


def _quotes(kind: str, value: object) -> str:
    match kind, value:
        case (("bool_type" | "int_type" | "float_type"), str()):
            return "Write it without quotes."
        case "int_type", float():
            return "Leave the fraction out."
        case "string_type", bool() | int() | float():
            return "Put it in quotes."
    return ""


def _brackets(kind: str, value: object, path: Path) -> str:
    name = path[-1]
    match kind, value:
        case ("list_type", dict()) | ("model_type", list()) if path[:-1] == () and name in _TABLES:
            return f"Write {_TABLES[str(name)]} above its keys, with just these brackets."
        case "list_type", dict() if "into" in path:
            return f"Put the whole directory in quotes: {_EXAMPLES['into']}."
        case "list_type", str():
            return "Put it in brackets."
        case "dict_type", _:
            return _INTO
        case "model_type", _:
            return f"Write {_TABLES[str(path[0])]} and its keys below it."
    return ""
