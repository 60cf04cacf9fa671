"""Find and read the plan in force."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Final

from mothball.core.errors import PlanError, Problem
from mothball.core.plan.model import Plan
from mothball.core.plan.reader import read_plan
from mothball.core.tree import Tree
from mothball.effects.git import Git
from mothball.effects.look import staged_text

NAME: Final = "mothball.toml"
PROJECT: Final = "pyproject.toml"
TABLE: Final = ("tool", "mothball")
MOST: Final = 1 << 20
"""Bytes of the largest file that can hold a plan, a ``pyproject.toml``."""


def find_plan(root: Path, given: Path | None) -> tuple[Path, tuple[str, ...]] | None:
    """Return the plan's file and the table that holds it; ``None`` when there is no plan.

    Args:
        root: the work tree.
        given: the file that the user named, if any.
    """
    if given is not None:
        return given, table_of(given.name)
    if (root / NAME).is_file():
        return root / NAME, ()
    project = root / PROJECT
    if project.is_file():
        try:
            text = read_bounded(project)
        except OSError:
            return None
        return (project, TABLE) if _holds_plan(text) else None
    return None


def _holds_plan(text: bytes) -> bool:
    try:
        tool = tomllib.loads(text.decode()).get("tool")
    except (ValueError, RecursionError):
        return False
    return isinstance(tool, dict) and "mothball" in tool


def table_of(name: str) -> tuple[str, ...]:
    """Return the table that holds the plan in a file of this name."""
    return TABLE if name == PROJECT else ()


def read_bounded(place: Path) -> bytes:
    """Read a plan's file, at most a byte more than the reader takes: clones may hold gigabytes of zeros."""
    with place.open("rb") as file:
        return file.read(MOST + 1)


def work_tree_above(directory: Path) -> Path:
    """Return the nearest directory at or above one that git keeps a repository in, without asking git."""
    here = directory.absolute()
    return next((place for place in (here, *here.parents) if (place / ".git").exists()), here)


def load_plan(root: Path, given: Path | None) -> Plan:
    """Read the plan in force.

    Raises:
        PlanError: there is none, it cannot be read, or it has mistakes.
    """
    found = find_plan(root, given)
    if found is None:
        found_none = "there is no plan: neither this file nor [tool.mothball] in pyproject.toml"
        raise PlanError(_missing(root / NAME, found_none))
    place, table = found
    try:
        text = read_bounded(place)
    except OSError as error:
        raise PlanError(_missing(place, f"the plan cannot be read: {error.strerror}")) from error
    inside = place.resolve().is_relative_to(root.resolve())
    shown = str(place.resolve().relative_to(root.resolve())) if inside else str(place)
    return read_plan(text, path=shown, table=table)


def load_staged_plan(git: Git, tree: Tree, given: Path | None) -> Plan:
    """Read the plan as the index holds it, or one outside of the repository from its file.

    Raises:
        PlanError: there is none, it cannot be read, or it has mistakes.
    """
    root = git.root.resolve()
    if given is not None and not given.resolve().is_relative_to(root):
        return load_plan(git.root, given)
    names = [str(given.resolve().relative_to(root))] if given else [NAME, PROJECT]
    for name in names:
        text = staged_text(git, tree, name, MOST)
        if text is not None and (given or name == NAME or _holds_plan(text)):
            return read_plan(text, path=name, table=table_of(name))
    found = f"there is no plan in what is staged: neither this file nor [tool.mothball] in {PROJECT}"
    staged = _missing(git.root / names[0], "this file is not staged" if given else found)
    raise PlanError(replace(staged, remedy=f"`git add` it. {staged.remedy}"))


def _missing(place: Path, found: str) -> Problem:
    return Problem(
        code="plan-missing",
        where=str(place),
        found=found,
        remedy="`mothball init` writes a commented plan to start from; `--plan` names another file.",
    )
