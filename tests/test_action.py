"""The GitHub Action: its steps are run by bash, as a runner does, in files for what GitHub would read."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import mothball
from tests.cli.conftest import HOSTILE
from tests.conftest import WITHOUT_REGISTRY, MakeRepo, Repo

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, Any] = {step["name"]: step for step in ACTION["runs"]["steps"]}
BACK = {"lab/build_v9.py": "print('build 9')\n"}
LINK = "[The idea](../notes/idea.md)\n"


@dataclass(frozen=True)
class Left:
    """What a step leaves: its exit code, its log, its job summary."""

    code: int
    log: str
    summary: str


Act = Callable[..., Left]


@pytest.fixture
def act(tmp_path: Path) -> Act:
    """Run the step that checks, with mothball installed where the step before would have put it."""
    program = tmp_path / "temp/mothball/bin/mothball"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!{sys.executable}\nfrom mothball.cli.program import main; main()\n", encoding="utf-8"
    )
    program.chmod(0o755)

    def run(repo: Repo, **inputs: str) -> Left:
        defaults = {name: given.get("default", "") for name, given in ACTION["inputs"].items()}
        given = {**defaults, "repository": repo.root.name, "base": repo.git("rev-parse", "HEAD"), **inputs}
        return step(STEPS["Check"], given, tmp_path, repo.root.parent)

    return run


def step(description: Mapping[str, Any], inputs: Mapping[str, str], home: Path, workspace: Path) -> Left:
    """Run one step as a runner runs a step of bash."""
    summary = home / "summary.md"
    summary.write_text("", encoding="utf-8")
    script = home / "step.sh"
    script.write_text(description["run"], encoding="utf-8")
    own = {name: value_of(text, inputs) for name, text in description["env"].items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        cwd=workspace,
        env={
            **os.environ,
            **own,
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(summary),
            "PYTHONPATH": f"{Path(mothball.__file__).parents[1]}:{os.environ.get('PYTHONPATH', '')}",
            "RUNNER_TEMP": str(home / "temp"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Left(done.returncode, done.stdout, summary.read_text(encoding="utf-8"))


def value_of(text: str, inputs: Mapping[str, str]) -> str:
    """Return what a runner makes of an expression: the first alternative that is not empty."""
    expression = re.fullmatch(r"\$\{\{ (.+) \}\}", text)
    assert expression
    known = {f"inputs.{name}": value for name, value in inputs.items()} | {"github.action_path": str(ROOT)}
    return next(filter(None, (known.get(name, "") for name in expression[1].split(" || "))), "")


@pytest.fixture
def archived(repo: MakeRepo) -> Repo:
    """The laboratory with its archive."""
    mine = repo()
    mine.archive()
    return mine


def test_no_input_is_a_part_of_a_script() -> None:
    assert [name for name, one in STEPS.items() if "${{" in one["run"]] == []
    used = set(re.findall(r"inputs\.(\w+)", str(ACTION["runs"])))
    assert used == set(ACTION["inputs"])


def test_the_first_step_installs_the_actions_own_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in WITHOUT_REGISTRY.items():
        monkeypatch.setenv(name, value)
    left = step(STEPS["Install mothball"], {"python": sys.executable}, tmp_path, tmp_path)
    assert (left.code, left.log) == (0, "")
    assert (tmp_path / "temp/mothball/bin/mothball").is_file()


def test_a_branch_that_adds_nothing_of_the_archive_passes(archived: Repo, act: Act) -> None:
    base = archived.head
    archived.commit({"src/app.py": "print('new')\n"})
    left = act(archived, base=base)
    assert (left.code, left.log) == (0, "")
    assert left.summary.startswith("### mothball validate.guard: passed\n")
    assert "| pass | `guard-new-file` | No new file is one that the plan archives |" in left.summary


def test_a_branch_that_brings_something_back_is_annotated(archived: Repo, act: Act) -> None:
    base = archived.head
    archived.commit({**BACK, "docs/a.md": LINK})
    left = act(archived, base=base)
    assert left.code == 3
    commands = left.log.splitlines()
    assert commands[0].startswith("::error file=lab/build_v9.py,title=guard-new-file::lab/build_v9.py: this")
    assert commands[1].startswith("::error file=docs/a.md,line=1,col=12,title=guard-new-break::")
    assert len(commands) == 2
    assert left.summary.startswith("### mothball validate.guard: failed\n")
    assert "docs/a.md:1:12  guard-new-break" in left.summary


def test_a_detached_checkout_is_judged(archived: Repo, act: Act) -> None:
    archived.git("checkout", "-q", "--detach")
    assert act(archived).code == 0


def test_several_checks_are_all_made(archived: Repo, act: Act) -> None:
    left = act(archived, checks="guard references\nafter")
    assert left.code == 0, left.log
    heads = re.findall(r"^### mothball (\S+): (.+)$", left.summary, re.MULTILINE)
    assert heads == [
        ("validate.guard", "passed"),
        ("validate.references", "nothing breaks"),
        ("validate.after", "passed"),
    ]


def test_the_first_failure_is_the_exit_code_and_the_rest_is_checked(repo: MakeRepo, act: Act) -> None:
    mine = repo()
    base = mine.head
    mine.commit({"docs/a.md": LINK})
    left = act(mine, checks="references guard", base=base)
    assert left.code == 3
    assert "### mothball validate.references: 1 break in 1 file" in left.summary
    assert "### mothball validate.guard: failed" in left.summary


def test_a_plan_with_mistakes_is_annotated_where_they_are(archived: Repo, act: Act) -> None:
    archived.commit({"mothball.toml": archived.text("mothball.toml").replace("reason", "raeson", 1)})
    left = act(archived)
    assert left.code == 2
    assert "::error file=mothball.toml,line=13,col=1,title=plan-unknown-key::" in left.log
    assert left.summary.startswith("### mothball validate.guard: refused\n")


@pytest.mark.parametrize("base", ["", "0" * 40])
def test_without_an_earlier_revision_the_plan_is_checked_alone(archived: Repo, act: Act, base: str) -> None:
    left = act(archived, base=base)
    assert left.code == 0
    assert left.log.startswith("::notice title=mothball::There is no earlier revision")


def test_a_base_that_is_not_in_the_clone_is_explained(archived: Repo, act: Act) -> None:
    left = act(archived, base="1" * 40)
    assert left.code == 4
    assert "revision-unknown" in left.summary
    assert "a shallow clone has few of them" in left.log


def test_an_unknown_check_is_an_error(archived: Repo, act: Act) -> None:
    left = act(archived, checks="guard; touch evil")
    assert left.code == 1
    assert "knows guard, references and after" in left.log
    assert not archived.lies_at("evil")


def test_hostile_names_write_no_markdown_and_no_command(archived: Repo, act: Act) -> None:
    base = archived.head
    names = [*HOSTILE, "lab/build_```\n# head.py", "lab/build_\n::error::x.py", "lab/build_![x](http:y).py"]
    archived.commit({name: name.encode("utf-8", "surrogateescape") for name in names})
    left = act(archived, base=base)
    assert left.code == 3
    assert len(left.log.splitlines()) == len(names)
    command = re.compile(r"::error (file=lab/build_[^,:]+,)?title=guard-new-file::lab/build_")
    assert all(map(command.match, left.log.splitlines()))
    table, _, rest = left.summary.partition("````text\n")
    assert "build_" not in table
    assert rest.count("````") == 1
    assert rest.endswith("````\n\n")
    assert "\x1b" not in left.summary


def test_without_github_nothing_is_appended(
    archived: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    command = [sys.executable, "-m", "mothball", "validate.guard"]
    environment = {**os.environ, "PYTHONPATH": str(Path(mothball.__file__).parents[1])}
    assert subprocess.run(command, cwd=archived.root, env=environment, check=False).returncode == 0
    assert not summary.exists()
