"""The sample is the repository that the archive analysis describes, and everything in it works."""

import ast
import json
import os
import posixpath
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from mothball.sample import build
from mothball.sample.tree import EXECUTABLE, PLAN, files

# The same on every machine. Change it with the contents of the sample.
HEAD = "c3d305bdc95046ea04041a266b594aa4069872cb"

COUNTS = {
    "build-scripts": 21,
    "test-scripts": 36,
    "docs": 8,
    "triton-iterations": 7,
    "test-infrastructure": 22,
}

AFTER_FLASHCORE = {
    "flashcore/README.md",
    "flashcore/benchmark/expert_validation.py",
    "flashcore/benchmark/expert_validation_results.json",
    "flashcore/benchmark/expert_validation_results_l4.json",
    "flashcore/benchmarks/benchmark_latency.py",
    "flashcore/fast/attention_production.py",
    "flashcore/requirements.txt",
    "flashcore/tests/test_correctness.py",
}

AFTER_TESTS = {"tests/conftest.py", "tests/test_sdpa_parity.py", "tests/test_sdpa_parity_comprehensive.py"}

ELSEWHERE = {
    *(
        "DEPENDENCY_STABILITY_POLICY.md",
        "EXPERT_CONFIRMATION.md",
        "Justfile",
        "LICENSE",
        "Makefile",
        "README.md",
    ),
    *("config/rbk_config.yaml", "docs/validation/CROSS_GPU_VALIDATION_REPORT.md"),
    *("docs/validation/EXPERT_VALIDATION_REPORT.md", "examples/quick_start.py", "mothball.toml"),
    *("pyproject.toml", "setup.py"),
}

