"""Git spoken to: bytes as they are, answers that no environment bends, repositories that are fit."""

from pathlib import Path

import pytest

from mothball.core.errors import Refused
from mothball.effects import git
from mothball.effects.git import GitError, decode, encode
from mothball.effects.opening import open_repository
from tests.conftest import MakeRepo, Repo, git_of


@pytest.mark.parametrize("path", [b"a", b"\xff\xfe", b"a\nb", "é".encode(), b"\xc3", b"\xed\xb3\xbf"])
def test_every_byte_of_a_path_survives(path: bytes) -> None:
    assert encode(decode(path)) == path


def test_fields_are_paths_of_any_bytes(repo: MakeRepo) -> None:
    made = repo({"a\nb": "1", "\udcff": "2"}, None)
    git = git_of(made)
    assert git.fields("ls-files", "-z") == ["a\nb", "\udcff"]
    assert git.fields("check-attr", "-z", "--stdin", "text", stdin=["\udcff"])[0] == "\udcff"


def test_no_fields_are_an_empty_list(lab: Repo) -> None:
    assert git_of(lab).fields("ls-files", "-z", "--", "nothing") == []


def test_a_path_is_never_a_pattern(repo: MakeRepo) -> None:
    made = repo({"*": "1", "b": "2", ":x": "3"}, None)
    assert git_of(made).fields("ls-files", "-z", "--", "*", ":x") == ["*", ":x"]


def test_a_failure_is_told_in_git_s_words(lab: Repo) -> None:
    with pytest.raises(GitError) as caught:
        git_of(lab).read("rev-parse", "--verify", "nothing^{commit}")
    assert "git rev-parse" in str(caught.value)
    assert "Needed a single revision" in str(caught.value)
    assert git_of(lab).says("rev-parse", "--verify", "nothing") is None


def test_rows_come_one_by_one_and_may_be_left_early(repo: MakeRepo) -> None:
    made = repo({f"{number:05}" + "x" * 200: "" for number in range(1000)}, None)
    with git_of(made).rows("ls-files", "-z") as rows:
        assert next(rows).startswith(b"00000")
    with git_of(made).rows("ls-files", "-z") as rows:
        assert sum(1 for _ in rows) == 1000


def test_rows_of_a_git_that_fails_end_in_its_words(lab: Repo) -> None:
    with (
        pytest.raises(GitError, match="Not a valid object name nothing"),
        git_of(lab).rows("ls-tree", "-z", "nothing") as rows,
    ):
        list(rows)


def test_a_git_that_gives_no_rows_is_not_waited_for(lab: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "PATIENCE", 0.1)
    with (
        pytest.raises(Refused, match="git had not ended"),
        git_of(lab).rows("cat-file", "--batch") as rows,  # it waits for a question
    ):
        list(rows)


def test_reading_runs_nothing_of_the_repository(lab: Repo) -> None:
    lab.git("config", "core.fsmonitor", "touch evil; false")
    lab.git("config", "core.hooksPath", ".hooks")
    lab.git("config", "core.pager", "touch evil")
    lab.write({".hooks/post-index-change": "#!/bin/sh\ntouch evil\n"})
    (lab.root / ".hooks/post-index-change").chmod(0o755)
    lab.preview()
    assert not lab.lies_at("evil")


VARIABLES = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
]


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_that_points_git_elsewhere_is_refused(
    lab: Repo, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(lab.root / ".git"))
    with pytest.raises(Refused) as caught:
        open_repository(lab.root)
    assert name in str(caught.value)


def test_configuration_in_the_environment_is_the_user_s(lab: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "From Environment")
    lab.git("config", "--unset", "user.name")
    lab.archive()
    assert lab.git("log", "-1", "--format=%an") == "From Environment"


def bare(place: Path) -> Path:
    Repo(place).git("init", "-q", "--bare", "x.git")
    return place / "x.git"


def unborn(place: Path) -> Path:
    Repo(place).git("init", "-q", "x")
    return place / "x"


def inside_git(place: Path) -> Path:
    return unborn(place) / ".git"


def plain(place: Path) -> Path:
    return place


def missing(place: Path) -> Path:
    return place / "nowhere"


def a_file(place: Path) -> Path:
    (place / "file").touch()
    return place / "file"


PLACES = [
    (bare, "git-no-repository"),
    (unborn, "git-unborn"),
    (inside_git, "git-no-repository"),
    (plain, "git-no-repository"),
    (missing, "git-no-repository"),
    (a_file, "git-no-repository"),
]


@pytest.mark.parametrize(("make", "code"), PLACES)
def test_what_is_no_repository_to_act_on_is_refused(tmp_path: Path, make: type[Path], code: str) -> None:
    with pytest.raises(Refused) as caught:
        open_repository(make(tmp_path))
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.remedy


def test_without_git_it_says_so(lab: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    git = git_of(lab)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Refused) as caught:
        git.run("version")
    assert [problem.code for problem in caught.value.problems] == ["git-missing"]
