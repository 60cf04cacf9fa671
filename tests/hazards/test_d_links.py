"""Hazards of links, and of everything else that leads out of the repository."""

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest

from mothball.core.errors import Failed, PlanError, Refused, Undecided
from tests.hazards.world import (
    FILES,
    REPORTED,
    SOURCES,
    WITH_README,
    Link,
    Repo,
    at,
    conserving,
    hazard,
    healthy,
    make,
    plan_into,
    plan_of,
    plans_refused,
    refused,
    untouched,
    watching,
)


@hazard(42)
@pytest.mark.parametrize(
    "link",
    [
        {"old/link": Link("../src/main.py")},
        {"src/link": Link("../old/a.py")},
        {"src/link": Link("../old")},
        {"src/link": Link("./../src/.././old/a.py")},
        {"docs/deep/link": Link("../../old/a.py")},
    ],
    ids=lambda link: "{} to {}".format(*next(iter(link.items()))),
)
def test_a_link_that_the_move_would_break_is_refused(tmp_path: Path, link: dict[str, Link]) -> None:
    repo = make(tmp_path / "repo", {**FILES, **link})
    error = refused(repo, PlanError, repo.archive, "link-breaks")
    assert next(iter(link)) in str(error)


@hazard(42)
@pytest.mark.parametrize(
    "inside", [False, True], ids=["to a directory behind a link", "absolute into the repo"]
)
def test_a_link_by_a_detour_that_the_move_would_break_is_refused(tmp_path: Path, inside: bool) -> None:
    root = tmp_path / "repo"
    text = f"{root}/old/a.py" if inside else "../shortcut/a.py"
    repo = make(root, {**FILES, "shortcut": Link("src"), "src/a.py": "a\n", "src/link": Link(text)})
    if not inside:
        repo.path("shortcut").unlink()
        repo.commit({"shortcut": Link("old"), "mothball.toml": plan_of("/old/a.py")})
    refused(repo, PlanError, repo.archive, "link-breaks")


@hazard(42)
def test_a_link_that_would_silently_find_another_file_is_refused(tmp_path: Path) -> None:
    files = {**FILES, "old/settings": Link("../src/main.py"), "archive/src/main.py": "another\n"}
    repo = make(tmp_path / "repo", files)
    refused(repo, PlanError, repo.archive, "link-breaks")


@hazard(42)
def test_links_that_hold_move_as_they_are(tmp_path: Path) -> None:
    links = {"old/near": Link("a.py"), "old/dangling": Link("nowhere"), "old/out": Link("/etc/hostname")}
    repo = make(tmp_path / "repo", {**FILES, **links, "src/kept": Link("main.py")})
    with conserving(repo):
        repo.archive()
    assert [str(repo.path(f"archive/{name}").readlink()) for name in links] == [*links.values()]
    repo.undo()
    assert str(repo.path("old/near").readlink()) == "a.py"


