"""Killed at any effect, a run is brought back to before or on to after: never to anything between."""

import pytest

from tests.resilience.conftest import MakeBench
from tests.resilience.sweep import kill_sweep, recovery_sweep
from tests.resilience.world import MOVES, SCENARIOS, git


def test_killed_at_every_effect_of_a_step(bench: MakeBench) -> None:
    tally = kill_sweep(bench("step"), again=6)
    assert not tally.other
    assert not tally.littered
    assert tally.before
    assert tally.after


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - {"step"}))
def test_killed_at_some_effects(bench: MakeBench, scenario: str) -> None:
    """Some: all of them are for `nox -s resilience`."""
    tally = kill_sweep(bench(scenario), 6 if scenario in {"readme", "undo-staged"} else 18, again=3)
    assert not tally.other
    assert not tally.littered


def test_recovery_killed_as_well(bench: MakeBench) -> None:
    assert not recovery_sweep(bench("readme"), 12, inner=8).other


def test_the_small_repository_is_as_rich_as_it_says(bench: MakeBench) -> None:
    root = bench("all").finished
    rows = git(root, "log", "--format=", "--name-status", "-z", "-M100%", "main..HEAD").split("\0")
    renames = {rows[i + 1]: rows[i + 2] for i, row in enumerate(rows) if row.strip() == "R100"}
    assert {**renames} == {path: MOVES[path] for path in MOVES}
