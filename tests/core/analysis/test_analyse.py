"""The archive analysis: its numbers are the trees', and nothing that a name or a plan says breaks it."""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mothball.core.analysis.analyse import LISTED, MARK, analysis_page, is_analysis
from mothball.core.analysis.steps import COMMANDS
from mothball.core.analysis.values import Analysis, Moment, applied, unapplied
from mothball.core.branches import BREADTH, DEPTH, LINES, directory_tree, file_tree
from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from mothball.core.ledger import Ledger
from mothball.core.markdown import fenced, share, shell_word, span, words
from mothball.core.plan.model import Plan
from mothball.core.selection import select
from mothball.core.show import visible
from mothball.core.work import Work, Write
from mothball.effects.git import encode
from tests.conftest import LAB, MOVES, PLAN, plan_of, tree_of

HEAD = Moment("1" * 40, "2" * 40)
PROMISES = """
[validate]
closed = ["/lab/"]

[[metric]]
name  = "Files in the lab"
count = ["/lab/"]
after = 1
"""
HOSTILE = (
    "`", "``", "```", "````\n```", "~~~", "a|b", "a\\|b", "| --- |", "<img src=x onerror=alert(1)>",
    "<!--", "-->", "<script>", "]]>", "[link](javascript:alert(1))", "![pixel](p.png)", "<http:example>",
    "\x1b[31mred", "\x1b]0;title\x07", "new\nline", "\r", "\t", "\u202egnp.exe", "\u200b", "\u2028",
    "\x85", "\udcff\udcfe", "*bold*", "_", "~~gone~~", "# heading", "- item", "1. one", "> quote", "---",
    "===", "    code", "&lt;", "&#96;", "-rf", "--help", "$(touch pwned)", "`touch pwned`", "'; touch x; '",
    '"', "a b", " ", "!", "$HOME", "~", "*", "\\", "@someone", "#1", "{{ plan }}", "😀", "a" * 200,
)  # fmt: skip
"""Names that mean something to Markdown, HTML, a terminal or a shell."""


def analysis_of(plan: Plan, paths: Iterable[str], **more: Any) -> Analysis:
    """Work out on paths what becomes of them."""
    tree = tree_of(*paths)
    moves = select(plan, tree, Ledger()).all_moves
    case = Analysis(
        plan=plan,
        root="/home/somebody/lab",
        head=HEAD,
        before=tree,
        after=applied(plan, tree, moves),
        moves=moves,
        ledger=Ledger(),
        outcomes=(Outcome(code="some-check", title="Something holds", problems=()),),
    )
    return replace(case, **more)


def page_of(paths: Iterable[str] = LAB, plan: str = PLAN + PROMISES, **more: Any) -> str:
    return analysis_page(analysis_of(plan_of(plan), paths, **more))


def section(page: str, title: str) -> str:
    """Return one section without its heading."""
    [found] = re.findall(
        rf"^## [^\n]*{re.escape(title)}[^\n]*\n(.*?)(?=^---$|\Z)", page, re.MULTILINE | re.DOTALL
    )
    return str(found)


def blocks(page: str) -> list[tuple[str, str]]:
    """Return type and content of everything that a reader of Markdown makes of the page."""
    found = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page):
        found += [(child.type, child.content) for child in token.children or ()]
        found.append((token.type, token.content))
    return found


def fences(page: str) -> list[str]:
    return [content for kind, content in blocks(page) if kind == "fence"]


def tables(page: str) -> list[list[str]]:
    """Return the rows of each table as they are in the text."""
    outside = re.sub(r"^(`{3,}).*?^\1$", "", page, flags=re.MULTILINE | re.DOTALL)
    return [table.strip().split("\n") for table in re.findall(r"(?:^\|.*\n)+", outside, re.MULTILINE)]


def columns(row: str) -> int:
    """Count the cells of a row as GitHub does: a pipe after a backslash is none."""
    return len(re.findall(r"(?<!\\)\|", row)) - 1


