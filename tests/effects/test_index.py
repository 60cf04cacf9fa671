"""The index: changed whole or not at all, and never under the feet of another git process."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mothball.core.errors import MothballError, Refused
from mothball.core.tree import Entry
from mothball.effects import index
from mothball.effects.git import Git, decode
from mothball.effects.index import copy_index, edit, release, require_free, swap
from tests.conftest import MakeRepo, Repo, git_of

KERNEL = "core/kernel.py"


@pytest.fixture(autouse=True, params=[index.MANY, 0], ids=["one by one", "merged"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the index edited in each of the two ways."""
    monkeypatch.setattr(index, "MANY", request.param)


@pytest.fixture
def folder(lab: Repo) -> Path:
    """Mothball's own directory beside the index."""
    place = lab.root / ".git/mothball"
    place.mkdir()
    return place


def entry(repo: Repo, path: str) -> Entry:
    mode, blob, _ = repo.git("ls-files", "-s", "--", path).split("\t")[0].split(" ")
    return Entry(mode, blob)


def test_entries_are_added_and_removed_by_their_ids(lab: Repo, folder: Path) -> None:
    kernel = entry(lab, KERNEL)
    swap(git_of(lab), folder, lambda copy: edit(copy, {"new/\udcff\n": kernel}, [KERNEL]))
    assert entry(lab, "new/\udcff\n") == kernel
    assert KERNEL not in lab.tracked
    assert list(folder.iterdir()) == []
    assert not (lab.root / ".git/index.lock").exists()


def test_a_change_that_fails_changes_nothing(lab: Repo, folder: Path) -> None:
    before = lab.index

    def fails(copy: Git) -> None:
        edit(copy, {}, [KERNEL])
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        swap(git_of(lab), folder, fails)
    assert lab.index == before
    assert not (lab.root / ".git/index.lock").exists()


@pytest.mark.parametrize("path", ["../evil", ".git/config", "a/../b", "/abs", "a//b", "a/.git/x"])
def test_a_path_that_git_does_not_take_is_an_error(lab: Repo, folder: Path, path: str) -> None:
    before = lab.index
    with pytest.raises(MothballError):
        swap(git_of(lab), folder, lambda copy: edit(copy, {path: entry(lab, KERNEL)}, [KERNEL]))
    assert lab.index == before


def test_nothing_to_edit_asks_git_nothing(lab: Repo) -> None:
    edit(Git(lab.root / "nowhere"), {}, ())


def test_a_change_by_another_process_is_seen_and_taken_into_account(lab: Repo, folder: Path) -> None:
    calls = []

    def change(copy: Git) -> None:
        calls.append(1)
        if len(calls) == 1:
            lab.write({"other": "x"})
            lab.git("add", "other")
        edit(copy, {}, [KERNEL])

    swap(git_of(lab), folder, change)
    assert len(calls) == 2
    assert "other" in lab.tracked
    assert KERNEL not in lab.tracked


def test_a_lock_of_another_process_is_waited_for_and_never_removed(
    lab: Repo, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.2)
    lock = lab.root / ".git/index.lock"
    lock.write_bytes(b"theirs")
    before = lab.index
    with pytest.raises(Refused) as caught:
        swap(git_of(lab), folder, lambda copy: edit(copy, {}, [KERNEL]))
    assert [problem.code for problem in caught.value.problems] == ["index-locked"]
    with pytest.raises(Refused):
        require_free(git_of(lab))
    assert lock.read_bytes() == b"theirs"
    assert lab.index == before
    assert list(folder.iterdir()) == []


def test_a_lock_is_released_only_if_it_is_provably_ours(lab: Repo, folder: Path) -> None:
    lock, new = lab.root / ".git/index.lock", folder / "index.new"
    new.write_bytes(b"ours")
    lock.write_bytes(b"theirs")
    release(git_of(lab), folder)
    assert lock.exists()
    assert not new.exists()
    lock.unlink()
    new.write_bytes(b"ours")
    os.link(new, lock)
    release(git_of(lab), folder)
    assert not lock.exists()
    assert not new.exists()


