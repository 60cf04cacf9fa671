"""Names that people and machines give files, through a whole run and back."""

import json

import pytest

from mothball.core.errors import MothballError
from tests.conftest import LAB, PLAN, MakeRepo

NAMES = [
    "a b.md",
    " leading.md",
    "trailing ",
    "quo\"te's.md",
    "back\\slash.md",
    "new\nline.md",
    "\n",
    "tab\t.md",
    "\x01dead 2020-01-01",
    "\x1b[31mred\x1b[0m",
    "-rf",
    "--help",
    ":(glob)*",
    ":!x",
    "*",
    "[a]?.md",
    "#hash",
    "!bang",
    "$HOME `id` ;.md",
    "%s%n",
    "é.md",
    "e\u0301x.md",
    "日本語.md",
    "\u202egnp.md",
    "\u2028.md",
    "\udcff\udcfe.md",
    "x" * 240,
    "...",
    "HEAD",
    "a=>b",
    "{a => b}",
]


def test_odd_names_go_through_a_run_and_come_back(repo: MakeRepo) -> None:
    picture = {f"notes/odd/{name}": f"{number}\n" for number, name in enumerate(NAMES)}
    made = repo({**LAB, **picture, **{f"src/{number}": "x" for number in range(30)}})
    tree, files = made.tree, made.files
    made.archive()
    assert {f"notes/odd/{name}" for name in NAMES} <= made.renames().keys()
    assert made.status == []
    rows = json.loads(made.text("archive/ledger.json"))["records"]
    assert {f"notes/odd/{name}" for name in NAMES} <= {row["from"] for row in rows}
    assert {row["last_commit"]["date"] for row in rows} == {"2024-03-01"}
    assert not made.archive().changed
    for page in ("README.md", "archive/README.md"):
        assert all(char.isprintable() or char == "\n" for char in made.text(page))
    made.restore(*(f"notes/odd/{name}" for name in NAMES[:8]))
    made.undo_everything()
    assert (made.tree, made.files, made.status) == (tree, files, [])


def test_odd_names_at_the_root_are_dated_like_others(repo: MakeRepo) -> None:
    names = ["\nx.odd", "\x01" + "d" * 40 + " 2020-01-01.odd", "-x.odd", ":x.odd", " .odd"]
    made = repo({**LAB, **dict.fromkeys(names, "x")}, PLAN.replace('"/notes/"', '"/notes/", "/*.odd"'))
    made.archive()
    rows = json.loads(made.text("archive/ledger.json"))["records"]
    assert set(names) <= {row["from"] for row in rows}
    assert {row["last_commit"]["date"] for row in rows} == {"2024-03-01"}


@pytest.mark.parametrize("name", ["\udcff", "new\nline", "-x", "a b"])
def test_steps_and_undo_of_odd_directories(repo: MakeRepo, name: str) -> None:
    picture = {f"notes/{name}/a.md": "a", f"notes/{name}/{name}": "b"}
    made = repo({**LAB, **picture})
    tree, folders = made.tree, made.directories
    made.step("structure", "notes", "readme")
    assert made.lies_at(f"archive/papers/notes/{name}/{name}")
    made.undo()
    assert (made.staged_tree, made.directories) == (tree, folders)


def test_odd_names_in_what_is_refused_are_shown_on_one_line(repo: MakeRepo) -> None:
    made = repo({**LAB, "notes/\x1b[31m\nred": "x"})
    made.write({"notes/\x1b[31m\nred": "edited"})
    with pytest.raises(MothballError) as caught:
        made.archive()
    assert "notes/\\x1b[31m\\x0ared" in str(caught.value)
    assert all(str(problem).isprintable() for problem in caught.value.problems)


def test_names_that_differ_only_in_case_move_as_they_are(repo: MakeRepo) -> None:
    picture = {"notes/deep/A.md": "1", "notes/deep/x/a": "2"}
    made = repo({**LAB, **picture})
    made.archive()
    assert made.renames()["notes/deep/A.md"] == "archive/papers/notes/deep/A.md"


def test_a_file_and_a_directory_may_swap_their_kinds_of_names(repo: MakeRepo) -> None:
    made = repo({**LAB, "notes/build_v1.py/inner": "x"})
    made.archive()
    assert made.renames()["notes/build_v1.py/inner"] == "archive/papers/notes/build_v1.py/inner"
