"""Commit and push, as the user: hooks and signing run, nothing prompts, nothing is forced."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from shlex import quote
from typing import Final

from mothball.core.errors import CommitBlocked, Failed, NotPushed, Problem, Unplanned
from mothball.core.show import count, listing, visible
from mothball.core.survey import Staged
from mothball.core.tree import REGULAR, Entry
from mothball.effects.git import Git, decode, failure
from mothball.effects.index import copy_index, edit, swap
from mothball.effects.look import index_entries, tree_of
from mothball.effects.store import Store

PUSH_TIMEOUT: Final = 300.0
_PRIVATE: Final = "commit.index"
_MESSAGE: Final = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One commit to be made: its message, and how its index differs from the repository's."""

    message: str
    additions: Mapping[str, Entry]
    removals: tuple[str, ...] = ()

    def holding(self, held: tuple[str, Entry]) -> "Planned":
        """Return the plan with one path at a content of its own."""
        path, entry = held
        removals = tuple(removed for removed in self.removals if removed != path)
        return replace(self, additions={**self.additions, path: entry}, removals=removals)

    @classmethod
    def without(cls, message: str, staged: Mapping[str, Staged]) -> "Planned":
        """Plan a commit of the index without some of what is staged: those paths stay as HEAD has them."""
        return cls(
            message=message,
            additions={path: change.head for path, change in staged.items() if change.head},
            removals=tuple(path for path, change in staged.items() if change.head is None),
        )


def store_blob(git: Git, path: str, content: bytes) -> tuple[str, Entry]:
    """Store a content in git as ``git add`` would for this path; return the path and its entry."""
    blob = git.read("hash-object", "-w", "--stdin", f"--path={path}", stdin=content).decode().strip()
    return path, Entry(REGULAR, blob)


def commit(git: Git, store: Store, planned: Planned, base: str) -> str:
    """Commit what the plan says and nothing else that may be staged; return the commit's id.

    The commit is made from a private index, as ``git commit --only`` does, so that what somebody else
    staged stays staged.

    Raises:
        CommitBlocked: git, a hook, the identity or signing said no; HEAD is where it was.
        Unplanned: the commit exists, but a hook changed its tree.
        Failed: somebody else committed since ``base``; their commit stands, ours does not.
    """
    private = store.folder / _PRIVATE
    message = store.folder / _MESSAGE
    try:
        if git.line("rev-parse", "HEAD") != base:
            raise Failed(_overtaken(base))
        index = copy_index(git, private)
        _take(index, planned)
        tree = index.line("write-tree")
        message.write_bytes(planned.message.encode())
        speaking = index.having(GIT_EDITOR=":")
        words = ("commit", "--quiet", "--cleanup=whitespace", "-F", str(message))
        done = speaking.run(*words, hooks=True, held=store.held)
        head = git.line("rev-parse", "HEAD")
        if head == base:
            raise CommitBlocked(_blocked(failure(("commit",), done).found))
        _require_on_top(git, base, head, tree)
    finally:
        private.unlink(missing_ok=True)
        message.unlink(missing_ok=True)
    # By its id: HEAD may be somebody else's by now.
    if git.line("rev-parse", f"{head}^{{tree}}") != tree:
        raise Unplanned(_adopt(git, store, base, head, tree))
    if not git.line("log", "-1", "--format=%(trailers:key=Mothball-Base,valueonly)", head):
        raise Unplanned(_nameless(base))
    if git.line("rev-parse", "HEAD") != head:
        raise Unplanned(_followed(head))
    return head


def _take(index: Git, planned: Planned) -> None:
    """Edit the private index, and see that nothing else changed in it."""
    if not planned.additions and not planned.removals:
        return
    expected = {**index_entries(index), **planned.additions}
    edit(index, planned.additions, planned.removals)
    # Git lets a path drop whatever has it for a directory, without a word.
    if index_entries(index) != {path: expected[path] for path in expected.keys() - set(planned.removals)}:
        raise Failed(_not_ours())


