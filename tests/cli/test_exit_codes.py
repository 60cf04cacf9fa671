"""Every exit code is reached by a real situation, by the real program, without a traceback."""

import fcntl
from pathlib import Path

import pytest

from tests.cli.conftest import Start
from tests.conftest import PLAN, MakeRepo, Repo

AFTERWARDS = "test ! -d archive/builds || "
"""Shell: do what follows only once files have moved."""


def commanding(line: str) -> str:
    """Return the plan with a command of the user's, for the shell."""
    return f"{PLAN}\n[validate]\ncommands = [{{ run = '''{line}''', shell = true }}]\n"


def test_0_a_run_and_its_repetition(lab: Repo, start: Start) -> None:
    first = start(lab.root, "archive.all")
    again = start(lab.root, "archive.all")
    assert (first.code, again.code) == (0, 0)
    assert "5 files archived in commit" in first.out
    assert "Nothing to do: everything was done before." in again.out
    assert (first.err, again.err) == ("", "")


@pytest.mark.parametrize(
    "arguments", [("archive.nix",), ("archive.plan", "--nix"), ("archive.why",), ("archive.restore",)]
)
def test_1_wrong_usage(lab: Repo, start: Start, arguments: tuple[str, ...]) -> None:
    before = lab.everything
    assert start(lab.root, *arguments).code == 1
    assert lab.everything == before


def test_2_a_plan_with_ten_mistakes(repo: MakeRepo, start: Start) -> None:
    plan = """
title = ""
purpos = "x"
[[keep]]
patterns = ["/a/../b"]
[[archive]]
name = "all"
title = "Old"
reasn = "Because"
expect = "21"
into."/archive/old/" = ["/lab/"]
[[archive]]
name = "old"
title = "Old"
reason = " "
into."../elsewhere/" = []
[validate]
closed = "/src/"
[limits]
share = 7
"""
    mine = repo(plan=plan)
    before = mine.everything
    said = start(mine.root, "archive.all")
    assert said.code == 2
    assert said.out == ""
    lines = [line for line in said.err.splitlines() if line.startswith("✗ mothball.toml:")]
    assert len(lines) >= 10
    numbers = [int(line.split(":")[1]) for line in lines]
    assert numbers == sorted(numbers)
    assert "Did you mean `reason`?" in said.err
    assert said.err.endswith(f"{len(lines)} problems. Nothing was touched.\n")
    assert mine.everything == before


def test_3_what_is_in_the_way(repo: MakeRepo, start: Start) -> None:
    mine = repo(plan=PLAN.replace('name   = "builds"', 'name   = "builds"\nexpect = 7'))
    before = mine.everything
    said = start(mine.root, "archive.plan")
    assert said.code == 3
    assert "`builds` has 2 files; expected 7." in said.out
    assert mine.everything == before


def test_3_a_command_that_newly_fails(repo: MakeRepo, start: Start) -> None:
    mine = repo(plan=commanding("test -e lab/build_v1.py"))
    before = mine.everything
    said = start(mine.root, "archive.all", "--trust")
    assert said.code == 3
    assert "it passed before" in said.err
    assert said.err.endswith("The repository is as it was before.\n")
    assert mine.everything == before


def test_4_a_file_with_changes(lab: Repo, start: Start) -> None:
    lab.write({"lab/build_v1.py": "edited\n"})
    before = lab.everything
    said = start(lab.root, "archive.all")
    assert said.code == 4
    assert "lab/build_v1.py" in said.err
    assert said.err.endswith("Nothing was touched.\n")
    assert lab.everything == before


def test_4_no_repository(tmp_path: Path, start: Start) -> None:
    assert start(tmp_path, "archive.status").code == 4


def test_4_commands_that_nobody_agreed_to(repo: MakeRepo, start: Start, tmp_path: Path) -> None:
    theirs = repo(plan=commanding("true"))
    theirs.git("clone", "-q", str(theirs.root), str(tmp_path / "clone"))
    said = start(tmp_path / "clone", "archive.all")
    assert said.code == 4
    assert "--trust" in said.err


def test_5_a_commit_on_the_way_back_that_a_hook_refuses(lab: Repo, start: Start) -> None:
    lab.archive()
    lab.hook("pre-commit", "echo no more; exit 1")
    before = lab.everything
    said = start(lab.root, "archive.undo")
    assert said.code == 5
    assert "no more" in said.err
    assert lab.everything == before


def test_6_a_run_that_was_killed(repo: MakeRepo, start: Start) -> None:
    mine = repo(plan=commanding(f"{AFTERWARDS}kill -9 $PPID"))
    before = mine.everything
    assert start(mine.root, "archive.all", "--trust").code == -9
    said = start(mine.root, "archive.all")
    assert said.code == 6
    assert "archive.recover" in said.err
    recovered = start(mine.root, "archive.recover")
    assert recovered.code == 0
    assert "settled: all of it was taken back." in recovered.out
    assert mine.everything == before
    assert start(mine.root, "archive.recover").out == "No run was cut off: there is nothing to recover.\n"


def test_7_a_hook_says_no(lab: Repo, start: Start) -> None:
    lab.hook("pre-commit", "echo tests are red; exit 1")
    said = start(lab.root, "archive.all")
    assert said.code == 7
    assert "tests are red" in said.err
    lab.hook("pre-commit", "exit 0")
    resumed = start(lab.root, "archive.commit")
    assert resumed.code == 0
    assert "5 files committed in commit" in resumed.out
    assert len(lab.renames()) == 5


def test_8_no_remote(lab: Repo, start: Start) -> None:
    said = start(lab.root, "archive.all", "--push")
    assert said.code == 8
    assert len(lab.renames()) == 5
    assert "git remote add" in said.err


def test_8_then_pushed(lab: Repo, start: Start, tmp_path: Path) -> None:
    lab.git("init", "-q", "--bare", str(tmp_path / "remote"))
    lab.git("remote", "add", "origin", str(tmp_path / "remote"))
    said = start(lab.root, "archive.all", "--push")
    assert said.code == 0
    assert "pushed  to origin, branch main" in said.out
    assert lab.git("ls-remote", "origin", "main").split()[0] == lab.head


def test_9_a_hook_rewrites(lab: Repo, start: Start) -> None:
    lab.hook("pre-commit", "echo '# ours' >> archive/builds/build_v1.py && git add archive")
    before = lab.head
    said = start(lab.root, "archive.all")
    assert said.code == 9
    assert f"git reset --keep {before[:12]}" in said.err


def test_75_another_run(lab: Repo, start: Start) -> None:
    folder = lab.root / ".git/mothball"
    folder.mkdir()
    before = lab.everything
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = start(lab.root, "archive.all")
    assert said.code == 75
    assert lab.everything == before


@pytest.mark.parametrize(("name", "code"), [("INT", 130), ("TERM", 143), ("HUP", 143), ("QUIT", 143)])
def test_130_and_143_a_signal(repo: MakeRepo, start: Start, name: str, code: int) -> None:
    mine = repo(plan=commanding(f"{AFTERWARDS}{{ kill -{name} $PPID; sleep 10; }}"))
    before = mine.everything
    said = start(mine.root, "archive.all", "--trust")
    assert said.code == code
    assert "was taken back" in said.err.splitlines()[-1]
    assert mine.everything == before
    assert start(mine.root, "archive.all", "--no-commands").code == 0
