"""Packaging: entry points, packages and the files that a build reads."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Unreadable
from mothball.core.references.readers.python_packaging import PythonPackaging, Requirements
from tests.core.references.world import breaks, compared

SHOP = {
    "src/shop/__init__.py": "",
    "src/shop/cli.py": "",
    "src/shop/data/a.json": "{}",
    "src/old/__init__.py": "",
}


@pytest.mark.parametrize(
    ("file", "text", "moved", "target"),
    [
        (
            "pyproject.toml",
            '[project]\nname="s"\n[project.scripts]\ns = "shop.cli:main"\n',
            "cli.py",
            "shop.cli",
        ),
        ("pyproject.toml", '[tool.poetry.scripts]\ns = "shop.cli:main"\n', "cli.py", "shop.cli"),
        ("pyproject.toml", '[tool.setuptools]\npy-modules = ["shop.cli"]\n', "cli.py", "shop.cli"),
        (
            "pyproject.toml",
            '[tool.setuptools.dynamic]\nversion = {attr = "shop.cli.V"}\n',
            "cli.py",
            "shop.cli.V",
        ),
        ("pyproject.toml", '[tool.setuptools.package-data]\nshop = ["data/*.json"]\n', "data", "data/*.json"),
        (
            "setup.cfg",
            "[options.entry_points]\nconsole_scripts =\n  s = shop.cli:main\n",
            "cli.py",
            "shop.cli",
        ),
        ("setup.cfg", "[metadata]\nversion = attr: shop.cli.V\n", "cli.py", "shop.cli.V"),
        ("setup.py", "setup(entry_points='''\n[x]\ns = shop.cli:main\n''')\n", "cli.py", "shop.cli"),
        ("setup.py", "setup(package_data={'shop': ['data/*.json']})\n", "data", "data/*.json"),
    ],
)
def test_metadata_that_names_a_part_of_the_project(file: str, text: str, moved: str, target: str) -> None:
    found = compared({**SHOP, file: text}, [f"src/shop/{moved}"]).breaks()
    assert [(one.file, one.target) for one in found] == [(file, target)]


def test_an_entry_point_of_another_distribution_is_none_of_ours() -> None:
    files = {**SHOP, "pyproject.toml": '[project]\nname="s"\n[project.scripts]\ns = "cli:main"\n'}
    assert breaks(files, ["src/shop/cli.py"]) == []


def test_requirements_are_included_from_where_they_are() -> None:
    files = {"req/dev-requirements.txt": "-r base.txt\nbase==1\n", "req/base.txt": "", "base.txt": ""}
    assert breaks(files, ["req/base.txt"]) == ["req/dev-requirements.txt:1 base.txt -> req/base.txt"]
    assert breaks(files, ["base.txt"]) == []


@given(st.text(alphabet="ab=.:[]{}\"'\n ,#-/", max_size=120))
@settings(max_examples=200, deadline=None)
def test_no_text_fails_in_any_other_way(text: str) -> None:
    for path in ("pyproject.toml", "setup.cfg", "setup.py"):
        with suppress(Unreadable):
            list(PythonPackaging().read(text, path))
    list(Requirements().read(text, "requirements.txt"))
