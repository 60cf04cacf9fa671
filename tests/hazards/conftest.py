"""Every hazard test runs real git that knows nothing of this machine's configuration."""

import os
from pathlib import Path

import pytest

from tests.hazards.world import Repo, make


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "hazard(*rows): the rows of the table of hazards that a test is about")


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hide the user's configuration, identity and language from git and from mothball."""
    for name in [*os.environ]:
        if name.startswith(("GIT_", "MOTHBALL_", "INVOKE_", "NOX", "PYTHONP", "XDG_", "LC_", "SSH_")):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    settings = {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "COLUMNS": "200",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with two files to archive, two to keep, and a plan."""
    return make(tmp_path / "repo")
