"""The checks: each finds what it is for, and nothing where all is well."""

import re
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from mothball.core.checks import (
    Check,
    CommitCheck,
    Outcome,
    PlanCheck,
    RepositoryCheck,
    ResultCheck,
    blocking,
    examine,
)
from mothball.core.errors import Exit, Problem
from mothball.core.ledger import Ledger
from mothball.core.managed import BEGIN
from mothball.core.run import CommandResult, Result, Run, as_moved, measure, staged_run
from mothball.core.selection import select
from mothball.core.survey import Ground, Snapshot, Staged, Survey
from mothball.core.tree import GITLINK, SYMLINK, Entry, Move, Tree
from mothball.core.work import Work, Write
from tests.conftest import LAB, MOVES, PLAN, plan_of, tree_of

TREE = tree_of("mothball.toml", *sorted(LAB))
FAMILIES = (PlanCheck, RepositoryCheck, ResultCheck, CommitCheck)
FIRST, SECOND = list(MOVES)[:2]


def survey(
    plan: str = PLAN,
    tree: Tree = TREE,
    *,
    ledger: Ledger | None = None,
    texts: dict[str, bytes | None] | None = None,
    ground: Ground | None = None,
    **seen: Any,
) -> Survey:
    """See a repository whose every detail but the given ones is in order."""
    known, snapshot = ledger or Ledger(), Snapshot(**{**FINE, "tree": tree, **seen})
    read = plan_of(plan)
    return Survey(
        plan=read,
        snapshot=snapshot,
        ledger=known,
        selection=select(read, tree, known, snapshot.pending.moves),
        ground=ground or Ground(),
        texts=texts or {"README.md": b"# Kernel\n"},
    )


FINE: dict[str, Any] = {"root": "/r", "commit": "1" * 40, "branch": "main"}


def problems(family: type[Check[Any]], case: object, code: str) -> list[Problem]:
    """Run one check of a family."""
    (outcome,) = (found for found in examine(family, case) if found.code == code)
    return list(outcome.problems)


def moves(tree: Tree = TREE) -> tuple[Move, ...]:
    return select(plan_of(), tree, Ledger()).all_moves


def done(tree: Tree = TREE) -> dict[str, Entry]:
    """The tree after all moves."""
    places = {move.source: move.target for move in moves(tree)}
    return {places.get(path, path): entry for path, entry in tree.items()}


def having(old: str, new: str) -> str:
    assert old in PLAN
    return PLAN.replace(old, new)


def test_nothing_is_wrong_with_a_clean_repository_and_a_fitting_plan() -> None:
    outcomes = (*examine(PlanCheck, survey()), *examine(RepositoryCheck, survey()))
    assert [outcome.problems for outcome in outcomes if outcome.problems] == []


def test_every_check_has_a_stable_code_of_its_own_and_a_one_line_title() -> None:
    known = [kind for family in FAMILIES for kind in family.known]
    assert len({kind.code for kind in known}) == len(known)
    for kind in known:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)
        assert re.fullmatch(r"[A-Z][^\n]+\.", (kind.__doc__ or "").strip().split("\n")[0])


def test_a_new_check_takes_part_by_being_defined() -> None:
    class Family(Check[int]):
        known: ClassVar = []

    class Odd(Family):
        """The number is even."""

        code = "odd"

        def find(self, case: int) -> Any:
            if case % 2:
                yield self.problem("here", f"{case} is odd")

    (bad,), (good,) = examine(Family, 3), examine(Family, 4)
    assert (bad.code, bad.title, bad.passed) == ("odd", "The number is even", False)
    assert good.passed
    assert [str(problem) for problem in blocking([bad, good])] == ["here: 3 is odd."]


def test_a_notice_does_not_fail_a_check() -> None:
    notice = Problem(code="x", where="", found="a thing", blocking=False)
    outcome = Outcome(code="x", title="X", problems=(notice,))
    assert outcome.passed
    assert blocking([outcome]) == []


