"""What is not ours stays: staged, modified, untracked and ignored files of others."""

import os
from collections.abc import Callable

import pytest

from mothball.core.checks import blocking
from mothball.core.errors import MothballError, PlanError, Refused
from mothball.workflow.validate import after
from tests.conftest import LAB, MOVES, PLAN, STEPS, Link, MakeRepo, Program, Repo

HOME = {target: source for source, target in MOVES.items()}


def stage_things(repo: Repo) -> None:
    """Leave a work tree as people have it on a Friday."""
    repo.write(
        {"src/app.py": "staged\n", "src/new.py": "staged too\n", "setup.cfg": None, "src/run": Program("x")}
    )
    repo.git("add", "-A")
    repo.git("mv", "core/deep/table.csv", "core/moved.csv")
    repo.write(
        {"src/app.py": "modified after staging\n", "core/kernel.py": "modified\n", "later.py": "untracked\n"}
    )
    repo.write({"intended.py": "git add -N\n", "lab/untracked.txt": "untracked beside moved files\n"})
    repo.git("add", "-N", "intended.py")


@pytest.fixture
def busy(lab: Repo) -> Repo:
    """A repository with staged, modified, intended and untracked files, none of which the plan touches."""
    stage_things(lab)
    return lab


FRIDAY = sorted(
    [
        " A intended.py",
        " M core/kernel.py",
        "?? lab/untracked.txt",
        "?? later.py",
        "A  core/moved.csv",
        "A  src/new.py",
        "A  src/run",
        "D  core/deep/table.csv",
        "D  setup.cfg",
        "MM src/app.py",
    ]
)
PAGES = {"README.md", "archive/README.md", "archive/ledger.json"}


def test_nothing_that_others_did_enters_the_commit_and_all_of_it_stays(busy: Repo) -> None:
    assert sorted(busy.status) == FRIDAY
    others = {path: content for path, content in busy.files.items() if path not in {*MOVES, *PAGES}}
    busy.archive()
    assert busy.renames() == MOVES
    assert busy.changes() == PAGES
    assert sorted(busy.status) == FRIDAY
    assert others.items() <= busy.files.items()


def test_the_commit_has_the_tree_that_a_clean_repository_gets(busy: Repo, archived_tree: str) -> None:
    busy.archive()
    assert busy.tree == archived_tree


def test_single_steps_and_their_commit_leave_it_too(busy: Repo, archived_tree: str) -> None:
    busy.step(*STEPS)
    assert set(FRIDAY) <= set(busy.status)
    busy.step("commit")
    assert busy.tree == archived_tree
    assert sorted(busy.status) == FRIDAY


@pytest.mark.parametrize("committed", [False, True])
def test_undo_leaves_it_too(busy: Repo, committed: bool) -> None:
    files, index, tree = busy.files, busy.index, busy.tree
    busy.step(*STEPS, *(["commit"] if committed else []))
    busy.undo()
    assert (busy.files, busy.index, busy.tree) == (files, index, tree)
    assert sorted(busy.status) == FRIDAY


def test_a_run_that_is_taken_back_leaves_it_too(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + '[[metric]]\nname = "Lab"\ncount = ["/lab/"]\nafter = 0\n')
    stage_things(made)
    before = made.everything
    with pytest.raises(MothballError):
        made.archive()
    assert made.everything == before


def test_one_commit_per_category_leaves_it_too(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + "per-category = true\n")
    stage_things(made)
    made.archive()
    assert sorted(made.status) == FRIDAY
    for revision in ("HEAD", "HEAD~1", "HEAD~2", "HEAD~3"):
        assert made.changes(revision) <= PAGES


def test_a_blocked_commit_leaves_it_too(busy: Repo) -> None:
    busy.hook("pre-commit", "exit 1\n")
    with pytest.raises(MothballError):
        busy.archive()
    assert set(FRIDAY) <= set(busy.status)
    (busy.root / ".git/hooks/pre-commit").unlink()
    busy.step("commit")
    assert sorted(busy.status) == FRIDAY
    assert busy.renames() == MOVES


def test_ignored_files_beside_moved_ones_stay_where_they_are(repo: MakeRepo) -> None:
    made = repo({**LAB, ".gitignore": ".env\n*.pyc\nbuild/\n"})
    made.write({"notes/.env": "SECRET=1\n", "notes/deep/er/x.pyc": "x", "lab/build/out.o": "o"})
    done = made.archive()
    assert made.files["notes/.env"] == b"SECRET=1\n"
    assert made.files["notes/deep/er/x.pyc"] == b"x"
    assert not made.lies_at("archive/papers/notes/.env")
    assert set(done.left_behind) == {"notes/.env", "notes/deep/er/x.pyc"}
    assert {row for row in made.status if row[:2] == "??"} == set()
    made.undo()
    assert made.files["notes/.env"] == b"SECRET=1\n"


def test_untracked_files_beside_moved_ones_stay_and_are_named(lab: Repo) -> None:
    lab.write({"notes/draft.md": "not yet\n", "notes/deep/er/draft.md": "not yet\n"})
    done = lab.archive()
    assert set(done.left_behind) == {"notes/draft.md", "notes/deep/er/draft.md"}
    assert lab.files["notes/draft.md"] == b"not yet\n"
    assert sorted(lab.status) == ["?? notes/deep/er/draft.md", "?? notes/draft.md"]


