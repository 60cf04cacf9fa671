"""Data on one stream, words on the other, and nothing of a user's that paints in either."""

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import PAINT, Said, Start, environment
from tests.conftest import PLAN, MakeRepo, Repo

ARCHIVED = "archive/builds/build_v1.py"


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [
        ("archive.status", "status"),
        ("archive.plan", "preview"),
        ("archive.builds", "run"),
        ("archive.all", "run"),
        ("archive.commit", "run"),
        ("archive.why lab/build_v1.py", "why"),
        ("validate.before", "checks"),
        ("validate.after", "checks"),
    ],
)
def test_json_is_all_that_is_on_standard_output(lab: Repo, call: Start, arguments: str, schema: str) -> None:
    said = call(lab.root, *arguments.split(), "--json")
    assert json.loads(said.out)["schema"] == f"mothball.{schema}/1"


def test_an_error_is_data_and_words(lab: Repo, call: Start) -> None:
    lab.write({"lab/build_v1.py": "edited\n"})
    said = call(lab.root, "archive.all", "--json")
    document = json.loads(said.out)
    assert (document["schema"], document["exit"], said.code) == ("mothball.error/1", 4, 4)
    assert [problem["code"] for problem in document["problems"]] == ["not-clean"]
    assert "not-clean" in said.err


def test_what_commands_are_run_is_no_data(repo: MakeRepo, start: Start) -> None:
    mine = repo(plan=f'{PLAN}\n[validate]\ncommands = ["true"]\n')
    said = start(mine.root, "validate.before", "--trust", "--json")
    assert json.loads(said.out)["passed"]
    assert said.err == "running true\n"


def test_the_checks_are_junit_for_ci(lab: Repo, call: Start) -> None:
    lab.write({"lab/build_v1.py": "\x1b edited\n"})
    said = call(lab.root, "validate.before", "--junit", "checks.xml")
    suite = ElementTree.parse(lab.root / "checks.xml").getroot()
    assert said.code == 4
    assert (suite.tag, suite.get("failures")) == ("testsuite", "1")
    assert [case.get("name") for case in suite if case.find("failure") is not None] == ["not-clean"]
    assert int(suite.get("tests", 0)) == len(suite)


STORY = (
    "--list",
    "archive.status",
    "archive.plan",
    "validate.before",
    "archive.builds",
    "archive.undo",
    "archive.all",
    "archive.all",
    "archive.why lab/build_v1.py",
    "validate.after",
    "archive.restore archive/builds",
    "archive.plan --json",
)
"""Everything that names files, titles and metrics."""


def check_text(line: str, said: Said) -> None:
    """Hold what was said to what a hostile name may not do."""
    assert said.code == 0, (line, said)
    assert [paint for paint in PAINT if paint in said.all] == []
    if line == "archive.plan":
        assert "lab/build_[red]bold[red].py" in said.out
        assert "lab/build_\\x1b[31mescape.py" in said.out
        assert "lab/build_new\\x0aline.py" in said.out
        assert "Old [red]" in said.out


def test_hostile_names_are_text_in_every_output(hostile: Repo, call: Start) -> None:
    for line in STORY:
        check_text(line, call(hostile.root, *line.split()))


def test_what_a_stream_cannot_encode_is_escaped(hostile: Repo, start: Start) -> None:
    for line in ("--list", "archive.plan", "archive.all", "archive.why lab/build_µ中文.py"):
        said = start(hostile.root, *line.split(), PYTHONIOENCODING="ascii")
        check_text(line, said)
        assert said.all.isascii()


@pytest.mark.parametrize(
    ("settings", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals(lab: Repo, start: Start, settings: dict[str, str], coloured: bool) -> None:
    said = start(lab.root, "archive.status", **settings)
    assert ("\x1b[" in said.out) is coloured


def test_no_color_is_obeyed(lab: Repo, start: Start) -> None:
    said = start(lab.root, "archive.status", FORCE_COLOR="1", NO_COLOR="1")
    assert not any(f"\x1b[{bold}3" in said.out for bold in ("", "1;"))


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_terminal_gets_no_line_that_it_must_cut(hostile: Repo, start: Start, columns: int) -> None:
    hostile.write({"lab/test_1.py": "edited\n"})
    said = start(hostile.root, "archive.plan", FORCE_COLOR="1", TERM="dumb", COLUMNS=str(columns))
    closing = "Blocked by 1 problem. Nothing was touched."
    assert said.out.splitlines()[-1] == closing
    assert max(map(len, said.out.splitlines())) <= columns


def test_a_pipe_gets_whole_lines_without_trailing_blanks(hostile: Repo, start: Start) -> None:
    hostile.write({"lab/test_1.py": "edited\n"})
    said = start(hostile.root, "archive.plan", COLUMNS="40")
    assert max(map(len, said.out.splitlines())) > 80
    assert [line for line in said.out.splitlines() if line != line.rstrip()] == []


def test_without_utf_8_the_signs_are_ascii(lab: Repo, start: Start) -> None:
    said = start(lab.root, "archive.status", PYTHONIOENCODING="ascii")
    assert said.out.splitlines()[0].startswith(". structure  pending")


def watched(place: Path, *arguments: str) -> str:
    """Run the program with standard error on a terminal and return what that got."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "mothball", *arguments],
        cwd=place,
        env=environment(COLUMNS="80"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        got = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                got += os.read(ours, 1 << 16)
            except OSError:
                break
        process.wait(timeout=60)
    os.close(ours)
    return got.decode()


def test_progress_comes_late_and_goes_again(repo: MakeRepo) -> None:
    mine = repo(plan=f'{PLAN}\n[validate]\ncommands = ["sleep 1.2"]\n')
    seen = watched(mine.root, "validate.before", "--trust")
    assert "running sleep 1.2" in seen
    assert seen.endswith("\x1b[2K")  # the last thing is to clear the line


def test_what_is_quick_shows_no_progress(repo: MakeRepo) -> None:
    mine = repo(plan=f'{PLAN}\n[validate]\ncommands = ["true"]\n')
    assert "running true" not in watched(mine.root, "validate.before", "--trust")


def test_the_reader_may_go_away(lab: Repo) -> None:
    for line, first in (
        ("archive.plan | head -1", "Focus\n"),
        ("--help archive.undo | true", ""),
        ("--list | true", ""),
    ):
        script = f"{sys.executable} -m mothball {line}"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=lab.root,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout.startswith(first), done.stderr) == (True, "")
