"""The sample's history, written as one ``git fast-import`` stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from mothball.sample.tree import EXECUTABLE, FIRST_README, files

NAME = "FlashCore Author"
EMAIL = "author@flashcore.example"


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """One commit: the files that match its patterns and are in no earlier commit."""

    day: str
    message: str
    patterns: tuple[str, ...]


COMMITS = (
    Commit(
        day="2025-09-15",
        message="chore: Start FlashCore",
        patterns=(
            *("LICENSE", "Makefile", "Justfile", "pyproject.toml", "setup.py", "config/*"),
            *("DEPENDENCY_STABILITY_POLICY.md", "flashcore/requirements.txt", "flashcore/README.md"),
            *("flashcore/design/*", "flashcore/notes/*", "flashcore/RESEARCH_SUMMARY.md"),
        ),
    ),
    Commit(
        day="2025-09-19",
        message="feat: v1, one tile and its pieces",
        patterns=(
            *(
                "flashcore/build.py",
                "flashcore/*64x64.py",
                "flashcore/*_fp32p.py",
                "flashcore/test_*_only.py",
            ),
            *("flashcore/test_pv_serial.py", "flashcore/test_single_tile.py", "flashcore/test_debug_*.py"),
        ),
    ),
    Commit(
        day="2025-09-24",
        message="feat: v2, WMMA and fusion, phases 1 and 2",
        patterns=(
            *(
                "flashcore/*_wmma.py",
                "flashcore/*_wmma_v2.py",
                "flashcore/*_fused.py",
                "flashcore/*_phase*.py",
            ),
            *("flashcore/*PHASE1*", "flashcore/WMMA_*.md", "flashcore/CURSOR_*.md"),
        ),
    ),
    Commit(
        day="2025-10-01",
        message="feat: v3 to v7, the FA3 iterations",
        patterns=(
            *("flashcore/*_fa3*.py", "flashcore/*_cpasync.py", "flashcore/*_cutlass.py"),
            *("flashcore/*_pipeline.py", "flashcore/FLASHCORE_SESSION3_FINAL.md"),
        ),
    ),
    Commit(
        day="2025-10-08", message="feat: v8 to v13, warp specialisation", patterns=("flashcore/test_v*.py",)
    ),
    Commit(
        day="2025-10-14",
        message="feat: Triton variants and tuning",
        patterns=(
            "flashcore/fast/*_a[gp]*.py",
            "flashcore/fast/*_batch_*.py",
            "flashcore/*triton.py",
            "*_tune.py",
        ),
    ),
    Commit(
        day="2025-10-17",
        message="test: Chaos, tuning and gates",
        patterns=("tests/chaos/*", "tests/tuning/*", "tests/test_[!s]*.py", "tests/test_sa*.py"),
    ),
    Commit(
        day="2025-10-23",
        message="feat: The production kernel\n\nOne kernel, one parity suite, one validation script.",
        patterns=("flashcore/*", "tests/*", "examples/*", "docs/*"),
    ),
    Commit(day="2025-10-24", message="docs: Expert confirmation", patterns=("EXPERT_*.md", "README.md")),
    Commit(day="2025-10-25", message="chore: Plan the archive", patterns=("*",)),
)


def stream() -> bytes:
    """The whole history for ``git fast-import --done``."""
    rest = dict(files())
    parts = []
    for number, commit in enumerate(COMMITS):
        mine = {path: rest.pop(path) for path in sorted(rest) if _matches(commit, path)}
        if number == 0:
            mine["README.md"] = FIRST_README
        parts.append(_head(commit))
        parts.extend(_entries(mine))
    return b"".join((*parts, b"done\n"))


def _matches(commit: Commit, path: str) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in commit.patterns)


def _head(commit: Commit) -> bytes:
    noon = datetime.fromisoformat(commit.day).replace(hour=12, tzinfo=UTC)
    who = f"{NAME} <{EMAIL}> {int(noon.timestamp())} +0000"
    return f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode() + _data(f"{commit.message}\n")


def _entries(contents: dict[str, str]) -> Iterator[bytes]:
    for path, text in contents.items():
        mode = "100755" if path in EXECUTABLE else "100644"
        yield f"M {mode} inline {path}\n".encode() + _data(text)


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%b\n" % (len(content), content)
