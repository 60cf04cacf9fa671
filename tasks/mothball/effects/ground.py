"""Look at the ground: what lies where the plan wants to put things, and what git would think of it there."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from mothball.core.attributes import CONTENT_ATTRIBUTES, OTHER_ATTRIBUTES, is_attributes_file
from mothball.core.plan.paths import is_confined
from mothball.core.survey import Ground, Snapshot
from mothball.core.tree import SYMLINK, Move, directories, is_below, parent
from mothball.effects.attributes import attributes_of
from mothball.effects.git import Git, GitError, decode, encode, failure
from mothball.effects.index import edit

_RULES: Final = (".gitattributes", ".gitignore")


def survey_ground(git: Git, snapshot: Snapshot, moves: Sequence[Move], pages: Sequence[str]) -> Ground:
    """Look at all that the moves depend on, and at the ``pages``: the files that will be written."""
    targets = [move.target for move in moves]
    wanted = directories([*targets, *pages])
    existing, obstacles = _directories(git.root, wanted | directories(move.source for move in moves))
    new = (path for path in wanted - existing if not parent(path) or parent(path) in existing)
    changed = (*(move.source for move in moves), *pages, *new) if moves else ()
    changing = {parent(path) for path in changed} | (wanted & existing)
    ignored, attributes, outside = _rehearse(git, snapshot, moves)
    return Ground(
        directories=frozenset(existing),
        occupied=frozenset(_occupied(git.root, targets, existing)),
        obstacles=obstacles,
        links=dict(_links(git.root, snapshot)),
        ignored=ignored,
        attributes=attributes,
        outside=outside,
        strangers=dict(_strangers(git.root, pages)),
        stranded=tuple(_stranded(git, moves)),
        unwritable=tuple(_unwritable(git.root, changing)),
    )


def _directories(root: Path, wanted: Iterable[str]) -> tuple[set[str], dict[str, str]]:
    device = root.stat().st_dev
    existing: set[str] = set()
    obstacles: dict[str, str] = {}
    for directory in sorted(wanted):
        place = root / directory
        if parent(directory) in obstacles or not os.path.lexists(place):
            continue
        if place.is_symlink():
            obstacles[directory] = f"a symbolic link to {place.readlink()}"
        elif not place.is_dir():
            obstacles[directory] = "a file"
        elif place.stat().st_dev != device:
            obstacles[directory] = "on another file system"
        elif (place / ".git").exists():
            obstacles[directory] = "another git repository"
        else:
            existing.add(directory)
    return existing, obstacles


def _occupied(root: Path, targets: Iterable[str], existing: set[str]) -> Iterator[str]:
    for target in targets:
        if parent(target) in existing and os.path.lexists(root / target):
            yield target


def _strangers(root: Path, pages: Iterable[str]) -> Iterator[tuple[str, str]]:
    for page in pages:
        place = root / page
        if place.is_symlink():
            yield page, f"a symbolic link to {place.readlink()}"
        elif os.path.lexists(place) and not place.is_file():
            yield page, "a directory" if place.is_dir() else "no file"


def _links(root: Path, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for path, entry in snapshot.tree.items():
        if entry.mode == SYMLINK and (root / path).is_symlink():
            yield path, str((root / path).readlink())


def _unwritable(root: Path, changing: Iterable[str]) -> Iterator[str]:
    for directory in sorted(changing):
        place = root / directory
        if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
            yield directory or "."


def _rehearse(
    git: Git, seen: Snapshot, moves: Sequence[Move]
) -> tuple[dict[str, str], tuple[tuple[str, str, str, str], ...], tuple[str, ...]]:
    """Ask git about the tree of after, through a private index outside the repository.

    That index holds what arrives and the files of rules: git judges a path by no other entry.
    """
    # Git takes none of the others into an index; a check names them.
    moves = [move for move in moves if is_confined(move.target)]
    if not moves:
        return {}, (), ()
    with tempfile.TemporaryDirectory(prefix="mothball-") as scratch:
        after = git.with_index(Path(scratch) / "index")
        rules = {path: entry for path, entry in seen.tree.items() if path.endswith(_RULES)}
        for move in moves:
            rules.pop(move.source, None)
        edit(after, rules | {move.target: move.entry for move in moves}, ())
        attributes = tuple(_attributes(git, after, seen, moves))
        return _ignored(after, moves), attributes, tuple(_outside(after, moves))


def _ignored(after: Git, moves: Iterable[Move]) -> dict[str, str]:
    targets = {move.target for move in moves}
    hidden = [
        path for path in after.fields("ls-files", "-c", "-i", "--exclude-standard", "-z") if path in targets
    ]
    return {path: f"{source}:{line}: {pattern}" for source, line, pattern, path in _rules(after, hidden)}


def _outside(after: Git, moves: Iterable[Move]) -> Iterator[str]:
    """Name the targets that a sparse checkout leaves out; `git rm` is the one command that tells."""
    if after.says("config", "--type=bool", "core.sparseCheckout") != "true":
        return
    targets = [move.target for move in moves]
    stdin = b"".join(encode(target) + b"\0" for target in targets)
    rehearsal = ("rm", "--cached", "--dry-run", "--force", "--pathspec-from-file=-", "--pathspec-file-nul")
    said = b"\n" + after.run(*rehearsal, stdin=stdin).stdout
    inside = {row.removesuffix(b"'") for row in said.removesuffix(b"\n").split(b"\nrm '")}
    yield from (target for target in targets if encode(target) not in inside)


def _rules(git: Git, paths: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (file, line, pattern, path) of the ignore rule that decides on each path, where one does."""
    if not paths:
        return
    # A name may begin with a colon, which is pathspec magic; one that begins with ./ is always a path.
    stdin = b"".join(b"./" + encode(path) + b"\0" for path in paths)
    done = git.run("check-ignore", "--no-index", "-v", "-z", "--stdin", stdin=stdin, literal=False)
    if done.returncode not in {0, 1}:  # 1: none is ignored
        raise GitError(failure(("check-ignore",), done))
    fields = decode(done.stdout).split("\0")
    for source, line, pattern, path in zip(*(fields[start::4] for start in range(4)), strict=False):
        yield source, line, pattern, path.removeprefix("./")


