"""What style sheets import and show, with the ways in which Sass leaves out parts of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.readers.styles import Styles
from tests.core.references.world import breaks


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("@import 'x.css';", "web/x.css"),
        ("@import url(x.css) screen;", "web/x.css"),
        ("@import 'x', 'y';", "web/x.less"),
        ("@use 'old/x' as y;", "web/old/_x.scss"),
        ("@forward 'old';", "web/old/_index.scss"),
        ("a { background: url(img/i.png?v=1) }", "web/img/i.png"),
        ("a { background: url( '../i.svg#a' ) }", "i.svg"),
        ("a { composes: b from './x.css'; }", "web/x.css"),
        ("a { background: url(/img/i.png) }", "web/public/img/i.png"),
        ("a { background: url(~@/i.png) }", "web/src/i.png"),
    ],
)
def test_imports_and_addresses_are_breaks(line: str, file: str) -> None:
    assert len(breaks({"web/a.scss": line, file: "", "web/b.scss": ""}, {file: "archive/z"})) == 1


@pytest.mark.parametrize(
    "line",
    [
        "/* @import 'x.css'; */",
        "// @import 'x.css';",
        "a { background: url(https://host/x.css) }",
        ".x { color: red }",
    ],
)
def test_comments_and_addresses_of_others_are_none(line: str) -> None:
    assert breaks({"a.scss": line, "x.css": ""}, ["x.css"]) == []


@given(st.text(alphabet="@import url('\"x.css)/*;\n ~") | st.text())
def test_no_text_upsets_it(text: str) -> None:
    list(Styles().read(text, "a.css"))
    list(Styles().read("(" * 10 + "url(" * 1000 + text, "a.vue"))


def test_a_partial_is_imported_without_its_underscore() -> None:
    files = {"a.scss": '@use "p/old";\n@use "p/new";\n', "p/_old.scss": "", "p/_new.scss": ""}
    assert breaks(files, ["p/_old.scss"]) == ["a.scss:1 p/old -> p/_old.scss"]