RUN_ALL = """
import runpy, sys
paths, sys.argv[1:] = sys.argv[1:], []
for path in paths:
    sys.path[0] = path.rpartition("/")[0]
    runpy.run_path(path, run_name="__main__")
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample that no test may change."""
    directory = tmp_path_factory.mktemp("sample") / "FlashCore"
    build(directory)
    return directory


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A sample to change."""
    return shutil.copytree(built, tmp_path / "copy")


def environment() -> dict[str, str]:
    """A user's environment: this Python first, nothing of git's, pytest's or Python's own settings."""
    own = ("GIT_", "PYTEST_", "PYTHON", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    path = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", "")))
    return kept | {"PATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=directory, env=environment(), capture_output=True, text=True, check=False
    )


def git(directory: Path, *arguments: str) -> list[str]:
    result = run(directory, "git", *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def matched(directory: Path, patterns: list[str]) -> set[str]:
    """The tracked files that git matches with these ignore patterns."""
    rules = [f"--exclude={pattern}" for pattern in patterns]
    return set(git(directory, "ls-files", "--ignored", "--cached", *rules))


def archived(directory: Path) -> dict[str, set[str]]:
    """What each category of the plan matches."""
    categories = tomllib.loads(PLAN)["archive"]
    return {
        entry["name"]: matched(directory, [pattern for into in entry["into"].values() for pattern in into])
        for entry in categories
    }


def kept(directory: Path) -> set[str]:
    return matched(
        directory, [pattern for table in tomllib.loads(PLAN)["keep"] for pattern in table["patterns"]]
    )


# --- the tree


def test_the_tree_is_the_kept_files_and_the_five_categories(built: Path) -> None:
    tracked = set(git(built, "ls-files"))
    assert tracked == set(files())
    assert len(tracked) == 118
    assert tracked - set().union(*archived(built).values()) == AFTER_FLASHCORE | AFTER_TESTS | ELSEWHERE


def test_each_category_has_its_count_and_no_file_is_in_two(built: Path) -> None:
    categories = archived(built)
    assert {name: len(paths) for name, paths in categories.items()} == COUNTS
    assert {entry["name"]: entry["expect"] for entry in tomllib.loads(PLAN)["archive"]} == COUNTS
    assert len(set().union(*categories.values())) == sum(COUNTS.values()) == 94


def test_nothing_is_both_kept_and_archived_and_closed_directories_are_classified(built: Path) -> None:
    keep, gone = kept(built), set().union(*archived(built).values())
    assert not keep & gone
    assert matched(built, tomllib.loads(PLAN)["validate"]["closed"]) <= keep | gone


def test_every_pattern_of_the_plan_matches(built: Path) -> None:
    plan = tomllib.loads(PLAN)
    patterns = [pattern for table in plan["keep"] for pattern in table["patterns"]]
    patterns += [pattern for entry in plan["archive"] for into in entry["into"].values() for pattern in into]
    assert [pattern for pattern in patterns if not matched(built, [pattern])] == []


def test_the_metrics_come_out_as_the_plan_says(built: Path) -> None:
    gone = set().union(*archived(built).values())
    rows = {
        row["name"]: (matched(built, row["count"]), row["after"]) for row in tomllib.loads(PLAN)["metric"]
    }
    assert {name: len(paths) for name, (paths, _) in rows.items()} == {
        "FlashCore files": 80,
        "Build scripts": 21,
        "Test scripts": 36,
        "Test infrastructure": 25,
    }
    assert {name: len(paths - gone) for name, (paths, _) in rows.items()} == {
        name: after for name, (_, after) in rows.items()
    }


def test_only_the_two_empty_packages_are_identical(built: Path) -> None:
    modes = [line.split() for line in git(built, "ls-files", "--stage")]
    blobs = Counter(blob for _, blob, _, _ in modes)
    assert [path for _, blob, _, path in modes if blobs[blob] > 1] == [
        "tests/chaos/__init__.py",
        "tests/tuning/__init__.py",
    ]
    assert {path for mode, _, _, path in modes if mode == "100755"} == EXECUTABLE


# --- the build


def test_the_checkout_is_clean_and_on_main(built: Path) -> None:
    assert git(built, "status", "--porcelain", "--ignored") == []
    assert git(built, "branch", "--show-current") == ["main"]
    assert {path: (built / path).read_bytes() for path in files()} == {
        path: text.encode() for path, text in files().items()
    }


def test_history_has_fixed_identities_and_dates(built: Path) -> None:
    commits = git(built, "log", "--reverse", "--format=%an <%ae>|%cn <%ce>|%ad|%cd", "--date=iso-strict")
    who = "FlashCore Author <author@flashcore.example>"
    dates = [line.split("|")[2] for line in commits]
    assert 6 <= len(commits) <= 10
    assert dates == sorted(dates)
    assert {date[:5] for date in dates} == {"2025-"}
    assert {date[10:] for date in dates} <= {"T12:00:00+00:00", "T12:00:00Z"}
    assert commits == [f"{who}|{who}|{date}|{date}" for date in dates]
    assert len(git(built, "log", "--follow", "--format=%h", "README.md")) == 2


def test_every_commit_adds_something(built: Path) -> None:
    for commit in git(built, "rev-list", "main"):
        assert git(built, "show", "--name-only", "--format=", commit)


def test_a_second_build_has_the_same_commits(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However hostile the machine's settings are."""
    hooks, home = tmp_path / "templates/hooks", tmp_path / "home"
    for folder in (hooks, home / ".config/git"):
        folder.mkdir(parents=True)
    (hooks / "post-checkout").write_text("#!/bin/sh\necho hooked > hooked\n")
    (hooks / "post-checkout").chmod(0o755)
    (home / ".config/git/attributes").write_text("* text eol=crlf\n")
    (home / ".gitconfig").write_text("[core]\n\tautocrlf = true\n[init]\n\tdefaultBranch = trunk\n")
    for name, value in {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "TZ": "Asia/Tokyo",
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00",
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_TEMPLATE_DIR": str(tmp_path / "templates"),
    }.items():
        monkeypatch.setenv(name, value)
    again = tmp_path / "deep" / "again"
    build(again)
    monkeypatch.undo()
    assert git(again, "rev-list", "main") == git(built, "rev-list", "main")
    assert git(again, "status", "--porcelain", "--ignored") == []
    assert b"\r" not in (again / "README.md").read_bytes()
    assert not (tmp_path / "elsewhere").exists()


def test_the_head_is_the_same_on_every_machine(built: Path) -> None:
    assert git(built, "rev-parse", "main") == [HEAD]


def test_one_can_commit_without_an_identity(copy: Path) -> None:
    (copy / "README.md").write_text("changed\n")
    assert run(copy, "git", "commit", "--quiet", "--all", "--message=change").returncode == 0


def test_build_takes_an_empty_directory(tmp_path: Path) -> None:
    build(tmp_path)
    assert (tmp_path / "mothball.toml").read_text(encoding="utf-8") == PLAN


def test_build_refuses_what_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    for target in (tmp_path, tmp_path / "mine"):
        with pytest.raises(FileExistsError):
            build(target)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


# --- the contents


def test_every_python_file_compiles() -> None:
    for path, text in files().items():
        if path.endswith(".py"):
            compile(text, path, "exec")


def test_nothing_is_imported_from_outside_but_pytest_by_archived_tests() -> None:
    own = {Path(path).stem for path in files()} | {"flashcore", "chaos"}
    outside = {
        (path, name)
        for path, text in files().items()
        if path.endswith(".py")
        for name in imported(text) - own - sys.stdlib_module_names
    }
    assert {name for _, name in outside} == {"pytest", "setuptools"}
    assert {path for path, name in outside if name == "setuptools"} == {"setup.py"}
    assert not {path for path, name in outside if name == "pytest"} & (
        AFTER_FLASHCORE | AFTER_TESTS | ELSEWHERE
    )


