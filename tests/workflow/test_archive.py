"""`archive.all`: everything once, in one commit of pure renames, and nothing that is not its own."""

import pytest

from mothball.core.errors import Exit, Failed, Findings, MothballError, PlanError, Refused
from tests.conftest import LAB, MOVES, PLAN, STEPS, Link, MakeRepo, Program, Repo

PAGES = {"README.md", "archive/README.md", "archive/ledger.json"}


def codes(error: MothballError) -> set[str]:
    return {problem.code for problem in error.problems}


def having(old: str, new: str) -> str:
    assert old in PLAN
    return PLAN.replace(old, new)


def test_every_move_is_a_pure_rename_and_only_the_pages_are_written(lab: Repo) -> None:
    before = lab.head
    done = lab.archive()
    assert done.commits == (lab.head,)
    assert lab.git("rev-parse", "HEAD^") == before
    assert lab.renames() == MOVES
    assert lab.changes() == PAGES
    assert done.moves == len(MOVES)
    assert lab.status == []


def test_the_work_tree_holds_what_the_commit_holds(lab: Repo) -> None:
    before = lab.files
    lab.archive()
    expected = {MOVES.get(path, path): content for path, content in before.items()}
    assert {path: content for path, content in lab.files.items() if path not in PAGES} == {
        path: content for path, content in expected.items() if path not in PAGES
    }


def test_modes_and_links_survive(repo: MakeRepo) -> None:
    picture = {
        "notes/run": Program("#!/bin/sh\n"),
        "notes/link": Link("idea.md"),
        "notes/nowhere": Link("nothing/here"),
    }
    made = repo({**LAB, **picture})
    made.archive()
    assert made.files["archive/papers/notes/link"] == Link("idea.md")
    assert made.files["archive/papers/notes/nowhere"] == Link("nothing/here")
    assert (made.root / "archive/papers/notes/run").stat().st_mode & 0o111
    modes = {
        row.split("\t")[1]: row.split()[0]
        for row in made.fields("ls-files", "-s", "-z", "--", "archive/papers")
    }
    assert modes["archive/papers/notes/run"] == "100755"
    assert modes["archive/papers/notes/link"] == "120000"


def test_emptied_directories_disappear_and_others_stay(repo: MakeRepo) -> None:
    made = repo(
        {**LAB, "notes/.gitignore": "*.log\n", "other/deep/x": "1"},
        having('"/notes/"', '"/notes/*.md", "/notes/deep/"'),
    )
    (made.root / "empty/by/hand").mkdir(parents=True)
    made.archive()
    assert not made.lies_at("notes/deep")
    assert made.lies_at("notes/.gitignore")
    assert made.lies_at("empty/by/hand")
    assert made.lies_at("lab/in_use.py")


def test_a_second_run_changes_nothing(lab: Repo) -> None:
    lab.archive()
    before = lab.everything
    done = lab.archive()
    assert not done.changed
    assert done.commits == ()
    assert {step.name for step, _ in done.steps} == set(STEPS)
    assert lab.everything == before


def test_the_maintainer_s_words_in_the_readme_stay(lab: Repo) -> None:
    lab.archive()
    assert lab.text("README.md").startswith("# Kernel\n\nThe maintainer's words.\n\n<!-- mothball:begin")


def test_the_commit_carries_the_plan_s_message_and_trailers(lab: Repo) -> None:
    base = lab.head
    lab.archive()
    subject, _, rest = lab.git("log", "-1", "--format=%B").partition("\n\n")
    assert subject == "refactor: archive experiments"
    assert "See the kernel again\nKeep production code, archive experiments" in rest
    trailers = dict(row.split(": ") for row in lab.git("log", "-1", "--format=%(trailers)").splitlines())
    assert trailers == {
        "Mothball-Plan": f"sha256:{lab.plan.digest}",
        "Mothball-Base": base,
        "Mothball-Moves": "5",
    }


def test_a_new_file_that_matches_is_archived_by_the_next_run(lab: Repo) -> None:
    lab.archive()
    lab.commit({"lab/build_v3.py": "3\n", "notes/new.md": "new\n"})
    lab.archive()
    assert lab.renames() == {
        "lab/build_v3.py": "archive/builds/build_v3.py",
        "notes/new.md": "archive/papers/notes/new.md",
    }
    assert "| Old build scripts | 3 |" in lab.text("README.md")
    assert not lab.archive().changed


def test_a_new_file_with_the_name_of_an_archived_one_is_refused(lab: Repo) -> None:
    lab.archive()
    lab.commit({"lab/build_v1.py": "again\n"})
    before = lab.everything
    with pytest.raises(PlanError) as caught:
        lab.archive()
    assert codes(caught.value) == {"target-occupied"}
    assert lab.everything == before


