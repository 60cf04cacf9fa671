"""Hazards of the operating system: limits, permissions, signals, other processes, odd files."""

import errno
import fcntl
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mothball.core.errors import Busy, PlanError, Refused, Undecided
from mothball.effects import index
from tests.hazards.world import (
    DRIVER,
    FILES,
    REPORTED,
    SOURCES,
    WITH_README,
    Program,
    Repo,
    at,
    conserving,
    git_calls,
    hazard,
    healthy,
    killed,
    make,
    moved_purely,
    plan_of,
    program,
    refused,
    taken_back,
    untouched,
)

MANY = {f"old/{number}.py": f"print({number})\n" for number in range(30)}


def before_or_after(repo: Repo, before: object, moves: int) -> None:
    """Expect the state before or, with all moves committed, the state after."""
    if repo.session().store.journal() is not None:
        repo.recover()
    healthy(repo)
    if repo.picture() != before:
        assert sum(path.startswith("archive/old/") for path in repo.tree()) == moves
        assert [row for row in repo.status() if row[:2] != "??"] == []


@hazard(73, 74)
@pytest.mark.parametrize("size", [0, 1_000, 5_000])
def test_a_limit_of_file_size_ends_before_or_after(tmp_path: Path, size: int) -> None:
    repo = make(tmp_path / "repo", {**MANY, "src/main.py": "main\n"})
    before = repo.picture()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, limits=limit)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode in {0, 5, 6, 7}, done.stderr.decode()
    if done.returncode == 7:
        repo.undo()
    before_or_after(repo, before, len(MANY))


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[Path, str], None]]:
    """Mount small file systems; they go with the test."""
    mounted: list[Path] = []

    def act(place: Path, options: str) -> None:
        place.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", options, "none", str(place)]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("no permission to mount a file system here")
        mounted.append(place)

    yield act
    for place in reversed(mounted):
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@hazard(73)
@pytest.mark.parametrize("free", [0, 4, 12])
def test_a_full_disk_ends_before_or_after(
    tmp_path: Path, mount: Callable[[Path, str], None], free: int
) -> None:
    place = tmp_path / "small"
    mount(place, "size=4m")
    repo = make(place / "repo", {**MANY, "src/main.py": "main\n"})
    before = repo.picture()
    status = os.statvfs(place)
    hog = place / "hog"
    hog.write_bytes(b"\0" * (status.f_bavail - free) * status.f_frsize)
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode in {0, 5, 6, 7}, done.stderr.decode()
    hog.unlink()
    if done.returncode == 7:
        repo.undo()
    before_or_after(repo, before, len(MANY))


POWERLESS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all")


def as_a_plain_user() -> tuple[str, ...]:
    """Return the start of a command that may not do what only root may; nothing where we are no root."""
    if os.geteuid():
        return ()
    tried = shutil.which("setpriv") and subprocess.run([*POWERLESS, "true"], capture_output=True, check=False)
    if not tried or tried.returncode:
        pytest.skip("root may write everywhere, and there is no setpriv to give that up")
    return POWERLESS


@hazard(75)
@pytest.mark.parametrize("folder", ["old", "archive", "archive/old"])
def test_a_directory_without_write_permission_is_refused(tmp_path: Path, folder: str) -> None:
    plain = as_a_plain_user()
    repo = make(tmp_path / "repo", {**FILES, "archive/old/kept.txt": "kept\n"})
    before = repo.picture(exactly=True)
    mode = repo.path(folder).stat().st_mode
    repo.path(folder).chmod(0o555)
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, before=plain)
    repo.path(folder).chmod(mode)
    assert done.returncode == 4, done.stderr.decode()
    assert b"not-writable" in done.stderr
    assert repo.picture(exactly=True) == before


