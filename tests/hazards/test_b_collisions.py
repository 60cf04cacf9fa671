"""Hazards of two things that want one place, and of patterns that mean more than they seem to."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mothball.core.errors import Failed, PlanError, Refused
from tests.hazards.world import (
    FILES,
    PLAN,
    WITH_README,
    Link,
    Repo,
    at,
    conserving,
    hazard,
    healthy,
    make,
    moved_purely,
    plan_of,
    refused,
    taken_back,
)


@hazard(21)
def test_a_tracked_file_at_a_destination_is_refused(tmp_path: Path) -> None:
    repo = make(
        tmp_path / "repo", {**FILES, "archive/old/a.py": "another\n", "archive/old/b.py": "another\n"}
    )
    error = refused(repo, PlanError, repo.archive, "target-occupied")
    assert "archive/old/a.py" in str(error)
    assert "archive/old/b.py" in str(error)


@hazard(21, 22)
@pytest.mark.parametrize("ignored", [False, True], ids=["untracked", "ignored"])
def test_a_file_that_git_does_not_track_at_a_destination_is_refused(tmp_path: Path, ignored: bool) -> None:
    repo = make(tmp_path / "repo", {**FILES, ".gitignore": "a.py\n" if ignored else ""}, FREE)
    repo.put({"archive/old/a.py": "only copy in the world\n"})
    refused(repo, PlanError, repo.archive, "target-occupied")
    assert repo.git("cat-file", "-t", repo.blob(b"only copy in the world\n"), check=False) == ""


FREE = PLAN.replace('"Superseded."', '"Superseded."\nallow-ignored = true')


def a_directory(place: Path) -> None:
    (place / "inner").mkdir(parents=True)


def a_dangling_link(place: Path) -> None:
    place.symlink_to("nowhere")


def a_pipe(place: Path) -> None:
    os.mkfifo(place)


@hazard(22)
@pytest.mark.parametrize("lay", [a_directory, a_dangling_link, a_pipe], ids=lambda lay: lay.__name__)
def test_whatever_lies_at_a_destination_is_refused(repo: Repo, lay: Callable[[Path], None]) -> None:
    repo.path("archive/old").mkdir(parents=True)
    lay(repo.path("archive/old/a.py"))
    refused(repo, PlanError, repo.archive, "target-occupied")


@hazard(22)
@pytest.mark.parametrize("number", [1, 2], ids=["first", "second"])
def test_a_file_that_appears_at_a_destination_at_the_last_moment_is_not_overwritten(
    repo: Repo, number: int
) -> None:
    before = repo.picture()

    def save(_: str, target: str) -> None:
        repo.put({target: "only copy in the world\n"})

    with pytest.raises((Failed, OSError)), at("mothball.move", save, nth=number):
        repo.archive()
    target = f"archive/old/{'ab'[number - 1]}.py"
    assert repo.read(target) == b"only copy in the world\n"
    repo.path(target).unlink()
    repo.path("archive/old").rmdir()
    repo.path("archive").rmdir()
    assert repo.picture() == before
    healthy(repo)


@hazard(22)
@pytest.mark.parametrize("page", ["archive/README.md", "archive/ledger.json", "README.md"])
def test_a_page_that_git_does_not_track_is_not_written_over(tmp_path: Path, page: str) -> None:
    repo = make(tmp_path / "repo", {"old/a.py": "a\n", "src/main.py": "main\n"}, WITH_README)
    repo.put({page: "only copy in the world\n"})
    refused(repo, Refused, repo.archive)


@hazard(22)
def test_a_page_that_appears_at_the_last_moment_is_not_written_over(repo: Repo) -> None:
    def save(path: str) -> None:
        repo.put({path: "only copy in the world\n"})

    with (
        pytest.raises((Failed, OSError)),
        at("mothball.write", save, when=lambda path: path == "archive/README.md"),
    ):
        repo.archive()
    assert repo.read("archive/README.md") == b"only copy in the world\n"
    assert repo.read("old/a.py") == b"print('a')\n"


@hazard(22)
@pytest.mark.parametrize("page", ["README.md", "archive/README.md", "archive/ledger.json"])
def test_a_file_of_the_user_beside_a_page_is_not_taken_for_ours(tmp_path: Path, page: str) -> None:
    repo = make(tmp_path / "repo", plan=WITH_README)
    folder, _, name = page.rpartition("/")
    repo.put({f"{folder or '.'}/.mothball-{name}": "only copy in the world\n"})
    with conserving(repo):
        repo.archive()
        repo.undo()
    assert repo.read(f"{folder or '.'}/.mothball-{name}") == b"only copy in the world\n"


@hazard(23)
def test_two_files_of_one_name_for_one_flat_destination_are_refused(tmp_path: Path) -> None:
    files = {"one/build.py": "1\n", "two/build.py": "2\n", "src/main.py": "main\n"}
    repo = make(tmp_path / "repo", files, plan_of("/one/*.py", "/two/*.py"))
    error = refused(repo, PlanError, repo.archive, "target-shared")
    assert "one/build.py" in str(error)
    assert "two/build.py" in str(error)


@hazard(23)
def test_whole_directories_keep_two_files_of_one_name_apart(tmp_path: Path) -> None:
    files = {"one/build.py": "1\n", "two/build.py": "2\n", "src/main.py": "main\n"}
    repo = make(tmp_path / "repo", files, plan_of("/one/", "/two/"))
    with conserving(repo):
        repo.archive()
    assert repo.read("archive/one/build.py") == b"1\n"
    assert repo.read("archive/two/build.py") == b"2\n"


NAMES = st.sampled_from(["a", "b", "A", "é", "e\u0301", "README.md", "x.py", "ledger.json"])
TREES = st.lists(st.lists(NAMES, min_size=1, max_size=3).map("/".join), min_size=1, max_size=6, unique=True)


@hazard(23, 33, 34)
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(TREES, st.sampled_from(["/in/*", "/in/**/*", "/in/", "/in/**/", "[aA]", "/in/*/*"]))
def test_any_tree_ends_one_to_one_or_untouched(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str], pattern: str
) -> None:
    files = {f"in/{path}": f"{number}\n" for number, path in enumerate(paths)}
    directories = {above for path in files for above in map(str, Path(path).parents)}
    files = {path: text for path, text in files.items() if path not in directories}
    assume(not directories & {"in/README.md", "in/ledger.json"})  # asked for by name elsewhere
    repo = make(tmp_path_factory.mktemp("any") / "repo", {**files, "keep.txt": "kept\n"}, plan_of(pattern))
    before, tree = repo.picture(), repo.tree()
    try:
        done = repo.archive()
    except PlanError:
        assert repo.picture() == before
        return
    assert done.moves == len(moved_purely(repo))
    kept = {path: entry for path, entry in repo.tree().items() if not path.startswith("archive/")}
    assert kept.items() <= tree.items()
    healthy(repo)


@hazard(24)
@pytest.mark.parametrize("destination", ["archive", "archive/", "archive/deep/er"])
def test_a_destination_is_a_directory_with_or_without_its_slash(tmp_path: Path, destination: str) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/a.py", "/old/b.py", into=destination))
    with conserving(repo):
        repo.archive()
    assert repo.path(destination).is_dir()
    assert repo.read(f"{destination.rstrip('/')}/a.py") == b"print('a')\n"


@hazard(25)
@pytest.mark.parametrize("pattern", ["/olld/", "/old/*.txt", "old/c.py", "/Old/", "/old/a.py/", "/old/a.py "])
def test_a_pattern_that_matches_nothing_is_an_error(tmp_path: Path, pattern: str) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/b.py", pattern))
    if pattern.endswith(" "):  # git drops a space at the end: this one matches
        repo.archive()
        return
    error = refused(repo, PlanError, repo.archive, "pattern-idle")
    assert pattern in str(error)


@hazard(25)
def test_a_pattern_that_may_match_nothing_says_so(tmp_path: Path) -> None:
    plan = plan_of("/old/", "/olld/").replace('"Superseded."', '"Superseded."\noptional = true')
    repo = make(tmp_path / "repo", plan=plan)
    with conserving(repo):
        assert repo.archive().moves == 2


@hazard(25)
def test_a_count_that_is_not_the_expected_one_is_an_error(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=PLAN.replace('"Superseded."', '"Superseded."\nexpect = 3'))
    refused(repo, PlanError, repo.archive, "count-unexpected")


@hazard(26, 61)
def test_a_second_run_does_nothing(repo: Repo) -> None:
    repo.put({"old/untracked.txt": "mine\n"})
    repo.archive()
    before = repo.picture()
    done = repo.archive()
    assert not done.changed
    assert repo.picture() == before
    assert not repo.step("old").changed
    assert not repo.finish().changed
    assert repo.picture() == before


@hazard(26, 30)
def test_a_new_file_at_an_old_place_is_archived_beside_the_others(repo: Repo) -> None:
    repo.archive()
    repo.commit({"old/c.py": "print('c')\n"})
    with conserving(repo):
        repo.archive()
    assert moved_purely(repo) == {"old/c.py": "archive/old/c.py"}


@hazard(26)
def test_a_file_that_came_back_to_an_archived_place_is_refused(repo: Repo) -> None:
    repo.archive()
    repo.commit({"old/a.py": "print('another a')\n"})
    refused(repo, PlanError, repo.archive, "target-occupied")


@hazard(27)
@pytest.mark.parametrize("into", ["old/archive/", "old/"])
def test_a_destination_inside_a_source_is_refused(tmp_path: Path, into: str) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/", "/src/main.py", into=into))
    refused(repo, PlanError, repo.archive)


@hazard(27)
def test_a_source_inside_a_destination_is_left_alone(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "archive/sub/c.py": "c\n"}, plan_of("/old/", "/archive/sub/"))
    with conserving(repo):
        repo.archive()
    assert repo.read("archive/sub/c.py") == b"c\n"


@hazard(28)
def test_the_first_of_two_categories_has_a_file_and_the_overlap_is_told(tmp_path: Path) -> None:
    second = '[[archive]]\nname = "more"\ntitle = "More"\nreason = "Also."\n'
    second += 'into."archive/more/" = ["a.py", "/src/"]\n'
    repo = make(tmp_path / "repo", plan=PLAN + second)
    found = repo.preview()
    [overlap] = [o for o in found.outcomes if o.code == "overlap"]
    assert "old/a.py" in str(overlap.problems[0])
    with conserving(repo):
        repo.archive()
    assert moved_purely(repo)["old/a.py"] == "archive/old/a.py"


KEEP = '[[keep]]\npatterns = ["{}"]\n'


@hazard(29)
def test_a_kept_file_is_never_moved(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/", "/src/", head=KEEP.format("main.py")).replace(
        '"Superseded."', '"Superseded."\noptional = true'))  # fmt: skip
    before = repo.tree()["src/main.py"]
    with conserving(repo):
        repo.archive()
    assert repo.tree()["src/main.py"] == before


@hazard(29)
def test_a_keep_pattern_that_protects_nothing_is_an_error(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/", head=KEEP.format("/src/mian.py")))
    error = refused(repo, PlanError, repo.archive, "keep-idle")
    assert "mian.py" in str(error)


@hazard(30)
def test_a_pattern_never_matches_its_own_harvest(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("*.py"))
    repo.archive()
    tree = repo.tree()
    for _ in range(3):
        assert not repo.archive().changed
    assert repo.tree() == tree
    assert not any("archive/archive" in path for path in tree)


@hazard(30)
def test_a_pattern_never_matches_what_an_earlier_plan_archived_elsewhere(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", plan=plan_of("/old/", into="attic/"))
    repo.archive()
    repo.commit({"mothball.toml": plan_of("*.py", head='home = "attic/"\n')})
    with conserving(repo, pages=frozenset({"attic/README.md", "attic/ledger.json"})):
        repo.archive()
    assert repo.read("attic/old/a.py") == b"print('a')\n"


@hazard(31)
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
@pytest.mark.parametrize("file", ["archive", "archive/old"])
def test_a_file_where_a_directory_is_needed_is_refused(tmp_path: Path, file: str, tracked: bool) -> None:
    repo = make(tmp_path / "repo", {**FILES, **({file: "a file\n"} if tracked else {})})
    repo.put({file: "a file\n"})
    refused(repo, PlanError, repo.archive, "target-occupied")


@hazard(31)
@pytest.mark.parametrize("kept", ["archive/old", "archive/old/a.py/inner.txt"])
def test_a_tracked_path_that_is_missing_on_disk_is_no_free_place(tmp_path: Path, kept: str) -> None:
    repo = make(tmp_path / "repo", {**FILES, kept: "tracked\n"})
    repo.path(kept).unlink()
    for above in Path(kept).parents:
        if str(above) not in {".", "archive"}:
            repo.path(str(above)).rmdir()
    refused(repo, PlanError, repo.archive)


@hazard(31)
def test_a_staged_deletion_at_a_destination_is_no_free_place(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "archive/old": "tracked\n"})
    repo.git("rm", "--quiet", "archive/old")
    refused(repo, PlanError, repo.archive)


@hazard(31)
@pytest.mark.parametrize("name", ["README.md", "ledger.json", "README.md/a"])
def test_a_target_that_is_a_page_of_ours_is_refused(tmp_path: Path, name: str) -> None:
    repo = make(tmp_path / "repo", {**FILES, f"old/{name}": "{}\n"}, plan_of("/old/*"))
    refused(repo, PlanError, repo.archive, "target-occupied")


@hazard(32)
@pytest.mark.parametrize("pattern", ["*", "/*", ".*", "/.git*", "**", "/**/*"])
def test_no_pattern_moves_the_plan_the_readme_or_gits_own_files(tmp_path: Path, pattern: str) -> None:
    own = {".gitignore": "*.log\n", ".gitattributes": "*.bin binary\n", ".mailmap": "A <a@b.c> B <d@e.f>\n"}
    repo = make(
        tmp_path / "repo",
        {**FILES, **own, ".gitkeep": ""},
        plan_of(pattern, more='[readme]\npath = "README.md"'),
    )
    with conserving(repo):
        repo.archive()
    assert {*own, "mothball.toml", "README.md"} <= repo.tree().keys()
    assert repo.git("rev-parse", "--is-inside-work-tree") == "true"


@hazard(33)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("one/Build.py", "two/build.py"),
        ("one/STRASSE.py", "two/straße.py"),
        ("one/caf\u00e9.py", "two/cafe\u0301.py"),
        ("one/K.py", "two/\u212a.py"),
    ],
)
def test_two_targets_that_only_letter_case_or_accents_part_are_refused(
    tmp_path: Path, one: str, other: str
) -> None:
    files = {one: "1\n", other: "2\n", "src/main.py": "main\n"}
    repo = make(tmp_path / "repo", files, plan_of("/one/*", "/two/*"))
    refused(repo, PlanError, repo.archive, "target-shared")


@hazard(33, 34)
@pytest.mark.parametrize("kept", ["archive/old/A.PY", "archive/OLD/x.py", "Archive/old/x.py", "ARCHIVE"])
def test_a_target_that_folds_onto_a_kept_path_is_refused(tmp_path: Path, kept: str) -> None:
    repo = make(tmp_path / "repo", {**FILES, kept: "kept\n"})
    refused(repo, PlanError, repo.archive, "target-shared")


@hazard(33)
@pytest.mark.parametrize("kept", ["archive/Ledger.JSON", "archive/readme.md"])
def test_a_page_that_folds_onto_a_kept_path_is_refused(tmp_path: Path, kept: str) -> None:
    repo = make(tmp_path / "repo", {**FILES, kept: "kept\n"})
    refused(repo, PlanError, repo.archive)


@hazard(34)
def test_names_keep_their_unicode_form(tmp_path: Path) -> None:
    names = ["caf\u00e9", "re\u0301sume\u0301", "\ud55c", "\u1112\u1161\u11ab x", "\ufb01", "\u2126"]
    repo = make(tmp_path / "repo", {f"old/{name}.py": f"{number}\n" for number, name in enumerate(names)})
    with conserving(repo):
        repo.archive()
    assert set(repo.tree()) >= {f"archive/old/{name}.py" for name in names}
    repo.undo()
    assert set(repo.tree()) >= {f"old/{name}.py" for name in names}


@hazard(35)
def test_a_destination_that_differs_from_an_existing_directory_in_case_is_refused(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "Archive/kept.txt": "kept\n"})
    error = refused(repo, PlanError, repo.archive, "target-shared")
    assert "Archive" in str(error)


@hazard(31, 43)
def test_a_link_where_a_directory_is_needed_is_refused(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {**FILES, "archive": Link("src")})
    refused(repo, PlanError, repo.archive, "target-occupied")


@hazard(21)
def test_undo_overwrites_nothing_that_took_an_old_place(repo: Repo) -> None:
    repo.archive()
    repo.put({"old/a.py": "only copy in the world\n"})
    error = refused(repo, Refused, repo.undo, "undo-taken")
    assert "old/a.py" in str(error)
    refused(repo, Refused, lambda: repo.restore("old/a.py"), "undo-taken")


@hazard(22)
def test_undo_of_what_is_staged_overwrites_nothing_that_took_an_old_place(repo: Repo) -> None:
    repo.step("old")
    repo.put({"old/a.py": "only copy in the world\n"})
    taken_back(repo, repo.undo)
    assert repo.read("old/a.py") == b"only copy in the world\n"
