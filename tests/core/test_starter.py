"""The files that a new user starts from."""

import ast
import re

import pytest
from invoke.collection import Collection

from mothball.core.plan.format import KEYS
from mothball.core.plan.reader import read_plan
from mothball.core.starter import USERS_TASKS, starter_plan

SUGGESTION = re.compile(r"^# (?=\[|\[\[|(?:into\.\S+|[a-z-]+) += )", re.MULTILINE)


def suggestions_taken(text: str) -> str:
    """Return a starter plan with every suggestion uncommented."""
    return SUGGESTION.sub("", text)


@pytest.mark.parametrize("readme", [None, "README.md", "docs/a b.md"])
def test_the_starter_plan_has_no_mistakes(readme: str | None) -> None:
    plan = read_plan(starter_plan(readme=readme).encode(), path="mothball.toml")
    assert plan.readme == readme
    assert plan.home == "archive/"
    assert [category.name for category in plan.archive] == ["experiments"]


def test_neither_has_it_with_every_suggestion_taken() -> None:
    plan = read_plan(suggestions_taken(starter_plan()).encode(), path="mothball.toml")
    assert [category.name for category in plan.archive] == ["experiments", "old-docs"]
    assert (plan.readme, plan.metrics[0].after) == ("README.md", 8)
    assert plan.commit.branch == "archive-experiments"


def test_the_starter_plan_shows_every_table() -> None:
    text = suggestions_taken(starter_plan())
    tables = {table[0] for table in KEYS if len(table) == 1}
    assert {name for name in tables if re.search(rf"^\[+{name}\]", text, re.MULTILINE)} == tables


@pytest.mark.parametrize("title", ['Say "go"', "a\\b", "$title {x} %s", "5 µs", "a # b"])
def test_any_title_reads_back(title: str) -> None:
    assert read_plan(starter_plan(title=title).encode(), path="mothball.toml").title == title


def test_the_archive_may_be_elsewhere() -> None:
    plan = read_plan(suggestions_taken(starter_plan(home="docs/attic/")).encode(), path="mothball.toml")
    assert [into.destination for each in plan.archive for into in each.into] == [
        "docs/attic/experiments/",
        "docs/attic/old-docs/",
    ]


def test_the_lines_are_short_enough_to_read() -> None:
    assert max(map(len, starter_plan().splitlines())) <= 110


def test_the_users_tasks_are_one_collection_of_three_modules() -> None:
    tree = ast.parse(USERS_TASKS)
    imported = [name.name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names]
    assert imported == [Collection.__name__, "archive", "report", "validate"]
    assert ast.unparse(tree.body[-1]) == "ns = Collection(archive, validate, report)"
