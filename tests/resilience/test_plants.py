"""Every bug planted in the protocol is found by the sweep that is there for it."""

import pytest

from tests.resilience.conftest import MakeBench
from tests.resilience.plants import BUGS


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(bench: MakeBench, name: str) -> None:
    bug = BUGS[name]
    assert bug.found(bench(bug.scenario)), f"no sweep noticed that {name}"