def test_flags_of_other_entries_survive(lab: Repo, folder: Path) -> None:
    lab.git("update-index", "--skip-worktree", "setup.cfg")
    lab.git("update-index", "--assume-unchanged", "src/app.py")
    lab.write({"intended": "x"})
    lab.git("add", "-N", "intended")
    swap(git_of(lab), folder, lambda copy: edit(copy, {}, [KERNEL]))
    flags = {row.split("\t")[1]: row[0] for row in lab.index}
    assert (flags["setup.cfg"], flags["src/app.py"], flags["intended"]) == ("S", "h", "H")
    assert " A intended" in lab.status


@pytest.mark.parametrize("options", [(), ("--object-format=sha256",)])
@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_format_of_the_index_is_kept(repo: MakeRepo, options: tuple[str, ...], version: str) -> None:
    made = repo(options=options)
    made.git("update-index", "--index-version", version)
    place = made.root / ".git/mothball"
    place.mkdir()
    swap(git_of(made), place, lambda copy: edit(copy, {}, [KERNEL]))
    assert KERNEL not in made.tracked
    made.git("fsck", "--strict")


def test_conflicts_of_others_do_not_stop_a_run_from_being_taken_back(lab: Repo, folder: Path) -> None:
    blob = entry(lab, KERNEL).blob
    rows = "".join(f"100644 {blob} {stage}\tdisputed\0" for stage in (1, 2, 3))
    lab.git("update-index", "-z", "--index-info", stdin=rows.encode())
    swap(git_of(lab), folder, lambda copy: edit(copy, {}, [KERNEL]))
    assert KERNEL not in lab.tracked
    assert lab.git("ls-files", "-u").count("disputed") == 3


def test_a_file_may_become_a_directory_of_its_name(lab: Repo, folder: Path) -> None:
    kernel = entry(lab, KERNEL)
    swap(git_of(lab), folder, lambda copy: edit(copy, {f"{KERNEL}/inside": kernel}, [KERNEL]))
    assert {path for path in lab.tracked if path.startswith(KERNEL)} == {f"{KERNEL}/inside"}


PARTS = st.sampled_from(["a", "a.b", "a-b", "b", "é", "z"])
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
CHANGES = st.dictionaries(PATHS, st.booleans(), max_size=8)
"""Paths that are added (true) or removed."""
FLAGGED = {"a.b": "--skip-worktree", "b/a/z": "--assume-unchanged"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_both_ways_make_the_same_index(tangled: Repo, changes: dict[str, bool]) -> None:
    kernel = entry(tangled, KERNEL)
    # What a flag stands at is never written over: a run that would is refused.
    added = {path: kernel for path, adding in changes.items() if adding and path not in FLAGGED}
    removed = [path for path, adding in changes.items() if not adding]
    seen = []
    for way in (1, 10_000):
        with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as scratch:
            patch.setattr(index, "MANY", way)
            copy = copy_index(git_of(tangled), Path(scratch) / "index")
            edit(copy, added, removed)
            seen.append(copy.read("ls-files", "-s", "-v", "--debug", "-z"))
    assert decode(seen[0]).split("\0") == decode(seen[1]).split("\0")


@pytest.fixture
def tangled(lab: Repo) -> Repo:
    """A repository whose index has all that an entry can have: times, flags, an announced file, a link."""
    lab.write({"a/a": "1", "a.b": "2", "b/a/z": "3", "é/b": "4", "a-b/a": "5"})
    lab.git("add", ".")
    lab.git("commit", "-q", "-m", "more")
    for path, flag in FLAGGED.items():
        lab.git("update-index", flag, path)
    lab.write({"z/announced": "x", "a/a": "staged"})
    lab.git("add", "-N", "z/announced")
    lab.git("add", "a/a")
    return lab
