"""The pages: what they say is true, in the plan's words, and no name can break them."""

import posixpath
import re
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mothball.core.ledger import Ledger, Touch
from mothball.core.pages import LISTED, commit_message, index_section, readme_section
from mothball.core.plan.model import Plan
from mothball.core.tree import Entry, Move
from mothball.effects.git import decode
from tests.conftest import MOVES, PLAN, plan_of

LINK = re.compile(r"\]\(([^)]*)\)")
CATEGORIES = {"lab/b": "builds", "lab/t": "tests", "notes": "notes"}


def ledger_of(plan: Plan, moves: dict[str, str], touches: dict[str, Touch] | None = None) -> Ledger:
    records = [
        Move(source, target, Entry("100644", "0" * 40), CATEGORIES.get(source[:5], "builds"))
        for source, target in moves.items()
    ]
    return Ledger().having(records, plan, touches or {})


def links(page: str, section: str) -> list[str]:
    """The paths, from the root, that a page's links lead to."""
    found = (decode(unquote_to_bytes(link)) for link in LINK.findall(section))
    return [posixpath.normpath(posixpath.join(posixpath.dirname(page), link)) for link in found]


def linked_in_tables(section: str) -> list[str]:
    """Where the links of a page's tables lead, as a reader of Markdown sees them."""
    cells = [token for token in MarkdownIt("commonmark").enable("table").parse(section) if token.level == 4]
    inside = [child for token in cells for child in token.children or () if child.type == "link_open"]
    return [decode(unquote_to_bytes(str(link.attrs["href"]))) for link in inside]


def test_the_readme_says_what_is_in_use_and_where_the_rest_went() -> None:
    plan = plan_of()
    assert readme_section(plan, ledger_of(plan, MOVES), "README.md") == (
        "## What is in use\n"
        "\n"
        "Keep production code, archive experiments.\n"
        "\n"
        "**Production**\n"
        "\n"
        "- [`core/`](./core/)\n"
        "\n"
        "## What was archived\n"
        "\n"
        "| what | files | why | where |\n"
        "| --- | ---: | --- | --- |\n"
        "| Old build scripts | 2 | Superseded by make. | [`archive/builds/`](./archive/builds/) |\n"
        "| Old tests | 1 | They test what is gone. | [`archive/tests/`](./archive/tests/) |\n"
        "| Notes | 2 | Read once. | "
        "[`archive/papers/notes/`](./archive/papers/notes/) |\n"
        "\n"
        "Every file, its reason and the way back are in [`archive/README.md`](./archive/README.md).\n"
    )


def test_the_index_says_what_why_from_where_and_when_last_touched() -> None:
    plan = plan_of()
    touches = {"lab/build_v1.py": Touch("abcdef0123456789", "2024-01-02")}
    section = index_section(plan, ledger_of(plan, {"lab/build_v1.py": "archive/builds/build_v1.py"}, touches))
    assert (
        "## Old build scripts\n\n1 file (`builds`). Superseded by make.\nLast touched 2024-01-02.\n"
        in section
    )
    row = (
        "| [`archive/builds/build_v1.py`](./builds/build_v1.py) | `lab/build_v1.py` | 2024-01-02 abcdef0123 |"
    )
    assert row in section
    assert "mothball archive.restore PATH" in section


def test_the_index_gives_the_first_and_the_last_day_of_a_category() -> None:
    plan = plan_of()
    days = ["2024-03-01", "2022-12-31"]
    touches = {source: Touch("0" * 40, day) for source, day in zip(MOVES, days, strict=False)}
    assert "Last touched 2022-12-31 to 2024-03-01." in index_section(plan, ledger_of(plan, MOVES, touches))


def test_files_without_a_date_are_listed_without_one() -> None:
    plan = plan_of()
    section = index_section(plan, ledger_of(plan, {"lab/build_v1.py": "archive/builds/build_v1.py"}))
    assert "Last touched" not in section
    assert "| `lab/build_v1.py` |  |" in section


