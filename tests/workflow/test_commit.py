"""The commit: as the user, with hooks and signing; blocked or changed, it says so and loses nothing."""

import re
import shlex
from collections.abc import Callable

import pytest

from mothball.core.errors import CommitBlocked, Exit, Failed, Refused, Unplanned
from tests.conftest import LAB, MOVES, PLAN, Link, MakeRepo, Repo

PAGES = {"README.md", "archive/README.md", "archive/ledger.json"}
PER_CATEGORY = PLAN + "per-category = true\n"
CATEGORIES = [("notes", "Notes"), ("tests", "Old tests"), ("builds", "Old build scripts")]


def blocked(repo: Repo) -> CommitBlocked:
    """Archive, where the commit is blocked: everything is staged, nothing lost."""
    head, branch = repo.head, repo.git("branch", "--show-current")
    with pytest.raises(CommitBlocked) as caught:
        repo.archive()
    assert caught.value.exit == Exit.BLOCKED
    assert "archive.commit" in str(caught.value)
    assert (repo.head, repo.git("branch", "--show-current")) == (head, branch)
    assert set(MOVES.values()) <= repo.tracked
    assert repo.states()["commit"] == "pending"
    return caught.value


def no_identity(repo: Repo) -> None:
    repo.git("config", "user.useConfigOnly", "true")
    repo.git("config", "--unset", "user.email")


def give_identity(repo: Repo) -> None:
    repo.git("config", "user.email", "m@example.org")


def stop_by_hook(name: str, repo: Repo) -> None:
    repo.hook(name, "echo 'not on Fridays' >&2\nexit 1\n")


def remove_hooks(repo: Repo) -> None:
    for hook in (repo.root / ".git/hooks").iterdir():
        hook.unlink()


def broken_signing(repo: Repo) -> None:
    repo.git("config", "commit.gpgSign", "true")
    repo.git("config", "gpg.program", "false")


def no_signing(repo: Repo) -> None:
    repo.git("config", "commit.gpgSign", "false")


Act = Callable[[Repo], None]
BLOCKERS: list[tuple[tuple[Act, Act], str]] = [
    ((no_identity, give_identity), "email"),
    ((lambda repo: stop_by_hook("pre-commit", repo), remove_hooks), "not on Fridays"),
    ((lambda repo: stop_by_hook("commit-msg", repo), remove_hooks), "not on Fridays"),
    ((lambda repo: stop_by_hook("prepare-commit-msg", repo), remove_hooks), "not on Fridays"),
    ((broken_signing, no_signing), "gpg"),
]


@pytest.mark.parametrize(("cause", "words"), BLOCKERS)
@pytest.mark.parametrize("resume", ["commit", "all"])
def test_a_blocked_commit_is_resumed_once_its_cause_is_mended(
    lab: Repo, archived_tree: str, cause: tuple[Act, Act], words: str, resume: str
) -> None:
    block, mend = cause
    block(lab)
    assert words in str(blocked(lab))
    mend(lab)
    done = lab.archive() if resume == "all" else lab.step("commit")
    assert done.commits == (lab.head,)
    assert lab.tree == archived_tree
    assert lab.renames() == MOVES
    assert lab.status == []


def test_a_blocked_commit_can_be_undone(lab: Repo) -> None:
    before = lab.everything
    stop_by_hook("pre-commit", lab)
    blocked(lab)
    lab.undo()
    assert lab.everything == before


def test_a_commit_that_stays_blocked_stays_staged(lab: Repo) -> None:
    stop_by_hook("pre-commit", lab)
    blocked(lab)
    staged = lab.staged_tree
    with pytest.raises(CommitBlocked):
        lab.step("commit")
    assert lab.staged_tree == staged


def test_hooks_run_and_see_exactly_what_is_committed(lab: Repo) -> None:
    lab.write({"src/app.py": "staged by others\n"})
    lab.git("add", "src/app.py")
    lab.hook("pre-commit", "git diff --cached --name-only -z --no-renames | tr '\\0' '\\n' > .git/seen\n")
    lab.archive()
    assert set(lab.text(".git/seen").split()) == {*MOVES, *MOVES.values(), *PAGES}


