"""Three doors to one house: which tasks there are, and on which repository and plan they act."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mothball.core.plan.format import schema_text
from tests.cli.conftest import Start, environment
from tests.conftest import PLAN, STEPS, Link, MakeRepo, Repo

FIXED = ("all", "commit", "plan", "readme", "recover", "restore", "status", "structure", "undo", "why")
OTHER = PLAN.replace("Old build scripts", "Others").replace('"builds"', '"others"')
USERS_TASKS = """
from invoke.collection import Collection
from invoke.tasks import task

from mothball import archive, validate


@task
def greet(context):
    \"\"\"Say hello.\"\"\"
    print("hello")


ns = Collection(greet, archive, validate)
"""


def listed(text: str) -> set[str]:
    """Return the tasks of ``--list``."""
    return {line.split()[0] for line in text.splitlines() if line.startswith("  ") and line[2] != " "}


@pytest.fixture
def owner(repo: MakeRepo) -> Repo:
    """A repository whose tasks.py has a task of its own and ours."""
    mine = repo()
    mine.commit({"tasks.py": USERS_TASKS, ".gitignore": "__pycache__/\n"})
    return mine


def test_the_plan_in_force_makes_tasks(lab: Repo, start: Start) -> None:
    said = start(lab.root, "--list")
    assert listed(said.out) >= {f"archive.{name}" for name in (*FIXED, *STEPS)}
    assert "Step 2: Old build scripts." in said.out


def test_they_are_found_from_below(lab: Repo, call: Start) -> None:
    assert "archive.builds" in call(lab.root / "notes/deep", "--list").out


@pytest.mark.parametrize("plan", ["title = [", "\0", "archive = 3", '[[archive]]\nname = "all"\n'])
def test_a_broken_plan_leaves_the_fixed_tasks(repo: MakeRepo, call: Start, plan: str) -> None:
    mine = repo(plan=plan)
    said = call(mine.root, "--list")
    assert said.code == 0
    assert {f"archive.{name}" for name in FIXED} <= listed(said.out)
    explained = call(mine.root, "archive.status")
    assert explained.code == 2
    assert "mothball.toml" in explained.err


def test_outside_of_any_repository_the_fixed_tasks_are_listed(tmp_path: Path, call: Start) -> None:
    said = call(tmp_path, "--list")
    assert said.code == 0
    assert {"archive.all", "init", "validate.before"} <= listed(said.out)


def test_the_users_tasks_stay(owner: Repo, start: Start) -> None:
    names = listed(start(owner.root, "--list", door="invoke").out)
    assert {"greet", "archive.all", "archive.builds", "validate.after"} <= names
    assert start(owner.root, "greet", door="invoke").out == "hello\n"
    said = start(owner.root, "archive.all", door="invoke")
    assert said.code == 0
    assert len(owner.renames()) == 5


def test_flag_environment_and_configuration_name_the_repository(
    owner: Repo, repo: MakeRepo, start: Start
) -> None:
    """The first wins: the flag, the environment, Invoke's configuration, the place where one is."""
    names = ("flagged", "environed", "configured")
    flagged, environed, configured = (
        repo(plan=PLAN.replace('"Focus"', f'"The {name}"'), name=name) for name in names
    )

    def title(*arguments: str, **settings: str) -> str:
        return start(owner.root, "archive.plan", *arguments, door="invoke", **settings).out.splitlines()[0]

    assert title() == "Focus"
    owner.write({"invoke.yaml": f"mothball:\n  repo: {configured.root}\n"})
    assert title() == "The configured"
    assert title(MOTHBALL_REPO=str(environed.root)) == "The environed"
    assert title("--repo", str(flagged.root), MOTHBALL_REPO=str(environed.root)) == "The flagged"


