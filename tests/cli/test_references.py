"""References and the way back, as documents: JSON, SARIF, annotations."""

import json

import pytest

from tests.cli.conftest import HOSTILE, PAINT, Start
from tests.conftest import LAB, MakeRepo, Repo

GUIDE = "# Guide\n\nSee [the idea](../notes/idea.md), once at notes/idea.md.\n"
FIELDS = {
    "code",
    "verdict",
    "severity",
    "direction",
    "file",
    "line",
    "column",
    "kind",
    "target",
    "old_path",
    "new_path",
    "evidence",
    "remedy",
}


@pytest.fixture
def guided(repo: MakeRepo) -> Repo:
    """A laboratory with a guide that links a note."""
    return repo({**LAB, "docs/guide.md": GUIDE})


def test_the_json_document_has_every_field_and_exit_code_3(guided: Repo, call: Start) -> None:
    said = call(guided.root, "validate.references", "--json")
    document = json.loads(said.out)
    first = document["findings"][0]
    assert (said.code, said.err) == (3, "")
    assert document["schema_version"] == 1
    assert document["files_read"] > 5
    assert document["files_skipped"] == []
    assert set(first) == FIELDS
    assert first["verdict"] == "break"
    assert (first["file"], first["line"], first["column"]) == ("docs/guide.md", 3, 16)
    assert (first["old_path"], first["new_path"]) == ("notes/idea.md", "archive/papers/notes/idea.md")


def test_what_people_see_names_the_place_the_reason_and_what_to_do(guided: Repo, call: Start) -> None:
    said = call(guided.root, "validate.references")
    assert "docs/guide.md:3:16" in said.out
    assert "notes/idea.md moves to archive/papers/notes/idea.md." in said.out
    assert 'or keep "/notes/idea.md" under [[keep]]' in said.out
    assert said.out.endswith("1 break in 1 file.\n")


def test_many_breaks_of_one_cause_are_told_as_one(repo: MakeRepo, call: Start) -> None:
    links = "".join(f"[{number}](../notes/idea.md)\n" for number in range(12))
    tests = {"app.py": "import lab.build_v1\n", "web.py": "import app\n"}
    made = repo({**LAB, **tests, "docs/guide.md": links})
    said = call(made.root, "validate.references")
    assert "notes/idea.md moves to archive/papers/notes/idea.md: 12 places break" in said.out
    assert said.out.count("markdown-link") == 5
    assert "and 7 more in 1 file; --json lists all" in said.out
    assert said.out.endswith("13 breaks in 2 files; 1 more file falls with these.\n")
    assert len(json.loads(call(made.root, "validate.references", "--json").out)["findings"]) == 14


def test_no_break_is_exit_code_0(lab: Repo, call: Start) -> None:
    said = call(lab.root, "validate.references")
    assert said.code == 0
    assert said.out.endswith("Nothing that stays names anything that goes.\n")


def test_two_revisions_need_no_plan(repo: MakeRepo, call: Start) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, None)
    made.git("mv", "notes", "attic")
    made.commit()
    said = call(made.root, "validate.references", "--from", "HEAD~1", "--to", "HEAD")
    assert (said.code, "docs/guide.md:3:16" in said.out) == (3, True)


def test_sarif_names_rule_level_and_region(guided: Repo, call: Start) -> None:
    call(guided.root, "validate.references", "--sarif", "out.sarif")
    [run] = json.loads(guided.text("out.sarif"))["runs"]
    levels = {result["level"]: result for result in run["results"]}
    assert set(levels) == {"error", "note"}
    place = levels["error"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "docs/guide.md"}
    assert place["region"] == {"startLine": 3, "startColumn": 16}
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {
        "reference-break",
        "reference-mention",
    }


def test_sarif_is_written_over_an_earlier_one_and_nothing_else(guided: Repo, call: Start) -> None:
    assert call(guided.root, "validate.references", "--sarif", "out.sarif").code == 3
    assert call(guided.root, "validate.references", "--sarif", "out.sarif").code == 3
    (guided.root / "link").symlink_to("core/kernel.py")
    before = guided.everything
    for place in ("core/kernel.py", "link", "core", ".git/config"):
        said = call(guided.root, "validate.references", "--sarif", place)
        assert (said.code, "output-taken" in said.err) == (4, True)
    assert guided.everything == before


def test_github_shows_breaks_beside_their_lines(guided: Repo, call: Start) -> None:
    said = call(guided.root, "validate.references", "--github")
    assert said.out.startswith("::error file=docs/guide.md,line=3,col=16,title=reference-break::")
    assert said.out.count("\n") == 1


@pytest.mark.parametrize("form", ["", "--json", "--github"])
def test_hostile_names_paint_nothing(hostile: Repo, call: Start, form: str) -> None:
    links = "\n".join(f"[x](<../{name}>)" for name in HOSTILE if "\n" not in name)
    hostile.commit({"docs/links.md": links.encode("utf-8", "surrogateescape")})
    said = call(hostile.root, "validate.references", *filter(None, [form]))
    assert said.code == 3
    assert not any(sign in said.all for sign in PAINT)


def test_the_way_back_can_be_read_by_programs(lab: Repo, call: Start) -> None:
    call(lab.root, "archive.all")
    back = json.loads(call(lab.root, "archive.restore", "notes/idea.md", "--json").out)
    assert back["moves"] == [{"from": "archive/papers/notes/idea.md", "to": "notes/idea.md"}]
    assert back["commit"] == lab.head
    undone = json.loads(call(lab.root, "archive.undo", "--json").out)
    assert undone["changed"]
    again = json.loads(call(lab.root, "archive.recover", "--json").out)
    assert again == {"schema": "mothball.recovered/1", "there": False, "forgotten": False}
