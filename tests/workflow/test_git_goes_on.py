"""Git goes on: what people do with branches, stashes and history between and after runs."""

import pytest

from mothball.core.errors import MothballError, Refused
from mothball.workflow.validate import after
from tests.conftest import LAB, MOVES, PLAN, MakeRepo, Repo

HOME = {target: source for source, target in MOVES.items()}


def failing(repo: Repo) -> set[str]:
    session = repo.session
    return {
        outcome.code for outcome in after(session, session.plan(), repo.said.append) if not outcome.passed
    }


def test_a_run_that_was_merged_is_undone_on_the_other_branch(lab: Repo) -> None:
    lab.git("switch", "-qc", "focus")
    lab.archive()
    lab.git("switch", "-q", "main")
    lab.commit({"src/new.py": "new\n"})
    lab.git("merge", "-q", "--no-edit", "focus")
    tree = lab.tree
    assert not lab.archive().changed
    assert failing(lab) == set()
    lab.undo()
    assert lab.renames() == HOME
    assert lab.text("src/new.py") == "new\n"
    lab.archive()
    assert lab.tree == tree


def rebased(lab: Repo) -> Repo:
    """A run that was rebased onto a later commit, as pull requests are."""
    lab.git("switch", "-qc", "later")
    lab.commit({"src/new.py": "new\n"})
    lab.git("switch", "-q", "main")
    lab.archive()
    lab.git("rebase", "-q", "later")
    return lab


@pytest.mark.parametrize("plan", [PLAN, PLAN + "per-category = true\n"], ids=["one", "per-category"])
def test_a_run_that_was_rebased_is_undone(repo: MakeRepo, plan: str) -> None:
    made = rebased(repo(plan=plan))
    made.undo()
    assert made.renames() == HOME
    assert made.text("src/new.py") == "new\n"


def test_a_run_that_was_rebased_has_lost_nothing(lab: Repo) -> None:
    assert failing(rebased(lab)) == set()


def test_a_run_that_was_squashed_is_no_run_and_its_files_come_home_by_name(lab: Repo) -> None:
    tree = lab.tree
    lab.git("switch", "-qc", "focus")
    lab.archive()
    lab.git("switch", "-q", "main")
    lab.git("merge", "-q", "--squash", "focus")
    lab.git("commit", "-qm", "squashed")
    assert not lab.archive().changed
    assert lab.undo() is None
    lab.restore("archive")
    assert lab.tree == tree


def test_a_run_that_git_reverted_can_be_done_again(lab: Repo) -> None:
    lab.archive()
    lab.git("revert", "--no-edit", "HEAD")
    before = lab.everything
    with pytest.raises(Refused):
        lab.undo()
    assert lab.everything == before
    lab.archive()
    assert lab.renames() == MOVES


def test_a_run_that_was_reset_away_can_be_done_again(lab: Repo, archived_tree: str) -> None:
    base = lab.head
    lab.archive()
    lab.git("reset", "-q", "--hard", base)
    assert lab.undo() is None
    lab.archive()
    assert lab.tree == archived_tree
    assert lab.undo_everything() == 1


def test_staged_work_follows_to_another_branch(lab: Repo, archived_tree: str) -> None:
    lab.git("branch", "other")
    lab.step("builds")
    lab.git("switch", "-q", "other")
    lab.archive()
    assert lab.tree == archived_tree


def test_staged_work_that_was_stashed_is_simply_not_done(lab: Repo, archived_tree: str) -> None:
    lab.step("builds", "readme")
    lab.git("stash", "-q")
    assert lab.states()["builds"] == "pending"
    lab.archive()
    assert lab.tree == archived_tree
    assert lab.status == []


def test_staged_work_comes_back_with_its_stash(lab: Repo, archived_tree: str) -> None:
    lab.step("builds", "readme")
    lab.git("stash", "-q")
    lab.git("stash", "pop", "-q", "--index")
    assert lab.states()["builds"] == "done"
    lab.archive()
    assert lab.tree == archived_tree


def test_staged_work_that_was_unstaged_is_refused_and_lost_to_nobody(lab: Repo) -> None:
    lab.step("builds")
    lab.git("reset", "-q")
    before = lab.everything
    with pytest.raises(MothballError):
        lab.archive()
    assert lab.everything == before
    assert lab.lies_at("archive/builds/build_v1.py")


def test_staged_work_that_the_user_committed_is_part_of_the_whole(lab: Repo, archived_tree: str) -> None:
    lab.step("builds", "readme")
    lab.git("commit", "-qm", "by hand")
    lab.archive()
    assert lab.tree == archived_tree
    assert lab.status == []
    lab.undo()
    assert set(lab.renames().values()) >= {"notes/idea.md", "lab/test_v1.py"}
    lab.archive()
    assert lab.tree == archived_tree


@pytest.mark.xfail(strict=True, reason="pages list every record of the ledger, deleted files too")
def test_an_archived_file_that_was_deleted_later_leaves_the_pages(lab: Repo) -> None:
    lab.archive()
    lab.git("rm", "-q", "archive/builds/build_v1.py")
    lab.git("commit", "-qm", "really gone")
    lab.step("readme", "commit")
    assert "build_v1.py" not in lab.text("archive/README.md")
    assert "| Old build scripts | 1 |" in lab.text("README.md")
    assert "build_v1.py" in lab.text("archive/ledger.json")


def test_a_destination_that_changed_later_moves_nothing_twice(repo: MakeRepo) -> None:
    made = repo()
    made.archive()
    made.commit(
        {"mothball.toml": PLAN.replace("archive/builds/", "archive/scripts/"), "lab/build_v3.py": "3\n"}
    )
    made.archive()
    assert made.renames() == {"lab/build_v3.py": "archive/scripts/build_v3.py"}
    assert not made.archive().changed


def test_a_readme_in_a_directory_that_moves_stays_there(repo: MakeRepo) -> None:
    plan = PLAN.replace('path = "README.md"', 'path = "notes/README.md"')
    made = repo({**LAB, "notes/README.md": "# Notes\n"}, plan)
    tree = made.tree
    made.archive()
    assert made.renames() == MOVES
    assert "notes/README.md" in made.changes()
    made.undo()
    assert made.tree == tree
