"""What a run would break, breaks, allows and mends, on real repositories."""

import pytest

from mothball.core.errors import Findings, MothballError, PlanError, Problem, Refused
from mothball.core.references.findings import Verdict
from mothball.workflow.references import find
from mothball.workflow.validate import after
from tests.conftest import LAB, PLAN, Link, MakeRepo, Repo

GUIDE = "# Guide\n\nSee [the idea](../notes/idea.md).\n\n```\npython lab/build_v1.py\n```\n"
LAZY = """\
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "lab"))
import build_v1
"""
ALLOW = '\n[references]\nallow = [{ from = "/docs/", to = "%s", reason = "It tells how it was." }]\n'


def refused(repo: Repo) -> list[Problem]:
    """What stops a run, which must leave everything as it was."""
    untouched = repo.everything
    with pytest.raises(MothballError) as caught:
        repo.archive()
    assert repo.everything == untouched
    return list(caught.value.problems)


def places(repo: Repo, base: str | None = None, tip: str | None = None) -> list[str]:
    """Each break, as ``file:line:column``."""
    return [one.where for one in find(repo.session, base, tip).breaks()]


def test_a_run_is_refused_while_anything_that_stays_names_what_goes(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE})
    problems = refused(made)
    assert {problem.code for problem in problems} == {"reference-breaks"}
    assert sorted(problem.where for problem in problems) == ["docs/guide.md:3:16", "docs/guide.md:6:8"]
    assert all("archive.fix" in problem.remedy for problem in problems)


def test_the_preview_shows_the_breaks_with_the_whole_plan(repo: MakeRepo) -> None:
    preview = repo({**LAB, "docs/guide.md": GUIDE}).preview()
    assert [problem.code for problem in preview.problems] == ["reference-breaks"] * 2
    assert preview.work.moves


def test_a_single_step_is_refused_for_the_breaks_of_the_whole_plan(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE})
    with pytest.raises(Findings):
        made.step("tests")


def test_an_allowed_break_does_not_stop_a_run(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + ALLOW % "*")
    made.archive()
    session = made.session
    assert all(outcome.passed for outcome in after(session, session.plan(), made.said.append))


def test_an_allowance_covers_only_what_it_names(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + ALLOW % "/notes/")
    assert [problem.where for problem in refused(made)] == ["docs/guide.md:6:8"]


def test_an_allowance_for_nothing_expires_loudly(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN + ALLOW % "/notes/")
    [problem] = refused(made)
    assert problem.code == "reference-allow-idle"
    with pytest.raises(PlanError):
        made.archive()


def test_a_directory_is_allowed_by_a_pattern_with_a_slash_as_the_remedy_writes_it(repo: MakeRepo) -> None:
    files = {**LAB, "docs/g[1].md": "[all](../notes/)\n"}
    [problem] = refused(repo(files))
    words = r'allow = [{ from = "/docs/g\\[1\\].md", to = "/notes/", reason = "…" }]'
    assert f"under [references] write {words}." in problem.remedy
    assert repo(files, f"{PLAN}\n[references]\n{words}\n").archive().changed


def test_a_mention_needs_no_allowance_and_says_so(repo: MakeRepo) -> None:
    files = {**LAB, "docs/guide.md": "Once it was notes/idea.md.\n"}
    made = repo(files, PLAN + ALLOW % "/notes/")
    [mention] = find(made.session).findings
    assert mention.remedy == "Nothing needs doing; or take it out."
    [problem] = refused(made)
    assert "needs no allowance" in problem.remedy


def test_an_audit_says_what_to_write_instead_and_nothing_of_a_plan(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, None)
    made.git("mv", "notes", "attic")
    made.commit()
    [found] = find(made.session, "HEAD~1").breaks()
    assert found.evidence == "notes/idea.md moved to attic/idea.md"
    assert found.remedy == "Write ../attic/idea.md instead."


def test_an_allowance_that_did_its_work_stays_quiet_in_later_runs(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + ALLOW % "*")
    made.archive()
    made.commit({"lab/build_v9.py": "print(9)\n"})
    assert made.archive().moves == 1


def test_ignored_files_are_not_read(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + '\n[references]\nignore = ["/docs/"]\n')
    assert made.archive().changed


