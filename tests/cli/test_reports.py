"""The reports at the door: what a run leaves and says, and what each task writes."""

import json

import pytest

from mothball.core.analysis.document import SCHEMA
from mothball.workflow.report import HTML, JSON, OWN_FOLDER
from tests.cli.conftest import Start
from tests.conftest import MakeRepo, Repo
from tests.workflow.test_reports_left import IGNORING, NAMES


def test_archive_all_leaves_them_and_says_where(repo: MakeRepo, call: Start) -> None:
    made = repo(IGNORING)
    said = call(made.root, "archive.all")
    assert said.code == 0
    assert "  report  reports/archive-analysis.html (.md, .json beside it)\n" in said.out
    document = json.loads(made.text(f"reports/{JSON.name}"))
    assert (document["schema"], document["state"]) == (SCHEMA, "executed")
    assert document["run"]["commit"] == made.head
    assert "*Executed*" in made.text("reports/archive-analysis.md")


def test_archive_all_leaves_none_where_none_is_wanted(repo: MakeRepo, call: Start) -> None:
    made = repo(IGNORING)
    said = call(made.root, "archive.all", "--no-reports")
    assert said.code == 0
    assert "  report  " not in said.out
    assert not (made.root / "reports").exists()


def test_the_report_left_by_a_run_says_what_one_asked_for_later_says(repo: MakeRepo, call: Start) -> None:
    made = repo({**IGNORING, "docs/page.md": "It was made by lab/build_v1.py.\n"})
    said = call(made.root, "archive.all")
    assert said.code == 0, said.all
    left = json.loads(made.text(f"reports/{JSON.name}"))
    call(made.root, "report.json")
    assert left["references"]
    assert json.loads(made.text(f"reports/{JSON.name}")) == left


def test_archive_all_again_does_nothing(repo: MakeRepo, call: Start) -> None:
    made = repo(IGNORING)
    call(made.root, "archive.all")
    before = made.everything
    times = {path: path.stat().st_mtime_ns for path in (made.root / "reports").iterdir()}
    again = call(made.root, "archive.all")
    assert (again.code, made.everything) == (0, before)
    assert "Nothing to do" in again.out
    assert {path: path.stat().st_mtime_ns for path in (made.root / "reports").iterdir()} == times


def test_a_report_in_the_way_fails_no_run(repo: MakeRepo, call: Start) -> None:
    made = repo(IGNORING)
    made.write({f"reports/{HTML.name}": "mine\n"})
    said = call(made.root, "archive.all")
    assert said.code == 0
    assert "a report was not written: " in said.out
    assert "  report  reports/archive-analysis.md (.json beside it)\n" in said.out


def test_json_names_them(lab: Repo, call: Start) -> None:
    said = call(lab.root, "archive.all", "--json")
    folder = lab.root / ".git" / OWN_FOLDER
    assert json.loads(said.out)["reports"] == [str(folder / name) for name in NAMES]


def test_undo_works_beside_them(lab: Repo, call: Start) -> None:
    tree = lab.tree
    call(lab.root, "archive.all")
    assert call(lab.root, "archive.undo").code == 0
    assert lab.tree == tree


@pytest.mark.parametrize(("task", "name"), [("html", NAMES[0]), ("json", NAMES[2])])
def test_each_task_writes_below_the_repository_because_it_was_asked_to(
    lab: Repo, call: Start, task: str, name: str
) -> None:
    said = call(lab.root, f"report.{task}")
    assert said.out.splitlines()[0] == f"✓ written to reports/{name}"
    assert lab.lies_at(f"reports/{name}")
    assert call(lab.root, f"report.{task}", "--out", f"other{name}").code == 0
    assert lab.lies_at(f"other{name}")
