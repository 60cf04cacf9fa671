"""The ground: what git would think of the files at their new places."""

from mothball.core.survey import Ground
from mothball.core.tree import Move
from mothball.core.work import Work
from mothball.effects.ground import survey_ground
from mothball.effects.look import snapshot
from tests.conftest import MakeRepo, Repo, git_of


def ground(repo: Repo, source: str, target: str) -> Ground:
    git = git_of(repo)
    seen = snapshot(git, Work())
    return survey_ground(git, seen, [Move(source, target, seen.tree[source], "old")], [])


def test_an_ignore_file_at_the_new_place_counts(repo: MakeRepo) -> None:
    made = repo({"lab/a.log": "x", "lab/b.txt": "x", "attic/.gitignore": "*.log\n"}, None)
    assert ground(made, "lab/a.log", "attic/a.log").ignored == {"attic/a.log": "attic/.gitignore:1: *.log"}
    assert not ground(made, "lab/b.txt", "attic/b.txt").ignored


def test_attributes_of_both_places_are_compared(repo: MakeRepo) -> None:
    made = repo(
        {"lab/a.txt": "x", ".gitattributes": "/attic/** text -diff linguist-vendored=1 other\n"}, None
    )
    assert set(ground(made, "lab/a.txt", "attic/a.txt").attributes) == {
        ("lab/a.txt", "text", "unspecified", "set"),
        ("lab/a.txt", "diff", "unspecified", "unset"),
        ("lab/a.txt", "linguist-vendored", "unspecified", "1"),
    }


def test_an_attributes_file_is_asked_where_it_will_be(repo: MakeRepo) -> None:
    made = repo({"lab/.gitattributes": "*.txt text\n", "lab/a.txt": "x"}, None)
    assert set(ground(made, "lab/.gitattributes", "attic/.gitattributes").attributes) == {
        ("lab/a.txt", "text", "set", "unspecified")
    }
