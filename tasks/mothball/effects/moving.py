"""Move files: the one loop that renames, and the looks before and after it."""

import stat
from collections.abc import Callable, Iterable, Mapping, Sequence

from mothball.core.attributes import is_rewriting
from mothball.core.errors import Problem, Refused
from mothball.core.show import listing
from mothball.core.tree import SYMLINK, Entry, directories, parents
from mothball.core.work import Work
from mothball.effects.attributes import attributes_of
from mothball.effects.files import Workspace
from mothball.effects.git import Git, encode

Progress = Callable[[int], None]


def move_files(
    held: Workspace, work: Work, progress: Progress, modes: Mapping[str, int] | None = None
) -> None:
    """Make the directories and rename the files; ``progress`` hears of each.

    ``modes`` are the permissions of directories that were there before.
    """
    known = modes or {}
    for directory in work.directories:
        held.make_directory(directory, known.get(directory))
    made: set[str] = set()
    for move in work.moves:
        for above in reversed([*parents(move.target)]):
            if above not in made:
                held.make_directory(above, known.get(above))
                made.add(above)
        held.move(move.source, move.target)
        progress(1)


def remove_emptied(held: Workspace, work: Work, among: frozenset[str] | None = None) -> None:
    """Remove the directories that the work emptied, and the ones it no longer needs, from the inside out.

    ``among`` are the only ones that may go, where it is given.
    """
    emptied = leaving(work)
    if among is not None:
        emptied &= among
    kept: set[str] = set()
    for directory in sorted(emptied, key=lambda path: (-path.count("/"), path)):
        if directory in kept or held.status(directory) is None:
            continue
        if not held.remove_if_empty(directory):
            kept.update(parents(directory))


def leaving(work: Work) -> set[str]:
    """Return the directories that the work may leave empty."""
    gone = [move.source for move in work.moves]
    gone += [write.path for write in work.writes if write.after is None]
    return directories(gone) | set(work.discard)


def require_unchanged(git: Git, held: Workspace, entries: Mapping[str, Entry]) -> None:
    """Compare every file with its blob by content: file times can lie.

    Raises:
        Refused: a file is not what the index says.
    """
    changed, differing = [], set()
    for path, entry in entries.items():
        status = held.status(path)
        is_link = status is not None and stat.S_ISLNK(status.st_mode)
        if status is None or is_link != (entry.mode == SYMLINK):
            changed.append(path)
        elif not held.has_blob(path, entry.blob, status):
            if is_link:
                changed.append(path)
            differing.add(path)
    # A clean filter (line ends, LFS) may stand between the file and its blob: git knows. It may also turn a
    # file that is its blob, byte for byte, into another one.
    doubtful = (differing | _rewritten(git, entries)).difference(changed)
    cleaned = _cleaned(git, sorted(doubtful))
    turned = {path for path in doubtful if cleaned.get(path) != entries[path].blob}
    if changed := sorted({*changed, *(turned & differing)}):
        raise Refused(changed_on_the_way(changed))
    if turned:
        raise Refused(_not_normalized(sorted(turned)))


def _rewritten(git: Git, entries: Mapping[str, Entry]) -> set[str]:
    """Return the files whose attributes have git store them differently, whatever they hold."""
    found = attributes_of(git, [path for path, entry in entries.items() if entry.mode != SYMLINK])
    return {path for path, values in found.items() if is_rewriting(values)}


def _cleaned(git: Git, paths: Sequence[str]) -> dict[str, str]:
    """Return the ids of the blobs that ``git add`` would store for these files."""
    if not paths:
        return {}
    done = git.run("hash-object", "--stdin-paths", stdin=b"".join(_quoted(path) + b"\n" for path in paths))
    if done.returncode == 0:
        return dict(zip(paths, done.stdout.decode().split(), strict=True))
    return {path: git.says("hash-object", "--", path) or "" for path in paths}


def _quoted(path: str) -> bytes:
    """Return a path as git reads it from a line: in quotes, every byte but the plain ones as octal digits."""
    plain = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-/")
    return b'"%s"' % b"".join(b"%c" % byte if byte in plain else b"\\%03o" % byte for byte in encode(path))


def _not_normalized(paths: Iterable[str]) -> Problem:
    return Problem(
        code="not-normalized",
        where=".gitattributes",
        found=f"git would store other bytes for {listing(paths)} than it did: their attributes ask for that",
        expected="files that are committed as their attributes have them",
        remedy="`git add --renormalize` them and commit, then run the task again.",
    )


def changed_on_the_way(paths: Iterable[str]) -> Problem:
    """Describe files that differ from what git tracks."""
    return Problem(
        code="file-changed",
        where="work tree",
        found=f"the content on disk differs from the index: {listing(paths)}",
        expected="files that are committed as they are",
        remedy="Commit or restore them, then run the task again.",
    )
