"""The screens: columns that align, words that fit, hints that can be typed."""

import re
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from mothball.cli import findings, terminal
from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from tests.cli.conftest import Start
from tests.conftest import LAB, PLAN, MakeRepo, Repo


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def problem(
    code: str = "some", where: str = "here", *, found: str = "this", blocking: bool = True
) -> Problem:
    return Problem(code=code, where=where, found=found, remedy="Do that.", blocking=blocking)


def test_rows_align_whatever_the_width_of_letters(capsys: pytest.CaptureFixture[str]) -> None:
    table = [[Text("中文"), Text("1"), Text("a")], [Text("ab"), Text("20"), Text("b")]]
    terminal.rows(Console(soft_wrap=True), table, right={1})
    assert printed(capsys) == ["中文   1  a", "ab    20  b"]


def test_a_body_hangs_beside_its_lead(capsys: pytest.CaptureFixture[str]) -> None:
    narrow = Console(width=39, force_terminal=True, soft_wrap=True, color_system=None)
    terminal.hang(narrow, Text("lead  "), Text("word " * 12))
    assert printed(capsys) == [f"lead  {'word ' * 6}".rstrip(), f"      {'word ' * 6}".rstrip()]


@pytest.mark.parametrize(
    ("started", "path", "line"),
    [
        ("/bin/invoke", "/usr/bin:/bin", "invoke archive.undo"),
        ("/opt/x/mothball", "/bin", "/opt/x/mothball archive.undo"),
        (".venv/bin/inv", "/bin", ".venv/bin/inv archive.undo"),
        ("/x/mothball/__main__.py", "/bin", "python -m mothball archive.undo"),
        ("/x/pytest", "/bin", "invoke archive.undo"),
    ],
)
def test_a_hint_is_typed_as_the_program_was(
    monkeypatch: pytest.MonkeyPatch, started: str, path: str, line: str
) -> None:
    monkeypatch.setattr(sys, "argv", [started, "archive.all"])
    monkeypatch.setenv("PATH", path)
    assert terminal.command("archive.undo") == line


def test_a_hint_names_the_same_repository_and_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["invoke", "archive.all", "--repo", "a b", "--plan=x.toml"])
    assert terminal.command("archive.undo").endswith("archive.undo --repo 'a b' --plan x.toml")


def test_git_is_sent_to_the_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    monkeypatch.chdir(tmp_path)
    assert terminal.in_repository(tmp_path) == ""
    assert terminal.in_repository(tmp_path / "a b") == "-C 'a b' "


def test_of_many_alike_only_some_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    findings.tell([problem(where=f"p{n}") for n in range(9)] + [problem("other")], terminal.console())
    said = printed(capsys)
    assert [line for line in said if line.startswith("✗")] == [
        *(f"✗ p{number}  some" for number in range(5)),
        "✗ here  other",
    ]
    assert "  and 4 more of this kind; --json lists all" in said
    assert said.count("  Do that.") == 1


def test_a_refusal_over_many_breaks_says_where_they_are_told_by_cause(repo: MakeRepo, call: Start) -> None:
    names = [f"use{number:02}" for number in range(12)]
    made = repo({**LAB, **{f"core/{name}.sh": "sh ../lab/build_v1.py\n" for name in names}})
    said = call(made.root, "archive.all")
    assert said.err.count("✗") == 10
    rest = "and 2 more of this kind; `validate.references` shows them by cause and, with --json, all"
    assert rest in said.err
    assert "12 problems." in said.err


def test_a_look_ahead_tells_every_break(repo: MakeRepo, call: Start) -> None:
    names = [f"use{number:02}" for number in range(12)]
    made = repo({**LAB, **{f"core/{name}.sh": "sh ../lab/build_v1.py\n" for name in names}})
    said = call(made.root, "archive.plan").out
    assert all(f"✗ core/{name}.sh:1:4" in said for name in names)


def test_a_notice_of_before_gives_way_to_that_of_after() -> None:
    def outcome(*found: Problem) -> Outcome:
        return Outcome(code="c", title="t", problems=found)

    before = outcome(problem(found="failed before", blocking=False))
    after = outcome(problem(found="fails as before", blocking=False), problem(where="z", blocking=False))
    assert [each.found for each in findings.notices([before, after])] == ["fails as before", "this"]


def test_the_lines_of_a_run_align(lab: Repo, call: Start) -> None:
    said = call(lab.root, "archive.all")
    lines = [line for line in said.out.splitlines() if line.startswith("✓")]
    assert [line.split()[1] for line in lines] == [
        "validate.before",
        *("structure", "builds", "tests", "notes", "readme", "commit"),
        "validate.after",
    ]
    starts = {match.start(1) for line in lines if (match := re.match(r"✓ \S+ +(\S)", line))}
    assert starts == {19}