def test_the_sections_come_in_the_order_of_the_first_users_document() -> None:
    assert re.findall(r"^## \S+ (.*)$", page_of(), re.MULTILINE) == [
        "Current State",
        "KEEP (Production Essentials)",
        "ARCHIVE (Experimental)",
        "Proposed Archive Structure",
        "After Archiving: Clean Structure",
        "Impact",
        "Execution Plan",
        "Result",
        "Decision",
    ]


def test_the_current_state_adds_up() -> None:
    found = tables(section(page_of(), "Current State"))[0]
    assert found == [
        "| What | Files | Share |",
        "| --- | ---: | ---: |",
        "| To archive: Old build scripts | 2 | 16.7 % |",
        "| To archive: Old tests | 1 | 8.3 % |",
        "| To archive: Notes | 2 | 16.7 % |",
        "| Kept: Production | 3 | 25 % |",
        "| Neither kept nor archived: `README.md`, `lab/in_use.py`, `setup.cfg`, 1 more | 4 | 33.3 % |",
        "| **All tracked files** | **12** | 100 % |",
    ]


def test_what_lies_in_the_archive_is_counted_once_though_it_is_kept() -> None:
    plan = PLAN.replace('["/core/"]', '["/core/", "/archive/"]')
    found = tables(
        section(page_of([*LAB, "archive/builds/old.py", "archive/README.md"], plan), "Current State")
    )
    assert "| Kept: Production | 3 | 21.4 % |" in found[0]
    assert "| In the archive already | 2 | 14.3 % |" in found[0]


def test_a_closed_directory_says_what_becomes_of_its_files_and_names_those_that_nobody_claims() -> None:
    assert (
        "### `lab/` (4 files)\n"
        "\n"
        "- 2 to archive: Old build scripts (`/lab/build*.py`)\n"
        "- 1 to archive: Old tests (`/lab/test_*.py`)\n"
        "- 0 kept\n"
        "- 1 neither kept nor archived\n"
        "\n"
        "```\n"
        "lab/in_use.py\n"
        "```\n"
    ) in section(page_of(), "Current State")


def test_the_keep_set_is_a_tree_of_the_files_that_are_there() -> None:
    assert section(page_of(), "KEEP").strip() == (
        "### Production (3 files)\n\n```\ncore/\n├── deep/table.csv\n├── kernel.py\n└── tool.sh\n```"
    )


def test_a_category_names_its_files_their_destination_and_the_reason() -> None:
    assert (
        "### Category 1: Old build scripts (2 files)\n"
        "\n"
        "Archive to: `archive/builds/`\n"
        "\n"
        "```\n"
        "lab/build_v1.py\n"
        "lab/build_v2.py\n"
        "```\n"
        "\n"
        "**Reason**: Superseded by make.\n"
    ) in section(page_of(), "ARCHIVE")


def test_a_long_category_is_cut_and_counted() -> None:
    page = page_of(f"lab/build{number:03}.py" for number in range(LISTED + 12))
    listed = fences(section(page, "ARCHIVE"))[0].splitlines()
    assert len(listed) == LISTED + 1
    assert listed[-1] == "… and 12 more"
    commands = fences(section(page, "Execution Plan"))
    assert [block.count("git mv") for block in commands if "git mv" in block] == [COMMANDS]
    assert f"# {LISTED} more commands like these\n" in "".join(commands)


def test_a_category_of_another_size_than_the_plan_expects_says_so() -> None:
    page = page_of(plan=PLAN.replace('reason = "Superseded by make."', 'reason = "Old."\nexpect = 21'))
    assert "Old build scripts (2 files; the plan expects 21)" in page


