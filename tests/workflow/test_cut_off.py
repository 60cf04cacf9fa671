"""A run that was cut off: nothing that reads calls what it left done, or judges it."""

import pytest

from mothball.core.errors import Exit, Undecided
from mothball.core.work import Work
from mothball.effects.journal import Journal
from mothball.workflow.references import find
from mothball.workflow.validate import after, before
from tests.conftest import Repo


@pytest.fixture
def half(lab: Repo) -> Repo:
    """A repository whose run was killed once all was moved, and before anything was committed."""
    session = lab.session
    work = lab.preview().work
    lab.step("structure", "builds", "tests", "notes", "readme")
    session.store.keep_pending(Work())
    session.store.open_journal(Journal(base=lab.head, work=work, prior=Work()))
    return lab


def test_every_step_is_blocked(half: Repo) -> None:
    assert set(half.states().values()) == {"blocked"}


def test_the_preview_names_what_comes_first_and_nothing_else(half: Repo) -> None:
    [problem] = half.preview().problems
    assert (problem.code, problem.exit) == ("cut-off", Exit.FINDINGS)
    assert "archive.recover" in problem.remedy


def test_nothing_is_judged(half: Repo) -> None:
    session = half.session
    for judge in (before, after):
        with pytest.raises(Undecided, match=r"archive\.recover"):
            judge(session, session.plan(), half.said.append)
    with pytest.raises(Undecided, match=r"archive\.recover"):
        find(session)


def test_a_run_that_is_at_work_is_not_cut_off(half: Repo) -> None:
    with half.session.store.locked():
        assert {problem.code for problem in half.preview().problems}.isdisjoint({"cut-off"})
