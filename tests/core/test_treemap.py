"""The picture of a tree: areas are numbers of files, nothing overlaps, nothing is left out."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mothball.core.treemap import HEIGHT, WIDTH, Box, Tile, picture, squarified

WHOLE = Box(0.0, 0.0, WIDTH, HEIGHT)
WEIGHTS = st.lists(st.integers(1, 5000), min_size=1, max_size=60).map(
    lambda found: sorted(found, reverse=True)
)


def overlap(one: Box, two: Box) -> float:
    """Return the area that two boxes share."""
    width = min(one.x + one.width, two.x + two.width) - max(one.x, two.x)
    height = min(one.y + one.height, two.y + two.height) - max(one.y, two.y)
    return max(width, 0.0) * max(height, 0.0)


def cells(tiles: tuple[Tile, ...]) -> list[Tile]:
    return [tile for tile in tiles if tile.kind]


def files_in(tile: Tile) -> int:
    return int(tile.title.split(" file")[0].replace(",", ""))


@given(WEIGHTS)
def test_every_weight_gets_its_share_of_the_area(weights: list[int]) -> None:
    boxes = squarified(weights, WHOLE)
    for weight, box in zip(weights, boxes, strict=True):
        assert math.isclose(box.area, weight * WHOLE.area / sum(weights), rel_tol=1e-6)


@given(WEIGHTS)
def test_boxes_lie_within_and_apart(weights: list[int]) -> None:
    boxes = squarified(weights, WHOLE)
    for box in boxes:
        assert overlap(box, WHOLE) == pytest.approx(box.area)
    for one, two in combinations(boxes, 2):
        assert overlap(one, two) < 1e-3


def test_boxes_are_near_to_squares() -> None:
    for box in squarified([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 600, 400)):
        assert max(box.width / box.height, box.height / box.width) < 3.1


def test_nothing_fits_in_nothing() -> None:
    assert squarified([2, 1], Box(0, 0, 0, 5)) == [Box(0, 0, 0, 0), Box(0, 0, 0, 0)]
    assert picture([]) == ()


def test_a_tree_is_drawn_with_its_names_and_numbers() -> None:
    tiles = picture(
        [*((f"lab/{n}.py", "a") for n in range(30)), *((f"src/deep/{n}.py", "kept") for n in range(10))]
    )
    assert [(tile.kind, tile.lines) for tile in tiles] == [
        ("", ("lab/ 30",)),
        ("a", ("30",)),
        ("", ("src/deep/ 10",)),
        ("kept", ("10",)),
    ]
    assert tiles[1].title == "30 files in lab/"


def test_files_of_the_root_are_drawn_too() -> None:
    [tile] = picture([("README.md", "kept")])
    assert tile.title == "1 file in the root"


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=9), st.sampled_from("xyz")),
        max_size=80,
    )
)
def test_every_file_is_in_one_cell(found: list[tuple[list[str], str]]) -> None:
    files = [("/".join([*names, f"{number}.py"]), kind) for number, (names, kind) in enumerate(found)]
    drawn = cells(picture(files))
    assert sum(map(files_in, drawn)) == len(files)
    for kind in "xyz":
        assert sum(files_in(tile) for tile in drawn if tile.kind == kind) == sum(
            each[1] == kind for each in files
        )


def test_many_files_make_no_more_than_some_hundred_tiles() -> None:
    files = [(f"{n % 7}/{n % 77}/{n % 1001}/{n}.py", str(n % 5)) for n in range(20000)]
    tiles = picture(files)
    assert len(tiles) < 700
    assert sum(map(files_in, cells(tiles))) == 20000


def test_a_tree_of_two_thousand_levels_is_drawn() -> None:
    tiles = picture([("a/" * 2000 + "x.py", "kept"), ("b/" * 1000 + "x.py", "kept"), ("b/y.py", "kept")])
    assert sum(map(files_in, cells(tiles))) == 3


def test_no_name_is_wider_than_its_box() -> None:
    for tile in picture([(f"{'name' * 9}{n}/{n}.py", "kept") for n in range(9)]):
        for line in tile.lines:
            assert len(line) * 6.3 <= tile.box.width


def test_a_name_that_paints_is_shown() -> None:
    tile = picture([("\x1b[31m\u202e/x.py", "kept")])[0]
    assert tile.title == "\\x1b[31m\\u202e/: 1 file"
    assert tile.lines == ("\\x1b[31m\\u202e/ 1",)
