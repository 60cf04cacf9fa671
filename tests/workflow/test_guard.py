"""The guard: what is about to be committed is judged, by whatever way git commits it, and nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mothball
from mothball.core.errors import PlanError, Problem, Refused, Undecided
from mothball.effects.opening import open_staged
from mothball.workflow.guard import guard
from mothball.workflow.session import open_for_commit
from tests.conftest import LAB, PLAN, MakeRepo, Repo, make_repo

PACKAGE = Path(mothball.__file__).parents[1]
HOOK = f"PYTHONPATH='{PACKAGE}' exec '{sys.executable}' -P -m mothball validate.guard\n"
BACK = {"lab/build_v9.py": "print('build 9')\n"}
LINK = "[The idea](../notes/idea.md)\n"


@pytest.fixture(scope="session")
def archived_template(lab_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The laboratory with its archive; not to be changed."""
    place = tmp_path_factory.mktemp("guarded") / "lab"
    shutil.copytree(lab_template, place, symlinks=True)
    Repo(place).archive()
    return place


@pytest.fixture
def archived(archived_template: Path, tmp_path: Path) -> Repo:
    """The laboratory with its archive."""
    return Repo(Path(shutil.copytree(archived_template, tmp_path / "lab", symlinks=True)))


@pytest.fixture
def guarded(archived: Repo) -> Repo:
    """The same, with the guard as its hook."""
    archived.hook("pre-commit", HOOK)
    return archived


def stage(repo: Repo, picture: dict[str, str | bytes | None]) -> None:
    repo.write(picture)
    repo.git("add", "-A")


def problems(repo: Repo, since: str | None = None) -> list[Problem]:
    outcomes = guard(open_for_commit(repo.root), since)
    return [problem for outcome in outcomes for problem in outcome.problems if problem.blocking]


def codes(repo: Repo, since: str | None = None) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in problems(repo, since)]