def test_a_break_in_an_unclassified_file_is_a_notice(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + '\n[validate]\nclosed = ["/docs/"]\n')
    found = [
        problem
        for outcome in made.preview().outcomes
        for problem in outcome.problems
        if problem.code == "reference-breaks"
    ]
    assert len(found) == 2
    assert not any(problem.blocking for problem in found)


def test_a_file_that_needs_a_broken_one_is_shown_with_the_chain(repo: MakeRepo) -> None:
    world = {
        **LAB,
        "core/kernel.py": "import helper\n",
        "core/helper.py": LAZY,
    }
    found = find(repo(world).session).breaks()
    assert [(one.where, one.severity) for one in found] == [
        ("core/helper.py:5:8", "hard"),
        ("core/kernel.py:1:8", "hard-transitive"),
    ]
    assert "core/helper.py" in found[1].evidence


def test_fix_rewrites_links_and_commands_and_the_run_then_passes(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE})
    made.step("fix")
    assert made.text("docs/guide.md") == GUIDE.replace("../notes/", "../archive/papers/notes/").replace(
        "lab/build", "archive/builds/build"
    )
    made.archive()
    assert "docs/guide.md" in made.changes()


def test_a_fix_of_kept_files_is_told_beside_the_proofs(repo: MakeRepo) -> None:
    plan = PLAN.replace('["/core/"]', '["/core/", "/docs/"]') + "\n[references]\nfix = true\n"
    done = repo({**LAB, "docs/guide.md": GUIDE}, plan).archive()
    [kept] = [outcome for outcome in done.after if outcome.code == "keep-changed"]
    assert kept.passed
    assert "1 kept file with rewritten references: docs/guide.md" in kept.problems[0].found


@pytest.mark.parametrize("name", ["h.h", "c.c", "md.md"])
def test_fix_keeps_a_suffix_that_is_the_name_as_well(repo: MakeRepo, name: str) -> None:
    made = repo({**LAB, f"notes/{name}": "x\n", "docs/guide.md": f"[x](../notes/{name})\n"})
    made.step("fix")
    assert made.text("docs/guide.md") == f"[x](../archive/papers/notes/{name})\n"


def test_fix_touches_no_path_inside_an_image(repo: MakeRepo) -> None:
    text = "FROM python AS b\nCOPY notes/idea.md notes/idea.md\nRUN cat notes/idea.md\n"
    made = repo({**LAB, "Dockerfile": text + "FROM python\nCOPY --from=b notes/idea.md /x\n"})
    made.step("fix")
    moved = text.replace("COPY notes", "COPY archive/papers/notes")
    assert made.text("Dockerfile") == moved + "FROM python\nCOPY --from=b notes/idea.md /x\n"


def test_fix_mends_a_file_beside_what_is_allowed_in_it(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + ALLOW % "/lab/" + "fix = true\n")
    made.archive()
    assert made.text("docs/guide.md") == GUIDE.replace("../notes/", "../archive/papers/notes/")


def test_a_commit_of_a_part_is_refused_where_it_breaks_what_the_whole_does_not(repo: MakeRepo) -> None:
    made = repo({**LAB, "lab/test_v9.py": "import build_v1\n"})
    made.step("builds")
    with pytest.raises(Findings, match=r"lab/test_v9\.py"):
        made.step("commit")
    assert made.archive().commits


def test_fix_leaves_what_nobody_can_tell(repo: MakeRepo) -> None:
    made = repo({**LAB, "core/helper.py": LAZY})
    made.step("fix")
    assert made.text("core/helper.py") == LAZY
    assert [problem.where for problem in refused(made)] == ["core/helper.py:5:8"]


def test_fix_leaves_a_file_with_uncommitted_edits_and_names_it(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE})
    made.write({"docs/guide.md": GUIDE + "More.\n"})
    done = made.step("fix")
    assert made.text("docs/guide.md") == GUIDE + "More.\n"
    told = [problem for outcome in done.before for problem in outcome.problems if not problem.blocking]
    assert [problem.where for problem in told if "in no commit" in problem.found] == ["docs/guide.md"]


