"""A file is read where its bytes hold a name of something that goes."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.needles import Needles

LETTERS = "ab_-+é. 1\n"


@settings(max_examples=500)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=3), max_size=4), st.text(LETTERS, max_size=12))
def test_a_name_is_found_anywhere_and_a_short_one_where_it_stands_alone(names: list[str], text: str) -> None:
    content = text.encode()
    spelled = {one.encode() for name in names for one in (name, name.replace("-", "_"))}
    expected = any(
        name in content if len(name) >= 3 else re.search(rb"(?<!\w)" + re.escape(name) + rb"(?!\w)", content)
        for name in spelled
    )
    assert Needles(names).are_in(content) == expected