def test_flag_and_environment_name_the_plan(lab: Repo, call: Start, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(OTHER)
    assert "archive.others" in call(lab.root, "--list", MOTHBALL_PLAN=str(other)).out
    for arguments, settings in ((("--plan", str(other)), {}), ((), {"MOTHBALL_PLAN": str(other)})):
        said = call(lab.root, "archive.others", *arguments, **settings)
        assert said.code == 0, said.all
        assert "others" in said.out
        assert call(lab.root, "archive.undo", *arguments, **settings).code == 0


def test_a_plan_may_be_in_pyproject(repo: MakeRepo, call: Start) -> None:
    body = PLAN.replace("[[", "[[tool.mothball.").replace("\n[r", "\n[tool.mothball.r")
    body = body.replace("\n[c", "\n[tool.mothball.c")
    mine = repo(plan=None)
    mine.commit({"pyproject.toml": f"[tool.mothball]{body}"})
    said = call(mine.root, "archive.builds")
    assert said.code == 0
    assert "2 files to archive/builds/" in said.out


@pytest.mark.parametrize("task", ["archive.all", "archive.builds", "archive.commit"])
def test_dry_shows_and_does_nothing(lab: Repo, call: Start, task: str) -> None:
    before = lab.everything
    said = call(lab.root, "--dry", task)
    assert said.code == 0
    assert "5 files of 13 to archive" in said.out
    assert "Nothing was touched." in said.out
    assert lab.everything == before


FLAGS = """
import json
from mothball.cli.program import namespace
tasks = {name: namespace().subcollection_from_path(name).tasks for name in ("archive", "report", "validate")}
rows = [
    (f"{group}.{name} --{argument.name}", argument.names, argument.help)
    for group in tasks for name, task in tasks[group].items() for argument in task.get_arguments()
]
print(json.dumps(rows))
"""
"""Run in a process of its own: Invoke takes a task's help away when it is read."""


def test_no_flag_has_a_short_form_and_each_has_help(lab: Repo) -> None:
    rows = json.loads(
        subprocess.run(
            [sys.executable, "-c", FLAGS], cwd=lab.root, env=environment(), capture_output=True, check=True
        ).stdout
    )
    assert len(rows) > 40
    assert [flag for flag, names, _ in rows if any(len(name) == 1 for name in names)] == []
    assert [flag for flag, _, text in rows if not text] == []


def test_init_writes_what_works_and_never_over_anything(repo: MakeRepo, start: Start) -> None:
    mine = repo({"src/a.py": "a\n", "experiments/b.py": "b\n", "other.txt": "c\n"}, None)
    said = start(mine.root, "init")
    assert said.code == 0
    assert "mothball.toml: written" in said.out
    assert start(mine.root, "archive.plan", door="invoke").code == 0
    mine.write({"tasks.py": "mine\n"})
    (mine.root / "mothball.toml").unlink()
    (mine.root / "mothball.toml").symlink_to("nowhere")
    again = start(mine.root, "init")
    assert again.code == 0
    assert again.out.count("exists already, left as it is") == 2
    assert mine.text("tasks.py") == "mine\n"
    assert not (mine.root / "nowhere").exists()


@pytest.mark.parametrize("asked", [True, False])
def test_a_plan_names_its_schema_only_where_that_lies_beside_it(
    repo: MakeRepo, start: Start, *, asked: bool
) -> None:
    mine = repo({"src/a.py": "a\n", "experiments/b.py": "b\n", "other.txt": "c\n"}, None)
    assert start(mine.root, "init", *(["--schema"] if asked else [])).code == 0
    assert mine.text("mothball.toml").startswith("#:schema mothball.schema.json\n") is asked
    assert mine.lies_at("mothball.schema.json") is asked
    if asked:
        assert mine.text("mothball.schema.json") == schema_text()
    assert start(mine.root, "archive.plan").code == 0


def test_init_outside_of_a_repository_is_refused(tmp_path: Path, call: Start) -> None:
    assert call(tmp_path, "init").code == 4
    assert list(tmp_path.iterdir()) == []


def test_the_program_knows_its_version(tmp_path: Path, start: Start) -> None:
    assert start(tmp_path, "--version").out.removesuffix("\n") not in {"mothball", "mothball unknown"}


def test_several_paths_come_back_at_once(lab: Repo, call: Start) -> None:
    lab.archive()
    said = call(lab.root, "archive.restore", "lab/build_v1.py", "--also", "archive/papers")
    assert said.code == 0, said.err
    assert "3 files back in place" in said.out


def test_what_was_saved_is_what_is_done(lab: Repo, call: Start, tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.json")
    assert "saved to" in call(lab.root, "archive.plan", "--out", saved).err
    lab.commit({"lab/build_v3.py": "new\n"})
    assert call(lab.root, "archive.all", "--saved", saved).code == 4
    lab.git("reset", "-q", "--hard", "HEAD~1")
    assert call(lab.root, "archive.all", "--saved", saved).code == 0


def test_a_plan_is_saved_over_nothing_but_a_saved_one(lab: Repo, call: Start, tmp_path: Path) -> None:
    lab.write({"notes.txt": "mine\n", "link": Link(str(tmp_path / "outside"))})
    before = lab.everything
    for place in ("notes.txt", "README.md", "mothball.toml", ".git/HEAD", "link"):
        said = call(lab.root, "archive.plan", "--out", place)
        assert (said.code, lab.everything) == (4, before)
        assert "output-taken" in said.err
    assert not (tmp_path / "outside").exists()
    for _ in range(2):
        assert call(lab.root, "archive.plan", "--out", str(tmp_path / "new/saved.json")).code == 0


def test_a_saved_plan_that_is_not_there_is_named(lab: Repo, call: Start) -> None:
    said = call(lab.root, "archive.all", "--saved", "nope")
    assert said.code == 2
    assert "nope  input-unreadable" in said.err


def test_a_run_in_a_directory_that_goes_ends_well(lab: Repo, start: Start) -> None:
    said = start(lab.root / "notes/deep", "archive.all")
    assert said.code == 0
    assert f"git -C {lab.root}" in said.out
