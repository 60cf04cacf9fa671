"""The README tells the truth: its blocks run, its table is the program's, its picture is of a real run."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from mothball.core.errors import MEANINGS, Exit
from tests.documents import ROOT, Page, Reader, reader_in

PAGE = Page(ROOT / "README.md")
README = PAGE.text
SETUP = (
    "python3 -m venv .venv && .venv/bin/pip install --quiet --editable . && .venv/bin/invoke archive.all",
    "python3 -m venv .venv && .venv/bin/pip install --quiet nox && .venv/bin/nox",
)
MOVES = {
    "lab/run1/notes.md": "archive/experiments/run1/notes.md",
    "lab/run2/notes.md": "archive/experiments/run2/notes.md",
    "lab/try_1.py": "archive/experiments/try_1.py",
    **{f"build_v{number}.sh": f"archive/build-scripts/build_v{number}.sh" for number in (1, 2, 3)},
}
OURS = {"archive/README.md", "archive/ledger.json"}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return reader_in(tmp_path)


@pytest.fixture
def planned(reader: Reader) -> Reader:
    """A reader whose plan is committed."""
    plan = next(block.text for block in PAGE.blocks if block.language == "toml")
    reader.mine.commit({"mothball.toml": plan}, "Plan the archive")
    return reader


def test_the_setup_takes_the_two_commands() -> None:
    assert [block.text for block in PAGE.under("Try it")] == [f"{line}\n" for line in SETUP]


def test_every_block_is_of_a_language_that_these_tests_run() -> None:
    assert {block.language for block in PAGE.blocks} <= {"sh", "toml", "python"}
    known = {
        "Try it",
        "Your own repository",
        "What a move would break",
        "Step by step",
        "It stays archived",
        "The report",
        "From your own tasks.py and noxfile.py",
    }
    assert {block.heading for block in PAGE.blocks} == known


def test_the_page_for_your_own_repository_works(reader: Reader) -> None:
    start = reader.mine.tree
    said = reader.follow(PAGE.under("Your own repository"))
    renamed = reader.mine.git("log", "--format=", "--name-status", "-M100%", "--diff-filter=R", "--reverse")
    rows = [row.split("\t")[1:] for row in renamed.splitlines() if row.startswith("R100")]
    assert dict(rows[:6]) == MOVES
    assert "6 files archived in commit" in said
    assert "6 files back in place" in said
    assert "1 file back in place" in said
    assert said.count("first") == 1
    restored = reader.mine.git("ls-tree", "-r", "--name-only", "HEAD~2").split()
    assert "lab/try_1.py" in restored
    assert "archive/experiments/try_1.py" not in restored
    assert reader.mine.git("diff", "--name-only", start, "HEAD").split() == ["mothball.toml", "tasks.py"]


def test_the_link_leaves_the_readers_own_python_first(reader: Reader) -> None:
    begin = PAGE.under("Your own repository")[0].text
    before = reader.type("command -v python3").strip()
    said = reader.type(f"{begin}\ncommand -v python3; ~/.local/bin/mothball --version")
    assert before in said.splitlines()
    assert said.splitlines()[-1].startswith("mothball ")


def test_what_a_move_would_break_is_found_rewritten_and_allowed(planned: Reader) -> None:
    find, allow = PAGE.under("What a move would break")
    planned.mine.commit({"docs/guide.md": "[Try](../lab/try_1.py)\n"})
    said = planned.type(
        "\n".join([f"cd {planned.mine.root}", *(f"{line} || test $? = 3" for line in find.text.splitlines())])
    )
    assert "docs/guide.md:1:7  ../lab/try_1.py" in said
    assert "+[Try](../archive/experiments/try_1.py)" in said
    history = {"docs/story.md": "[Try](../lab/try_1.py)\n", "vendor/a.md": "[Try](../lab/try_1.py)\n"}
    planned.mine.git("reset", "-q", "--hard")
    planned.mine.commit({**history, "mothball.toml": planned.mine.text("mothball.toml") + allow.text})
    assert "6 files archived" in planned.type(f"cd {planned.mine.root} && mothball archive.all")
    assert planned.mine.text("docs/guide.md") == "[Try](../archive/experiments/try_1.py)\n"
    assert planned.mine.text("vendor/a.md") == history["vendor/a.md"]


def test_the_steps_come_to_the_same(planned: Reader) -> None:
    said = planned.follow(PAGE.under("Step by step"))
    assert "archive.build-scripts" in said
    assert re.search(r"experiments +pending", said)
    assert planned.mine.renames() == {
        path: target for path, target in MOVES.items() if path.startswith("build")
    }
    assert planned.mine.changes() == OURS


def test_the_guard_passes_what_brings_nothing_back(planned: Reader) -> None:
    assert "checks passed." in planned.follow(PAGE.under("It stays archived"))
    planned.mine.write({"lab/try_9.py": "print(9)\n"})
    planned.mine.git("add", "lab")
    guard = "\n".join(block.text for block in PAGE.under("It stays archived"))
    said = planned.type(f"cd {planned.mine.root}; {guard.strip()} || test $? = 3")
    assert "lab/try_9.py  guard-new-file" in said


def test_the_reports_are_written(planned: Reader) -> None:
    said = planned.follow(PAGE.under("The report"))
    assert said.count("written to") == 3
    assert planned.mine.text("report.html").startswith("<!doctype html>")
    assert planned.mine.lies_at("reports/archive-analysis.md")
    assert planned.mine.lies_at("reports/archive-analysis.json")


def test_the_tasks_stand_beside_the_users_own(planned: Reader) -> None:
    said = planned.follow(PAGE.under("From your own tasks.py and noxfile.py"))
    assert "hello\n" in said
    assert re.search(r"build-scripts +pending", said)
    assert "validate_before was successful" in said
    assert "Session retire was successful" in said


def test_the_table_has_every_exit_code() -> None:
    cells = re.findall(r"^\| ([\d, ]+) \|", README, re.MULTILINE)
    assert [int(code) for cell in cells for code in cell.split(",")] == sorted(Exit)


def test_the_table_says_what_each_code_means() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE))
    assert rows == {str(int(code)): MEANINGS[code] for code in sorted(Exit)[:-2]}


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).is_file()


def test_the_readme_names_only_tasks_that_exist(planned: Reader) -> None:
    listed = planned.type(f"cd {planned.mine.root} && mothball --list")
    assert set(re.findall(r"\b(?:archive|report|validate)\.[a-z-]+", README)) - {"archive.all"} <= set(
        re.findall(r"^  ([a-z.-]+)", listed, re.MULTILINE)
    )


def picture() -> ModuleType:
    spec = importlib.util.spec_from_file_location("picture", ROOT / "docs" / "picture.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines_of(svg: str) -> list[str]:
    """Return the text of a picture, line by line."""
    rows: dict[float, dict[float, str]] = {}
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        if element.get("clip-path"):
            place = rows.setdefault(float(element.get("y", 0)), {})
            place[float(element.get("x", 0))] = element.text or ""
    lines = ["".join(row[x] for x in sorted(row)) for _, row in sorted(rows.items())]
    return [line.replace("\N{NO-BREAK SPACE}", " ").rstrip() for line in lines]


def test_the_pictures_are_of_a_real_run() -> None:
    module = picture()
    shown = lines_of(module.PICTURE.read_text(encoding="utf-8"))
    done = module.run()
    assert shown == lines_of(module.draw(done.printed)), "draw it again: nox -s pictures"
    assert [line for line in shown if "94 files archived" in line]
    assert "invoke archive.undo" in done.page, "only a tasks.py leads to the sample"
    assert module.digest(done.page).encode() in module.REPORT.read_bytes(), "draw it again: nox -s pictures"


def test_the_picture_takes_nothing_from_the_network() -> None:
    text = picture().PICTURE.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"' )]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|@font-face|<script|<image", text)
