"""`archive.plan --out` and `archive.all --saved`: exactly what was shown, or nothing."""

import json

import pytest

from mothball.core.errors import Refused
from mothball.workflow.preview import save_preview
from tests.conftest import MOVES, PLAN, Repo


def save(repo: Repo) -> bytes:
    return save_preview(repo.preview())


def stale(repo: Repo, saved: bytes) -> list[str]:
    before = repo.everything
    with pytest.raises(Refused) as caught:
        repo.archive(saved=saved)
    assert repo.everything == before
    assert {problem.code for problem in caught.value.problems} == {"saved-stale"}
    return [problem.found for problem in caught.value.problems]


def test_saving_changes_nothing_and_holds_every_move(lab: Repo) -> None:
    before = lab.everything
    document = json.loads(save(lab))
    assert {row[0]: row[1] for row in document["moves"]} == MOVES
    assert lab.everything == before


def test_a_saved_plan_is_done_exactly(lab: Repo, archived_tree: str) -> None:
    lab.archive(saved=save(lab))
    assert lab.tree == archived_tree


def test_a_saved_plan_survives_what_it_does_not_depend_on(lab: Repo, archived_tree: str) -> None:
    saved = save(lab)
    lab.write({"src/app.py": "edited, not staged\n", "untracked": "x"})
    lab.archive(saved=saved)
    assert lab.tree == archived_tree


def test_a_later_commit_makes_it_stale(lab: Repo) -> None:
    saved = save(lab)
    lab.git("commit", "-q", "--allow-empty", "-m", "later")
    (found,) = stale(lab, saved)
    assert found.startswith("HEAD was ")


def test_a_change_of_the_index_makes_it_stale(lab: Repo) -> None:
    saved = save(lab)
    lab.write({"src/app.py": "staged\n"})
    lab.git("add", "src/app.py")
    assert stale(lab, saved) == ["what git tracks has changed since"]


def test_an_edited_plan_makes_it_stale(lab: Repo) -> None:
    saved = save(lab)
    lab.write({"mothball.toml": PLAN.replace("Read once.", "Never read.")})
    assert stale(lab, saved) == ["the plan was edited since"]


def test_steps_done_meanwhile_make_it_stale_and_are_named(lab: Repo) -> None:
    saved = save(lab)
    lab.step("tests")
    assert "1 move no longer planned: lab/test_v1.py" in stale(lab, saved)


def test_a_plan_saved_after_some_steps_does_the_rest(lab: Repo, archived_tree: str) -> None:
    lab.step("tests")
    lab.archive(saved=save(lab))
    assert lab.tree == archived_tree


def test_it_cannot_be_done_twice(lab: Repo) -> None:
    saved = save(lab)
    lab.archive(saved=saved)
    assert stale(lab, saved)
