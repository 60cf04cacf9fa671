"""Notebooks: claims stand in the lines of the file, whatever the JSON looks like."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Unreadable
from mothball.core.references.readers.notebook import Notebook
from tests.core.references.world import compared


def notebook(*sources: str, kind: str = "code", indent: int | None = 1) -> str:
    cells = [{"cell_type": kind, "source": one.splitlines(keepends=True), "outputs": []} for one in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=indent)


def found(text: str, moves: list[str], **files: str) -> list[tuple[str, str, str]]:
    tree = {"n/a.ipynb": text, "n/x.py": "", "n/data/x.csv": "1", "lib/y.py": "", "n/sub/z.py": "", **files}
    ours = [one for one in compared(tree, moves).findings if one.kind.startswith("notebook")]
    for one in ours:
        if one.line:
            line = text.split("\n")[one.line - 1]
            assert line[one.column - 1 :].startswith(one.target)
    return [(str(one.verdict), one.target, one.old_path) for one in ours]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("source", "target", "old"),
    [
        ("import os\nimport x\n", "x", "n/x.py"),
        ('x = 1\ndf = pd.read_csv("data/x.csv")', "data/x.csv", "n/data/x.csv"),
        ("s = '😀'; import x", "x", "n/x.py"),
        ("s = 'é\"\\\\'; open('data/x.csv')", "data/x.csv", "n/data/x.csv"),
        ("%run x.py --fast", "x.py", "n/x.py"),
        ("%run x", "x", "n/x.py"),
        ("%load x.py", "x.py", "n/x.py"),
        ("%%time\nimport x", "x", "n/x.py"),
        ("!pip install q\nimport x", "x", "n/x.py"),
        ("for i in 1, 2:\n    !ls\nimport x", "x", "n/x.py"),
        ("files = !ls\nx?\nimport x", "x", "n/x.py"),
        ("import sys\nsys.path.append('../lib')\nimport y", "y", "lib/y.py"),
        ("%cd ..\nopen('lib/y.py')", "lib/y.py", "lib/y.py"),
        ("!python x.py", "x.py", "n/x.py"),
        ("%%bash\ncd sub\npython z.py", "z.py", "n/sub/z.py"),
    ],
)
def test_code_magics_and_shell_lines(source: str, target: str, old: str, indent: int | None) -> None:
    ours = found(notebook("1 / 0\n", source, indent=indent), [old])
    assert ("break", target, old) in ours


@pytest.mark.parametrize(
    "source", ["%%writefile q.py\nimport x", "%%html\n<a href='x.py'>", "# import x", "import z"]
)
def test_what_is_not_run_here_is_no_break(source: str) -> None:
    assert not [one for one in found(notebook(source), ["n/x.py"]) if one[0] == "break"]


def test_a_search_path_of_one_cell_serves_the_others() -> None:
    text = notebook("import sys\nsys.path.insert(0, '../lib')", "!ls", "import y")
    assert found(text, ["lib/y.py"])[0] == ("break", "y", "lib/y.py")


def test_a_cell_that_does_not_parse_is_left_to_people_and_hides_no_other() -> None:
    text = notebook("import x\nprint 'x'", "import x")
    assert found(text, ["n/x.py"]) == [("break", "x", "n/x.py"), ("unknown", "x", "n/x.py")]


def test_links_of_text_cells() -> None:
    text = notebook("# T\n\n[a](../lib/y.py) and ![b](data/x.csv)\n", kind="markdown")
    assert [one[1:] for one in found(text, ["lib"])] == [("../lib/y.py", "lib/y.py")]


def test_code_in_another_language_is_not_python() -> None:
    text = notebook("import x").replace('"metadata": {}', '"metadata": {"kernelspec": {"language": "R"}}')
    assert found(text, ["n/x.py"]) == []


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"cells": 3}', "[" * 100_000, '"\\"' * 100_000, notebook("\n" * 500_000, indent=None)],
)
def test_odd_notebooks_are_unreadable_at_worst(text: str) -> None:
    with suppress(Unreadable, RecursionError):
        list(Notebook().read(text, "a.ipynb"))


@given(st.lists(st.text(alphabet="ab./%!?'\"()=\n \\", max_size=60), max_size=4), st.integers(0, 300))
@settings(max_examples=200, deadline=None)
def test_no_notebook_fails_in_any_other_way(sources: list[str], cut: int) -> None:
    text = notebook(*sources)
    for one in (text, text[:cut]):
        with suppress(Unreadable):
            list(Notebook().read(one, "a.ipynb"))
