"""The analysis on real repositories: planned before a run, measured after it, and in nobody's way."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mothball
from mothball.core.analysis.analyse import MARK
from mothball.core.errors import Refused
from mothball.core.starter import USERS_TASKS
from mothball.effects.journal import Journal
from mothball.sample import build
from mothball.workflow.analyse import analyse
from mothball.workflow.report import HTML, MARKDOWN, PLACE, Written, foresee, write_report
from tests.conftest import LAB, MOVES, PLAN, MakeRepo, Picture, Repo

CATEGORIES = {
    "Experimental build scripts": 21,
    "Experimental test scripts": 36,
    "Old FlashCore documentation": 8,
    "Experimental Triton variants": 7,
    "Old test infrastructure": 22,
}
TRITON = re.compile(r'\[\[archive\]\]\nname   = "triton-iterations".*?\n\n', re.DOTALL)
METRIC = '\n[[metric]]\nname = "Lab"\ncount = ["/lab/"]\nafter = 1\n'


def report(repo: Repo, out: Path | None = None) -> Written:
    """Run ``report.analysis``."""
    return write_report(repo.session, repo.plan, MARKDOWN, out)


def page(repo: Repo) -> str:
    """Run ``report.analysis`` and return what it wrote."""
    return report(repo).place.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample; not to be changed."""
    place = tmp_path_factory.mktemp("built") / "sample"
    build(place)
    return place


@pytest.fixture
def sample(built: Path, tmp_path: Path) -> Repo:
    """The sample, to be changed."""
    return Repo(Path(shutil.copytree(built, tmp_path / "sample", symlinks=True)))


def test_the_sample_before_a_run_has_the_numbers_that_its_maintainer_counted(sample: Repo) -> None:
    text = page(sample)
    for title, number in CATEGORIES.items():
        assert f"| To archive: {title} | {number} |" in text
        assert re.search(rf"^### Category \d: {title} \({number} files\)$", text, re.MULTILINE)
    assert "### `flashcore/` (80 files)" in text
    assert "| FlashCore files | 80 | 8 | 90 % | 8, met |" in text
    assert f"commit `{sample.head}`, tree `{sample.tree}`" in text
    assert "**Decision**: *Ready to execute*" in text


def test_the_sample_after_a_run_is_measured(sample: Repo) -> None:
    base, tree = sample.head, sample.tree
    sample.archive(commands=False)
    text = page(sample)
    for title, number in CATEGORIES.items():
        assert f"| Archived: {title} | {number} |" in text
    assert "| Metric | Before | After (measured) |" in text
    assert "| FlashCore files | 80 | 8 | 90 % | 8, met |" in text
    assert f"**Before**: commit `{base}`, tree `{tree}`" in text
    assert f"**After**: commit `{sample.head}`, tree `{sample.tree}`" in text
    assert "**Decision**: *Executed*" in text
    assert "| `conservation` | Every file is still there, byte for byte | passes |" in text


def test_what_was_foreseen_is_what_was_measured(sample: Repo) -> None:
    foreseen = page(sample)
    sample.archive(commands=False)
    measured = page(sample)
    for title in ("KEEP", "ARCHIVE (Exp", "After Archiving", "Execution Plan"):
        parts = [
            re.findall(rf"^## \S+ {re.escape(title)}.*?^---$", text, re.MULTILINE | re.DOTALL)
            for text in (foreseen, measured)
        ]
        assert parts[0] == parts[1] != []
    trees = [
        re.findall(r"^archive/ .*?^```$", text, re.MULTILINE | re.DOTALL) for text in (foreseen, measured)
    ]
    assert trees[0] == trees[1] != []


def test_a_plan_that_promises_8_and_reaches_15_says_so(sample: Repo) -> None:
    plan = TRITON.sub("", sample.text("mothball.toml"))
    plan = plan.replace(
        '"/flashcore/fast/attention_production.py",', '"/flashcore/fast/", "/flashcore/flashcore_triton.py",'
    )
    sample.commit({"mothball.toml": plan})
    written = report(sample)
    text = written.place.read_text()
    assert "| FlashCore files | 80 | 15 | 81.3 % | 8, **not met** |" in text
    assert "**Not met: FlashCore files**: promised 8, measured 15." in text
    assert (written.state, written.problems) == ("Not ready", 1)


