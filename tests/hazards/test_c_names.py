"""Hazards of names."""

import random
import re
from pathlib import Path

import pytest

from mothball.core.errors import Failed, MothballError, PlanError
from tests.hazards.names import MOVES, REFUSED
from tests.hazards.world import (
    SOURCES,
    Link,
    Repo,
    conserving,
    git_calls,
    hazard,
    make,
    moved_purely,
    plan_into,
    plan_of,
    plans_refused,
    refused,
    taken_back,
)


def generated(number: int) -> list[str]:
    """Return hostile names, the same every time."""
    draw = random.Random(20240607)
    pieces = [
        "\n",
        "\t",
        "\r",
        "\x1b",
        "\x07",
        "'",
        '"',
        "\\",
        " ",
        "-",
        "*",
        "?",
        "[",
        "]",
        "!",
        ":",
        "(",
        ")",
    ]
    pieces += [
        "\udc80",
        "\udcff",
        "é",
        "e\u0301",
        "\u202e",
        "\u2028",
        "\x85",
        "\x0c",
        "$",
        "`",
        "<",
        ">",
        "&",
        "|",
    ]
    pieces += ["a", "B", "7", ".", "..", "{}", "%", "#", "~", "\x01", "\x7f", "😀", "\u212a", "\ud55c"]
    names: dict[str, None] = {}
    while len(names) < number:
        name = "".join(draw.choices(pieces, k=draw.randint(1, 12)))
        if name not in {".", ".."} and re.sub(r"[ .]+$", "", name).casefold() not in {"", ".git"}:
            names[f"{len(names)}{name}" if draw.random() < 0.5 else f"{name}{len(names)}"] = None
    return [*names]


@hazard(36, 37, 38)
@pytest.mark.parametrize("names", [MOVES, generated(400)], ids=["corpus", "generated"])
def test_hostile_names_go_to_the_archive_and_back_as_they_are(tmp_path: Path, names: list[str]) -> None:
    files = {f"old/{name}": f"{number}\n" for number, name in enumerate(names)}
    repo = make(tmp_path / "repo", {**files, "src/main.py": "main\n"})
    before = repo.tree()
    repo.put({f"src/untracked/{name}": "mine\n" for name in names})
    with conserving(repo):
        repo.archive()
    assert moved_purely(repo) == {f"old/{name}": f"archive/old/{name}" for name in names}
    for number, name in enumerate(names):
        assert repo.read(f"archive/old/{name}") == f"{number}\n".encode()
    assert repo.undo() is not None
    assert repo.tree() == before


@hazard(36)
def test_the_corpus_of_hostile_names_is_large() -> None:
    assert len({*MOVES, *REFUSED}) >= 290


@hazard(36)
def test_a_hostile_name_is_restored_alone(tmp_path: Path) -> None:
    files = {f"old/{name}": f"{number}\n" for number, name in enumerate(MOVES)}
    repo = make(tmp_path / "repo", {**files, "src/main.py": "main\n"})
    repo.archive()
    for name in ("*.py", ":(exclude)a", "-rf", "new\nline", "\udcff\udcfe", "back\\slash"):
        repo.restore(f"old/{name}")
        assert repo.path(f"old/{name}").is_file()
    assert len([path for path in repo.tree() if path.startswith("old/")]) == 6


@hazard(36)
@pytest.mark.parametrize("name", ["\x01old/x evil", "\x01 2020-01-01", "\nold/a.py"])
def test_a_name_does_not_pass_for_a_line_of_history(tmp_path: Path, name: str) -> None:
    plain = make(tmp_path / "plain", {"old/a.py": "a\n", "src/zz": "z\n"})
    repo = make(tmp_path / "repo", {"old/a.py": "a\n", "src/zz": "z\n"})
    repo.commit({name: "first\n"})
    plain.commit({"other": "first\n"})
    repo.archive()
    plain.archive()
    start, day = repo.git("log", "-1", "--format=%H %as", "HEAD~2").split(" ")
    assert f'"last_commit": {{"id": "{start}", "date": "{day}"}}' in repo.read("archive/ledger.json").decode()


@hazard(37)
def test_one_name_that_is_a_pattern_moves_one_file(tmp_path: Path) -> None:
    files = {"old/*.py": "star\n", "old/a.py": "a\n", "old/[a].py": "set\n", "src/main.py": "main\n"}
    repo = make(tmp_path / "repo", files, plan_of(r"/old/\*.py", r"/old/\[a].py"))
    with conserving(repo):
        repo.archive()
    assert moved_purely(repo) == {"old/*.py": "archive/*.py", "old/[a].py": "archive/[a].py"}
    assert repo.read("old/a.py") == b"a\n"