WAYS = {
    "commit": ("-m", "x"),
    "commit --all": ("--all", "-m", "x"),
    "commit --amend": ("--amend", "-m", "x"),
    "commit PATH": ("-m", "x", "--", "lab", "src"),
    "commit --include": ("-m", "x", "--include", "src"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_commit_that_brings_back_an_archived_pattern_is_blocked(guarded: Repo, way: str) -> None:
    stage(guarded, {**BACK, "src/app.py": "print('new')\n"})
    head = guarded.head
    done = guarded.try_git("commit", *WAYS[way])
    assert done.returncode == 1
    assert b"lab/build_v9.py  guard-new-file" in done.stderr
    assert b"mothball.toml:14:" in done.stderr
    assert b"[[keep]]" in done.stderr
    assert guarded.head == head


@pytest.mark.parametrize("way", WAYS)
def test_an_innocent_commit_passes(guarded: Repo, way: str) -> None:
    stage(guarded, {"lab/other.py": "print('other')\n", "src/app.py": "print('new')\n"})
    assert guarded.try_git("commit", *WAYS[way]).returncode == 0
    assert guarded.git("show", "--format=", "--name-only", "HEAD", "--", "src") == "src/app.py"


@pytest.mark.parametrize(
    "way", [("--all", "-m", "x"), ("-m", "x", "--", "docs"), ("-m", "x", "--include", "docs")]
)
def test_what_git_stages_for_the_commit_alone_is_judged(guarded: Repo, way: tuple[str, ...]) -> None:
    guarded.commit({"docs/a.md": "# A\n"})
    guarded.write({"docs/a.md": LINK})
    done = guarded.try_git("commit", *way)
    assert done.returncode == 1
    assert b"docs/a.md:1:12  guard-new-break" in done.stderr


def test_only_what_is_committed_is_judged(guarded: Repo) -> None:
    stage(guarded, {**BACK, "src/app.py": "print('new')\n"})
    assert guarded.try_git("commit", "-m", "x", "--", "src").returncode == 0
    guarded.git("reset", "-q")
    guarded.write({"lab/build_v10.py": "untracked\n", "src/app.py": LINK})
    guarded.git("commit", "-q", "--allow-empty", "-m", "x")
    guarded.git("add", "--intent-to-add", "lab/build_v10.py")
    guarded.git("commit", "-q", "--allow-empty", "-m", "x")


def test_the_hook_works_from_below_and_in_a_linked_work_tree(guarded: Repo, tmp_path: Path) -> None:
    guarded.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    for repo in (guarded, side):
        stage(repo, {"src/app.py": "print('new')\n"})
        below = ["git", "commit", "-qam", "x"]
        assert subprocess.run(below, cwd=repo.root / "src", check=False).returncode == 0
        stage(repo, {**BACK})
        assert repo.try_git("commit", "-qm", "x").returncode == 1


def test_a_commit_of_mothball_is_judged_by_its_run(lab: Repo) -> None:
    lab.hook("pre-commit", HOOK)
    lab.archive()
    lab.restore("notes/idea.md")
    assert lab.lies_at("notes/idea.md")
    lab.undo_everything()
    assert lab.text("lab/build_v1.py") == LAB["lab/build_v1.py"]


def test_the_guard_says_what_to_write_instead_from_where_it_is(archived: Repo) -> None:
    stage(archived, {"docs/deep/new.md": "[The idea](../../notes/idea.md)\n"})
    [problem] = problems(archived)
    assert problem.found.endswith("notes/idea.md moved to archive/papers/notes/idea.md")
    assert problem.remedy.startswith(
        "Write ../../archive/papers/notes/idea.md instead; or under [references]"
    )


def test_a_new_place_that_names_what_is_archived_is_blocked(archived: Repo) -> None:
    stage(archived, {"docs/a.md": "# A\n\n" + LINK})
    assert codes(archived) == [("guard-new-break", "docs/a.md:3:12")]
    [found] = problems(archived)
    assert "archive/papers/notes/idea.md instead" in found.remedy


def test_an_old_break_is_not_blamed_on_whoever_edits_the_file(archived: Repo) -> None:
    archived.commit({"docs/a.md": LINK, "docs/b.md": LINK})
    stage(archived, {"docs/a.md": "A line above.\n\n" + LINK})
    assert codes(archived) == []
    stage(archived, {"docs/a.md": LINK + "and\n" + LINK})
    assert codes(archived) == [("guard-new-break", "docs/a.md:3:12")]


def test_what_the_plan_has_yet_to_archive_is_guarded_as_well(lab: Repo) -> None:
    stage(lab, {"docs/a.md": LINK, **BACK, "lab/build_v1.py": "edited\n"})
    assert codes(lab) == [("guard-new-file", "lab/build_v9.py"), ("guard-new-break", "docs/a.md:1:12")]


def test_what_the_plan_allows_passes(archived: Repo) -> None:
    allow = '[references]\nallow = [{ from = "/docs/", to = "/notes/", reason = "History." }]\n'
    stage(archived, {"docs/a.md": LINK, "mothball.toml": PLAN + allow})
    assert codes(archived) == []


def test_a_kept_file_passes(archived: Repo) -> None:
    plan = PLAN.replace('["/core/"]', '["/core/", "/lab/build_v9.py"]')
    stage(archived, {**BACK, "mothball.toml": plan})
    assert codes(archived) == []


def test_a_move_into_the_archive_by_hand_is_judged_in_every_file(archived: Repo) -> None:
    archived.commit({"docs/a.md": "[App](../src/app.py)\n"})
    archived.git("mv", "src/app.py", "archive/builds/app.py")
    assert codes(archived) == [("guard-new-break", "docs/a.md:1:7")]


def test_any_other_move_is_none_of_our_business(archived: Repo) -> None:
    archived.commit({"docs/a.md": "[App](../src/app.py)\n"})
    archived.git("mv", "src/app.py", "src/main.py")
    assert codes(archived) == []


def test_the_plan_is_the_staged_one(archived: Repo) -> None:
    stage(archived, {"mothball.toml": PLAN.replace("reason", "raeson")})
    archived.write({"mothball.toml": PLAN})
    with pytest.raises(PlanError, match="raeson"):
        codes(archived)
    archived.git("add", "mothball.toml")
    archived.write({"mothball.toml": "title = ["})
    assert codes(archived) == []


def test_a_plan_that_does_not_fit_what_is_staged_is_told(archived: Repo) -> None:
    stage(archived, {"mothball.toml": PLAN.replace("/lab/build*.py", "/lab/bild*.py")})
    assert [code for code, _ in codes(archived)] == ["pattern-idle"]


def test_a_plan_that_is_not_staged_is_missing(archived: Repo) -> None:
    archived.git("rm", "-q", "--cached", "mothball.toml")
    with pytest.raises(PlanError, match="git add"):
        codes(archived)


def test_a_plan_in_pyproject_is_read_from_the_index(repo: MakeRepo) -> None:
    body = PLAN.replace("[[", "[[tool.mothball.").replace("\n[r", "\n[tool.mothball.r")
    body = body.replace("\n[c", "\n[tool.mothball.c")
    mine = repo(plan=None)
    stage(mine, {"pyproject.toml": f"[tool.mothball]{body}", **BACK})
    assert codes(mine) == [("guard-new-file", "lab/build_v9.py")]


def test_a_branch_is_judged_by_what_it_adds_to_a_revision(archived: Repo) -> None:
    base = archived.head
    archived.commit({**BACK})
    archived.commit({"docs/a.md": LINK})
    assert codes(archived) == []
    assert [code for code, _ in codes(archived, base)] == ["guard-new-file", "guard-new-break"]
    with pytest.raises(Refused, match="no such revision"):
        codes(archived, "nothing")


def test_the_first_commit_of_a_repository_needs_a_plan_that_fits(tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    new = Repo(root)
    new.git("init", "-q")
    stage(new, {**{path: text for path, text in LAB.items() if isinstance(text, str)}, "mothball.toml": PLAN})
    assert codes(new) == []


def test_a_run_that_was_cut_off_comes_first(archived: Repo) -> None:
    from mothball.core.work import Work
    from mothball.effects.journal import Journal

    archived.session.store.open_journal(Journal(base=archived.head, work=Work(), prior=Work()))
    with pytest.raises(Undecided, match=r"archive\.recover"):
        codes(archived)


def test_a_new_dead_link_in_the_readme_itself_is_found(archived: Repo) -> None:
    stage(archived, {"README.md": archived.text("README.md") + "\n[idea](notes/idea.md)\n"})
    assert [code for code, _ in codes(archived)] == ["guard-new-break"]


def test_the_guard_changes_nothing(archived: Repo) -> None:
    stage(archived, {**BACK, "docs/a.md": LINK})
    index = (archived.root / ".git/index").read_bytes()
    before = archived.everything, sorted((archived.root / ".git").rglob("*"))
    assert codes(archived)
    assert (archived.everything, sorted((archived.root / ".git").rglob("*"))) == before
    assert (archived.root / ".git/index").read_bytes() == index


@pytest.mark.parametrize("name", ["GIT_INDEX_FILE", "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"])
def test_a_hook_of_another_repository_is_refused(
    archived: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    other = make_repo(tmp_path / "other").root
    own = {"GIT_INDEX_FILE": ".git/index.lock", "GIT_WORK_TREE": "."}.get(name, ".git")
    monkeypatch.setenv(name, own)
    assert open_staged(archived.root).root == archived.root
    monkeypatch.setenv(name, str(other / own))
    with pytest.raises(Refused, match=name) as caught:
        open_staged(archived.root)
    assert caught.value.problems[0].code == "git-environment"


def test_a_store_of_objects_that_is_not_the_repositorys_is_refused(
    archived: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(archived.root / ".git/objects"))
    with pytest.raises(Refused, match="GIT_OBJECT_DIRECTORY"):
        open_staged(archived.root)
