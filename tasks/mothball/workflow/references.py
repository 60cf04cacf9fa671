"""Compare two trees by what their files name: a planned move, or any two revisions."""

from collections.abc import Iterable, Mapping

from mothball.core.errors import Problem, Refused
from mothball.core.references.change import Change
from mothball.core.references.findings import Comparison
from mothball.core.references.reader import facts_in
from mothball.core.references.scan import Scan, files_to_read
from mothball.core.references.texts import MAX_BYTES, decode_text
from mothball.core.references.world import World
from mothball.core.show import visible
from mothball.core.tree import SYMLINK, Tree
from mothball.effects.blobs import contents
from mothball.effects.git import Git
from mothball.effects.history import renames
from mothball.effects.look import tree_of
from mothball.workflow.session import Session, Watch, unwatched


def audit(session: Session, base: str, tip: str) -> Comparison:
    """Compare two revisions; what was renamed between them is read from their trees.

    Raises:
        Refused: one of them is no revision of this repository.
    """
    first, last = _commit(session.git, base), _commit(session.git, tip)
    moves = renames(session.git, first, last)
    before, after = tree_of(session.git, first), tree_of(session.git, last)
    return compare(session.git, before, after, moves, watch=session.watch)


def compare(
    git: Git,
    before: Tree,
    after: Tree,
    moves: Mapping[str, str],
    *,
    ignored: Iterable[str] = (),
    watch: Watch = unwatched,
) -> Comparison:
    """Find what the files of one tree name that was in the other; ``moves`` is old path to new path."""
    gone = {old: new for old, new in moves.items() if old not in after}
    change = Change(
        before=World(before, _facts(git, before)),
        after=World(after, _facts(git, after), arrived=frozenset(gone.values())),
        moves=gone,
    )
    files, links = files_to_read(after, ignored)
    scan = Scan(change=change, links=links)
    with watch("Reading references", len(files)) as advance:
        for file, content in zip(files, contents(git, list(files.values()), largest=MAX_BYTES), strict=True):
            scan.feed(file, content)
            advance(1)
    return scan.result()


def _facts(git: Git, tree: Tree) -> dict[str, str]:
    paths = [path for path in facts_in(tree) if tree[path].mode != SYMLINK]
    found = {}
    for path, content in zip(
        paths, contents(git, [tree[path].blob for path in paths], largest=MAX_BYTES), strict=True
    ):
        text = decode_text(content) if isinstance(content, bytes) else None
        if text is not None:
            found[path] = text
    return found


def _commit(git: Git, revision: str) -> str:
    found = None
    if not revision.startswith("-"):
        found = git.says("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found is None:
        raise Refused(
            Problem(
                code="revision-unknown",
                where=visible(revision),
                found="git knows no such revision here",
                expected="a commit, branch or tag",
                remedy="`git log --oneline` lists commits; a shallow clone has few of them.",
            )
        )
    return found
