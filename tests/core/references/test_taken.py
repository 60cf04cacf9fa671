"""A reader that takes what is left keeps off what others understood."""

from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.claims import Claim
from mothball.core.references.taken import Outermost, Taken


def claim(column: int, text: str) -> Claim:
    return Claim(line=1, column=column, text=text, kind="k")


def test_what_another_reader_found_is_not_claimed_again() -> None:
    taken = Taken()
    taken.add(claim(3, "docs/a.md"), found=True)
    assert taken.left(claim(3, "docs")) is None
    assert taken.left(claim(12, "x")) == claim(12, "x")
    assert taken.left(claim(1, "ab")) == claim(1, "ab")


def test_what_another_reader_looked_for_in_vain_is_only_read() -> None:
    taken = Taken()
    taken.add(claim(3, "docs/a.md"), found=False)
    left = taken.left(claim(8, "a.md"))
    assert left is not None
    assert left.prose


def test_a_line_of_many_claims_is_asked_quickly() -> None:
    taken = Taken()
    for column in range(1, 200_000, 2):
        taken.add(claim(column, "a"), found=True)
    assert sum(taken.left(claim(column, "a")) is None for column in range(1, 200_001)) == 100_000


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 6)), max_size=20))
def test_a_place_is_outermost_unless_it_lies_in_one_before(places: list[tuple[int, int]]) -> None:
    outermost, before = Outermost(), list[tuple[int, int]]()
    for first, length in places:
        inside = any(one <= first and first + length <= other for one, other in before)
        assert outermost.add(first, first + length) is not inside
        before.append((first, first + length))


def test_a_line_of_many_places_is_asked_quickly() -> None:
    outermost = Outermost()
    assert all(outermost.add(column, column + 2) for column in range(1, 200_000, 2))
    assert not any(outermost.add(column, column + 1) for column in range(1, 200_001))
