"""Every labelled picture is judged as labelled, but for the known misses, which can only become fewer."""

from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from mothball.core.references.claims import Unreadable
from mothball.core.references.reader import readers_of
from tests.accuracy.pictures import Picture, Sort, pictures
from tests.accuracy.scores import score

PICTURES: Final = pictures()
LIST: Final = Path(__file__).parent / "known_misses.txt"
KNOWN: Final = dict(
    line.split(": ", 1)
    for line in LIST.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


def name(picture: Picture) -> str:
    return f"{picture.kind}/{picture.name}"


@pytest.mark.parametrize("picture", PICTURES, ids=name)
def test_a_picture_is_judged_as_labelled(picture: Picture) -> None:
    wrong = score(picture).wrong
    if name(picture) in KNOWN:
        assert wrong, f"{name(picture)} is right now: take it out of {LIST.name}"
    else:
        assert not wrong


@pytest.mark.parametrize("picture", PICTURES, ids=name)
def test_only_readers_that_say_so_claim_what_takes_a_file_down(picture: Picture) -> None:
    """No other reader is asked for chains."""
    for path, text in picture.before.items():
        for reader in readers_of(path):
            with suppress(Unreadable):
                assert reader.carries or not any(claim.carries for claim in reader.read(text, path))


def test_the_set_is_large_and_a_third_of_it_are_traps() -> None:
    assert len(PICTURES) >= 200
    assert sum(picture.is_trap for picture in PICTURES) * 3 >= len(PICTURES)


def test_names_are_unique() -> None:
    assert len({name(picture) for picture in PICTURES}) == len(PICTURES)


def test_every_known_miss_is_a_picture() -> None:
    assert set(KNOWN) <= {name(picture) for picture in PICTURES}


@pytest.mark.parametrize("picture", PICTURES, ids=name)
def test_a_picture_is_whole(picture: Picture) -> None:
    """Each move moves something, and each mark names something that was there."""
    there = {*picture.before}
    there |= {path.rpartition("/")[0] for path in there} | {
        "/".join(path.split("/")[:depth]) for path in there for depth in range(1, path.count("/") + 1)
    }
    assert set(picture.moves) <= there
    assert {mark.old_path for mark in picture.marks if mark.sort is Sort.BREAK} <= there
