"""Hazards of git's own structure: submodules, attributes, modes, hooks, signing, other commits."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from mothball.core.errors import CommitBlocked, MothballError, PlanError, Refused, Unplanned
from mothball.effects import index
from tests.hazards.world import (
    FILES,
    PLAN,
    REPORTED,
    WITH_README,
    Program,
    Repo,
    at,
    calls_git,
    conserving,
    hazard,
    healthy,
    killed,
    make,
    moved_purely,
    plan_of,
    refused,
)


def with_submodule(tmp_path: Path, place: str) -> Repo:
    inner = make(tmp_path / "inner", {"lib.py": "lib\n"})
    repo = make(tmp_path / "repo")
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), place)
    repo.commit()
    return repo


@hazard(50)
def test_a_submodule_in_a_moved_directory_is_refused(tmp_path: Path) -> None:
    repo = with_submodule(tmp_path, "old/sub")
    error = refused(repo, PlanError, repo.archive, "submodule")
    assert "old/sub" in str(error)


@hazard(50)
def test_a_submodule_elsewhere_stays_with_its_own_changes(tmp_path: Path) -> None:
    repo = with_submodule(tmp_path, "libs/sub")
    repo.put({"libs/sub/lib.py": "changed inside\n"})
    loose = repo.files()["libs/sub/lib.py"]
    before = repo.tree()
    repo.archive()
    assert repo.tree()["libs/sub"] == before["libs/sub"]
    assert repo.files()["libs/sub/lib.py"] == loose
    repo.undo()
    assert repo.tree() == before


@hazard(51)
def test_a_nested_repository_in_a_moved_directory_stays_whole(repo: Repo) -> None:
    nested = make(repo.path("old/nested"))
    before = nested.picture(exactly=True)
    tree = repo.tree()
    repo.archive()
    assert nested.picture(exactly=True) == before
    assert not any("nested" in path for path in repo.tree())
    repo.undo()
    assert repo.tree() == tree


@hazard(51)
@pytest.mark.parametrize("place", ["archive", "archive/old"])
def test_a_destination_in_a_nested_repository_is_refused(repo: Repo, place: str) -> None:
    make(repo.path(place), {"theirs.txt": "theirs\n"})
    refused(repo, PlanError, repo.archive, "target-occupied")


ATTRIBUTES = {
    "line ends forced": "/old/*.py text eol=crlf\n",
    "line ends kept": "*.py text=auto\n/old/*.py -text\n",
    "a filter": "/old/*.py filter=fake\n",
    "an encoding": "/old/*.py working-tree-encoding=ISO-8859-1\n",
    "an ident": "/old/*.py ident\n",
    "an old name": "/old/*.py crlf=input\n",
    "a macro": "[attr]odd -text\n/old/*.py odd\n",
    "binary": "* text=auto\n/old/*.py binary\n",
    "gained at the new place": "/archive/**/*.py text eol=lf\n",
}


@hazard(52)
@pytest.mark.parametrize("rule", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_a_move_out_of_an_attribute_that_changes_contents_is_refused(tmp_path: Path, rule: str) -> None:
    repo = make(tmp_path / "repo")
    repo.git("config", "filter.fake.clean", "cat")
    repo.commit({".gitattributes": rule})
    error = refused(repo, PlanError, repo.archive, "attributes-change")
    assert "archive/old/a.py" in str(error)


@hazard(52)
def test_a_rule_in_gits_own_attributes_file_counts_too(repo: Repo) -> None:
    repo.put({".git/info/attributes": "/old/*.py -text\n"})
    refused(repo, PlanError, repo.archive, "attributes-change")


@hazard(52)
@pytest.mark.parametrize(
    "rule", ["*.py text\n", "* text=auto\n", "*.py -text\n", "*.py filter=fake\n", "*.py diff=python\n"]
)
def test_attributes_that_hold_at_both_places_are_no_obstacle(tmp_path: Path, rule: str) -> None:
    repo = make(tmp_path / "repo")
    repo.git("config", "filter.fake.clean", "cat")
    repo.git("config", "filter.fake.smudge", "cat")
    repo.commit({".gitattributes": rule})
    with conserving(repo):
        repo.archive()
        repo.undo()


@hazard(52, 57)
@pytest.mark.parametrize(
    "turn", [{"core.autocrlf": "true"}, {"core.autocrlf": "input"}, {"core.eol": "crlf"}], ids=str
)
def test_line_ends_turned_after_the_commit_rewrite_no_blob(tmp_path: Path, turn: dict[str, str]) -> None:
    texts = {"dos": b"dos\r\nends\r\n", "mixed": b"mixed\r\nends\n", "plain": b"plain\nends\n"}
    repo = make(tmp_path / "repo", {**FILES, **{f"old/{name}": text for name, text in texts.items()}})
    for name, value in turn.items():
        repo.git("config", name, value)
    assert repo.status() == []
    before = repo.tree()
    repo.archive()
    for name, text in texts.items():
        assert repo.tree()[f"archive/old/{name}"] == before[f"old/{name}"]
        assert repo.read(f"archive/old/{name}") == text
    assert repo.status() == []
    healthy(repo)


@hazard(52)
def test_a_file_that_its_attributes_would_rewrite_is_refused_before_any_effect(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "old/dos.txt": b"dos\r\nends\r\n"})
    os.utime(repo.path("old/dos.txt"), (1_600_000_000, 1_600_000_000))
    repo.git("update-index", "--refresh")
    repo.put({".gitattributes": "* text eol=lf\n"})
    repo.git("add", ".gitattributes")
    repo.git("commit", "--quiet", "-m", "rules without renormalizing")
    assert repo.status() == []
    refused(repo, Refused, repo.archive)


@hazard(53)
@pytest.mark.parametrize(
    "name", ["export-ignore", "export-subst", "merge=ours", "diff=python", "linguist-vendored"]
)
def test_an_attribute_of_releases_or_merges_that_would_be_lost_is_told(tmp_path: Path, name: str) -> None:
    repo = make(tmp_path / "repo", {**FILES, ".gitattributes": f"/old/** {name}\n"})
    said = [str(problem) for outcome in repo.preview().outcomes for problem in outcome.problems]
    assert any(name.partition("=")[0] in line for line in said)


CLEAN = "#!/bin/sh\nsed 's/^big: /pointer: /'\n"
SMUDGE = "#!/bin/sh\nsed 's/^pointer: /big: /'\n"


def with_filter(tmp_path: Path, rule: str) -> Repo:
    """Make a repository with a filter that swaps contents for pointers, as LFS does."""
    repo = make(tmp_path / "repo")
    for name, text in {"clean": CLEAN, "smudge": SMUDGE}.items():
        repo.put({f".git/{name}": Program(text)})
        repo.git("config", f"filter.lfs.{name}", str(repo.path(f".git/{name}")))
    repo.git("config", "filter.lfs.required", "true")
    repo.commit({".gitattributes": rule})
    repo.commit({"old/model.bin": "big: 100,000 bytes\n"})
    assert repo.git("show", "HEAD:old/model.bin") == "pointer: 100,000 bytes"
    return repo


@hazard(54)
def test_a_pointer_file_does_not_lose_its_filter(tmp_path: Path) -> None:
    repo = with_filter(tmp_path, "/old/*.bin filter=lfs diff=lfs merge=lfs -text\n")
    error = refused(repo, PlanError, repo.archive, "attributes-change")
    assert "filter=lfs" in str(error)


@hazard(54)
def test_a_pointer_file_moves_where_its_filter_reaches(tmp_path: Path) -> None:
    repo = with_filter(tmp_path, "*.bin filter=lfs diff=lfs merge=lfs -text\n")
    before = repo.tree()["old/model.bin"]
    with conserving(repo):
        repo.archive()
    assert repo.tree()["archive/old/model.bin"] == before
    assert repo.read("archive/old/model.bin") == b"big: 100,000 bytes\n"
    repo.undo()
    assert repo.read("old/model.bin") == b"big: 100,000 bytes\n"


@hazard(54, 13)
def test_an_edit_of_a_pointer_file_with_a_forged_time_is_found(tmp_path: Path) -> None:
    repo = with_filter(tmp_path, "*.bin filter=lfs -text\n")
    repo.git("config", "core.trustctime", "false")
    repo.git("config", "core.checkStat", "minimal")
    os.utime(repo.path("old/model.bin"), (1_600_000_000, 1_600_000_000))
    repo.git("update-index", "--refresh")
    repo.path("old/model.bin").write_bytes(b"big: 999,999 bytes\n")
    os.utime(repo.path("old/model.bin"), (1_600_000_000, 1_600_000_000))
    refused(repo, Refused, repo.archive, "file-changed")


@hazard(55)
def test_an_attributes_file_that_moves_away_from_what_it_governs_is_refused(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/a.py", "/old/.gitattributes"))
    repo.commit({"old/.gitattributes": "*.py -text\n", "old/b.py": "b\r\n"})
    refused(repo, PlanError, repo.archive)


@hazard(55)
def test_an_attributes_file_that_moves_with_all_it_governs_is_fine(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    repo.commit({"old/.gitattributes": "*.py -text\n", "old/c.py": "c\r\n"})
    with conserving(repo):
        repo.archive()
        repo.undo()


@hazard(55)
def test_rules_that_wait_in_the_destination_are_seen(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "archive/.gitattributes": "*.py eol=crlf\n"})
    refused(repo, PlanError, repo.archive, "attributes-change")
    repo.git("rm", "--quiet", "archive/.gitattributes")
    repo.put({"archive/.gitignore": "*.py\n"})
    repo.git("add", "--force", "archive/.gitignore")
    repo.git("commit", "--quiet", "-m", "other rules")
    refused(repo, PlanError, repo.archive, "target-ignored")


@hazard(55)
def test_an_ignore_file_that_moves_away_from_what_it_shows_is_seen(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, ".gitignore": "*.log\n", "old/.gitignore": "*.tmp\n"})
    repo.put({"old/x.log": "stays ignored by the rule at the root\n"})
    before = repo.status()
    repo.archive()
    assert repo.status() == before


@hazard(56)
@pytest.mark.parametrize("filemode", ["true", "false"])
def test_executable_bits_move_as_the_index_has_them(tmp_path: Path, filemode: str) -> None:
    repo = make(tmp_path / "repo", {**FILES, "old/run.sh": Program("#!/bin/sh\n")})
    repo.git("config", "core.fileMode", filemode)
    if filemode == "false":
        repo.path("old/run.sh").chmod(0o644)
        repo.path("old/a.py").chmod(0o755)
    modes = {name: repo.path(f"old/{name}").stat().st_mode for name in ("run.sh", "a.py")}
    with conserving(repo):
        repo.archive()
    assert repo.tree()["archive/old/run.sh"][0] == "100755"
    assert repo.tree()["archive/old/a.py"][0] == "100644"
    assert {name: repo.path(f"archive/old/{name}").stat().st_mode for name in modes} == modes


def hook(repo: Repo, name: str, text: str) -> None:
    repo.put({f".git/hooks/{name}": Program(f"#!/bin/sh\n{text}\n")})


FORMATTERS = {
    "by the index": "id=$(echo formatted | git hash-object -w --stdin);"
    " git update-index --cacheinfo 100644,$id,archive/old/a.py",
    "by the file": "echo formatted > archive/old/a.py; git add archive/old/a.py",
    "by all": "echo formatted > archive/old/a.py; git add --all",
    "by removal": "git rm --cached --quiet archive/old/a.py",
}


@hazard(58)
@pytest.mark.parametrize("text", FORMATTERS.values(), ids=FORMATTERS)
def test_a_hook_that_rewrites_the_commit_is_told_with_the_way_back(repo: Repo, text: str) -> None:
    before, base = repo.picture(), repo.git("rev-parse", "HEAD")
    hook(repo, "pre-commit", text)
    with pytest.raises(Unplanned) as caught:
        repo.archive()
    assert "archive/old/a.py" in str(caught.value)
    assert f"git reset --keep {base[:12]}" in str(caught.value)
    healthy(repo)
    repo.git("checkout", "--quiet", "HEAD", "--", ".")
    repo.git("reset", "--keep", base)
    repo.path(".git/hooks/pre-commit").unlink()
    for name in ("archive/old/a.py", "archive/old", "archive"):
        place = repo.path(name)
        if place.exists():
            place.unlink() if place.is_file() else place.rmdir()
    assert repo.picture().files == before.files
    assert repo.picture().index == before.index
    with conserving(repo):
        repo.archive()


@hazard(59)
@pytest.mark.parametrize("name", ["pre-commit", "prepare-commit-msg", "commit-msg"])
def test_a_failing_hook_loses_nothing_and_the_commit_resumes(repo: Repo, name: str) -> None:
    base = repo.git("rev-parse", "HEAD")
    hook(repo, name, "echo 'no, says the hook' >&2; exit 1")
    with pytest.raises(CommitBlocked, match="no, says the hook"):
        repo.archive()
    assert repo.git("rev-parse", "HEAD") == base
    assert repo.read("archive/old/a.py") == b"print('a')\n"
    healthy(repo)
    repo.path(f".git/hooks/{name}").unlink()
    repo.finish()
    assert len(moved_purely(repo)) == 2
    assert repo.status() == []


@hazard(59)
def test_a_failing_hook_leaves_a_way_back(repo: Repo) -> None:
    before = repo.picture()
    hook(repo, "pre-commit", "exit 1")
    with pytest.raises(CommitBlocked):
        repo.archive()
    repo.undo()
    assert repo.picture() == before


@hazard(59)
def test_an_undo_that_a_hook_stops_is_taken_back(repo: Repo) -> None:
    repo.archive()
    before = repo.picture()
    hook(repo, "pre-commit", "exit 1")
    with pytest.raises(MothballError):
        repo.undo()
    assert repo.picture() == before


@hazard(60)
def test_without_an_identity_nothing_is_lost_and_the_commit_resumes(repo: Repo) -> None:
    repo.git("config", "--unset", "user.name")
    repo.git("config", "--unset", "user.email")
    repo.git("config", "user.useConfigOnly", "true")
    tree = repo.tree()
    with pytest.raises(CommitBlocked):
        repo.archive()
    assert repo.tree() == tree
    repo.git("config", "user.name", "Maintainer")
    repo.git("config", "user.email", "maintainer@example.org")
    repo.finish()
    assert len(moved_purely(repo)) == 2


@hazard(60)
@pytest.mark.parametrize("style", ["openpgp", "ssh"])
def test_signing_without_a_key_loses_nothing_and_leaves_a_way_back(repo: Repo, style: str) -> None:
    before = repo.picture()
    repo.git("config", "commit.gpgSign", "true")
    repo.git("config", "gpg.format", style)
    repo.git("config", "user.signingKey", "nobody@nowhere.invalid")
    repo.git("config", "gpg.program", "false")
    with pytest.raises(CommitBlocked):
        repo.archive()
    repo.undo()
    assert repo.picture() == before


@hazard(61)
@pytest.mark.parametrize("setting", ["core.editor", "sequence.editor"])
def test_no_editor_is_opened(repo: Repo, tmp_path: Path, setting: str) -> None:
    repo.git("config", setting, f"touch '{tmp_path}/opened'; false")
    repo.git("config", "commit.verbose", "true")
    repo.put({".git/template": "# a template\n"})
    repo.git("config", "commit.template", ".git/template")
    repo.archive()
    repo.undo()
    assert not (tmp_path / "opened").exists()


def commit_elsewhere(repo: Repo) -> Callable[..., None]:
    """Return what another person does: edit a file that stays, and commit just that."""

    def act(*_: object) -> None:
        repo.put({"src/main.py": "their commit\n"})
        repo.git("commit", "--quiet", "-m", "theirs", "--", "src/main.py")

    return act


@hazard(62)
@pytest.mark.parametrize(
    "event", ["mothball.mkdir", "mothball.move", "mothball.write", "mothball.rmdir", "write-tree", "commit"]
)
def test_a_commit_of_somebody_else_meanwhile_is_not_reverted(repo: Repo, event: str) -> None:
    tree = repo.tree()
    moment = at(event, commit_elsewhere(repo))
    if not event.startswith("mothball"):
        moment = at("subprocess.Popen", commit_elsewhere(repo), when=calls_git(event))
    try:
        with moment:
            repo.archive()
    except REPORTED:
        repo.recover() if repo.session().store.journal() and repo.git(
            "log", "-1", "--format=%s"
        ) != "theirs" else None
    assert repo.git("show", "HEAD:src/main.py") == "their commit"
    assert "theirs" in repo.git("log", "--format=%s").splitlines()
    assert {entry for path, entry in tree.items() if path.startswith("old/")} <= set(repo.tree().values())
    assert repo.read("src/main.py") == b"their commit\n"


@hazard(62)
def test_a_commit_of_somebody_else_while_an_undo_runs_is_not_reverted(repo: Repo) -> None:
    repo.archive()
    with suppress(*REPORTED), at("subprocess.Popen", commit_elsewhere(repo), when=calls_git("commit")):
        repo.undo()
    assert repo.git("show", "HEAD:src/main.py") == "their commit"


@hazard(62)
def test_a_branch_that_was_switched_meanwhile_is_noticed(repo: Repo) -> None:
    repo.git("branch", "other")

    def switch(*_: object) -> None:
        repo.git("symbolic-ref", "HEAD", "refs/heads/other")

    main = repo.git("rev-parse", "main")
    with suppress(*REPORTED), at("mothball.rmdir", switch):
        repo.archive()
    assert repo.git("rev-parse", "main") == main or repo.git("symbolic-ref", "HEAD") == "refs/heads/main"
    healthy(repo)


@hazard(63)
@pytest.mark.parametrize("lock", ["HEAD.lock", "refs/heads/main.lock"])
def test_a_stale_lock_of_a_ref_is_never_removed_and_nothing_is_lost(repo: Repo, lock: str) -> None:
    before = repo.picture()
    place = repo.path(f".git/{lock}")
    place.write_bytes(b"theirs")
    with pytest.raises(MothballError, match="lock"):
        repo.archive()
    assert place.read_bytes() == b"theirs"
    place.unlink()
    repo.undo()
    assert repo.picture() == before


@hazard(59)
def test_per_category_commits_that_a_hook_stops_half_way_resume(tmp_path: Path) -> None:
    plan = (
        PLAN
        + '\n[[archive]]\nname = "more"\ntitle = "More"\nreason = "Also."\ninto."archive/" = ["/extra/"]\n'
    )
    plan += "\n[commit]\nper-category = true\n"
    repo = make(tmp_path / "repo", {**FILES, "extra/x.py": "x\n"}, plan)
    hook(repo, "commit-msg", 'if grep -q More "$1"; then exit 1; fi')
    with pytest.raises(CommitBlocked):
        repo.archive()
    assert "archive/old/a.py" in repo.tree()
    assert "extra/x.py" in repo.tree()
    repo.path(".git/hooks/commit-msg").unlink()
    with conserving(repo):
        repo.archive()
    assert {"archive/extra/x.py", "archive/ledger.json"} <= repo.tree().keys()


@hazard(58)
def test_a_hook_that_commits_by_itself_is_noticed(repo: Repo) -> None:
    hook(
        repo,
        "post-commit",
        "test -e .git/once && exit 0; touch .git/once; git commit --quiet --allow-empty -m more",
    )
    with suppress(Unplanned):
        repo.archive()
    assert {"archive/old/a.py", "archive/old/b.py"} <= repo.tree().keys()
    assert repo.status() == []
    healthy(repo)


@hazard(57, 92)
def test_pages_under_autocrlf_leave_a_clean_tree(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    repo.git("config", "core.autocrlf", "true")
    repo.archive()
    assert repo.status() == []
    assert not repo.archive().changed
    repo.undo()
    assert repo.tree() == repo.tree("HEAD~2")


@hazard(62)
def test_a_commit_on_the_branch_that_a_killed_run_made_keeps_its_branch(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/", more='[commit]\nbranch = "retire"\n'))
    before = repo.files()
    assert killed(repo, "open", 3, when="journal.new")
    assert repo.git("symbolic-ref", "HEAD") == "refs/heads/retire"
    theirs = repo.git("commit-tree", "-p", "HEAD", "-m", "theirs", "HEAD^{tree}")
    repo.git("update-ref", "HEAD", theirs)
    assert repo.recover()
    assert repo.files() == before
    assert "retire" in repo.git("branch", "--contains", theirs)
    healthy(repo)


@hazard(63)
@pytest.mark.parametrize(("content", "stays"), [("", False), ("0123 somebody else's", True)])
def test_a_lock_that_git_could_not_take_away_after_its_commit_goes(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, content: str, *, stays: bool
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.2)
    leave = Program(f"#!/bin/sh\nprintf '%s' \"{content}\" > .git/HEAD.lock\n")
    repo.put({".git/hooks/post-commit": leave})
    repo.archive()
    assert "archive/old/a.py" in repo.tree()
    assert repo.session().store.journal() is None
    assert repo.path(".git/HEAD.lock").exists() is stays


@hazard(77)
@pytest.mark.parametrize("number", [2, 3])
def test_a_run_cut_off_between_two_commits_goes_back_to_before_the_first(tmp_path: Path, number: int) -> None:
    category = (
        '\n[[archive]]\nname = "src"\ntitle = "Sources"\nreason = "Gone."\ninto."archive/" = ["/src/"]\n'
    )
    plan = PLAN.replace("\n[limits]", f"{category}\n[limits]") + "\n[commit]\nper-category = true\n"
    repo = make(tmp_path / "repo", {**FILES, "src/b.py": "b\n"}, plan)
    before = repo.picture()
    assert killed(repo, "open", number, when="/message")
    assert repo.recover()
    assert repo.picture() == before
    healthy(repo)
