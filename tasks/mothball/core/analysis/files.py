"""What becomes of every file, by kind: archived in a category, kept, written by mothball, or neither."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mothball.core.analysis.facts import Facts
from mothball.core.tree import parent

KEPT: Final = "kept"
NEITHER: Final = "neither"
EARLIER: Final = "earlier"
GENERATED: Final = "generated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of files.

    ``key`` is ``kept``, ``neither``, ``earlier``, ``generated`` or the name of a category with ``category:``
    before it; ``files`` is how many are of it, before and after together.
    """

    key: str
    title: str
    files: int

    @property
    def archives(self) -> bool:
        """Say whether it is a category's."""
        return self.key.startswith("category:")


@dataclass(frozen=True, slots=True)
class Row:
    """One file: its path (before or, for one that is new, after), its kind's key, and where it goes."""

    path: str
    kind: str
    target: str | None = None


class Files:
    """Every file of an analysis with its kind."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._kept = {path for paths in facts.kept.values() for path in paths}
        self._targets: Mapping[str, tuple[str, str]] = {
            move.source: (move.target, f"category:{move.category}") for move in facts.analysis.moves
        }

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every file of before and every one that is new, sorted by path."""
        before = self._facts.analysis.before
        return tuple(sorted((*map(self._row, before), *self._new()), key=lambda row: row.path))

    def _row(self, path: str) -> Row:
        if path in self._targets:
            target, kind = self._targets[path]
            return Row(path, kind, target)
        if self._facts.is_generated(path):
            return Row(path, GENERATED)
        if self._facts.is_archived(path):
            return Row(path, EARLIER)
        return Row(path, KEPT if path in self._kept else NEITHER)

    def _new(self) -> Iterator[Row]:
        targets = {target for target, _ in self._targets.values()}
        for path in self._facts.analysis.after:
            if path not in self._facts.analysis.before and path not in targets:
                yield Row(path, GENERATED)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that have files: the categories in the plan's order, then the rest."""
        counts = Counter(row.kind for row in self.rows)
        titles = {f"category:{group.name}": group.title for group in self._facts.groups}
        titles |= {
            KEPT: "Kept",
            NEITHER: "Neither kept nor archived",
            EARLIER: "In the archive already",
            GENERATED: "Written by mothball",
        }
        return tuple(
            Kind(key=key, title=title, files=counts[key]) for key, title in titles.items() if counts[key]
        )

    @property
    def before(self) -> Iterator[tuple[str, str]]:
        """Path and kind of every file of before."""
        return ((row.path, row.kind) for row in self.rows if row.path in self._facts.analysis.before)

    @property
    def after(self) -> Iterator[tuple[str, str]]:
        """Path and kind of every file of after."""
        return ((row.target or row.path, row.kind) for row in self.rows)


def grouped(rows: tuple[Row, ...]) -> dict[tuple[str, str, str | None], list[Row]]:
    """Group files by directory, kind and the directory that they go to: the three that neighbours share."""
    found: dict[tuple[str, str, str | None], list[Row]] = {}
    for row in rows:
        where = None if row.target is None else parent(row.target)
        found.setdefault((parent(row.path), row.kind, where), []).append(row)
    return found
