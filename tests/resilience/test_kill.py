"""Killed at any effect, a run is brought back to before or on to after: never to anything between."""

import pytest

from tests.resilience.conftest import MakeBench
from tests.resilience.sweep import kill_sweep, recovery_sweep
from tests.resilience.world import MOVES, SCENARIOS, git

EVERY = ("step", "readme")
"""Scenarios killed at every effect; of the others each has its share, and all of it in nox."""


@pytest.mark.parametrize("scenario", EVERY)
def test_killed_at_every_effect(bench: MakeBench, scenario: str) -> None:
    tally = kill_sweep(bench(scenario), again=5)
    assert not tally.other
    assert tally.before
    assert tally.after


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - set(EVERY)))
def test_killed_at_some_effects(bench: MakeBench, scenario: str) -> None:
    assert not kill_sweep(bench(scenario), 16, again=2).other


@pytest.mark.parametrize("scenario", ["second-step", "undo-staged"])
def test_recovery_killed_as_well(bench: MakeBench, scenario: str) -> None:
    assert not recovery_sweep(bench(scenario), 12, inner=8).other


def test_nothing_of_a_killed_run_is_left_in_gits_directory(bench: MakeBench) -> None:
    assert not kill_sweep(bench("readme"), 4, again=99).littered


def test_the_small_repository_is_as_rich_as_it_says(bench: MakeBench) -> None:
    root = bench("all").finished
    rows = git(root, "log", "--format=", "--name-status", "-z", "-M100%", "main..HEAD").split("\0")
    renames = {rows[i + 1]: rows[i + 2] for i, row in enumerate(rows) if row.strip() == "R100"}
    assert {**renames} == {path: MOVES[path] for path in MOVES}
