"""Push: on request, never by force, never more than our own commits, and what fails explains itself."""

import pytest

from mothball.core.errors import Exit, NotPushed
from mothball.workflow.archive import commit_step
from tests.conftest import MOVES, Repo


def add_remote(repo: Repo, name: str = "origin") -> Repo:
    """Give a repository a bare remote that has its commits."""
    bare = repo.root.parent / f"{name}.git"
    repo.git("init", "-q", "--bare", "-b", "main", str(bare))
    repo.git("remote", "add", name, str(bare))
    repo.git("push", "-q", "-u", name, "main")
    return Repo(bare)


def not_pushed(repo: Repo) -> NotPushed:
    """Archive and push, where the push fails: the commit stays."""
    with pytest.raises(NotPushed) as caught:
        repo.archive(push=True)
    assert caught.value.exit == Exit.UNPUSHED
    assert "The commit is made and stays" in str(caught.value)
    assert repo.renames() == MOVES
    assert repo.status == []
    return caught.value


def test_a_push_publishes_the_commit(lab: Repo) -> None:
    remote = add_remote(lab)
    done = lab.archive(push=True)
    assert done.pushed == ("origin", "main")
    assert remote.git("rev-parse", "main") == lab.head


def test_without_the_flag_nothing_is_pushed(lab: Repo) -> None:
    remote = add_remote(lab)
    before = remote.git("rev-parse", "main")
    assert lab.archive().pushed is None
    assert remote.git("rev-parse", "main") == before


def test_a_rejected_push_says_so_and_is_not_forced(lab: Repo) -> None:
    remote = add_remote(lab)
    other = Repo(lab.root.parent / "other")
    lab.git("clone", "-q", str(remote.root), str(other.root))
    other.git("config", "user.name", "Other")
    other.git("config", "user.email", "o@example.org")
    theirs = other.commit({"src/app.py": "theirs\n"})
    other.git("push", "-q")
    assert "rejected" in str(not_pushed(lab))
    assert remote.git("rev-parse", "main") == theirs


def test_a_push_that_a_hook_of_the_remote_declines_shows_its_words(lab: Repo) -> None:
    remote = add_remote(lab)
    hook = remote.root / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'protected branch' >&2\nexit 1\n")
    hook.chmod(0o755)
    assert "protected branch" in str(not_pushed(lab))


def test_a_push_that_the_user_s_own_hook_stops_shows_its_words(lab: Repo) -> None:
    add_remote(lab)
    lab.hook("pre-push", "echo 'tests first' >&2\nexit 1\n")
    assert "tests first" in str(not_pushed(lab))


@pytest.mark.parametrize("subject", ["mine", "odd \x0b\x0c\x85\u2028 subject"])
def test_commits_that_mothball_did_not_make_are_not_published(lab: Repo, subject: str) -> None:
    remote = add_remote(lab)
    before = remote.git("rev-parse", "main")
    lab.commit({"src/app.py": "mine\n"}, subject)
    error = not_pushed(lab)
    assert "git push origin main" in str(error)
    assert subject[:3] in str(error)
    assert remote.git("rev-parse", "main") == before
    lab.git("push", "-q", "origin", "main")
    assert remote.git("rev-parse", "main") == lab.head


def test_without_a_remote_it_says_so(lab: Repo) -> None:
    assert "no remote" in str(not_pushed(lab))


def test_a_remote_that_is_gone_is_told(lab: Repo) -> None:
    add_remote(lab)
    lab.git("remote", "set-url", "origin", str(lab.root.parent / "nowhere.git"))
    assert "nowhere.git" in str(not_pushed(lab))


def test_a_push_asks_nobody_anything(lab: Repo) -> None:
    add_remote(lab)
    lab.git("remote", "set-url", "origin", "https://user@127.0.0.1:9/x.git")
    not_pushed(lab)


def test_the_only_remote_is_taken_whatever_its_name(lab: Repo) -> None:
    remote = add_remote(lab, "upstream")
    assert lab.archive(push=True).pushed == ("upstream", "main")
    assert remote.git("rev-parse", "main") == lab.head


def test_the_branch_s_own_remote_comes_first(lab: Repo) -> None:
    origin = add_remote(lab)
    add_remote(lab, "fork")
    lab.git("config", "branch.main.remote", "fork")
    before = origin.git("rev-parse", "main")
    assert lab.archive(push=True).pushed == ("fork", "main")
    assert origin.git("rev-parse", "main") == before


def test_the_commit_step_pushes_later(lab: Repo) -> None:
    lab.archive()
    remote = add_remote(lab)
    lab.undo()
    done = commit_step(lab.session, lab.plan, pushing=True)
    assert done.pushed == ("origin", "main")
    assert remote.git("rev-parse", "main") == lab.head


def test_a_second_run_with_nothing_to_do_pushes_what_is_committed(lab: Repo) -> None:
    remote = add_remote(lab)
    lab.archive()
    lab.archive(push=True)
    assert remote.git("rev-parse", "main") == lab.head