def test_a_hook_that_rewrites_the_commit_is_told_with_the_way_back(lab: Repo) -> None:
    changed = "archive/builds/build_v1.py"
    script = f"echo formatted > {changed}\ngit add {changed}\n"
    base, tree = lab.head, lab.tree
    lab.hook("pre-commit", script)
    with pytest.raises(Unplanned) as caught:
        lab.archive()
    assert caught.value.exit == Exit.UNPLANNED
    assert changed in str(caught.value)
    assert f"git reset --keep {base[:12]}" in str(caught.value)
    assert lab.git("rev-parse", "HEAD^") == base
    assert lab.staged_tree == lab.tree
    remove_hooks(lab)
    lab.git("stash", "-q", "-u") if lab.status else None
    lab.git("reset", "-q", "--keep", base)
    assert lab.tree == tree
    lab.archive()
    assert lab.renames() == MOVES


def test_what_a_hook_sweeps_into_the_commit_survives_the_way_back_that_is_told(lab: Repo) -> None:
    tree = lab.tree
    lab.write({"notes.txt": "precious\n", "src/app.py": "print('edited')\n"})
    lab.hook("pre-commit", "git add -A\n")
    with pytest.raises(Unplanned) as caught:
        lab.archive()
    told = re.findall("`git ([^`]*)`", str(caught.value))
    assert [line.split()[0] for line in told] == ["reset", "restore", "commit"]
    for line in told:
        lab.git(*shlex.split(line))
    assert lab.renames() == MOVES
    assert lab.status == [" M src/app.py", "?? notes.txt"]
    assert (lab.text("notes.txt"), lab.text("src/app.py")) == ("precious\n", "print('edited')\n")
    remove_hooks(lab)
    lab.git("stash", "-q")
    lab.undo()
    assert lab.tree == tree


def test_a_way_back_that_a_hook_stops_says_that_nothing_is_staged(lab: Repo) -> None:
    lab.archive()
    lab.hook("pre-commit", "exit 1\n")
    before = lab.everything
    for back in (lab.undo, lambda: lab.restore("lab/build_v1.py")):
        with pytest.raises(Failed, match="All is as it was before"):
            back()
        assert lab.everything == before


def test_a_hook_that_takes_the_trailers_out_is_told(lab: Repo) -> None:
    lab.hook("commit-msg", 'echo "all mine" > "$1"\n')
    with pytest.raises(Unplanned) as caught:
        lab.archive()
    assert "trailers" in str(caught.value)


def test_a_hook_that_adds_to_the_message_is_fine(lab: Repo) -> None:
    tree = lab.tree
    lab.hook("commit-msg", 'git interpret-trailers --in-place --trailer "Signed-off-by: M <m@x>" "$1"\n')
    lab.archive()
    assert "Signed-off-by: M <m@x>" in lab.git("log", "-1", "--format=%B")
    lab.undo()
    assert lab.tree == tree


def test_a_hook_that_only_changes_files_on_disk_changes_no_commit(lab: Repo, archived_tree: str) -> None:
    lab.hook("pre-commit", "echo touched >> src/app.py\n")
    lab.archive()
    assert lab.tree == archived_tree
    assert lab.status == [" M src/app.py"]


def test_a_post_commit_hook_that_fails_takes_nothing_back(lab: Repo, archived_tree: str) -> None:
    lab.hook("post-commit", "exit 1\n")
    lab.archive()
    assert lab.tree == archived_tree


def test_one_commit_per_category_holds_its_moves_alone(repo: MakeRepo, archived_tree: str) -> None:
    made = repo(LAB, PER_CATEGORY)
    base = made.head
    done = made.archive()
    assert len(done.commits) == 4
    assert made.git("rev-parse", "HEAD~4") == base
    assert made.git("log", "-1", "--format=%s") == "refactor: archive experiments: README and index"
    assert (made.renames(), made.changes() - PAGES) == ({}, set())
    for number, (name, title) in enumerate(CATEGORIES, 1):
        revision = f"HEAD~{number}"
        folder = {"builds": "archive/builds/", "tests": "archive/tests/", "notes": "archive/papers/"}[name]
        expected = {source: target for source, target in MOVES.items() if target.startswith(folder)}
        assert made.renames(revision) == expected
        assert made.changes(revision) <= {"archive/ledger.json"}
        assert made.git("log", "-1", "--format=%s", revision) == f"refactor: archive experiments: {title}"


