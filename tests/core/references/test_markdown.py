"""Pages in Markdown: what a renderer, a reader or a site builder no longer finds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Claim
from mothball.core.references.fixes import fixed
from mothball.core.references.pages.markdown import claims_of_markdown
from tests.core.references.world import breaks, compared, mentions, unknowns

HERE = {"docs/a.md": "", "docs/old/b.md": "", "docs/old/pic (1).png": "", "tools/x.py": "", "tools/y.sh": ""}


def _of(text: str, moves: list[str] | None = None, **more: str) -> list[str]:
    files = {**HERE, "docs/c.md": "", "docs/old/d.md": "", "docs/a.md": text, **more}
    found = breaks(files, moves or ["docs/old", "tools"])
    return [one.removeprefix("docs/a.md:") for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see [b](old/b.md)", "1 old/b.md -> docs/old/b.md"),
        ("see [b](old/b.md#part 'Title')", None),
        ("see [b](old/b.md#part)", "1 old/b.md#part -> docs/old/b.md"),
        ('see [b](old/b.md?raw=1 "Title")', "1 old/b.md?raw=1 -> docs/old/b.md"),
        ("![p](<old/pic (1).png>)", "1 old/pic (1).png -> docs/old/pic (1).png"),
        ("![p](old/pic%20(1).png)", "1 old/pic%20(1).png -> docs/old/pic (1).png"),
        ("[![p](old/pic%20(1).png)](c.md)", "1 old/pic%20(1).png -> docs/old/pic (1).png"),
        ("[b][ref]\n\n[ref]: old/b.md 'Title'", "3 old/b.md -> docs/old/b.md"),
        ("> * [ref]: <old/b.md>", "1 old/b.md -> docs/old/b.md"),
        ("> * a [b](old/b.md)", "1 old/b.md -> docs/old/b.md"),
        ("| a | b |\n|--|--|\n| x | [b](old/b.md) |", "3 old/b.md -> docs/old/b.md"),
        ("[dir](old/)", "1 old/ -> docs/old"),
        ("[dir](./old)", "1 ./old -> docs/old"),
        ("[root](/docs/old/b.md)", "1 /docs/old/b.md -> docs/old/b.md"),
        ("[site](/old/b)", "1 /old/b -> docs/old/b.md"),
        ("[site](./old/b)", "1 ./old/b -> docs/old/b.md"),
        ("[built](old/b.html)", "1 old/b.html -> docs/old/b.md"),
        ('<a href="old/b.md">b</a>', "1 old/b.md -> docs/old/b.md"),
        ('<p>\n<img alt="x" src="old/b.md">\n</p>', "2 old/b.md -> docs/old/b.md"),
        ('<source srcset="c.png 1x, old/b.md 2x">', "1 old/b.md -> docs/old/b.md"),
        ("{doc}`text <old/b>`", "1 old/b -> docs/old/b.md"),
        ("{download}`old/b.md`", "1 old/b.md -> docs/old/b.md"),
        ("```{include} old/b.md\n```", "1 old/b.md -> docs/old/b.md"),
        ("```{toctree}\n:hidden:\n\nc\nold/b\n```", "5 old/b -> docs/old/b.md"),
        ("````{note}\n[b](old/b.md)\n````", "2 old/b.md -> docs/old/b.md"),
        (":::{figure} old/b.md\n:::", "1 old/b.md -> docs/old/b.md"),
        ("{% link docs/old/b.md %}", "1 docs/old/b.md -> docs/old/b.md"),
        ("{% include-markdown './old/b.md' %}", "1 ./old/b.md -> docs/old/b.md"),
        ('{{< ref "old/b.md" >}}', "1 old/b.md -> docs/old/b.md"),
        ("{{< include old/b.md >}}", "1 old/b.md -> docs/old/b.md"),
        ("{{#include old/b.md:part}}", "1 old/b.md -> docs/old/b.md"),
        ('--8<-- "docs/old/b.md"', "1 docs/old/b.md -> docs/old/b.md"),
        ("[!INCLUDE [t](old/b.md)]", "1 old/b.md -> docs/old/b.md"),
        ("<!--@include: ./old/b.md-->", "1 ./old/b.md -> docs/old/b.md"),
        ("!!! note\n\n    see [b](old/b.md)", "3 old/b.md -> docs/old/b.md"),
        ("---\nimage: old/b.md\n---\n", "2 old/b.md -> docs/old/b.md"),
        ("run `python tools/x.py --fast` now", "1 tools/x.py -> tools/x.py"),
        ("```bash\ncd tools\npython x.py\n```", "3 x.py -> tools/x.py"),
        ("```\n$ bash tools/y.sh\ndone\n```", "2 tools/y.sh -> tools/y.sh"),
        ("1. so\n\n   ```sh\n   python tools/x.py\n   ```", "4 tools/x.py -> tools/x.py"),
        ("so:\n\n    python tools/x.py\n", "3 tools/x.py -> tools/x.py"),
    ],
)
def test_what_a_page_names_must_stay(text: str, expected: str | None) -> None:
    found = [one for one in _of(text) if expected is None or one == expected]
    assert found or expected is None


@pytest.mark.parametrize(
    "text",
    [
        "[c](c.md) stays",
        "[never there](gone/b.md)",
        "[elsewhere](https://example.org/old/b.md) and [mail](mailto:old/b.md)",
        "[anchor](#old/b.md)",
        r"\[b\](old/b.md)",
        "`[b](old/b.md)` is how a link is written",
        "```md\n[b](old/b.md)\n```",
        "<!-- [b](old/b.md) -->",
        "only `tools/x.py` is named",
        "the file tools/x.py",
        "```\ntools\n├── x.py\n└── y.sh\n```",
        "```text\nok tools/x.py\n```",
        "```console\n$ ls docs\ntools/x.py: ok\n```",
        "| Old | New |\n|--|--|\n| [b](old/b.md) | [b](../archive/docs/old/b.md) |",
        "```bash\ngit mv tools/x.py archive/x.py\n```",
    ],
)
def test_what_nobody_follows_is_no_break(text: str) -> None:
    assert _of(text) == []


def test_the_place_is_that_of_the_destination_as_it_is_written() -> None:
    text = "# T\r\n\r\n- > see [b [c]](<old/b.md> 't') and\r\n  > ![d](old/d.md)\r\n"
    claims = [one for one in claims_of_markdown(text, "docs/a.md") if one.kind == "markdown-link"]
    assert [(one.line, one.column, one.text) for one in claims] == [(3, 18, "old/b.md"), (4, 10, "old/d.md")]


def test_lines_count_from_where_the_text_begins() -> None:
    assert [one.line for one in claims_of_markdown("\n[b](old/b.md)", "x.ipynb", first_line=7)] == [8]


def test_a_change_log_tells_of_what_was() -> None:
    files = {"CHANGELOG.md": "- [x](tools/x.py), `python tools/x.py`", "tools/x.py": ""}
    assert breaks(files, ["tools"]) == []
    assert "CHANGELOG.md:1 tools/x.py -> tools/x.py" in mentions(files, ["tools"])


def test_a_decision_told_to_run_it_on_that_day_but_links_now() -> None:
    files = {"docs/adr/3.md": "`python tools/x.py` [x](../../tools/x.py)", "tools/x.py": ""}
    assert breaks(files, ["tools"]) == ["docs/adr/3.md:1 ../../tools/x.py -> tools/x.py"]


def test_a_page_that_moves_with_what_it_links_still_finds_it() -> None:
    files = {"docs/old/a.md": "[b](b.md) [c](../c.md)", "docs/old/b.md": "", "docs/c.md": ""}
    assert breaks(files, ["docs/old"]) == []


def test_a_wiki_link_and_an_import_of_a_bare_name_in_an_example_are_left_to_people() -> None:
    files = {
        "a.md": "[[docs/Guide]]\n\n```python\nfrom core import x\nfrom pkg.core import x\n```",
        "docs/Guide.md": "",
        "pkg/core.py": "",
        "core.py": "",
    }
    goes = ["docs", "pkg", "core.py"]
    assert unknowns(files, goes) == ["a.md:1 docs/Guide -> docs/Guide.md", "a.md:4 core -> core.py"]
    assert breaks(files, goes) == ["a.md:5 pkg.core -> pkg/core.py"]


def test_mdx_imports_what_it_shows() -> None:
    files = {
        "docs/a.mdx": "import B from './parts/b'\n\n<B src={require('./p.png')} />\n",
        "docs/parts/b.jsx": "",
    }
    assert breaks(files, ["docs/parts"]) == ["docs/a.mdx:1 ./parts/b -> docs/parts/b.jsx"]


def test_a_link_on_a_site_is_resolved_from_the_address_of_its_page() -> None:
    files = {"mkdocs.yml": "", "docs/a.md": "[b](../b/)", "docs/b.md": ""}
    assert breaks(files, ["docs/b.md"]) == ["docs/a.md:1 ../b/ -> docs/b.md"]


@pytest.mark.parametrize(
    "text",
    [
        "[x](../lab/a.py) " * 12_000,
        "[" * 12_000 + "x" + "](../lab/a.py)" * 12_000,
        "| [x](../lab/a.py) " * 12_000,
    ],
)
def test_no_length_of_line_takes_long(text: str) -> None:
    files = {"docs/a.md": text, "lab/a.py": ""}
    found = compared(files, ["lab"])
    assert found.change is not None
    assert len(found.findings) == 12_000
    done = fixed(text.encode(), "docs/a.md", found.findings, found.findings, found.change)
    assert done.content.decode() == text.replace("../lab", "../archive/lab")


_MARKS = st.sampled_from(
    ["[", "](", ")", "`", "```", "~~~", "\n", "\n\n", "> ", "- ", "    ", "<", ">", "<!--", "{", "}", "{%",
     "include", "a.md", "|", "|--|", "---\n", "$ ", "\\", "\0", "\ud800", "\t", "[[", "]]", "![", "]: ",
     "src=", '"', ":::", "é"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_MARKS | st.text(max_size=5), max_size=60).map("".join))
def test_any_text_is_read(text: str) -> None:
    for claim in claims_of_markdown(text, "a.mdx"):
        assert isinstance(claim, Claim)
        assert claim.line >= 1
        assert claim.column >= 1
