"""Whatever somebody does during a run or on a cut-off one, no byte of theirs is lost."""

from signal import SIGKILL

import pytest

from mothball.core.errors import Exit
from tests.resilience.conftest import MakeBench
from tests.resilience.life import life_sweep
from tests.resilience.meddle import fault_sweep, meddle_sweep
from tests.resilience.sweep import Bench, stopping
from tests.resilience.world import archive, git, opened, picture, recover


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


def cut_off_after_its_first_commit(bench: Bench) -> None:
    """Kill a run that commits what earlier steps staged, before its second commit."""
    second = [point.number for point in bench.points() if point.what.startswith("git commit ")][1]
    bench.fresh()
    assert bench.run(bench.scenario.act, stopping(second, [SIGKILL])).killed


@pytest.mark.parametrize("deed", ["stash -q", "reset -q --hard"])
def test_recovery_takes_no_commit_back_whose_staged_rest_is_gone(bench: MakeBench, deed: str) -> None:
    made = bench("commit")
    made.look()
    cut_off_after_its_first_commit(made)
    git(made.root, *deed.split())
    between = picture(made.root)
    end = made.run(recover)
    assert end.code == Exit.UNDECIDED
    assert "git stash pop --index" in end.said
    assert picture(made.root) == between
    if deed == "stash -q":
        git(made.root, "stash", "pop", "-q", "--index")
        assert made.run(recover).code == 0
        assert made.end_of(picture(made.root)) == "before"
    else:
        made.run(lambda root: opened(root).recover(forget=True), expect=0)
        made.run(archive, expect=0)
        assert git(made.root, "rev-parse", "HEAD^{tree}").strip() == made.goal.strip()