# (what is wrong, the check that says so, words that it must say)
PLAN_MISTAKES: list[tuple[Survey, str, list[str]]] = [
    (
        survey(having("/lab/build*.py", "/lab/biuld*.py")),
        "pattern-idle",
        ["/lab/biuld*.py", "mothball.toml:14:"],
    ),
    (survey(having("/core/", "/coer/")), "keep-idle", ["/coer/"]),
    (
        survey(having('"Superseded by make."', '"x"\nexpect = 3')),
        "count-unexpected",
        ["`builds` has 2 files", "3"],
    ),
    (
        survey(having('["/lab/build*.py"]', '["*.py"]'), {**TREE, **tree_of("src/build_v1.py")}),
        "target-shared",
        ["2 files would land here", "src/build_v1.py"],
    ),
    (
        survey(having('["/lab/build*.py"]', '["/lab/[bB]*.py"]'), {**TREE, **tree_of("lab/BUILD_V1.py")}),
        "target-shared",
        ["letter case", "BUILD_V1.py"],
    ),
    (
        survey(tree={**TREE, **tree_of("Archive/x")}),
        "target-shared",
        ["letter case", "Archive"],
    ),
    (
        survey(tree={**TREE, **tree_of("archive/builds/build_v1.py")}),
        "target-occupied",
        ["a tracked file", "lab/build_v1.py"],
    ),
    (
        survey(ground=Ground(occupied=frozenset({"archive/builds/build_v1.py"}))),
        "target-occupied",
        ["does not track"],
    ),
    (survey(ground=Ground(obstacles={"archive": "a file"})), "target-occupied", ["archive", "a file"]),
    (
        survey('home = "archive"\n' + having('"archive/papers/"', '"notes/archive/"')),
        "target-inside-source",
        ["notes/ moves as a whole"],
    ),
    (survey(PLAN + "[limits]\nshare = 0.2\n"), "limit-share", ["5 of 13", "20%"]),
    (survey(tree={**TREE, "notes/sub": Entry(GITLINK, "1" * 40)}), "submodule", ["notes/sub"]),
    (survey(PLAN + '[validate]\nclosed = ["/lab/"]\n'), "unclassified", ["lab/in_use.py"]),
]


@pytest.mark.parametrize(("case", "code", "words"), PLAN_MISTAKES, ids=[case[1] for case in PLAN_MISTAKES])
def test_a_plan_that_does_not_fit_its_tree_is_a_mistake_in_the_plan(
    case: Survey, code: str, words: list[str]
) -> None:
    found = problems(PlanCheck, case, code)
    assert found
    assert all(problem.blocking and problem.exit == Exit.PLAN for problem in found)
    said = " ".join(map(str, found))
    assert [word for word in words if word not in said] == []


FITTING = [
    (survey(having('"Superseded by make."', '"x"\nexpect = 2')), "count-unexpected"),
    (
        survey(having("/lab/build*.py", "/lab/biuld*.py").replace('"builds"', '"builds"\noptional = true')),
        "pattern-idle",
    ),
    (survey(having('["/core/"]', '["/coer/"]\noptional = true')), "keep-idle"),
    (survey(PLAN + "[limits]\nshare = 0.4\n"), "limit-share"),
    (survey(tree={**TREE, "core/sub": Entry(GITLINK, "1" * 40)}), "submodule"),
    (survey(PLAN + '[validate]\nclosed = ["/notes/", "/core/"]\n'), "unclassified"),
    (survey(tree={**TREE, **tree_of("archive/builds/other.py")}), "target-occupied"),
    (survey(tree={**TREE, **tree_of("archive/builds/other.py")}), "target-shared"),
    (survey(having('"archive/papers/"', '"archive/notes/"')), "target-inside-source"),
]


@pytest.mark.parametrize(("case", "code"), FITTING)
def test_a_plan_that_fits_gives_no_problem(case: Survey, code: str) -> None:
    assert problems(PlanCheck, case, code) == []


