"""Configuration names what goes: in values, keys, section names, patterns and commands."""

from collections.abc import Mapping

import pytest

from tests.core.references.world import breaks, mentions, unknowns

TREE: Mapping[str, str] = {
    "old/run.py": "",
    "old/sub/a.h": "",
    "old/keep.bin": "",
    "bench/test_speed.py": "",
    "src/app.py": "",
    "tests/test_app.py": "",
}
MOVES = ["old", "bench"]


def found(name: str, text: str) -> list[str]:
    return breaks({**TREE, name: text}, MOVES)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\ntestpaths = ["tests", "bench"]', ["2 bench -> bench"]),
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\naddopts = '--ignore=old/run.py'",
            ["2 old/run.py -> old/run.py"],
        ),
        ("pyproject.toml", '[tool.ruff]\nexclude = ["old/*.py"]', ["2 old/*.py -> old"]),
        ("pyproject.toml", '[tool.ruff.lint.per-file-ignores]\n"old/*" = ["D"]', ["2 old/* -> old"]),
        ("pyproject.toml", "[tool.mypy]\nexclude = ['^old/', 'gen']", ["2 old/ -> old"]),
        (
            "pyproject.toml",
            '[[tool.mypy.overrides]]\nmodule = ["old.run", "yaml.*"]',
            ["2 old.run -> old/run.py"],
        ),
        ("pyproject.toml", '[project]\nreadme = { file = "old/run.py" }', ["2 old/run.py -> old/run.py"]),
        ("tool.toml", 'a.b = [\n  { dir = "old" }, # old/run.py\n]', ["2 old -> old"]),
        ("setup.cfg", "[mypy-old.run]\nx = 1", ["1 old.run -> old/run.py"]),
        ("setup.cfg", "[flake8]\nper-file-ignores =\n    old/run.py: E501", ["3 old/run.py -> old/run.py"]),
        ("tox.ini", "[testenv]\nchangedir = bench", ["2 bench -> bench"]),
        (
            "tox.ini",
            "[testenv]\ndeps = -r{toxinidir}/old/keep.bin",
            ["2 {toxinidir}/old/keep.bin -> old/keep.bin"],
        ),
        ("platformio.ini", "[env]\nextra_scripts = pre:old/run.py", ["2 old/run.py -> old/run.py"]),
        (".editorconfig", "[old/**.py]\nindent_size = 2", ["1 old/**.py -> old"]),
        (".github/CODEOWNERS", "* @all\n/old/ @us\n", ["2 /old/ -> old"]),
        ("CODEOWNERS", "bench/*.py @us", ["1 bench/*.py -> bench"]),
        (".gitattributes", "old/*.bin -diff\n", ["1 old/*.bin -> old"]),
        (".gitignore", "*.bin\n!old/keep.bin\n", ["2 old/keep.bin -> old/keep.bin"]),
        (".gitmodules", '[submodule "x"]\n\tpath = old/sub\n', ["2 old/sub -> old/sub"]),
        ("MANIFEST.in", "graft old\n", ["1 old -> old"]),
        ("MANIFEST.in", "recursive-include old *.bin\n", ["1 old -> old"]),
        ("conf/app.yaml", "x:\n  codeDir: old/sub\n", ["2 old/sub -> old/sub"]),
        ("conf/app.yaml", "files:\n  - ../old/run.py\n", ["2 ../old/run.py -> old/run.py"]),
        ("conf/app.yaml", "a: &x 'old/run.py'\nb: *x\n", ["1 old/run.py -> old/run.py"]),
        ("Taskfile.yml", "cmds:\n  - python old/run.py\n", ["2 old/run.py -> old/run.py"]),
        ("app.json", '{"include": ["old/**/*.h"]}', ["1 old/**/*.h -> old"]),
        (
            ".vscode/launch.json",
            '{// c\n"program": "${workspaceFolder}/old/run.py",}',
            ["2 ${workspaceFolder}/old/run.py -> old/run.py"],
        ),
        (
            "ide/a.vcxproj",
            '<A><ClInclude Include="..\\old\\sub\\a.h" /></A>',
            ["1 ..\\old\\sub\\a.h -> old/sub/a.h"],
        ),
        ("a.uvprojx", "<FilePath>.\\old\\sub\\a.h</FilePath>", ["1 .\\old\\sub\\a.h -> old/sub/a.h"]),
        ("pom.xml", "<modules><module>old</module></modules>", ["1 old -> old"]),
    ],
)
def test_a_value_that_names_what_goes_is_a_break(name: str, text: str, expected: list[str]) -> None:
    assert found(name, text) == [f"{name}:{line}" for line in expected]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.ruff]\nexclude = ["old"]  # at any depth: it still matches'),
        ("pyproject.toml", '[project]\ndescription = "old/run.py"'),
        ("pyproject.toml", '[project.urls]\nsource = "https://example.org/old/run.py"'),
        ("pyproject.toml", '[tool.x]\nversion = "1.2.3"\nname = "old"'),
        ("mothball.toml", '[[move]]\npaths = ["old/**"]'),
        ("setup.cfg", "[metadata]\nname = old\n# old/run.py\n"),
        ("CODEOWNERS", "# /old/ @us\n[Section]\n*.py @us\nnowhere/ @us\n"),
        (".gitattributes", "*.bin filter=lfs\n[attr]old binary\n"),
        (".gitignore", "old/\nold/run.py\n"),
        ("MANIFEST.in", "prune bench\nglobal-include *.bin\n"),
        ("conf/app.yaml", "description: old/run.py\nname: old\nurl: https://a.b/old/run.py\n"),
        ("conf/app.yaml", "note: see old/run.py please\n"),
        ("tests/data/app.json", '{"path": "old/run.py"}'),
        ("fixtures/app.yaml", "path: old/run.py\n"),
        ("app.json", '{"name": "old", "id": "old/run", "url": "https://a.b/old/run.py"}'),
        ("a.vcxproj", "<A><!-- old/run.py --><Remove Remove='old/run.py' /></A>"),
        ("a.csproj", "<A><Compile Remove='old/run.py' /></A>"),
    ],
)
def test_what_still_matches_or_nobody_follows_is_none(name: str, text: str) -> None:
    assert found(name, text) == []


