"""History: when content last changed, and which commits are runs of ours."""

import pytest

from mothball.core.ledger import Touch
from mothball.effects.history import made_here, past_runs, touches
from tests.conftest import DATE, MakeRepo, Repo, git_of


def dated(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, day: str, picture: dict[str, str], message: str = "x"
) -> str:
    monkeypatch.setenv("GIT_AUTHOR_DATE", f"{day}T23:30:00-0800")
    return repo.commit(picture, message)


def test_a_file_is_dated_by_the_last_commit_that_changed_it(
    lab: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = lab.head
    second = dated(lab, monkeypatch, "2025-02-03", {"src/app.py": "newer"})
    dated(lab, monkeypatch, "2025-02-04", {"setup.cfg": "other"})
    found = touches(git_of(lab), ["src/app.py", "core/kernel.py", "not/there"])
    assert found == {"src/app.py": Touch(second, "2025-02-03"), "core/kernel.py": Touch(first, DATE[:10])}


def test_nobody_is_asked_about_no_files(lab: Repo) -> None:
    assert touches(git_of(lab), []) == {}


def test_a_run_of_ours_touches_no_content(lab: Repo) -> None:
    before = touches(git_of(lab), ["lab/build_v1.py", "notes/idea.md"])
    lab.archive()
    lab.undo()
    assert touches(git_of(lab), ["lab/build_v1.py", "notes/idea.md"]) == before


def test_a_merge_touches_what_its_sides_did(lab: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.git("switch", "-qc", "side")
    side = dated(lab, monkeypatch, "2025-01-01", {"src/app.py": "side"})
    lab.git("switch", "-q", "main")
    dated(lab, monkeypatch, "2025-01-02", {"setup.cfg": "main"})
    lab.git("merge", "-q", "--no-edit", "side")
    assert touches(git_of(lab), ["src/app.py"]) == {"src/app.py": Touch(side, "2025-01-01")}


def test_runs_come_newest_first_and_undone_ones_not_at_all(lab: Repo) -> None:
    git = git_of(lab)
    assert past_runs(git) == []
    base = lab.head
    lab.archive()
    (run,) = past_runs(git)
    assert (run.base, run.tip, run.subject) == (base, lab.head, "refactor: archive experiments")
    lab.commit({"lab/build_v3.py": "3"})
    lab.archive()
    assert [found.tip for found in past_runs(git)] == [lab.head, run.tip]
    lab.undo()
    assert [found.tip for found in past_runs(git)] == [run.tip]


@pytest.mark.parametrize(
    "message",
    [
        "x\n\nMothball-Base: 12\n",
        "x\n\nMothball-Base: HEAD\n",
        "x\n\nMothball-Base: --output=evil\n",
        f"x\n\nMothball-Base: {'0' * 40}\n",
        "x\n\nsee Mothball-Base: 1 in the text\n\nmore\n",
        "odd\x0b\x0c\x85\u2028\n\nMothball-Base: 1\n",
    ],
)
def test_a_commit_that_only_looks_like_a_run_is_none(lab: Repo, message: str) -> None:
    lab.commit({"x": "x"}, message)
    assert past_runs(git_of(lab)) == []


def test_a_plan_is_of_this_clone_if_its_last_commit_was_made_here(repo: MakeRepo) -> None:
    made = repo()
    assert made_here(git_of(made), "mothball.toml")
    assert not made_here(git_of(made), "not/there")
    clone = Repo(made.root.parent / "clone")
    made.git("clone", "-q", str(made.root), str(clone.root))
    assert not made_here(git_of(clone), "mothball.toml")
    clone.git("config", "user.name", "O")
    clone.git("config", "user.email", "o@example.org")
    clone.commit({"src/app.py": "x"})
    assert not made_here(git_of(clone), "mothball.toml")
    clone.commit({"mothball.toml": "# mine\n"})
    assert made_here(git_of(clone), "mothball.toml")


def test_an_amended_commit_was_made_here(lab: Repo) -> None:
    lab.write({"mothball.toml": "# changed\n"})
    lab.git("commit", "-qa", "--amend", "-m", "amended")
    assert made_here(git_of(lab), "mothball.toml")
