"""Globs are looked up among few paths, and find what they find among all."""

from hypothesis import given
from hypothesis import strategies as st

from mothball.core.patterns import PatternError, Patterns
from mothball.core.references.world import World

NAMES = st.sampled_from(["a", "ab", "b.py", "c d", "[x]", "é", "\\", "d ", "\udcff"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
PIECES = st.sampled_from(
    ["a", "b", ".py", "*", "?", "**", "/", "[ab]", "[!/]", "[a", "]", "\\", " ", "é", "{", "x"]
)
GLOBS = st.lists(PIECES, min_size=1, max_size=6).map("".join)


@given(st.frozensets(PATHS, max_size=8), GLOBS | PATHS)
def test_a_glob_finds_the_first_path_that_its_pattern_matches(paths: frozenset[str], glob: str) -> None:
    files = frozenset(path for path in paths if not any(other.startswith(f"{path}/") for other in paths))
    if not set("*?[") & set(glob):
        return
    try:
        expected = [path for path, _ in Patterns([["/" + glob]]).walk(sorted(files))]
    except PatternError:
        expected = []
    assert World(files, {}).matches(glob) == expected