def test_fix_mends_what_hangs_on_a_rewritten_directory_as_well(repo: MakeRepo) -> None:
    text = "#!/bin/sh\npython lab/build_v1.py\ncd notes && cat idea.md\n"
    made = repo({**LAB, "run.sh": text})
    remedies = [one.remedy for one in find(made.session).breaks()]
    assert [remedy.partition(";")[0] for remedy in remedies] == [
        "`archive.fix` rewrites it to archive/builds/build_v1.py",
        "`archive.fix` rewrites it to archive/papers/notes",
        "`archive.fix` mends it with what else it rewrites here",
    ]
    made.step("fix")
    assert made.text("run.sh") == text.replace("lab/", "archive/builds/").replace(
        "cd notes", "cd archive/papers/notes"
    )
    made.archive()


@pytest.mark.parametrize(
    "text",
    [b"\xef\xbb\xbf[x](../notes/idea.md)\r\n", b"caf\xe9 [x](../notes/idea.md)\n"],
    ids=["byte order mark", "Latin-1"],
)
def test_fix_keeps_every_other_byte_of_a_file(repo: MakeRepo, text: bytes) -> None:
    made = repo({**LAB, "docs/guide.md": text})
    made.step("fix")
    assert (made.root / "docs/guide.md").read_bytes() == text.replace(b"../notes", b"../archive/papers/notes")


def test_what_cannot_be_proved_is_left_and_said(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": "a\r[x](../notes/idea.md)\r"})
    [found] = find(made.session).breaks()
    assert found.remedy.startswith("Write ../archive/papers/notes/idea.md instead, by hand")
    made.step("fix")
    assert (made.root / "docs/guide.md").read_bytes() == b"a\r[x](../notes/idea.md)\r"


def test_one_rewriting_that_is_not_proved_holds_no_other_back(repo: MakeRepo) -> None:
    text = b"[x](../notes/idea.md)\na\r[x](../notes/idea.md)\r"
    made = repo({**LAB, "docs/guide.md": text})
    made.step("fix")
    done = (made.root / "docs/guide.md").read_bytes()
    assert done == text.replace(b"../notes", b"../archive/papers/notes", 1)


def test_fix_does_not_wait_for_a_link_that_the_moves_break(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE, "core/link": Link("../notes/idea.md")})
    made.step("fix")
    assert "archive/builds" in made.text("docs/guide.md")


def test_fix_can_be_taken_back(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE})
    untouched = made.everything
    made.step("fix")
    made.undo()
    assert made.everything == untouched


def test_a_plan_that_fixes_does_so_in_the_run_and_its_undo_is_exact(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + "\n[references]\nfix = true\n")
    tree = made.tree
    made.archive()
    assert "archive/papers/notes/idea.md" in made.text("docs/guide.md")
    session = made.session
    assert all(outcome.passed for outcome in after(session, session.plan(), made.said.append))
    assert not made.archive().changed
    made.undo()
    assert made.tree == tree


def test_an_edit_that_a_hook_added_to_a_fixed_file_is_no_fix(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, PLAN + "\n[references]\nfix = true\n")
    made.archive()
    made.write({"docs/guide.md": made.text("docs/guide.md") + "Smuggled in.\n"})
    made.git("commit", "-q", "--amend", "--no-edit", "docs/guide.md")
    with pytest.raises(Refused, match=r"docs/guide\.md"):
        made.undo()


