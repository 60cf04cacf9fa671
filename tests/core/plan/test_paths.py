"""Which paths of a record stay below the root and outside git's own directory."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mothball.core.plan import paths
from mothball.core.plan.paths import is_confined

NOTHING = re.compile(r"(?!)")
PARTS = st.lists(
    st.one_of(
        st.sampled_from(["", ".", "..", ".git", ".GIT", "git~1", "GIT~1", ".g\u200cit", ".git.", "git", "a"]),
        st.text(alphabet="git.~1_- A\0\u200c", max_size=6),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("path", ["a", "a/b.py", "a/.b", "...", "a/b~1", "a b/c", "ü/\udcff", "x.git"])
def test_a_path_below_the_root_is_confined(path: str) -> None:
    assert is_confined(path)


@pytest.mark.parametrize(
    "path", ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a/.git/b", ".GIT", "git~1/a", "a\0b", "\ud800"]
)
def test_a_path_that_leads_elsewhere_is_not(path: str) -> None:
    assert not is_confined(path)


@given(PARTS.map("/".join))
@example("a/git~1")
@example("a/.git")
def test_the_quick_look_takes_no_path_that_the_rules_refuse(path: str) -> None:
    quick = is_confined(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "_HARMLESS", NOTHING)
        assert is_confined(path) is quick
