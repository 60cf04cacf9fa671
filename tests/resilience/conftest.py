"""Benches that the tests of one process share: to set one up costs more than a trial."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.resilience.sweep import Bench
from tests.resilience.world import SCENARIOS, hush, workbench

MakeBench = Callable[[str], Bench]


@pytest.fixture(autouse=True)
def _hushed() -> Iterator[None]:
    before = dict(os.environ)
    hush()
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def bench() -> Iterator[MakeBench]:
    """Set up a scenario, or take the one that is there already."""
    made: dict[str, Bench] = {}
    with workbench() as folder:

        def make(name: str) -> Bench:
            if name not in made:
                made[name] = Bench(folder, SCENARIOS[name])
            return made[name]

        yield make