def test_a_run_closes_with_what_moved_what_is_proved_and_the_way_on(lab: Repo, call: Start) -> None:
    said = call(lab.root, "archive.all")
    head = lab.head[:12]
    assert said.out.partition("\n\n")[2].splitlines() == [
        f"5 files archived in commit {head}.",
        "  proved  Every file is still there, byte for byte",
        "          Every path of before has one place now",
        "          The keep set is untouched",
        f"  look    git show --stat -M {head}",
        "  undo    invoke archive.undo" if "invoke" in said.out else "  undo    mothball archive.undo",
        f"  push    {'invoke' if 'invoke' in said.out else 'mothball'} archive.commit --push",
        "  report  .git/mothball-reports/archive-analysis.html (.md, .json beside it)",
    ]


def test_what_was_measured_is_a_table(repo: MakeRepo, call: Start) -> None:
    metric = (
        '[[metric]]\nname = "Lab"\ncount = ["/lab/"]\nafter = 1\n[[metric]]\nname = "All"\ncount = ["*"]\n'
    )
    said = call(repo(plan=PLAN + metric).root, "archive.all")
    assert said.out.split("\n\n")[1].splitlines() == [
        "  measured  before  after  promised",
        "  Lab            4      1         1",
        "  All           13     15",
    ]


def test_commits_per_category_are_looked_at_together(repo: MakeRepo, call: Start) -> None:
    mine = repo(plan=f"{PLAN}per-category = true\n")
    said = call(mine.root, "archive.all")
    assert "5 files archived in 4 commits." in said.out
    assert f"git log -4 --stat -M {mine.head[:12]}" in said.out


def test_a_single_step_says_what_comes_next(lab: Repo, call: Start) -> None:
    said = call(lab.root, "archive.builds")
    assert "✓ builds  2 files to archive/builds/" in said.out
    assert "2 files staged, nothing committed yet." in said.out
    assert re.search(r"next +\S+ archive.all$", said.out, re.MULTILINE)
    assert "0 files" not in call(lab.root, "archive.structure").out


def test_what_stays_behind_is_named(lab: Repo, call: Start) -> None:
    lab.write({"notes/deep/er/secret.env": "x\n"})
    said = call(lab.root, "archive.all")
    assert "! 1 untracked file stays in place: notes/deep/er/secret.env" in said.out


def test_status_tells_done_pending_and_blocked(lab: Repo, call: Start) -> None:
    call(lab.root, "archive.builds")
    lab.write({"lab/test_v1.py": "edited\n"})
    said = call(lab.root, "archive.status").out
    rows = dict(re.findall(r"^\S (\S+) +(done|pending|blocked)", said, re.MULTILINE))
    assert (rows["builds"], rows["tests"]) == ("done", "blocked")
    assert "Blocked. What is in the way: " in said


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("lab/build_v1.py", "lab/build_v1.py: to be archived"),
        ("core/kernel.py", "core/kernel.py: kept: no pattern moves it"),
        ("mothball.toml", "mothball.toml: protected: "),
        ("setup.cfg", "setup.cfg: unclassified: no pattern matches it, so it stays"),
        ("no/where", "no/where: git tracks no such path, and mothball touches none that it does not track"),
    ],
)
def test_why_gives_every_verdict(lab: Repo, call: Start, path: str, sentence: str) -> None:
    assert call(lab.root, "archive.why", path).out.startswith(sentence)


@pytest.mark.parametrize("path", ["lab/build_v1.py", "archive/builds/build_v1.py"])
def test_why_finds_what_was_archived_by_either_name(lab: Repo, call: Start, path: str) -> None:
    lab.archive()
    said = call(lab.root, "archive.why", path).out
    assert said.startswith(f"{path}: archived\n")
    assert re.search(r"was +lab/build_v1.py\n  is now +archive/builds/build_v1.py\n", said)
    assert "archive.restore archive/builds/build_v1.py" in said


@pytest.mark.parametrize(
    "path", ["build_v1.py", "../lab/build_v1.py", "lab/build_v1.py", "{root}/lab/build_v1.py"]
)
def test_why_takes_paths_as_git_does(lab: Repo, call: Start, path: str) -> None:
    said = call(lab.root / "lab", "archive.why", path.format(root=lab.root))
    assert said.out.startswith("lab/build_v1.py: to be archived")


@pytest.mark.parametrize("path", ["../../x", "/etc/passwd"])
def test_why_refuses_what_lies_outside(lab: Repo, call: Start, path: str) -> None:
    said = call(lab.root / "lab", "archive.why", path)
    assert said.code == 4
    assert "no path inside of the repository" in said.err


def test_the_way_back_says_what_came_back(lab: Repo, call: Start) -> None:
    lab.archive()
    said = call(lab.root, "archive.undo")
    assert said.out.splitlines()[0].startswith("✓ 5 files back in place, by commit ")
    assert "  lab/build_v1.py" in said.out
    call(lab.root, "archive.readme")
    assert call(lab.root, "archive.undo").out.startswith("Nothing to undo")


def test_commands_none_of_which_passed_are_not_told_as_proof(repo: MakeRepo, call: Start) -> None:
    proof = "The user's commands pass as they did before"
    for command, told in (("false", False), ("true", True)):
        made = repo(plan=f'{PLAN}[validate]\ncommands = ["{command}"]\n')
        said = call(made.root, "archive.all", "--trust", "--no-reports")
        assert (proof in said.out, "no command passed before" in said.out) == (told, not told)