def test_the_archive_is_a_tree_with_numbers() -> None:
    [found] = fences(section(page_of(), "Proposed Archive Structure"))
    assert found == (
        "archive/             ← 7 files\n"
        "├── builds/          ← 2 files: Old build scripts\n"
        "├── papers/          ← 2 files: Notes\n"
        "│   └── notes/       ← 2 files\n"
        "│       └── deep/    ← 1 file\n"
        "│           └── er/  ← 1 file\n"
        "└── tests/           ← 1 file: Old tests\n"
    )


def test_the_clean_structure_counts_the_items_of_the_root_and_says_what_changed() -> None:
    found = section(page_of(), "After Archiving")
    assert "### Root Directory (6 items; as many as before, `archive/` is new, `notes/` is gone)" in found
    assert fences(found) == ["README.md, archive/, core/, lab/, setup.cfg, src/\n", "lab/in_use.py\n"]


def test_the_impact_holds_the_plan_to_its_promises() -> None:
    assert tables(section(page_of(), "Impact"))[0] == [
        "| Metric | Before | After (as the plan leaves it) | Reduction | Promised |",
        "| --- | ---: | ---: | ---: | --- |",
        "| Files in the lab | 4 | 1 | 75 % | 1, met |",
        "| Tracked files outside of the archive | 12 | 7 | 41.7 % |  |",
        "| Tracked files in all | 12 | 14 | none: 16.7 % more |  |",
    ]


def test_a_promise_that_is_not_met_is_said_with_what_is_left_and_stands_in_the_way() -> None:
    paths = [*LAB, *(f"lab/stays{number:02}.py" for number in range(14))]
    page = page_of(paths, PLAN + PROMISES.replace("after = 1", "after = 8"))
    found = section(page, "Impact")
    assert "| Files in the lab | 18 | 15 | 16.7 % | 8, **not met** |" in found
    assert "**Not met: Files in the lab**: promised 8, measured 15." in found
    assert len(fences(found)[0].splitlines()) == 15
    assert "**Decision**: *Not ready*" in page
    assert "Files in the lab: 15 once everything is archived; expected 8." in section(page, "Decision")


def test_the_execution_plan_is_our_commands_and_those_of_git() -> None:
    assert fences(section(page_of(), "Execution Plan")) == [
        "mothball archive.all\n",
        "mothball archive.structure\n",
        "mkdir -p -- archive/builds\nmkdir -p -- archive/papers/notes/deep/er\nmkdir -p -- archive/tests\n",
        "mothball archive.builds\n",
        "git mv -- lab/build_v1.py archive/builds/\ngit mv -- lab/build_v2.py archive/builds/\n",
        "mothball archive.tests\n",
        "git mv -- lab/test_v1.py archive/tests/\n",
        "mothball archive.notes\n",
        (
            "git mv -- notes/deep/er/thought.md archive/papers/notes/deep/er/\n"
            "git mv -- notes/idea.md archive/papers/notes/\n"
        ),
        "mothball archive.readme\n",
        "git add -- archive/ledger.json archive/README.md README.md\n",
        "mothball archive.commit --push\n",
        "git commit -m 'refactor: archive experiments'\ngit push\n",
    ]


def test_a_branch_and_a_commit_per_category_are_in_the_execution_plan() -> None:
    plan = PLAN.replace("[commit]", '[commit]\nbranch = "tidy up"\nper-category = true'.replace(" up", "-up"))
    found = section(page_of(plan=plan), "Execution Plan")
    assert "git switch --create tidy-up\n" in found
    assert "The plan asks for one commit per category" in found


def test_without_problems_the_decision_is_to_execute() -> None:
    found = section(page_of(), "Decision")
    assert "**Decision**: *Ready to execute*" in found
    assert "| `some-check` | Something holds | passes |" in found
    assert "**Next**: `mothball archive.all`" in found


