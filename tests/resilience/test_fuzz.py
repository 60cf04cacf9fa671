"""Whatever stands in a file that mothball reads, the answer is a value or a sentence, never a traceback."""

import json
import random
import shutil
import string
from collections.abc import Callable
from contextlib import suppress
from signal import SIGKILL
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.errors import MothballError
from mothball.core.ledger import read_ledger
from mothball.core.managed import BEGIN, END, section_of, with_section, without_section
from mothball.core.plan.reader import read_plan
from mothball.effects.store import Store
from tests.resilience.conftest import MakeBench
from tests.resilience.life import held, lost
from tests.resilience.sweep import Bench, stopping
from tests.resilience.world import GRAND, copy, opened, recover

JUNK: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "..",
    "../evil",
    "/evil",
    ".git/config",
    "a\0b",
    [],
    [[]],
    {},
    "\ud800",
)
"""What a value may turn into."""


def mutated(document: Any, chance: random.Random) -> Any:
    """Return a document with one of its values, or the place of one, turned into something else."""
    copied = json.loads(json.dumps(document))
    places = list(_places(copied))
    above, key = chance.choice(places)
    what = chance.randrange(4)
    if what == 0:
        del above[key]
    elif what == 1 and isinstance(above, list):
        above.append(chance.choice(JUNK))
    elif what == 2 and isinstance(above, dict):
        above[str(chance.choice(JUNK))] = above.pop(key)
    else:
        above[key] = chance.choice((*JUNK, *(value[name] for value, name in _places(document))))
    return copied


def _places(node: Any) -> Any:
    rows = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(rows):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def scratched(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with some of them lost, doubled or turned into others."""
    for _ in range(chance.randrange(1, 4)):
        one, other = sorted(chance.randrange(len(content) + 1) for _ in range(2))
        odd = bytes(chance.randrange(256) for _ in range(chance.randrange(4)))
        content = chance.choice(
            (
                content[:one] + odd + content[other:],
                content[:one] + content[one:other] * 2 + content[other:],
                content[:one] + odd + content[one:],
                content[:one],
            )
        )
    return content


def answers(reader: Callable[[], object]) -> None:
    """Call a reader, which may refuse with a sentence."""
    with suppress(MothballError):
        reader()


def everywhere(valid: bytes) -> st.SearchStrategy[bytes]:
    """Return bytes that are anything, or nearly what they should be."""
    chances = st.randoms(use_true_random=False)
    nearly = chances.map(lambda chance: scratched(valid, chance))
    if valid.startswith(b"{"):
        document = json.loads(valid)
        nearly |= chances.map(lambda chance: json.dumps(mutated(document, chance)).encode())
    return st.one_of(nearly, nearly, st.binary(max_size=200))


README: Final = f"# A\n\n```\n{BEGIN}\n```\n{BEGIN}\nours\n{END}\n\ntheirs\n".encode()


@given(everywhere(README))
def test_the_markers_of_a_readme(content: bytes) -> None:
    answers(lambda: section_of(content, path="README.md"))
    answers(lambda: without_section(content, path="README.md", heading="A"))
    with suppress(MothballError):
        once = with_section(content, "new\n", path="README.md", heading="A")
        assert with_section(once, "new\n", path="README.md", heading="A") == once


@given(everywhere(GRAND.encode()))
def test_a_plan(content: bytes) -> None:
    answers(lambda: read_plan(content, path="mothball.toml"))


@given(st.text(string.printable, max_size=80).map(lambda text: f"{GRAND}\n{text}".encode()))
def test_a_plan_with_something_at_its_end(content: bytes) -> None:
    answers(lambda: read_plan(content, path="mothball.toml"))


@pytest.fixture
def ledger(bench: MakeBench) -> bytes:
    return (bench("undo-committed").template / "archive/ledger.json").read_bytes()


def test_a_ledger(ledger: bytes) -> None:
    @given(everywhere(ledger))
    def check(content: bytes) -> None:
        answers(lambda: read_ledger(content, path="archive/ledger.json"))

    check()


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


def test_a_journal(cut_off: Bench) -> None:
    store = Store(opened(copy(cut_off.folder / "cut-off", cut_off.root)).git)
    journal = store.folder / "journal"
    valid = journal.read_bytes()

    @given(everywhere(valid))
    def check(content: bytes) -> None:
        journal.write_bytes(content)
        answers(store.journal)

    check()


def test_pending_work(bench: MakeBench) -> None:
    source = bench("undo-staged")
    store = Store(opened(source.fresh()).git)
    pending = store.folder / "pending"
    valid = pending.read_bytes()

    @given(everywhere(valid))
    def check(content: bytes) -> None:
        pending.write_bytes(content)
        answers(store.pending)

    check()


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
