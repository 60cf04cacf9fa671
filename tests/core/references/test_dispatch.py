"""Who reads a file: the table says the same as each pattern by itself."""

from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.dispatch import Dispatch

PATTERNS = (
    "*",
    "*.py",
    "*.config.js",
    "makefile",
    "makefile.*",
    ".github/*.yml",
    "*rc",
    "t?x.md",
    ".*ignore",
    "b*.yml",
    "*/b.*ml",
    "*/*.py",
    ".github/[a.y]*",
)
PARTS = st.sampled_from(
    ["a.py", "x.config.js", "Makefile", "makefile.in", ".github", "b.YML", "yml", "txx.md", ".rc"]
)


def takes(pattern: str, path: str) -> bool:
    low, pattern = path.lower(), pattern.lower()
    return fnmatchcase(low if "/" in pattern else low.rpartition("/")[2], pattern)


@given(st.lists(PARTS, min_size=1, max_size=3).map("/".join), st.lists(st.sampled_from(PATTERNS), max_size=4))
def test_the_table_says_what_each_pattern_says(path: str, patterns: list[str]) -> None:
    table = Dispatch([((pattern,), pattern) for pattern in patterns])
    assert table.of(path) == [pattern for pattern in patterns if takes(pattern, path)]


@given(
    st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), max_size=8),
    st.lists(st.sampled_from(PATTERNS), max_size=4),
)
def test_many_paths_at_once_are_told_as_one_by_one(paths: list[str], patterns: list[str]) -> None:
    table = Dispatch([((pattern,), pattern) for pattern in patterns])
    assert [*table.among(paths)] == [path for path in paths if table.of(path)]


def test_an_owner_of_several_patterns_is_named_once() -> None:
    assert Dispatch([(("*.py", "a.*", "*"), "one"), (("b",), "two")]).of("x/a.py") == ["one"]