@hazard(43)
@pytest.mark.parametrize("place", ["archive", "archive/old", "archive/deep"])
@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
def test_a_destination_that_is_a_link_out_of_the_repository_is_refused(
    tmp_path: Path, place: str, tracked: bool
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    into = "archive/deep/er/" if place == "archive/deep" else "archive/"
    repo = make(tmp_path / "repo", plan=plan_of("/old/", into=into))
    if tracked:
        repo.commit({place: Link(str(outside))})
    else:
        repo.put({place: Link(str(outside))})
    refused(repo, PlanError, repo.archive, "target-occupied")
    assert [*outside.iterdir()] == []


ESCAPES = (
    "../out/", "a/../../out/", "archive/../../out", "/tmp/out/", "//server/share/", "", ".", "./", "..",
    "archive/./x/", "archive//x/", "archive\\x/", "..\\out/", "C:/out/", "c:out/", "archive/\x00/",
    "archive/\x1b[2J/", "~/../../x/",
)  # fmt: skip


@hazard(44)
def test_a_destination_that_leads_out_of_the_repository_is_refused(repo: Repo, tmp_path: Path) -> None:
    plans_refused(repo, tmp_path, map(plan_into, ESCAPES))
    assert {path.name for path in tmp_path.iterdir()} == {"repo", "plan.toml"}


@hazard(44)
def test_no_page_is_written_out_of_the_repository(repo: Repo, tmp_path: Path) -> None:
    places = ("../out", "/tmp/out", ".git/config", "a/../../x", "~root/../../x", ".git")
    homes = (plan_of("/old/", head=f"home = '{place}'\n") for place in places)
    readmes = (plan_of("/old/", more=f"[readme]\npath = '{place}'\n") for place in places)
    plans_refused(repo, tmp_path, [*homes, *readmes])


GITS = (
    ".git", ".GIT", ".Git", "git~1", "GIT~1", ".git ", ".git.", ".git...", ".git::$INDEX_ALLOCATION",
    ".g\u200cit", "\u200d.git", ".gi\ufefft",
)  # fmt: skip


@hazard(45)
def test_a_destination_in_gits_own_directory_is_refused(repo: Repo, tmp_path: Path) -> None:
    shapes = ("{}/hooks/", "archive/{}/", "{}")
    plans_refused(repo, tmp_path, (plan_into(shape.format(name)) for shape in shapes for name in GITS))


@hazard(46)
def test_a_source_behind_a_link_to_a_directory_outside_is_refused(repo: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    repo.path("old").rename(outside)
    repo.path("old").symlink_to(outside)
    with untouched(repo), pytest.raises((PlanError, Refused)) as caught:
        repo.archive()
    assert "not-clean" in {problem.code for problem in caught.value.problems}
    assert sorted(path.name for path in outside.iterdir()) == ["a.py", "b.py"]


@hazard(46)
def test_what_an_untracked_link_leads_to_is_no_source(repo: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_bytes(b"theirs\n")
    repo.put({"old/out": Link(str(outside))})
    repo.archive()
    assert (outside / "a.py").read_bytes() == b"theirs\n"
    assert repo.path("old/out").is_symlink()


@hazard(47)
@pytest.mark.parametrize("moment", ["mothball.mkdir", "mothball.move", "mothball.write", "mothball.rmdir"])
@pytest.mark.parametrize("victim", ["old", "archive", "archive/old"])
def test_a_link_swapped_in_under_our_feet_leads_nowhere(
    repo: Repo, tmp_path: Path, moment: str, victim: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "old").mkdir()
    (outside / "a.py").write_bytes(b"theirs\n")
    contents = {b"print('a')\n", b"print('b')\n"}

    def swap(*_: object) -> None:
        place = repo.path(victim)
        if place.exists():
            place.rename(tmp_path / "aside")
            place.symlink_to(outside)

    with at(moment, swap), suppress(*REPORTED):
        repo.archive()
    assert sorted(outside.rglob("*")) == [outside / "a.py", outside / "old"]
    assert (outside / "a.py").read_bytes() == b"theirs\n"
    places = [repo.root, tmp_path / "aside"]
    found = [
        path.read_bytes() for place in places for path in place.rglob("*.py") if ".git" not in path.parts
    ]
    assert contents <= set(found)
    kept = {"old/a.py", "old/b.py"}, {"archive/old/a.py", "archive/old/b.py"}
    assert any(names <= repo.tree().keys() for names in kept)


@hazard(48)
def test_hard_links_move_one_by_one(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo")
    os.link(repo.path("old/a.py"), repo.path("old/twin.py"))
    os.link(repo.path("old/a.py"), repo.path("src/twin.py"))
    repo.commit()
    with conserving(repo):
        repo.archive()
    assert not repo.path("old").exists()
    assert repo.path("archive/old/twin.py").samefile(repo.path("src/twin.py"))
    repo.undo()
    assert repo.path("old/twin.py").samefile(repo.path("src/twin.py"))


@hazard(48)
def test_a_second_name_of_the_same_file_at_a_destination_is_refused(repo: Repo) -> None:
    repo.path("archive/old").mkdir(parents=True)
    os.link(repo.path("old/a.py"), repo.path("archive/old/a.py"))
    refused(repo, PlanError, repo.archive, "target-occupied")


@hazard(48)
def test_a_second_name_that_appears_at_the_last_moment_is_no_move(repo: Repo) -> None:
    def link(source: str, target: str) -> None:
        os.link(repo.path(source), repo.path(target))

    tree = repo.tree()
    with pytest.raises((Failed, Undecided, OSError)), at("mothball.move", link):
        repo.archive()
    assert repo.read("old/a.py") == b"print('a')\n"
    assert repo.tree() == tree


@hazard(49)
def test_work_tree_files_are_renamed_and_removed_by_one_module_only() -> None:
    import ast

    own = {
        "files.py",
        "rename.py",
        "index.py",
        "store.py",
        "commit.py",
        "refs.py",
        "memory.py",
    }  # all but two: in git's own directory only
    deadly = {"unlink", "rename", "rmdir", "rmtree", "removedirs", "renames", "truncate"}
    for module in sorted((Path(SOURCES) / "mothball").rglob("*.py")):
        if module.name in own or "sample" in module.parts:
            continue
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in deadly:
                raise AssertionError(f"{module}:{node.lineno}: {node.attr}")


@hazard(49)
def test_no_user_file_is_removed_or_replaced_in_a_whole_life(repo: Repo) -> None:
    ours = {"README.md", "ledger.json"}
    seen: list[tuple[str, str]] = []
    with watching(seen, "os.remove", "os.rename", "shutil.rmtree", "shutil.move"):
        repo.archive()
        repo.undo()
        repo.step("old")
        repo.undo()
    for event, name in seen:
        place = Path(name)
        inside_git = ".git" in place.parts
        temporary = place.name.startswith(".mothball-") or "/mothball-" in name
        assert inside_git or temporary or place.name in ours, (event, name)


@hazard(44, 45, 47)
@pytest.mark.parametrize(
    "place", ["../escaped.py", "/tmp/escaped.py", ".git/hooks/post-commit", ".GIT/hooks/x", "a/../../x"]
)
@pytest.mark.parametrize("key", ["from", "to"])
def test_a_hostile_ledger_moves_nothing_out_of_the_repository(repo: Repo, place: str, key: str) -> None:
    repo.archive()
    path = "old/a.py" if key == "from" else "archive/old/a.py"
    hostile = repo.read("archive/ledger.json").replace(
        json.dumps(path).encode(), json.dumps(place).encode(), 1
    )
    repo.commit({"archive/ledger.json": hostile})
    refused(repo, Refused, lambda: repo.restore("archive/old/a.py"))
    refused(repo, Refused, lambda: repo.restore(place))


@hazard(44, 45)
@pytest.mark.parametrize(
    "place", ["../escaped.py", ".git/hooks/post-commit", "a/../../escaped.py", "/tmp/escaped.py"]
)
def test_a_hostile_record_under_gits_own_directory_moves_nothing_out(
    repo: Repo, tmp_path: Path, place: str
) -> None:
    repo.step("old")
    pending = repo.path(".git/mothball/pending")
    pending.write_bytes(pending.read_bytes().replace(b'"old/a.py"', json.dumps(place).encode()))
    with pytest.raises(REPORTED):
        repo.undo()
    assert not (tmp_path / "escaped.py").exists()
    assert not repo.path(".git/hooks/post-commit").exists()
    assert not Path("/tmp/escaped.py").exists()


@hazard(42)
def test_the_readme_may_be_no_link(tmp_path: Path) -> None:
    files = {**FILES, "docs/README.md": "# Docs\n", "README.md": Link("docs/README.md")}
    repo = make(tmp_path / "repo", files, WITH_README)
    refused(repo, Refused, repo.archive, "pages")


@hazard(43)
def test_undo_and_restore_do_not_follow_a_link_that_took_an_old_directory(repo: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    repo.archive()
    repo.put({"old": Link(str(outside))})
    for action in (repo.undo, lambda: repo.restore("archive/old")):
        before = repo.picture()
        with pytest.raises(REPORTED):
            action()
        assert repo.picture() == before
        assert [*outside.iterdir()] == []
    healthy(repo)