@hazard(75)
def test_a_root_without_write_permission_loses_nothing(tmp_path: Path) -> None:
    plain = as_a_plain_user()
    repo = make(tmp_path / "repo", {**FILES, "archive/old/kept.txt": "kept\n"})
    repo.root.chmod(0o555)
    with conserving(repo):
        done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, before=plain)
    repo.root.chmod(0o755)
    assert done.returncode in {0, 4}, done.stderr.decode()


@hazard(75)
@pytest.mark.parametrize(("folder", "code"), [("", b"not-writable"), (".git", b"git-unwritable")])
def test_a_place_that_a_run_needs_and_may_not_write_is_refused(
    tmp_path: Path, folder: str, code: bytes
) -> None:
    plain = as_a_plain_user()
    repo = make(tmp_path / "repo")
    repo.path(".git/mothball").mkdir()
    before = repo.picture(exactly=True)
    place = repo.root / folder
    mode = place.stat().st_mode
    place.chmod(0o555)
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, before=plain)
    place.chmod(mode)
    assert done.returncode == 4, done.stderr.decode()
    assert code in done.stderr
    assert repo.picture(exactly=True) == before


@hazard(75)
@pytest.mark.parametrize("folder", [".git", ".git/objects", ".git/refs/heads", ".git/mothball"])
def test_gits_own_directory_without_write_permission_ends_before(tmp_path: Path, folder: str) -> None:
    plain = as_a_plain_user()
    repo = make(tmp_path / "repo")
    before = repo.picture()
    repo.path(folder).mkdir(exist_ok=True)
    repo.path(folder).chmod(0o555)
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, before=plain)
    repo.path(folder).chmod(0o755)
    assert done.returncode in {4, 5, 6, 7}, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    if done.returncode == 7:
        repo.undo()
    before_or_after(repo, before, 2)
    assert repo.picture() == before


@hazard(75, 83)
def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    plain = as_a_plain_user()
    repo = make(tmp_path / "repo")
    repo.path("old/a.py").chmod(0o200)
    before = repo.files()
    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, before=plain)
    assert done.returncode in {4, 5}, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert repo.files() == before
    healthy(repo)


