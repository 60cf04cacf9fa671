"""The look: what git tracks and how HEAD, index and disk differ, read without changing anything."""

from mothball.core.survey import Snapshot, Staged
from mothball.core.tree import Entry
from mothball.core.work import Work
from mothball.effects.look import index_entries, read_text, snapshot, tree_of
from tests.conftest import LAB, Link, MakeRepo, Program, Repo, git_of


def look(repo: Repo) -> Snapshot:
    before = repo.everything
    seen = snapshot(git_of(repo), Work())
    assert repo.everything == before
    return seen


def test_a_clean_repository_is_seen_as_clean(lab: Repo) -> None:
    seen = look(lab)
    assert set(seen.tree) == {*LAB, "mothball.toml"}
    assert (seen.commit, seen.branch, seen.root) == (lab.head, "main", str(lab.root))
    assert not (
        seen.staged or seen.modified or seen.intended or seen.unmerged or seen.hidden or seen.activity
    )
    assert not seen.shallow


def test_modes_and_ids_are_git_s(repo: MakeRepo) -> None:
    made = repo({"run": Program("x"), "link": Link("run"), "text": "x"}, None)
    tree = look(made).tree
    assert {path: entry.mode for path, entry in tree.items()} == {
        "run": "100755",
        "link": "120000",
        "text": "100644",
    }
    assert tree["text"].blob == made.git("rev-parse", "HEAD:text") == tree["run"].blob


def test_changes_are_told_apart(lab: Repo) -> None:
    lab.write({"new": "1", "setup.cfg": None, "src/app.py": "staged", "intended": "x"})
    lab.git("add", "new", "src/app.py", "setup.cfg")
    lab.git("add", "-N", "intended")
    lab.write({"core/kernel.py": "edited", "README.md": None, "untracked": "x"})
    seen = look(lab)
    assert set(seen.staged) == {"new", "setup.cfg", "src/app.py"}
    assert seen.staged["new"].head is None
    assert seen.staged["setup.cfg"].index is None
    was = Entry("100644", lab.git("rev-parse", "HEAD:src/app.py"))
    assert seen.staged["src/app.py"] == Staged(was, Entry("100644", lab.git("rev-parse", ":src/app.py")))
    assert seen.modified == {"core/kernel.py", "README.md"}
    assert seen.intended == {"intended"}


def test_odd_names_in_changes_are_whole(repo: MakeRepo) -> None:
    made = repo({"a b": "1", "c\nd": "2", "\udcff": "3"}, None)
    made.write({"a b": "x", "c\nd": "x", "\udcff": "x"})
    made.git("add", "a b")
    seen = look(made)
    assert set(seen.staged) == {"a b"}
    assert seen.modified == {"c\nd", "\udcff"}


def test_conflicts_and_flags_are_seen(lab: Repo) -> None:
    lab.write({"src/app.py": "mine"})
    lab.git("stash", "-q")
    lab.commit({"src/app.py": "theirs"})
    lab.try_git("stash", "pop")
    lab.git("update-index", "--assume-unchanged", "core/kernel.py")
    lab.git("update-index", "--skip-worktree", "core/tool.sh")
    seen = look(lab)
    assert seen.unmerged == {"src/app.py"}
    assert "src/app.py" not in seen.tree
    assert seen.hidden == {"core/kernel.py": "assume-unchanged", "core/tool.sh": "skip-worktree"}


def test_a_detached_head_is_on_no_branch(lab: Repo) -> None:
    lab.git("checkout", "-q", "--detach")
    assert look(lab).branch is None


def test_a_branch_may_be_named_like_anything(lab: Repo) -> None:
    lab.git("switch", "-qc", "heads/é/x")
    assert look(lab).branch == "heads/é/x"


def test_trees_of_commits_and_of_the_index_are_alike(lab: Repo) -> None:
    git = git_of(lab)
    assert tree_of(git, "HEAD") == index_entries(git) == look(lab).tree


def test_text_is_read_only_from_files(lab: Repo) -> None:
    git = git_of(lab)
    lab.write({"link": Link("README.md")})
    assert read_text(git, "README.md") == str(LAB["README.md"]).encode()
    assert read_text(git, "nothing") is None
    assert read_text(git, "core") is None
    assert read_text(git, "link") is None
