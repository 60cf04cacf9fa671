"""What mothball remembers: read back as written, and damage is told, not guessed over."""

import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.errors import Busy, Undecided
from mothball.core.plan.paths import is_confined
from mothball.core.tree import Entry, Move
from mothball.core.work import Work, Write
from mothball.effects.git import Git
from mothball.effects.journal import Journal
from mothball.effects.store import Store
from tests.conftest import Repo, git_of

MOVE = Move("a\udcff\n", "b/\u2028", Entry("100755", "1" * 40), "builds")
WORK = Work(directories=("b",), moves=(MOVE,), writes=(Write("R", None, b"\xff\x00"), Write("I", b"1", b"2")))
JOURNAL = Journal(base="1" * 40, work=WORK, prior=Work(directories=("x",)), former={"I": MOVE.entry})


@pytest.fixture
def store(lab: Repo) -> Store:
    return Store(git_of(lab))


def test_it_lies_beside_the_index_and_not_in_the_work_tree(lab: Repo, store: Store) -> None:
    store.keep_pending(WORK)
    assert store.folder == (lab.root / ".git/mothball").resolve()
    assert lab.status == []


def test_pending_work_reads_back(store: Store) -> None:
    assert store.pending() == Work()
    store.keep_pending(WORK)
    assert store.pending() == WORK
    store.keep_pending(Work())
    assert store.pending() == Work()


@pytest.mark.parametrize("left", [None, Work(), WORK])
@pytest.mark.parametrize("branch", [None, ("focus", "main"), ("focus", "")])
def test_a_journal_reads_back(store: Store, left: Work | None, branch: tuple[str, str] | None) -> None:
    journal = Journal(
        **{
            **{name: getattr(JOURNAL, name) for name in ("base", "work", "prior", "former")},
            "left": left,
            "branch": branch,
        }
    )
    assert store.journal() is None
    store.open_journal(journal)
    assert store.journal() == journal
    store.close_journal()
    assert store.journal() is None


def test_contents_that_nothing_pending_needs_go_with_the_journal(store: Store) -> None:
    store.open_journal(JOURNAL)
    store.keep_pending(Work(writes=(Write("R", None, b"kept"),)))
    store.close_journal()
    assert len(list((store.folder / "content").iterdir())) == 1
    assert store.pending().writes[0].after == b"kept"


paths = st.text(
    st.characters(codec="utf-8", exclude_characters="\0")
    | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF),
    min_size=1,
).filter(is_confined)
moves = st.builds(Move, paths, paths, st.builds(Entry, st.just("100644"), st.just("2" * 40)), st.just("k"))
writes = st.builds(Write, paths, st.none() | st.binary(), st.none() | st.binary())
works = st.builds(
    Work,
    directories=st.lists(paths, max_size=2).map(tuple),
    moves=st.lists(moves, max_size=2).map(tuple),
    writes=st.lists(writes, max_size=2).map(tuple),
    discard=st.lists(paths, max_size=2).map(tuple),
)


@settings(max_examples=40)
@given(work=works)
def test_any_work_reads_back(
    lab_template: Path, tmp_path_factory: pytest.TempPathFactory, work: Work
) -> None:
    store = Store(Git(lab_template))
    store.folder = tmp_path_factory.getbasetemp() / f"store{os.getpid()}"
    store.folder.mkdir(exist_ok=True)
    store.keep_pending(work)
    assert store.pending() == work


@pytest.mark.parametrize("name", ["journal", "pending"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"format": 2}', b'{"format": 1}', b"\xff", b"null"]
)
def test_a_damaged_record_is_told_and_touched_by_nobody(
    lab: Repo, store: Store, name: str, content: bytes
) -> None:
    store.folder.mkdir()
    (store.folder / name).write_bytes(content)
    before = lab.everything
    with pytest.raises(Undecided) as caught:
        lab.archive()
    assert str(store.folder / name) in str(caught.value)
    assert lab.everything == before
    assert (store.folder / name).read_bytes() == content


def test_a_damaged_content_is_told(store: Store) -> None:
    store.keep_pending(WORK)
    for place in (store.folder / "content").iterdir():
        place.write_bytes(b"other")
    with pytest.raises(Undecided):
        store.pending()


def test_a_missing_content_is_told(store: Store) -> None:
    store.keep_pending(WORK)
    for place in (store.folder / "content").iterdir():
        place.unlink()
    with pytest.raises(Undecided):
        store.pending()


def test_one_run_at_a_time(lab: Repo, store: Store) -> None:
    store.folder.mkdir()
    handle = os.open(store.folder / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    before = lab.everything
    for act in (lab.archive, lab.undo):
        with pytest.raises(Busy):
            act()
    assert lab.everything == before
    assert len(lab.preview().work.moves) == 5
    os.close(handle)
    assert lab.archive().changed


def test_a_lock_file_that_nobody_holds_stops_nobody(lab: Repo, store: Store) -> None:
    store.folder.mkdir()
    (store.folder / "lock").touch()
    assert lab.archive().changed


def test_a_run_waits_for_recovery_of_one_that_was_cut_off(lab: Repo, store: Store) -> None:
    store.open_journal(Journal(base=lab.head, work=Work(), prior=Work()))
    for act in (lab.archive, lab.undo):
        with pytest.raises(Undecided) as caught:
            act()
        assert [problem.code for problem in caught.value.problems] == ["cut-off"]
    assert lab.session.recover()
    assert not lab.session.recover()
    assert lab.archive().changed


def test_records_of_others_are_kept_as_json(store: Store) -> None:
    assert store.read_record("trusted") is None
    store.write_record("trusted", ["x"])
    assert store.read_record("trusted") == ["x"]
    (store.folder / "trusted").write_bytes(b"{")
    assert store.read_record("trusted") is None