def test_steps_that_are_staged_are_counted_and_the_rest_of_the_page_stays(lab: Repo) -> None:
    before = page(lab)
    lab.step("structure", "builds")
    after = page(lab)
    assert "**Staged**: 2 of 5 moves" in after
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        "**Staged**: 2 of 5 moves  "
    ]
    lab.step("tests", "notes", "readme")
    assert "**Next**: `mothball archive.commit`" in page(lab)


def test_what_others_staged_is_measured_and_said(lab: Repo) -> None:
    lab.step("builds")
    lab.write({"lab/more.py": "1\n"})
    lab.git("add", "lab/more.py")
    text = page(lab)
    assert f"commit `{lab.head}`, tree `{lab.tree}`, with 1 path staged by others" in text
    assert f"| **All tracked files** | **{len(LAB) + 2}** | 100 % |" in text


def test_every_blocker_is_named(lab: Repo) -> None:
    lab.write({"lab/build_v1.py": "edited\n", "archive/tests/test_v1.py": "in the way\n"})
    written = report(lab)
    text = written.place.read_text()
    assert "**Decision**: *Not ready*" in text
    assert f"**Reason**: {written.problems} problems, below" in text
    assert "lab/build_v1.py" in text.partition("### What stands in the way")[2].partition("### Grounds")[0]
    for problem in lab.preview().problems:
        assert f"({problem.code})" in text
        assert f"| `{problem.code}` | " in text
    assert str(lab.root) not in text


def test_a_run_that_was_cut_off_is_a_blocker(lab: Repo) -> None:
    lab.step("structure")
    session = lab.session
    session.store.open_journal(Journal(base=lab.head, work=lab.preview().work, prior=session.store.pending()))
    text = page(lab)
    assert "*Not ready*" in text
    assert "the repository  (cut-off)\n  an earlier run was cut off; nothing is lost.\n" in text


def test_the_same_tree_and_plan_make_the_same_bytes_wherever_they_lie(repo: MakeRepo) -> None:
    one, two = repo(), repo(name="else where")
    assert page(one) == page(two) == page(one)
    assert str(one.root) not in page(one)


def test_it_touches_nothing_but_its_file(lab: Repo) -> None:
    lab.write({"src/app.py": "edited\n", "lab/untracked.py": "mine\n"})
    head, refs, branch, index, files, directories = lab.everything
    report(lab)
    assert isinstance(files, dict)
    assert isinstance(directories, set)
    found = {**files, PLACE: lab.files[PLACE]}
    assert lab.everything == (head, refs, branch, index, found, directories | {"reports"})


def test_a_report_is_in_no_run_s_way_and_stays(lab: Repo) -> None:
    report(lab)
    lab.archive()
    assert lab.renames() == MOVES
    assert lab.lies_at(PLACE)
    assert "*Executed*" in page(lab)


def test_a_detached_head_and_a_dirty_tree_are_analysed(lab: Repo) -> None:
    lab.git("checkout", "-q", "--detach")
    lab.write({"lab/build_v1.py": "edited\n", "setup.cfg": None})
    text = page(lab)
    assert "(git-detached)" in text
    assert "(not-clean)" in text


def test_after_an_undo_it_is_a_plan_again(lab: Repo) -> None:
    lab.archive()
    lab.undo()
    assert "*Ready to execute*" in page(lab)


def test_what_was_archived_earlier_is_counted_apart(lab: Repo) -> None:
    lab.archive()
    lab.commit({"lab/build_v3.py": "3\n"})
    text = page(lab)
    assert "### Category 1: Old build scripts (1 file, 2 archived earlier)" in text
    assert "| In the archive already | 7 |" in text


def test_later_commits_do_not_change_what_a_run_did(lab: Repo) -> None:
    lab.archive()
    tip = lab.head
    lab.commit({"src/later.py": "1\n"})
    text = page(lab)
    assert f"**Commit**: `{tip}`; HEAD is now `{lab.head}`" in text
    assert f"| **All tracked files** | **{len(LAB) + 1}** | 100 % |" in text


def test_a_promise_that_a_later_commit_breaks_was_kept_by_the_run(repo: MakeRepo) -> None:
    made = repo(plan=PLAN + METRIC)
    made.archive()
    made.commit({"lab/later.txt": "1\n"})
    text = page(made)
    assert "| Lab | 4 | 1 | 75 % | 1, met |" in text
    assert "**Decision**: *Executed*  " in text


