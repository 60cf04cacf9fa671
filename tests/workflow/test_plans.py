"""Where the plan is: its own file, a table of pyproject.toml, or wherever --plan says."""

from pathlib import Path

import pytest

from mothball.core.errors import PlanError
from tests.conftest import LAB, MOVES, PLAN, MakeRepo, Repo


def in_pyproject(plan: str) -> str:
    """Return the plan as a table of pyproject.toml."""
    moved = plan.replace("[[", "[[tool.mothball.").replace("\n[readme", "\n[tool.mothball.readme")
    return '[project]\nname = "kernel"\n\n[tool.mothball]\n' + moved.replace(
        "\n[commit", "\n[tool.mothball.commit"
    )


def test_a_table_of_pyproject_is_the_plan(repo: MakeRepo) -> None:
    made = repo({**LAB, "pyproject.toml": in_pyproject(PLAN)}, None)
    made.archive()
    assert made.renames() == MOVES
    assert not made.archive().changed
    made.undo()
    assert made.renames() == {target: source for source, target in MOVES.items()}


def test_the_plan_in_pyproject_is_never_archived_by_its_own_pattern(repo: MakeRepo) -> None:
    plan = in_pyproject(PLAN.replace('"/notes/"', '"/notes/", "*.toml"'))
    made = repo({**LAB, "pyproject.toml": plan, "src/x.toml": ""}, None)
    made.archive()
    assert made.renames()["src/x.toml"] == "archive/papers/x.toml"
    assert made.lies_at("pyproject.toml")


def test_a_plan_of_its_own_comes_before_pyproject(repo: MakeRepo) -> None:
    made = repo({**LAB, "pyproject.toml": in_pyproject(PLAN.replace("/lab/", "/nowhere/"))}, PLAN)
    made.archive()
    assert made.renames() == MOVES


def test_a_pyproject_without_the_table_is_no_plan(repo: MakeRepo) -> None:
    made = repo({**LAB, "pyproject.toml": "[tool.other]\n"}, None)
    with pytest.raises(PlanError) as caught:
        made.archive()
    assert [problem.code for problem in caught.value.problems] == ["plan-missing"]


def test_a_plan_elsewhere_is_used_and_stays_where_it_is(
    repo: MakeRepo, tmp_path: Path, archived_tree: str
) -> None:
    made = repo(LAB, None)
    made.plan_file = tmp_path / "my plan.toml"
    made.plan_file.write_text(PLAN)
    made.archive()
    assert made.renames() == MOVES
    assert made.plan_file.read_text() == PLAN
    assert not made.archive().changed
    made.undo()
    assert made.renames() == {target: source for source, target in MOVES.items()}


def test_where_a_plan_elsewhere_lies_does_not_change_the_result(repo: MakeRepo, tmp_path: Path) -> None:
    trees = set()
    for name in ("one", "two"):
        made = repo(LAB, None)
        made.plan_file = tmp_path / name / "plan.toml"
        made.plan_file.parent.mkdir()
        made.plan_file.write_text(PLAN)
        made.archive()
        trees.add(made.tree)
    assert len(trees) == 1


def test_another_plan_inside_the_repository_is_protected_too(repo: MakeRepo) -> None:
    made = repo({**LAB, "notes/plan.toml": PLAN}, None)
    made.plan_file = made.root / "notes/plan.toml"
    made.archive()
    assert made.renames() == MOVES
    assert made.lies_at("notes/plan.toml")


def test_a_plan_that_is_not_there_is_named(lab: Repo) -> None:
    lab.plan_file = lab.root / "nowhere.toml"
    with pytest.raises(PlanError) as caught:
        lab.archive()
    assert "nowhere.toml" in str(caught.value)


def test_a_plan_with_mistakes_touches_nothing_and_names_them_all(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN.replace("reason", "raeson").replace("/notes/", "../notes/"))
    before = made.everything
    with pytest.raises(PlanError) as caught:
        made.archive()
    assert len(caught.value.problems) >= 4
    assert made.everything == before


def test_a_plan_need_not_be_committed(repo: MakeRepo) -> None:
    made = repo(LAB, None)
    made.write({"mothball.toml": PLAN})
    made.archive()
    assert made.renames() == MOVES
    assert made.status == ["?? mothball.toml"]


def test_two_plans_one_after_the_other_share_one_archive(repo: MakeRepo) -> None:
    made = repo()
    tree = made.tree
    made.archive()
    second = (
        PLAN.replace('"builds"', '"apps"')
        .replace("/lab/build*.py", "/src/")
        .replace("archive/builds/", "archive/apps/")
    )
    made.commit({"mothball.toml": second})
    made.archive()
    assert made.renames() == {"src/app.py": "archive/apps/src/app.py"}
    index = made.text("archive/README.md")
    assert "archive/builds/build_v1.py" in index
    assert "archive/apps/src/app.py" in index
    made.undo()
    made.commit({"mothball.toml": PLAN})
    made.undo()
    assert made.tree == tree


def test_a_plan_without_readme_writes_none(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN.replace('[readme]\npath = "README.md"\n', ""))
    made.archive()
    assert made.changes() == {"archive/README.md", "archive/ledger.json"}


def test_a_home_of_its_own_holds_index_and_ledger(repo: MakeRepo) -> None:
    made = repo(LAB, 'home = "docs/attic"\n' + PLAN)
    made.archive()
    assert made.changes() == {"README.md", "docs/attic/README.md", "docs/attic/ledger.json"}
    assert "(../../archive/builds/build_v1.py)" in made.text("docs/attic/README.md")
    assert not made.archive().changed
    made.undo()
    assert not made.lies_at("docs")
