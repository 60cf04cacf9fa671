"""The README in a whole run: our section, the maintainer's bytes."""

import pytest

from mothball.core.errors import MothballError
from mothball.core.managed import section_of
from tests.conftest import LAB, PLAN, MakeRepo, Program, Repo

MARKED = b"# K\n\n<!-- mothball:begin -->\n<!-- mothball:end -->\n\nafter\n"


def outside(content: bytes) -> tuple[bytes, bytes]:
    """Return what stands before and after the section."""
    section = section_of(content, path="README.md")
    assert section is not None
    head, _, tail = content.partition(section)
    return head, tail


def readme(repo: Repo) -> bytes:
    return (repo.root / "README.md").read_bytes()


@pytest.mark.parametrize(
    ("before", "head", "tail"),
    [
        (b"# K\n", b"# K\n\n", b""),
        (b"# K", b"# K\n", b""),
        (b"", b"", b""),
        (b"\xef\xbb\xbf# K\n", b"\xef\xbb\xbf# K\n\n", b""),
        (b"# K\r\n\r\ntext\r\n", b"# K\r\n\r\ntext\r\n\r\n", b""),
        (b"\xe9 in latin-1\n\x00\n", b"\xe9 in latin-1\n\x00\n\n", b""),
        (MARKED, b"# K\n\n", b"\nafter\n"),
        (MARKED.replace(b"\n", b"\r\n"), b"# K\r\n\r\n", b"\r\nafter\r\n"),
        (MARKED.removesuffix(b"\n"), b"# K\n\n", b"\nafter"),
        (b"```\n" + MARKED + b"```\n", b"```\n" + MARKED + b"```\n\n", b""),
        (b"```pip install k```\n", b"```pip install k```\n\n", b""),
    ],
)
def test_text_outside_of_the_section_is_untouched_through_run_and_undo(
    repo: MakeRepo, before: bytes, head: bytes, tail: bytes
) -> None:
    made = repo({**LAB, "README.md": before})
    made.archive()
    assert outside(readme(made)) == (head, tail)
    assert not made.archive().changed
    made.undo()
    assert readme(made) == before


def test_line_ends_of_the_section_follow_the_file(repo: MakeRepo) -> None:
    made = repo({**LAB, "README.md": b"# K\r\n"})
    made.archive()
    assert b"\n" not in readme(made).replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "before",
    [
        b"<!-- mothball:begin -->\n",
        b"<!-- mothball:end -->\n<!-- mothball:begin -->\n",
        MARKED * 2,
        b"```sh\nnever closed\n",
    ],
)
def test_markers_that_are_no_pair_stop_everything_before_it_begins(repo: MakeRepo, before: bytes) -> None:
    made = repo({**LAB, "README.md": before})
    untouched = made.everything
    assert {problem.code for problem in made.preview().problems} == {"readme-markers"}
    for act in ("all", "builds", "readme"):
        with pytest.raises(MothballError) as caught:
            made.archive() if act == "all" else made.step(act)
        assert {problem.code for problem in caught.value.problems} == {"readme-markers"}
        assert made.everything == untouched


def test_a_missing_readme_is_created_and_taken_away_again(repo: MakeRepo) -> None:
    picture = {path: content for path, content in LAB.items() if path != "README.md"}
    made = repo(picture, PLAN.replace('"README.md"', '"docs/deep/STATUS.md"'))
    made.archive()
    assert made.text("docs/deep/STATUS.md").startswith("# Focus\n\n<!-- mothball:begin")
    assert "(../../archive/README.md)" in made.text("docs/deep/STATUS.md")
    made.undo()
    assert not made.lies_at("docs")


def test_a_readme_keeps_its_mode(repo: MakeRepo) -> None:
    made = repo({**LAB, "README.md": Program("# K\n")})
    made.archive()
    assert made.git("ls-files", "-s", "README.md").startswith("100755")
    assert made.status == []


def test_a_readme_that_a_pattern_matches_stays(repo: MakeRepo) -> None:
    made = repo(LAB, PLAN.replace('"/notes/"', '"/notes/", "*.md"'))
    made.archive()
    assert made.lies_at("README.md")


def test_words_that_the_maintainer_adds_later_survive_the_next_run(lab: Repo) -> None:
    lab.archive()
    lab.commit({"README.md": "Top.\n" + lab.text("README.md") + "Bottom.\n", "lab/build_v3.py": "3\n"})
    lab.archive()
    text = lab.text("README.md")
    assert text.startswith("Top.\n# Kernel\n")
    assert text.endswith("-->\nBottom.\n")
    assert "| Old build scripts | 3 |" in text


def test_a_section_that_somebody_edited_is_written_anew(lab: Repo) -> None:
    lab.archive()
    wanted = lab.text("README.md")
    lab.commit({"README.md": wanted.replace("Old tests", "My tests")})
    lab.step("readme", "commit")
    assert lab.text("README.md") == wanted


def test_a_section_that_somebody_took_out_comes_back(lab: Repo) -> None:
    lab.archive()
    wanted = lab.text("README.md")
    lab.commit({"README.md": LAB["README.md"]})
    lab.archive()
    assert lab.text("README.md") == wanted


def test_a_section_can_be_moved_by_its_markers(lab: Repo) -> None:
    lab.archive()
    section = section_of(readme(lab), path="README.md")
    assert section is not None
    lab.commit({"README.md": section + b"# Below\n"})
    assert not lab.archive().changed
