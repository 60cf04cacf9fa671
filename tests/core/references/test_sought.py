"""What is looked for may be left out of a reading only where nothing is lost."""

from dataclasses import replace

import pytest

from mothball.core.references.reader import readers_of
from mothball.core.references.sought import Sought
from tests.core.references.world import breaks, mentions


@pytest.mark.parametrize(
    "value", ["a/gone.txt", "gone", "pkg.gone", "data/*.json", "a{b,c}", "old/..", "x/./"]
)
def test_a_value_may_be_meant(value: str) -> None:
    """A name that goes, a wildcard, and what climbs may all lead to it."""
    assert Sought({"a/gone.txt", "pkg/old/__init__.py"}).may_be_meant(value)


@pytest.mark.parametrize("value", ["a/here.txt", "\ud800", "", "pkg.other"])
def test_another_value_cannot_be_meant(value: str) -> None:
    """Without any of the names nothing is found that goes."""
    assert not Sought({"a/gone.txt"}).may_be_meant(value)


def test_lines_with_words_that_end_so() -> None:
    """A name without a suffix counts beside a slash only."""
    assert Sought({"a/gone.txt", "old"}).lines("gone.txt\nold\n\n/old x/gone.txt\nold/\n") == [1, 4, 4, 5]
    assert Sought(()).lines("gone.txt") == []


@pytest.mark.parametrize(
    "line",
    [
        'open("data/" "gone.txt")',
        'open("data/g\\x6fne.txt")',
        'A = "gone"\nopen(f"data/{A}.txt")',
        'A = "gone"\nopen("data/" + A + ".txt")',
        'import glob\nglob.glob("data/*.t?t")',
        'open("data/x/../gone.txt")',
        'import subprocess\nsubprocess.run(["cat", "gone.txt"], cwd="data")',
    ],
)
def test_no_break_is_lost(line: str) -> None:
    """However a Python source spells a name, it is found."""
    assert breaks(
        {"run.py": line + "  # gone\n", "data/gone.txt": "", "data/x/y": ""},
        {"data/gone.txt": "attic/gone.txt"},
    )


def test_a_package_that_goes_from_below_its_modules() -> None:
    """A module may ask for its own package without naming it."""
    files = {"pkg/__init__.py": "x = 1\n", "pkg/a.py": "from . import x  # __init__\n"}
    assert breaks(files, {"pkg/__init__.py": "attic/__init__.py"}) or mentions(
        files, {"pkg/__init__.py": "attic/__init__.py"}
    )


def test_what_is_left_out_names_nothing() -> None:
    """A reading with names yields some of the claims of one without, and all that have one of the names."""
    text = 'import os\nimport a.gone\nfrom b import c, gone\nopen("x.txt")\nopen("gone.txt")\n'
    reader = next(one for one in readers_of("m.py") if one.kind == "python")
    every, some = list(reader.read(text, "m.py")), list(reader.sift(text, "m.py", Sought({"gone.txt"})))
    assert [one for one in every if "gone" in one.wanted] == some
    assert all(replace(one) in every for one in some)
