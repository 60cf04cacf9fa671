"""Hazards of pushing, of history, and of those who use the repository."""

import http.server
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mothball.core.errors import NotPushed
from tests.hazards.world import (
    WITH_README,
    Program,
    Repo,
    conserving,
    hazard,
    healthy,
    make,
    moved_purely,
    on_terminal,
    program,
)


@pytest.fixture
def bare(repo: Repo, tmp_path: Path) -> Repo:
    """The remote ``origin`` of the repository, up to date."""
    repo.git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "origin.git"))
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    repo.git("push", "--quiet", "--set-upstream", "origin", "main")
    return Repo(tmp_path / "origin.git")


def unpushed(repo: Repo) -> NotPushed:
    """Archive with a push that fails: the commit is kept, and the way on is told."""
    with conserving(repo), pytest.raises(NotPushed) as caught:
        repo.archive(push=True)
    assert len(moved_purely(repo)) == 2
    assert "archive.commit --push" in str(caught.value)
    return caught.value


def advance(bare: Repo, tmp_path: Path) -> str:
    """Let somebody else push a commit."""
    bare.git("clone", "--quiet", ".", str(tmp_path / "theirs"))
    theirs = Repo(tmp_path / "theirs")
    theirs.git("config", "user.name", "Other")
    theirs.git("config", "user.email", "other@example.org")
    theirs.commit({"theirs.txt": "theirs\n"}, "theirs")
    theirs.git("push", "--quiet")
    return theirs.git("rev-parse", "HEAD")


@hazard(64)
def test_a_push_goes_through(repo: Repo, bare: Repo) -> None:
    assert repo.archive(push=True).pushed == ("origin", "main")
    assert bare.git("rev-parse", "main") == repo.git("rev-parse", "HEAD")


@hazard(64)
def test_a_push_that_is_no_fast_forward_is_not_forced(repo: Repo, bare: Repo, tmp_path: Path) -> None:
    theirs = advance(bare, tmp_path)
    unpushed(repo)
    assert bare.git("rev-parse", "main") == theirs


@hazard(64)
@pytest.mark.parametrize("name", ["pre-receive", "update"])
def test_a_protected_branch_says_so(repo: Repo, bare: Repo, name: str) -> None:
    base = repo.git("rev-parse", "HEAD")
    bare.put({f"hooks/{name}": Program("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")})
    assert "this branch is protected" in str(unpushed(repo))
    assert bare.git("rev-parse", "main") == base


@hazard(64)
def test_a_pre_push_hook_that_fails_says_so(repo: Repo, bare: Repo) -> None:
    repo.put({".git/hooks/pre-push": Program("#!/bin/sh\necho 'no push on Fridays' >&2\nexit 1\n")})
    assert "no push on Fridays" in str(unpushed(repo))


@hazard(64)
def test_without_a_remote_the_commit_is_kept(repo: Repo) -> None:
    assert "no remote" in str(unpushed(repo))


@hazard(64)
def test_a_remote_that_is_gone_says_so(repo: Repo, bare: Repo, tmp_path: Path) -> None:
    bare.root.rename(tmp_path / "away")
    unpushed(repo)


@hazard(64)
def test_the_program_exits_with_8_when_the_push_fails(repo: Repo, tmp_path: Path) -> None:
    done = program("archive.all", "--repo", str(repo.root), "--push", cwd=tmp_path)
    assert done.returncode == 8, done.stderr.decode()
    assert b"Traceback" not in done.stderr


class Unauthorized(http.server.BaseHTTPRequestHandler):
    """Answer every request with: who are you?"""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="closed"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture
def closed() -> Iterator[str]:
    """A server on the loopback that wants a password."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Unauthorized) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/x.git"
        server.shutdown()
        thread.join()


@hazard(65)
def test_a_remote_that_wants_a_password_does_not_make_the_push_ask(
    repo: Repo, closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_TERMINAL_PROMPT")
    asked = tmp_path / "asked"
    ask = tmp_path / "ask"
    ask.write_text(f"#!/bin/sh\ntouch '{asked}'\n")
    ask.chmod(0o755)
    repo.git("config", "core.askPass", str(ask))
    repo.git("remote", "add", "origin", closed)
    unpushed(repo)
    assert not asked.exists()


@hazard(65)
def test_a_remote_that_wants_a_password_does_not_make_the_program_ask_on_its_terminal(
    repo: Repo, closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_TERMINAL_PROMPT")
    repo.git("remote", "add", "origin", closed)
    shown, code = on_terminal("archive.all", "--repo", str(repo.root), "--push", cwd=tmp_path)
    assert code == 8
    assert b"Username" not in shown


@hazard(65)
def test_a_remote_that_never_answers_is_given_up(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mothball.effects.commit.PUSH_TIMEOUT", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        repo.git("remote", "add", "origin", f"http://127.0.0.1:{server.getsockname()[1]}/x.git")
        assert "did not answer" in str(unpushed(repo))
        left = subprocess.run(
            ["pgrep", "-f", f"127.0.0.1:{server.getsockname()[1]}"], capture_output=True, check=False
        )
    assert left.stdout == b"", "git's helper process is still there"


@hazard(66)
def test_a_push_does_not_carry_commits_of_others(repo: Repo, bare: Repo) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.commit({"src/main.py": "work in progress\n"}, "WIP: do not publish")
    assert "WIP" in str(unpushed(repo))
    assert bare.git("rev-parse", "main") == base


@hazard(66)
@pytest.mark.parametrize("subject", ["WIP\r", "WIP \u2028 secret \x85", "WIP \x0c page \x1c"])
def test_a_subject_that_breaks_lines_breaks_nothing(repo: Repo, bare: Repo, subject: str) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", f"{subject}\n\nbody\n")
    assert "WIP" in str(unpushed(repo))
    assert bare.git("rev-parse", "main") == base


@hazard(66)
def test_the_first_push_of_a_branch_does_not_carry_commits_of_others(repo: Repo, bare: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "feature")
    repo.commit({"src/main.py": "work in progress\n"}, "WIP: do not publish")
    unpushed(repo)
    assert bare.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"


@hazard(66)
def test_a_push_goes_where_the_user_pushes(repo: Repo, bare: Repo, tmp_path: Path) -> None:
    repo.git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "fork.git"))
    repo.git("remote", "add", "fork", str(tmp_path / "fork.git"))
    repo.git("push", "--quiet", "fork", "main")
    repo.git("config", "remote.pushDefault", "fork")
    base = bare.git("rev-parse", "main")
    with suppress(NotPushed):
        repo.archive(push=True)
    assert bare.git("rev-parse", "main") == base


@hazard(66)
def test_a_branch_that_follows_a_local_one_is_not_said_to_be_pushed(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "topic", "--track", "main")
    unpushed(repo)


@hazard(67)
def test_a_push_that_was_cut_off_after_the_server_took_it_is_done_when_tried_again(
    repo: Repo, bare: Repo
) -> None:
    repo.archive()
    repo.git("push", "--quiet", str(bare.root), "HEAD:refs/heads/main")  # the server has it, we do not know
    assert repo.finish(push=True).pushed == ("origin", "main")
    assert bare.git("rev-parse", "main") == repo.git("rev-parse", "HEAD")
    assert repo.finish(push=True).pushed == ("origin", "main")


@hazard(68)
def test_a_thousand_moves_are_all_pure_renames_whatever_the_rename_limit(tmp_path: Path) -> None:
    files = {f"old/{number % 20}/f{number}.py": f"print({number})\n" for number in range(1_000)}
    repo = make(tmp_path / "repo", {**files, "src/main.py": "main\n"})
    repo.git("config", "diff.renameLimit", "1")
    repo.archive()
    rows = repo.git("show", "--name-status", "--format=", "-M").splitlines()
    assert sum(row.startswith("R100\t") for row in rows) == 1_000
    assert {row for row in rows if not row.startswith("R100")} == {
        "A\tarchive/README.md",
        "A\tarchive/ledger.json",
    }


@hazard(69)
def test_history_is_followed_across_the_commit_that_also_edits_the_readme(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    repo.commit({"old/a.py": "print('a')\nprint('more')\n"}, "edit a")
    author = repo.git("blame", "-s", "-l", "old/a.py")
    repo.archive()
    followed = repo.git("log", "--follow", "--format=%s", "--", "archive/old/a.py").splitlines()
    assert followed[1:] == ["edit a", "start"]
    after = repo.git("blame", "-s", "-l", "archive/old/a.py")
    assert [row.split()[0] for row in after.splitlines()] == [row.split()[0] for row in author.splitlines()]


@hazard(70)
def test_undo_puts_an_edit_of_one_of_two_identical_files_in_the_right_place(tmp_path: Path) -> None:
    files = {f"old/{name}/__init__.py": "" for name in "abcdef"}
    repo = make(tmp_path / "repo", {**files, "src/main.py": "main\n"})
    repo.archive()
    repo.commit({"archive/old/d/__init__.py": "edited = True\n"})
    repo.undo()
    assert repo.read("old/d/__init__.py") == b"edited = True\n"
    assert [path for path in files if repo.read(path)] == ["old/d/__init__.py"]


@hazard(71)
def test_a_branch_that_edits_an_archived_file_merges_into_its_new_place(repo: Repo) -> None:
    repo.git("branch", "feature")
    repo.archive()
    repo.git("switch", "--quiet", "feature")
    repo.commit({"old/a.py": "print('a, edited')\n"})
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-edit", "feature")
    assert repo.read("archive/old/a.py") == b"print('a, edited')\n"
    assert not repo.path("old").exists()


@hazard(71)
def test_a_branch_that_adds_to_the_old_place_loses_nothing_in_the_merge(repo: Repo) -> None:
    repo.git("branch", "feature")
    repo.archive()
    repo.git("switch", "--quiet", "feature")
    repo.commit({"old/new.py": "print('new')\n"})
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-edit", "feature", check=False)
    assert any(b"print('new')" in path.read_bytes() for path in repo.root.rglob("new.py"))


@hazard(66)
def test_undo_of_a_pushed_run_is_a_new_commit(repo: Repo, bare: Repo) -> None:
    repo.archive(push=True)
    pushed = repo.git("rev-parse", "HEAD")
    repo.undo()
    assert repo.git("rev-parse", "HEAD~1") == pushed
    assert repo.finish(push=True).pushed == ("origin", "main")
    assert bare.git("rev-parse", "main^{tree}") == repo.git("rev-parse", f"{pushed}~1^{{tree}}")
    healthy(repo)
