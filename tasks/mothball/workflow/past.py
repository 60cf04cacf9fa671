"""What a run in history did, read from the ledgers of its two ends."""

from collections.abc import Iterable
from posixpath import join, normpath

from mothball.core.ledger import Ledger, read_ledger
from mothball.core.plan.model import Plan
from mothball.core.steps import ledger_path
from mothball.core.tree import Move
from mothball.effects.git import Git


def moves_between(git: Git, plan: Plan, base: str, tip: str) -> tuple[tuple[Move, ...], frozenset[str]]:
    """Return the moves from one commit to another, and the other paths that differ.

    A record that the ledger gained is a move into the archive; one that it lost is a move back.
    """
    before = {_pair(record.move): record.move for record in ledger_at(git, plan, base).records}
    after = {_pair(record.move): record.move for record in ledger_at(git, plan, tip).records}
    moves = [move for pair, move in after.items() if pair not in before]
    moves += [move.back() for pair, move in before.items() if pair not in after]
    moved = {path for move in moves for path in (move.source, move.target)}
    differing = git.fields("diff-tree", "-r", "-z", "--no-renames", "--name-only", base, tip)
    return tuple(moves), frozenset(differing) - moved


def ledger_at(git: Git, plan: Plan, commit: str) -> Ledger:
    """Read the ledger as a commit holds it."""
    path = ledger_path(plan)
    return read_ledger(content_at(git, commit, path), path=f"{commit[:12]}:{path}")


def content_at(git: Git, commit: str, path: str) -> bytes | None:
    """Return the bytes that git would check out for a path of a commit, ``None`` where it has none."""
    if not git.fields("ls-tree", "-z", "--name-only", commit, "--", path):
        return None
    return git.read("cat-file", "--filters", f"--path={path}", f"{commit}:{path}")


def blob_at(git: Git, commit: str, path: str) -> str | None:
    """Return the blob id of a path in a commit, ``None`` where it has none."""
    rows = git.fields("ls-tree", "-z", commit, "--", path)
    return rows[0].partition("\t")[0].split(" ")[2] if rows else None


def blob_of(git: Git, path: str, content: bytes | None) -> str | None:
    """Return the blob id that ``git add`` would give to a content at this path."""
    if content is None:
        return None
    return git.read("hash-object", "--stdin", f"--path={path}", stdin=content).decode().strip()


def _pair(move: Move) -> tuple[str, str]:
    return move.source, move.target


def spellings(path: str, root: str, here: str = "") -> list[str]:
    """Return what a path may mean from the root, as git takes paths: first from ``here``, then from the root.

    ``here`` is a directory below the root, in which the user stands; an absolute path has one meaning.
    """
    if not path:
        return []
    if path.startswith("/"):
        whole = normpath(path)
        return [whole[len(root) :].strip("/")] if whole.startswith(root.rstrip("/") + "/") else []
    found = [normpath(join(start, path)) for start in dict.fromkeys((here, ""))]
    return [one for one in found if one != ".." and not one.startswith("../")]


def below(paths: Iterable[str], chosen: str) -> list[str]:
    """Return the paths that are, or lie below, the chosen one."""
    prefix = chosen.rstrip("/")
    return [path for path in paths if path == prefix or path.startswith(prefix + "/")]
