"""Steps compose: alone, again, in any order, with commits and undos between, the end is the same."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import MOVES, STEPS, Repo

BY_STEP = {
    "builds": {"archive/builds/build_v1.py", "archive/builds/build_v2.py"},
    "tests": {"archive/tests/test_v1.py"},
    "notes": {"archive/papers/notes/idea.md", "archive/papers/notes/deep/er/thought.md"},
}


def test_the_structure_step_makes_directories_and_stages_nothing(lab: Repo) -> None:
    before, there = lab.status, lab.directories
    done = lab.step("structure")
    assert done.changed
    assert lab.status == before
    assert lab.directories - there == {
        "archive",
        "archive/builds",
        "archive/papers",
        "archive/papers/notes",
        "archive/papers/notes/deep",
        "archive/papers/notes/deep/er",
        "archive/tests",
    }


@pytest.mark.parametrize("name", BY_STEP)
def test_a_category_step_stages_its_moves_and_nothing_else(lab: Repo, name: str) -> None:
    head = lab.head
    done = lab.step(name)
    assert done.moves == len(BY_STEP[name])
    assert lab.head == head
    assert {path for path in lab.tracked if path.startswith("archive/")} == BY_STEP[name]
    gone = {source for source, target in MOVES.items() if target in BY_STEP[name]}
    assert not gone & lab.tracked
    assert {row[:2] for row in lab.status} == {"A ", "D "}


def test_the_readme_step_alone_has_nothing_to_tell(lab: Repo) -> None:
    before = lab.everything
    assert not lab.step("readme").changed
    assert lab.everything == before


def test_the_commit_step_alone_has_nothing_to_commit(lab: Repo) -> None:
    before = lab.everything
    assert not lab.step("commit").changed
    assert lab.everything == before


def test_the_readme_step_after_a_category_stages_the_pages(lab: Repo) -> None:
    lab.step("builds", "readme")
    assert {"README.md", "archive/README.md", "archive/ledger.json"} <= lab.tracked
    assert "archive/builds" in lab.text("README.md")
    assert "archive/tests" not in lab.text("README.md")


@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_idempotent(lab: Repo, name: str) -> None:
    if name == "readme":
        lab.step("builds")
    lab.step(name)
    before = lab.everything
    assert not lab.step(name).changed
    assert lab.everything == before


def test_the_steps_in_order_and_the_commit_are_the_whole(lab: Repo, archived_tree: str) -> None:
    lab.step(*STEPS, "commit")
    assert lab.tree == archived_tree
    assert lab.renames() == MOVES


def test_the_commit_step_brings_the_pages_up_to_date_itself(lab: Repo) -> None:
    lab.step("builds", "commit")
    assert lab.changes() == {"README.md", "archive/README.md", "archive/ledger.json"}
    assert not lab.step("readme").changed


def test_every_step_is_done_after_the_whole(lab: Repo) -> None:
    lab.archive()
    before = lab.everything
    for name in STEPS:
        assert not lab.step(name).changed
    assert not lab.step("commit").changed
    assert lab.everything == before


def test_the_status_follows_the_steps(lab: Repo) -> None:
    assert set(lab.states().values()) == {"pending"} | ({"done"} & set(lab.states().values()))
    lab.step("structure", "tests")
    states = lab.states()
    assert [name for name, state in states.items() if state == "done"] == ["structure", "tests"]
    lab.archive()
    assert set(lab.states().values()) == {"done"}


words = st.sampled_from([*STEPS, "commit", "undo", "all"])


@pytest.mark.usefixtures("_isolated")
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(story=st.lists(words, max_size=6))
def test_any_story_ends_like_archive_all_alone_and_undo_leads_back_from_anywhere(
    story: list[str], lab_template: Path, archived_tree: str
) -> None:
    with tempfile.TemporaryDirectory() as place:
        repo = Repo(Path(shutil.copytree(lab_template, Path(place) / "lab", symlinks=True)))
        tree, files, folders = repo.tree, repo.files, repo.directories
        for word in story:
            if word == "undo":
                repo.undo()
            elif word == "all":
                repo.archive()
            else:
                repo.step(word)
        other = Repo(Path(shutil.copytree(repo.root, Path(place) / "other", symlinks=True)))

        repo.archive()
        assert repo.tree == archived_tree
        assert repo.status == []
        before = repo.everything
        assert not repo.archive().changed
        assert repo.everything == before

        other.undo_everything()
        assert (other.tree, other.staged_tree) == (tree, tree)
        assert other.status == []
        assert (other.files, other.directories) == (files, folders)


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("length", range(len(STEPS) + 1))
def test_undo_leads_back_from_every_prefix_of_the_steps(lab: Repo, length: int, committed: bool) -> None:
    tree, files, folders = lab.tree, lab.files, lab.directories
    lab.step(*STEPS[:length], *(["commit"] if committed else []))
    lab.undo_everything()
    assert (lab.tree, lab.staged_tree) == (tree, tree)
    assert lab.status == []
    assert (lab.files, lab.directories) == (files, folders)
