"""Whatever stands in a file that mothball reads, the answer is a value or a sentence, never a traceback."""

import json
import random
import shutil
import string
from signal import SIGKILL

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resilience.conftest import MakeBench
from tests.resilience.fuzz import NAMES
from tests.resilience.life import held, lost
from tests.resilience.readers import Reader, check_plan, kept, mutated, readers, scratched
from tests.resilience.sweep import Bench, stopping
from tests.resilience.world import GRAND, copy, recover


def everywhere(valid: bytes) -> st.SearchStrategy[bytes]:
    """Return bytes that are anything, or nearly what they should be."""
    chances = st.randoms(use_true_random=False)
    nearly = chances.map(lambda chance: scratched(valid, chance))
    if valid.startswith(b"{"):
        document = json.loads(valid)
        nearly |= chances.map(lambda chance: json.dumps(mutated(document, chance)).encode())
    return st.one_of(nearly, nearly, st.binary(max_size=200))


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reader]:
    return readers(tmp_path_factory.mktemp("readers") / "repo")


@pytest.mark.parametrize("name", NAMES)
def test_what_fuzzing_kept_is_answered(known: dict[str, Reader], name: str) -> None:
    inputs = (*known[name].seeds, *kept(name))
    assert kept(name)
    for content in inputs:
        known[name].check(content)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_nearly_valid_is_answered(known: dict[str, Reader], name: str) -> None:
    for seed in known[name].seeds[:3]:
        given(everywhere(seed))(known[name].check)()


@given(st.text(string.printable, max_size=80).map(lambda text: f"{GRAND}\n{text}".encode()))
def test_a_plan_with_something_at_its_end(content: bytes) -> None:
    check_plan(content)


@pytest.fixture
def cut_off(bench: MakeBench) -> Bench:
    """A bench whose copy is a run that was killed amid its moves."""
    found = bench("all-one-commit")
    if (found.folder / "cut-off").exists():
        return found
    found.look()
    moves = [point for point in found.reference.points if point.what.startswith("mothball.move")]
    found.fresh()
    found.run(found.scenario.act, stopping(moves[3].number, [SIGKILL]))
    shutil.copytree(found.root, found.folder / "cut-off", symlinks=True, dirs_exist_ok=True)
    return found


def test_recovery_from_a_damaged_journal_loses_nothing(cut_off: Bench) -> None:
    valid = json.loads((cut_off.folder / "cut-off/.git/mothball/journal").read_bytes())
    wanted = held(cut_off.template)
    outside = {path.name for path in cut_off.folder.iterdir()}

    @settings(max_examples=12)
    @given(st.randoms(use_true_random=False))
    def check(chance: random.Random) -> None:
        root = copy(cut_off.folder / "cut-off", cut_off.root)
        damaged = mutated({key: valid[key] for key in valid if key != "note"}, chance)
        (root / ".git/mothball/journal").write_text(json.dumps(damaged))
        end = cut_off.run(recover)
        assert end.code != 99, end.said
        assert not lost(wanted, held(root))
        assert {path.name for path in cut_off.folder.iterdir()} == outside

    check()
