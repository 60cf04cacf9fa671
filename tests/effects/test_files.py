"""Files: nothing is overwritten, no link is followed, and only our own pages are ever replaced."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from mothball.core.errors import Failed
from mothball.effects import native
from mothball.effects.files import Workspace, workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "work"
    (place / "a/b").mkdir(parents=True)
    (place / "a/file").write_bytes(b"one")
    (place / "free").mkdir()
    (tmp_path / "scratch").mkdir()
    return place


def hold(root: Path) -> AbstractContextManager[Workspace]:
    """Hold a work tree open, with a directory beside it for what mothball needs on the way."""
    return workspace(root, root.parent / "scratch")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def held(root: Path) -> Iterator[Workspace]:
    with hold(root) as found:
        yield found


@pytest.fixture(params=["native", "link and unlink"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of renaming: the system's own, and where it has none."""
    if request.param != "native":
        monkeypatch.setattr(native, "_function", lambda _: None)


@pytest.mark.usefixtures("either")
def test_a_move_takes_the_very_file_along(held: Workspace, root: Path) -> None:
    inode = (root / "a/file").stat().st_ino
    held.move("a/file", "free/file")
    assert (root / "free/file").stat().st_ino == inode
    assert not (root / "a/file").exists()


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("kind", ["file", "directory", "link", "dangling link"])
def test_a_move_never_overwrites(held: Workspace, root: Path, kind: str) -> None:
    target = root / "free/file"
    if kind == "file":
        target.write_bytes(b"two")
    elif kind == "directory":
        target.mkdir()
    else:
        target.symlink_to("../a/file" if kind == "link" else "nowhere")
    with pytest.raises(FileExistsError):
        held.move("a/file", "free/file")
    assert (root / "a/file").read_bytes() == b"one"
    assert target.is_symlink() == ("link" in kind)


@pytest.mark.usefixtures("either")
def test_a_link_is_moved_and_not_what_it_points_to(held: Workspace, root: Path) -> None:
    (root / "a/link").symlink_to("file")
    held.move("a/link", "free/link")
    assert (root / "free/link").readlink() == Path("file")
    assert (root / "a/file").exists()


@pytest.mark.parametrize(
    "outside", ["../evil", "free/../../evil", "..", ".", "a/./b", "", "a//b", ".git/x", "a/.GIT/x"]
)
def test_no_path_leads_out_of_the_work_tree(held: Workspace, root: Path, outside: str) -> None:
    with pytest.raises(OSError):
        held.move("a/file", outside)
    with pytest.raises(OSError):
        held.make_directory(outside)
    assert names(root.parent) == ["scratch", "work"]
    assert (root / "a/file").read_bytes() == b"one"


def test_a_directory_swapped_for_a_link_is_not_followed(held: Workspace, root: Path) -> None:
    (root.parent / "outside").mkdir()
    (root / "free").rmdir()
    (root / "free").symlink_to(root.parent / "outside")
    with pytest.raises(OSError):
        held.move("a/file", "free/file")
    with pytest.raises(OSError):
        held.write("free/page", None, b"x")
    assert list((root.parent / "outside").iterdir()) == []


def test_making_a_directory_that_is_there_is_fine(held: Workspace, root: Path) -> None:
    held.make_directory("free")
    held.make_directory("free/new")
    assert (root / "free/new").is_dir()


def test_making_a_directory_where_a_file_is_fails(held: Workspace) -> None:
    with pytest.raises(NotADirectoryError):
        held.make_directory("a/file")


def test_only_empty_directories_are_removed(held: Workspace, root: Path) -> None:
    assert held.remove_if_empty("a/b")
    assert not held.remove_if_empty("a")
    assert (root / "a/file").exists()
    assert not (root / "a/b").exists()


def test_a_page_is_replaced_only_if_it_is_what_it_was(held: Workspace, root: Path) -> None:
    with pytest.raises(Failed) as caught:
        held.write("a/file", b"other", b"new")
    assert "a/file" in str(caught.value)
    assert (root / "a/file").read_bytes() == b"one"
    held.write("a/file", b"one", b"new")
    assert (root / "a/file").read_bytes() == b"new"
    held.write("a/file", b"new", None)
    assert not (root / "a/file").exists()
    held.write("a/file", None, b"again")
    assert (root / "a/file").read_bytes() == b"again"


def test_a_page_that_is_right_already_is_left_alone(held: Workspace, root: Path) -> None:
    inode = (root / "a/file").stat().st_ino
    held.write("a/file", b"anything", b"one")
    assert (root / "a/file").stat().st_ino == inode


def test_a_page_keeps_its_permissions_and_leaves_nothing_beside_it(held: Workspace, root: Path) -> None:
    (root / "a/file").chmod(0o751)
    held.write("a/file", b"one", b"two")
    assert (root / "a/file").stat().st_mode & 0o777 == 0o751
    assert names(root / "a") == ["b", "file"]


def test_a_page_through_a_link_is_refused(held: Workspace, root: Path) -> None:
    (root.parent / "outside").write_bytes(b"one")
    (root / "a/link").symlink_to(root.parent / "outside")
    with pytest.raises(Failed):
        held.write("a/link", b"one", b"evil")
    assert (root.parent / "outside").read_bytes() == b"one"


def test_a_pipe_is_no_file_and_blocks_nobody(held: Workspace, root: Path) -> None:
    os.mkfifo(root / "free/pipe")
    assert held.read("free/pipe") is None
    assert not held.has_blob("free/pipe", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")  # that of no bytes
    assert held.status("free/pipe") is not None


def test_what_is_not_there_has_no_status(held: Workspace) -> None:
    assert held.status("nothing") is None
    assert held.status("nothing/below") is None
    assert held.status("a/file/below") is None
    assert held.read("nothing") is None


def test_a_twin_is_removed_only_while_both_names_are_one_file(held: Workspace, root: Path) -> None:
    (root / "free/copy").write_bytes(b"one")
    with pytest.raises(FileNotFoundError):
        held.unlink_twin("a/file", "free/copy")
    os.link(root / "a/file", root / "free/twin")
    held.unlink_twin("a/file", "free/twin")
    assert (root / "free/twin").read_bytes() == b"one"
    assert not (root / "a/file").exists()


def test_many_directories_do_not_use_up_the_handles(root: Path) -> None:
    for number in range(300):
        (root / f"from{number}").mkdir()
        (root / f"to{number}").mkdir()
        (root / f"from{number}/x").touch()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with hold(root) as held:
            for number in range(300):
                held.move(f"from{number}/x", f"to{number}/x")
            held.sync()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (root / "to299/x").exists()


def test_names_of_any_bytes_are_moved(held: Workspace, root: Path) -> None:
    name = "\udcff\n x"
    (root / "a" / name).touch()
    held.move(f"a/{name}", f"free/{name}")
    assert [os.fsencode(found) for found in names(root / "free")] == [b"\xff\n x"]


def test_an_error_of_the_system_is_passed_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with hold(root) as held:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            held.write("a/file", b"one", b"two")
    assert (root / "a/file").read_bytes() == b"one"
    assert names(root / "a") == ["b", "file"]
