"""Addresses of the repository itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.readers.own_urls import OwnUrls
from tests.core.references.world import breaks, mentions

OWN = {
    "pyproject.toml": '[project]\nname="r"\n[project.urls]\nSource = "https://github.com/Owner/Repo"\n',
    "tools/x.py": "",
    "nb/a.ipynb": "",
    ".github/workflows/old.yml": "",
}
MOVES = ["tools", "nb"]


def _of(text: str, name: str = "notes.rst") -> list[str]:
    return [one.partition(" -> ")[2] for one in breaks({**OWN, name: text}, MOVES)]


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/owner/repo/blob/main/tools/x.py",
        "(https://github.com/owner/repo/blob/master/tools/x.py#L3-L9).",
        "`text <https://github.com/Owner/Repo/blob/HEAD/tools/x.py?raw=true>`_",
        "https://raw.githubusercontent.com/owner/repo/main/tools/x.py",
        "https://raw.githubusercontent.com/owner/repo/refs/heads/main/tools/x.py",
        "https://cdn.jsdelivr.net/gh/owner/repo@main/tools/x.py",
        "https://htmlpreview.github.io/?https://github.com/owner/repo/blob/main/tools/x.py",
        "https://vercel.com/new/clone?u=https%3A%2F%2Fgithub.com%2Fowner%2Frepo%2Ftree%2Fmain%2Ftools%2Fx.py",
    ],
)
def test_an_address_of_the_default_branch_breaks(text: str) -> None:
    assert _of(text) == ["tools/x.py"]


@pytest.mark.parametrize(
    "text",
    [
        "https://colab.research.google.com/github/owner/repo/blob/main/nb/a.ipynb",
        "https://nbviewer.org/github/owner/repo/blob/main/nb/a.ipynb",
        "https://mybinder.org/v2/gh/owner/repo/HEAD?labpath=nb%2Fa.ipynb",
        "https://mybinder.org/v2/gh/owner/repo/main?urlpath=lab/tree/nb/a.ipynb",
    ],
)
def test_viewers_of_notebooks_lead_to_the_default_branch(text: str) -> None:
    assert _of(text) == ["nb/a.ipynb"]


def test_directories_and_workflows_have_addresses_too() -> None:
    assert _of("https://github.com/owner/repo/tree/main/tools/ so") == ["tools"]


def test_a_badge_shows_a_workflow() -> None:
    badge = "https://github.com/owner/repo/actions/workflows/old.yml/badge.svg?branch=main"
    found = breaks({**OWN, "notes.rst": badge}, [".github/workflows/old.yml"])
    assert (
        "notes.rst:1 https://github.com/owner/repo/actions/workflows/old.yml -> .github/workflows/old.yml"
        in found
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/owner/repo/blob/v1.2/tools/x.py",
        "https://github.com/owner/repo/blob/4c84274aa11/tools/x.py",
        "https://github.com/other/repo/blob/main/tools/x.py",
        "https://gitlab.com/owner/repo/-/blob/main/tools/x.py",
        "https://github.com/owner/repository/blob/main/tools/x.py",
        "https://github.com/owner/repo/blob/main/tools/gone.py",
        "https://github.com/owner/repo/issues/3",
    ],
)
def test_pinned_and_foreign_addresses_do_not_break(text: str) -> None:
    assert _of(text) == []


def test_a_change_log_only_mentions() -> None:
    files = {**OWN, "CHANGELOG.md": "[x](https://github.com/owner/repo/blob/main/tools/x.py)"}
    assert breaks(files, MOVES) == []
    assert mentions(files, MOVES) == [
        "CHANGELOG.md:1 https://github.com/owner/repo/blob/main/tools/x.py -> tools/x.py"
    ]


def test_without_a_manifest_the_page_at_the_root_says_whose_it_is() -> None:
    page = "![b](https://github.com/me/it/actions/workflows/a.yml/badge.svg) see https://github.com/you/lib"
    files = {
        "README.md": page,
        "docs/a.txt": "https://github.com/me/it/blob/main/tools/x.py https://github.com/you/lib/blob/main/tools/x.py",
        "tools/x.py": "",
    }
    assert breaks(files, ["tools"]) == [
        "docs/a.txt:1 https://github.com/me/it/blob/main/tools/x.py -> tools/x.py"
    ]


def test_a_dependency_is_not_the_repository() -> None:
    files = {
        "Cargo.toml": '[package]\nname="a"\nrepository="https://github.com/me/it"\n[dependencies]\nx={git="https://github.com/you/x"}',
        "package.json": '{"repository": {"type": "git", "url": "git+https://github.com/me/web.git"}}',
        "a.rs": "// https://github.com/you/x/blob/main/tools/x.py\n// https://github.com/me/web/blob/main/tools/x.py",
        "tools/x.py": "",
    }
    assert breaks(files, ["tools"]) == ["a.rs:2 https://github.com/me/web/blob/main/tools/x.py -> tools/x.py"]


_MARKS = st.sampled_from(
    ["https://", "github.com/", "o/r/", "blob/main/", "a.py", "%2F", "(", ")", " ", "\n", "\0", "gh/"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_MARKS | st.text(max_size=4), max_size=60).map("".join))
def test_any_text_is_read(text: str) -> None:
    for claim in OwnUrls().read(text, "a.txt"):
        lines = text.split("\n")
        assert lines[claim.line - 1].startswith(claim.text.split("\n")[0], claim.column - 1)