def test_a_name_of_the_file_s_own_directory_comes_first() -> None:
    files = {"lib/pyproject.toml": '[tool.x]\nfiles = ["data/a.txt"]', "lib/data/a.txt": "", "data/a.txt": ""}
    assert breaks(files, {"data": "archive/data"}) == []
    assert len(breaks(files, {"lib/data": "archive/lib"})) == 0
    files["pyproject.toml"] = files.pop("lib/pyproject.toml")
    assert breaks(files, {"data": "archive/data"}) == ["pyproject.toml:2 data/a.txt -> data/a.txt"]


def test_a_path_behind_an_unknown_variable_is_left_to_people() -> None:
    text = "path: ${MOUNT}/old/run.py\n"
    assert unknowns({**TREE, "a.yaml": text}, MOVES) == ["a.yaml:1 ${MOUNT}/old/run.py -> old/run.py"]


def test_a_broken_text_is_unreadable_and_its_paths_are_left_to_people() -> None:
    broken = unknowns({**TREE, "a.toml": 'x = "old/run.py"\ny = [\n'}, MOVES)
    assert broken == ["a.toml:0  -> ", "a.toml:1 old/run.py -> old/run.py"]
    template = unknowns({**TREE, "a.yaml": "{{- if y }}\nx: old/run.py\n"}, MOVES)
    assert template == ["a.yaml:2 old/run.py -> old/run.py"]


def test_what_an_ignore_file_or_data_names_reads_stale_only() -> None:
    files = {**TREE, ".dockerignore": "old/run.py\n", "data/x.json": '["old/run.py"]'}
    assert mentions(files, MOVES) == [
        ".dockerignore:1 old/run.py -> old/run.py",
        "data/x.json:1 old/run.py -> old/run.py",
    ]


def test_roles_of_ansible_are_below_roles() -> None:
    text = "- roles:\n    - old\n  tasks:\n    - include_role:\n        name: old\n    - name: old\n"
    files = {"site.yml": text, "roles/old/tasks/main.yml": "[]", "roles/new/tasks/main.yml": "[]"}
    assert breaks(files, ["roles/old"]) == ["site.yml:2 old -> roles/old", "site.yml:5 old -> roles/old"]


def test_names_and_titles_are_for_people() -> None:
    text = "name: src/old\ndisplayName: src/old\ncode: src/old\n"
    files = {"a.yml": text, "src/old/a": "", "src/b": ""}
    assert breaks(files, ["src/old"]) == ["a.yml:3 src/old -> src/old"]


def test_a_plugin_of_pytest_is_a_module() -> None:
    files = {
        "pytest.ini": "[pytest]\naddopts = -p plug.strict -p no:cache\n",
        "plug/strict.py": "",
        "plug/a.py": "",
    }
    assert breaks(files, ["plug/strict.py"]) == ["pytest.ini:2 plug.strict -> plug/strict.py"]


def test_a_choice_of_hydra_is_a_file_in_its_group() -> None:
    files = {"conf/c.yaml": "defaults:\n  - model: old\n", "conf/model/old.yaml": "", "conf/model/a.yaml": ""}
    assert breaks(files, ["conf/model/old.yaml"]) == ["conf/c.yaml:2 old -> conf/model/old.yaml"]


def test_pip_options_in_a_list_name_paths() -> None:
    text = "dependencies:\n  - pip:\n    - -e ./libs/a\n    - -r req/dev.txt\n"
    files = {"environment.yml": text, "libs/a/setup.py": "", "libs/b": "", "req/dev.txt": "", "req/a.txt": ""}
    assert breaks(files, ["libs/a", "req/dev.txt"]) == [
        "environment.yml:3 ./libs/a -> libs/a",
        "environment.yml:4 req/dev.txt -> req/dev.txt",
    ]


def test_names_of_images_and_labels_are_no_paths() -> None:
    text = "image: team/web:1.2\nowner: team/web\nlabels:\n  part: team/web\nlogo:\n  image: team/web/a.png\n"
    files = {"a.yaml": text, "team/web/a.png": "", "team/b": ""}
    assert breaks(files, ["team/web"]) == ["a.yaml:6 team/web/a.png -> team/web/a.png"]
