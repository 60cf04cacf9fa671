"""What people do without mothball, as shell scripts, and what git itself needs to read."""

from collections.abc import Iterable
from posixpath import basename
from shlex import quote

from tests.bench.world import CATEGORIES, PATTERNS, Size, paths

GREP = "zyzzyva"
"""A word that is in no file."""
READ = {
    "git ls-files -s -z": "git ls-files -s -z > /dev/null",
    "git status -uno": "git status -uno > /dev/null",
    "git status": "git status > /dev/null",
    "git grep -F": f"git grep -F {GREP} > /dev/null || true",
}


def by_globs() -> str:
    """Return the seed's way: make directories, move with globs, `git add -A`, commit."""
    names = [f"c{number:02}" for number in range(CATEGORIES)]
    folders = [(name, f"lab/{name}/exp{place}") for name in names for place in range(PATTERNS // 2)]
    lines = [
        "set -e",
        *(f"mkdir -p archive/{name}" for name in names),
        *(f"if [ -d {folder} ]; then mv {folder} archive/{name}/; fi" for name, folder in folders),
        *(
            f"find src -name 'old{name[1:]}_*.py' -print0 | xargs -0 -r mv -t archive/{name}/"
            for name in names
        ),
    ]
    return "\n".join([*lines, *_commit()])


def one_by_one(size: Size) -> str:
    """Return the way with one `mv` for each file."""
    return "\n".join(["set -e", *_directories(size), *(f"mv {move}" for move in _moves(size)), *_commit()])


def git_mv(size: Size, limit: int) -> str:
    """Return the way with one `git mv` for each file, as far as ``limit`` goes."""
    moves = [*_moves(size)][:limit]
    return "\n".join(["set -e", *_directories(size), *(f"git mv {move}" for move in moves)])


def git_mv_many(size: Size) -> str:
    """Return the way with many sources for each `git mv`."""
    found: dict[str, list[str]] = {}
    for path in _going(size):
        found.setdefault(_target(path).rpartition("/")[0], []).append(path)
    lines = ["set -e", *_directories(size)]
    for place, sources in found.items():
        parts = (sources[at : at + 500] for at in range(0, len(sources), 500))
        lines += [f"git mv {' '.join(part)} {place}/" for part in parts]
    return "\n".join([*lines, "git commit -q -m archive"])


def _going(size: Size) -> Iterable[str]:
    return (path for path, goes in paths(size) if goes)


def _moves(size: Size) -> Iterable[str]:
    return (f"{quote(path)} {quote(_target(path))}" for path in _going(size))


def _target(path: str) -> str:
    if path.startswith("lab/"):
        _, category, rest = path.split("/", 2)
        return f"archive/{category}/{rest}"
    return f"archive/c{basename(path)[3:5]}/{basename(path)}"


def _directories(size: Size) -> Iterable[str]:
    places = sorted({_target(path).rpartition("/")[0] for path in _going(size)})
    return (f"mkdir -p {' '.join(places[at : at + 200])}" for at in range(0, len(places), 200))


def _commit() -> list[str]:
    return ["git add -A", "git commit -q -m archive"]
