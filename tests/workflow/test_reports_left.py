"""What a run leaves for people: all reports, where git does not see them, and in nobody's way."""

import shutil
from pathlib import Path

import pytest

from mothball.core.errors import Refused
from mothball.workflow.report import FORMATS, HTML, OWN_FOLDER, Left, leave_reports, write_report
from tests.conftest import LAB, MakeRepo, Repo

NAMES = ["archive-analysis.html", "archive-analysis.md", "archive-analysis.json"]
IGNORING = {**LAB, ".gitignore": "/reports/*\n!/reports/README.md\n"}


def leave(repo: Repo, folder: Path | None = None) -> Left:
    session = repo.session
    return leave_reports(session, session.plan(), folder)


def names(left: Left, folder: Path) -> list[str]:
    """Return the names of what was left in a folder, which is all there is."""
    assert not left.problems
    assert {place.parent for place in left.places} == {folder}
    assert sorted(each.name for each in folder.iterdir()) == sorted(place.name for place in left.places)
    return [place.name for place in left.places]


def test_where_git_ignores_them_they_are_in_reports(repo: MakeRepo) -> None:
    made = repo(IGNORING)
    made.archive()
    assert names(leave(made), made.root / "reports") == NAMES
    assert made.git("status", "--porcelain") == ""


def test_elsewhere_they_are_in_git_s_own_directory_and_nothing_is_seen_of_them(lab: Repo) -> None:
    lab.archive()
    before = lab.everything
    assert names(leave(lab), lab.root / ".git" / OWN_FOLDER) == NAMES
    assert lab.everything == before
    assert lab.git("status", "--porcelain", "--ignored") == ""


def test_a_second_work_tree_has_its_own(lab: Repo, tmp_path: Path) -> None:
    lab.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    second = Repo(tmp_path / "second")
    second.archive()
    assert leave(second).places[0].parent == lab.root / ".git/worktrees/second" / OWN_FOLDER


def test_a_report_that_git_tracks_is_left_alone(repo: MakeRepo) -> None:
    made = repo(IGNORING)
    made.write({f"reports/{HTML.name}": "<!doctype html><!-- mothball:report/1 -->mine"})
    made.git("add", "-f", "reports")
    made.git("commit", "-q", "-m", "mine")
    made.archive()
    assert leave(made).places[0].parent == made.root / ".git" / OWN_FOLDER
    assert made.git("status", "--porcelain") == ""


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_ours_stays_and_the_others_are_written(repo: MakeRepo, name: str) -> None:
    made = repo(IGNORING)
    made.write({f"reports/{name}": "mine\n"})
    left = leave(made)
    assert [place.name for place in left.places] == [each for each in NAMES if each != name]
    assert len(left.problems) == 1
    assert "it is never overwritten" in left.problems[0]
    assert made.text(f"reports/{name}") == "mine\n"


def test_no_link_leads_out_of_the_repository(repo: MakeRepo, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    made = repo(IGNORING)
    (made.root / "reports").symlink_to(tmp_path / "away")
    leave(made)
    assert list((tmp_path / "away").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_and_nothing_fails(lab: Repo) -> None:
    (lab.root / ".git" / OWN_FOLDER).write_text("in the way\n")
    left = leave(lab)
    assert (left.places, len(left.problems)) == ((), 3)


def test_the_same_state_makes_the_same_bytes(lab: Repo) -> None:
    lab.archive()
    first = [place.read_bytes() for place in leave(lab).places]
    assert [place.read_bytes() for place in leave(lab).places] == first


def test_another_folder_can_be_named(lab: Repo, tmp_path: Path) -> None:
    assert names(leave(lab, tmp_path / "deep" / "er"), tmp_path / "deep" / "er") == NAMES


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: str(form.name))
def test_each_form_replaces_its_own_and_no_other(lab: Repo, form: object, tmp_path: Path) -> None:
    for each in FORMATS:
        place = write_report(lab.session, lab.plan, each, tmp_path / each.name).place
        write_report(lab.session, lab.plan, each, place)
        copy = Path(shutil.copy(place, tmp_path / f"copy-{each.name}"))
        if each is not form:
            with pytest.raises(Refused):
                write_report(lab.session, lab.plan, next(one for one in FORMATS if one is form), copy)


def test_no_report_names_a_path_of_this_machine(lab: Repo) -> None:
    lab.archive()
    for place in leave(lab).places:
        assert str(lab.root) not in place.read_text(encoding="utf-8")