def test_files_archived_before_and_staged_count_towards_what_is_expected() -> None:
    plan = having('"Superseded by make."', '"x"\nexpect = 2')
    first, second = moves()[:2]
    tree = {path: entry for path, entry in TREE.items() if path not in {first.source, second.source}}
    tree |= {first.target: first.entry, second.target: second.entry}
    ledger = Ledger().having([first], plan_of(), {})
    case = survey(plan, tree, ledger=ledger, pending=Work(moves=(second,)))
    assert problems(PlanCheck, case, "count-unexpected") == []
    assert problems(PlanCheck, survey(plan, tree, ledger=ledger), "count-unexpected")


def test_staged_moves_count_towards_the_limit() -> None:
    plan = PLAN + "[limits]\nshare = 0.2\n"
    assert problems(PlanCheck, survey(plan, done(), pending=Work(moves=moves())), "limit-share")
    assert not problems(
        PlanCheck, survey(plan, done(), ledger=Ledger().having(moves(), plan_of(), {})), "limit-share"
    )


def test_overlaps_are_notices_that_name_both_patterns() -> None:
    case = survey(having('"/lab/test_*.py"', '"/lab/test_*.py", "/lab/build_v2.py"'))
    (notice,) = problems(PlanCheck, case, "overlap")
    assert not notice.blocking
    assert "archive[1]" in notice.where
    assert "archive[0]" in notice.found
    assert "lab/build_v2.py" in notice.found


def test_files_that_keep_and_archive_both_match_are_a_notice() -> None:
    (notice,) = problems(PlanCheck, survey(having('"/notes/"', '"/notes/", "/core/kernel.py"')), "overlap")
    assert not notice.blocking
    assert "keep[0]" in notice.found


def test_names_too_long_for_windows_are_a_notice() -> None:
    path = "notes/" + "x" * 120 + "/" + "y" * 120
    (notice,) = problems(PlanCheck, survey(tree={**TREE, **tree_of(path)}), "name-long")
    assert not notice.blocking


def test_the_file_systems_without_letter_case_are_heard_only_of_what_moves() -> None:
    assert not problems(PlanCheck, survey(tree={**TREE, **tree_of("src/APP.py", "SRC/x")}), "target-shared")


STAGED = {FIRST: Staged(TREE[FIRST], Entry("100644", "2" * 40))}

UNFIT: list[tuple[Survey, str, list[str], Exit]] = [
    (survey(activity=("merge",)), "git-busy", ["merge"], Exit.REFUSED),
    (survey(branch=None), "git-detached", ["branch"], Exit.REFUSED),
    (survey(modified=frozenset({FIRST})), "not-clean", [FIRST], Exit.REFUSED),
    (survey(modified=frozenset({"README.md"})), "not-clean", ["README.md"], Exit.REFUSED),
    (survey(intended=frozenset({FIRST})), "not-clean", [FIRST, "git add -N"], Exit.REFUSED),
    (survey(staged=STAGED), "not-clean", [FIRST, "staged"], Exit.REFUSED),
    (
        survey(hidden={FIRST: "assume-unchanged"}),
        "hidden-edits",
        [FIRST, "--no-assume-unchanged"],
        Exit.REFUSED,
    ),
    (
        survey(ground=Ground(attributes=((FIRST, "text", "set", "unspecified"),))),
        "attributes-change",
        ["`text`", FIRST, "archive/builds/build_v1.py text"],
        Exit.PLAN,
    ),
    (
        survey(ground=Ground(attributes=((FIRST, "text", "unset", "set"), (SECOND, "text", "unset", "set")))),
        "attributes-change",
        [FIRST, SECOND, "-text"],
        Exit.PLAN,
    ),
    (
        survey(ground=Ground(ignored={"archive/builds/build_v1.py": ".gitignore:1: archive"})),
        "target-ignored",
        [".gitignore:1: archive"],
        Exit.PLAN,
    ),
    (
        survey(ground=Ground(stranded=("notes/.gitignore",))),
        "ignore-file-moves",
        ["notes/.gitignore"],
        Exit.PLAN,
    ),
    (survey(ground=Ground(unwritable=("lab",))), "not-writable", ["lab"], Exit.REFUSED),
    (
        survey(texts={"README.md": BEGIN.encode() + b"\n"}),
        "pages",
        ["README.md", "begin on line 1"],
        Exit.REFUSED,
    ),
    (
        survey(tree={**TREE, "README.md": Entry(SYMLINK, "1" * 40)}),
        "pages",
        ["README.md", "symbolic link"],
        Exit.REFUSED,
    ),
    (
        survey(texts={"archive/README.md": b"mine"}),
        "pages",
        ["archive/README.md", "not tracked"],
        Exit.REFUSED,
    ),
]


