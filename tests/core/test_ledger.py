"""The ledger: what is written is what is read, and what is damaged or hostile is refused."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.errors import Refused
from mothball.core.ledger import SCHEMA, Ledger, Noted, Record, Touch, read_ledger
from mothball.core.tree import Entry, Move
from tests.conftest import plan_of, tree_of

NOWHERE: dict[str, Touch] = {}

# Every character that a path of a repository can have: undecodable bytes are surrogate escapes.
names = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_characters="/\0"),
        st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
        st.sampled_from("\n\t\"'\\ \x1b\u2028"),
    ),
    min_size=1,
).filter(lambda name: name not in {".", ".."} and not name.lower().startswith((".git", "git~")))
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
hexes = st.integers(0, 16**40 - 1).map("{:040x}".format)
touches = st.builds(Touch, hexes, st.dates().map(str))
texts = st.text(st.characters(codec="utf-8"))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    categories = draw(
        st.dictionaries(st.text("abc-", min_size=1), st.builds(Noted, title=texts, reason=texts), min_size=1)
    )
    records = {}
    for target in draw(st.lists(paths, unique=True, max_size=5)):
        move = Move(
            draw(paths),
            target,
            Entry(draw(st.sampled_from(["100644", "100755", "120000"])), draw(hexes)),
            draw(st.sampled_from(sorted(categories))),
        )
        records[target] = Record(move=move, run=draw(hexes)[:12], touch=draw(st.none() | touches))
    ordered = tuple(records[target] for target in sorted(records))
    return Ledger(categories=categories, records=ordered)


def row(**changes: Any) -> dict[str, Any]:
    whole = {"from": "lab/a", "to": "archive/a", "mode": "100644", "blob": "0" * 40}
    return {
        **whole,
        "category": "k",
        "run": "1",
        "last_commit": {"id": "1" * 40, "date": "2024-03-01"},
        **changes,
    }


def document(*rows: Any, **changes: Any) -> bytes:
    whole = {"schema": SCHEMA, "categories": {"k": {"title": "K", "reason": "R"}}, "records": rows}
    return json.dumps({**whole, **changes}).encode()


@settings(max_examples=40)
@given(ledgers())
def test_a_ledger_reads_back_as_it_was_written(ledger: Ledger) -> None:
    assert read_ledger(ledger.dump(), path="ledger.json") == ledger


@settings(max_examples=40)
@given(ledgers())
def test_a_ledger_is_ascii_with_one_record_a_line(ledger: Ledger) -> None:
    content = ledger.dump()
    content.decode("ascii")
    rows = [line for line in content.splitlines() if line.startswith(b'{"from"')]
    assert len(rows) == len(ledger.records)


@settings(max_examples=40)
@given(ledgers())
def test_writing_is_the_same_in_any_order_of_categories(ledger: Ledger) -> None:
    turned = dict(reversed(list(ledger.categories.items())))
    assert Ledger(categories=turned, records=ledger.records).dump() == ledger.dump()


def test_no_file_is_an_empty_ledger() -> None:
    assert read_ledger(None, path="x") == Ledger()
    assert not read_ledger(None, path="x")


def test_a_proper_document_is_read() -> None:
    (record,) = read_ledger(document(row()), path="x").records
    assert record.move == Move("lab/a", "archive/a", Entry("100644", "0" * 40), "k")
    assert record.touch == Touch("1" * 40, "2024-03-01")


def test_unknown_keys_of_a_later_version_are_read_over() -> None:
    assert read_ledger(document(row(more=1), extra=2), path="x").records


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b"[" * 100_000,
        document(schema="mothball.ledger/2"),
        document(schema=None),
        document(categories=None),
        document(categories=[]),
        document(categories={"k": {}}),
        document(categories={"k": "K"}),
        document(records=None),
        document(records=5),
        document(5),
        document({}),
        document(row(**{"from": 5})),
        document(row(to=None)),
        document(row(blob=["0"])),
        document(row(mode=100644)),
        document(row(category=None)),
        document(row(last_commit="yesterday")),
        document(row(last_commit={"id": "1"})),
    ],
)
def test_what_is_no_ledger_is_refused_with_its_path(content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_ledger(content, path="archive/ledger.json")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == ("ledger-unreadable", "archive/ledger.json")
    assert problem.remedy


@pytest.mark.parametrize(
    "touch", [{"id": 5, "date": "x"}, {"id": "x", "date": 5}, {"id": None, "date": None}]
)
def test_a_last_commit_that_is_not_text_is_refused(touch: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_ledger(document(row(last_commit=touch)), path="x")


@pytest.mark.parametrize("key", ["from", "to"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../evil",
        "a/../../evil",
        "a//b",
        "a/",
        "./a",
        "a/./b",
        ".git/hooks/pre-commit",
        "..",
        ".GIT/config",
        "a/.git/hooks/x",
        "a\0b",
    ],
)
def test_a_path_that_leads_out_of_the_repository_is_refused(key: str, path: str) -> None:
    with pytest.raises(Refused):
        read_ledger(document(row(**{key: path})), path="x")


def test_new_moves_are_recorded_with_the_words_of_the_plan() -> None:
    plan = plan_of()
    move = Move("lab/build_v1.py", "archive/builds/build_v1.py", Entry("100644", "1" * 40), "builds")
    touch = Touch("2" * 40, "2024-03-01")
    ledger = Ledger().having([move], plan, {move.source: touch})
    assert ledger.records == (Record(move=move, run=plan.digest[:12], touch=touch),)
    assert ledger.categories == {"builds": Noted(title="Old build scripts", reason="Superseded by make.")}


def test_records_of_earlier_runs_stay_as_they_were() -> None:
    earlier = read_ledger(document(row()), path="x")
    move = Move("lab/build_v1.py", "archive/builds/build_v1.py", Entry("100644", "1" * 40), "builds")
    ledger = earlier.having([move], plan_of(), NOWHERE)
    assert earlier.records[0] in ledger.records
    assert set(ledger.categories) == {"k", "builds"}


def test_recording_twice_changes_nothing() -> None:
    move = Move("lab/build_v1.py", "archive/builds/build_v1.py", Entry("100644", "1" * 40), "builds")
    once = Ledger().having([move], plan_of(), NOWHERE)
    assert once.having([move], plan_of(), NOWHERE) == once


def test_what_goes_home_is_forgotten_and_its_category_with_the_last_of_it() -> None:
    ledger = read_ledger(document(row(), row(to="archive/b")), path="x")
    one = ledger.without(["archive/a"])
    assert [record.move.target for record in one.records] == ["archive/b"]
    assert set(one.categories) == {"k"}
    assert not one.without(["archive/b"])
    assert one.without(["archive/b"]) == Ledger()


def test_only_records_whose_file_is_tracked_are_alive() -> None:
    ledger = read_ledger(document(row(), row(to="archive/b")), path="x")
    assert [record.move.target for record in ledger.alive(tree_of("archive/b"))] == ["archive/b"]
