"""Files that hosts and tools look for in certain places are missed when they leave these."""

from collections.abc import Mapping

import pytest

from tests.core.references.world import breaks

OTHERS = {"src/app.py": "", "tests/unit/test_app.py": "", "web/app.ts": "", "docs/guide.txt": ""}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".github/workflows/ci.yml", "archive/ci.yml"),
        (".github/workflows/ci.yml", ".github/workflows/old/ci.yml"),
        (".github/ISSUE_TEMPLATE/bug.md", "docs/bug.md"),
        (".github/PULL_REQUEST_TEMPLATE.md", "archive/PULL_REQUEST_TEMPLATE.md"),
        (".github/dependabot.yml", "archive/dependabot.yml"),
        ("CODEOWNERS", "meta/CODEOWNERS"),
        ("README.md", "archive/README.md"),
        ("LICENSE", "legal/LICENSE"),
        ("SECURITY.md", "policies/SECURITY.md"),
        (".gitlab-ci.yml", "ci/.gitlab-ci.yml"),
        ("tests/conftest.py", "archive/conftest.py"),
        ("pyproject.toml", "tools/pyproject.toml"),
        ("web/tsconfig.json", "archive/tsconfig.json"),
        ("Makefile", "build/Makefile"),
    ],
)
def test_what_leaves_the_place_where_it_counts_is_missed(old: str, new: str) -> None:
    assert breaks({old: "", **OTHERS}, {old: new}) == [f"{old}:0 {old.rpartition('/')[2]} -> {old}"]


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        (".github/workflows/ci.yml", ".github/workflows/tests.yml", {}),
        (".github/workflows/helper.py", "archive/helper.py", {}),
        ("CODEOWNERS", ".github/CODEOWNERS", {}),
        ("README.md", "docs/README.md", {}),
        ("README.md", "archive/README.md", {"README.rst": ""}),
        ("old/README.md", "archive/README.md", {}),
        ("LICENSE-MIT", "archive/LICENSE-MIT", {"LICENSE-APACHE": ""}),
        ("bench/conftest.py", "archive/conftest.py", {}),
        ("tests/unit/conftest.py", "tests/conftest.py", {}),
        ("old/package.json", "archive/package.json", {"web/package.json": ""}),
        ("package.json", "archive/package.json", {"web/package.json": ""}),
        ("tools/Makefile", "archive/Makefile", {}),
    ],
)
def test_what_counts_still_or_never_did_is_not(old: str, new: str, more: Mapping[str, str]) -> None:
    assert breaks({old: "", **OTHERS, **more}, {old: new}) == []


def test_a_project_that_moves_as_a_whole_misses_nothing() -> None:
    files = {
        "old/go.mod": "",
        "old/main.go": "",
        "old/conftest.py": "",
        "old/test_a.py": "",
        "new/main.go": "",
    }
    assert breaks(files, ["old"]) == []


def test_settings_that_leave_some_of_their_code_behind_are_missed_once() -> None:
    files = {"lib/go.mod": "", "lib/a.go": "", "lib/b/b.go": "", "main.go": ""}
    assert breaks(files, {"lib/go.mod": "archive/go.mod"}) == ["lib/go.mod:0 go.mod -> lib/go.mod"]
