"""The preview, the status, the checks and `why`: they see everything and change nothing."""

import json

import pytest

from mothball.core.checks import blocking
from mothball.core.errors import Refused
from mothball.workflow.preview import why
from mothball.workflow.validate import after, before
from tests.conftest import LAB, MOVES, PLAN, STEPS, MakeRepo, Repo


def failing(repo: Repo) -> set[str]:
    """The codes of the checks after a run that fail."""
    session = repo.session
    return {
        outcome.code for outcome in after(session, session.plan(), repo.said.append) if not outcome.passed
    }


def test_the_preview_lists_every_change_of_every_step_and_changes_nothing(lab: Repo) -> None:
    untouched = lab.everything
    preview = lab.preview()
    assert [step.name for step, _ in preview.steps] == list(STEPS)
    assert {move.source: move.target for move in preview.work.moves} == MOVES
    assert {write.path for write in preview.work.writes} == {
        "README.md",
        "archive/README.md",
        "archive/ledger.json",
    }
    assert preview.problems == []
    assert preview.uncommitted
    assert lab.everything == untouched
    assert not (lab.root / ".git/mothball").exists()


def test_what_the_preview_lists_is_what_a_run_does(lab: Repo) -> None:
    preview = lab.preview()
    done = lab.archive()
    assert [work for _, work in done.steps] == [work for _, work in preview.steps]


def test_the_preview_of_a_finished_run_is_empty(lab: Repo) -> None:
    lab.archive()
    preview = lab.preview()
    assert not preview.work
    assert not preview.uncommitted


def test_all_that_blocks_is_shown_at_once(repo: MakeRepo) -> None:
    plan = PLAN.replace('"/lab/test_*.py"', '"/lab/test_*.py", "/gone"') + "[limits]\nshare = 0.1\n"
    made = repo({**LAB, ".gitignore": "archive/builds/\n"}, plan)
    made.write({"lab/build_v1.py": "edited"})
    made.git("checkout", "-q", "--detach")
    codes = {problem.code for problem in made.preview().problems}
    assert codes == {"pattern-idle", "limit-share", "target-ignored", "not-clean", "git-detached"}


def test_the_status_shows_steps_done_pending_and_blocked(lab: Repo) -> None:
    lab.step("builds")
    states = lab.states()
    assert (states["builds"], states["notes"], states["commit"]) == ("done", "pending", "pending")
    lab.write({"notes/idea.md": "edited"})
    states = lab.states()
    assert (states["builds"], states["notes"], states["commit"]) == ("done", "blocked", "blocked")


def test_the_checks_after_pass_after_a_run_and_find_what_is_missing_before(lab: Repo) -> None:
    assert failing(lab) == {"left-over"}
    lab.step("builds")
    assert failing(lab) == {"left-over", "pages-stale", "uncommitted"}
    lab.archive()
    assert failing(lab) == set()


def test_the_checks_after_change_nothing(lab: Repo) -> None:
    lab.archive()
    untouched = lab.everything
    failing(lab)
    session = lab.session
    assert blocking(before(session, session.plan(), lab.said.append)) == []
    assert lab.everything == untouched


def test_the_checks_after_judge_the_run_and_not_what_came_later(lab: Repo) -> None:
    lab.archive()
    lab.commit({"core/kernel.py": "better\n", "archive/builds/build_v1.py": "mended\n"})
    assert failing(lab) == set()


def amend(repo: Repo, picture: dict[str, str | None]) -> None:
    repo.write(picture)
    repo.git("add", "-A")
    repo.git("commit", "-q", "--amend", "--no-edit")


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        ({"src/app.py": "tampered\n"}, "conservation"),
        ({"src/app.py": None}, "conservation"),
        ({"src/more.py": "more\n"}, "conservation"),
        ({"core/kernel.py": "tampered\n"}, "keep-changed"),
        ({"core/kernel.py": None}, "keep-changed"),
        ({"archive/builds/build_v1.py": "tampered\n"}, "one-to-one"),
        ({"archive/README.md": "# Mine\n"}, "pages-stale"),
        ({"lab/build_v3.py": "print('new')\n"}, "left-over"),
    ],
)
def test_a_run_that_was_tampered_with_is_found(lab: Repo, picture: dict[str, str | None], found: str) -> None:
    lab.archive()
    amend(lab, picture)
    assert found in failing(lab)


@pytest.mark.parametrize(
    ("path", "state", "tracked"),
    [
        ("lab/build_v1.py", "selected", True),
        ("core/kernel.py", "kept", True),
        ("src/app.py", "unclassified", True),
        ("README.md", "protected", True),
        ("lab/build_not_there.py", "selected", False),
        ("archive/builds/build_v1.py", "archived", False),
    ],
)
def test_why_judges_any_path(lab: Repo, path: str, state: str, tracked: bool) -> None:
    session = lab.session
    verdict, record, known, _ = why(session, session.plan(), path)
    assert (verdict.state, record, known) == (state, None, tracked)


@pytest.mark.parametrize("path", ["archive/builds/build_v1.py", "lab/build_v1.py"])
def test_why_knows_archived_files_by_either_place(lab: Repo, path: str) -> None:
    lab.archive()
    session = lab.session
    _, record, _, _ = why(session, session.plan(), path)
    assert record is not None
    assert (record.move.source, record.move.target) == ("lab/build_v1.py", "archive/builds/build_v1.py")


def test_a_damaged_ledger_stops_every_use_with_its_name(lab: Repo) -> None:
    lab.archive()
    lab.commit({"archive/ledger.json": json.dumps({"schema": "mothball.ledger/9"})})
    untouched = lab.everything
    for use in ("archive", "preview", "undo", "states"):
        with pytest.raises(Refused) as caught:
            getattr(lab, use)()
        assert "archive/ledger.json" in str(caught.value)
        assert lab.everything == untouched
