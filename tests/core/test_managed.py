"""The managed section: between the markers it is ours, everywhere else the maintainer's, byte for byte."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.errors import Refused
from mothball.core.managed import BEGIN, END, section_of, with_section, without_section

BOM = b"\xef\xbb\xbf"
SECTION = "## In use\n\ntext\n"
BLOCK = f"{BEGIN}\n{SECTION}{END}\n".encode()


def put(content: bytes | None, section: str = SECTION) -> bytes:
    return with_section(content, section, path="README.md", heading="Kernel")


def take(content: bytes | None) -> bytes | None:
    return without_section(content, path="README.md", heading="Kernel")


def test_a_missing_file_gets_heading_and_section() -> None:
    assert put(None) == b"# Kernel\n\n" + BLOCK


@pytest.mark.parametrize("content", [b"", BOM])
def test_an_empty_file_gets_the_section_after_its_byte_order_mark(content: bytes) -> None:
    assert put(content) == content + BLOCK


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"# K\n", b"# K\n\n" + BLOCK),
        (b"# K\n\n", b"# K\n\n\n" + BLOCK),
        (b"# K", b"# K\n" + BLOCK),
        (b"# Kernel\n", b"# Kernel\n\n\n" + BLOCK),
        (b"\n", b"\n\n" + BLOCK),
        (b"# K\r\n", b"# K\r\n\r\n" + BLOCK.replace(b"\n", b"\r\n")),
        (b"# K\r\nx", b"# K\r\nx\r\n" + BLOCK.replace(b"\n", b"\r\n")),
        (BOM + b"# K\n", BOM + b"# K\n\n" + BLOCK),
        (b"\xff\xfe not text \x00\n", b"\xff\xfe not text \x00\n\n" + BLOCK),
        (b"<!-- mothball:beginning -->\n", b"<!-- mothball:beginning -->\n\n" + BLOCK),
        (b"text <!-- mothball:begin -->\n", b"text <!-- mothball:begin -->\n\n" + BLOCK),
        (b"    <!-- mothball:begin -->\n", b"    <!-- mothball:begin -->\n\n" + BLOCK),
    ],
)
def test_without_markers_the_section_is_appended_in_the_file_s_own_line_ends(
    content: bytes, expected: bytes
) -> None:
    assert put(content) == expected


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (b"", b""),
        (b"# K\n\n", b""),
        (b"# K\n", b"after\n"),
        (b"# K", b""),
        (b"# K\n", b"after, without a last line end"),
        (BOM + b"# K\n", b"after\n"),
        (BOM, b"after\n"),
        (b"```\n<!-- mothball:begin -->\n```\n", b"~~~\n<!-- mothball:end -->\n~~~\n"),
        (b"````\n```\n<!-- mothball:end -->\n````\n", b""),
        (b"\xff\x00\n", b"\xfe\n"),
    ],
)
def test_a_section_that_is_there_is_replaced_and_nothing_else(head: bytes, tail: bytes) -> None:
    if head and not head.endswith(b"\n") and head != BOM:
        head += b"\n"
    before = head + b"<!-- mothball:begin -->\nold\n\nold\n<!-- mothball:end -->\n" + tail
    assert put(before) == head + BLOCK + tail


def test_a_section_in_a_file_with_crlf_is_replaced_in_crlf() -> None:
    before = b"# K\r\n<!-- mothball:begin -->\r\nold\r\n<!-- mothball:end -->\r\nafter\r\n"
    assert put(before) == b"# K\r\n" + BLOCK.replace(b"\n", b"\r\n") + b"after\r\n"


def test_a_section_at_the_end_without_a_last_line_end_gets_none() -> None:
    before = b"# K\n<!-- mothball:begin -->\nold\n<!-- mothball:end -->"
    assert put(before) == b"# K\n" + BLOCK.removesuffix(b"\n")


def test_markers_that_a_person_wrote_with_other_words_count() -> None:
    assert (
        put(b"a\n<!-- mothball:begin mine -->\n<!-- mothball:end mine --> \nz\n") == b"a\n" + BLOCK + b"z\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"<!-- mothball:begin -->\n",
        b"<!-- mothball:end -->\n",
        b"<!-- mothball:end -->\n<!-- mothball:begin -->\n",
        b"<!-- mothball:begin -->\n<!-- mothball:begin -->\n<!-- mothball:end -->\n",
        b"<!-- mothball:begin -->\n<!-- mothball:end -->\n<!-- mothball:end -->\n",
        b"<!-- mothball:begin -->\n<!-- mothball:end -->\n" * 2,
        BOM + b"<!-- mothball:begin -->\n",
        b"# K\r\n<!-- mothball:end -->\r\n",
        b"<!-- mothball:begin -->\n```\n<!-- mothball:end -->\n```\n",
    ],
)
def test_markers_that_are_no_pair_are_refused_with_their_lines(content: bytes) -> None:
    for use in (put, take):
        with pytest.raises(Refused) as caught:
            use(content)
        (problem,) = caught.value.problems
        assert (problem.code, problem.where) == ("readme-markers", "README.md")
        assert "on line" in problem.found


@pytest.mark.parametrize(
    "content",
    [
        b"```\n<!-- mothball:begin -->\n<!-- mothball:end -->\n```\n",
        b"~~~ md\n<!-- mothball:end -->\n~~~\n",
        b"  ````\n```\n<!-- mothball:begin -->\n  ````\n",
        b"```\n~~~\n<!-- mothball:begin -->\n```\n",
    ],
)
def test_markers_in_a_fence_are_the_maintainer_s_words(content: bytes) -> None:
    assert section_of(content, path="README.md") is None
    assert put(content) == content + b"\n" + BLOCK
    assert take(content) == content


def test_code_on_one_line_opens_no_fence() -> None:
    once = put(b"```pip install kernel```\n\nmore\n")
    assert put(once) == once


def test_a_fence_that_is_never_closed_gives_one_section_or_is_refused() -> None:
    try:
        once = put(b"# K\n\n```sh\npip install kernel\n")
    except Refused:
        return
    assert put(once) == once


lines = st.sampled_from(["# K", "", "text", "- item", "```", "````", "~~~", "\ttab", "    deep", "é ü"])


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Text files of people: any line ends, with and without a byte order mark, fences closed."""
    rows = draw(st.lists(lines))
    for fence in ("```", "~~~"):
        rows = [row for row in rows if not row.startswith(fence)]
    rows += draw(
        st.sampled_from([[], ["```", "code", "<!-- mothball:begin -->", "```"], ["~~~~", "```", "~~~~"]])
    )
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    text = eol.join(rows) + draw(st.sampled_from(["", eol]))
    return draw(st.sampled_from([b"", BOM])) + text.encode()


