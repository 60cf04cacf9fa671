"""The sweeps over system calls, as a sample: `nox -s resilience` has the whole."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.resilience.calls import COUNT, Counter, can_preload, environment
from tests.resilience.conftest import MakeBench
from tests.resilience.power import disk_after, read_log, unsynced

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not can_preload(), reason="there is no C compiler here")


def sweep(name: str, scenario: str, stride: int) -> "subprocess.CompletedProcess[str]":
    """Run one sweep of the whole suite, in a process that is counted."""
    words = ["--only", name, "--scenario", scenario, "--stride", str(stride), "--workers", "1"]
    return subprocess.run(
        [sys.executable, "-m", "tests.resilience", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "scenario", "stride"),
    [
        ("call_kill", "step", 10),
        ("call_kill", "undo-staged", 8),
        ("call_fault", "step", 12),
        ("call_signal", "step", 4),
        ("power", "step", 10),
    ],
)
def test_a_sample_of_the_system_calls(name: str, scenario: str, stride: int) -> None:
    done = sweep(name, scenario, stride)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def calls(bench: MakeBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Run a scenario in a process that is counted and return the log of its calls."""

    def run(scenario: str, sabotage: str = "") -> Path:
        made = environment(tmp_path)
        log = tmp_path / "log"
        root = bench(scenario).fresh()
        script = (
            "import os, pathlib\n"
            "from tests.resilience.calls import counter\n"
            "from tests.resilience.world import SCENARIOS, hush\n"
            f"hush(); os.setsid(); {sabotage or 'pass'}\n"
            f"counter().arming(0, {COUNT}, logging=True)()\n"
            f"SCENARIOS[{scenario!r}].act(pathlib.Path({os.fspath(root)!r}))\n"
        )
        path = os.pathsep.join(filter(None, sys.path))
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, **made, "PYTHONPATH": path},
            check=True,
        )
        assert Counter(tmp_path / "control").rest()[0] > 50
        return log

    return run


@pytest.mark.parametrize("scenario", ["readme", "undo-committed"])
def test_the_journal_is_on_disk_before_the_first_effect(
    bench: MakeBench, calls: Callable[[str], Path], scenario: str
) -> None:
    log = calls(scenario)
    root = bench(scenario).root
    assert not [*unsynced(read_log(log, root), root)]


def test_many_directories_are_synced_in_one_call(bench: MakeBench, calls: Callable[..., Path]) -> None:
    log = calls("readme", "import mothball.effects.files; mothball.effects.files.ONE_BY_ONE = 0")
    root = bench("readme").root
    made = read_log(log, root)
    assert any(call.name == "syncfs" for call in made)
    assert not [*unsynced(made, root)]
    assert not [rename for rename in disk_after(made).renames if "/.git/" not in rename[0]]


def test_a_skipped_sync_is_found(bench: MakeBench, calls: Callable[..., Path]) -> None:
    log = calls("step", "os.fsync = lambda handle: None")
    root = bench("step").root
    found = [*unsynced(read_log(log, root), root)]
    assert any("journal is not on disk" in complaint for complaint in found)