@hazard(75)
def test_a_permission_that_goes_in_the_middle_is_taken_back(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    before = repo.picture()
    refusing = OSError(errno.EACCES, "Permission denied")

    def refuse(*_: object) -> None:
        raise refusing

    for event in ("mothball.mkdir", "mothball.move", "mothball.write", "mothball.rmdir"):
        with pytest.raises(OSError, match="Permission denied"), at(event, refuse):
            repo.archive()
        assert repo.picture() == before
        healthy(repo)


@hazard(76)
@pytest.mark.parametrize("folder", ["archive", "archive/old"])
def test_a_destination_on_another_file_system_is_refused(
    repo: Repo, mount: Callable[[Path, str], None], folder: str
) -> None:
    mount(repo.path(folder), "size=1m")
    error = refused(repo, PlanError, repo.archive, "target-occupied")
    assert "another file system" in str(error)


@hazard(76)
def test_a_source_on_another_file_system_is_refused(
    tmp_path: Path, mount: Callable[[Path, str], None]
) -> None:
    repo = Repo(tmp_path / "repo")
    mount(repo.path("old"), "size=1m")
    shutil.rmtree(make(tmp_path / "made").root / "old")
    made = Repo(tmp_path / "made")
    made.root.joinpath(".git").rename(repo.path(".git"))
    repo.git("checkout", "--quiet", "HEAD", "--", ".")
    taken_back(repo, repo.archive)
    with untouched(repo), pytest.raises((Refused, PlanError)):
        repo.archive()


@hazard(77)
@pytest.mark.parametrize(
    ("event", "number"),
    [
        ("mothball.mkdir", 1),
        ("mothball.move", 1),
        ("mothball.move", 2),
        ("mothball.write", 2),
        ("mothball.rmdir", 1),
        ("os.rename", 1),
        ("os.link", 2),
    ],
)
def test_a_run_that_is_killed_is_brought_back(repo: Repo, event: str, number: int) -> None:
    repo.put({"old/secret.txt": "token\n"})
    before = repo.picture()
    if not killed(repo, event, number):
        pytest.skip("there are fewer effects of this kind")
    if repo.session().store.journal() is not None:
        with pytest.raises(Undecided, match=r"archive\.recover"):
            repo.archive()
    repo.recover()
    assert repo.picture() == before
    healthy(repo)
    with conserving(repo):
        repo.archive()


AFTERWARDS: dict[str, list[list[str]]] = {
    "add and commit": [["add", "--all"], ["commit", "--quiet", "-m", "mine"]],
    "commit -a": [["commit", "--quiet", "-a", "-m", "mine"]],
    "stash": [["stash", "--quiet"]],
    "reset": [["reset", "--quiet", "--hard"]],
    "clean": [["clean", "-fdxq"]],
    "reset and clean": [["reset", "--quiet", "--hard"], ["clean", "-fdxq"]],
    "checkout": [["checkout", "--quiet", "-b", "new"]],
    "gc": [["gc", "--quiet", "--prune=now"]],
}


@hazard(77)
@pytest.mark.parametrize("commands", AFTERWARDS.values(), ids=AFTERWARDS)
def test_life_goes_on_after_a_kill_and_loses_nothing(repo: Repo, commands: list[list[str]]) -> None:
    assert killed(repo, "mothball.move", 2)
    for command in commands:
        repo.git(*command, check=False)
    contents = {repo.git("hash-object", str(path)) for path in repo.root.rglob("*.py")}
    wanted = {repo.blob(FILES[path].encode()) for path in ("old/a.py", "old/b.py")}  # type: ignore[union-attr]
    assert wanted <= contents
    assert wanted <= {blob for _, blob in repo.tree().values()}


@hazard(77)
@pytest.mark.parametrize(("way", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_run_that_is_interrupted_says_so_and_is_taken_back(tmp_path: Path, way: str, code: int) -> None:
    command = "test -e old/1.py || sleep 60"
    repo = make(tmp_path / "repo", MANY, plan_of("/old/", more=f'[validate]\ncommands = ["{command}"]'))
    before = repo.picture()
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "mothball", "archive.all", "--repo", str(repo.root), "--trust"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": SOURCES},
    ) as process:  # fmt: skip
        assert process.stderr
        while repo.path("old").exists() or b"running test" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(getattr(signal, way))
        shown = process.stderr.read()
        assert process.wait() == code, shown
    assert b"Traceback" not in shown
    assert b"The run was taken back" in shown
    before_or_after(repo, before, len(MANY))
    assert repo.picture() == before


@hazard(73)
def test_a_journal_that_cannot_be_synced_is_not_left(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    before, sync = repo.picture(), os.fsync

    def full(handle: int) -> None:
        if repo.path(".git/mothball/journal").exists():
            monkeypatch.setattr(os, "fsync", sync)
            raise OSError(errno.ENOSPC, "no more")
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no more"):
        repo.archive()
    assert repo.picture() == before
    healthy(repo)


@hazard(77, 78)
def test_a_git_that_outlives_a_killed_run_is_waited_for(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    script = f"#!/bin/sh\ntouch '{begun}'\nwhile [ ! -e '{go_on}' ]; do sleep 0.1; done\n"
    repo.put({".git/hooks/pre-commit": Program(script)})
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "mothball", "archive.all", "--repo", str(repo.root)],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": SOURCES},
    ) as process:  # fmt: skip
        soon(begun.exists)
        process.kill()
    with pytest.raises(Busy):
        repo.recover()
    go_on.touch()
    soon(lambda: len(repo.git("rev-list", "HEAD").split()) == 2)
    soon(lambda: not any(repo.path(".git").rglob("*.lock")))
    while True:
        try:
            assert repo.recover()
        except Busy:
            continue
        break
    healthy(repo)
    assert len(moved_purely(repo)) == 2
    assert repo.status() == []


@hazard(63)
@pytest.mark.parametrize("content", ["", "BASE\n", "ref: refs/heads/main\n"])
@pytest.mark.parametrize("name", ["HEAD", "refs/heads/main"])
def test_a_lock_that_a_killed_commit_left_is_taken_away(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.2)
    before = repo.picture()
    cut_off_at_its_commit(repo)
    repo.put({f".git/{name}.lock": content.replace("BASE", repo.git("rev-parse", "HEAD"))})
    assert repo.recover()
    assert repo.picture() == before
    healthy(repo)


@hazard(63)
@pytest.mark.parametrize("content", ["0" * 40 + "\n", "mine\n"])
def test_a_lock_that_may_be_somebody_elses_stays(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.2)
    before = repo.picture()
    cut_off_at_its_commit(repo)
    repo.put({".git/refs/heads/main.lock": content})
    with pytest.raises(Undecided, match=r"main\.lock"):
        repo.recover()
    assert repo.read(".git/refs/heads/main.lock") == content.encode()
    repo.path(".git/refs/heads/main.lock").unlink()
    assert repo.recover()
    assert repo.picture() == before


def cut_off_at_its_commit(repo: Repo) -> None:
    """Leave a run that was killed just before its commit."""
    assert killed(repo, "open", when="message")
    assert repo.session().store.journal() is not None


def soon(true: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@hazard(77)
@pytest.mark.parametrize("mode", [0o700, 0o775, 0o2750])
def test_a_rolled_back_run_leaves_directories_their_permissions(tmp_path: Path, mode: int) -> None:
    repo = make(tmp_path / "repo", {**FILES, "old/deep/c.py": "c\n"})
    for name in ("old", "old/deep"):
        repo.path(name).chmod(mode)
    before = repo.picture()

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "no more")

    with pytest.raises(OSError, match="no more"), at("mothball.rmdir", fail, nth=2):
        repo.archive()
    assert repo.picture() == before
    assert killed(repo, "open", when="message")
    assert not repo.path("old").exists()
    assert repo.recover()
    assert repo.picture() == before


@hazard(77)
@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM"])
def test_a_signal_between_two_moves_takes_all_back(tmp_path: Path, way: str) -> None:
    repo = make(tmp_path / "repo", MANY)
    before = repo.picture()
    driver = DRIVER.replace(
        "from pathlib import Path",
        "signal.signal(signal.SIGTERM, signal.default_int_handler)\nfrom pathlib import Path",
    )
    done = subprocess.run(
        [sys.executable, "-c", driver, "mothball.move", "7", way, str(repo.root), "all"],
        env={**os.environ, "PYTHONPATH": SOURCES}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode
    assert repo.session().store.journal() is None
    assert repo.picture() == before
    healthy(repo)


@hazard(78)
def test_a_second_run_at_the_same_time_is_busy(repo: Repo, tmp_path: Path) -> None:
    folder = repo.path(".git/mothball")
    folder.mkdir()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(repo, Busy, repo.archive, "busy")
        refused(repo, Busy, lambda: repo.step("old"), "busy")
        refused(repo, Busy, repo.undo, "busy")
        refused(repo, Busy, repo.recover, "busy")
        refused(repo, Busy, lambda: repo.restore("old"), "busy")
        done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path)
        assert done.returncode == 75
        assert program("archive.plan", "--repo", str(repo.root), cwd=tmp_path).returncode == 0
    with conserving(repo):
        repo.archive()


@hazard(78)
def test_a_second_run_in_the_middle_of_a_first_is_busy(repo: Repo, tmp_path: Path) -> None:
    codes = []

    def second(*_: object) -> None:
        codes.append(program("archive.all", "--repo", str(repo.root), cwd=tmp_path).returncode)
        codes.append(program("archive.recover", "--repo", str(repo.root), cwd=tmp_path).returncode)

    with at("mothball.move", second, nth=2), conserving(repo):
        repo.archive()
    assert codes == [75, 75]


@hazard(78)
def test_runs_that_start_together_end_in_one_whole_archive(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", MANY)
    command = [sys.executable, "-P", "-m", "mothball", "archive.all", "--repo", str(repo.root)]
    with conserving(repo):
        runs = [
            subprocess.Popen(
                command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": SOURCES},
            )
            for _ in range(3)
        ]  # fmt: skip
        codes = sorted(run.wait() for run in runs)
    assert codes[0] == 0
    assert set(codes) <= {0, 75}
    assert len([path for path in repo.tree() if path.startswith("archive/old/")]) == len(MANY)
    assert repo.git("rev-list", "--count", "HEAD") == "2"


def saves(repo: Repo, path: str, text: str = "saved by an editor\n") -> Callable[..., None]:
    """Return what an editor does: write beside the file and rename over it."""

    def save(*_: object) -> None:
        beside = repo.root / (path + "~")
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, "utf-8")
        beside.rename(repo.root / path)

    return save


def anywhere(repo: Repo, text: str) -> list[str]:
    """List the files of the work tree that hold exactly this text."""
    return [
        str(path.relative_to(repo.root))
        for path in repo.root.rglob("*")
        if path.is_file() and ".git" not in path.parts and path.read_text("utf-8", "replace") == text
    ]


@hazard(79)
@pytest.mark.parametrize("event", ["mothball.mkdir", "mothball.move", "mothball.write"])
@pytest.mark.parametrize("path", ["old/b.py", "README.md"])
def test_a_file_saved_while_the_run_is_under_way_is_neither_lost_nor_committed(
    tmp_path: Path, event: str, path: str
) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    head = repo.git("rev-parse", "HEAD")
    files = repo.files()
    moved_already = event == "mothball.write" and path == "old/b.py"
    try:
        with at(
            event, saves(repo, path), when=lambda *args: event != "mothball.write" or args[0] == "README.md"
        ):
            repo.archive()
    except REPORTED:
        assert repo.git("rev-parse", "HEAD") == head
        assert repo.read(path) == b"saved by an editor\n"
        if repo.session().store.journal() is None:
            rest = {name: entry for name, entry in repo.files().items() if name != path}
            assert rest == {name: entry for name, entry in files.items() if name != path}
    else:
        assert moved_already, "the run must not go through"
        assert repo.read("archive/old/b.py") == FILES["old/b.py"].encode()  # type: ignore[union-attr]
    assert anywhere(repo, "saved by an editor\n") == [path]
    assert "saved by an editor" not in repo.git("log", "-p", "--all")


@hazard(79)
def test_a_file_written_through_its_new_name_is_found(repo: Repo) -> None:
    def write(*_: object) -> None:
        repo.path("archive/old/a.py").write_bytes(b"edited at its new place\n")

    with pytest.raises(REPORTED), at("mothball.write", write):
        repo.archive()
    assert repo.tree().keys() >= {"old/a.py", "old/b.py"}
    assert anywhere(repo, "edited at its new place\n") == ["old/a.py"]


@hazard(79)
def test_an_old_place_that_comes_back_is_kept(repo: Repo) -> None:
    with at("mothball.rmdir", saves(repo, "old/a.py")):
        done = repo.archive()
    assert repo.read("old/a.py") == b"saved by an editor\n"
    assert repo.read("archive/old/a.py") == b"print('a')\n"
    assert repo.status() == ["?? old/a.py"]
    assert done.left_behind == ("old/a.py",)


@hazard(80)
@pytest.mark.parametrize("event", ["mothball.move", "mothball.write", "mothball.rmdir"])
def test_a_program_that_writes_on_through_an_open_handle_loses_nothing(repo: Repo, event: str) -> None:
    with repo.path("old/b.py").open("ab", buffering=0) as log:
        try:
            with at(event, lambda *_: log.write(b"# one more line\n")):
                repo.archive()
        except REPORTED:
            assert repo.read("old/b.py") == b"print('b')\n# one more line\n"
        else:
            assert repo.read("archive/old/b.py") == b"print('b')\n# one more line\n"
    assert "one more line" not in repo.git("log", "-p", "--all")


@hazard(81)
def test_every_call_of_git_that_writes_is_made_durable(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = {"update-index", "write-tree", "commit", "hash-object", "update-ref", "symbolic-ref"}
    calls = [call for call in git_calls(repo, tmp_path / "trace", monkeypatch) if writing & set(call)]
    assert calls
    for call in calls:
        assert "core.fsync=all" in call, call


@hazard(81)
def test_files_are_on_the_disk_before_the_run_goes_on(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    repo.archive()
    names = {Path(place).name for place in synced}
    assert {"old", "archive", "mothball", ".git", "index.new"} <= names
    assert any("journal" in place for place in synced)
    journal = next(number for number, place in enumerate(synced) if "journal" in place)
    assert journal < next(number for number, place in enumerate(synced) if place.endswith("index.new"))


@hazard(82)
@pytest.mark.parametrize("when", [0, 1, 2_000_000_000, 4_000_000_000])
def test_file_times_change_nothing(tmp_path: Path, when: int) -> None:
    plain, repo = make(tmp_path / "plain"), make(tmp_path / "repo")
    for path in FILES:
        os.utime(repo.path(path), (when, when))
    repo.archive()
    plain.archive()
    strip = {"archive/README.md", "archive/ledger.json"}
    assert {p: e for p, e in repo.tree().items() if p not in strip} == {
        p: e for p, e in plain.tree().items() if p not in strip
    }
    assert repo.status() == []
    assert repo.path("archive/old/a.py").stat().st_mtime == when


def a_pipe(place: Path) -> None:
    os.mkfifo(place)


def a_socket(place: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # the name of a socket may have 108 bytes only
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


@hazard(83)
@pytest.mark.parametrize("lay", [a_pipe, a_socket], ids=lambda lay: lay.__name__)
def test_a_tracked_file_that_became_something_else_is_refused(
    repo: Repo, lay: Callable[[Path], None]
) -> None:
    repo.path("old/a.py").unlink()
    lay(repo.path("old/a.py"))
    refused(repo, Refused, repo.archive, "not-clean")


@hazard(83)
@pytest.mark.parametrize("lay", [a_pipe, a_socket], ids=lambda lay: lay.__name__)
def test_a_pipe_or_socket_beside_what_moves_stays(repo: Repo, lay: Callable[[Path], None]) -> None:
    lay(repo.path("old/odd"))
    with conserving(repo):
        repo.archive()
    assert not repo.path("old/odd").is_file()
    assert repo.path("old/odd").exists()
    repo.undo()


@hazard(83)
@pytest.mark.parametrize(
    "page", ["archive/README.md", "archive/ledger.json", "README.md", "archive/.mothball-README.md"]
)
def test_a_pipe_in_the_place_of_a_page_is_neither_read_nor_replaced(tmp_path: Path, page: str) -> None:
    repo = make(tmp_path / "repo", {"old/a.py": "a\n", "src/main.py": "main\n"}, WITH_README)
    repo.path("archive").mkdir()
    os.mkfifo(repo.path(page))
    if page.rpartition("/")[2].startswith("."):
        done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, before=("timeout", "20"))
        assert done.returncode == 0, done.stderr.decode()
    else:
        with pytest.raises(REPORTED):
            repo.archive()
        assert repo.read("old/a.py") == b"a\n"
    assert repo.path(page).is_fifo()


@hazard(84)
def test_a_big_file_is_not_taken_into_memory(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    repo.git("config", "core.bigFileThreshold", "1m")
    with repo.path("old/big.bin").open("wb") as big:
        big.truncate(200 << 20)
    repo.git("-c", "core.compression=0", "add", "old/big.bin")
    repo.git("commit", "--quiet", "-m", "big")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))

    done = program("archive.all", "--repo", str(repo.root), cwd=tmp_path, limits=limit)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert repo.path("archive/old/big.bin").stat().st_size == 200 << 20
