"""The rules of the house, each as a test."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mothball

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "tasks"
PACKAGE = HOUSE / "mothball"
README = ROOT / "README.md"

MAY_DESTROY = ("effects/files.py", "effects/rename.py", "sample/")
MAY_USE_A_SHELL = ("effects/commands.py",)
DESTROYERS = frozenset({"os.remove", "os.unlink", "os.rename", "os.replace", "shutil"})

USERS_NOXFILE = """
import nox
from mothball import nox_sessions

nox_sessions.register()

@nox.session(venv_backend="none")
def chore(session):
    session.log("did the chore")
"""


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def modules_outside(allowed: tuple[str, ...]) -> list[Path]:
    """List the package's modules but those below the allowed paths."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.relative_to(PACKAGE).as_posix().startswith(allowed)
    ]


def sessions() -> dict[str, ast.FunctionDef]:
    """Return the session functions of the noxfile by name."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    return {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(mark).startswith("nox.session") for mark in node.decorator_list)
    }


def destroyers(source: str) -> Iterator[str]:
    """Yield the names of ``DESTROYERS`` that a module reaches, under whatever alias."""
    tree = ast.parse(source)
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            aliases |= {name.asname or name.name: name.name for name in node.names}
            reached = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            reached = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        else:
            continue
        yield from DESTROYERS.intersection(reached)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            dotted = f"{aliases.get(node.value.id, node.value.id)}.{node.attr}"
            yield from DESTROYERS.intersection([dotted])


def shells(source: str) -> Iterator[int]:
    """Yield the lines where a module that knows ``subprocess`` passes ``shell`` as anything but ``False``."""
    tree = ast.parse(source)
    imports = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    if not any("subprocess" in line for line in imports):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "shell" and ast.unparse(node.value) != "False":
            yield node.value.lineno


def nox(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run nox on the noxfile in the folder, with mothball importable."""
    return subprocess.run(
        [sys.executable, "-m", "nox", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_house_is_a_source_root_and_no_package() -> None:
    assert not (HOUSE / "__init__.py").exists()


@pytest.mark.parametrize("name", ["tasks.py", "noxfile.py"])
def test_no_module_of_the_house_hijacks_invoke_or_nox(name: str) -> None:
    assert list(HOUSE.rglob(name)) == []


def test_the_contract_says_that_imports_only_go_down() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    [layers] = [contract for contract in contracts if contract["type"] == "layers"]
    assert layers["containers"] == ["mothball"]
    assert layers["layers"] == ["cli", "workflow", "sample", "effects", "core"]
    assert layers["exhaustive"]


def test_lint_proves_the_contracts() -> None:
    assert '"lint-imports"' in ast.unparse(sessions()["lint"]).replace("'", '"')


def test_the_newest_version_of_the_changelog_is_the_projects() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)[0] == pyproject()["project"]["version"]


@pytest.mark.parametrize("name", sessions())
def test_a_session_says_what_it_does(name: str) -> None:
    assert ast.get_docstring(sessions()[name])


@pytest.mark.parametrize("name", sessions())
def test_a_session_is_in_the_contributors_table(name: str) -> None:
    assert re.search(rf"\b{name}\b", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", modules_outside(MAY_DESTROY), ids=lambda path: str(path.relative_to(HOUSE)))
def test_only_the_files_module_removes_renames_or_replaces(path: Path) -> None:
    assert list(destroyers(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "path", modules_outside(MAY_USE_A_SHELL), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_only_a_users_command_gets_a_shell(path: Path) -> None:
    assert list(shells(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.remove('a')",
        "import os\nundo = os.replace",
        "import os as system\nsystem.rename('a', 'b')",
        "from os import unlink",
        "from os import unlink as gone",
        "import shutil",
        "from shutil import move",
        "def late():\n    import shutil as s",
    ],
)
def test_the_rule_sees_what_destroys(source: str) -> None:
    assert list(destroyers(source))


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.listdir('.')",
        "'a'.replace('a', 'b')",
        "from dataclasses import replace",
        "plan.remove('a')",
    ],
)
def test_the_rule_overlooks_what_does_not(source: str) -> None:
    assert list(destroyers(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "from subprocess import run as start\nstart('ls', shell=wanted)",
    ],
)
def test_the_rule_sees_a_shell(source: str) -> None:
    assert list(shells(source)) == [2]


@pytest.mark.parametrize(
    "source", ["import subprocess\nsubprocess.run(['ls'], shell=False)", "Command(argv, shell=form.shell)"]
)
def test_the_rule_overlooks_what_is_no_shell(source: str) -> None:
    assert list(shells(source)) == []


@pytest.mark.skipif(not README.exists(), reason="there is no README.md yet")
def test_ci_types_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line.strip() for line in script if line.strip().startswith("python3 -m venv")]
    readme = README.read_text(encoding="utf-8").splitlines()
    documented = [line.strip() for line in readme if line.strip().startswith("python3 -m venv")]
    assert len(commands) == 2
    assert list(reversed(commands)) == documented[:2]


@pytest.fixture
def users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose noxfile registers mothball's sessions beside a chore of its own."""
    (tmp_path / "noxfile.py").write_text(USERS_NOXFILE, encoding="utf-8")
    for name in ("NOXSESSION", "NOXPYTHON", "NOX_CURRENT_SESSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(
        "PYTHONPATH", str(Path(mothball.__file__).parents[1])
    )  # the wheel's, where that is tested
    return tmp_path


def test_a_users_noxfile_gets_the_sessions(users_folder: Path) -> None:
    listed = nox(users_folder, "--list").stdout
    names = re.findall(r"^- (\w+) ->", listed, re.MULTILINE)
    assert names == ["validate_before", "archive", "validate_after", "retire"]


def test_a_users_plain_nox_archives_nothing(users_folder: Path) -> None:
    ran = nox(users_folder)
    assert ran.returncode == 0
    assert "did the chore" in ran.stderr
    assert "archive.all" not in ran.stderr


def test_what_follows_the_dashes_reaches_the_task(users_folder: Path) -> None:
    ran = nox(users_folder, "--session", "archive", "--", "--help")
    assert "-m mothball archive.all --help" in ran.stderr
    assert ran.returncode == 0, ran.stderr


def test_the_chain_runs_in_order(users_folder: Path) -> None:
    ran = nox(users_folder, "--session", "retire", "--", "--help")
    order = re.findall(r"^nox > \S+ -m mothball (\S+) --help$", ran.stderr, re.MULTILINE)
    assert order == ["validate.before", "archive.all", "validate.after"]


def test_without_nox_the_sessions_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from mothball import nox_sessions

    monkeypatch.setitem(sys.modules, "nox", None)
    with pytest.raises(ModuleNotFoundError, match=re.escape("pip install 'mothball[nox]'")):
        nox_sessions.register()