def _adopt(git: Git, store: Store, base: str, head: str, tree: str) -> Problem:
    """Bring the index in line with a commit that a hook rewrote, and describe what it did."""
    wanted, made = tree_of(git, tree), tree_of(git, head)
    changed = sorted(path for path in wanted.keys() | made.keys() if wanted.get(path) != made.get(path))
    present = {path: made[path] for path in changed if path in made}
    gone = [path for path in changed if path not in made]
    swap(git, store.folder, lambda index: edit(index, present, gone))
    untouched = tree_of(git, base)
    swept = [path for path in changed if wanted.get(path) == untouched.get(path)]
    way = f"`git reset --keep {base[:12]}` goes back to before the run."
    if swept:  # a reset would take it from the work tree
        names = " ".join(quote(visible(path)) for path in swept[:20])
        way = (
            f"To have the planned commit alone: `git reset --soft {base[:12]}`,"
            f" `git restore --staged -- {names}{' …' if len(swept) > 20 else ''}`,"
            " `git commit --no-verify -C ORIG_HEAD`; no file on disk changes."
        )
    return Problem(
        code="commit-unplanned",
        where="HEAD",
        found=f"a hook changed {count(len(changed), 'file')} of the commit: {listing(changed)}",
        expected="the planned tree, every move a pure rename",
        remedy=f"{way} Then exclude the archive from the hook, and run archive.all again.",
    )


def _require_on_top(git: Git, base: str, head: str, tree: str) -> None:
    """Require that the new HEAD is our commit, on the commit that the run started from.

    Raises:
        Failed: somebody committed between our look and our commit; theirs stands, ours is taken back.
        Unplanned: ours stands, but a hook or somebody else committed on top of it.
    """
    above = git.says("rev-parse", "--verify", "--quiet", f"{head}^") or ""
    if above == base:
        return
    line = git.line("rev-list", "--first-parent", f"{base}..{head}").split("\n")
    if git.says("rev-parse", f"{line[-1]}^{{tree}}") == tree:
        raise Unplanned(_followed(line[-1]))
    # Git takes whatever HEAD is at that moment for the parent; our tree knows nothing of it.
    git.read("update-ref", "-m", "mothball: overtaken", "HEAD", above, line[0])
    raise Failed(_overtaken(base))


def _followed(commit: str) -> Problem:
    return Problem(
        code="commit-unplanned",
        where="HEAD",
        found=f"a hook or somebody else made a commit on top of ours, which is {commit[:12]}",
        expected="ours, and nothing on top of it yet",
        remedy="Ours stands as planned; look at the other one. `archive.undo` takes ours back.",
    )


def _not_ours() -> Problem:
    return Problem(
        code="index-conflict",
        where="index",
        found="what is to be committed and what else is staged cannot stand in one tree",
        expected="staged changes of others that do not concern the moved files",
        remedy="Commit or unstage them first.",
    )


def _overtaken(base: str) -> Problem:
    return Problem(
        code="overtaken",
        where="HEAD",
        found="somebody else committed while the run was under way",
        expected=f"{base[:12]}, which the run started from",
        remedy="Their commit stands. Run the task again on top of it.",
    )


def _nameless(base: str) -> Problem:
    return Problem(
        code="commit-unplanned",
        where="HEAD",
        found="a hook took the Mothball trailers out of the commit's message",
        expected="the message as written: `archive.undo` finds a run by its trailers",
        remedy=f"`git reset --keep {base[:12]}` goes back to before the run. Then mend the hook, and run"
        " archive.all again.",
    )


def switch(git: Git, branch: str) -> None:
    """Make a new branch at HEAD and put HEAD on it; index and work tree stay.

    Raises:
        GitError: the branch exists already.
    """
    ref = f"refs/heads/{branch}"
    git.read("update-ref", ref, git.line("rev-parse", "HEAD"), "0" * len(git.line("rev-parse", "HEAD")))
    git.read("symbolic-ref", "-m", "mothball: a branch of its own", "HEAD", ref)


