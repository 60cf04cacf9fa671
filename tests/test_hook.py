"""The hook for pre-commit: the real program installs it from this very tree, and git commits through it.

No registry is asked: the hook's environment is built without isolation, from what these tests run with.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import WITHOUT_REGISTRY, MakeRepo, Repo, project_repository

ROOT = Path(__file__).parents[1]
CONFIG = """
repos:
  - repo: {place}
    rev: {revision}
    hooks:
      - id: mothball-guard
"""


def pre_commit(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, _isolated: None) -> Repo:
    """This project as a repository of one commit, as it is now."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone: pre-commit installs hooks from git only")
    return project_repository(tmp_path_factory.mktemp("source") / "mothball")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the hook's environment."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def hooked(repo: MakeRepo, source: Repo, home: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """An archived repository whose commits go through the hook."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(home))
    for name, value in WITHOUT_REGISTRY.items():
        monkeypatch.setenv(name, value)
    mine = repo()
    mine.archive()
    config = CONFIG.format(place=source.root, revision=source.head)
    mine.commit({".pre-commit-config.yaml": config})
    installed = pre_commit(mine.root, "install", "--install-hooks")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return mine


def test_the_hook_blocks_what_comes_back_and_lets_the_innocent_pass(hooked: Repo) -> None:
    hooked.write({"src/app.py": "print('new')\n"})
    assert hooked.try_git("commit", "-qam", "innocent").returncode == 0
    hooked.write({"lab/build_v9.py": "print('build 9')\n", "src/app.py": "print('newer')\n"})
    hooked.git("add", "-A")
    for way in (("-m", "x"), ("-am", "x"), ("-m", "x", "--", "lab")):
        blocked = hooked.try_git("commit", *way)
        assert blocked.returncode == 1
        assert b"exit code: 3" in blocked.stderr
        assert b"lab/build_v9.py  guard-new-file" in blocked.stderr
    assert hooked.try_git("commit", "-m", "x", "--", "src").returncode == 0


def test_a_run_passes_its_own_hook(hooked: Repo) -> None:
    hooked.undo()
    assert hooked.lies_at("lab/build_v1.py")
    hooked.archive()
    assert not hooked.lies_at("lab/build_v1.py")


@pytest.mark.parametrize(
    ("command", "name"),
    [("validate-config", ".pre-commit-config.yaml"), ("validate-manifest", ".pre-commit-hooks.yaml")],
)
def test_the_files_for_pre_commit_are_valid(command: str, name: str) -> None:
    checked = pre_commit(ROOT, command, name)
    assert checked.returncode == 0, checked.stdout
