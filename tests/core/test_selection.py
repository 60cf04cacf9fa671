"""Selection: which file goes where, by git's patterns and `mv`'s meaning."""

import json

import pytest

from mothball.core.ledger import Ledger
from mothball.core.plan.model import Plan
from mothball.core.selection import Rules, Selection, protected, select
from mothball.core.tree import Entry, Move
from tests.conftest import MOVES, plan_of, tree_of

HEAD = 'title = "Focus"\n'


def category(name: str, into: dict[str, list[str]]) -> str:
    rows = "".join(f'into."{place}" = {json.dumps(patterns)}\n' for place, patterns in into.items())
    return f'[[archive]]\nname = "{name}"\ntitle = "{name}"\nreason = "Old."\n{rows}'


def plan(*categories: str, keep: list[str] | None = None, more: str = "") -> Plan:
    kept = f"[[keep]]\npatterns = {json.dumps(keep)}\n" if keep else ""
    return plan_of(HEAD + kept + "".join(categories) + more)


def places(selection: Selection) -> dict[str, str]:
    return {move.source: move.target for move in selection.all_moves}


MATCHES = [
    ("/a.py", "a.py", "old/a.py"),
    ("/lab/a.py", "lab/a.py", "old/a.py"),
    ("/lab/*.py", "lab/a.py", "old/a.py"),
    ("a.py", "lab/deep/a.py", "old/a.py"),
    ("*.py", "lab/deep/a.py", "old/a.py"),
    ("/lab/", "lab/a.py", "old/lab/a.py"),
    ("/lab", "lab/a.py", "old/lab/a.py"),
    ("/lab/", "lab/deep/er/a.py", "old/lab/deep/er/a.py"),
    ("/lab/*", "lab/deep/a.py", "old/deep/a.py"),
    ("/lab/*/", "lab/deep/er/a.py", "old/deep/er/a.py"),
    ("deep/", "lab/deep/er/a.py", "old/deep/er/a.py"),
    ("/lab/**", "lab/deep/a.py", "old/deep/a.py"),
    ("/lab/**/a.py", "lab/deep/er/a.py", "old/a.py"),
    ("**/er/", "lab/deep/er/a.py", "old/er/a.py"),
    ("/lab/[ab].py", "lab/b.py", "old/b.py"),
    ("/lab/?.py", "lab/b.py", "old/b.py"),
    ("/lab/\\*.py", "lab/*.py", "old/*.py"),
    ("/a b/", "a b/c d", "old/a b/c d"),
    ("/lab/*", "lab/\udcff", "old/\udcff"),
    ("/lab/*", "lab/new\nline", "old/new\nline"),
]

STAYS = [
    ("/a.py", "lab/a.py"),
    ("/lab/*.py", "lab/deep/a.py"),
    ("/lab/a.py", "lab/a.pyc"),
    ("/lab/a.py", "lab/A.py"),
    ("/lab/", "lab"),
    ("/lab/", "labs/a.py"),
    ("/lab/", "x/lab/a.py"),
    ("lab/deep", "x/lab/deep/a.py"),
    ("/lab/?.py", "lab/ab.py"),
    ("/lab/[!ab].py", "lab/a.py"),
    ("/lab/\\*.py", "lab/a.py"),
]


@pytest.mark.parametrize(("pattern", "path", "target"), MATCHES)
def test_a_matched_file_goes_to_its_name_and_a_matched_directory_goes_whole(
    pattern: str, path: str, target: str
) -> None:
    found = select(plan(category("k", {"old/": [pattern]})), tree_of(path), Ledger())
    assert places(found) == {path: target}


@pytest.mark.parametrize(("pattern", "path"), STAYS)
def test_what_no_pattern_matches_stays(pattern: str, path: str) -> None:
    found = select(plan(category("k", {"old/": [pattern]})), tree_of(path), Ledger())
    assert places(found) == {}
    assert found.idle == (('archive[0].into."old/"[0]', pattern),)


def test_the_last_pattern_of_a_list_that_matches_decides() -> None:
    rules = plan(category("k", {"old/": ["/lab/*.py", "!/lab/a.py", "/lab/aa.py"]}))
    found = select(rules, tree_of("lab/a.py", "lab/aa.py", "lab/b.py"), Ledger())
    assert set(places(found)) == {"lab/aa.py", "lab/b.py"}


def test_what_lies_in_a_matched_directory_cannot_be_taken_out_again() -> None:
    rules = plan(category("k", {"old/": ["/lab/", "!/lab/a.py"]}))
    assert set(places(select(rules, tree_of("lab/a.py", "lab/b.py"), Ledger()))) == {"lab/a.py", "lab/b.py"}