@settings(max_examples=40)
@given(documents(), st.sampled_from(["a\n", SECTION, "```\nx\n```\n"]))
def test_writing_a_section_twice_is_writing_it_once(content: bytes, section: str) -> None:
    once = put(content, section)
    assert put(once, section) == once


@settings(max_examples=40)
@given(documents())
def test_a_new_section_leaves_every_byte_around_it(content: bytes) -> None:
    old = section_of(put(content, "old\n"), path="x")
    new = section_of(put(put(content, "old\n"), "new\n"), path="x")
    assert old is not None
    assert new is not None
    assert put(put(content, "old\n"), "new\n") == put(content, "old\n").replace(old, new)


@settings(max_examples=40)
@given(documents())
def test_a_written_file_begins_with_all_that_was_there(content: bytes) -> None:
    assert put(content).startswith(content)


@settings(max_examples=40)
@given(documents())
def test_a_section_taken_out_again_leaves_what_was_there(content: bytes) -> None:
    assert take(put(content)) == content


ODD = [b"\n", b"\r", b"# Kernel", b"x", BOM]


@pytest.mark.parametrize("length", range(6))
def test_a_section_taken_out_leaves_odd_line_ends_too(length: int) -> None:
    for content in map(b"".join, product(ODD, repeat=length)):
        assert take(put(content)) == content


def test_a_file_of_ours_alone_goes_with_its_section() -> None:
    assert take(put(None)) is None


@pytest.mark.parametrize("content", [None, b"", b"# K\n"])
def test_taking_out_of_a_file_without_section_changes_nothing(content: bytes | None) -> None:
    assert take(content) == content


def test_a_heading_that_somebody_changed_stays() -> None:
    mine = put(None).replace(b"# Kernel", b"# Mine")
    assert take(mine) == b"# Mine\n"


def test_the_section_is_read_with_its_markers() -> None:
    assert section_of(b"a\n" + BLOCK + b"z\n", path="x") == BLOCK
    assert section_of(None, path="x") is None
