"""Where names stand in a text, and which JavaScript cannot mean any of them."""

import pytest

from mothball.core.references.readers.javascript import JavaScript
from mothball.core.references.sought import Sought
from mothball.core.references.standing import Parity, Standing, around

OLD = Sought({"lib/old-tool.js", "lib/gis/index.js"}, ["old-tool", "gis", '".."'])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("old-tool old_tool", ["old-tool", "old_tool"]),
        ("register gist gis_x", []),
        ("gis.x /gis", ["gis", "gis"]),
        ("\\ngis -Igis", ["gis", "gis"]),
        ("gist gis", ["gis"]),
        ("", []),
    ],
)
def test_names_are_found_as_words(text: str, found: list[str]) -> None:
    """A part of a longer word is none, but for what follows an escape or a flag."""
    content = text.encode()
    assert [
        content[a:b].decode() for a, b in Standing(["old-tool", "gis", "gist-x"]).places(content)
    ] == found


def test_what_is_around_a_place_is_its_line() -> None:
    assert around(b"a\nbc DE fg\nh", 5, 7) == (b"bc ", b" fg")


def test_a_sign_is_open_where_it_stood_an_odd_number_of_times() -> None:
    parity = Parity(b"`a` `b` `c", b"`")
    assert [parity.is_odd(at) for at in (0, 1, 3, 10)] == [False, True, False, True]


@pytest.mark.parametrize(
    "text",
    [
        'require("./gis")',
        "import x from './lib/old-tool'",
        "exec(`\nnode lib/old-tool.js\n`)",
        'const plugin = require("..")',
        "/** @type {import('./gis')} */",
    ],
)
def test_a_name_between_quotes_is_read(text: str) -> None:
    assert list(JavaScript().sift(text, "a.js", OLD)) == list(JavaScript().read(text, "a.js")) != []


@pytest.mark.parametrize("text", ['gis(require("./x"))', 'register["gist"] = require("./x")'])
def test_a_name_that_is_only_a_variable_is_not(text: str) -> None:
    assert list(JavaScript().sift(text, "a.js", OLD)) == []
    assert list(JavaScript().read(text, "a.js"))