def test_one_commit_or_several_give_the_same_files(repo: MakeRepo) -> None:
    one, several = repo(LAB, PLAN), repo(LAB, PER_CATEGORY)
    one.archive()
    several.archive()
    differing = {path for path in one.files if one.files[path] != several.files[path]}
    # The plan differs, and so does the id of its run and the last commit of every file.
    assert differing <= {"mothball.toml", "archive/ledger.json", "archive/README.md"}


def test_a_category_that_is_done_already_gets_no_commit(repo: MakeRepo) -> None:
    made = repo(LAB, PER_CATEGORY)
    made.step("builds", "commit")
    done = made.archive()
    assert len(done.commits) == 3
    assert not made.archive().changed


def test_undo_of_one_commit_per_category_takes_all_of_them_back(repo: MakeRepo) -> None:
    made = repo(LAB, PER_CATEGORY)
    tree = made.tree
    made.archive()
    made.undo()
    assert made.tree == tree
    assert made.undo() is None


@pytest.mark.parametrize("commits", [1, 2, 3])
@pytest.mark.parametrize("resume", [False, True])
def test_a_block_between_the_commits_of_categories_can_be_resumed_and_undone(
    repo: MakeRepo, commits: int, resume: bool
) -> None:
    links = {"lab/build_link.py": Link("nowhere"), "notes/link": Link("idea.md")}
    made = repo({**LAB, **links}, PER_CATEGORY)
    tree, files = made.tree, made.files
    made.hook("pre-commit", f'test "$(git rev-list --count HEAD)" -le {commits}\n')
    with pytest.raises(CommitBlocked):
        made.archive()
    assert made.git("rev-list", "--count", "HEAD") == str(commits + 1)
    remove_hooks(made)
    if resume:
        made.step("commit")
        assert made.status == []
        assert not made.archive().changed
    made.undo_everything()
    assert (made.tree, made.staged_tree, made.files, made.status) == (tree, tree, files, [])


def test_a_branch_of_its_own_leaves_the_other_alone(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + 'branch = "focus/archive"\n')
    main, tree = made.head, made.tree
    made.archive()
    assert made.git("branch", "--show-current") == "focus/archive"
    assert made.git("rev-parse", "main") == main
    assert made.git("rev-parse", "HEAD^") == main
    assert made.renames() == MOVES
    assert not made.archive().changed
    made.undo()
    assert made.tree == tree


def test_a_branch_of_its_own_takes_a_detached_head(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + 'branch = "focus"\n')
    made.git("checkout", "-q", "--detach")
    made.archive()
    assert made.git("branch", "--show-current") == "focus"


def test_a_branch_that_exists_is_refused_before_anything_moves(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + 'branch = "focus"\n')
    made.git("branch", "focus")
    before = made.everything
    with pytest.raises(Refused) as caught:
        made.archive()
    assert {problem.code for problem in caught.value.problems} == {"branch-exists"}
    assert made.everything == before
    made.git("switch", "-q", "focus")
    made.archive()
    assert made.renames() == MOVES


def test_a_blocked_commit_on_a_branch_of_its_own_is_resumed_there(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + 'branch = "focus"\n')
    main = made.head
    stop_by_hook("pre-commit", made)
    with pytest.raises(CommitBlocked):
        made.archive()
    remove_hooks(made)
    made.step("commit")
    assert made.git("branch", "--show-current") == "focus"
    assert made.renames() == MOVES
    assert made.git("rev-parse", "main") == main


def test_a_branch_that_git_cannot_make_takes_everything_back(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + 'branch = "focus/archive"\n')
    made.git("branch", "focus")
    before = made.everything
    with pytest.raises((Failed, Refused)):
        made.archive()
    assert made.everything == before