def _attributes(
    before: Git, after: Git, seen: Snapshot, moves: Sequence[Move]
) -> Iterator[tuple[str, str, str, str]]:
    """Compare the attributes of every move, and of what a moved ``.gitattributes`` leaves or joins."""
    pairs = {move.source: move.target for move in moves}
    for folder in {parent(path) for pair in pairs.items() for path in pair if is_attributes_file(path)}:
        pairs |= {path: path for path in seen.tree if is_below(path, folder) and path not in pairs}
    old = attributes_of(before, list(pairs), "--cached")
    new = attributes_of(after, list(pairs.values()), "--cached")
    for source, target in pairs.items():
        was, becomes = old.get(source, {}), new.get(target, {})
        if was == becomes:
            continue
        for name in (*CONTENT_ATTRIBUTES, *OTHER_ATTRIBUTES):
            if was.get(name) != becomes.get(name):
                yield source, name, was.get(name, "unspecified"), becomes.get(name, "unspecified")


def _stranded(git: Git, moves: Iterable[Move]) -> Iterator[str]:
    """Find moved ignore files whose rules hide untracked files, which would stay behind and be seen."""
    rules = {move.source for move in moves if move.source.rpartition("/")[2] == ".gitignore"}
    for rule in sorted(rules):
        hidden = git.fields("ls-files", "-o", "-i", "--exclude-standard", "-z", "--", parent(rule))
        if hidden and any(source == rule for source, _, _, _ in _rules(git, hidden)):
            yield rule
