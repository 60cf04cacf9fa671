"""Which lines of a file that mothball shares with people are its own, and are not read for references."""

import re
from collections.abc import Container
from dataclasses import replace
from typing import Final

from mothball.core.errors import Refused
from mothball.core.managed import section_lines
from mothball.core.plan.model import Plan
from mothball.core.references.reading import Reading
from mothball.core.steps import ledger_path, managed_paths

# An element of an array begins with a quote, a digit or a bracket; the name of a table with a letter.
_TABLE: Final = re.compile(rb"\s*\[\[?\s*(?P<name>[A-Za-z_][\w.-]*)")
_PLANS: Final = re.compile(rb"tool\.mothball(\.|$)")
_TELLING: Final = re.compile(rb"[./\\\[(<`{]")
_PROJECT: Final = "pyproject.toml"


def wholly_ours(plan: Plan) -> frozenset[str]:
    """Return the files that are not read: the ledger, and the plan where it has a file to itself."""
    return frozenset({ledger_path(plan)} | ({plan.path} if not _is_project(plan.path) else set()))


def partly_ours(plan: Plan) -> tuple[str, ...]:
    """Return the files that hold something of ours among what is their maintainer's."""
    project = (plan.path,) if _is_project(plan.path) else ()
    return tuple(path for path in (*managed_paths(plan), *project) if path not in wholly_ours(plan))


def our_lines(path: str, content: bytes) -> Container[int]:
    """Return the numbers of the lines in one of these files that are ours."""
    if not _is_project(path):
        try:
            return section_lines(content, path=path)
        except Refused:  # its markers are no pair, which a check of its own says
            return ()
    ours, inside = set(), False
    for number, line in enumerate(content.split(b"\n"), 1):
        if table := _TABLE.match(line):
            inside = bool(_PLANS.match(table["name"]))
        if inside:
            ours.add(number)
    return ours


def is_all_ours(content: bytes, lines: Container[int]) -> bool:
    """Say whether no other line than these could name a file; a heading does not."""
    rows = enumerate(content.split(b"\n"), 1)
    return not any(number not in lines and _TELLING.search(row) for number, row in rows)


def without_ours(reading: Reading, lines: Container[int]) -> Reading:
    """Leave out of a reading what stands in these lines."""
    if not isinstance(reading, tuple):
        return reading
    return tuple(
        replace(read, claims=tuple(claim for claim in read.claims if claim.line not in lines))
        for read in reading
    )


def _is_project(path: str) -> bool:
    return path.rpartition("/")[2] == _PROJECT