@hazard(38)
def test_every_call_of_git_about_paths_ends_them_with_nul(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = git_calls(repo, tmp_path / "trace", monkeypatch)
    speaking = {
        "ls-files",
        "ls-tree",
        "status",
        "diff-tree",
        "diff-files",
        "diff-index",
        "check-attr",
        "check-ignore",
    }
    for call in calls:
        if speaking & set(call):
            assert "-z" in call, call
        if "update-index" in call and "--index-info" in call:
            assert "-z" in call, call


@hazard(37)
def test_every_reading_call_of_git_takes_names_for_names(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for call in git_calls(repo, tmp_path / "trace", monkeypatch):
        if {"ls-files", "ls-tree", "status", "log"} & set(call) and "--" in call:
            assert "--literal-pathspecs" in call, call


@hazard(38)
def test_the_source_asks_git_for_no_quoted_name() -> None:
    for module in sorted((Path(SOURCES) / "mothball" / "effects").glob("*.py")):
        for call in re.findall(
            r'"(?:ls-files|ls-tree|diff-tree|diff-files|check-attr)"[^)]*\)', module.read_text("utf-8")
        ):
            assert '"-z"' in call, f"{module.name}: {call}"


@hazard(39)
def test_names_of_255_bytes_move(tmp_path: Path) -> None:
    names = ["a" * 255, "é" * 127, "b" * 251 + ".txt"]
    repo = make(tmp_path / "repo", {**{f"old/{name}": name for name in names}, "src/main.py": "main\n"})
    with conserving(repo):
        repo.archive()
        repo.undo()


@hazard(39)
def test_a_long_path_is_told_before_the_move(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {"old/" + "d" * 200 + "/" + "f" * 60: "long\n", "src/main.py": "main\n"})
    [told] = [outcome for outcome in repo.preview().outcomes if outcome.code == "name-long"]
    assert told.passed
    assert len(told.problems) == 1


@hazard(39)
def test_a_path_that_would_be_too_long_for_the_system_is_refused(tmp_path: Path) -> None:
    deep = "/".join(["d" * 250] * 15)
    repo = Repo(tmp_path)
    long = "archive/" + "e" * 250 + "/" + "f" * 250
    blob_of = make(tmp_path / "repo", {"src/main.py": "main\n"}, plan_of("/old/", into=long))
    repo = blob_of
    inside = repo.root / "old"
    inside.mkdir()
    repo.git("config", "core.longpaths", "true")
    make_deep(inside, deep.split("/"), "x.py")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "-m", "deep")
    before = repo.git("ls-files", "-s")
    with pytest.raises(MothballError) as caught:
        repo.archive()
    assert not isinstance(caught.value, Failed), caught.value
    assert repo.git("ls-files", "-s") == before
    assert repo.git("status", "--porcelain") == ""


def make_deep(top: Path, names: list[str], file: str) -> None:
    """Make a file whose path is nearly as long as the system allows, step by step."""
    import os

    handle = os.open(top, os.O_RDONLY)
    for name in names:
        os.mkdir(name, dir_fd=handle)
        inner = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, dir_fd=handle))
    os.close(handle)


RESERVED = (
    "CON", "con.txt", "nul", "NUL.tar.gz", "aux", "PRN", "COM1", "com\u00b9", "LPT9.log", "CONIN$", "a:b",
    "a<b", "a>b", 'a"b', "a|b", "a?b", "a*b", "dot.", "space ",
)  # fmt: skip


@hazard(40)
def test_no_move_creates_a_name_that_windows_reserves(repo: Repo, tmp_path: Path) -> None:
    plans_refused(repo, tmp_path, (plan_into(f"archive/{name}/inner") for name in RESERVED))


@hazard(40)
def test_names_that_windows_reserves_and_that_exist_already_can_move(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**{f"old/{name}": name for name in RESERVED}, "src/main.py": "main\n"})
    with conserving(repo):
        repo.archive()
        repo.undo()


@hazard(45)
@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_some_system_takes_for_gits_own_is_refused(tmp_path: Path, name: str) -> None:
    repo = make(tmp_path / "repo")
    repo.put({f"old/{name}": "precious\n"})
    repo.git("-c", "core.protectNTFS=false", "add", "--all")
    repo.git("commit", "--quiet", "-m", "from a system without NTFS")
    for act in (repo.archive, lambda: repo.step("old")):
        refused(repo, PlanError, act, "name-git")


@hazard(41)
def test_a_link_that_git_would_leave_out_of_the_index_is_not_lost(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    repo.put({"old/sub/.gitmodules": Link("../a.py"), "old/x.py": "x\n"})
    repo.git("add", "--all", check=False)
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"../a.py")
    if "old/sub/.gitmodules" not in repo.index():
        repo.git("update-index", "--add", "--cacheinfo", f"120000,{blob},old/sub/.gitmodules", check=False)
    if "old/sub/.gitmodules" not in repo.index():
        pytest.skip("this git tracks no such link at all")
    repo.commit()
    taken_back(repo, lambda: repo.step("old"))