@pytest.mark.parametrize(
    ("keep", "take"),
    [
        (["/lab/a.py"], ["/lab/"]),
        (["a.py"], ["/lab/"]),
        (["/lab/"], ["/lab/a.py"]),
        (["*.py"], ["/lab/**"]),
        (["/lab/*", "!/lab/b.py"], ["/lab/a.py"]),
    ],
)
def test_keep_wins_and_says_so(keep: list[str], take: list[str]) -> None:
    found = select(plan(category("k", {"old/": take}), keep=keep), tree_of("lab/a.py"), Ledger())
    assert places(found) == {}
    assert found.kept == {"lab/a.py"}
    assert [verdict.path for verdict in found.contested] == ["lab/a.py"]


def test_a_file_that_a_keep_list_excludes_again_is_not_kept() -> None:
    rules = plan(category("k", {"old/": ["/lab/"]}), keep=["/lab/*", "!/lab/a.py"])
    assert set(places(select(rules, tree_of("lab/a.py", "lab/b.py"), Ledger()))) == {"lab/a.py"}


def test_keep_tables_do_not_undo_each_other() -> None:
    rules = plan_of(
        HEAD
        + '[[keep]]\npatterns = ["/lab/a.py"]\n[[keep]]\npatterns = ["/lab/b.py", "!/lab/a.py"]\n'
        + category("k", {"old/": ["/lab/"]})
    )
    assert places(select(rules, tree_of("lab/a.py", "lab/b.py"), Ledger())) == {}


def test_the_first_category_that_matches_has_the_file_and_the_overlap_is_told() -> None:
    rules = plan(category("one", {"old/one/": ["/lab/a*"]}), category("two", {"old/two/": ["/lab/*a.py"]}))
    found = select(rules, tree_of("lab/a.py", "lab/ba.py"), Ledger())
    assert places(found) == {"lab/a.py": "old/one/a.py", "lab/ba.py": "old/two/ba.py"}
    assert [verdict.path for verdict in found.overlaps] == ["lab/a.py"]
    assert [claim.owner for claim in found.overlaps[0].takes] == ["one", "two"]


def test_the_first_destination_of_a_category_that_matches_has_the_file() -> None:
    rules = plan(category("one", {"old/b/": ["/lab/a*"], "old/a/": ["/lab/*"]}))
    found = select(rules, tree_of("lab/a.py", "lab/b.py"), Ledger())
    assert places(found) == {"lab/a.py": "old/b/a.py", "lab/b.py": "old/a/b.py"}


@pytest.mark.parametrize("path", ["mothball.toml", ".gitignore", ".gitattributes", ".gitmodules", ".mailmap"])
def test_the_plan_and_git_s_own_files_never_move(path: str) -> None:
    rules = plan(category("k", {"old/": ["/*", "!/core/"]}))
    assert path in protected(rules)
    assert places(select(rules, tree_of(path, "a"), Ledger())) == {"a": "old/a"}


def test_a_gitignore_below_the_root_moves_with_its_directory() -> None:
    found = select(plan(category("k", {"old/": ["/lab/"]})), tree_of("lab/.gitignore"), Ledger())
    assert places(found) == {"lab/.gitignore": "old/lab/.gitignore"}


def test_what_mothball_writes_never_moves() -> None:
    written = 'home = "old"\n'
    rules = plan_of(
        written + HEAD + category("k", {"old/k/": ["*.md", "*.json"]}) + '[readme]\npath = "docs/x.md"'
    )
    tree = tree_of("docs/x.md", "old/README.md", "old/ledger.json", "b.md")
    assert set(places(select(rules, tree, Ledger()))) == {"b.md"}


def test_a_pattern_never_matches_its_own_harvest() -> None:
    rules = plan(category("k", {"old/": ["*.py"]}))
    assert set(places(select(rules, tree_of("a.py", "old/b.py", "old/deep/c.py"), Ledger()))) == {"a.py"}


def test_a_pattern_never_matches_what_an_earlier_plan_archived() -> None:
    move = Move("lab/a.py", "attic/a.py", Entry("100644", "0" * 40), "builds")
    ledger = Ledger().having([move], plan_of(), {})
    found = select(plan(category("k", {"old/": ["*.py"]})), tree_of("attic/a.py", "attic/b.py"), ledger)
    assert places(found) == {"attic/b.py": "old/b.py"}


