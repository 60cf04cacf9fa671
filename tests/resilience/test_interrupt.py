"""Ctrl-C and SIGTERM end a run with a sentence, in the state before."""

from signal import SIGINT, SIGTERM

import pytest

from tests.resilience.conftest import MakeBench
from tests.resilience.interrupt import interrupt_sweep


@pytest.mark.parametrize("scenario", ["step", "undo-committed"])
def test_interrupted(bench: MakeBench, scenario: str) -> None:
    tally = interrupt_sweep(bench(scenario), SIGINT, 12)
    assert not tally.other
    assert tally.before


def test_terminated(bench: MakeBench) -> None:
    assert not interrupt_sweep(bench("all-one-commit"), SIGTERM, 16).other


def test_interrupted_again_and_again(bench: MakeBench) -> None:
    assert not interrupt_sweep(bench("step"), SIGINT, 8, impatient=True).other
