"""A file that moves is left unread only where it cannot name anything."""

from dataclasses import replace

import pytest

from mothball.core.references.needles import vocabulary_of
from mothball.core.references.scan import Scan
from mothball.core.references.vocabulary import Vocabulary, words_of
from tests.accuracy.pictures import Picture, pictures
from tests.core.references.world import changed, compared, fed

WORDS = words_of(["build_v7", "my-exp", ".github", "data"])


@pytest.mark.parametrize(
    "text",
    [
        "import build_v7",
        "import my_exp",
        "cat my-exp/x",
        'print("\\nbuild_v7.py")',
        "gcc -Idata x.c",
        "see a%20data.md",
        "cd ../..",
        'glob("*.csv")',
        'glob("run_*")',
        'open(f"{x}.csv")',
        'open("x_%d.csv" % i)',
        'open(name + ".csv")',
        "ROOT = Path(__file__).parents[2]",
        'require(".")',
        'require("./")',
    ],
)
def test_a_text_that_may_name_something_is_read(text: str) -> None:
    """Words of names count however they are written, and so does what leads anywhere without a name."""
    assert Vocabulary(WORDS).is_used_in(text)


@pytest.mark.parametrize("text", ["", "import os\nrebuild_v7 = database * 2\n", "1.5,2.5\n3.5,4.5\n"])
def test_a_text_without_any_of_the_words_is_not(text: str) -> None:
    """A part of a longer word is no word, and numbers are no suffixes."""
    assert not Vocabulary(WORDS).is_used_in(text)


@pytest.mark.parametrize("picture", pictures(), ids=lambda one: f"{one.kind}/{one.name}")
def test_nothing_is_lost_with_the_files_that_are_left_unread(picture: Picture) -> None:
    """What is found in every labelled picture is the same with the vocabulary of its tree and without."""
    change, then = changed(picture.before, picture.moves, after=picture.edited)
    scan = Scan(change=change)
    scan.question = replace(scan.question, find_vocabulary=lambda: vocabulary_of(change.before))
    fed(scan, then, picture.links)
    every = compared(picture.before, picture.moves, after=picture.edited, links=picture.links)
    assert scan.result().findings == every.findings
