"""Undo: the very tree of before, from any point, or a refusal that touches nothing."""

import pytest

from mothball.core.errors import Failed, MothballError, PlanError, Refused
from tests.conftest import LAB, MOVES, PLAN, STEPS, Link, MakeRepo, Program, Repo

HOME = {target: source for source, target in MOVES.items()}


def refusal(repo: Repo, revision: str | None = None) -> Refused:
    """Undo, which must refuse and touch nothing."""
    before = repo.everything
    with pytest.raises(Refused) as caught:
        repo.undo(revision)
    assert repo.everything == before
    assert all(problem.remedy for problem in caught.value.problems)
    return caught.value


def codes(error: MothballError) -> set[str]:
    return {problem.code for problem in error.problems}


def test_undo_of_a_commit_is_a_new_commit_with_the_tree_of_before(lab: Repo) -> None:
    tree, files, folders = lab.tree, lab.files, lab.directories
    lab.archive()
    run = lab.head
    returned = lab.undo()
    assert returned is not None
    assert (returned.commit, returned.undone) == (lab.head, run)
    assert lab.git("rev-parse", "HEAD^") == run
    assert lab.renames() == HOME
    assert (lab.tree, lab.staged_tree) == (tree, tree)
    assert (lab.files, lab.directories, lab.status) == (files, folders, [])
    assert lab.git("log", "-1", "--format=%s") == "revert: refactor: archive experiments"


def test_undo_of_staged_work_makes_no_commit(lab: Repo) -> None:
    head, tree, files = lab.head, lab.tree, lab.files
    lab.step(*STEPS)
    returned = lab.undo()
    assert returned is not None
    assert returned.commit is None
    assert (lab.head, lab.staged_tree, lab.files, lab.status) == (head, tree, files, [])


def test_with_nothing_to_undo_nothing_happens(lab: Repo) -> None:
    before = lab.everything
    assert lab.undo() is None
    lab.archive()
    assert lab.undo_everything() == 1
    assert lab.undo() is None
    assert lab.tree == lab.git("rev-parse", f"{before[0]}^{{tree}}")


def test_archive_undo_archive_gives_the_same_tree_again(lab: Repo, archived_tree: str) -> None:
    lab.archive()
    lab.undo()
    lab.archive()
    assert lab.tree == archived_tree
    assert lab.undo_everything() == 1


def test_staged_work_goes_first_then_the_run_before_it(lab: Repo) -> None:
    tree = lab.tree
    lab.step("builds", "commit")
    partial = lab.tree
    lab.step("notes")
    lab.undo()
    assert (lab.staged_tree, lab.tree) == (partial, partial)
    lab.undo()
    assert lab.tree == tree


def test_runs_are_undone_newest_first(lab: Repo) -> None:
    trees = [lab.tree]
    lab.archive()
    trees.append(lab.tree)
    lab.commit({"lab/build_v3.py": "3\n"})
    trees.append(lab.tree)
    lab.archive()
    lab.undo()
    assert lab.tree == trees[2]
    lab.git("rm", "-q", "lab/build_v3.py")
    lab.git("commit", "-qm", "no more")
    lab.undo()
    assert lab.tree == trees[0]


def test_a_run_can_be_named(lab: Repo) -> None:
    tree = lab.tree
    lab.archive()
    run = lab.head
    lab.commit({"src/more.py": "more\n"})
    returned = lab.undo(run[:12])
    assert returned is not None
    assert returned.undone == run
    lab.git("rm", "-q", "src/more.py")
    assert lab.staged_tree == tree


@pytest.mark.parametrize("revision", ["HEAD", "HEAD^", "nothing", "--all", "deadbeef", ""])
def test_what_is_no_run_cannot_be_named(lab: Repo, revision: str) -> None:
    lab.archive()
    lab.commit({"src/more.py": "more\n"})
    lab.commit({"src/even.py": "more\n"})
    assert codes(refusal(lab, revision)) == {"undo-unknown"}


def test_a_run_that_was_undone_cannot_be_undone_again(lab: Repo) -> None:
    lab.archive()
    run = lab.head
    lab.undo()
    assert codes(refusal(lab, run)) == {"undo-unknown"}


def test_an_older_run_below_a_newer_one_is_refused(lab: Repo) -> None:
    lab.archive()
    run = lab.head
    lab.commit({"lab/build_v3.py": "3\n"})
    lab.archive()
    assert codes(refusal(lab, run)) == {"undo-edited"}


def test_later_commits_of_others_stay(lab: Repo) -> None:
    lab.archive()
    lab.commit({"src/app.py": "print('better')\n", "src/new.py": "new\n"})
    lab.undo()
    assert lab.text("src/app.py") == "print('better')\n"
    assert lab.text("src/new.py") == "new\n"
    assert lab.renames() == HOME


