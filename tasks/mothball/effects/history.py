"""Read history: when a file was last touched, and which commits a run made."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.ledger import Touch
from mothball.effects.git import Git, GitError, decode

DEPTH: Final = 20_000
"""Commits that are read at most to date files; older ones stay undated."""
_COMMIT_ID: Final = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_SHAPE: Final = (
    "--format=%H%x00%P%x00%(trailers:key=Mothball-Base,valueonly,separator=%x2c)"
    "%x00%(trailers:key=Mothball-Undo,valueonly,separator=%x2c)%x00%s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run in history: the commit that it lies on, its last commit, and that one's subject."""

    base: str
    tip: str
    subject: str


def touches(git: Git, paths: Iterable[str]) -> dict[str, Touch]:
    """Date files by the last commit that changed them, in one walk that ends when all are found."""
    wanted = set(paths)
    found: dict[str, Touch] = {}
    if not wanted:
        return found
    edge = git.path("shallow")
    shallow = frozenset(edge.read_text().split()) if edge.is_file() else frozenset()
    # Our own commits only move files; and no path is empty, so an empty field announces a commit.
    args = ("log", "--invert-grep", "--grep=^Mothball-Base: ", f"--max-count={DEPTH}", "--format=%x00%H %as")
    names = ("--no-renames", "--diff-filter=d", "--name-only", "-z")
    # A clone may lack what git compares here: files stay undated then.
    with suppress(GitError), git.rows(*args, *names) as fields:
        touch, first = Touch("", ""), False
        for field in fields:
            if not field:
                commit, _, date = decode(next(fields, b"")).partition(" ")
                touch, first = Touch(commit, date), True
                continue
            path = decode(field.removeprefix(b"\n") if first else field)
            first = False
            if path in wanted and touch.commit not in shallow:
                wanted.discard(path)
                found[path] = touch
                if not wanted:
                    break
    return found


def past_runs(git: Git) -> list[PastRun]:
    """Return the runs that history holds and that no later commit undid, newest first."""
    undone: set[str] = set()
    below: dict[str, str] = {}
    runs: dict[str, PastRun] = {}
    args = ("--grep=^Mothball-Base: ", _SHAPE, f"--max-count={DEPTH}")
    for row in filter(None, git.line("log", *args).split("\n")):
        commit, parents, base, undoes, subject = row.split("\0", 4)
        if not _is_above(git, base, commit):
            continue  # a trailer that somebody wrote, or a run that was picked from another clone
        # A rebase puts a run on another commit than its trailers name: it lies on the parent of its first.
        below[base] = parents.partition(" ")[0] or base
        if undoes:
            undone.update(undoes.split(","))
        elif base and base not in runs and commit not in undone:
            # A run with a commit per category has several with one base; the newest is its tip.
            runs[base] = PastRun(base=base, tip=commit, subject=subject)
        elif base and commit in undone:
            runs.setdefault(base, PastRun(base=base, tip="", subject=subject))
    return [replace(run, base=below[base]) for base, run in runs.items() if run.tip]


def _is_above(git: Git, base: str, commit: str) -> bool:
    if not _COMMIT_ID.fullmatch(base):
        return False
    return git.run("merge-base", "--is-ancestor", base, commit).returncode == 0


def made_here(git: Git, path: str) -> bool:
    """Say whether the commit that last changed a file was made in this clone, by its reflog."""
    commit = git.says("log", "-1", "--format=%H", "--", path)
    if not commit:
        return False
    rows = git.says("log", "--walk-reflogs", "--format=%H %gs", "--all") or ""
    return any(row.startswith(f"{commit} commit") for row in rows.splitlines())


def renames(git: Git, base: str, tip: str) -> dict[str, str]:
    """Return old path to new path of each file that git takes for renamed between two commits.

    Up to 4,000 files on a side are compared by content as well; renames without an edit are found always.
    """
    return _renamed(git, "diff-tree", "-z", "-r", base, tip)


def staged_renames(git: Git, base: str) -> dict[str, str]:
    """Return the same of what the index holds, compared with a commit."""
    return _renamed(git, "diff-index", "-z", "--cached", base)


def _renamed(git: Git, command: str, *rest: str) -> dict[str, str]:
    options = ("-M", "-l4000", "--diff-filter=R", "--name-status")
    fields = iter(git.fields(command, *options, *rest))
    return {old: new for _, old, new in zip(fields, fields, fields, strict=True)}
