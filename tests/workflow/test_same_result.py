"""Same tree, same plan, same result: byte for byte, wherever, whenever and whoever."""

import shutil
from pathlib import Path

import pytest

from mothball.core.tree import blob_id
from tests.conftest import LAB, MOVES, PLAN, MakeRepo, Repo

HOME = {target: source for source, target in MOVES.items()}


def copy_to(lab: Repo, place: Path) -> Repo:
    return Repo(Path(shutil.copytree(lab.root, place, symlinks=True)))


def test_the_place_does_not_count(lab: Repo, tmp_path: Path, archived_tree: str) -> None:
    other = copy_to(lab, tmp_path / "with space" / "new\nline" / "\x0cform feed" / "é" / "-dash")
    other.archive()
    assert other.tree == archived_tree
    other.undo()
    assert other.renames() == HOME


def test_a_clone_gives_the_same_tree(lab: Repo, tmp_path: Path, archived_tree: str) -> None:
    clone = Repo(tmp_path / "clone")
    lab.git("clone", "-q", str(lab.root), str(clone.root))
    clone.git("config", "user.name", "Somebody Else")
    clone.git("config", "user.email", "e@example.org")
    clone.archive()
    assert clone.tree == archived_tree


ENVIRONMENT = {
    "TZ": "Asia/Kathmandu",
    "LC_ALL": "C",
    "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Another",
    "PYTHONHASHSEED": "7",
    "COLUMNS": "20",
    "HOME": "/nowhere",
}


def test_the_environment_does_not_count(
    lab: Repo, archived_tree: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    lab.archive()
    assert lab.tree == archived_tree


CONFIGURATION = {
    "log": {
        "log.showRoot": "false",
        "log.showSignature": "true",
        "log.follow": "true",
        "log.date": "relative",
        "log.mailmap": "true",
        "log.diffMerges": "first-parent",
        "format.pretty": "oneline",
        "core.abbrev": "4",
        "core.quotePath": "true",
        "i18n.logOutputEncoding": "utf-16",
        "grep.patternType": "perl",
    },
    "trailers": {"trailer.separators": "#", "core.commentChar": ";"},
    "diff": {
        "color.ui": "always",
        "diff.renames": "copies",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "diff.ignoreSubmodules": "all",
        "diff.orderFile": "setup.cfg",
    },
    "status": {
        "status.showUntrackedFiles": "no",
        "status.relativePaths": "false",
        "status.branch": "true",
        "status.short": "true",
        "status.showStash": "true",
        "core.fileMode": "false",
        "core.ignoreCase": "true",
        "core.precomposeUnicode": "true",
    },
    "commit": {
        "commit.cleanup": "scissors",
        "commit.template": "setup.cfg",
        "commit.verbose": "true",
        "core.hooksPath": "/nowhere",
        "core.pager": "false",
        "core.editor": "false",
        "alias.commit": "!false",
        "i18n.commitEncoding": "latin1",
        "core.autocrlf": "input",
        "gc.auto": "1",
    },
    "index": {"core.splitIndex": "true", "index.version": "4", "core.untrackedCache": "true"},
    "many files": {"feature.manyFiles": "true", "core.preloadIndex": "false"},
}


@pytest.mark.parametrize("settings", CONFIGURATION.values(), ids=CONFIGURATION)
def test_the_user_s_configuration_of_git_does_not_count(
    lab: Repo, archived_tree: str, settings: dict[str, str]
) -> None:
    tree, files = lab.tree, lab.files
    for key, value in settings.items():
        lab.git("config", key, value)
    lab.archive()
    assert lab.tree == archived_tree
    lab.undo()
    assert (lab.tree, lab.files) == (tree, files)


def test_the_branch_and_the_commits_after_it_do_not_count(lab: Repo, archived_tree: str) -> None:
    lab.git("switch", "-qc", "feature")
    lab.git("commit", "-q", "--allow-empty", "-m", "nothing")
    lab.archive()
    assert lab.tree == archived_tree


def test_files_that_nobody_tracks_do_not_count(lab: Repo, archived_tree: str) -> None:
    lab.write({"lab/build_v0.py": "untracked", "notes/x.md": "untracked", ".git/info/exclude": "*.log\n"})
    lab.archive()
    assert lab.tree == archived_tree


def test_nothing_of_the_machine_is_in_what_is_committed(lab: Repo) -> None:
    lab.archive()
    committed = lab.git("show", "HEAD", "--no-renames")
    for word in (str(lab.root), str(Path.home()) + "/", "/tmp/"):
        assert word not in committed


# Every kind of repository.


@pytest.fixture
def sha256(repo: MakeRepo) -> Repo:
    return repo(LAB, PLAN, options=("--object-format=sha256",))


def test_a_sha256_repository_is_archived_and_undone(sha256: Repo) -> None:
    tree, files = sha256.tree, sha256.files
    assert len(tree) == 64
    sha256.step("builds", "readme")
    sha256.undo()
    assert sha256.staged_tree == tree
    sha256.archive()
    assert sha256.renames() == MOVES
    assert not sha256.archive().changed
    sha256.restore("lab/build_v1.py")
    sha256.undo_everything()
    assert (sha256.tree, sha256.files) == (tree, files)


def test_the_blob_ids_of_a_sha256_ledger_are_git_s(sha256: Repo) -> None:
    sha256.archive()
    content = str(LAB["lab/build_v1.py"]).encode()
    assert blob_id(content, like="0" * 64) in sha256.text("archive/ledger.json")


@pytest.mark.parametrize("name", ["linked", "new\nline"])
def test_a_linked_worktree_is_a_place_of_its_own(
    lab: Repo, tmp_path: Path, archived_tree: str, name: str
) -> None:
    linked = Repo(tmp_path / "trees" / name)
    lab.git("worktree", "add", "-q", "-b", "linked", str(linked.root))
    main = lab.everything[0], lab.files, lab.status
    linked.step("builds")
    assert lab.undo() is None
    assert lab.states()["builds"] == "pending"
    linked.archive()
    assert linked.tree == archived_tree
    assert (lab.head, lab.files, lab.status) == main
    linked.undo()
    assert linked.renames() == HOME


def test_a_session_may_start_in_any_directory_of_the_work_tree(lab: Repo, archived_tree: str) -> None:
    root, lab.root = lab.root, lab.root / "core/deep"
    lab.archive()
    lab.root = root
    assert lab.tree == archived_tree


def test_a_symbolic_link_to_the_repository_is_the_repository(
    lab: Repo, tmp_path: Path, archived_tree: str
) -> None:
    (tmp_path / "link").symlink_to(lab.root)
    Repo(tmp_path / "link").archive()
    assert lab.tree == archived_tree


def test_packed_refs_and_objects_are_read(lab: Repo, archived_tree: str) -> None:
    lab.git("gc", "-q")
    lab.git("pack-refs", "--all")
    lab.archive()
    assert lab.tree == archived_tree


def test_a_shallow_clone_is_archived_with_files_undated(lab: Repo, tmp_path: Path) -> None:
    lab.commit({"src/app.py": "newer\n"})
    clone = Repo(tmp_path / "shallow")
    lab.git("clone", "-q", "--depth=1", f"file://{lab.root}", str(clone.root))
    clone.git("config", "user.name", "Other")
    clone.git("config", "user.email", "o@example.org")
    clone.archive()
    assert clone.renames() == MOVES
    assert "last_commit" not in clone.text("archive/ledger.json")
    clone.undo()
    assert clone.renames() == HOME
