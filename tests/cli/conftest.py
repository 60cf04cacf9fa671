"""The program under test: as a process of its own where that matters, else in this one."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import mothball
from mothball.cli.program import main
from tests.conftest import PLAN, MakeRepo, Repo

PACKAGE = str(Path(mothball.__file__).parents[1])
HOSTILE = (
    "lab/build_[red]bold[red].py",
    "lab/build_\x1b[31mescape.py",
    "lab/build_new\nline.py",
    "lab/build_\u202egnp.py",
    "lab/build_µ中文.py",
    "lab/build_'quote\"`.py",
    "lab/build_-rf .py",
    "lab/build_{task}%s\\.py",
    "lab/build_\udcff.py",
)
"""File names that paint, break lines, open tags, or cannot be encoded."""
PAINT = ("\x1b", "\u202e", "\udcff")
"""What none of them may bring into any output."""


@dataclass(frozen=True)
class Said:
    """What a run of the program said."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Both streams."""
        return self.out + self.err


Start = Callable[..., Said]


def environment(**settings: str) -> dict[str, str]:
    """Return an environment without what would steer mothball, Invoke or the screen."""
    prefixes = (
        "MOTHBALL_",
        "INVOKE_",
        "PYTHONIOENCODING",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "LC_",
        "LANG",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    return kept | {"PYTHONPATH": PACKAGE, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"} | settings


@pytest.fixture
def start() -> Start:
    """Start the program in a directory: ``start(place, "archive.plan", NO_COLOR="1")``."""

    def run(place: Path, *arguments: str, door: str = "mothball", **settings: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", door, *arguments],
            cwd=place,
            env=environment(**settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=120,
        )
        said = Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
        assert "Traceback" not in said.all, said.all
        return said

    return run


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Start:
    """Do the same in this process, which is quicker."""

    def run(place: Path, *arguments: str, **settings: str) -> Said:
        with monkeypatch.context() as patch:
            patch.chdir(place)
            patch.setattr(sys, "argv", ["mothball", *arguments])
            for name, value in settings.items():
                patch.setenv(name, value)
            code: object = 0
            try:
                main()
            except SystemExit as end:
                code = end.code or 0
        out, err = capsys.readouterr()
        return Said(code if isinstance(code, int) else 1, out, err)

    for name in ("MOTHBALL_REPO", "MOTHBALL_PLAN", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return run


@pytest.fixture
def hostile(repo: MakeRepo) -> Repo:
    """A repository whose names attack whoever shows them; so do a title and a metric."""
    metric = '[[metric]]\nname = "[red]Lab[/red] µ"\ncount = ["/lab/"]\n'
    plan = PLAN.replace("Old build scripts", "Old [red]µ[/red] build scripts") + metric
    more = {f"docs/{number}.md": "x\n" for number in range(20)}
    return repo(
        {
            **{name: name.encode("utf-8", "surrogateescape") for name in HOSTILE},
            **more,
            "core/kernel.py": "x\n",
            "lab/test_1.py": "x\n",
            "notes/a.md": "x\n",
            "README.md": "# x\n",
        },
        plan,
    )