def test_files_in_directories_that_keep_tracked_ones_are_not_worth_a_word(lab: Repo) -> None:
    lab.write({"lab/untracked.py": "x\n"})
    assert lab.archive().left_behind == ()


@pytest.mark.parametrize("content", ["x\n", Link("../src"), Program("x")])
def test_an_untracked_file_at_a_target_is_refused(lab: Repo, content: str) -> None:
    lab.write({"archive/builds/build_v1.py": content})
    before = lab.everything
    with pytest.raises(PlanError) as caught:
        lab.archive()
    assert [problem.code for problem in caught.value.problems] == ["target-occupied"]
    assert lab.everything == before


def test_an_untracked_page_is_refused(lab: Repo) -> None:
    lab.write({"archive/README.md": "my notes on the archive\n"})
    before = lab.everything
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert "archive/README.md" in str(caught.value)
    assert lab.everything == before


def unstaged(repo: Repo, path: str) -> None:
    repo.write({path: "edited\n"})


def staged(repo: Repo, path: str) -> None:
    repo.write({path: "edited\n"})
    repo.git("add", path)


def deleted(repo: Repo, path: str) -> None:
    (repo.root / path).unlink()


def deleted_and_staged(repo: Repo, path: str) -> None:
    repo.git("rm", "-q", path)


def made_executable(repo: Repo, path: str) -> None:
    (repo.root / path).chmod(0o755)


def replaced_by_a_link(repo: Repo, path: str) -> None:
    (repo.root / path).unlink()
    repo.write({path: Link("elsewhere")})


def replaced_by_a_directory(repo: Repo, path: str) -> None:
    (repo.root / path).unlink()
    (repo.root / path).mkdir()


EDITS = [unstaged, staged, deleted, made_executable, replaced_by_a_link, replaced_by_a_directory]


@pytest.mark.parametrize("path", ["lab/build_v1.py", "README.md"])
@pytest.mark.parametrize("edit", EDITS)
def test_an_uncommitted_change_of_what_the_run_would_touch_is_refused_by_name(
    lab: Repo, edit: Callable[[Repo, str], None], path: str
) -> None:
    edit(lab, path)
    before = lab.everything
    for act in ("all", "builds"):
        with pytest.raises(Refused) as caught:
            lab.archive() if act == "all" else lab.step(act)
        assert "not-clean" in {problem.code for problem in caught.value.problems}
        assert path in str(caught.value)
        assert lab.everything == before


def test_a_file_whose_deletion_is_staged_is_simply_not_there(lab: Repo) -> None:
    deleted_and_staged(lab, "lab/build_v1.py")
    lab.archive()
    assert "lab/build_v1.py" not in lab.renames()
    assert lab.status == ["D  lab/build_v1.py"]


@pytest.mark.parametrize("pages", [False, True])
@pytest.mark.parametrize("edit", ["print('edited in the archive')\n", None])
def test_an_archived_file_that_is_committed_by_itself_goes_on(
    lab: Repo, edit: str | None, *, pages: bool
) -> None:
    source, target = "lab/build_v1.py", "archive/builds/build_v1.py"
    lab.step("builds", *["readme"] * pages)
    if edit:
        lab.write({target: edit})
    lab.git("commit", "-q", "--only", "-m", "by itself", "--", target)
    lab.archive()
    assert lab.renames() == {path: place for path, place in MOVES.items() if path != source}
    assert lab.changes() == {source, *PAGES}
    assert lab.status == []
    assert lab.text(target) == (edit or LAB[source])
    assert [str(problem) for problem in blocking(after(lab.session, lab.plan, lab.said.append))] == []


def test_a_move_whose_old_name_is_committed_away_goes_on(lab: Repo) -> None:
    source = "lab/build_v1.py"
    lab.step("builds")
    lab.git("commit", "-q", "--only", "-m", "by itself", "--", source)
    lab.archive()
    assert lab.renames() == {path: place for path, place in MOVES.items() if path != source}
    assert lab.changes() == {MOVES[source], *PAGES}
    assert [str(problem) for problem in blocking(after(lab.session, lab.plan, lab.said.append))] == []
    lab.undo()
    assert lab.text(source) == LAB[source]


def test_a_new_file_that_is_only_staged_and_matches_is_refused(lab: Repo) -> None:
    lab.write({"lab/build_v9.py": "new\n"})
    lab.git("add", "lab/build_v9.py")
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert "lab/build_v9.py" in str(caught.value)


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
@pytest.mark.parametrize("path", ["lab/build_v1.py", "README.md"])
def test_an_edit_that_git_was_told_to_overlook_is_refused(lab: Repo, flag: str, path: str) -> None:
    lab.git("update-index", flag, path)
    lab.write({path: "edited in secret\n"})
    before = lab.everything
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert path in str(caught.value)
    assert lab.everything == before


def test_an_edit_of_the_same_size_and_time_is_found(lab: Repo) -> None:
    place = lab.root / "lab/build_v1.py"
    lab.git("config", "core.trustctime", "false")
    lab.git("update-index", "--refresh")
    status = place.stat()
    place.write_bytes(place.read_bytes().replace(b"1", b"9"))
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert "lab/build_v1.py" in str(caught.value)
    assert place.read_bytes() == b"print('build 9')\n"


def test_a_second_run_with_nothing_to_do_takes_an_edited_readme_as_it_is(lab: Repo) -> None:
    lab.archive()
    lab.write({"README.md": lab.text("README.md") + "New words.\n"})
    before = lab.everything
    assert not lab.archive().changed
    assert lab.everything == before