def test_a_restore_is_not_taken_for_the_run(lab: Repo) -> None:
    lab.archive()
    tip = lab.head
    lab.write({"mothball.toml": PLAN.replace('["/core/"]', '["/core/", "/lab/test_v1.py"]')})
    lab.commit()
    lab.restore("archive/tests/test_v1.py")
    assert f"**Commit**: `{tip}`" in page(lab)


def test_commits_per_category_are_one_run(repo: MakeRepo) -> None:
    made = repo(plan=PLAN.replace("[commit]", "[commit]\nper-category = true"))
    base = made.head
    made.archive()
    text = page(made)
    assert f"`git log --stat -M {base[:12]}..{made.head[:12]}`" in text
    assert "5 of 13 tracked files to the archive" in text


def test_a_history_that_does_not_reach_back_leaves_nothing_to_do(lab: Repo, tmp_path: Path) -> None:
    lab.archive()
    lab.git("clone", "-q", "--depth=1", f"file://{lab.root}", str(tmp_path / "shallow"))
    text = page(Repo(tmp_path / "shallow"))
    assert "*Nothing to do*" in text
    assert "(0 files, 2 archived earlier)" in text


def test_a_later_analysis_replaces_an_earlier_one(lab: Repo) -> None:
    lab.write({PLACE: f"{MARK}\r\nolder\n"})
    assert "older" not in page(lab)


FOREIGN: dict[str, Picture] = {
    "text": {PLACE: "# Archive Analysis\n\nBy hand.\n"},
    "empty": {PLACE: ""},
    "mark below": {PLACE: f"By hand.\n{MARK}\n"},
    "file above": {"reports": "a file\n"},
    "directory": {f"{PLACE}/x": "a directory\n"},
}


@pytest.mark.parametrize("picture", FOREIGN.values(), ids=FOREIGN)
def test_what_is_not_ours_is_never_overwritten(lab: Repo, picture: Picture) -> None:
    lab.write(picture)
    before = lab.everything
    with pytest.raises(Refused, match="something else lies here, and it is never overwritten") as caught:
        report(lab)
    assert [problem.code for problem in caught.value.problems] == ["report-taken"]
    assert lab.everything == before


@pytest.mark.parametrize("where", ["reports", PLACE])
def test_no_link_leads_out_of_the_repository(lab: Repo, tmp_path: Path, where: str) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "archive-analysis.md").write_text(f"{MARK}\n")
    (lab.root / where).parent.mkdir(exist_ok=True)
    (lab.root / where).symlink_to(away if where == "reports" else away / "archive-analysis.md")
    with pytest.raises(Refused):
        report(lab)
    assert (away / "archive-analysis.md").read_text() == f"{MARK}\n"