def test_every_blocker_is_told_and_no_machine_path() -> None:
    plan = replace(plan_of(), path="/home/somebody/plans/mothball.toml")
    root = "/home/somebody/lab"
    problems = (
        Problem(code="one", where=root, found=f"wrong in {root}/x", expected="right", remedy="Mend it."),
        Problem(code="two", where=f"{plan.path}:2:1: title", found="also wrong"),
        Problem(code="three", where="x", found="worth a word", blocking=False),
    )
    outcome = Outcome(code="one", title="It holds", problems=problems)
    page = analysis_page(analysis_of(plan, LAB, outcomes=(outcome,)))
    assert "*Not ready*" in page
    assert "the repository  (one)\n  wrong in x; expected right.\n  Mend it.\n" in page
    assert "mothball.toml:2:1: title  (two)\n  also wrong.\n" in page
    assert "### Worth knowing\n\n```\nx  (three)\n  worth a word.\n```" in page
    assert "| `one` | It holds | **fails**, 3 findings |" in page
    assert "/home" not in page


def test_with_nothing_left_there_is_nothing_to_do() -> None:
    assert "*Nothing to do*" in page_of(["core/kernel.py", "src/app.py"], PLAN)


def test_the_same_values_make_the_same_page_in_any_order() -> None:
    backwards = [*reversed([*LAB])]
    assert page_of() == page_of()
    assert page_of(backwards) == page_of()


def test_the_page_is_known_by_its_first_line() -> None:
    page = page_of()
    assert page.startswith(MARK + "\n")
    assert page.endswith("\n")
    assert not page.endswith("\n\n")
    assert is_analysis(page.encode())
    assert is_analysis(b"<!-- mothball:analysis/7 -->\r\nlater")
    for other in (b"", b"# Archive Analysis\n", b"text\n" + MARK.encode(), b"<!-- mothball:begin -->"):
        assert not is_analysis(other)


def test_work_that_is_staged_can_be_taken_out_of_a_tree() -> None:
    plan = plan_of()
    before = tree_of(*LAB)
    moves = select(plan, before, Ledger()).all_moves
    after = applied(plan, before, moves)
    written = [
        Write(path, None, b"") for path in after if path.endswith(("ledger.json", "archive/README.md"))
    ]
    assert set(after) == (set(before) - set(MOVES)) | set(MOVES.values()) | {write.path for write in written}
    assert unapplied(after, Work(moves=moves, writes=tuple(written))) == before


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_breaks_a_table_ends_a_fence_or_opens_a_tag(name: str) -> None:
    safe = [f"lab/build{name}x.py", f"core/{name}", f"lab/{name}", name]
    plain = ["lab/buildQx.py", "core/Q", "lab/Q", "Q"]
    plan = PLAN + PROMISES.replace("after = 1", "after = 0")
    problem = Problem(code="odd", where=name, found=f"`{name}` is odd", remedy=f"Look at {name}.")
    found = page_of([*LAB, *safe], plan, outcomes=(Outcome(code="odd", title="Fine", problems=(problem,)),))
    other = page_of([*LAB, *plain], plan, outcomes=(Outcome(code="odd", title="Fine", problems=(problem,)),))
    assert all(char.isprintable() or char == "\n" for char in found)
    assert [kind for kind, _ in blocks(found)] == [kind for kind, _ in blocks(other)]
    assert [content for kind, content in blocks(found) if kind.startswith("html")] == [MARK + "\n"]
    assert [len({columns(row) for row in table}) for table in tables(found)] == [1] * len(tables(other))
    shown = "".join(fences(found))
    assert all(visible(part) in shown for part in (f"lab/build{name}x.py", f"lab/{name}", name))