def test_a_pattern_that_has_done_its_work_is_not_idle() -> None:
    rules = plan_of()
    ledger = Ledger().having(
        [Move(source, target, Entry("100644", "0" * 40), "builds") for source, target in MOVES.items()],
        rules,
        {},
    )
    assert select(rules, tree_of("core/x", *MOVES.values()), ledger).idle == ()
    assert [pattern for _, pattern in select(rules, tree_of("core/x"), ledger).idle] == [
        "/lab/build*.py",
        "/lab/test_*.py",
        "/notes/",
    ]


def test_a_pattern_whose_moves_are_staged_is_not_idle() -> None:
    pending = [Move("lab/a.py", "old/a.py", Entry("100644", "0" * 40), "k")]
    rules = plan(category("k", {"old/": ["/lab/"]}))
    assert select(rules, tree_of("old/a.py"), Ledger(), pending).idle == ()
    assert select(rules, tree_of("old/a.py"), Ledger()).idle


def test_a_pattern_that_another_one_overrules_is_not_idle() -> None:
    rules = plan(category("k", {"old/": ["/lab/a.py", "/lab/*.py"]}))
    assert select(rules, tree_of("lab/a.py"), Ledger()).idle == ()


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        (["lab/a.py", "lab/b.md", "src/x"], ["lab/b.md"]),
        (["lab/a.py", "lab/keep.me", "src/x"], []),
        (["old/lab/z", "lab/a.py", "lab/deep/b.md"], ["lab/deep/b.md"]),
    ],
)
def test_files_of_closed_directories_that_nobody_claims_are_listed(paths: list[str], left: list[str]) -> None:
    closed = '[validate]\nclosed = ["/lab/", "/old/"]'
    rules = plan(category("k", {"old/": ["/lab/*.py"]}), keep=["keep.me"], more=closed)
    assert list(select(rules, tree_of(*paths), Ledger()).unclassified) == left


def test_the_pages_and_the_plan_in_a_closed_directory_are_classified() -> None:
    closed = '[readme]\npath = "README.md"\n[validate]\nclosed = ["/*"]'
    rules = plan(category("k", {"old/": ["/lab/"]}), more=closed)
    tree = tree_of(
        "README.md", "mothball.toml", ".gitignore", "lab/a", "old/README.md", "old/ledger.json", "x"
    )
    assert list(select(rules, tree, Ledger()).unclassified) == ["x"]


@pytest.mark.parametrize(
    ("destination", "pattern", "swallowed"),
    [
        ("lab/old/", "/lab/", True),
        ("lab/deep/old/", "/lab/deep/", True),
        ("lab/old/", "/lab/*.py", False),
        ("lab2/old/", "/lab/", False),
    ],
)
def test_a_destination_inside_of_what_moves_is_seen(destination: str, pattern: str, swallowed: bool) -> None:
    rules = plan(category("k", {destination: [pattern]}), more='[readme]\npath = "r.md"')
    found = select(rules, tree_of("lab/deep/a.py", "lab/b.py"), Ledger())
    assert bool(found.swallowed) is swallowed


def test_moves_come_in_plan_order_and_sorted_within_a_category() -> None:
    rules = plan(category("two", {"old/2/": ["/b*"]}), category("one", {"old/1/": ["/a*"]}))
    tree = tree_of("a2", "a1", "b2", "b1")
    found = select(rules, dict(sorted(tree.items())), Ledger())
    assert [move.source for move in found.all_moves] == ["b1", "b2", "a1", "a2"]
    assert list(found.moves) == ["two", "one"]


def test_modes_and_blobs_are_those_of_the_tree() -> None:
    tree = tree_of("a", mode="120000")
    (move,) = select(plan(category("k", {"old/": ["/a"]})), tree, Ledger()).all_moves
    assert move == Move("a", "old/a", tree["a"], "k")


VERDICTS = [
    ("core/kernel.py", "kept", "keep[0].patterns[0]"),
    ("lab/build_v1.py", "selected", 'archive[0].into."archive/builds/"[0]'),
    ("src/app.py", "unclassified", None),
    ("README.md", "protected", None),
    ("archive/builds/build_v1.py", "archived", None),
    ("notes", "unclassified", None),
    ("not/there", "unclassified", None),
]


@pytest.mark.parametrize(("path", "state", "key"), VERDICTS)
def test_the_verdict_names_the_deciding_pattern(path: str, state: str, key: str | None) -> None:
    verdict = Rules(plan_of()).verdict(path)
    assert verdict.state == state
    claims = verdict.keeps or verdict.takes
    assert (claims[0].key if claims else None) == key