@pytest.mark.parametrize(("case", "code", "words", "exit_"), UNFIT, ids=[case[1] for case in UNFIT])
def test_a_repository_that_is_not_fit_is_refused_with_names(
    case: Survey, code: str, words: list[str], exit_: Exit
) -> None:
    found = problems(RepositoryCheck, case, code)
    assert found
    assert all(problem.blocking and problem.exit == exit_ for problem in found)
    said = " ".join(map(str, found))
    assert [word for word in words if word not in said] == []


FIT = [
    (survey(modified=frozenset({"src/app.py", "core/kernel.py"})), "not-clean"),
    (survey(intended=frozenset({"src/app.py"})), "not-clean"),
    (survey(staged={"src/app.py": Staged(None, Entry("100644", "2" * 40))}), "not-clean"),
    (survey(hidden={"src/app.py": "skip-worktree"}), "hidden-edits"),
    (survey(PLAN + 'branch = "focus"\n', branch=None), "git-detached"),
    (survey(ground=Ground(links={"core/link": "nowhere"})), "link-breaks"),
    (survey(ground=Ground(links={"core/link": "/etc/hosts"})), "link-breaks"),
    (survey(ground=Ground(links={"core/link": "../src/app.py"})), "link-breaks"),
    (
        survey(
            having('"builds"', '"builds"\nallow-ignored = true'),
            ground=Ground(ignored={"archive/builds/build_v1.py": ".gitignore:1: archive"}),
        ),
        "target-ignored",
    ),
]


@pytest.mark.parametrize(("case", "code"), FIT)
def test_what_the_run_would_not_touch_may_be_as_it_is(case: Survey, code: str) -> None:
    assert problems(RepositoryCheck, case, code) == []


@pytest.mark.parametrize(
    ("link", "text", "breaks"),
    [
        ("core/link", f"../{FIRST}", True),
        ("core/link", "../notes", True),
        ("core/link", "../lab", False),
        ("core/link", "kernel.py", False),
        ("core/link", "../archive/builds/build_v1.py", False),
        ("notes/link", "idea.md", False),
        ("notes/link", "deep/er", False),
        ("notes/link", "../src/app.py", True),
    ],
)
def test_a_link_must_find_after_the_move_what_it_found_before(link: str, text: str, breaks: bool) -> None:
    tree = {**TREE, link: Entry(SYMLINK, "1" * 40)}
    found = problems(RepositoryCheck, survey(tree=tree, ground=Ground(links={link: text})), "link-breaks")
    assert bool(found) is breaks
    assert all(problem.exit == Exit.PLAN and text in problem.found for problem in found)


def test_a_branch_that_exists_is_refused_unless_head_is_on_it() -> None:
    plan = PLAN + 'branch = "focus"\n'
    there = frozenset({"main", "focus"})
    assert problems(RepositoryCheck, survey(plan, branches=there), "branch-exists")
    assert not problems(RepositoryCheck, survey(plan, branches=there, branch="focus"), "branch-exists")
    assert not problems(RepositoryCheck, survey(plan, branches=frozenset({"main"})), "branch-exists")


