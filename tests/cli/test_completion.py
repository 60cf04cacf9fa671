"""Shell completion: what Invoke prints for a shell makes Tab offer the tasks of the plan in force."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from select import select
from time import monotonic

import pytest

from tests.cli.conftest import environment
from tests.conftest import STEPS, Repo

TASKS = """
from invoke.collection import Collection

from mothball import archive, report, validate

ns = Collection(archive, report, validate)
"""
DOORS = {
    "mothball": "from mothball.cli.program import main; main()",
    "invoke": "from invoke.main import program; program.run()",
}
SHELLS = {
    "bash": ("bash", "--noprofile", "--norc", "-i"),
    "zsh": ("zsh", "-f", "-i"),
}
PATIENCE = 60.0
"""Seconds after which a shell that does not answer fails the test."""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with both programs."""
    place = tmp_path / "bin"
    place.mkdir()
    for name, start in DOORS.items():
        (place / name).write_text(f"#!{sys.executable}\n{start}\n", encoding="utf-8")
        (place / name).chmod(0o755)
    return place


def typed(command: Sequence[str], place: Path, settings: dict[str, str], lines: Sequence[bytes]) -> str:
    """Type into a shell on a terminal, one line once the one before has answered; return what it showed."""
    main, side = pty.openpty()
    shown = b""
    shell = subprocess.Popen(
        command, cwd=place, env=settings, stdin=side, stdout=side, stderr=side, start_new_session=True
    )
    os.close(side)
    try:
        for number, line in enumerate((b"", *lines, b"exit\n")):
            os.write(main, line)
            end = monotonic() + PATIENCE
            sign = b"ready%d" % number
            if not line:  # the shell is there once it does what it is told
                os.write(main, b"printf 're%s\\n' ady0\n")
            while sign not in shown and monotonic() < end and line != b"exit\n":
                if select([main], [], [], 0.1)[0]:
                    shown += os.read(main, 1 << 16)
        shell.wait(PATIENCE)
    finally:
        shell.kill()
        shell.wait()
        os.close(main)
    return shown.decode("utf-8", "replace")


@pytest.fixture
def settings(programs: Path) -> dict[str, str]:
    """An environment with both programs, and a home of its own."""
    return environment(
        PATH=f"{programs}{os.pathsep}{os.environ['PATH']}", HOME=str(programs.parent), TERM="dumb"
    )


@pytest.fixture
def mine(lab: Repo) -> Repo:
    """The laboratory with a tasks.py."""
    lab.write({"tasks.py": TASKS})
    return lab


def script_for(shell: str, door: str, mine: Repo, settings: dict[str, str]) -> Path:
    """Write down what a program prints for a shell; skip where there is no such shell."""
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    command = [door, "--print-completion-script", shell]
    printed = subprocess.run(command, env=settings, cwd=mine.root, capture_output=True, check=True)
    place = Path(settings["HOME"]) / "completion"
    place.write_bytes(printed.stdout)
    return place


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_a_category_of_the_plan(
    mine: Repo, settings: dict[str, str], shell: str, door: str
) -> None:
    script = script_for(shell, door, mine, settings)
    lines = [
        f"source {script}; printf 're%s\\n' ady1\n".encode(),
        f"{door} --help archive.bui\t; printf 're%s\\n' ady2\n".encode(),
    ]
    shown = typed(SHELLS[shell], mine.root, settings, lines)
    assert f"Usage: {door} [--core-opts] archive.builds [--options]" in shown.replace("inv[oke]", door)


@pytest.mark.parametrize("door", DOORS)
def test_fish_is_offered_a_category_of_the_plan(mine: Repo, settings: dict[str, str], door: str) -> None:
    script = script_for("fish", door, mine, settings)
    ask = f"source {script}; complete --do-complete '{door} archive.bui'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", ask],
        cwd=mine.root,
        env=settings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "archive.builds\n"


@pytest.mark.parametrize("door", DOORS)
def test_bash_is_offered_the_tasks_and_their_flags(mine: Repo, settings: dict[str, str], door: str) -> None:
    offer = f'COMP_WORDS=("$@"); _complete_{door} {door} "${{@: -1}}"; echo "${{COMPREPLY[@]}}"'
    ask = f"source {script_for('bash', door, mine, settings)}; offer() {{ {offer}; }}"
    ask += f"; offer {door} arch; offer {door} archive.all --s"
    done = subprocess.run(
        ["bash", "-c", ask], cwd=mine.root, env=settings, capture_output=True, text=True, check=True
    )
    tasks, flags = done.stdout.splitlines()
    assert {f"archive.{name}" for name in (*STEPS, "all", "undo")} <= set(tasks.split())
    assert flags.split() == ["--saved"]
