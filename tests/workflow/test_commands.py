"""The user's commands: what passed before must pass after, or nothing has happened."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from mothball.core.checks import Outcome
from mothball.core.errors import Findings, Refused
from mothball.workflow.validate import after, before
from tests.conftest import LAB, MOVES, PLAN, MakeRepo, Repo


def plan_with(*commands: str, more: str = "") -> str:
    """The plan with commands, each written as TOML."""
    return f"{PLAN}[validate]\ncommands = [{', '.join(commands)}]\n{more}"


def sh(script: str, timeout: float = 60) -> str:
    return f"{{ run = {json.dumps(script)}, shell = true, timeout = {timeout} }}"


def notices(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [
        str(problem)
        for outcome in outcomes
        for problem in outcome.problems
        if problem.code == "command-fails" and not problem.blocking
    ]


def test_commands_run_before_and_after_and_are_told(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"true"', sh("exit 0")))
    made.archive()
    assert made.said == ["true", "exit 0", "true", "exit 0"]
    assert made.renames() == MOVES


def test_commands_see_the_tree_of_before_and_then_of_after(repo: MakeRepo) -> None:
    made = repo({**LAB, ".gitignore": "log\n"}, plan_with(sh("ls lab archive >> log 2>/dev/null; true")))
    made.archive()
    assert made.text("log").split().count("build_v1.py") == 1
    assert "archive:" in made.text("log")


def test_a_command_that_commits_is_refused_before_anything_moves(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with(sh("git commit -q --allow-empty -m theirs")))
    before = made.tracked
    with pytest.raises(Refused) as caught:
        made.archive()
    (problem,) = caught.value.problems
    assert problem.code == "command-commits"
    assert made.tracked == before
    assert made.session.store.journal() is None


def test_a_command_that_newly_fails_takes_everything_back(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"test -f lab/build_v1.py"'))
    before = made.everything
    with pytest.raises(Findings) as caught:
        made.archive()
    assert made.everything == before
    (problem,) = caught.value.problems
    assert problem.code == "command-fails"
    assert "it passed before" in problem.found
    assert made.undo() is None


def test_a_command_that_newly_passes_is_fine(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"test -f archive/builds/build_v1.py"'))
    made.archive()
    assert made.renames() == MOVES


def test_what_failed_before_and_still_fails_is_a_notice(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with(sh("echo broken anyway; exit 3"), '"true"'))
    done = made.archive()
    assert made.renames() == MOVES
    assert notices(done.before)
    (told,) = notices(done.after)
    assert "exit code 3 (as it did before)" in told
    assert "broken anyway" in told


@pytest.mark.parametrize("command", ['"no-such-program-anywhere --flag"', sh("./setup.cfg"), sh("nono -q")])
def test_a_command_that_cannot_be_started_stops_the_run_before_it_begins(
    repo: MakeRepo, command: str
) -> None:
    made = repo(LAB, plan_with(command, '"true"'))
    untouched = made.everything
    with pytest.raises(Findings) as caught:
        made.archive()
    assert [problem.code for problem in caught.value.problems] == ["command-not-started"]
    assert made.everything == untouched


def test_commands_none_of_which_passed_prove_nothing(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"false"', sh("exit 3")))
    found = [problem for outcome in made.archive().after for problem in outcome.problems]
    assert "commands-prove-nothing" in {problem.code for problem in found if not problem.blocking}


def test_a_command_that_newly_runs_out_of_time_takes_everything_back(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with(sh("test -f lab/build_v1.py || sleep 60", timeout=0.3)))
    before = made.everything
    with pytest.raises(Findings) as caught:
        made.archive()
    assert "ran out of time" in str(caught.value)
    assert made.everything == before


def test_a_command_without_a_shell_gets_no_shell(repo: MakeRepo) -> None:
    made = repo(
        LAB,
        plan_with('"test x = x; touch evil"', "\"test '$HOME' = '$HOME'\"", '["test", "*", "=", "*"]')
        .replace('["test"', '{ run = ["test"')
        .replace('"*"]', '"*"] }'),
    )
    made.archive()
    assert not made.lies_at("evil")


def test_what_a_command_changes_or_leaves_is_named_and_not_committed(
    repo: MakeRepo, archived_tree: str
) -> None:
    script = "echo run >> core/deep/table.csv; echo new > results.json; "
    script += "echo x > archive/builds/report.txt 2>/dev/null; true"
    made = repo(LAB, plan_with(sh(script)))
    done = made.archive()
    assert made.renames() == MOVES
    assert made.changes() == {"README.md", "archive/README.md", "archive/ledger.json"}
    assert sorted(made.status) == [
        " M core/deep/table.csv",
        "?? archive/builds/report.txt",
        "?? results.json",
    ]
    told = " ".join(notices(done.after))
    assert "archive/builds/report.txt" in told


def test_files_that_a_command_leaves_before_do_not_count_again_after(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with(sh("test -e results.json || touch results.json")))
    assert notices(made.archive().after) == []


def test_a_command_that_edits_what_is_to_be_moved_stops_the_run(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with(sh("echo more >> lab/build_v1.py")))
    with pytest.raises(Refused) as caught:
        made.archive()
    assert "lab/build_v1.py" in str(caught.value)
    assert made.status == [" M lab/build_v1.py"]
    assert not made.lies_at("archive")


def test_a_command_that_stages_files_stages_them_for_others(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with(sh("date > src/new.py; git add src/new.py")))
    made.archive()
    assert "src/new.py" not in made.changes()
    assert [row[:1] + row[2:] for row in made.status] == ["A src/new.py"]


def alive(number: str) -> bool:
    """Say whether a process runs; one that ended and that nobody waited for does not."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", number], capture_output=True, text=True, check=False)
    return told.stdout.strip()[:1] not in {"", "Z"}


