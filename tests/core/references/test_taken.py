"""A reader that takes what is left keeps off what others understood."""

from mothball.core.references.claims import Claim
from mothball.core.references.taken import Taken


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