def push_command(git: Git) -> tuple[str, str] | None:
    """Return the remote and the branch that a push goes to, ``None`` where there is no remote."""
    branch = git.says("symbolic-ref", "--quiet", "--short", "HEAD")
    if branch is None:
        return None
    # Git's own order for `git push` (git-config(1), branch.<name>.pushRemote).
    keys = (f"branch.{branch}.pushRemote", "remote.pushDefault", f"branch.{branch}.remote")
    named = next(filter(None, (git.says("config", key) for key in keys)), "")
    remotes = git.line("remote").split("\n")
    if not named:
        named = "origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else ""
    return (named, branch) if named and named != "." else None


def push(git: Git) -> tuple[str, str]:
    """Push HEAD's commit to the branch of its name, never by force, never asking anything.

    Raises:
        NotPushed: there is no remote, the push would publish other commits, or it was rejected.
    """
    goal = push_command(git)
    if goal is None:
        raise NotPushed(
            _unpushed("no remote is configured for this branch", "Add one with `git remote add`.")
        )
    remote, branch = goal
    others = _foreign_commits(git, remote, branch)
    if others:
        raise NotPushed(
            _unpushed(
                f"the push would also publish {count(len(others), 'commit')} that mothball did not make:"
                f" {listing(others, 3)}",
                f"If that is meant: `git push {remote} {branch}`.",
            )
        )
    speaking = git.having(GIT_TERMINAL_PROMPT="0", GIT_ASKPASS="true", SSH_ASKPASS="true")
    if git.says("config", "core.sshCommand") is None:
        speaking = speaking.having(GIT_SSH_COMMAND="ssh -oBatchMode=yes")
    head = git.line("rev-parse", "HEAD")
    args = ("push", "--porcelain", remote, f"{head}:refs/heads/{branch}")
    try:
        done = speaking.run(*args, hooks=True, timeout=PUSH_TIMEOUT)
    except subprocess.TimeoutExpired:
        raise NotPushed(_unpushed(f"{remote} did not answer in {PUSH_TIMEOUT:.0f} seconds", "")) from None
    if done.returncode:
        words = decode(done.stderr + done.stdout).strip().splitlines()
        said = "; ".join(visible(line) for line in words[-6:])
        raise NotPushed(_unpushed(f"{remote} did not take it: {said}", "Mend what it names."))
    return goal


def _foreign_commits(git: Git, remote: str, branch: str) -> list[str]:
    known = f"refs/remotes/{remote}/{branch}"
    there = git.says("rev-parse", "--verify", "--quiet", known) is not None
    range_ = (f"{known}..HEAD",) if there else ("HEAD", "--not", f"--remotes={remote}")
    if not there and not git.line("for-each-ref", "--count=1", f"refs/remotes/{remote}/"):
        return []  # nothing is known of this remote: everything is its first push
    shape = "--format=%h%x00%(trailers:key=Mothball-Base,valueonly,separator=%x2c)%x00%s"
    rows = git.line("log", shape, *range_).split("\n")
    fields = (row.split("\0", 2) for row in rows if row)
    return [f"{commit} {subject}" for commit, base, subject in fields if not base]


def _blocked(found: str) -> Problem:
    return Problem(
        code="commit-blocked",
        where="git commit",
        found=found,
        expected="a commit",
        remedy="Everything is staged and nothing is lost. Mend what it names, then run `archive.commit`;"
        " `archive.undo` takes everything back.",
    )


def _unpushed(found: str, remedy: str) -> Problem:
    again = "The commit is made and stays; `archive.commit --push` tries again."
    return Problem(code="not-pushed", where="git push", found=found, remedy=f"{remedy} {again}".strip())
