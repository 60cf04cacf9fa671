"""The sample with kept files that name what is archived, one of each kind: all are found, some mended."""

import pytest

from mothball.sample import build
from mothball.workflow.references import find
from tests.conftest import Repo

LAZY = """\
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "flashcore"))


def main():
    import build_wmma
"""
TOUR = """\
{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": [
   "%run ../flashcore/build_wmma.py"
  ]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
"""
WORKFLOW = """\
on: [push]
jobs:
  chaos:
    runs-on: ubuntu-latest
    steps:
      - run: pytest tests/chaos/
      - run: python build_wmma.py
        working-directory: flashcore
"""
RUN = 'import subprocess\n\nsubprocess.run(["python", "flashcore/build_wmma.py"], check=True)\n'
CMAKE = "add_custom_target(wmma COMMAND python ${CMAKE_SOURCE_DIR}/../flashcore/build_wmma.py)\n"
NONE: frozenset[int] = frozenset()
REFERRERS = {
    # file: (text, the lines that break, those of them that archive.fix mends)
    "examples/lazy.py": (LAZY, {8}, NONE),
    "examples/run.py": (RUN, {3}, NONE),
    "examples/read.py": ('TEXT = open("flashcore/design/flashcore_fused.md").read()\n', {1}, NONE),
    "examples/tour.ipynb": (TOUR, {2}, {2}),
    "docs/guide.md": ("# Guide\n\n[Build](../flashcore/build_wmma.py), see `flashcore/fast/`.\n", {3}, {3}),
    "docs/steps.md": ("# Steps\n\n```bash\ncd flashcore\npython build_wmma.py\n```\n", {5}, NONE),
    "docs/index.rst": ("Docs\n====\n\n.. literalinclude:: ../flashcore/build_wmma.py\n", {4}, {4}),
    "docs/page.html": ('<a href="../flashcore/build_wmma.py">build</a>\n', {1}, {1}),
    ".github/workflows/chaos.yml": (WORKFLOW, {6, 7}, {6}),
    "ci/all.sh": (
        '#!/bin/sh\nD=$(dirname "$0")\npython "$D/../flashcore/build_wmma.py" || true\n',
        {3},
        NONE,
    ),
    "ci/Makefile": ("all:\n\tcd .. && python flashcore/build_wmma.py\n", {2}, {2}),
    "Dockerfile": ("FROM python:3.12\nCOPY flashcore/build_wmma.py /app/\n", {2}, {2}),
    "native/CMakeLists.txt": (CMAKE, {1}, NONE),
    "tox.ini": ("[pytest]\ntestpaths = tests/chaos\n", {2}, {2}),
    ".github/CODEOWNERS": ("/tests/chaos/ @org/chaos\n", {1}, {1}),
    "tools/package.json": ('{"scripts": {"build": "python ../flashcore/build_wmma.py"}}\n', {1}, {1}),
}
HARMLESS = {
    "docs/notes.md": "We once ran flashcore/build_wmma.py and tests/chaos/ by hand.\n",
    "CHANGELOG.md": "- Added `flashcore/build_wmma.py`.\n",
    "examples/quiet.py": "# flashcore/build_wmma.py did this\nbuild_wmma = 1\n",
    "docs/outside.md": "[theirs](https://example.org/flashcore/build_wmma.py)\n",
}


@pytest.fixture(scope="module")
def referring(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    root = tmp_path_factory.mktemp("sample") / "flashcore"
    build(root)
    repo = Repo(root)
    repo.commit({**{path: text for path, (text, _, _) in REFERRERS.items()}, **HARMLESS})
    return repo


def places(repo: Repo) -> set[tuple[str, int]]:
    return {(one.file, one.line) for one in find(repo.session).breaks()}


def test_each_kind_is_found_with_its_line_and_none_of_the_harmless_mentions(referring: Repo) -> None:
    assert places(referring) == {(path, line) for path, (_, lines, _) in REFERRERS.items() for line in lines}


def test_the_plan_is_blocked_by_each_with_a_remedy(referring: Repo) -> None:
    problems = referring.preview().problems
    assert {problem.code for problem in problems} == {"reference-breaks"}
    assert all(problem.remedy for problem in problems)


def test_fix_mends_the_mechanical_ones_and_leaves_the_rest(referring: Repo) -> None:
    referring.step("fix")
    left = {(path, line) for path, (_, lines, mended) in REFERRERS.items() for line in lines - mended}
    assert places(referring) == left
