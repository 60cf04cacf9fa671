"""Look: read a repository into a snapshot. Nothing in here changes anything."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from sys import intern
from typing import Final

from mothball.core.errors import Problem, Refused
from mothball.core.show import visible
from mothball.core.survey import Snapshot, Staged
from mothball.core.tree import GITLINK, SYMLINK, Entry, Tree
from mothball.core.work import Work
from mothball.effects.blobs import contents
from mothball.effects.git import Git, decode

LARGEST: Final = 256 << 20
"""Bytes of the largest README, index or ledger that is read: a ledger of a million files has some 250 MB."""
_HIDDEN: Final = {"S": "skip-worktree", "s": "skip-worktree", "h": "assume-unchanged"}
_UNFINISHED: Final = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase or git am",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_START": "bisect",
    "sequencer": "cherry-pick or revert series",
}


def snapshot(git: Git, pending: Work) -> Snapshot:
    """Read what git tracks and how HEAD, index and work tree differ."""
    with _looking(git) as status:  # git looks at the files while its answer about the index is read
        tree, hidden, unmerged = _index(git)
        staged, modified, intended = _status(status)
    commit, shallow, folder = git.line("rev-parse", "HEAD", "--is-shallow-repository", "--git-dir").split(
        "\n", 2
    )
    return Snapshot(
        root=str(git.root),
        commit=commit,
        branch=git.says("symbolic-ref", "--quiet", "--short", "HEAD"),
        tree=tree,
        staged=staged,
        modified=frozenset(modified),
        intended=frozenset(intended),
        unmerged=frozenset(unmerged),
        hidden=hidden,
        activity=tuple(_activity(git.root / folder)),
        pending=pending,
        branches=_branches(git),
        shallow=shallow == "true",
    )


def _branches(git: Git) -> frozenset[str]:
    listed = git.line("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads")
    return frozenset(listed.split("\n"))


def index_entries(git: Git) -> dict[str, Entry]:
    """Return what the index tracks, without conflicts."""
    return _index(git)[0]


def staged_tree(git: Git) -> dict[str, Entry]:
    """Return the tree that a commit of the index would have: without what ``git add -N`` only announced."""
    tree, _, _ = _index(git)
    with _looking(git) as status:
        _, _, intended = _status(status)
    return {path: entry for path, entry in tree.items() if path not in intended}


def staged_text(git: Git, tree: Tree, path: str, largest: int = LARGEST) -> bytes | None:
    """Return the content that the index has for a file, ``None`` where it has none.

    Of a larger file it is one byte more than the largest: enough to see that it is too large.
    """
    entry = tree.get(path)
    if entry is None or entry.mode in {SYMLINK, GITLINK}:
        return None
    [content] = contents(git, [entry.blob], largest=largest)
    return b" " * (largest + 1) if isinstance(content, int) else content


def tree_of(git: Git, commit: str) -> dict[str, Entry]:
    """Return the tree of a commit."""
    tree = {}
    for row in git.read("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        head, _, path = row.partition(b"\t")
        mode, _, blob = head.decode().split(" ")
        tree[intern(decode(path))] = Entry(intern(mode), intern(blob))
    return tree


def _index(git: Git) -> tuple[dict[str, Entry], dict[str, str], set[str]]:
    """Read the index: entries, hidden paths, unmerged paths. A row is ``TAG MODE BLOB STAGE<tab>PATH``."""
    tree: dict[str, Entry] = {}
    hidden: dict[str, str] = {}
    unmerged: set[str] = set()
    with git.rows("ls-files", "-s", "-v", "-z") as rows:
        for row in rows:
            head, _, path = decode(row).partition("\t")
            path = intern(path)
            if not head.endswith(" 0"):
                unmerged.add(path)
                continue
            tree[path] = Entry(intern(head[2:8]), intern(head[9:-2]))
            if head[0] != "H":
                hidden[path] = _HIDDEN.get(head[0], "assume-unchanged")
    return tree, hidden, unmerged


def _looking(git: Git) -> AbstractContextManager[Iterator[bytes]]:
    args = ("status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=no")
    return git.rows(*args, "--ignore-submodules=dirty")


def _status(rows: Iterable[bytes]) -> tuple[dict[str, Staged], set[str], set[str]]:
    """Read staged, modified and intended paths. A row is ``1 XY SUB mH mI mW hH hI PATH``."""
    staged: dict[str, Staged] = {}
    modified: set[str] = set()
    intended: set[str] = set()
    entries: dict[Entry, Entry] = {}  # a file that moved is in two rows
    for row in rows:
        if not row.startswith(b"1 "):
            continue
        _, flags, _, head_mode, index_mode, _, head_blob, index_blob, path = decode(row).split(" ", 8)
        path = intern(path)
        if flags == ".A":
            intended.add(path)
        elif flags[0] != ".":
            head, index = _entry(head_mode, head_blob), _entry(index_mode, index_blob)
            staged[path] = Staged(
                head and entries.setdefault(head, head), index and entries.setdefault(index, index)
            )
        if flags[1] not in ".A":
            modified.add(path)
    return staged, modified, intended


def _entry(mode: str, blob: str) -> Entry | None:
    return Entry(intern(mode), intern(blob)) if int(mode) else None


def _activity(folder: Path) -> Iterator[str]:
    """Name what is unfinished; each is a file in the git directory of this work tree's own."""
    for name, title in _UNFINISHED.items():
        if (folder / name).exists():
            yield title


def read_text(git: Git, path: str) -> bytes | None:
    """Return the content of a file that mothball may write, ``None`` when nothing is there.

    Raises:
        Refused: the file is larger than any that mothball could have written.
    """
    place = git.root / path
    if not place.is_file() or place.is_symlink():
        return None
    size = place.stat().st_size
    if size > LARGEST:
        raise Refused(
            Problem(
                code="page-large",
                where=visible(path),
                found=f"the file has {size:,} bytes",
                expected=f"at most {LARGEST:,}",
                remedy="Name another file in the plan, or set `home` to another directory.",
            )
        )
    return place.read_bytes()