@pytest.mark.parametrize("text", [name for name in HOSTILE if name.isprintable()], ids=ascii)
def test_no_word_of_the_plan_opens_a_tag_a_link_or_a_column(text: str) -> None:
    said = text.replace("\\", "\\\\").replace('"', '\\"')
    plan = PLAN.replace("Old build scripts", f"Old {said} scripts").replace(
        "Superseded by make.", f"x {said} y"
    )
    plan = plan.replace('"Focus"', f'"Fo {said} cus"') + PROMISES.replace("in the lab", f"in {said} lab")
    found = page_of(plan=plan)
    kinds = {kind for kind, _ in blocks(found)}
    assert not kinds & {"link_open", "image", "html_inline"}
    assert [content for kind, content in blocks(found) if kind.startswith("html")] == [MARK + "\n"]
    assert [len({columns(row) for row in table}) for table in tables(found)] == [1] * len(tables(page_of()))
    assert fences(found)[:3] == fences(page_of())[:3]


def test_words_keep_their_code_spans() -> None:
    assert words("see `a.py` and `b.py`") == "see `a.py` and `b.py`"
    assert words("a ` b") == "a &#96; b"
    assert words("a \\`b` c") == "a \\&#96;b&#96; c"
    assert words("[a](b)") == "\\[a](b)"


def test_a_span_outside_of_a_table_shows_pipes_as_they_are() -> None:
    assert span("a|b") == "`a|b`"
    assert span("a\\|b") == "`a\\|b`"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 0, "-"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (72, 80, "90 %"),
        (94, 118, "79.7 %"),
        (1, 100_000, "0.1 %"),
        (99_999, 100_000, "99.9 %"),
        (100_001, 100_000, "100.1 %"),
        (3000, 10, "30,000 %"),
    ],
)
def test_a_share_never_rounds_to_none_or_all(part: int, whole: int, shown: str) -> None:
    assert share(part, whole) == shown


ODD = st.text(st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from("\udcff\x1b\n'\\`$!"))


@settings(max_examples=20)
@given(st.lists(ODD, max_size=50))
def test_bash_reads_a_word_as_the_very_name(names: list[str]) -> None:
    said = [shell_word(name) for name in (*HOSTILE, *names)]
    assert all(word.isprintable() for word in said)
    script = f"printf '%s\\0' {' '.join(said)}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert done.stdout == b"".join(encode(name) + b"\0" for name in (*HOSTILE, *names))


@given(st.lists(st.text("`~a \n", max_size=8)))
def test_a_fence_is_ended_by_nothing_in_it(lines: list[str]) -> None:
    found = MarkdownIt("commonmark").parse("\n".join([*fenced(lines), "after"]))
    assert [token.type for token in found] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert found[0].content.split("\n")[:-1] == [visible(line) for line in lines]


PATHS = st.lists(
    st.lists(st.sampled_from("abcdefghijklmnopqr"), min_size=1, max_size=9).map("/".join),
    max_size=200,
    unique=True,
)


@given(PATHS)
def test_a_tree_shows_or_counts_every_file(paths: list[str]) -> None:
    files = [path for path in paths if not any(other.startswith(path + "/") for other in paths)]
    lines = file_tree(files)
    assert len(lines) <= LINES + 1
    total = 0
    for line in lines:
        counted = re.search(r"(?:… and ([\d,]+) more file|/ \(([\d,]+) file)", line)
        total += int(counted[1] or counted[2]) if counted else not line.endswith("/")
    assert total == len(files)


def test_a_tree_is_as_broad_and_deep_as_a_page_holds() -> None:
    assert file_tree(f"a/{number:02}" for number in range(BREADTH + 1))[-1] == f"└── {BREADTH:02}"
    assert file_tree(f"a/{number:02}" for number in range(BREADTH + 2))[-1] == "└── … and 2 more files"
    deep = [f"{'/'.join('d' * level)}/{name}" for level in range(1, 3000) for name in "ab"]
    assert len(file_tree(deep)) <= 4 * DEPTH
    assert len(directory_tree(deep, {})) == DEPTH


def test_a_chain_of_directories_is_one_line_and_directories_come_first() -> None:
    assert file_tree(["z/y/x", "b", "a/b/c", "a/b/d"]) == ["a/b/", "├── c", "└── d", "z/y/x", "b"]