def test_conflicts_anywhere_are_refused() -> None:
    outcomes = examine(RepositoryCheck, survey(unmerged=frozenset({"src/app.py"})))
    (problem,) = blocking(outcomes)
    assert problem.exit == Exit.REFUSED
    assert "src/app.py" in problem.found


def test_what_mothball_staged_itself_is_clean() -> None:
    staged = {move.source: Staged(move.entry, None) for move in moves()}
    staged |= {move.target: Staged(None, move.entry) for move in moves()}
    case = survey(tree=done(), staged=staged, pending=Work(moves=moves()))
    assert blocking(examine(RepositoryCheck, case)) == []


@pytest.mark.parametrize(
    ("plan", "strange"),
    [
        (PLAN, False),
        (having('name   = "builds"', 'name   = "scripts"'), True),
        (having("archive/builds/", "archive/other/"), True),
        (having("Superseded by make.", "No reason."), False),
    ],
)
def test_staged_work_must_fit_the_plan(plan: str, strange: bool) -> None:
    case = survey(plan, done(), pending=Work(moves=moves()))
    assert bool(problems(RepositoryCheck, case, "plan-changed")) is strange


def result(before: Tree = TREE, after: Tree | None = None, *, plan: str = PLAN, **changes: Any) -> Result:
    """A run that went as planned, but for the given changes."""
    after = done() if after is None else after
    run = Run(
        base="1" * 40,
        before=before,
        after=after,
        moves=moves(),
        written=frozenset({"README.md"}),
        committed=True,
    )
    ledger = Ledger().having(moves(), plan_of(), {})
    return replace(Result(plan=plan_of(plan), survey=survey(plan, after, ledger=ledger), run=run), **changes)


OTHER = Entry("100644", "2" * 40)
EXECUTABLE = Entry("100755", TREE["src/app.py"].blob)
WITHOUT = {path: entry for path, entry in done().items() if path != "src/app.py"}
SWAPPED = {**done(), "archive/builds/build_v1.py": TREE[SECOND], "archive/builds/build_v2.py": TREE[FIRST]}
PROMISE = '[[metric]]\nname = "Lab"\ncount = ["/lab/"]\nafter = {}\n'

WRONG = [
    (result(after=WITHOUT), "conservation", ["lost 1 file"]),
    (result(after={**done(), "new": OTHER}), "conservation", ["gained 1 file"]),
    (result(after={**done(), "src/app.py": OTHER}), "conservation", ["lost", "gained"]),
    (result(after={**done(), "src/app.py": EXECUTABLE}), "conservation", ["100755"]),
    (result(after=SWAPPED), "one-to-one", ["2 paths", "archive/builds/build_v1.py"]),
    (result(after={**WITHOUT, "elsewhere": TREE["src/app.py"]}), "one-to-one", ["elsewhere", "src/app.py"]),
    (result(after={**done(), "core/kernel.py": OTHER}), "keep-changed", ["core/kernel.py"]),
    (result(after={**done(), FIRST: TREE[FIRST]}), "left-over", [FIRST]),
    (result(plan=PLAN + PROMISE.format(0)), "metric-missed", ["Lab: measured 1", "0"]),
    (result(stale_pages=("README.md",)), "pages-stale", ["README.md", "archive.readme"]),
]


@pytest.mark.parametrize(("case", "code", "words"), WRONG)
def test_a_result_that_is_not_as_promised_is_a_finding(case: Result, code: str, words: list[str]) -> None:
    found = problems(ResultCheck, case, code)
    assert found
    assert all(problem.blocking and problem.exit == Exit.FINDINGS for problem in found)
    said = " ".join(map(str, found))
    assert [word for word in words if word not in said] == []


RIGHT = [
    result(),
    result(after={**done(), "README.md": OTHER}),
    result(after={path: entry for path, entry in done().items() if path != "README.md"}),
    result(plan=PLAN + PROMISE.format(1)),
    result(plan=PLAN + PROMISE.replace("after = {}", "")),
    result(run=None),
]