def test_a_later_edit_of_an_archived_file_comes_home_with_it(lab: Repo) -> None:
    lab.archive()
    lab.commit({"archive/builds/build_v1.py": "edited\n"})
    lab.undo()
    assert lab.text("lab/build_v1.py") == "edited\n"
    assert lab.status == []


def test_an_edit_comes_home_to_its_own_file_among_files_of_one_content(repo: MakeRepo) -> None:
    made = repo({**LAB, "notes/a/__init__.py": "", "notes/b/__init__.py": "", "lab/build_x.py": ""})
    made.archive()
    made.commit({"archive/papers/notes/b/__init__.py": "edited\n"})
    made.undo()
    assert made.text("notes/b/__init__.py") == "edited\n"
    assert made.text("notes/a/__init__.py") == ""
    assert made.text("lab/build_x.py") == ""


def test_a_mode_changed_later_comes_home(lab: Repo) -> None:
    lab.archive()
    lab.git("update-index", "--chmod=+x", "archive/builds/build_v1.py")
    (lab.root / "archive/builds/build_v1.py").chmod(0o755)
    lab.git("commit", "-qm", "executable")
    lab.undo()
    assert (lab.root / "lab/build_v1.py").stat().st_mode & 0o111
    assert lab.status == []


@pytest.mark.parametrize(
    ("picture", "named"),
    [
        ({"lab/build_v1.py": "new\n"}, "lab/build_v1.py"),
        ({"notes/idea.md": Link("../src/app.py")}, "notes/idea.md"),
        ({"notes": "a file now\n"}, "notes/idea.md"),
        ({"notes": Link("core")}, "notes/idea.md"),
        ({"notes/deep": "a file now\n"}, "notes/deep/er/thought.md"),
        ({"lab/build_v1.py/inside": "x\n"}, "lab/build_v1.py"),
    ],
)
def test_an_old_place_that_is_taken_is_refused(lab: Repo, picture: dict[str, str], named: str) -> None:
    lab.archive()
    lab.commit(picture)
    error = refusal(lab)
    assert codes(error) == {"undo-taken"}
    assert named in str(error)


def test_an_old_place_taken_by_an_untracked_file_is_refused(lab: Repo) -> None:
    lab.archive()
    lab.write({"lab/build_v1.py": "mine, untracked\n"})
    assert codes(refusal(lab)) == {"undo-taken"}
    assert lab.text("lab/build_v1.py") == "mine, untracked\n"


def test_an_old_place_taken_while_work_is_staged_is_refused(lab: Repo) -> None:
    lab.step("builds")
    lab.write({"lab/build_v1.py": "mine, untracked\n"})
    assert codes(refusal(lab)) == {"undo-taken"}
    (lab.root / "lab/build_v1.py").unlink()
    lab.undo()
    assert lab.status == []


def test_a_file_that_is_gone_from_the_archive_is_refused(lab: Repo) -> None:
    lab.archive()
    lab.git("rm", "-q", "archive/builds/build_v1.py")
    lab.git("commit", "-qm", "gone")
    error = refusal(lab)
    assert codes(error) == {"undo-gone"}
    assert "archive/builds/build_v1.py" in str(error)


def test_a_ledger_that_was_edited_later_is_refused(lab: Repo) -> None:
    lab.archive()
    lab.commit({"archive/ledger.json": lab.text("archive/ledger.json") + "\n"})
    error = refusal(lab)
    assert codes(error) == {"undo-edited"}
    assert "archive/ledger.json" in str(error)


@pytest.mark.parametrize("path", ["archive/builds/build_v1.py", "README.md"])
@pytest.mark.parametrize("staged", [False, True])
@pytest.mark.parametrize("committed", [False, True])
def test_an_edit_that_no_commit_holds_is_refused_and_survives(
    lab: Repo, path: str, staged: bool, committed: bool
) -> None:
    lab.archive() if committed else lab.step("builds", "readme")
    lab.write({path: lab.text(path) + "edited\n"})
    if staged:
        lab.git("add", path)
    error = refusal(lab)
    assert path in str(error)
    assert lab.text(path).endswith("edited\n")


def test_undo_goes_on_when_staged_moves_were_reset_by_hand(lab: Repo) -> None:
    lab.step("builds", "notes")
    lab.git("reset", "-q", "--hard")
    lab.undo()
    assert lab.status == []
    assert "archive" not in lab.directories
    lab.archive()
    assert lab.renames() == MOVES


def test_staged_moves_that_the_user_committed_are_taken_back_as_staged_work(lab: Repo) -> None:
    tree = lab.tree
    lab.step("builds")
    lab.git("commit", "-qm", "by hand")
    lab.archive()
    lab.undo_everything()
    assert lab.staged_tree == tree


def test_a_hook_that_stops_the_way_back_takes_all_of_it_back(lab: Repo) -> None:
    lab.archive()
    lab.hook("pre-commit", "echo no >&2; exit 1\n")
    before = lab.everything
    with pytest.raises(Failed) as caught:
        lab.undo()
    assert "no" in str(caught.value)
    assert lab.everything == before
    (lab.root / ".git/hooks/pre-commit").unlink()
    lab.undo()
    assert lab.renames() == HOME


