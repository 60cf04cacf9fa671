"""Move files: the one loop that renames, and the looks before and after it."""

import stat
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha1, sha256

from mothball.core.errors import Problem, Refused
from mothball.core.show import listing
from mothball.core.tree import SYMLINK, Entry, parents
from mothball.core.work import Work
from mothball.effects.files import Workspace
from mothball.effects.git import Git

Progress = Callable[[int], None]


def move_files(held: Workspace, work: Work, progress: Progress) -> None:
    """Make the directories and rename the files; ``progress`` hears of each."""
    for directory in work.directories:
        held.make_directory(directory)
    made: set[str] = set()
    for move in work.moves:
        for above in reversed([*parents(move.target)]):
            if above not in made:
                held.make_directory(above)
                made.add(above)
        held.move(move.source, move.target)
        progress(1)


def remove_emptied(held: Workspace, work: Work) -> None:
    """Remove the directories that the work emptied, and the ones it no longer needs, from the inside out."""
    gone = [move.source for move in work.moves]
    gone += [write.path for write in work.writes if write.after is None]
    emptied = {above for path in gone for above in parents(path)} | set(work.discard)
    kept: set[str] = set()
    for directory in sorted(emptied, key=lambda path: (-path.count("/"), path)):
        if directory in kept or held.status(directory) is None:
            continue
        if not held.remove_if_empty(directory):
            kept.update(parents(directory))


def require_unchanged(git: Git, held: Workspace, entries: Mapping[str, Entry]) -> None:
    """Compare every file with its blob by content: file times can lie.

    Raises:
        Refused: a file is not what the index says.
    """
    doubtful = []
    for path, entry in entries.items():
        status = held.status(path)
        is_link = status is not None and stat.S_ISLNK(status.st_mode)
        content = held.read(path)
        if content is None or is_link != (entry.mode == SYMLINK) or not is_blob(content, entry.blob):
            doubtful.append(path)
    # A clean filter (line ends, LFS) may stand between the file and its blob: git knows.
    changed = [path for path in doubtful if _filtered(git, held, path, entries[path]) != entries[path].blob]
    if changed:
        raise Refused(changed_on_the_way(changed))


def _filtered(git: Git, held: Workspace, path: str, entry: Entry) -> str:
    """Return the blob id that ``git add`` would give a file, ``""`` where it is none."""
    content = held.read(path)
    if entry.mode == SYMLINK or content is None:
        return ""
    return git.read("hash-object", f"--path={path}", "--stdin", stdin=content).decode().strip()


def is_blob(content: bytes, blob: str) -> bool:
    """Say whether a content is that of a blob, without any filter between."""
    digest = sha256 if len(blob) == 64 else sha1
    return digest(b"blob %d\0" % len(content) + content).hexdigest() == blob


def changed_on_the_way(paths: Iterable[str]) -> Problem:
    """Describe files that differ from what git tracks."""
    return Problem(
        code="file-changed",
        where="work tree",
        found=f"the content on disk differs from the index: {listing(paths)}",
        expected="files that are committed as they are",
        remedy="Commit or restore them, then run the task again.",
    )
