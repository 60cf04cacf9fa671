"""Restore: single files and directories come home, in a commit of their own, and the pages follow."""

import json

import pytest

from mothball.core.errors import Refused
from mothball.workflow.restore import restore
from tests.conftest import LAB, MOVES, PLAN, MakeRepo, Program, Repo

HOME = {target: source for source, target in MOVES.items()}
PAGES = {"README.md", "archive/README.md", "archive/ledger.json"}


def recorded(repo: Repo) -> set[str]:
    return {row["from"] for row in json.loads(repo.text("archive/ledger.json"))["records"]}


def refusal(repo: Repo, *paths: str) -> Refused:
    before = repo.everything
    with pytest.raises(Refused) as caught:
        repo.restore(*paths)
    assert repo.everything == before
    return caught.value


@pytest.fixture
def archived(lab: Repo) -> Repo:
    lab.archive()
    return lab


@pytest.mark.parametrize("path", ["archive/builds/build_v1.py", "lab/build_v1.py"])
def test_a_file_comes_home_named_by_either_place(archived: Repo, path: str) -> None:
    returned = archived.restore(path)
    assert returned.commit == archived.head
    assert archived.renames() == {"archive/builds/build_v1.py": "lab/build_v1.py"}
    assert archived.changes() == PAGES
    assert recorded(archived) == set(MOVES) - {"lab/build_v1.py"}
    assert "| Old build scripts | 1 |" in archived.text("README.md")
    assert "build_v1" not in archived.text("archive/README.md")
    assert archived.status == []
    assert archived.git("log", "-1", "--format=%s") == "restore: 1 archived file to where it came from"


@pytest.mark.parametrize("path", ["archive/papers/notes", "archive/papers/", "notes", "notes/"])
def test_a_directory_comes_home_whole(archived: Repo, path: str) -> None:
    archived.restore(path)
    expected = {target: source for target, source in HOME.items() if source.startswith("notes/")}
    assert archived.renames() == expected
    assert "archive/papers" not in archived.directories
    assert "Notes" not in archived.text("README.md")
    assert archived.status == []


def test_several_paths_come_home_in_one_commit(archived: Repo) -> None:
    before = archived.head
    archived.restore("lab/build_v1.py", "archive/tests", "lab/build_v1.py")
    assert archived.git("rev-parse", "HEAD^") == before
    assert set(archived.renames().values()) == {"lab/build_v1.py", "lab/test_v1.py"}


def test_restoring_everything_leaves_nothing_of_ours(lab: Repo) -> None:
    tree, folders = lab.tree, lab.directories
    lab.archive()
    lab.restore("archive")
    assert (lab.tree, lab.directories, lab.status) == (tree, folders, [])


def test_a_page_that_the_maintainer_extended_keeps_the_words(lab: Repo) -> None:
    lab.archive()
    lab.commit({"README.md": lab.text("README.md") + "\nNew words.\n"})
    lab.restore("archive")
    assert lab.text("README.md") == "# Kernel\n\nThe maintainer's words.\n\nNew words.\n"
    assert lab.status == []


def test_a_restored_file_keeps_its_mode_and_its_later_edit(archived: Repo) -> None:
    archived.commit({"archive/builds/build_v2.py": Program("edited\n")})
    archived.restore("lab/build_v2.py")
    assert archived.text("lab/build_v2.py") == "edited\n"
    assert (archived.root / "lab/build_v2.py").stat().st_mode & 0o111


def test_undo_takes_a_restore_back_and_then_the_run(lab: Repo) -> None:
    trees = [lab.tree]
    lab.archive()
    trees.append(lab.tree)
    lab.restore("lab/build_v1.py", "notes/deep")
    lab.undo()
    assert lab.tree == trees[1]
    lab.undo()
    assert lab.tree == trees[0]
    assert lab.undo() is None


def test_what_was_restored_is_archived_again_by_the_next_run_with_the_same_tree(
    lab: Repo, archived_tree: str
) -> None:
    lab.archive()
    lab.restore("lab/build_v1.py", "notes")
    lab.archive()
    assert lab.tree == archived_tree


def test_an_undo_of_the_run_below_a_restore_is_refused(lab: Repo) -> None:
    lab.archive()
    run = lab.head
    lab.restore("lab/build_v1.py")
    before = lab.everything
    with pytest.raises(Refused):
        lab.undo(run)
    assert lab.everything == before


@pytest.mark.parametrize(
    "path", ["", ".", "/", "..", "nothing", "src/app.py", "archive/builds/build", "archive/ledger.json"]
)
def test_a_path_that_the_ledger_does_not_know_is_refused(archived: Repo, path: str) -> None:
    error = refusal(archived, "lab/build_v1.py", path)
    assert [problem.code for problem in error.problems] == ["restore-unknown"]


@pytest.mark.parametrize("picture", [{"lab/build_v1.py": "new\n"}, {"lab/build_v1.py/x": "new\n"}])
def test_an_old_place_that_is_taken_is_refused(archived: Repo, picture: dict[str, str]) -> None:
    archived.commit(picture)
    error = refusal(archived, "archive/builds")
    assert [problem.code for problem in error.problems] == ["undo-taken"]


