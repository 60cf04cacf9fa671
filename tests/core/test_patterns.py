"""Patterns mean what git says they mean, and no pattern makes matching slow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from mothball.core import patterns as patterns_module
from mothball.core.patterns import Hit, PatternError, Patterns, check_pattern

BYTE = "\udcc3"  # what Python makes of a byte that is no UTF-8


def roots(*patterns: str, path: str) -> list[str]:
    return [hit.root for hit in Patterns([patterns]).hits(path)]


@pytest.mark.parametrize(
    ("pattern", "path", "root"),
    [
        ("a.py", "a.py", "a.py"),
        ("a.py", "x/y/a.py", "x/y/a.py"),
        ("a", "x/a/y/b.py", "x/a"),
        ("a/", "x/a/b.py", "x/a"),
        ("/a", "a", "a"),
        ("/a/", "a/b", "a"),
        ("x/a", "x/a/b", "x/a"),
        ("*.py", "x/a.py", "x/a.py"),
        ("*.py", "x.py/a", "x.py"),
        ("*.py", ".py", ".py"),
        ("*", "x/a", "x"),
        ("x/*", "x/a/b", "x/a"),
        ("x/**", "x/a/b", "x/a"),
        ("**/a", "a", "a"),
        ("**/a", "x/y/a", "x/y/a"),
        ("x/**/a", "x/a", "x/a"),
        ("x/**/a", "x/y/z/a/b", "x/y/z/a"),
        ("**/", "x/a", "x"),
        ("***/a", "x/y/a", "x/y/a"),
        ("a**b", "x/a12b", "x/a12b"),
        ("**foo", "x/afoo", "x/afoo"),
        ("x/a**b", "x/acb", "x/acb"),
        ("foo**/bar", "foobar", "foobar"),
        ("foo**/bar", "foo/bar", "foo/bar"),
        ("foo**/bar", "food/x/bar/y", "food/x/bar"),
        ("foo**//bar", "foo/bar", "foo/bar"),
        ("x/foo**", "x/food/y", "x/food"),
        ("**\\/a", "x/a", "x/a"),
        ("a?c", "abc", "abc"),
        ("[ab].py", "b.py", "b.py"),
        ("[!a].py", "b.py", "b.py"),
        ("[^a].py", "b.py", "b.py"),
        ("[]a]", "]", "]"),
        ("[!]a]", "b", "b"),
        ("[a-]", "-", "-"),
        ("[\\]]", "]", "]"),
        ("[+--]", ",", ","),
        ("[[:alpha:]_]", "_", "_"),
        ("[[:digit:]-z]", "-", "-"),
        ("[[:a]", ":", ":"),
        ("[a/]b", "ab", "ab"),
        ("\\#a", "#a", "#a"),
        ("\\!a", "!a", "!a"),
        ("a#b", "a#b", "a#b"),
        ("a\\*", "a*", "a*"),
        ("a  ", "a", "a"),
        ("a\\ ", "a ", "a "),
        (" a", " a", " a"),
        ("a\\\\ ", "a\\", "a\\"),
        ("a*", "a\nb", "a\nb"),
        ("a.b", "a.b", "a.b"),
        ("é", "x/é", "x/é"),
        ("é/", "é/é", "é"),
        ("??", "é", "é"),
        ("*é", f"{BYTE}é", f"{BYTE}é"),
        ("[!a]x", f"{BYTE}x", f"{BYTE}x"),
        (BYTE, f"é/{BYTE}/b", f"é/{BYTE}"),
    ],
)
def test_a_pattern_matches(pattern: str, path: str, root: str) -> None:
    assert roots(pattern, path=path) == [root]


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("a.py", "A.py"),
        ("a.py", "a.pyc"),
        ("a.py", "a.py\n"),
        ("a.b", "axb"),
        ("a/", "a"),
        ("a/", "x/a"),
        ("/a", "x/a"),
        ("x/a", "y/x/a"),
        ("x/*", "x"),
        ("x/**", "x"),
        ("x/*/a", "x/a"),
        ("x/*/a", "x/y/z/a"),
        ("**/", "a"),
        ("**\\/a", "a"),
        ("a**b", "a/b"),
        ("x/a**b", "x/a/b"),
        ("**foo", "food/xfo"),
        ("foo**/bar", "x/foo/bar"),
        ("foo**/bar", "foobarx"),
        ("x?/**/a", "xa"),
        ("a?c", "a/c"),
        ("a[!b]c", "a/c"),
        ("a[/b]c", "a/c"),
        ("[a/]b", "x/ab"),
        ("[!a].py", "a.py"),
        ("[[:alpha:]]", "1"),
        ("[[:space:]]", "\x0b"),
        ("[a-c]", "-"),
        ("a*a", "a"),
        ("a*a*a", "aa"),
        ("\\a", "\\a"),
        ("a\\ ", "a"),
        ("?", "é"),
        ("é", "e\u0301"),
    ],
)
def test_a_pattern_leaves_others_alone(pattern: str, path: str) -> None:
    assert roots(pattern, path=path) == []


@pytest.mark.parametrize(
    ("patterns", "path", "deciding"),
    [
        (["*.py", "!a.py"], "a.py", None),
        (["!a.py", "*.py"], "a.py", 1),
        (["*.py", "!a.py", "a.*"], "a.py", 2),
        (["x", "!x/a"], "x/a", 0),
        (["x/*", "!x/a"], "x/a", None),
        (["x/*", "!x/a"], "x/b", 0),
        (["x/**", "!x/y"], "x/y/a", 0),
        (["x/**", "!x/y", "!x/y/a"], "x/y/a", None),
        (["x/", "!x/"], "x/a", None),
        (["x", "!x/", "a"], "x/a", 2),
        (["*", "!*/", "!*.md"], "x/y/a.md", None),
        (["*", "!*/", "!*.md"], "x/y/a.py", 0),
        (["a", "a"], "a", 1),
        (["!a"], "a", None),
        ([], "a", None),
    ],
)
def test_the_last_matching_pattern_decides_from_the_top_down(
    patterns: list[str], path: str, deciding: int | None
) -> None:
    assert [hit.pattern for hit in Patterns([patterns]).hits(path)] == (
        [] if deciding is None else [deciding]
    )


def test_lists_are_independent_and_answer_in_their_order() -> None:
    lists = [["a.py"], ["x/", "!a.py"], ["b"], ["*", "!*"], ["x/*.py"]]
    assert Patterns(lists).hits("x/a.py") == (
        Hit(0, 0, "x/a.py", directory=False),
        Hit(1, 0, "x", directory=True),
        Hit(4, 0, "x/a.py", directory=False),
    )


def test_a_list_that_has_decided_says_no_more() -> None:
    assert Patterns([["b/", "b/*.py", "*.py"], ["*.md"]]).hits("b/c/a.py") == (
        Hit(0, 0, "b", directory=True),
    )


def test_a_hit_names_the_topmost_directory() -> None:
    assert Patterns([["b", "c", "a/b/c/"]]).hits("a/b/c/d") == (Hit(0, 0, "a/b", directory=True),)


PATHS = ["a", "a.b/x", "a/b/c", "a/b/d", "a/c", "b/é/c", f"b/{BYTE}/c", "b/d", "c"]


@pytest.mark.parametrize("order", [PATHS, PATHS[::-1], PATHS[::2] + PATHS[1::2], PATHS * 2])
def test_a_walk_gives_what_single_questions_give(order: list[str]) -> None:
    patterns = Patterns([["b/", "!c"], ["c", "/a/b"], ["b/**/c"], ["**/d"]])
    expected = [(path, hits) for path in order if (hits := patterns.hits(path))]
    assert list(patterns.walk(iter(order))) == expected
    assert expected


def test_a_walk_survives_running_out_of_room_for_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = [["**/a/*/b", "a/**/c*", "?/d"], ["*.py", "b/**"]]
    paths = [f"{one}/{two}/{three}" for one in "abc" for two in "abcd" for three in ("b", "c1", "d", "x.py")]
    expected = list(Patterns(lists).walk(paths))
    monkeypatch.setattr(patterns_module, "_MAX_STATES_IN_TABLES", 3)
    assert list(Patterns(lists).walk(paths)) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "!a",
        "/a",
        "a/",
        "*",
        "**",
        "**/",
        "/**",
        "a b",
        "[!a]",
        "\\#a",
        "é",
        BYTE,
        "a" * 256,
        "?" * 16,
        "~",
        "...",
    ],
)
def test_a_fine_pattern_passes(pattern: str) -> None:
    assert check_pattern(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "clause"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("# a", "is a comment"),
        ("!", "names nothing"),
        ("/", "names nothing"),
        ("!/", "names nothing"),
        ("a\0b", "control character"),
        ("a\n", "control character"),
        ("a\t", "control character"),
        ("\ufeffa", "byte order mark"),
        ("a\ud800", "half of a character"),
        ("a\\", "backslash"),
        ("a\\/", "backslash"),
        ("a" * 257, "257 characters"),
        ("*a" * 17, "17 wildcards"),
        ("**/a/" * 17, "17 wildcards"),
        ("[z-a]", "wrong way round in [...], z-a"),
        ("a[/]b", "no character is in, [/]"),
        ("[a", "never closed"),
        ("[]", "never closed"),
        ("[a\\", "never closed"),
        ("[[:alpha:]", "never closed"),
        ("[[:foo:]]", "unknown class [:foo:]"),
        ("[éa]", "outside ASCII"),
        ("a//b", "two slashes"),
        ("//a", "two slashes"),
        ("a//", "two slashes"),
        ("..", ". or .."),
        ("./a", ". or .."),
        ("a/../b", ". or .."),
    ],
)
def test_a_bad_pattern_is_explained(pattern: str, clause: str) -> None:
    assert clause in (check_pattern(pattern) or "")
    with pytest.raises(PatternError, match=r"^[a-z].*; .*[^.]$"):
        Patterns([["fine"], [pattern]])


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 15 + "*b", "a" * 255),
        ("*a" * 15 + "*b", "/".join(["a" * 255] * 16)),
        ("*?" * 7 + "*b", "a" * 255),
        ("*[ab]" * 7 + "*b", "a" * 255),
        ("**/a/" * 15 + "b", "a/" * 2047 + "a"),
        ("**/" + "a*/" * 14 + "b", "a/" * 2047 + "a"),
        ("a**/" * 15 + "b", "a/" * 2047 + "a"),
        ("**/*a*/" * 5 + "b", "ba/" * 1365 + "a"),
    ],
)
def test_a_pattern_made_to_explode_does_not(pattern: str, path: str) -> None:
    patterns = Patterns([[pattern] * 20])
    assert not list(patterns.walk(f"{path}{number}" for number in range(20)))


plain = st.lists(st.sampled_from(["a", "b", "*", "?", ".py"]), min_size=1, max_size=4).map("".join)
plain_path = st.lists(st.sampled_from(["a", "b", "ab", "aab", "a.py", ".py"]), min_size=1, max_size=4).map(
    "/".join
)


@settings(max_examples=200, deadline=None, database=None)
@given(
    st.lists(
        st.builds("{}{}{}".format, st.sampled_from(["", "/", "a/", "**/"]), plain, st.sampled_from(["", "/"]))
    ),
    plain_path,
)
def test_pathspec_reads_plain_patterns_alike(patterns: list[str], path: str) -> None:
    patterns = [pattern for pattern in patterns if "***" not in pattern and check_pattern(pattern) is None]
    assert bool(Patterns([patterns]).hits(path)) == GitIgnoreSpec.from_lines(
        patterns, backend="simple"
    ).match_file(path)
