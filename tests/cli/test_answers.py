"""What a newcomer asks, and what is answered."""

import json

from tests.cli.conftest import Start
from tests.conftest import LAB, PLAN, MakeRepo, Repo


def test_why_knows_what_is_staged_by_either_path(lab: Repo, call: Start) -> None:
    call(lab.root, "archive.structure", "archive.builds")
    for path in ("lab/build_v1.py", "archive/builds/build_v1.py"):
        said = call(lab.root, "archive.why", path).out
        assert said.startswith(f"{path}: moved, staged, not committed\n")
        assert "archive/builds/build_v1.py" in said
        assert json.loads(call(lab.root, "archive.why", path, "--json").out)["verdict"] == "staged"


def test_why_says_that_git_tracks_no_such_path(lab: Repo, call: Start) -> None:
    assert "git tracks no such path" in call(lab.root, "archive.why", "nonexist").out


def test_an_option_in_the_place_of_a_path_is_refused_with_the_right_command(lab: Repo, call: Start) -> None:
    for name in ("archive.why", "archive.restore"):
        said = call(lab.root, name, "--help")
        assert (said.code, "path-option" in said.err, f"--help {name}" in said.err) == (4, True, True)


def test_an_unknown_task_has_a_suggestion(lab: Repo, call: Start) -> None:
    said = call(lab.root, "archive.al")
    assert (said.code, "Did you mean archive.all?" in said.err) == (1, True)


def test_a_step_that_matched_nothing_is_not_done(repo: MakeRepo, call: Start) -> None:
    said = call(repo({"src/app.py": "print(1)\n"}, PLAN).root, "archive.plan", "--no-references").out
    assert "nothing matched" in said
    assert "✓" not in said


def test_a_step_with_nothing_to_do_says_what_is_still_to_be_archived(lab: Repo, call: Start) -> None:
    lab.archive()
    call(lab.root, "archive.restore", "lab/build_v1.py")
    for name in ("archive.readme", "archive.commit"):
        said = call(lab.root, name).out
        assert "Nothing to do in this step; 1 file is still to be archived." in said


def test_undoing_a_restore_puts_files_into_the_archive_again(lab: Repo, call: Start) -> None:
    lab.archive()
    call(lab.root, "archive.restore", "lab/build_v1.py")
    said = call(lab.root, "archive.undo").out
    assert said.startswith("✓ Restore undone: 1 file in the archive again, by commit ")


def test_a_long_line_of_a_plan_is_whole_in_a_pipe(repo: MakeRepo, call: Start) -> None:
    name = f"lab/build_{'x' * 120}.py"
    said = call(repo({**LAB, name: "1\n"}).root, "archive.plan").out
    assert name in said
    assert not [line for line in said.splitlines() if line != line.rstrip()]


def test_different_kinds_and_remedies_are_different_causes(repo: MakeRepo, call: Start) -> None:
    links = "".join(f"[{number}](../notes/idea.md)\n" for number in range(4))
    files = {**LAB, "docs/guide.md": links, "tools/read.sh": "cat notes/idea.md\n" * 4}
    made = repo(files)
    said = call(made.root, "validate.references").out
    assert said.count("notes/idea.md moves to archive/papers/notes/idea.md: 4 places break") == 2
    lines = call(made.root, "validate.references", "--github").out.splitlines()
    assert len(lines) == 2
    assert all("3 more like this" in line for line in lines)


def test_nothing_breaks_where_there_are_mentions(repo: MakeRepo, call: Start) -> None:
    said = call(repo({**LAB, "docs/a.md": "It was notes/idea.md.\n"}).root, "validate.references").out
    assert "1 place only mentions what goes, such as docs/a.md:1" in said
    assert said.endswith("Nothing breaks.\n")
