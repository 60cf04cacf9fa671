"""The ledger: the committed record of what was archived, from where, and why."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from sys import intern
from typing import Any, Final

from mothball.core.errors import Problem, Refused
from mothball.core.plan.model import Plan
from mothball.core.plan.paths import is_confined
from mothball.core.tree import Entry, Move, Tree

NAME: Final = "ledger.json"
SCHEMA: Final = "mothball.ledger/1"
_ID: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHAPES: Final = {
    "mode": re.compile("[0-7]{6}"),
    "blob": _ID,
    "category": re.compile("[a-z0-9-]{1,64}"),
    "run": re.compile("[0-9a-f]{1,64}"),
}
_KEYS: Final = frozenset({"from", "to", *_SHAPES})


@dataclass(frozen=True, slots=True)
class Touch:
    """The last commit that changed a file before it was archived; ``date`` is its author's day, ISO 8601."""

    commit: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the ledger remembers of a category, though the plan may change later."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One archived file. ``run`` is the start of the digest of the plan in force."""

    move: Move
    run: str
    touch: Touch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every record, sorted by where the file is now."""

    categories: Mapping[str, Noted] = field(default_factory=dict)
    records: tuple[Record, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything is recorded."""
        return bool(self.records)

    def alive(self, tree: Tree) -> list[Record]:
        """Return the records whose file is still in the archive."""
        return [record for record in self.records if record.move.target in tree]

    def having(self, moves: Iterable[Move], plan: Plan, touches: Mapping[str, Touch]) -> "Ledger":
        """Return the ledger with these moves recorded under the plan in force."""
        records = {record.move.target: record for record in self.records}
        categories = dict(self.categories)
        titles = {category.name: category for category in plan.archive}
        for move in moves:
            touch = touches.get(move.source)
            records[move.target] = Record(move=move, run=plan.digest[:12], touch=touch)
            category = titles[move.category]
            categories[move.category] = Noted(title=category.title, reason=category.reason)
        return Ledger(categories=categories, records=_ordered(records.values()))

    def without(self, targets: Iterable[str]) -> "Ledger":
        """Return the ledger without the files that now lie at these paths of the archive."""
        gone = set(targets)
        left = [record for record in self.records if record.move.target not in gone]
        used = {record.move.category for record in left}
        noted = {name: noted for name, noted in self.categories.items() if name in used}
        return Ledger(categories=noted, records=_ordered(left))

    def dump(self) -> bytes:
        """Return the file's content: one record a line, so that a diff shows files."""
        noted = {
            name: {"title": value.title, "reason": value.reason}
            for name, value in sorted(self.categories.items())
        }
        head = json.dumps({"schema": SCHEMA, "categories": noted}, indent=1)
        content = BytesIO()  # of a million files it is 250 MB, and should not be there three times
        content.write(f'{head.removesuffix("}").rstrip()},\n "records": [\n'.encode())
        for number, record in enumerate(self.records):
            content.write((b",\n" if number else b"") + json.dumps(_row(record)).encode())
        content.write(b"\n ]\n}\n")
        return content.getvalue()


def _ordered(records: Iterable[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: record.move.target))


def _row(record: Record) -> dict[str, Any]:
    move = record.move
    row: dict[str, Any] = {"from": move.source, "to": move.target}
    row |= {"mode": move.entry.mode, "blob": move.entry.blob, "category": move.category, "run": record.run}
    if record.touch:
        row["last_commit"] = {"id": record.touch.commit, "date": record.touch.date}
    return row


def read_ledger(content: bytes | None, *, path: str) -> Ledger:
    """Read a ledger; ``None`` (no file) is an empty one.

    Raises:
        Refused: the file is no ledger of this version.
    """
    if content is None:
        return Ledger()
    try:
        return _parsed(content)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(
            Problem(
                code="ledger-unreadable",
                where=path,
                found=f"this is not a ledger that this version can read ({type(error).__name__}: {error})",
                expected=f"JSON with schema {SCHEMA!r}",
                remedy="Restore it from git, or set `home` in the plan to another directory.",
            )
        ) from error


@lru_cache(maxsize=2)  # a run asks for the same two again and again: that of before and that of after
def _parsed(content: bytes) -> Ledger:
    # Each row becomes a record as soon as it is read: a million dictionaries would take a gigabyte.
    document = json.loads(content, object_hook=_recognized)
    if document["schema"] != SCHEMA:
        raise ValueError(f"schema {document['schema']!r}")
    noted = document["categories"].items()
    records = (row if isinstance(row, Record) else _record(row) for row in document["records"])
    return Ledger(
        categories={name: Noted(title=value["title"], reason=value["reason"]) for name, value in noted},
        records=_ordered(records),
    )


@lru_cache(maxsize=1000)
def _touch(commit: str, date: str) -> Touch:
    return Touch(commit, date)


def _recognized(row: dict[str, Any]) -> "dict[str, Any] | Record":
    # Categories may have any names, those of the keys of a record as well. What is wrong with others is told
    # when they are known to be meant as records.
    return _record(row) if row.keys() >= _KEYS and "title" not in row and type(row["from"]) is str else row


def _record(row: Mapping[str, Any]) -> Record:
    for name, shape in _SHAPES.items():
        if not shape.fullmatch(row[name]):
            raise ValueError(f"{name} is {row[name]!r}")
    for name in ("from", "to"):
        if not is_confined(row[name]):
            raise ValueError(f"{name} is no path of the repository")
    touch = row.get("last_commit")
    if touch and not (_ID.fullmatch(touch["id"]) and _DAY.fullmatch(touch["date"])):
        raise ValueError(f"last_commit is {touch!r}")
    # The same texts, record after record, and in the trees that git lists: each is kept once.
    source, target, mode, blob = (intern(row[name]) for name in ("from", "to", "mode", "blob"))
    move = Move(source, target, Entry(mode, blob), intern(row["category"]))
    touched = _touch(touch["id"], touch["date"]) if touch else None
    return Record(move=move, run=intern(row["run"]), touch=touched)
