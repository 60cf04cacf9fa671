"""Hazards of the state that tree and index are in."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mothball.core.errors import Failed, MothballError, PlanError, Refused, Undecided
from tests.hazards.world import (
    FILES,
    PAGES,
    PLAN,
    WITH_README,
    Link,
    Program,
    Repo,
    at,
    conserving,
    hazard,
    healthy,
    make,
    moved_purely,
    refused,
    untouched,
)


@hazard(1)
@pytest.mark.parametrize("path", ["old/a.py", "README.md"])
def test_an_unstaged_edit_in_what_the_run_touches_is_refused(tmp_path: Path, path: str) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    repo.put({path: "edited, not staged\n"})
    error = refused(repo, Refused, repo.archive, "not-clean")
    assert path in str(error)


@hazard(1)
def test_a_deleted_file_in_what_the_run_touches_is_refused(repo: Repo) -> None:
    repo.path("old/a.py").unlink()
    refused(repo, Refused, repo.archive, "not-clean")


@hazard(1)
def test_a_mode_changed_on_disk_is_refused(repo: Repo) -> None:
    repo.path("old/a.py").chmod(0o755)
    refused(repo, Refused, repo.archive, "not-clean")


@hazard(1)
def test_an_unstaged_edit_elsewhere_stays_unstaged_and_out_of_the_commit(repo: Repo) -> None:
    repo.put({"src/main.py": "work in progress\n"})
    before = repo.tree()["src/main.py"]
    repo.archive()
    assert repo.tree()["src/main.py"] == before
    assert repo.status() == [" M src/main.py"]
    assert repo.read("src/main.py") == b"work in progress\n"


@hazard(2)
def test_a_staged_change_in_what_the_run_touches_is_refused(repo: Repo) -> None:
    repo.put({"old/a.py": "staged\n"})
    repo.git("add", "old/a.py")
    refused(repo, Refused, repo.archive, "not-clean")


@hazard(2)
def test_a_staged_new_file_in_a_moved_directory_is_refused(repo: Repo) -> None:
    repo.put({"old/new.py": "staged\n"})
    repo.git("add", "old/new.py")
    refused(repo, Refused, repo.archive, "not-clean")


@hazard(2)
def test_staged_changes_elsewhere_stay_staged_and_out_of_the_commit(tmp_path: Path) -> None:
    files = {**FILES, "gone.txt": "gone\n", "dir/inner.txt": "inner\n", "turned": "file\n", "link": "text\n"}
    repo = make(tmp_path / "repo", files)
    repo.put({"src/main.py": "staged\n", "new.txt": "new\n"})
    repo.git("rm", "--quiet", "gone.txt", "dir/inner.txt", "turned", "link")
    repo.put({"dir": "now a file\n", "turned/inner.txt": "now a directory\n", "link": Link("src/main.py")})
    repo.git("add", "--all")
    staged = repo.git("diff", "--cached", "--raw", "--no-renames")
    before = repo.tree()
    repo.archive()
    after = repo.tree()
    others = {path: entry for path, entry in before.items() if not path.startswith("old/")}
    assert {path: entry for path, entry in after.items() if not path.startswith("archive/")} == others
    assert repo.git("diff", "--cached", "--raw", "--no-renames") == staged
    healthy(repo)


@hazard(2)
def test_a_commit_takes_nothing_that_was_staged_between_the_steps(repo: Repo) -> None:
    repo.step("old")
    repo.put({"src/main.py": "staged meanwhile\n"})
    repo.git("add", "src/main.py")
    repo.finish()
    assert repo.git("show", "HEAD:src/main.py") == "print('main')"
    assert repo.status() == ["M  src/main.py"]


@hazard(3)
def test_an_untracked_file_in_a_moved_directory_stays_and_is_named(repo: Repo) -> None:
    repo.put({"old/secret.txt": "token\n"})
    with conserving(repo):
        done = repo.archive()
    assert repo.read("old/secret.txt") == b"token\n"
    assert done.left_behind == ("old/secret.txt",)
    assert repo.git("grep", "token", "HEAD", check=False) == ""


@hazard(3)
@pytest.mark.parametrize("way", ["step", "undo", "restore"])
def test_untracked_files_stay_where_they_are_on_every_way(repo: Repo, way: str) -> None:
    repo.put({"old/secret.txt": "token\n", "old/deep/er/notes": "mine\n"})
    repo.path("old/secret.txt").chmod(0o600)
    loose = repo.loose()
    if way == "step":
        repo.step("old")
    else:
        repo.archive()
        repo.undo() if way == "undo" else repo.restore("archive/old")
    assert repo.loose() == loose


@hazard(4)
def test_an_ignored_secret_is_not_published_by_a_move_out_of_its_rule(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, ".gitignore": "/old/.env\n"})
    repo.put({"old/.env": "PASSWORD=1\n"})
    with conserving(repo):
        repo.archive()
    assert repo.read("old/.env") == b"PASSWORD=1\n"
    assert repo.status() == ["!! old/.env"]
    assert not any(".env" in path for path in repo.tree())


@hazard(4, 55)
def test_an_ignore_file_that_would_leave_its_secrets_bare_does_not_move(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "old/.gitignore": "*.env\n"})
    repo.put({"old/prod.env": "PASSWORD=1\n"})
    refused(repo, PlanError, repo.archive, "ignore-file-moves")


@hazard(4, 55)
def test_an_ignore_file_deeper_down_that_hides_secrets_does_not_move(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "old/sub/.gitignore": "/cache/\n", "old/sub/x.py": "x\n"})
    repo.put({"old/sub/cache/deep/token": "PASSWORD=1\n"})
    refused(repo, PlanError, repo.archive, "ignore-file-moves")


@hazard(5)
def test_ignored_files_left_in_an_emptied_directory_keep_it(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, ".gitignore": "__pycache__/\n"})
    repo.put({"old/__pycache__/a.pyc": b"\x00\x01"})
    with conserving(repo):
        done = repo.archive()
    assert repo.read("old/__pycache__/a.pyc") == b"\x00\x01"
    assert done.left_behind == ("old/__pycache__/a.pyc",)


@hazard(5)
def test_an_empty_directory_of_the_user_inside_a_moved_one_stays(repo: Repo) -> None:
    repo.path("old/results").mkdir()
    with conserving(repo):
        repo.archive()
    assert repo.path("old/results").is_dir()


@hazard(6)
def test_an_ignored_destination_is_refused_and_the_rule_is_named(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, ".gitignore": "# none\narchive/\n"})
    error = refused(repo, PlanError, repo.archive, "target-ignored")
    assert ".gitignore:2: archive/" in str(error)


@hazard(6)
def test_an_ignored_destination_that_is_allowed_loses_nothing(tmp_path: Path) -> None:
    plan = PLAN.replace('reason = "Superseded."', 'reason = "Superseded."\nallow-ignored = true')
    repo = make(tmp_path / "repo", {**FILES, ".gitignore": "archive/\n"}, plan)
    with conserving(repo):
        repo.archive()
    assert {"archive/old/a.py", "archive/old/b.py", "archive/ledger.json"} <= repo.tree().keys()
    repo.git("clean", "-fdX", "--quiet")
    assert repo.read("archive/old/a.py") == b"print('a')\n"
    repo.undo()
    assert repo.tree() == repo.tree("HEAD~2")


@hazard(7)
def test_tracked_files_that_a_rule_ignores_move_with_the_others(tmp_path: Path) -> None:
    files = {**FILES, ".gitignore": "/old/*.json\n", "old/run.json": "{}\n"}
    repo = make(tmp_path / "repo", files)
    with conserving(repo):
        done = repo.archive()
    assert done.moves == 3
    assert "archive/old/run.json" in repo.tree()


@hazard(7)
def test_a_rule_that_ignores_source_and_target_alike_is_refused_or_allowed(tmp_path: Path) -> None:
    files = {**FILES, ".gitignore": "*.json\n!/archive/ledger.json\n", "old/run.json": "{}\n"}
    repo = make(tmp_path / "repo", files)
    refused(repo, PlanError, repo.archive, "target-ignored")
    repo.commit({"mothball.toml": PLAN.replace('"Superseded."', '"Superseded."\nallow-ignored = true')})
    with conserving(repo):
        repo.archive()
    assert "archive/old/run.json" in repo.tree()


@hazard(8)
def test_an_intent_to_add_in_a_moved_directory_is_refused(repo: Repo) -> None:
    repo.put({"old/new.py": "not yet\n"})
    repo.git("add", "--intent-to-add", "old/new.py")
    error = refused(repo, Refused, repo.archive, "not-clean")
    assert "git add -N" in str(error)


@hazard(8)
def test_an_intent_to_add_elsewhere_survives_as_it_was(repo: Repo) -> None:
    repo.put({"src/new.py": "not yet\n"})
    repo.git("add", "--intent-to-add", "src/new.py")
    repo.archive()
    assert repo.status() == [" A src/new.py"]
    assert "src/new.py" not in repo.tree()


@hazard(9)
@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_an_edit_that_git_was_told_to_overlook_is_refused(repo: Repo, flag: str) -> None:
    repo.git("update-index", f"--{flag}", "old/a.py")
    repo.put({"old/a.py": "hidden edit\n"})
    error = refused(repo, Refused, repo.archive, "hidden-edits")
    assert flag in str(error)


@hazard(9)
@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_a_hidden_edit_in_the_readme_is_not_swept_into_the_commit(tmp_path: Path, flag: str) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    repo.git("update-index", f"--{flag}", "README.md")
    repo.put({"README.md": "# Project\n\nMy private note.\n"})
    refused(repo, Refused, repo.archive)


@hazard(9)
@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_flags_and_hidden_edits_elsewhere_survive(repo: Repo, flag: str) -> None:
    repo.git("update-index", f"--{flag}", "src/main.py")
    repo.put({"src/main.py": "hidden edit\n"})
    flags = repo.git("ls-files", "-v", "src/main.py")
    before = repo.tree()["src/main.py"]
    repo.archive()
    repo.undo()
    assert repo.git("ls-files", "-v", "src/main.py") == flags
    assert repo.tree()["src/main.py"] == before
    assert repo.read("src/main.py") == b"hidden edit\n"


@hazard(10)
@pytest.mark.parametrize("index", ["--no-sparse-index", "--sparse-index"])
def test_files_outside_a_sparse_checkout_are_refused(tmp_path: Path, index: str) -> None:
    repo = make(tmp_path / "repo")
    repo.git("sparse-checkout", "set", "--cone", index, "src")
    assert not repo.path("old").exists()
    error = refused(repo, Refused, repo.archive, "hidden-edits")
    assert "sparse-checkout" in str(error)


@hazard(10)
@pytest.mark.parametrize("index", ["--no-sparse-index", "--sparse-index"])
def test_a_sparse_checkout_that_holds_both_ends_works(tmp_path: Path, index: str) -> None:
    repo = make(tmp_path / "repo", {**FILES, "far/away.txt": "far\n", "archive/kept.txt": "kept\n"})
    repo.git("sparse-checkout", "set", "--cone", index, "src", "old", "archive")
    with conserving(repo):
        repo.archive()
    assert moved_purely(repo) == {"old/a.py": "archive/old/a.py", "old/b.py": "archive/old/b.py"}
    assert not repo.path("far").exists()
    repo.undo()
    assert repo.tree() == repo.tree("HEAD~2")
    assert not repo.path("far").exists()


@hazard(10)
def test_a_destination_outside_the_sparse_checkout_is_refused(repo: Repo) -> None:
    repo.git("sparse-checkout", "set", "--cone", "src", "old")
    refused(repo, Refused, repo.archive)


@hazard(11)
def test_a_shallow_clone_is_archived_and_undone(tmp_path: Path) -> None:
    origin = make(tmp_path / "origin")
    origin.commit({"src/main.py": "later\n"})
    clone = clone_of(origin, tmp_path / "clone", "--depth=1")
    with conserving(clone):
        clone.archive()
    assert len(moved_purely(clone)) == 2
    before = clone.tree("HEAD~1")
    clone.undo()
    assert clone.tree() == before


@hazard(12)
@pytest.mark.parametrize("mode", ["full", "sparse"])
def test_a_partial_clone_without_its_remote_is_archived_and_undone(tmp_path: Path, mode: str) -> None:
    origin = make(tmp_path / "origin", {**FILES, "old/c.py": "first\n", "far/x.txt": "far\n"})
    origin.commit({"old/c.py": "second\n", "src/main.py": "second\n"})
    origin.config(uploadpack_allowFilter="true")
    clone = clone_of(origin, tmp_path / "clone", "--filter=blob:none", "--sparse")
    clone.git("sparse-checkout", "set", "src", "old", "archive") if mode == "sparse" else clone.git(
        "sparse-checkout", "disable"
    )
    origin.root.rename(tmp_path / "away")
    before, loose = clone.tree(), clone.loose()
    clone.archive()
    assert len(moved_purely(clone)) == 3
    clone.undo()
    assert (clone.tree(), clone.loose()) == (before, loose)


@hazard(12)
def test_undo_in_a_partial_clone_fetches_what_it_lacks(tmp_path: Path) -> None:
    origin = make(tmp_path / "origin", plan=WITH_README)
    before = origin.tree()
    origin.archive()
    origin.config(uploadpack_allowFilter="true")
    clone = clone_of(origin, tmp_path / "clone", "--filter=blob:none")
    assert "?" in clone.git("rev-list", "--objects", "--missing=print", "HEAD")
    clone.undo()
    assert clone.tree() == before
    assert clone.read("README.md") == origin.git("show", "HEAD~1:README.md").encode() + b"\n"


@hazard(13)
def test_an_edit_with_a_forged_file_time_is_found_by_its_content(repo: Repo) -> None:
    repo.config(core_trustctime="false", core_checkStat="minimal")
    age(repo, "old/a.py")
    forge(repo, "old/a.py", b"print('X')\n")
    assert repo.status() == []
    error = refused(repo, Refused, repo.archive, "file-changed")
    assert "old/a.py" in str(error)


@hazard(13)
def test_a_forged_edit_of_the_readme_is_not_swept_into_the_commit(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    repo.config(core_trustctime="false", core_checkStat="minimal")
    age(repo, "README.md")
    forge(repo, "README.md", FILES["README.md"].replace("maintainer", "MAINTAINER").encode())  # type: ignore[arg-type, union-attr]
    assert repo.status() == []
    refused(repo, Refused, repo.archive)


@hazard(14)
def test_a_conflict_in_what_the_run_touches_is_refused(repo: Repo) -> None:
    conflict(repo, "old/a.py")
    error = refused(repo, Refused, repo.archive)
    assert "old/a.py" in str(error)


@hazard(14)
def test_a_conflict_elsewhere_is_refused_before_any_effect(repo: Repo) -> None:
    conflict(repo, "src/main.py")
    refused(repo, Refused, repo.archive)


def start_merge(repo: Repo) -> None:
    repo.git("merge", "--no-commit", "--no-ff", "other")


def start_rebase(repo: Repo) -> None:
    repo.git("-c", "sequence.editor=sed -i s/pick/edit/", "rebase", "--interactive", "HEAD~1")


def start_pick(repo: Repo) -> None:
    repo.git("cherry-pick", "other", check=False)


def start_revert(repo: Repo) -> None:
    repo.git("revert", "--no-commit", "HEAD~1", check=False)


def start_bisect(repo: Repo) -> None:
    repo.git("bisect", "start")


def start_am(repo: Repo) -> None:
    patch = repo.git("format-patch", "-1", "--stdout", "other").encode()
    repo.git("am", stdin=patch, check=False)


@hazard(15)
@pytest.mark.parametrize(
    ("start", "word"),
    [
        (start_merge, "merge"),
        (start_rebase, "rebase"),
        (start_pick, "cherry-pick"),
        (start_revert, "revert"),
        (start_bisect, "bisect"),
        (start_am, "am"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unfinished_operation_of_git_is_refused(
    tmp_path: Path, start: Callable[[Repo], None], word: str
) -> None:
    repo = make(tmp_path / "repo", {**FILES, "shared.txt": "1\n"})
    repo.git("switch", "--quiet", "-c", "other")
    repo.commit({"shared.txt": "2\n", "more.txt": "more\n"})
    repo.git("switch", "--quiet", "main")
    repo.commit({"mine.txt": "3\n"} if word == "merge" else {"shared.txt": "3\n"})
    repo.commit({"mine.txt": "4\n"} if word == "merge" else {"shared.txt": "4\n"})
    if word in {"merge", "bisect"}:  # what git keeps of these lies elsewhere in a linked worktree
        repo.git("worktree", "add", "--quiet", "-b", "linked", str(tmp_path / "linked"))
        repo = Repo(tmp_path / "linked")
    start(repo)
    error = refused(repo, Refused, repo.archive, "git-busy")
    assert word in str(error)


@hazard(16)
def test_an_unborn_branch_is_refused(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.git("init", "--quiet", "--template=")
    repo.put({**FILES, "mothball.toml": PLAN})
    refused(repo, Refused, repo.archive, "git-unborn")


@hazard(16)
@pytest.mark.parametrize("place", ["bare.git", "repo/.git"])
def test_a_bare_repository_and_gits_own_directory_are_refused(tmp_path: Path, place: str) -> None:
    repo = make(tmp_path / "repo")
    repo.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    refused(repo, Refused, Repo(tmp_path / place).archive, "git-no-repository")


@hazard(16)
def test_a_detached_head_is_refused(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "--detach")
    refused(repo, Refused, repo.archive, "git-detached")


@hazard(16)
def test_a_detached_head_works_with_a_branch_of_its_own(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=PLAN + '\n[commit]\nbranch = "retired"\n')
    repo.git("checkout", "--quiet", "--detach")
    with conserving(repo):
        repo.archive()
    assert repo.git("symbolic-ref", "--short", "HEAD") == "retired"


LOCAL = [
    name
    for name in subprocess.run(
        ["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True
    ).stdout.split()
    if not name.startswith("GIT_CONFIG") and name != "GIT_NO_REPLACE_OBJECTS"
]


@hazard(17)
def test_a_variable_that_points_git_elsewhere_is_refused(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make(tmp_path / "other")
    before = other.picture(exactly=True)

    def run(name: str) -> None:
        with monkeypatch.context() as patch:
            patch.setenv(name, str(other.root / ".git"))
            repo.archive()

    with untouched(repo):
        for name in LOCAL:
            with pytest.raises(Refused, match=name) as caught:
                run(name)
            assert caught.value.problems[0].code == "git-environment"
    assert other.picture(exactly=True) == before


@hazard(17)
def test_a_run_from_inside_a_hook_is_refused(repo: Repo) -> None:
    run = f"exec '{sys.executable}' -P -m mothball archive.all\n"
    hook = f"#!/bin/sh\nGIT_DIR=$(git rev-parse --absolute-git-dir) PYTHONPATH='{sources()}' {run}"
    repo.put({".git/hooks/pre-commit": Program(hook)})
    repo.put({"src/main.py": "changed\n"})
    done = subprocess.run(
        ["git", "commit", "-am", "try"], cwd=repo.root, capture_output=True, text=True, check=False
    )
    assert "inside a git hook" in done.stderr
    assert "archive/old/a.py" not in repo.tree()
    assert repo.path("old/a.py").exists()


@hazard(18)
def test_a_linked_worktree_is_archived_and_undone_apart_from_the_main_one(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    main = repo.picture()
    with conserving(side):
        side.archive()
    assert repo.files() == main.files
    assert repo.git("rev-parse", "main") in main.refs
    assert not (repo.root / ".git" / "mothball").exists()
    side.undo()
    assert side.tree() == repo.tree()


@hazard(18)
def test_a_killed_run_in_a_linked_worktree_does_not_stop_the_main_one(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    before = side.picture()
    with pytest.raises(OSError, match="no more"), at("mothball.rmdir", stop):
        side.archive()
    assert side.picture() == before
    with conserving(repo):
        repo.archive()


@hazard(18)
def test_a_repository_that_is_a_submodule_is_archived(repo: Repo, tmp_path: Path) -> None:
    outer = make(tmp_path / "outer", {"README.md": "# Outer\n"})
    outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo.root), "inner")
    outer.git("commit", "--quiet", "-m", "with a submodule")
    inner = Repo(outer.path("inner"))
    inner.git("config", "user.name", "Maintainer")
    inner.git("config", "user.email", "maintainer@example.org")
    assert inner.path(".git").is_file()
    with conserving(inner):
        inner.archive()
    assert outer.git("status", "--porcelain") == " M inner"


@hazard(18)
def test_a_worktree_in_a_folder_whose_name_breaks_lines_works(repo: Repo, tmp_path: Path) -> None:
    place = tmp_path / "si\nde \u2028"
    repo.git("worktree", "add", "--quiet", "-b", "side", str(place))
    side = Repo(place)
    with conserving(side):
        side.archive()


@hazard(19)
def test_an_index_that_another_git_holds_is_refused(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mothball.effects.index.PATIENCE", 0.1)
    repo.put({".git/index.lock": ""})
    error = refused(repo, Refused, repo.archive, "index-locked")
    assert "index.lock" in str(error)


@hazard(19)
def test_a_lock_that_is_given_back_in_time_is_waited_for(repo: Repo) -> None:
    repo.put({".git/index.lock": ""})
    giver = threading.Timer(0.3, repo.path(".git/index.lock").unlink)
    giver.start()
    with conserving(repo):
        repo.archive()
    giver.join()


@hazard(19)
@pytest.mark.parametrize("moment", ["mothball.mkdir", "mothball.move"])
def test_a_lock_that_appears_in_the_middle_is_never_removed(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setattr("mothball.effects.index.PATIENCE", 0.1)
    before = repo.picture()
    lock = repo.path(".git/index.lock")
    with pytest.raises(MothballError) as caught, at(moment, lambda *_: lock.write_bytes(b"theirs")):
        repo.archive()
    assert lock.read_bytes() == b"theirs"
    lock.unlink()
    # Files have moved: "refused, nothing was touched" (4) would be a lie.
    assert isinstance(caught.value, Undecided | Failed)
    repo.recover()
    assert repo.picture() == before
    healthy(repo)


@hazard(19)
def test_an_editor_that_polls_git_status_does_not_break_a_run(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {f"old/{number}.py": f"{number}\n" for number in range(50)})
    over = threading.Event()

    def poll() -> None:
        while not over.is_set():
            subprocess.run(["git", "status"], cwd=repo.root, capture_output=True, check=False)

    poller = threading.Thread(target=poll)
    with conserving(repo):  # judged when nobody polls any more: a git at work has a lock of its own
        poller.start()
        try:
            repo.step("old")
            repo.undo()
            repo.archive()
        finally:
            over.set()
            poller.join()


def split(repo: Repo) -> None:
    repo.git("update-index", "--split-index")


def split_always(repo: Repo) -> None:
    repo.config(core_splitIndex="true", splitIndex_maxPercentChange="0")
    repo.git("update-index", "--split-index")


def version_4(repo: Repo) -> None:
    repo.git("update-index", "--index-version", "4")


def untracked_cache(repo: Repo) -> None:
    repo.config(core_untrackedCache="true")
    repo.git("update-index", "--force-untracked-cache")


def many_files(repo: Repo) -> None:
    repo.config(feature_manyFiles="true")
    repo.git("update-index", "--index-version", "4")


def packed(repo: Repo) -> None:
    repo.git("gc", "--quiet", "--prune=now")
    repo.git("pack-refs", "--all")


def commit_graph(repo: Repo) -> None:
    repo.git("commit-graph", "write", "--reachable")
    repo.git("multi-pack-index", "write", check=False)


def skip_hash(repo: Repo) -> None:
    repo.config(index_skipHash="true")


FORMATS = [split, split_always, version_4, untracked_cache, many_files, packed, commit_graph, skip_hash]


@hazard(20)
@pytest.mark.parametrize("turn", FORMATS, ids=lambda turn: turn.__name__)
def test_every_format_of_the_index_and_the_store_works(tmp_path: Path, turn: Callable[[Repo], None]) -> None:
    repo = make(tmp_path / "repo")
    turn(repo)
    repo.put({"loose.txt": "loose\n"})
    with untouched(repo):
        repo.preview()
    every_way(repo)


@hazard(20)
@pytest.mark.parametrize(
    "option", ["--object-format=sha256", "--ref-format=reftable", "--separate-git-dir=../elsewhere.git"]
)
def test_every_format_of_a_new_repository_works(tmp_path: Path, option: str) -> None:
    tried = subprocess.run(
        ["git", "init", "--quiet", option, str(tmp_path / "try")],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    if tried.returncode:
        pytest.skip(f"this git knows no {option}")
    where = tmp_path / "elsewhere.git"
    option = f"--separate-git-dir={where}2" if "separate" in option else option
    repo = make(tmp_path / "repo", init=(option,))
    repo.put({"loose.txt": "loose\n"})
    every_way(repo)


PREFERENCES = {
    "color.ui": "always",
    "core.abbrev": "4",
    "core.ignoreCase": "true",
    "core.quotePath": "true",
    "diff.noprefix": "true",
    "diff.relative": "true",
    "diff.renames": "copies",
    "diff.orderFile": "order",
    "log.date": "relative",
    "log.decorate": "full",
    "log.follow": "true",
    "log.showRoot": "false",
    "log.showSignature": "true",
    "status.branch": "true",
    "status.short": "true",
    "status.showStash": "true",
    "status.showUntrackedFiles": "no",
    "submodule.recurse": "true",
    "commit.verbose": "2",
    "commit.cleanup": "scissors",
    "core.preloadIndex": "true",
    "core.logAllRefUpdates": "false",
}
ODDITIES = {
    "a comment sign": {"core.commentChar": "M"},
    "an encoding": {"i18n.logOutputEncoding": "UTF-16"},
    "trailers": {"trailer.separators": "="},
}


@hazard(20)
@pytest.mark.parametrize("settings", [PREFERENCES, *ODDITIES.values()], ids=["preferences", *ODDITIES])
def test_the_users_configuration_changes_no_answer(tmp_path: Path, settings: dict[str, str]) -> None:
    files = {**FILES, "order": "src/*\n*.md\n"}
    plain, repo = make(tmp_path / "plain", files), make(tmp_path / "repo", files)
    for name, value in settings.items():
        repo.git("config", name, value)
    repo.archive()
    plain.archive()
    assert without_pages(repo) == without_pages(plain)
    assert repo.undo() is not None
    assert repo.tree() == repo.tree("HEAD~2")


def without_pages(repo: Repo) -> dict[str, tuple[str, str]]:
    """Return the tree without the pages, which name commits."""
    return {path: entry for path, entry in repo.tree().items() if path not in PAGES}


def every_way(repo: Repo) -> None:
    """Go through all that mothball does, and come back."""
    before = repo.tree()
    with conserving(repo):
        repo.step("old")
        repo.archive()
    assert len(moved_purely(repo)) == 2
    assert not repo.archive().changed
    repo.undo()
    assert repo.tree() == before
    assert repo.read("loose.txt") == b"loose\n"
    healthy(repo)


def clone_of(origin: Repo, place: Path, *options: str) -> Repo:
    """Clone over git's own protocol, with a committer."""
    origin.git("clone", "--quiet", *options, f"file://{origin.root}", str(place))
    clone = Repo(place)
    clone.git("config", "user.name", "Maintainer")
    clone.git("config", "user.email", "maintainer@example.org")
    return clone


def age(repo: Repo, path: str) -> None:
    """Make a file older than the index, so that git need not read it."""
    os.utime(repo.path(path), (1_600_000_000, 1_600_000_000))
    repo.git("update-index", "--refresh")


def forge(repo: Repo, path: str, content: bytes) -> None:
    """Change a file and put its time back."""
    assert len(content) == len(repo.read(path))
    repo.path(path).write_bytes(content)
    os.utime(repo.path(path), (1_600_000_000, 1_600_000_000))


def conflict(repo: Repo, path: str) -> None:
    """Leave a conflict in the index that no operation under way tells of."""
    blobs = [repo.git("hash-object", "-w", "--stdin", stdin=text) for text in (b"1\n", b"2\n", b"3\n")]
    rows = [f"0 {'0' * 40}\t{path}\n"]
    rows += [f"100644 {blob} {stage}\t{path}\n" for stage, blob in enumerate(blobs, 1)]
    repo.git("update-index", "--index-info", stdin="".join(rows).encode())


def stop(*_: object) -> None:
    raise OSError(5, "no more")


def sources() -> str:
    return os.pathsep.join(path for path in sys.path if path.endswith("tasks"))
