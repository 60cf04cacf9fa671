"""A saved plan is done exactly as it was shown, or not at all."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mothball.core.errors import Refused
from mothball.core.plan.model import Plan
from mothball.core.saved import SCHEMA, require_same, save
from mothball.core.survey import Snapshot
from mothball.core.tree import Entry, Move
from mothball.core.work import Work
from tests.conftest import PLAN, plan_of, tree_of

SEEN = Snapshot(root="/r", commit="1" * 40, branch="main", tree=tree_of("lab/a", "\udcff\n", "z"))
MOVE = Move("lab/a", "archive/a", SEEN.tree["lab/a"], "builds")
ODD = Move("\udcff\n", "archive/\udcff\n", SEEN.tree["\udcff\n"], "builds")
WORK = Work(directories=("archive",), moves=(MOVE, ODD))


def refused(
    content: bytes, *, plan: Plan | None = None, seen: Snapshot = SEEN, work: Work = WORK
) -> list[str]:
    with pytest.raises(Refused) as caught:
        require_same(content, "saved.json", plan or plan_of(), seen, work)
    assert {problem.code for problem in caught.value.problems} == {"saved-stale"}
    assert all(problem.where == "saved.json" and problem.remedy for problem in caught.value.problems)
    return [problem.found for problem in caught.value.problems]


def test_what_was_saved_is_the_same() -> None:
    require_same(save(plan_of(), SEEN, WORK), "saved.json", plan_of(), SEEN, WORK)


def test_a_saved_plan_has_every_move_with_its_blob_and_the_digests() -> None:
    document = json.loads(save(plan_of(), SEEN, WORK))
    assert document["schema"] == SCHEMA
    assert document["head"] == SEEN.commit
    assert document["plan"] == plan_of().digest
    assert document["moves"][0] == ["lab/a", "archive/a", "100644", MOVE.entry.blob, "builds"]


def test_comments_and_layout_of_the_plan_do_not_count() -> None:
    saved = save(plan_of(), SEEN, WORK)
    require_same(saved, "saved.json", plan_of("# new\n" + PLAN.replace(" = ", "=")), SEEN, WORK)


def test_another_head_is_named() -> None:
    found = refused(save(plan_of(), SEEN, WORK), seen=replace(SEEN, commit="2" * 40))
    assert found == ["HEAD was 111111111111 and is 222222222222"]


def test_an_edited_plan_is_named() -> None:
    other = plan_of(PLAN.replace("Read once.", "Never read."))
    assert refused(save(plan_of(), SEEN, WORK), plan=other) == ["the plan was edited since"]


@pytest.mark.parametrize(
    "tree",
    [
        tree_of("lab/a", "\udcff\n"),
        tree_of("lab/a", "\udcff\n", "z", "new"),
        {**SEEN.tree, "z": Entry("100755", SEEN.tree["z"].blob)},
        {**SEEN.tree, "z": Entry("100644", "0" * 40)},
    ],
)
def test_any_change_of_what_git_tracks_is_named(tree: dict[str, Entry]) -> None:
    found = refused(save(plan_of(), SEEN, WORK), seen=replace(SEEN, tree=tree))
    assert found == ["what git tracks has changed since"]


def test_the_order_in_which_git_lists_files_does_not_count() -> None:
    turned = replace(SEEN, tree=dict(reversed(list(SEEN.tree.items()))))
    require_same(save(plan_of(), SEEN, WORK), "saved.json", plan_of(), turned, WORK)


def test_moves_that_differ_are_named_on_both_sides() -> None:
    other = Work(moves=(MOVE, Move("z", "archive/z", SEEN.tree["z"], "builds")))
    found = refused(save(plan_of(), SEEN, WORK), work=other)
    assert found == ["1 move no longer planned: \\xff\\x0a", "1 move planned only now: z"]


def test_all_differences_are_named_at_once() -> None:
    other = plan_of(PLAN.replace("Read once.", "Never read."))
    seen = replace(SEEN, commit="2" * 40, tree=tree_of("z"))
    assert len(refused(save(plan_of(), SEEN, WORK), plan=other, seen=seen, work=Work())) == 4


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"5", b"null", b"\xff", b"{}", b"[" * 100_000, b'{"schema": "mothball.plan/2"}'],
)
def test_what_is_no_saved_plan_is_refused(content: bytes) -> None:
    assert refused(content)


@pytest.mark.parametrize(
    "changes",
    [
        {"moves": 5},
        {"moves": [5]},
        {"moves": [[]]},
        {"moves": [[[1]]]},
        {"moves": [[1, 2, 3, 4, 5]]},
        {"moves": None},
        {"moves": {"a": 1}},
        {"head": None},
        {"head": ["1"]},
        {"index": 5},
        {"plan": {}},
    ],
)
def test_a_damaged_saved_plan_is_refused(changes: dict[str, Any]) -> None:
    document = json.loads(save(plan_of(), SEEN, WORK))
    assert refused(json.dumps({**document, **changes}).encode())


@pytest.mark.parametrize("key", ["head", "index", "plan", "moves"])
def test_a_saved_plan_without_one_of_its_parts_is_refused(key: str) -> None:
    document = json.loads(save(plan_of(), SEEN, WORK))
    del document[key]
    assert refused(json.dumps(document).encode())