def test_a_clean_up_by_hand_is_audited_without_a_plan(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": GUIDE}, None)
    made.git("mv", "notes", "attic")
    made.commit({"docs/guide.md": GUIDE.replace("python lab", "python -u lab")})
    assert places(made, "HEAD~1") == ["docs/guide.md:3:16"]
    assert places(made, "HEAD~1", "HEAD~1") == []


def test_an_audit_follows_renames_with_edits_and_deletions(repo: MakeRepo) -> None:
    world = {"docs/a.md": "[x](x.md) [y](y.md) [z](z.md)\n", "docs/z.md": "z\n", "docs/y.md": "y\n"}
    made = repo({**world, "docs/x.md": "".join(f"line {n}\n" for n in range(20))}, None)
    made.git("mv", "docs/x.md", "old.md")
    made.git("rm", "-q", "docs/y.md")
    made.commit({"old.md": "".join(f"line {n}\n" for n in range(21))})
    found = find(made.session, "HEAD~1").breaks()
    assert [(one.old_path, one.new_path) for one in found] == [("docs/x.md", "old.md"), ("docs/y.md", None)]


def test_what_was_broken_before_is_told_apart(repo: MakeRepo) -> None:
    made = repo({**LAB, "docs/guide.md": "[gone](nowhere.md) [idea](../notes/idea.md)\n"})
    found = find(made.session)
    assert [one.target for one in found.breaks()] == ["../notes/idea.md"]
    assert [one.target for one in found.dangling] == ["nowhere.md"]


@pytest.mark.parametrize(
    ("base", "tip"),
    [("nope", None), ("HEAD", "nope"), ("--all", None), (None, "HEAD"), ("", None), ("HEAD", "")],
)
def test_a_revision_that_is_none_is_refused(lab: Repo, base: str | None, tip: str | None) -> None:
    with pytest.raises(Refused):
        find(lab.session, base, tip)


def test_symbolic_links_are_references_in_both_directions(repo: MakeRepo) -> None:
    made = repo({"src/a.py": "a\n", "old/b.py": "b\n"}, None)
    (made.root / "src/link.py").symlink_to("../old/b.py")
    (made.root / "old/back.py").symlink_to("../src/a.py")
    made.commit()
    (made.root / "deep/er").mkdir(parents=True)
    made.git("mv", "old", "deep/er/old")
    made.commit()
    found = [one for one in find(made.session, "HEAD~1").findings if one.verdict is Verdict.BREAK]
    assert [(one.file, one.direction) for one in found] == [
        ("src/link.py", "inbound"),
        ("deep/er/old/back.py", "outbound"),
    ]


OWN_WORDS = "# Kernel\n\nSee [the idea](notes/idea.md).\n"


def test_the_readme_that_the_plan_names_is_read_but_for_its_section(repo: MakeRepo) -> None:
    made = repo({**LAB, "README.md": OWN_WORDS})
    assert [problem.where for problem in refused(made)] == ["README.md:3:16"]


def test_a_run_that_rewrites_the_readme_writes_its_section_as_well_and_undo_is_exact(repo: MakeRepo) -> None:
    made = repo({**LAB, "README.md": OWN_WORDS}, PLAN + "\n[references]\nfix = true\n")
    tree = made.tree
    made.archive()
    assert made.text("README.md").startswith(OWN_WORDS.replace("notes/", "archive/papers/notes/") + "\n<!--")
    session = made.session
    assert all(outcome.passed for outcome in after(session, session.plan(), made.said.append))
    assert not made.archive().changed
    made.undo()
    assert made.tree == tree


def test_the_single_steps_rewrite_the_readme_to_the_same_tree(repo: MakeRepo) -> None:
    one, two = repo({**LAB, "README.md": OWN_WORDS}), repo({**LAB, "README.md": OWN_WORDS})
    tree = one.tree
    one.step("fix")
    one.archive()
    two.step("fix", "builds", "readme", "tests", "notes", "readme", "commit")
    assert one.tree == two.tree
    for made in (one, two):
        made.undo()
        assert made.tree == tree


def test_only_what_is_outside_of_the_section_is_judged(repo: MakeRepo) -> None:
    made = repo()
    made.archive()
    [section] = [made.text("README.md").partition("<!-- mothball:begin")[2]]
    assert section
    marked = made.text("README.md").replace("## What was archived", "[old](src/app.py)")
    made.commit({"README.md": marked, "mothball.toml": PLAN.replace('"/notes/"', '"/notes/", "/src/"')})
    made.archive()
    assert made.lies_at("archive/papers/src/app.py")


def test_a_project_file_is_read_but_for_the_plan_that_it_holds(repo: MakeRepo) -> None:
    tables = PLAN.replace("[[", "[[tool.mothball.").replace("\n[readme", "\n[tool.mothball.readme")
    tables = tables.replace("\n[commit", "\n[tool.mothball.commit")
    project = f'[tool.mothball]{tables}\n[tool.pytest.ini_options]\ntestpaths = ["lab/test_v1.py"]\n'
    made = repo({**LAB, "pyproject.toml": project}, None)
    assert [problem.where.partition(":")[0] for problem in refused(made)] == ["pyproject.toml"]
