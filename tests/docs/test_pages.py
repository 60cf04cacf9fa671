"""The pages tell the truth: every block is done, by a reader who starts with what its page says."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.said import errors
from mothball.core.checks import PlanCheck, ReferenceCheck, RepositoryCheck, ResultCheck
from tests.conftest import WITHOUT_REGISTRY, project_repository
from tests.documents import GUIDE, LAB, ROOT, Page, Reader, reader_in

PAGES = {
    str(place.relative_to(ROOT)): Page(place)
    for place in sorted((ROOT / "docs").rglob("*.md"))
    if not {"reference", "_build"}.intersection(place.relative_to(ROOT).parts)
}
PLAN = next(block.text for block in PAGES["docs/howto/own-repository.md"].blocks if block.language == "toml")
ADDRESS = "https://example.org/mothball.git"
FAMILIES = (PlanCheck, RepositoryCheck, ReferenceCheck, ResultCheck)
DONE = {"sh", "toml", "python", "yaml", "text"}

World = Callable[[Path], Reader]


def checkout(home: Path) -> Reader:
    """A checkout of mothball, as after the README's first command."""
    reader = reader_in(home)
    shutil.copy(ROOT / "tasks.py", home / "checkout")
    (home / "checkout/tasks").symlink_to(ROOT / "tasks")
    reader.type("invoke archive.all")
    return reader


def planned(home: Path) -> Reader:
    """A repository with a committed plan."""
    reader = reader_in(home)
    reader.mine.commit({"mothball.toml": PLAN}, "Plan the archive")
    return reader


def guided(home: Path) -> Reader:
    """The same, with a page that links what goes."""
    reader = planned(home)
    reader.mine.commit(GUIDE, "A guide")
    return reader


def archived(home: Path) -> Reader:
    """The same after a run."""
    reader = planned(home)
    reader.mine.archive()
    return reader


def hooked(home: Path) -> Reader:
    """The same, where pre-commit gets mothball from this very tree."""
    reader = archived(home)
    source = project_repository(home / "source")
    path = f"{Path(reader.environment['PYTHONPATH'])}:{WITHOUT_REGISTRY['PYTHONPATH']}"
    settings = {**WITHOUT_REGISTRY, "PYTHONPATH": path, "PRE_COMMIT_HOME": str(home / "cache")}
    return Reader(reader.home, reader.mine, settings, {ADDRESS: str(source.root), "COMMIT": source.head})


def by_hand(home: Path) -> Reader:
    """A repository in which somebody moved files by hand and broke a link."""
    reader = reader_in(home, {**LAB, **GUIDE})
    (reader.mine.root / "attic").mkdir()
    reader.mine.git("mv", "lab/try_1.py", "attic/try_1.py")
    reader.mine.commit(message="Tidy up")
    return reader


WORLDS: dict[str, World] = {
    "a repository with at least one commit, and no plan yet": reader_in,
    "a committed plan, and nothing archived yet": planned,
    "a committed plan, nothing archived yet, and a guide that links a file which goes": guided,
    "a committed plan, and what it names archived": archived,
    "a committed plan, what it names archived, and the program `pre-commit` installed": hooked,
    "a repository without a plan, in whose last commit somebody moved files": by_hand,
    "a checkout of mothball, after the first command of its README": checkout,
}
"""What a reader starts with, as a page says it."""


@pytest.mark.parametrize("name", PAGES)
def test_every_block_of_a_page_does_what_it_says(name: str, tmp_path: Path) -> None:
    page = PAGES[name]
    assert {block.language for block in page.blocks} <= DONE
    if not page.blocks:
        pytest.skip("there is no block on this page")
    assert page.start in WORLDS, "a page with blocks says what its reader starts with"
    world = WORLDS[page.start]
    if world is hooked and not (ROOT / ".git").exists():
        pytest.skip("this is no clone: pre-commit installs hooks from git only")
    reader = world(tmp_path)
    reader.follow(list(page.blocks), tmp_path / "checkout" if world is checkout else None)


def test_the_pages_are_found() -> None:
    assert {"docs/tutorial.md", "docs/howto/ci.md", "docs/hazards.md", "docs/explanation.md"} <= PAGES.keys()


def test_the_pages_name_only_tasks_that_exist(tmp_path: Path) -> None:
    reader = planned(tmp_path)
    tasks = set(
        re.findall(r"^  ([a-z.-]+)", reader.type(f"cd {reader.mine.root} && mothball --list"), re.MULTILINE)
    )
    named = {
        task
        for page in PAGES.values()
        for task in re.findall(r"\b(?:mothball|invoke) ((?:archive|report|validate)\.[a-z-]+)", page.text)
    }
    assert len(named) > 10
    assert named <= tasks


def test_the_explanation_names_only_checks_and_errors_that_exist() -> None:
    rows = re.findall(r"^\| .+ \| .+ \| (`.+`) \|$", PAGES["docs/explanation.md"].text, re.MULTILINE)
    named = set(re.findall(r"`([a-z-]+)`", " ".join(rows)))
    assert len(named) > 7
    assert named <= {kind.code for family in FAMILIES for kind in family.known} | errors().keys()


def test_the_plan_is_that_of_the_readme() -> None:
    readme = next(block.text for block in Page(ROOT / "README.md").blocks if block.language == "toml")
    assert [line.partition("#")[0].rstrip() for line in readme.splitlines()] == PLAN.splitlines()


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return found


def test_the_workflow_gives_the_action_only_inputs_that_it_has() -> None:
    [block] = [one for one in PAGES["docs/howto/ci.md"].blocks if one.language == "yaml"]
    steps = yaml.safe_load(block.text)["jobs"]["archive"]["steps"]
    [used] = [step for step in steps if "mothball" in step["uses"]]
    assert set(used["with"]) <= set(action()["inputs"])


def test_the_table_of_inputs_is_the_actions() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`(.+)`)? *\| .+ \|$", PAGES["docs/howto/ci.md"].text, re.MULTILINE)
    assert dict(rows) == {name: given.get("default", "") for name, given in action()["inputs"].items()}