def test_executables_links_and_odd_names_come_back(repo: MakeRepo) -> None:
    odd = {
        "notes/a\nb": "1",
        "notes/\udcff": "2",
        "notes/run": Program("#!/bin/sh\n"),
        "notes/link": Link("idea.md"),
    }
    made = repo({**LAB, **odd})
    tree, files = made.tree, made.files
    made.archive()
    made.undo()
    assert (made.tree, made.files, made.status) == (tree, files, [])


def test_undo_needs_only_the_ledger_of_a_fresh_clone(lab: Repo) -> None:
    tree = lab.tree
    lab.archive()
    clone = Repo(lab.root.parent / "clone")
    lab.git("clone", "-q", str(lab.root), str(clone.root))
    clone.git("config", "user.name", "Other")
    clone.git("config", "user.email", "o@example.org")
    clone.undo()
    assert clone.tree == tree


@pytest.mark.parametrize(
    "body", ["Mothball-Base: 12", "Mothball-Base: --output=evil", f"Mothball-Base: {'0' * 40}"]
)
def test_a_commit_that_only_claims_to_be_a_run_is_none(lab: Repo, body: str) -> None:
    tree = lab.tree
    lab.archive()
    lab.commit({"src/x.py": "x\n"}, f"odd \x0b\u2028 subject\n\n{body}\n")
    lab.undo()
    assert lab.renames() == HOME
    lab.git("rm", "-q", "src/x.py")
    assert lab.staged_tree == tree
    assert not lab.lies_at("evil")


def test_a_plan_that_forgot_the_category_can_still_be_undone(lab: Repo) -> None:
    lab.archive()
    lab.commit({"mothball.toml": PLAN.replace('"builds"', '"scripts"')})
    lab.undo()
    assert lab.renames() == HOME


def test_what_the_maintainer_wrote_around_the_section_since_stays(lab: Repo) -> None:
    lab.archive()
    lab.commit({"README.md": "Top.\n" + lab.text("README.md") + "Bottom.\n"})
    lab.undo()
    assert lab.text("README.md") == "Top.\n# Kernel\n\nThe maintainer's words.\nBottom.\n"
    assert lab.renames() == HOME


def test_the_section_of_the_run_before_comes_back_between_later_words(lab: Repo) -> None:
    lab.archive()
    former = lab.text("README.md")
    lab.commit({"lab/build_v3.py": "3\n"})
    lab.archive()
    lab.commit({"README.md": lab.text("README.md") + "Bottom.\n"})
    lab.undo()
    assert lab.text("README.md") == former + "Bottom.\n"


def test_a_section_that_was_edited_itself_is_refused(lab: Repo) -> None:
    lab.archive()
    lab.commit({"README.md": lab.text("README.md").replace("Old tests", "My tests")})
    assert codes(refusal(lab)) == {"undo-edited"}


GUIDE = "# Guide\n\nSee [the idea](../notes/idea.md).\n\nMore.\n\nEnd.\n"


def test_a_rewritten_reference_is_turned_back_in_a_file_that_was_edited_since(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + "\n[references]\nfix = true\n")
    made.archive()
    made.commit({"docs/guide.md": made.text("docs/guide.md").replace("End.", "The end.")})
    made.undo()
    assert made.text("docs/guide.md") == GUIDE.replace("End.", "The end.")


def test_a_rewritten_reference_that_was_edited_since_is_refused_with_its_line(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + "\n[references]\nfix = true\n")
    made.archive()
    made.commit({"docs/guide.md": made.text("docs/guide.md").replace("See", "Do see")})
    assert [problem.where for problem in refusal(made).problems] == ["docs/guide.md:3"]


OTHER = PLAN.replace("archive/", "attic/")


@pytest.mark.parametrize("plan", [None, OTHER])
def test_a_run_is_undone_without_its_plan_and_under_another(lab: Repo, plan: str | None) -> None:
    tree = lab.tree
    lab.archive()
    lab.commit({"mothball.toml": plan})
    lab.undo()
    lab.git("checkout", "-q", "HEAD~2", "--", "mothball.toml")
    assert lab.staged_tree == tree


@pytest.mark.parametrize("plan", [None, OTHER])
def test_a_file_is_restored_without_a_plan_and_under_another(lab: Repo, plan: str | None) -> None:
    lab.archive()
    lab.commit({"mothball.toml": plan})
    lab.restore("lab/build_v1.py")
    assert lab.renames() == {"archive/builds/build_v1.py": "lab/build_v1.py"}
    assert lab.text("README.md").count("| Old build scripts | 1 |") == 1
    assert not lab.lies_at("attic")


def test_without_any_plan_and_run_the_missing_plan_is_said(repo: MakeRepo) -> None:
    with pytest.raises(PlanError):
        repo(LAB, None).undo()
