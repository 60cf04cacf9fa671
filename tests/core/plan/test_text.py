"""Every key of a TOML text is found, and stands where it is said to stand."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mothball.core.plan.model import Place
from mothball.core.plan.text import Path, dotted, locate, quoted

TEXT = '''\
# a comment with = and [brackets]
title = "a # no comment"

[[archive]]  # the first
name = 'a'
into."x/y" = ["/a", '/b',  # why
    """/c""",
]
into.z.w = { "p.q" = 1, r = [[2], { s = 3 }] }

[ "a b" . 'c"d' ]
long = """
name = "inside a text"
[[archive]]
"""
literal = \'\'\'it's [fine]\'\'\'
date = 1979-05-27 07:32:00
"\\u0041\\"" = -1.5e3

[[archive]]
name = "b"

[[archive.sub]]
x = 1
[archive.sub.deep]
y = 2
'''


def places(text: str) -> dict[str, tuple[int, int]]:
    return {dotted(path): (place.line, place.column) for path, place in locate(text).below()}


def test_every_kind_of_key_is_placed() -> None:
    assert places(TEXT) == {
        "title": (2, 1),
        "archive": (4, 3),
        "archive[0]": (4, 1),
        "archive[0].name": (5, 1),
        "archive[0].into": (6, 1),
        'archive[0].into."x/y"': (6, 6),
        'archive[0].into."x/y"[0]': (6, 15),
        'archive[0].into."x/y"[1]': (6, 21),
        'archive[0].into."x/y"[2]': (7, 5),
        "archive[0].into.z": (9, 6),
        "archive[0].into.z.w": (9, 8),
        'archive[0].into.z.w."p.q"': (9, 14),
        "archive[0].into.z.w.r": (9, 25),
        "archive[0].into.z.w.r[0]": (9, 30),
        "archive[0].into.z.w.r[0][0]": (9, 31),
        "archive[0].into.z.w.r[1]": (9, 35),
        "archive[0].into.z.w.r[1].s": (9, 37),
        '"a b"': (11, 3),
        '"a b"."c\\"d"': (11, 11),
        '"a b"."c\\"d".long': (12, 1),
        '"a b"."c\\"d".literal': (16, 1),
        '"a b"."c\\"d".date': (17, 1),
        '"a b"."c\\"d"."A\\""': (18, 1),
        "archive[1]": (20, 1),
        "archive[1].name": (21, 1),
        "archive[1].sub": (23, 11),
        "archive[1].sub[0]": (23, 1),
        "archive[1].sub[0].x": (24, 1),
        "archive[1].sub[0].deep": (25, 14),
        "archive[1].sub[0].deep.y": (26, 1),
    }


def test_what_is_missing_stands_where_its_table_stands() -> None:
    assert locate(TEXT).nearest(("archive", 1, "reason")) == Place(line=20, column=1)
    assert locate(TEXT).nearest(("nowhere",)) == Place(line=1, column=1)


def test_only_what_is_below_a_path_is_told() -> None:
    found = {dotted(path) for path, _ in locate(TEXT).below(("archive", 1))}
    assert found == {"name", "sub", "sub[0]", "sub[0].x", "sub[0].deep", "sub[0].deep.y"}


@pytest.mark.parametrize(
    "text", ["a = [1,,", "a", "= 1", "[[a", "a = ", '"', 'a = "\n', "{", "]", "a = }", "\\"]
)
def test_what_is_no_toml_ends_the_search(text: str) -> None:
    assert len(places(text)) <= 3


def test_what_stands_before_a_mistake_is_found() -> None:
    assert places("a = 1\nb = ?\n")["a"] == (1, 1)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 40, ".".join("a" * 40) + " = 1", "[" + ".".join("a" * 40) + "]"]
)
def test_too_many_levels_are_an_excess(text: str) -> None:
    excess = locate(text).excess
    assert excess is not None
    assert excess[0] == "levels"


def test_too_many_values_are_an_excess() -> None:
    assert locate("a = [" + "1," * 49_999 + "]").excess is None
    assert locate("a = [" + "1," * 50_000 + "]").excess == ("values", Place(line=1, column=100_004))


# --- any text at all

KEYS = st.text("ab-_1", min_size=1, max_size=3) | st.text(max_size=4)
SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.datetimes().map(lambda moment: moment.replace(microsecond=0))
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(
    KEYS, VALUES | st.lists(st.dictionaries(KEYS, VALUES, max_size=3), min_size=1, max_size=3), max_size=4
)


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    """Write random tables in random layout: headers or inline, any kind of quote, gaps and comments."""
    lines = []
    tables = draw(TABLES)
    headed = {key: value for key, value in tables.items() if _heads(value) and draw(st.booleans())}
    for key, value in tables.items():
        if key not in headed:
            lines.append(_pair(draw, key, value))
    for key, value in headed.items():
        for entry in value if isinstance(value, list) else [value]:
            opened, closed = ("[[", "]]") if isinstance(value, list) else ("[", "]")
            lines.append(f"{opened}{_gap(draw)}{_key(draw, key)}{_gap(draw)}{closed}{_end(draw)}")
            lines.extend(_pair(draw, inner, each) for inner, each in entry.items())
    return draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""])


def _heads(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and value != [] and all(isinstance(entry, dict) for entry in value)
    )


def _gap(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(["", " ", "\t "]))


def _end(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(["", " # \"'[{=", "\n\n", "\n  # a.b = 1\n"]))


def _pair(draw: st.DrawFn, key: str, value: object) -> str:
    return f"{_gap(draw)}{_key(draw, key)}{_gap(draw)}={_gap(draw)}{_value(draw, value)}{_end(draw)}"


def _key(draw: st.DrawFn, key: str) -> str:
    if key.isprintable() and "'" not in key and draw(st.booleans()):
        return f"'{key}'"
    return draw(st.sampled_from([quoted(key), dotted((key,))]))


def _value(draw: st.DrawFn, value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(draw, value)
        case list():
            inner = ",".join(f"{_gap(draw)}{_value(draw, each)}{_end(draw)}\n" for each in value)
            return f"[{inner}]"
        case dict():
            pairs = (f"{_key(draw, key)} = {_value(draw, each)}" for key, each in value.items())
            return "{" + " , ".join(pairs) + "}"
        case _:
            return str(value)


def _text(draw: st.DrawFn, text: str) -> str:
    plain = text.isprintable()
    if plain and "'" not in text and draw(st.booleans()):
        return draw(st.sampled_from(["'{}'", "'''{}'''", "'''\n{}'''"])).format(text)
    if draw(st.booleans()):
        return f'"""\n{quoted(text)[1:-1]}"""'
    return quoted(text)


def keys_of(value: object, at: Path = ()) -> Iterator[Path]:
    """Yield the path of everything below a value."""
    pairs: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for key, inner in pairs:
        yield (*at, key)
        yield from keys_of(inner, (*at, key))


@settings(deadline=None)
@given(toml_texts())
@example(TEXT)
def test_the_keys_are_those_that_tomllib_finds(text: str) -> None:
    assert sorted(map(dotted, (path for path, _ in locate(text).below()))) == sorted(
        map(dotted, keys_of(tomllib.loads(text)))
    )


@settings(deadline=None)
@given(toml_texts())
@example(TEXT)
def test_each_place_is_where_its_key_or_value_begins(text: str) -> None:
    lines = text.split("\n")
    data = tomllib.loads(text)
    for path, place in locate(text).below():
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        if isinstance(path[-1], str):
            assert rest.startswith((path[-1], quoted(path[-1]), "'", '"'))
        elif rest.startswith("[["):
            assert isinstance(_at(data, path), dict | list)
        else:
            assert _begins(rest, _at(data, path))


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _begins(rest: str, value: object) -> bool:
    match value:
        case bool():
            return rest.startswith(str(value).lower())
        case str():
            return rest.startswith(('"', "'"))
        case list():
            return rest.startswith("[")
        case dict():
            return rest.startswith("{")
        case _:
            return rest.startswith(str(value))


TOML_LIKE = st.text("ab01.=[]{}\"'\\,#\n \t\r", max_size=60)


@settings(deadline=None)
@given(st.text() | TOML_LIKE)
def test_no_text_breaks_the_search(text: str) -> None:
    positions = locate(text)
    assert [place for _, place in positions.below() if place.line > text.count("\n") + 1] == []


@settings(deadline=None)
@given(TOML_LIKE)
def test_whatever_tomllib_reads_is_found_whole(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except ValueError:
        return
    if locate(text).excess is None:
        assert {path for path, _ in locate(text).below()} == set(keys_of(data))


@settings(deadline=None)
@given(st.text())
def test_quoted_text_reads_back(text: str) -> None:
    line = quoted(text)
    assert line.isprintable()
    assert tomllib.loads(f"{line} = {line}") == {text: text}