@pytest.mark.parametrize("stubborn", ["", "trap '' TERM; "])
def test_the_children_of_a_command_out_of_time_end_with_it(
    repo: MakeRepo, tmp_path: Path, stubborn: str
) -> None:
    note, script = tmp_path / "children", tmp_path / "child.sh"
    script.write_text(f"{stubborn}echo $$ >> {note}\nwhile :; do sleep 0.05; done\n")
    made = repo(LAB, plan_with(sh(f"sh {script} & wait", timeout=1)))
    made.archive()
    children = note.read_text().split()
    left = [number for number in children if alive(number)]
    for number in left:
        os.kill(int(number), signal.SIGKILL)
    assert children
    assert left == []


def test_without_commands_none_runs(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with(sh("touch evil; exit 1")))
    made.archive(commands=False)
    assert made.said == []
    assert made.renames() == MOVES
    assert not made.lies_at("evil")


def test_a_run_that_is_blocked_runs_no_command(repo: MakeRepo) -> None:
    made = repo({**LAB, "archive/builds/build_v1.py": "x"}, plan_with(sh("touch evil")))
    with pytest.raises(Exception, match="build_v1"):
        made.archive()
    assert made.said == []


def test_a_run_with_nothing_to_do_runs_no_command(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"true"'))
    made.archive()
    made.said.clear()
    assert not made.archive().changed
    assert made.said == []


@pytest.mark.parametrize("recorded", [False, True])
def test_a_command_that_single_steps_broke_still_takes_the_run_back(repo: MakeRepo, recorded: bool) -> None:
    made = repo(LAB, plan_with('"test -f lab/build_v1.py"'))
    if recorded:
        before(made.session, made.plan, made.said.append)
    made.step("builds")
    untouched = made.everything
    with pytest.raises(Findings) as caught:
        made.archive()
    assert ("it passed before" if recorded else "no run of before is known") in str(caught.value)
    assert made.everything == untouched


def test_what_was_recorded_for_another_commit_does_not_count(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"test -f lab/build_v1.py"'))
    before(made.session, made.plan, made.said.append)
    made.commit({"src/x.py": "x"})
    made.step("builds")
    with pytest.raises(Findings) as caught:
        made.archive()
    assert "no run of before is known" in str(caught.value)


def test_validate_before_runs_commands_and_changes_nothing(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"true"', '"false"'))
    untouched = made.everything
    outcomes = before(made.session, made.plan, made.said.append)
    assert made.said == ["true", "false"]
    assert len(notices(outcomes)) == 1
    assert all(outcome.passed for outcome in outcomes)
    assert made.everything == untouched


def test_validate_after_compares_with_what_was_before(repo: MakeRepo) -> None:
    made = repo(LAB, plan_with('"false"', '"true"'))
    made.archive()
    outcomes = after(made.session, made.plan, made.said.append)
    assert all(outcome.passed for outcome in outcomes)
    assert len(notices(outcomes)) == 1


# Trust: a plan is data until its user says otherwise.


def clone_of(repo: Repo, *, trust: bool = False) -> Repo:
    place = repo.root.parent / "clone"
    repo.git("clone", "-q", str(repo.root), str(place))
    clone = Repo(place, trust=trust)
    clone.git("config", "user.name", "Other")
    clone.git("config", "user.email", "o@example.org")
    return clone


def distrusts(repo: Repo) -> bool:
    untouched = repo.everything
    try:
        repo.archive()
    except Refused as error:
        assert {problem.code for problem in error.problems} == {"commands-untrusted"}
        assert "touch ran" in str(error)
        assert repo.everything == untouched
        assert not repo.lies_at("ran")
        return True
    return False


RAN = plan_with(sh("touch ran"))


def test_a_plan_committed_in_this_clone_is_trusted(repo: MakeRepo) -> None:
    made = repo(LAB, RAN)
    made.trust = False
    assert not distrusts(made)
    assert made.lies_at("ran")


def test_a_plan_that_came_with_a_clone_is_not(repo: MakeRepo) -> None:
    assert distrusts(clone_of(repo(LAB, RAN)))


def test_a_plan_that_came_with_a_pull_is_not(repo: MakeRepo) -> None:
    made = repo()
    clone = clone_of(made)
    made.commit({"mothball.toml": RAN})
    clone.git("pull", "-q")
    assert distrusts(clone)


def test_a_plan_edited_and_not_committed_is_not(repo: MakeRepo) -> None:
    made = repo()
    made.trust = False
    made.write({"mothball.toml": RAN})
    assert distrusts(made)
    made.commit()
    assert not distrusts(made)


def test_trust_once_given_is_remembered_for_these_commands(repo: MakeRepo) -> None:
    clone = clone_of(repo(LAB, RAN), trust=True)
    before(clone.session, clone.plan, clone.said.append)
    (clone.root / "ran").unlink()
    clone.trust = False
    clone.write({"mothball.toml": RAN.replace("Read once.", "Other words.")})
    before(clone.session, clone.plan, clone.said.append)
    assert clone.lies_at("ran")
    (clone.root / "ran").unlink()
    clone.write({"mothball.toml": RAN.replace("touch ran", "touch ran; touch more")})
    outcomes = before(clone.session, clone.plan, clone.said.append)
    assert [outcome.code for outcome in outcomes if not outcome.passed] == ["commands"]
    assert not clone.lies_at("ran")


def test_validate_after_runs_no_command_of_strangers(repo: MakeRepo) -> None:
    made = repo(LAB, RAN)
    made.archive()
    clone = clone_of(made)
    outcomes = after(clone.session, clone.plan, clone.said.append)
    assert [outcome.code for outcome in outcomes if not outcome.passed] == ["commands"]
    assert not clone.lies_at("ran")


def test_without_commands_nobody_needs_to_be_trusted(repo: MakeRepo) -> None:
    clone = clone_of(repo(LAB, RAN))
    clone.archive(commands=False)
    assert clone.renames() == MOVES


def test_a_plan_outside_of_the_repository_is_not_trusted(repo: MakeRepo, tmp_path: Path) -> None:
    made = repo(LAB, None)
    made.trust = False
    made.plan_file = tmp_path / "plan.toml"
    made.plan_file.write_text(RAN)
    assert distrusts(made)


def test_a_plan_committed_in_another_worktree_of_this_clone_is_trusted(
    repo: MakeRepo, tmp_path: Path
) -> None:
    made = repo(LAB, RAN)
    made.git("worktree", "add", "-q", "-b", "linked", str(tmp_path / "linked"))
    assert not distrusts(Repo(tmp_path / "linked", trust=False))
