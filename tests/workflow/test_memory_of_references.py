"""What is remembered of contents, and who reads them, changes nothing but the time."""

import shutil
import sys
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mothball.core.references.findings import Comparison
from mothball.core.references.needles import Needles
from mothball.core.references.reading import NOTHING, Asked, Question, Wanted, Way
from mothball.effects import readings
from mothball.effects.crew import Chunk, crew
from mothball.effects.memory import Memory
from mothball.effects.store import Store
from mothball.workflow.references import find
from tests.conftest import Repo, git_of, make_repo

MANY = {f"src/part_{number}.py": f"VALUE = {number}\n" for number in range(readings.WORTH + 10)}
USES = "import lab.tool\nfrom lab.tool import run\n\nopen('lab/data.csv')\n"
PICTURE = {
    **MANY,
    "lab/__init__.py": "",
    "lab/tool.py": "from . import other\nimport src.part_1\n\n\ndef run():\n    pass\n",
    "lab/other.py": "import json\n",
    "lab/data.csv": "1\n",
    "src/app.py": USES,
    "src/chain.py": "import src.app\n",
    "docs/guide.md": "[tool](../lab/tool.py), [gone](nowhere.md), `lab/data.csv`\n",
    "docs/broken.json": "{",
    "Makefile": "all:\n\tpython lab/tool.py\n",
}
FOUR_ANSWERS = """#!{python}
import os, subprocess, sys
with subprocess.Popen(["{python}", *sys.argv[1:]], stdout=subprocess.PIPE) as helper:
    for _ in range(4):
        os.write(1, helper.stdout.readline())
    helper.kill()
"""
WORDS = st.sampled_from(
    ["import a.b", "from a import b", "[x](../a/b.py)", "a/b.py", "require('./a/b')", "open('a/*.py')", "((("]
)
NAMES = st.sampled_from(["a/b.py", "a/c.md", "x.py", "d/y.js", "d/z.md", "d/a/b.py", "e.json", "Makefile"])


def moved(root: Path) -> Repo:
    """A repository in which the last commit moved a folder that is in use."""
    made = make_repo(root, PICTURE, plan=None)
    made.git("mv", "lab", "attic")
    made.commit(message="move")
    return made


def found(made: Repo) -> Comparison:
    return replace(find(made.session, "HEAD~1", "HEAD"), change=None)


OTHER = Wanted("src/other.py", "2" * 40, Way.STAYS)


def memory(made: Repo) -> list[Path]:
    return sorted((made.root / ".git/mothball/memory").iterdir())


def forget(made: Repo) -> None:
    shutil.rmtree(made.root / ".git/mothball", ignore_errors=True)


