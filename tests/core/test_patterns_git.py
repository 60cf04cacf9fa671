"""Git itself agrees with every verdict, and on the pattern that decides."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mothball.core.patterns import PatternError, Patterns, check_pattern

PIECES = (
    *("a", "b", "ab", "*", "**", "?", "/", "**/", "/**", "[ab]", "[!a]", "[^a]", "[a-c]", "[z-a]", "[]a]"),
    *("[a/b]", "[!/]", "[a-]", "[--b]", "[\\]a]", "[[:alpha:]]", "[![:alpha:]]", "[[:foo:]]", "[[:]", "["),
    *("]", "\\", "\\\\", "\\*", "\\/", "**\\/", "\\ ", " ", "!", "#", ".", "-", "é", "\\é", "a**/", ".py"),
)
# A colon first is pathspec magic, so no path has one.
LETTERS = (
    "a",
    "b",
    "ab",
    "c",
    "/",
    "/",
    "é",
    "\udcc3",
    "[",
    "]",
    "!",
    "#",
    "\\",
    " ",
    "\n",
    "*",
    ".",
    "-",
    ".py",
)
UNLIKELY = {"", ".", ".."}

glob = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "!", "/"]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join),
    st.sampled_from(["", "", "/"]),
)
path = (
    st.lists(st.sampled_from(LETTERS), min_size=1, max_size=8)
    .map(lambda letters: [name for name in "".join(letters).split("/") if name not in UNLIKELY])
    .filter(bool)
    .map("/".join)
)
paths = st.lists(path, min_size=1, max_size=40, unique=True)
like_git = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Git:
    """A repository without any configuration but its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = kept | {
            "HOME": str(root),
            "XDG_CONFIG_HOME": str(root),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self("init", "-q")
        for name in ("protectNTFS", "protectHFS", "ignoreCase"):
            self("config", f"core.{name}", "false")

    def __call__(self, *arguments: str, feed: bytes = b"") -> bytes:
        command = ("git", "-C", str(self.root), *arguments)
        done = subprocess.run(command, input=feed, capture_output=True, check=False, env=self.environment)
        # check-ignore says 1 where nothing matches.
        assert (done.stderr, done.returncode in {0, 1}) == (b"", True)
        return done.stdout

    def exclude(self, patterns: list[str]) -> Path:
        file = self.root / ".git/info/exclude"
        file.write_bytes(b"".join(os.fsencode(pattern) + b"\n" for pattern in patterns))
        return file

    def deciding(self, patterns: list[str], paths: list[str]) -> dict[str, int]:
        """Ask git for the number of the positive pattern that decides, path by path."""
        self.exclude(patterns)
        feed = b"".join(os.fsencode(path) + b"\0" for path in paths)
        output = self("check-ignore", "--no-index", "-v", "-n", "-z", "--stdin", feed=feed)
        fields = iter(output.removesuffix(b"\0").split(b"\0"))
        rows = zip(fields, fields, fields, fields, strict=True)
        return {
            os.fsdecode(path): int(line) - 1
            for source, line, pattern, path in rows
            if source and not pattern.startswith(b"!")
        }

    def ignored(self, patterns: list[str]) -> list[str]:
        output = self("ls-files", "-i", "-c", "-X", str(self.exclude(patterns)), "-z")
        return [os.fsdecode(path) for path in output.split(b"\0") if path]

    def track(self, paths: list[str]) -> None:
        entry = b"100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0\t%s\0"
        self("update-index", "-z", "--index-info", feed=b"".join(entry % os.fsencode(path) for path in paths))


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path)


def deciding(patterns: list[str], paths: list[str]) -> dict[str, int]:
    return {path: hit.pattern for path, (hit,) in Patterns([patterns]).walk(paths)}


@like_git
@given(patterns=st.lists(glob, min_size=1, max_size=6), paths=paths)
def test_git_decides_alike(git: Git, patterns: list[str], paths: list[str]) -> None:
    fine = [pattern for pattern in patterns if check_pattern(pattern) is None]
    assert deciding(fine, paths) == git.deciding(fine, paths)


@like_git
@given(patterns=st.lists(glob, min_size=1, max_size=6), paths=paths)
def test_git_matches_nothing_with_what_is_refused(git: Git, patterns: list[str], paths: list[str]) -> None:
    # The two mistakes in a bracket that git gives a meaning say so.
    refused = [pattern for pattern in patterns if "[...]" not in (check_pattern(pattern) or "[...]")]
    assert git.deciding(refused, paths) == {}


def names(depth: int) -> Iterator[str]:
    for name in ("a", "b", "ab", "é", "b]", "[", "\\", "a ", "#a", "!a", ".py", "x.py"):
        yield f"{name}0"
        yield name if depth == 0 else f"d{name}/b"
        if depth:
            yield from (f"{name}/{below}" for below in names(depth - 1))


def test_git_lists_the_same_tracked_files(git: Git) -> None:
    tracked = sorted(names(2), key=os.fsencode)
    git.track(tracked)

    @settings(max_examples=100, deadline=None, database=None)
    @given(st.lists(glob, min_size=1, max_size=6))
    def check(patterns: list[str]) -> None:
        fine = [pattern for pattern in patterns if check_pattern(pattern) is None]
        assert [path for path, _ in Patterns([fine]).walk(tracked)] == git.ignored(fine)

    check()


@pytest.mark.parametrize(
    "name",
    [
        "alnum",
        "alpha",
        "blank",
        "cntrl",
        "digit",
        "graph",
        "lower",
        "print",
        "punct",
        "space",
        "upper",
        "xdigit",
    ],
)
def test_git_has_the_same_classes(git: Git, name: str) -> None:
    characters = [f"a{os.fsdecode(bytes([byte]))}" for byte in range(1, 256) if byte != ord("/")]
    assert deciding([f"a[[:{name}:]]"], characters) == git.deciding([f"a[[:{name}:]]"], characters)


def test_half_an_e_acute_is_one_character_to_git(git: Git) -> None:
    paths = ["é", "a", "\udcc3", "éa"]
    assert git.deciding(["?"], paths) == deciding(["?"], paths) == {"a": 0, "\udcc3": 0}
    with pytest.raises(PatternError):
        Patterns([["[é]"]])