def test_an_uncommitted_edit_is_refused_and_others_do_not_matter(archived: Repo) -> None:
    archived.write({"archive/builds/build_v1.py": "edited\n", "src/app.py": "mine\n"})
    assert "archive/builds/build_v1.py" in str(refusal(archived, "archive/builds"))
    archived.restore("archive/builds/build_v2.py")
    assert archived.renames() == {"archive/builds/build_v2.py": "lab/build_v2.py"}
    assert archived.text("src/app.py") == "mine\n"
    assert sorted(archived.status) == [" M archive/builds/build_v1.py", " M src/app.py"]


def test_staged_work_of_a_step_is_not_swallowed(lab: Repo) -> None:
    lab.step("builds", "commit", "tests")
    error = refusal(lab, "lab/build_v1.py")
    assert [problem.code for problem in error.problems] == ["pending"]


def test_what_others_staged_stays_staged(archived: Repo) -> None:
    archived.write({"src/app.py": "mine\n"})
    archived.git("add", "src/app.py")
    archived.restore("lab/build_v1.py")
    assert archived.status == ["M  src/app.py"]
    assert "src/app.py" not in archived.changes()


def test_a_clone_restores_years_later(repo: MakeRepo) -> None:
    made = repo({**LAB, "notes/\udcff\n": "odd\n"})
    made.archive()
    made.commit({"mothball.toml": PLAN.replace('"archive/builds/"', '"archive/other/"')}, "another plan")
    clone = Repo(made.root.parent / "clone")
    made.git("clone", "-q", str(made.root), str(clone.root))
    clone.git("config", "user.name", "Other")
    clone.git("config", "user.email", "o@example.org")
    clone.restore("archive/builds/build_v1.py", "notes/\udcff\n")
    assert set(clone.renames().values()) == {"lab/build_v1.py", "notes/\udcff\n"}


@pytest.mark.parametrize(
    "origin", ["../evil", ".git/hooks/pre-commit", "/evil", "core/../../evil", "./x", "", "a//b"]
)
def test_a_ledger_that_points_out_of_the_repository_is_refused(archived: Repo, origin: str) -> None:
    document = json.loads(archived.text("archive/ledger.json"))
    document["records"][0]["from"] = origin
    archived.commit({"archive/ledger.json": json.dumps(document)})
    outside = set(archived.root.parent.iterdir())
    error = refusal(archived, "archive/builds/build_v1.py")
    assert [problem.code for problem in error.problems] == ["ledger-unreadable"]
    assert set(archived.root.parent.iterdir()) == outside
    assert not (archived.root / ".git/hooks/pre-commit").exists()


def test_a_file_that_the_archive_lost_is_named_with_the_way_to_its_content(archived: Repo) -> None:
    blob = archived.git("rev-parse", "HEAD:archive/builds/build_v1.py")
    archived.git("rm", "-q", "archive/builds/build_v1.py")
    archived.commit()
    [notice] = archived.restore("lab").notices
    assert (notice.code, notice.where) == ("restore-gone", "archive/builds/build_v1.py")
    assert blob[:12] in notice.remedy
    assert not notice.blocking
    assert set(archived.renames().values()) == {"lab/build_v2.py", "lab/test_v1.py"}


@pytest.mark.parametrize("path", ["lab/build_v1.py", "archive/builds/build_v1.py"])
def test_a_file_that_the_archive_lost_is_refused_when_it_is_named_itself(archived: Repo, path: str) -> None:
    archived.git("rm", "-q", "archive/builds/build_v1.py")
    archived.commit()
    assert [problem.code for problem in refusal(archived, path).problems] == ["restore-gone"]


def test_what_names_a_file_by_its_place_in_the_archive_is_named(archived: Repo) -> None:
    archived.commit({"docs/guide.md": "See [it](../archive/papers/notes/idea.md).\n"})
    [notice] = archived.restore("notes/idea.md").notices
    assert (notice.code, notice.where, notice.blocking) == ("restore-breaks", "docs/guide.md:1:10", False)
    assert "../notes/idea.md" in notice.remedy
    assert archived.lies_at("notes/idea.md")
    assert archived.restore("lab").notices == ()


@pytest.mark.parametrize("path", ["./lab/build_v1.py", "archive/../lab/build_v1.py", "lab//build_v1.py"])
def test_a_path_is_taken_as_git_takes_it(archived: Repo, path: str) -> None:
    archived.restore(path)
    assert archived.lies_at("lab/build_v1.py")


def test_an_absolute_path_below_the_root_is_known(archived: Repo) -> None:
    archived.restore(str(archived.root / "lab/build_v1.py"))
    assert archived.lies_at("lab/build_v1.py")


@pytest.mark.parametrize("path", ["build_v1.py", "../builds/build_v1.py", "lab/build_v1.py"])
def test_a_path_is_taken_from_where_the_user_stands_and_then_from_the_root(archived: Repo, path: str) -> None:
    session = archived.session
    restore(session, session.plan(), [path], "archive/builds")
    assert archived.lies_at("lab/build_v1.py")
