"""Move files: the one loop that renames, and the looks before and after it."""

import stat
from collections.abc import Callable, Iterable, Mapping

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


def remove_emptied(held: Workspace, work: Work, among: frozenset[str] | None = None) -> None:
    """Remove the directories that the work emptied, and the ones it no longer needs, from the inside out.

    ``among`` are the only ones that may go, where it is given.
    """
    gone = [move.source for move in work.moves]
    gone += [write.path for write in work.writes if write.after is None]
    emptied = {above for path in gone for above in parents(path)} | set(work.discard)
    if among is not None:
        emptied &= among
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
    changed = []
    for path, entry in entries.items():
        status = held.status(path)
        is_link = status is not None and stat.S_ISLNK(status.st_mode)
        if status is None or is_link != (entry.mode == SYMLINK) or not held.has_blob(path, entry.blob):
            changed.append(path)
    # A clean filter (line ends, LFS) may stand between the file and its blob: git knows.
    changed = [
        path for path in changed if entries[path].mode == SYMLINK or not _is_clean(git, path, entries[path])
    ]
    if changed:
        raise Refused(changed_on_the_way(changed))


def _is_clean(git: Git, path: str, entry: Entry) -> bool:
    """Say whether ``git add`` would store a file as its entry has it; links have no filter."""
    if entry.mode == SYMLINK:
        return False
    done = git.run("hash-object", "--", path)
    return done.returncode == 0 and done.stdout.decode().strip() == entry.blob


def changed_on_the_way(paths: Iterable[str]) -> Problem:
    """Describe files that differ from what git tracks."""
    return Problem(
        code="file-changed",
        where="work tree",
        found=f"the content on disk differs from the index: {listing(paths)}",
        expected="files that are committed as they are",
        remedy="Commit or restore them, then run the task again.",
    )