def test_a_changed_reason_rewrites_the_pages_and_moves_nothing(lab: Repo) -> None:
    lab.archive()
    lab.commit({"mothball.toml": having("purpose   = ", 'purpose = "Other words" #')})
    lab.archive()
    assert lab.renames() == {}
    assert lab.changes() == {"archive/README.md"}


def test_moves_are_taken_from_the_index_without_hashing_what_others_filter(repo: MakeRepo) -> None:
    made = repo({**LAB, ".gitattributes": "*.py text eol=crlf\n"})
    (made.root / "lab/build_v1.py").unlink()
    made.git("checkout", "--", "lab/build_v1.py")
    assert made.files["lab/build_v1.py"] == b"print('build 1')\r\n"
    made.archive()
    assert made.renames() == MOVES
    assert made.files["archive/builds/build_v1.py"] == b"print('build 1')\r\n"
    assert made.status == []


REFUSED = [
    (having("/lab/build*.py", "/lab/biuld*.py"), {}, "pattern-idle", PlanError),
    (having("/core/", "/cro/"), {}, "keep-idle", PlanError),
    (having('"Superseded by make."', '"x"\nexpect = 7'), {}, "count-unexpected", PlanError),
    (having('["/lab/build*.py"]', '["build*.py"]'), {"src/build_v1.py": "x"}, "target-shared", PlanError),
    (PLAN, {"archive/builds/build_v1.py": "x"}, "target-occupied", PlanError),
    (PLAN, {"archive": "a file"}, "target-occupied", PlanError),
    (PLAN, {"archive": Link("core")}, "target-occupied", PlanError),
    (PLAN, {"archive/tests": Link("../core")}, "target-occupied", PlanError),
    ('home = "archive"\n' + having("archive/papers/", "notes/old/"), {}, "target-inside-source", PlanError),
    (PLAN + "[limits]\nshare = 0.3\n", {}, "limit-share", PlanError),
    (PLAN + '[validate]\nclosed = ["/lab/"]\n', {}, "unclassified", PlanError),
    (PLAN, {"core/link": Link("../notes/idea.md")}, "link-breaks", PlanError),
    (PLAN, {"notes/link": Link("../src/app.py")}, "link-breaks", PlanError),
    (PLAN, {".gitignore": "archive/\n"}, "target-ignored", PlanError),
    (PLAN, {".gitattributes": "/lab/*.py text\n"}, "attributes-change", PlanError),
    (PLAN, {"README.md": "<!-- mothball:begin -->\n"}, "readme-markers", MothballError),
    (PLAN, {"README.md": Link("setup.cfg")}, "pages", Refused),
]


@pytest.mark.parametrize(("plan", "picture", "code", "kind"), REFUSED)
def test_what_blocks_is_refused_and_nothing_touched(
    repo: MakeRepo, plan: str, picture: dict[str, str], code: str, kind: type[MothballError]
) -> None:
    made = repo({**LAB, **picture}, plan)
    before = made.everything
    with pytest.raises(kind) as caught:
        made.archive()
    assert code in codes(caught.value)
    assert made.everything == before
    assert all(problem.remedy for problem in caught.value.problems)
    assert code in {problem.code for problem in made.preview().problems}
    assert made.everything == before


ALLOWED = [
    (having('"Superseded by make."', '"x"\nexpect = 2'), {}),
    (
        having('["/lab/build*.py"]', '["/lab/build*.py", "/lab/none*"]').replace(
            '"builds"\n', '"builds"\noptional = true\n'
        ),
        {},
    ),
    (having('["/core/"]', '["/core/", "/cro/"]\noptional = true'), {}),
    (PLAN + "[limits]\nshare = 0.39\n", {}),
    (PLAN + '[validate]\nclosed = ["/lab/"]\n', {"lab/in_use.py": None}),
    (having('"builds"\n', '"builds"\nallow-ignored = true\n'), {".gitignore": "/archive/builds/\n"}),
    (PLAN, {".gitattributes": "*.py text\n"}),
    (PLAN, {"core/link": Link("../lab")}),
]


@pytest.mark.parametrize(("plan", "picture"), ALLOWED)
def test_what_does_not_block_is_done(repo: MakeRepo, plan: str, picture: dict[str, str | None]) -> None:
    whole = {path: content for path, content in {**LAB, **picture}.items() if content is not None}
    made = repo(whole, plan)
    made.archive()
    assert made.renames() == MOVES
    assert made.status == []