def test_categories_stand_in_the_plan_s_order_and_those_of_former_plans_last() -> None:
    full = plan_of()
    ledger = ledger_of(full, MOVES)
    shorter = plan_of(PLAN.replace('"builds"', '"aaa"'))
    titles = re.findall(r"^## (.*)$", index_section(shorter, ledger), re.MULTILINE)
    assert titles == ["Focus", "Old tests", "Notes", "Old build scripts", "How to get something back"]


@pytest.mark.parametrize("page", ["README.md", "docs/README.md", "a/b/c.md", "archive/x.md"])
def test_every_link_of_the_readme_leads_to_where_it_says(page: str) -> None:
    plan = plan_of(PLAN.replace('path = "README.md"', f'path = "{page}"'))
    expected = ["core", "archive/builds", "archive/tests", "archive/papers/notes", "archive/README.md"]
    assert links(page, readme_section(plan, ledger_of(plan, MOVES), page)) == expected


def test_a_kept_pattern_that_is_no_path_is_shown_and_not_linked() -> None:
    patterns = '["/core/*.py", "build.py", "/a b/c.py", "!/core/x.py"]'
    plan = plan_of(PLAN.replace('["/core/"]', patterns))
    section = readme_section(plan, ledger_of(plan, MOVES), "README.md")
    assert "- `/core/*.py`\n- `build.py`\n- [`a b/c.py`](./a%20b/c.py)\n- `!/core/x.py`\n" in section


@example(["]("])
@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_characters="/\0") | st.sampled_from("\udcff|`<&]([\\\n\x1b")
        ),
        min_size=1,
        max_size=5,
    )
)
def test_no_file_name_breaks_a_table_or_a_link(names: list[str]) -> None:
    names = [name for name in dict.fromkeys(names) if name not in {"", ".", ".."}]
    plan = plan_of()
    moves = {f"lab/{name}": f"archive/builds/{name}" for name in names}
    section = index_section(plan, ledger_of(plan, moves))
    rows = [line for line in section.split("\n") if line.startswith("| [")]
    assert len(rows) == len(names)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)
    assert all(char.isprintable() or char == "\n" for char in section)
    assert sorted(linked_in_tables(section)) == sorted(f"./builds/{name}" for name in names)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a | b", r"a \| b"),
        ("<script>alert()</script>", "&lt;script>alert()&lt;/script>"),
        ("one\\ntwo", "one two"),
        ("AT&T", "AT&amp;T"),
    ],
)
def test_the_plan_s_words_cannot_open_a_tag_or_a_column(words: str, shown: str) -> None:
    plan = plan_of(PLAN.replace('"Superseded by make."', f'"""{words}"""'))
    moves = {"lab/build_v1.py": "archive/builds/build_v1.py"}
    assert f"| {shown} |" in readme_section(plan, ledger_of(plan, moves), "README.md")


def test_a_long_category_is_cut_and_the_ledger_named() -> None:
    plan = plan_of()
    moves = {f"lab/build{number}.py": f"archive/builds/build{number}.py" for number in range(LISTED + 5)}
    section = index_section(plan, ledger_of(plan, moves))
    assert section.count("| [`archive/builds/") == LISTED
    assert "And 5 more files: see [`archive/ledger.json`](./ledger.json)." in section
    assert f"{LISTED + 5:,} files" in section


def test_the_pages_do_not_depend_on_the_order_of_the_moves() -> None:
    plan = plan_of()
    one, two = ledger_of(plan, MOVES), ledger_of(plan, dict(reversed(list(MOVES.items()))))
    assert index_section(plan, one) == index_section(plan, two)
    assert readme_section(plan, one, "README.md") == readme_section(plan, two, "README.md")


def test_a_commit_message_has_subject_words_and_trailers() -> None:
    message = commit_message("subject\n", [("A", "1"), ("B", "2")], ("why", "how"))
    assert message == "subject\n\nwhy\nhow\n\nA: 1\nB: 2\n"


def test_a_commit_message_without_words_has_none() -> None:
    assert commit_message("subject", [("A", "1")]) == "subject\n\nA: 1\n"
    assert commit_message("subject", [("A", "1")], ("", "")) == "subject\n\nA: 1\n"
