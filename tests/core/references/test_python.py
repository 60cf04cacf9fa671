"""Python: what imports, names of modules in calls, and paths come to."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Unreadable
from mothball.core.references.readers.python import Python
from tests.core.references.world import Files, compared, shown

MAIN = 'if __name__ == "__main__":\n    run()\n'


def judged(files: Files, moves: list[str], verdict: str) -> list[str]:
    """Return what this reader says; others read the same files."""
    found = compared(files, moves).findings
    ours = [one for one in found if one.kind.startswith(("python", "pytest"))]
    return sorted(shown(one) for one in ours if one.verdict == verdict and one.direction == "inbound")


def breaks(files: Files, moves: list[str]) -> list[str]:
    return judged(files, moves, "break")


def mentions(files: Files, moves: list[str]) -> list[str]:
    return judged(files, moves, "mention")


def unknowns(files: Files, moves: list[str]) -> list[str]:
    return judged(files, moves, "unknown")


def test_a_sibling_of_a_script_is_found_without_any_package() -> None:
    files = {"bench/run.py": "import helpers\n", "bench/helpers.py": ""}
    assert breaks(files, ["bench/helpers.py"]) == ["bench/run.py:1 helpers -> bench/helpers.py"]


def test_each_imported_name_is_a_place_of_its_own() -> None:
    files = {"a.py": "from p import x, y, z\n", "p/__init__.py": "z = 1", "p/x.py": "", "p/y.py": ""}
    assert breaks(files, ["p/y.py"]) == ["a.py:1 y -> p/y.py"]
    assert breaks(files, ["p"]) == [
        "a.py:1 p -> p/__init__.py",
        "a.py:1 x -> p/x.py",
        "a.py:1 y -> p/y.py",
    ]


def test_an_attribute_of_a_moved_module_breaks_with_the_module() -> None:
    files = {"a.py": "from p.x import f\nimport p.x as q\n", "p/__init__.py": "", "p/x.py": "def f(): ..."}
    assert breaks(files, ["p/x.py"]) == ["a.py:1 p.x -> p/x.py", "a.py:2 p.x -> p/x.py"]


def test_the_rest_of_a_package_goes_on_without_one_of_its_modules() -> None:
    files = {
        "a.py": "import p\nfrom p import f\nfrom p.y import g\n",
        "p/__init__.py": "",
        "p/x.py": "",
        "p/y.py": "",
    }
    assert breaks(files, ["p/x.py"]) == []


def test_a_module_that_is_built_counts_as_part_of_its_package() -> None:
    files = {"a.py": "from p._version import v\n", "p/__init__.py": "", "p/x.py": ""}
    assert breaks(files, ["p"]) == ["a.py:1 p._version -> p/__init__.py"]
    assert breaks(files, ["p/x.py"]) == []


@pytest.mark.parametrize(
    ("module", "local"),
    [("json", False), ("requests", False), ("helpers", True), ("sys", False)],
)
def test_in_a_package_the_root_wins_only_where_nothing_else_has_the_name(module: str, local: bool) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "pkg"\ndependencies = ["requests>=2"]\n',
        "pkg/__init__.py": "",
        "pkg/a.py": f"import {module}\n",
        f"{module}.py": "",
    }
    assert bool(breaks(files, [f"{module}.py"])) is local


def test_next_to_a_script_a_name_of_the_standard_library_is_the_local_one() -> None:
    files = {"tools/run.py": "import build\n" + MAIN, "tools/build.py": ""}
    assert breaks(files, ["tools/build.py"]) == ["tools/run.py:1 build -> tools/build.py"]


def test_in_a_package_a_bare_name_of_a_sibling_is_left_to_people() -> None:
    files = {"p/__init__.py": "", "p/a.py": "import blocks\n", "p/blocks.py": ""}
    assert breaks(files, ["p/blocks.py"]) == []
    assert unknowns(files, ["p/blocks.py"]) == ["p/a.py:1 blocks -> p/blocks.py"]


@pytest.mark.parametrize(
    "path",
    [
        "'lib'",
        "os.path.join(os.path.dirname(__file__), '..', 'lib')",
        "os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + '/lib'",
        "str(Path(__file__).resolve().parents[1] / 'lib')",
        "ROOT + '/lib'",
        "f'{ROOT}/lib'",
    ],
)
def test_what_is_put_on_the_search_path_is_searched(path: str) -> None:
    start = "import os, sys\nROOT = str(Path(__file__).parent.parent)\n"
    files = {
        "tools/run.py": f"{start}sys.path.insert(0, {path})\nimport thing\n",
        "lib/thing.py": "",
        "lib/other.py": "",
    }
    assert breaks(files, ["lib/thing.py"]) == ["tools/run.py:4 thing -> lib/thing.py"]


def test_a_package_that_stands_in_an_archived_project_is_not_installed_from_there() -> None:
    files = {
        "app.py": "import thing\n",
        "libs/thing/pyproject.toml": '[project]\nname = "thing"\n',
        "libs/thing/src/thing/__init__.py": "",
    }
    assert breaks(files, ["libs/thing"]) == ["app.py:1 thing -> libs/thing/src/thing/__init__.py"]


def test_a_search_path_in_a_workflow_counts() -> None:
    files = {
        ".github/workflows/a.yml": "env:\n  PYTHONPATH: lib/py\n",
        "tools/__init__.py": "",
        "tools/a.py": "import thing\n",
        "lib/py/thing.py": "",
    }
    assert breaks(files, ["lib/py/thing.py"]) == ["tools/a.py:1 thing -> lib/py/thing.py"]


def test_a_guarded_import_is_masked_unless_the_guard_raises() -> None:
    text = "try:\n    import x\nexcept ImportError:\n    {}\n"
    for end, severity in (("x = None", "hard-masked"), ("raise SystemExit", "hard")):
        found = compared({"a.py": text.format(end), "x.py": ""}, ["x.py"]).breaks()
        assert [one.severity for one in found] == [severity]


def test_relative_imports_are_looked_up_from_the_new_place_of_what_moved() -> None:
    files = {
        "p/__init__.py": "",
        "p/s/__init__.py": "",
        "p/s/a.py": "from .. import b\nfrom . import c\n",
        "p/b.py": "",
        "p/s/c.py": "",
    }
    found = compared(files, ["p/s"]).findings
    assert [(one.verdict, one.direction, one.line, one.old_path) for one in found] == [
        ("break", "outbound", 1, "p/b.py")
    ]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("importlib.import_module('p.x')", "p.x"),
        ("importlib.import_module('.x', package='p')", ""),
        ("__import__('p.x')", "p.x"),
        ("runpy.run_module('p.x')", "p.x"),
        ("runpy.run_path('p/x.py')", "p/x.py"),
        ("mock.patch('p.x.f.g')", "p.x.f.g"),
        ("pytest.importorskip('p.x')", "p.x"),
        ("uvicorn.run('p.x:app')", "p.x:app"),
        ("importlib.import_module(f'p.{name}')", ""),
        ("logging.getLogger('p.x')", ""),
    ],
)
def test_calls_with_the_name_of_a_module(text: str, target: str) -> None:
    files = {"a.py": text + "\n", "p/__init__.py": "", "p/x.py": "", "p/y.py": ""}
    assert breaks(files, ["p/x.py"]) == ([f"a.py:1 {target} -> p/x.py"] if target else [])


def test_a_module_that_is_chosen_later_breaks_when_none_is_left() -> None:
    files = {"a.py": "importlib.import_module(f'p.{name}')\n", "p/x.py": ""}
    assert breaks(files, ["p/x.py"]) == ["a.py:1 p.{name} -> p/x.py"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("open('data/x.csv')", "data/x.csv"),
        ("open(f'data/{name}.csv')", "data/{name}.csv"),
        ("pd.read_csv('data/x.csv')", "data/x.csv"),
        ("X = 'data/x.csv'", "data/x.csv"),
        ("X = {'file': 'data/x.csv'}", "data/x.csv"),
        ("def f(x='data/x.csv'): ...", "data/x.csv"),
        ("p.add_argument('--x', default='data/x.csv')", "data/x.csv"),
        ("X = Path('data') / 'x.csv'", "Path('data') / 'x.csv'"),
        ("X = os.path.join('data', 'x.csv')", "os.path.join('data', 'x.csv')"),
        ("X = Path(__file__).parent / 'data/x.csv'", "data/x.csv"),
        ("X = os.path.join(ROOT_DIR, 'data/x.csv')", "data/x.csv"),
        ("subprocess.run(['cat', 'data/x.csv'])", "data/x.csv"),
        ("subprocess.run(['tool', '--in=data/x.csv'])", "data/x.csv"),
        ("glob.glob('data/*.csv')", "data/*.csv"),
        ("Path('data').glob('*.csv')", "*.csv"),
        ("Path('data/x.csv').read_text()", "data/x.csv"),
        ("open('data/x.csv', 'w')", "data/x.csv"),
        ("x = '''\ndata/x.csv'''", ""),
        ("'''data/x.csv'''", ""),
        ("print('data/x.csv')", ""),
        ("assert x == 'data/x.csv'", ""),
        ("if x == 'data/x.csv': ...", ""),
        ("X = '/data/x.csv'", ""),
        ("X = 'x.csv'", ""),
        ("X = tmp_path / 'data' / 'x.csv'", ""),
        ("shutil.move('data/x.csv', 'y')", ""),
        ("MOVES = {'data/x.csv': 'archive/x.csv'}", ""),
        ("client.get('data/x.csv')", ""),
        ("subprocess.run(['git', 'mv', 'data/x.csv', 'b'])", ""),
    ],
)
def test_strings_that_are_paths(text: str, target: str) -> None:
    files = {"a.py": text + "\n", "data/x.csv": "1"}
    assert [one.partition(" ")[2] for one in breaks(files, ["data"])] == (
        [f"{target} -> {'data/x.csv' if {'*', '{'}.isdisjoint(target) else 'data'}"]
        if target and "'w'" not in text
        else [f"{target} -> data"]
        if target
        else []
    )


def test_a_file_that_is_written_needs_its_directory_only() -> None:
    files = {"a.py": "open('out/x.csv', 'w')\n", "out/x.csv": "1", "out/keep.txt": ""}
    assert breaks(files, ["out/x.csv"]) == []
    assert breaks(files, ["out"]) == ["a.py:1 out/x.csv -> out"]


def test_paths_in_the_data_of_tests_are_mentions_but_what_tests_open_is_not() -> None:
    files = {
        "tests/test_a.py": "CASES = ['data/x.csv']\ndef test_a():\n    open('data/x.csv')\n",
        "data/x.csv": "1",
    }
    assert breaks(files, ["data"]) == ["tests/test_a.py:3 data/x.csv -> data/x.csv"]
    assert mentions(files, ["data"]) == ["tests/test_a.py:1 data/x.csv -> data/x.csv"]


def test_a_fixture_of_a_moved_conftest_is_missed_by_the_tests_that_stay() -> None:
    files = {
        "tests/conftest.py": "import pytest\n\n@pytest.fixture\ndef shop(): ...\n",
        "tests/test_a.py": "def test_a(shop, tmp_path): ...\n",
        "tests/test_b.py": "import pytest\n\n@pytest.fixture\ndef shop(): ...\n\ndef test_b(shop): ...\n",
    }
    assert breaks(files, ["tests/conftest.py"]) == ["tests/test_a.py:1 shop -> tests/conftest.py"]


def test_a_fixture_of_a_conftest_further_up_is_still_found() -> None:
    text = "import pytest\n\n@pytest.fixture\ndef shop(): ...\n"
    files = {"conftest.py": text, "tests/conftest.py": text, "tests/test_a.py": "def test_a(shop): ...\n"}
    assert breaks(files, ["tests/conftest.py"]) == []


def test_the_search_path_of_a_conftest_goes_with_it() -> None:
    files = {
        "tests/conftest.py": "import sys\nsys.path.insert(0, 'lib/py')\n",
        "tests/test_a.py": "import thing\n",
        "lib/py/thing.py": "",
    }
    assert breaks(files, ["tests/conftest.py"]) == []
    assert breaks(files, ["lib/py/thing.py"]) == [
        "tests/conftest.py:2 lib/py -> lib/py",
        "tests/test_a.py:1 thing -> lib/py/thing.py",
    ]


def test_python_2_is_left_to_people() -> None:
    files = {"a.py": "import x\nprint 'x'\n", "x.py": ""}
    assert breaks(files, ["x.py"]) == []
    assert unknowns(files, ["x.py"]) == ["a.py:1 x -> x.py", "a.py:2  -> "]


def test_places_are_counted_in_characters() -> None:
    files = {"a.py": "é = 'ü'; import x\n", "x.py": ""}
    assert [one.column for one in compared(files, ["x.py"]).breaks()] == [17]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "x = " + "[" * 300,
        "\0",
        "\ud800 = 1",
        "a" * 2_000_000,
        "f'{'",
        "x = 1\r\ry = 'a/b'",
        "-" * 200_000 + "1",
    ],
)
def test_odd_sources_are_unreadable_at_worst(text: str) -> None:
    with suppress(Unreadable, RecursionError):
        list(Python().read(text, "a.py"))


@given(st.text(alphabet="ab./'\"(){}[]=\n ,fr\\+%:*@", max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_fails_in_any_other_way(text: str) -> None:
    with suppress(Unreadable):
        list(Python().read(text, "tests/test_a.py"))


def test_a_list_of_plugins_is_one_of_modules() -> None:
    text = 'PLUGINS = ("acme.mail", "acme.web")\nLOGS = ("acme.mail", "acme.web")\nAPPS = ["acme.mail", 1]\n'
    files = {"app.py": text, "acme/__init__.py": "", "acme/mail.py": "", "acme/web.py": ""}
    assert breaks(files, ["acme/mail.py"]) == ["app.py:1 acme.mail -> acme/mail.py"]