@pytest.fixture
def many_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start other processes whatever there is to read, and give them little at a time."""
    monkeypatch.setattr(readings, "PATIENCE", 0)
    monkeypatch.setattr(readings, "SLOW", 0)
    monkeypatch.setattr(readings, "_FEWEST", 3)


def test_a_second_run_finds_the_same(tmp_path: Path) -> None:
    made = moved(tmp_path / "repo")
    first = found(made)
    assert first.breaks()
    assert first.dangling
    assert any(one.severity == "hard-transitive" for one in first.findings)
    assert memory(made)
    assert found(made) == first


def test_a_second_run_reads_nothing_that_did_not_change(tmp_path: Path) -> None:
    made = moved(tmp_path / "repo")
    first = found(made)
    blobs = [
        made.git("rev-parse", f"HEAD:{path}")
        for path in ("src/part_7.py", "src/app.py", "src/chain.py", "docs/guide.md", "attic/tool.py")
    ]
    for blob in blobs:  # whoever wants to read these now is told that they are not here
        (made.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert found(made) == first
    forget(made)
    assert {one.file for one in found(made).skipped} > {"src/app.py", "docs/guide.md"}


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    made = moved(tmp_path / "repo")
    base = made.git("rev-parse", "HEAD~1")
    find(made.session, base, "HEAD")
    made.commit({"src/part_3.py": USES, "src/app.py": "import json\n"})
    again = find(made.session, base, "HEAD")
    assert {one.file for one in again.breaks()} >= {"src/part_3.py"}
    assert "src/app.py" not in {one.file for one in again.findings}
    forget(made)
    assert replace(find(made.session, base, "HEAD"), change=None) == replace(again, change=None)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-1],
        lambda whole: whole.replace(b"python-import", b"python-imports"),
        lambda whole: whole.replace(b"\n", b"\n\n", 1),
        lambda whole: b"\0" * 10_000,
        lambda whole: b"mothball.memory/1",
    ],
)
def test_a_damaged_memory_is_ignored(tmp_path: Path, damage: object) -> None:
    made = moved(tmp_path / "repo")
    first = found(made)
    for place in memory(made):
        assert callable(damage)
        place.write_bytes(damage(place.read_bytes()))
    assert found(made) == first


@pytest.mark.parametrize(
    "row",
    [
        b"nonsense",
        b"7",
        b"{}",
        b"[[99,null]]",
        b"[[0,null,[1,2]]]",
        b"[[0,[1,2,3]]]",
        b'[[0,null,["1",1,"t","k","n",0,[],"",0]]]',
        b'[[0,null,[1,1,"t","k","n",77,[],"",0]]]',
        b'[[0,null,[1,1,"t","k","n",0,[1],"",0]]]',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_forged_reading_is_no_reading(tmp_path: Path, row: bytes) -> None:
    store = moved(tmp_path / "repo").session.store
    question = Question(paths=["lab/tool.py"], needles=Needles(["tool"]))
    one = Wanted("src/app.py", "1" * 40, Way.STAYS)
    kept = Memory(store, question)
    kept.learn(one, row)
    kept.learn(OTHER, NOTHING)
    kept.keep()
    assert Memory(store, question).recall(OTHER) == (True, None)
    assert Memory(store, question).recall(one) == (False, None)


def test_another_version_of_the_program_remembers_nothing_of_it(tmp_path: Path) -> None:
    store = moved(tmp_path / "repo").session.store
    question = Question(paths=["lab/tool.py"], needles=Needles(["tool"]))
    one = Wanted("src/app.py", "1" * 40, Way.STAYS)
    kept = Memory(store, question, "one")
    kept.learn(one, b"[]")
    kept.keep()
    assert Memory(store, question, "one").recall(one) == (True, ())
    assert not Memory(store, question, "another").holds
    assert not Memory(store, question).holds


def test_other_names_are_another_question(tmp_path: Path) -> None:
    store = moved(tmp_path / "repo").session.store
    one = Wanted("src/app.py", "1" * 40, Way.STAYS)
    kept = Memory(store, Question(paths=["lab/tool.py"], needles=Needles(["tool"])))
    kept.learn(one, b"[]")
    kept.keep()
    for other in ("lab/fool.py", "tool/lab.py"):
        assert not Memory(store, Question(paths=[other], needles=Needles(["tool"]))).holds


def test_a_look_at_some_files_forgets_nothing_of_the_others(tmp_path: Path) -> None:
    store = moved(tmp_path / "repo").session.store
    question = Question(paths=["lab/tool.py"], needles=Needles(["tool"]))
    one, moved_one = Wanted("src/app.py", "1" * 40, Way.STAYS), Wanted("old/a.py", "3" * 40, Way.MOVED)
    kept = Memory(store, question)
    kept.learn(one, NOTHING)
    kept.learn(moved_one, NOTHING)
    kept.keep()
    kept = Memory(store, question)
    kept.learn(OTHER, NOTHING)
    kept.keep()
    kept = Memory(store, question)
    assert [kept.recall(each)[0] for each in (one, moved_one, OTHER)] == [True, True, True]
    kept.keep([moved_one, OTHER])
    kept = Memory(store, question)
    assert [kept.recall(each)[0] for each in (one, moved_one, OTHER)] == [False, True, True]
    kept.keep([one])
    assert not Memory(store, question).holds


def test_what_is_remembered_stays_small(tmp_path: Path) -> None:
    made = moved(tmp_path / "repo")
    for number in range(20):
        question = Question(paths=[f"{number}"], needles=Needles(["a"]))
        Memory(made.session.store, question).keep()
    assert len(memory(made)) <= 8


@pytest.mark.usefixtures("many_helpers")
@pytest.mark.parametrize("program", ["#!/bin/sh\nexit 1\n", FOUR_ANSWERS, None])
def test_a_process_that_dies_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    made = moved(tmp_path / "repo")
    first = found(made)
    forget(made)
    place = tmp_path / "python"
    if program:
        place.write_text(program.replace("{python}", sys.executable))
        place.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(place))
    assert found(made) == first


def test_processes_are_kept_for_the_next_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = moved(tmp_path / "repo")
    wanted = [Wanted("src/app.py", made.git("rev-parse", "HEAD:src/app.py"), Way.STAYS)]
    with crew(git_of(made), 1) as held:
        for name, words in (("tool", b"lab.tool"), ("data", b"lab/data.csv")):
            question = Question(paths=[f"lab/{name}.csv"], needles=Needles([name]))
            waiting: deque[Chunk] = deque([wanted])
            [(chunk, [line])] = held.answered(question, waiting)
            assert not waiting
            assert chunk == wanted
            assert words in line
            monkeypatch.setattr(sys, "executable", "/nowhere")  # nobody else can be started now


@pytest.mark.parametrize(("cores", "slow"), [(1, 0), (2, 1000), (2, 0), (3, 1000)])
def test_two_cores_are_left_to_git_where_files_are_read_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int, slow: float
) -> None:
    monkeypatch.setattr(readings, "PATIENCE", 0)
    monkeypatch.setattr(readings, "SLOW", slow)
    monkeypatch.setattr(readings, "_FEWEST", 1)
    made = moved(tmp_path / "repo")
    blob = made.git("rev-parse", "HEAD:src/app.py")
    wanted = Asked({f"src/app{number}.py": blob for number in range(4)})
    question = Question(paths=["lab/tool.py"], needles=Needles(["tool"]))
    with crew(git_of(made), cores) as held:
        found = [*readings.readings(held, Store(git_of(made)), question, wanted, lambda _: None)]
        assert held.is_there == ((cores, slow) in {(2, 0), (3, 1000)})
    assert {one.path for one, _ in found} == wanted.files.keys()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.dictionaries(NAMES, st.lists(WORDS, max_size=4).map("\n".join), min_size=4))
@pytest.mark.usefixtures("many_helpers")
def test_one_process_and_two_with_and_without_memory_find_the_same(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]
) -> None:
    made = make_repo(tmp_path_factory.mktemp("r") / "repo", {"a/b.py": "import x\n", **texts}, plan=None)
    made.git("mv", "a", "old")
    made.commit(message="move")
    compared = []
    for patience in (1_000_000, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(readings, "PATIENCE", patience)
            forget(made)
            compared += [found(made), found(made)]
    assert all(one == compared[0] for one in compared)
