"""Whatever somebody does during a run or on a cut-off one, no byte of theirs is lost."""

import pytest

from tests.resilience.conftest import MakeBench
from tests.resilience.life import life_sweep
from tests.resilience.meddle import fault_sweep, meddle_sweep


@pytest.mark.parametrize(("scenario", "stride"), [("step", 2), ("all", 22), ("undo-committed", 14)])
def test_killed_then_life_goes_on(bench: MakeBench, scenario: str, stride: int) -> None:
    assert not life_sweep(bench(scenario), stride).other


@pytest.mark.parametrize(("scenario", "stride"), [("step", 4), ("readme", 6), ("undo-committed", 16)])
def test_somebody_else_at_work(bench: MakeBench, scenario: str, stride: int) -> None:
    assert not meddle_sweep(bench(scenario), stride).other


@pytest.mark.parametrize(("scenario", "stride"), [("step", 3), ("readme", 8), ("all-one-commit", 16)])
def test_an_effect_fails(bench: MakeBench, scenario: str, stride: int) -> None:
    tally = fault_sweep(bench(scenario), stride)
    assert not tally.other
    assert tally.before