def test_another_file_can_be_named(lab: Repo, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "er" / "page.md"
    assert report(lab, place).place == place
    assert place.read_text() == page(lab)
    assert [each.name for each in place.parent.iterdir()] == ["page.md"]
    place.write_text("mine\n")
    with pytest.raises(Refused):
        report(lab, place)
    assert place.read_text() == "mine\n"


def test_foreseeing_writes_nothing(lab: Repo) -> None:
    before = lab.everything
    found = foresee(lab.session, lab.plan, MARKDOWN)
    assert (found.state, found.moves, found.tracked) == ("Ready to execute", 5, 13)
    assert lab.everything == before


def test_the_commands_by_hand_do_what_the_plan_does(repo: MakeRepo) -> None:
    names = [
        "plain",
        "sp ace",
        "quo'te",
        "-rf",
        "new\nline",
        "\x1b[31m",
        "$(touch pwned)",
        "\udcff",
        "µ`x`",
        "b\\s",
    ]
    made = repo({**LAB, **{f"lab/build{name}.py": name.encode("utf-8", "surrogateescape") for name in names}})
    moves = analyse(made.session, made.plan).moves
    text = page(made)
    blocks = re.findall(r"^(`{3,})bash\n(.*?)^\1$", text, re.MULTILINE | re.DOTALL)
    script = "".join(block for _, block in blocks if block.startswith(("mkdir", "git mv")))
    assert "more command" not in script
    subprocess.run(["bash", "-eu", "-c", script], cwd=made.root, check=True)
    assert made.tracked == (set(LAB) | {"mothball.toml"} | {f"lab/build{name}.py" for name in names}) - {
        move.source for move in moves
    } | {move.target for move in moves}
    assert not made.lies_at("pwned")


def test_a_plan_that_mends_links_says_which_files_it_rewrites(repo: MakeRepo) -> None:
    guide = "See [the idea](../notes/idea.md).\n"
    made = repo({**LAB, "docs/guide.md": guide}, PLAN + "\n[references]\nfix = true\n")
    text = page(made)
    assert "mothball archive.fix" in text
    assert "name an old one:\n\n```\ndocs/guide.md\n```" in text
    assert analyse(made.session, made.plan).references == ()
    made.archive()
    found = analyse(made.session, made.plan)
    assert found.rewritten == frozenset({"docs/guide.md"})
    assert not found.references
    assert not found.problems


def test_what_breaks_is_in_the_analysis_before_and_after(repo: MakeRepo) -> None:
    guide = "See [the idea](../notes/idea.md).\n"
    allow = '\n[[references.allow]]\nfrom = "/docs/other.md"\nto = "/notes/"\nreason = "Known."\n'
    made = repo({**LAB, "docs/guide.md": guide, "docs/other.md": guide}, PLAN + allow)
    found = analyse(made.session, made.plan).references
    assert found is not None
    assert [(each.file, each.line, each.verdict) for each in found] == [("docs/guide.md", 1, "break")]


def test_a_broken_promise_is_the_one_that_a_run_ends_with(repo: MakeRepo) -> None:
    made = repo(plan=PLAN + METRIC.replace("after = 1", "after = 0"))
    assert "Lab: 1 once everything is archived; expected 0." in page(made)
    with pytest.raises(Exception, match="Lab: measured 1; expected 0"):
        made.archive()


def test_the_task_says_where_it_wrote_and_what_it_comes_to(lab: Repo) -> None:
    assert run(lab, "report.analysis") == (
        0,
        "✓ written to reports/archive-analysis.md\n  Ready to execute: 5 of 13 tracked files to archive\n",
    )
    lab.write({PLACE: "mine\n"})
    code, said = run(lab, "report.analysis")
    assert code == 4
    assert "Nothing was touched." in said
    assert run(lab, "report.analysis", "--out", "other.md")[0] == 0
    assert lab.text("other.md").startswith(MARK)


def test_dry_says_it_and_writes_nothing(lab: Repo) -> None:
    before = lab.everything
    code, said = run(lab, "--dry", "report.analysis")
    assert (code, said.splitlines()[0]) == (0, "✓ would be written to reports/archive-analysis.md")
    assert lab.everything == before


def test_the_collection_is_offered_to_a_users_own_tasks() -> None:
    assert [*mothball.report.task_names] == ["analysis", "html", "json"]
    assert {"archive", "report", "validate"} == set(mothball.__all__)


def run(repo: Repo, *arguments: str) -> tuple[int, str]:
    """Run the program and return its exit code and all that it says."""
    settings = {"PYTHONPATH": str(Path(mothball.__file__).parents[1]), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "mothball", *arguments],
        cwd=repo.root,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("MOTHBALL")},
            **settings,
        },
        capture_output=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    ("tasks", "tracked", "door"),
    [
        (None, False, "mothball"),
        (USERS_TASKS, True, "invoke"),
        (USERS_TASKS, False, "mothball"),
        ("# tasks of somebody's own\n", True, "mothball"),
    ],
)
def test_the_commands_are_those_that_work_in_every_clone(
    lab: Repo, tasks: str | None, tracked: bool, door: str
) -> None:
    if tasks and tracked:
        lab.commit({"tasks.py": tasks})
    elif tasks:
        lab.write({"tasks.py": tasks})
    other = {"mothball": "invoke", "invoke": "mothball"}[door]
    for form in (MARKDOWN, HTML):
        text = write_report(lab.session, lab.plan, form).place.read_text()
        assert f"{door} archive.all" in text
        assert f"{other} archive." not in text
    lab.archive()
    for form in (MARKDOWN, HTML):
        text = write_report(lab.session, lab.plan, form).place.read_text()
        assert f"{door} archive.undo" in text
        assert f"{other} archive." not in text