@pytest.mark.parametrize("case", RIGHT)
def test_a_result_as_promised_has_no_findings(case: Result) -> None:
    assert [outcome.problems for outcome in examine(ResultCheck, case) if outcome.problems] == []


def command(code: int | None, changed: tuple[str, ...] = ()) -> CommandResult:
    return CommandResult(line="make test", code=code, seconds=1.0, tail="one\ntwo\n", changed=changed)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (0, 0, None),
        (1, 0, None),
        (None, 0, None),
        (0, 1, "blocks"),
        (0, None, "blocks"),
        ("unknown", 1, "blocks"),
        (1, 1, "notice"),
        (1, 2, "notice"),
        (None, None, "notice"),
        (None, 1, "notice"),
        (1, None, "notice"),
    ],
)
def test_only_a_command_that_newly_fails_blocks(before: Any, after: int | None, verdict: str | None) -> None:
    known = {} if before == "unknown" else {"make test": command(before)}
    case = result(commands_before=known, commands_after=(command(after),))
    everything = problems(ResultCheck, case, "command-fails")
    found = [problem for problem in everything if problem.code == "command-fails"]
    assert (len(everything) > len(found)) == (verdict == "notice")
    assert [("blocks" if problem.blocking else "notice") for problem in found] == (
        [verdict] if verdict else []
    )
    assert all("two" in problem.found for problem in found)


def test_a_command_that_leaves_files_is_a_notice_with_their_names() -> None:
    case = result(commands_after=(command(0, ("results.json",)),))
    (notice,) = problems(ResultCheck, case, "command-fails")
    assert not notice.blocking
    assert "results.json" in notice.found


def test_work_that_is_only_staged_is_not_committed() -> None:
    staged = result(survey=survey(tree=done(), pending=Work(moves=moves())))
    assert problems(CommitCheck, staged, "uncommitted")
    pages = result(survey=survey(pending=Work(writes=(Write("README.md", b"", b"x"),))))
    assert problems(CommitCheck, pages, "uncommitted")


def test_committed_work_and_directories_alone_need_no_commit() -> None:
    assert not problems(CommitCheck, result(), "uncommitted")
    made = result(survey=survey(pending=Work(directories=("archive",))))
    assert not problems(CommitCheck, made, "uncommitted")


def test_a_staged_run_is_head_and_the_index_without_what_others_staged() -> None:
    staged = {move.source: Staged(move.entry, None) for move in moves()}
    staged |= {move.target: Staged(None, move.entry) for move in moves()}
    staged |= {"src/app.py": Staged(TREE["src/app.py"], OTHER), "new": Staged(None, OTHER)}
    tree = {**done(), "src/app.py": OTHER, "new": OTHER}
    run = staged_run(Snapshot(**{**FINE, "tree": tree}, staged=staged, pending=Work(moves=moves())))
    assert run.before == TREE
    assert run.after == done()
    assert set(run.moves) == set(moves())


@pytest.mark.parametrize(
    ("before", "lost"),
    [
        ({**TREE, moves()[0].target: moves()[0].entry}, False),
        ({path: entry for path, entry in TREE.items() if path != moves()[0].source}, False),
        ({**TREE, moves()[0].target: OTHER}, True),
    ],
)
def test_half_a_move_that_somebody_committed_is_no_loss_but_a_file_in_its_place_is(
    before: dict[str, Entry], lost: bool
) -> None:
    case = result(before=as_moved(before, done(), moves()))
    assert bool(problems(ResultCheck, case, "conservation")) is lost
    assert bool(problems(ResultCheck, case, "one-to-one")) is lost


def test_metrics_count_tracked_files() -> None:
    metrics = '[[metric]]\nname = "Lab"\ncount = ["/lab/"]\n'
    metrics += '[[metric]]\nname = "Python"\ncount = ["*.py", "!/src/*"]\n'
    assert measure(plan_of(PLAN + metrics), TREE) == {"Lab": 4, "Python": 5}
    assert measure(plan_of(), TREE) == {}
