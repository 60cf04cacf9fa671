"""Every row of the table of hazards has a test, and the page that lists them is true."""

from tests.hazards.rows import ELSEWHERE, HAZARDS, PAGE, marked, page


def test_every_row_has_a_test_or_a_place_of_its_own() -> None:
    tested = set().union(*(rows for _, _, rows in marked()))
    assert tested | ELSEWHERE.keys() == HAZARDS.keys() == {*range(1, 95)}
    assert not tested & ELSEWHERE.keys()


def test_every_hazard_test_names_its_row() -> None:
    assert not [f"{module}::{name}" for module, name, rows in marked() if not rows]


def test_the_page_of_hazards_is_written_from_the_tests() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it again: python -m tests.hazards.rows"
