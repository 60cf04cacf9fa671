"""Which paths, names and branches a plan may hold; the bad ones are in ``tests/bad_plans``."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.plan.paths import as_directory, directory_flaw, file_flaw
from mothball.core.plan.rules import branch_flaw, describe, name_flaw, text_flaw


@pytest.mark.parametrize(
    "path",
    [
        "archive",
        "archive/",
        "a/b/c/",
        "a b/c",
        " archive",
        "-rf",
        "~",
        "$HOME",
        "%TEMP%",
        "…",
        "..a",
        "a..b",
        "...a",
        ".github",
        ".gitignore.d",
        "git",
        "git~2",
        "a.git",
        ".gitx",
        "dot.git/x",
        "console",
        "auxiliary",
        "com",
        "com0",
        "com10",
        "lpt",
        "nul1",
        "a.con",
        "archive/é/Ж/研究",
        "a" * 255,
        "é" * 127,
        "👩‍🔬",
        "[old]",
        "a{b}",
        "a#b",
        "a;b&c",
        "it's",
    ],
)
def test_a_lawful_directory_has_no_flaw(path: str) -> None:
    assert directory_flaw(path) is None


@pytest.mark.parametrize("path", ["README.md", "docs/README", "a b/c.md", ".hidden"])
def test_a_lawful_file_has_no_flaw(path: str) -> None:
    assert file_flaw(path) is None


def test_a_directory_gets_its_one_trailing_slash() -> None:
    assert [as_directory("a"), as_directory("a/")] == ["a/", "a/"]


@settings(deadline=None)
@given(st.text(max_size=12) | st.text("./\\:~ gitGIT1con\u200c", max_size=12))
def test_a_path_without_flaw_stays_in_the_repository_and_out_of_git(path: str) -> None:
    if directory_flaw(path) is None:
        parts = path.removesuffix("/").split("/")
        assert not {"", ".", ".."} & set(parts)
        assert not any(part.casefold().rstrip(" .") in {".git", "git~1"} for part in parts)
        assert path.isprintable() or "\\" not in path


@pytest.mark.parametrize("name", ["a", "old-scripts", "x3d-v2", "plans", "commit-all", "a" * 64])
def test_a_lawful_name_has_no_flaw(name: str) -> None:
    assert name_flaw(name) is None


@pytest.mark.parametrize(
    ("name", "better"),
    [("Old Scripts", "old-scripts"), ("_tmp_", "tmp"), ("3d", "d"), ("Ünï", "n"), ("--", "build-scripts")],
)
def test_a_name_is_given_a_better_one(name: str, better: str) -> None:
    flaw = name_flaw(name)
    assert flaw is not None
    assert flaw.remedy == f"Write `{better}`."


@pytest.mark.parametrize("text", ["x", "5 µs", "👩‍🔬", "שלום", "a\u200bb", "`x` <b>"])
def test_a_lawful_text_has_no_flaw(text: str) -> None:
    assert text_flaw(text) is None


def test_a_line_break_is_lawful_where_lines_are() -> None:
    assert text_flaw("a\nb", lines=True) is None
    assert text_flaw("a\nb") is not None


BRANCHES = st.text("ab/.@{}~^:?*[\\- \tlock\u00fc\x7f", min_size=1, max_size=8) | st.lists(
    st.sampled_from(["a", "/", ".", "..", ".lock", "@", "{", "HEAD", "-", " ", "ü", "~"]),
    min_size=1,
    max_size=4,
).map("".join)


@settings(deadline=None, max_examples=40)
@given(st.lists(BRANCHES, min_size=20, max_size=20))
def test_a_branch_is_lawful_where_git_says_so(branches: list[str]) -> None:
    run = 'for name; do git check-ref-format --branch "$name" >/dev/null 2>&1; printf "%s " $?; done'
    done = subprocess.run(
        ["sh", "-c", run, "sh", *branches], capture_output=True, text=True, check=True, cwd="/"
    )
    # git lets a branch be called @, which every command then takes for HEAD
    gits = [
        status == "0" and branch != "@" for branch, status in zip(branches, done.stdout.split(), strict=True)
    ]
    assert [branch_flaw(branch) is None for branch in branches] == gits


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "the truth value true"),
        (3, "the number 3"),
        (1.5, "the number 1.5"),
        ("x", "the text `x`"),
        ("\x1b", "the text `<U+001B>`"),
        ([], "an empty list"),
        ([1], "a list of 1 element"),
        ([1, 2], "a list of 2 elements"),
        ({}, "an empty table"),
        ({"a": 1}, "a table"),
    ],
)
def test_a_value_is_named_in_plain_words(value: object, words: str) -> None:
    assert describe(value) == words


def test_a_long_value_is_cut() -> None:
    assert len(describe("x" * 1000)) < 80
    assert len(describe(10**1000)) < 80
