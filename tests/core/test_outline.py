"""What ``invoke --list`` learns of a plan, whatever the text."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.outline import read_outline
from mothball.core.plan.reader import read_plan

ROOT = Path(__file__).parents[2]
BAD_PLANS = sorted((ROOT / "tests" / "bad_plans").glob("*.toml"))

PLAN = b"""
title = "Focus"

[[archive]]
name = "old"
title = "Old"
reason = "Gone."
into."archive/old/" = ["/old/"]

[[archive]]
name = "docs"
title = "Documents"
reason = "Gone."
into."archive/docs/" = ["/docs/"]
"""


def test_the_categories_come_in_their_order() -> None:
    assert read_outline(PLAN) == (("old", "Old"), ("docs", "Documents"))


def test_the_outline_agrees_with_the_plan() -> None:
    plan = read_plan(PLAN, path="mothball.toml")
    assert read_outline(PLAN) == tuple((each.name, each.title) for each in plan.archive)


def test_a_pyproject_has_its_outline_in_its_table() -> None:
    text = b'[[tool.mothball.archive]]\nname = "old"\ntitle = "Old"\n'
    assert read_outline(text, ("tool", "mothball")) == (("old", "Old"),)
    assert read_outline(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"title =",
        b'archive = "x"',
        b"[archive]",
        b"archive = [1, [], {}]",
        b"archive = [" * 5000,
        b"#" * 300_000,
        b"[[archive]]\nname = 3",
        b"[[archive]]\nname = 'plan'",
        b"[[archive]]\nname = 'No task'",
        b"[[archive]]\nname = '--help'",
    ],
)
def test_what_is_no_plan_has_no_categories(text: bytes) -> None:
    assert read_outline(text) == ()


def test_a_mistake_elsewhere_hides_no_category() -> None:
    text = PLAN.replace(b'title = "Focus"', b"titel = 3") + b"[nonsense]\n"
    assert [name for name, _ in read_outline(text)] == ["old", "docs"]


def test_of_two_categories_with_one_name_the_first_counts() -> None:
    assert read_outline(PLAN.replace(b'"docs"', b'"old"')) == (("old", "Old"),)


def test_a_category_without_a_title_is_listed_all_the_same() -> None:
    assert read_outline(b"[[archive]]\nname = 'old'\ntitle = 3") == (("old", ""),)


def test_a_title_paints_nothing() -> None:
    [(_, title)] = read_outline(b'[[archive]]\nname = "old"\ntitle = "\\u001b[31m\\u202e\\n"')
    assert title.isprintable()


@pytest.mark.parametrize("plan", BAD_PLANS, ids=lambda path: path.stem)
def test_no_bad_plan_breaks_the_list(plan: Path) -> None:
    for table in ((), ("tool", "mothball")):
        assert all(name.isascii() for name, _ in read_outline(plan.read_bytes(), table))


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode))
def test_no_text_breaks_the_list(text: bytes) -> None:
    assert read_outline(text) == ()


def test_the_outline_is_read_without_pydantic() -> None:
    run = "import sys, mothball.core.outline; print({'pydantic', 'pathspec'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", run], capture_output=True, check=True, env={"PYTHONPATH": str(ROOT / "tasks")}
    )
    assert done.stdout == b"set()\n"
