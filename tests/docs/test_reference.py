"""The reference says all there is: every task and flag, every key, check, error, exit code and schema."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mothball.core.checks import (
    CommitCheck,
    GuardCheck,
    PlanCheck,
    ReferenceCheck,
    RepositoryCheck,
    ResultCheck,
)
from mothball.core.errors import MEANINGS, Exit
from mothball.core.plan.format import KEYS
from mothball.core.references.claims import Severity
from mothball.core.references.findings import Verdict
from mothball.core.references.reader import readers
from tests.cli.conftest import environment
from tests.conftest import Repo

ROOT = Path(__file__).parents[2]
CHECKS = [
    kind.code
    for family in (PlanCheck, RepositoryCheck, ReferenceCheck, ResultCheck, CommitCheck, GuardCheck)
    for kind in family.known
]
FLAGS = """
import json
from invoke.parser.context import to_flag
from mothball.cli.program import namespace
root = namespace()
names = [name for name in root.task_names if name not in root.collections]
print(json.dumps({name: [to_flag(one.name)[2:] for one in root[name].get_arguments()] for name in names}))
"""
"""Run in a process of its own: Invoke takes a task's help away when it is read."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages, as the build of the documentation writes them, without what else it needs."""
    folder = tmp_path_factory.mktemp("reference")
    command = [sys.executable, "-m", "docs.reference", str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)
    return {
        str(place.relative_to(folder)): place.read_text(encoding="utf-8")
        for place in folder.rglob("*")
        if place.is_file()
    }


def sections(page: str) -> dict[str, str]:
    """Return the text under each heading of the second level."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_task_of_a_plan_is_there_with_every_flag_and_its_help(pages: dict[str, str], lab: Repo) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FLAGS], cwd=lab.root, env=environment(), capture_output=True, check=True
    )
    tasks: dict[str, list[str]] = json.loads(done.stdout)
    assert {"init", "archive.all", "archive.builds", "validate.guard", "report.html"} <= tasks.keys()
    told = sections(pages["tasks.md"])
    own = {f"archive.{name}" for name in ("builds", "tests", "notes")}
    assert {name if name not in own else "archive.CATEGORY" for name in tasks} == told.keys()
    for name, flags in tasks.items():
        text = told["archive.CATEGORY" if name in own else name]
        rows = re.findall(r"^\| (.*`--.*) \| .* \| (.+) \|$", text, re.MULTILINE)
        told_flags = re.findall(r"`--(?!no-)([a-z-]+)(?: [A-Z]+)?`", " ".join(head for head, _ in rows))
        assert set(told_flags) == set(flags)
        assert all(len(meaning) > 10 for _, meaning in rows), rows


def test_every_key_of_the_plan_is_there_with_type_and_meaning(pages: dict[str, str]) -> None:
    told = {
        heading: re.findall(r"^\| `([a-z-]+)` \| (\S.*) \| .* \| (\S.*) \|$", text, re.MULTILINE)
        for heading, text in sections(pages["plan.md"]).items()
    }
    expected = sorted(sorted(keys) for keys in KEYS.values())
    assert sorted(sorted(key for key, _, _ in rows) for rows in told.values()) == expected
    assert [key for key, kind, _ in told["`[[archive]]`"] if kind] == list(KEYS["archive",])


def test_defaults_and_what_is_required_are_the_formats(pages: dict[str, str]) -> None:
    assert "| `title` | text | **required** |" in pages["plan.md"]
    assert "| `share` | number | `0.6` |" in pages["plan.md"]
    assert "| `timeout` | number | `600.0` |" in pages["plan.md"]


@pytest.mark.parametrize("code", CHECKS)
def test_every_check_is_there_with_what_it_asks(pages: dict[str, str], code: str) -> None:
    assert re.search(rf"^\| `{code}` \| \S.+ \| \S.+ \| \d+ \|$", pages["checks.md"], re.MULTILINE)


def test_every_mistake_that_a_plan_can_have_is_there(pages: dict[str, str]) -> None:
    lines = [place.read_bytes().splitlines()[0] for place in (ROOT / "tests/bad_plans").glob("*.toml")]
    codes = {code for line in lines for code in line.decode().removeprefix("# expect: ").split(", ")}
    told = set(re.findall(r"^## ([a-z-]+)\n\n- \S", pages["errors.md"], re.MULTILINE))
    assert codes <= told
    assert {"git-environment", "cut-off", "plan-missing", "revision-unknown", "output-taken"} <= told
    assert not told & set(CHECKS)


def test_every_reader_is_there_with_its_files(pages: dict[str, str]) -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (\S.+?) \| (`.+`) \| (\S.*) \|$", pages["readers.md"], re.MULTILINE
    )
    assert {kind for kind, *_ in rows} == {reader.kind for reader in readers() if reader.files}
    fixed = {kind: rewrites for kind, _, _, rewrites in rows}
    assert fixed["python"] == "no"
    assert fixed["shell"] == "paths"
    assert "`*.ipynb`" in next(files for kind, _, files, _ in rows if kind == "notebook")


def test_the_vocabulary_has_every_severity_and_verdict() -> None:
    text = (ROOT / "docs/vocabulary.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE) == list(Severity)
    assert all(f"| {verdict} |" in text or f"`{verdict}` in JSON" in text for verdict in Verdict)


def test_no_error_shows_how_it_is_written_in_the_source(pages: dict[str, str]) -> None:
    told = pages["errors.md"]
    assert not re.search(r"[{}…]|\\\{", told.partition("## ")[2])
    assert all(len(line) > 12 for line in told.splitlines() if line.startswith("- "))
    assert "found N bytes" not in told
    assert "Found a path with `..` in it, which could lead out of the repository" in told
    assert "did not answer in " in sections(told)["not-pushed"]


def test_every_exit_code_is_there(pages: dict[str, str]) -> None:
    assert list(MEANINGS) == list(Exit)
    told = re.findall(r"^\| (\d+) \| \S.+ \|$", pages["exit-codes.md"], re.MULTILINE)
    assert [int(code) for code in told] == sorted(Exit)


def test_every_schema_of_the_package_is_there_whole(pages: dict[str, str]) -> None:
    schemas = {place.name: place for place in (ROOT / "tasks/mothball").glob("*.schema.json")}
    for name, place in schemas.items():
        assert pages[f"schemas/{name}"] == place.read_text(encoding="utf-8")
        assert f"schemas/{name}" in pages["schemas.md"]
    assert {name.removeprefix("schemas/") for name in pages if name.startswith("schemas/")} == schemas.keys()


def test_the_pages_are_the_same_every_time(pages: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "docs.reference", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=environment(PYTHONHASHSEED="7"), check=True)
    for name, text in pages.items():
        assert (tmp_path / name).read_text(encoding="utf-8") == text


def test_no_cell_of_a_table_is_broken(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        columns = 0
        for line in text.splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("| ") else 0
            assert cells in {columns, 0} or columns == 0, f"{name}: {line}"
            columns = cells