def test_keep_wins_over_archive(repo: MakeRepo) -> None:
    made = repo(LAB, having('["/core/"]', '["/core/", "idea.md"]'))
    made.archive()
    assert made.lies_at("notes/idea.md")
    assert "notes/idea.md" not in made.renames()


def test_the_first_category_that_matches_has_the_file(repo: MakeRepo) -> None:
    made = repo(LAB, having('"/lab/test_*.py"', '"/lab/test_*.py", "/lab/build_v2.py"'))
    made.archive()
    assert made.renames()["lab/build_v2.py"] == "archive/builds/build_v2.py"


def test_metrics_are_measured_before_and_after(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + '[[metric]]\nname = "Lab"\ncount = ["/lab/"]\nafter = 1\n')
    assert made.archive().measured == (("Lab", 4, 1, 1),)


def test_a_metric_that_is_missed_takes_everything_back(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + '[[metric]]\nname = "Lab"\ncount = ["/lab/"]\nafter = 0\n')
    before = made.everything
    with pytest.raises(Findings) as caught:
        made.archive()
    assert codes(caught.value) == {"metric-missed"}
    assert made.everything == before


def test_staged_work_of_another_plan_is_refused_until_it_is_undone(lab: Repo) -> None:
    lab.step("builds")
    lab.write({"mothball.toml": having('"builds"', '"scripts"')})
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert codes(caught.value) == {"plan-changed"}
    lab.undo()
    lab.git("checkout", "-q", "mothball.toml")
    lab.archive()
    assert lab.renames() == MOVES


def test_a_submodule_is_refused(repo: MakeRepo) -> None:
    made = repo()
    made.git("update-index", "--add", "--cacheinfo", f"160000,{made.head},notes/sub")
    made.git("commit", "-qm", "a submodule")
    (made.root / "notes/sub").mkdir()
    before = made.everything
    with pytest.raises(PlanError) as caught:
        made.archive()
    assert codes(caught.value) == {"submodule"}
    assert made.everything == before


def test_a_submodule_elsewhere_is_left_alone(repo: MakeRepo) -> None:
    made = repo()
    made.git("update-index", "--add", "--cacheinfo", f"160000,{made.head},vendor/sub")
    made.git("commit", "-qm", "a submodule")
    (made.root / "vendor/sub").mkdir(parents=True)
    made.archive()
    assert made.renames() == MOVES
    assert "vendor/sub" in made.tracked


@pytest.mark.parametrize("operation", ["merge", "rebase", "cherry-pick", "revert", "bisect"])
def test_an_unfinished_operation_of_git_is_refused(repo: MakeRepo, operation: str) -> None:
    made = repo()
    made.git("switch", "-qc", "other")
    other = made.commit({"src/app.py": "other\n"})
    made.git("switch", "-q", "main")
    made.commit({"src/app.py": "main\n"})
    commands = {"bisect": ["bisect", "start"], "revert": ["revert", "--no-edit", other]}
    made.try_git(*commands.get(operation, [operation, "other"]))
    before = made.everything
    with pytest.raises(Refused) as caught:
        made.archive()
    assert "git-busy" in codes(caught.value)
    assert operation in str(caught.value)
    assert made.everything == before


def test_a_detached_head_is_refused_and_can_be_previewed(lab: Repo) -> None:
    lab.git("checkout", "-q", "--detach")
    before = lab.everything
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert codes(caught.value) == {"git-detached"}
    assert len(lab.preview().work.moves) == len(MOVES)
    assert lab.everything == before


def test_conflicts_anywhere_are_refused(lab: Repo) -> None:
    lab.write({"src/app.py": "mine\n"})
    lab.git("stash", "-q")
    lab.commit({"src/app.py": "theirs\n"})
    lab.try_git("stash", "pop")
    before = lab.everything
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert "src/app.py" in str(caught.value)
    assert lab.everything == before


def test_a_run_is_refused_while_git_holds_the_index(lab: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mothball.effects.index.PATIENCE", 0.1)
    (lab.root / ".git/index.lock").touch()
    before = lab.files
    with pytest.raises(Refused) as caught:
        lab.archive()
    assert codes(caught.value) == {"index-locked"}
    assert lab.files == before
    (lab.root / ".git/index.lock").unlink()
    lab.archive()
    assert lab.renames() == MOVES


def test_every_error_has_an_exit_code_of_the_design() -> None:
    kinds = (PlanError, Findings, Refused, Failed)
    assert [kind.exit for kind in kinds] == [Exit.PLAN, Exit.FINDINGS, Exit.REFUSED, Exit.FAILED]