def imported(text: str) -> set[str]:
    """The top-level names of what a module imports, relative imports aside."""
    names: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return {name.partition(".")[0] for name in names}


def test_links_lead_to_files_and_from_kept_pages_to_kept_files() -> None:
    links = {
        (path, posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        for path, text in files().items()
        if path.endswith(".md")
        for target in re.findall(r"\]\(([^)]+)\)", text)
    }
    assert len(links) > 30
    assert {target for _, target in links} <= set(files())
    stays = AFTER_FLASHCORE | AFTER_TESTS | ELSEWHERE
    assert {target for path, target in links if path in stays} <= stays


def test_what_is_kept_works_without_what_goes(copy: Path) -> None:
    for path in set().union(*archived(copy).values()):
        (copy / path).unlink()
    scripts = ("examples/quick_start.py", "flashcore/tests/test_correctness.py")
    for command in (
        *tomllib.loads(PLAN)["validate"]["commands"],
        *(f"python3 -B {path}" for path in scripts),
    ):
        result = run(copy, *shlex.split(command))
        assert result.returncode == 0, result.stdout + result.stderr


def test_every_kept_command_passes_and_leaves_nothing(built: Path) -> None:
    for command in tomllib.loads(PLAN)["validate"]["commands"]:
        result = run(built, *shlex.split(command))
        assert result.returncode == 0, result.stdout + result.stderr
    assert git(built, "status", "--porcelain", "--ignored") == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("1.0 / math.sqrt(", "1.01 / math.sqrt("),
        ("total = total * fade +", "total = total +"),
        ("min(index + 1, ", "min(index + 2, "),
    ],
)
def test_parity_fails_when_the_kernel_is_broken(copy: Path, right: str, wrong: str) -> None:
    kernel = copy / "flashcore/fast/attention_production.py"
    text = kernel.read_text(encoding="utf-8")
    assert text.count(right) == 1
    kernel.write_text(text.replace(right, wrong), encoding="utf-8")
    for name in ("test_sdpa_parity.py", "test_sdpa_parity_comprehensive.py"):
        result = run(copy, "python3", "-B", f"tests/{name}")
        assert result.returncode == 1
        assert "AssertionError" in result.stderr


def test_validation_rewrites_its_record_and_judges_it(copy: Path) -> None:
    script = "flashcore/benchmark/expert_validation.py"
    record = copy / "flashcore/benchmark/expert_validation_results.json"
    assert run(copy, "python3", "-B", script).returncode == 0
    assert git(copy, "status", "--porcelain") == [f" M {record.relative_to(copy)}"]
    assert all(result["correct"] for result in json.loads(record.read_text())["results"])
    record.write_text("{}")
    check = run(copy, "python3", "-B", script, "--check")
    assert (check.returncode, record.read_text()) == (1, "{}")


def test_all_scripts_run(built: Path) -> None:
    scripts = [path for path in git(built, "ls-files", "flashcore", "examples") if path.endswith(".py")]
    own_main = [path for path in scripts if not path.endswith("expert_validation.py")]
    result = run(built, "python3", "-B", "-c", RUN_ALL, *(str(built / path) for path in own_main))
    assert result.returncode == 0, result.stderr
    assert len(own_main) == 21 + 36 + 7 + 4


@pytest.mark.parametrize("name", ["build", "build_fa3", "test_fa3", "test_phase2_2", "test_v13_excellence"])
def test_a_script_runs_by_itself(built: Path, name: str) -> None:
    assert run(built, "python3", "-B", f"flashcore/{name}.py").returncode == 0


def test_every_test_imports_the_build_beside_it() -> None:
    tests = {path for path in files() if path.startswith("flashcore/test_")}
    pairs = {path: path.replace("/test_", "/build_") for path in tests}
    twins = {path: twin for path, twin in pairs.items() if twin in files()}
    assert len(twins) == 20
    for path, twin in twins.items():
        assert f"\nimport {Path(twin).stem}\n" in files()[path]


@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_pytest_passes_too(built: Path, mode: str) -> None:
    folders = ["tests", "flashcore"] if mode == "prepend" else ["tests", "flashcore/tests"]
    options = ("-q", "-p", "no:cacheprovider", f"--import-mode={mode}")
    result = run(built, "python3", "-B", "-m", "pytest", *options, *folders)
    assert result.returncode == 0, result.stdout
    assert git(built, "status", "--porcelain", "--ignored") == []
