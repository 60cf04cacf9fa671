"""Compare two trees by what their files name: any two trees, any two revisions."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.checks.references import not_allowed
from mothball.core.errors import Problem, Refused
from mothball.core.plan.model import Plan
from mothball.core.references.chains import Chain
from mothball.core.references.change import Change
from mothball.core.references.findings import Comparison, Finding
from mothball.core.references.ours import is_all_ours, our_lines, partly_ours, wholly_ours, without_ours
from mothball.core.references.reader import facts_in
from mothball.core.references.reading import Asked, Question, Reading
from mothball.core.references.scan import Scan, files_to_read
from mothball.core.references.texts import MAX_BYTES, decode_text
from mothball.core.references.world import World
from mothball.core.show import visible
from mothball.core.tree import SYMLINK, Tree
from mothball.effects.blobs import contents
from mothball.effects.crew import Crew, crew
from mothball.effects.git import Git
from mothball.effects.history import renames
from mothball.effects.look import tree_of
from mothball.effects.readings import readings
from mothball.workflow.session import Session

FAR: Final = 100
"""Files that chains may reach: whoever breaks the foundation need not read a list of the whole house."""


def audit(session: Session, base: str, tip: str, plan: Plan | None = None) -> Comparison:
    """Compare two revisions; what was renamed between them is read from their trees.

    A plan says which files are not read; none is needed.

    Raises:
        Refused: one of them is no revision of this repository.
    """
    first, last = commit_of(session.git, base), commit_of(session.git, tip)
    moves = renames(session.git, first, last)
    before, after = tree_of(session.git, first), tree_of(session.git, last)
    return compare(session, before, after, moves, plan)


def compare(
    session: Session,
    before: Tree,
    after: Tree,
    moves: Mapping[str, str],
    plan: Plan | None = None,
    *,
    ahead: Container[str] | None = None,
    within: Container[str] | None = None,
) -> Comparison:
    """Find what the files of one tree name that was in the other.

    Args:
        session: the repository.
        before: the tree that the files were written in.
        after: the tree that they are to work in.
        moves: old path to new path.
        plan: the plan that they belong to, if any.
        ahead: the old paths that have yet to move; by default none has.
        within: the files of after that are read; by default all.
    """
    change = _change(session.git, before, after, moves, ahead=ahead, planned=plan is not None)
    ignored = plan.references.ignore if plan else ()
    scan = Scan(change=change)
    files, links = files_to_read(after, ignored, own=wholly_ours(plan) if plan else ())
    if within is not None:
        files = {file: blob for file, blob in files.items() if file in within}
    scan.look_at(len(files))
    ours, idle = _ours(session.git, plan, files) if plan else ({}, set())
    for path in idle:
        del files[path]
    wanted = scan.wanted(files, links)
    with crew(session.git) as hired:
        look = _Look(session, hired, ours, whole=within is None)
        for path, reading in look.at("Reading references", scan.question, wanted):
            scan.feed(path, reading)
        fallen = scan.fallen if plan is None else _without_allowed(plan, scan.fallen)
        followed, cut = _follow(look, Chain(change, dict(sorted(fallen.items()))) if fallen else None, files)
    scan.findings += followed
    return replace(scan.result(), chains_cut=cut)


def _follow(look: "_Look", chain: Chain | None, files: Mapping[str, str]) -> tuple[list[Finding], bool]:
    """Return what falls with what breaks, link after link, and whether more than `FAR` would."""
    found: list[Finding] = []
    while chain and len(chain.reached) <= FAR:
        for path, reading in look.at("Following references", chain.question, chain.wanted(files)):
            chain.feed(path, reading)
        found += chain.found.values()
        chain = chain.next()
    return found, chain is not None


def _change(
    git: Git,
    before: Tree,
    after: Tree,
    moves: Mapping[str, str],
    *,
    ahead: Container[str] | None,
    planned: bool,
) -> Change:
    """Return the two worlds; of their files those are read that say where things are looked up."""
    gone = {old: new for old, new in moves.items() if old not in after}
    arrived = {new: old for old, new in gone.items()}
    telling = facts_in(before, gone)
    new = facts_in((path for path in after if path not in before), arrived)
    return Change(
        before=World(before, _texts(git, before, telling)),
        after=World(after, _texts(git, after, [*telling, *new]), arrived=arrived),
        moves=gone,
        ahead=ahead,
        planned=planned,
    )


@dataclass(frozen=True)
class _Look:
    """Who reads for a comparison, and what of it counts.

    Attributes:
        session: the repository.
        crew: who reads.
        ours: by file the lines that are not read.
        whole: whether all files of the tree are looked at.
    """

    session: Session
    crew: Crew
    ours: Mapping[str, Container[int]]
    whole: bool

    def at(self, title: str, question: Question, wanted: Asked) -> Iterator[tuple[str, Reading]]:
        """Yield the files of which there is something to say, each with its reading."""
        with self.session.watch(title, len(wanted)) as advance:
            store = self.session.store
            for one, reading in readings(self.crew, store, question, wanted, advance, whole=self.whole):
                yield one.path, without_ours(reading, self.ours.get(one.path, ()))


def _ours(git: Git, plan: Plan, files: Mapping[str, str]) -> tuple[dict[str, Container[int]], set[str]]:
    """Return which lines are ours of files that are also their maintainer's, and which hold nothing else."""
    paths = [path for path in partly_ours(plan) if path in files]
    ours, idle = dict[str, Container[int]](), set[str]()
    found = contents(git, [files[path] for path in paths], largest=MAX_BYTES)
    for path, content in zip(paths, found, strict=True):
        if isinstance(content, bytes):
            ours[path] = our_lines(path, content)
            if is_all_ours(content, ours[path]):
                idle.add(path)
    return ours, idle


def _without_allowed(plan: Plan, fallen: Mapping[str, Finding]) -> dict[str, Finding]:
    kept = {id(finding) for finding in not_allowed(plan, fallen.values())}
    return {file: finding for file, finding in fallen.items() if id(finding) in kept}


def _texts(git: Git, tree: Tree, telling: Iterable[str]) -> dict[str, str]:
    """Return the texts of those of the files that the tree has."""
    paths = sorted(path for path in telling if path in tree and tree[path].mode != SYMLINK)
    blobs = [tree[path].blob for path in paths]
    found = {}
    for path, content in zip(paths, contents(git, blobs, largest=MAX_BYTES), strict=True):
        text = decode_text(content) if isinstance(content, bytes) else None
        if text is not None:
            found[path] = text
    return found


def commit_of(git: Git, revision: str) -> str:
    """Return the commit that a revision names.

    Raises:
        Refused: it names none here.
    """
    found = None
    if revision and not revision.startswith("-"):
        found = git.says("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found is None:
        raise Refused(
            Problem(
                code="revision-unknown",
                where=visible(revision) or "an empty name",
                found="git knows no such revision here",
                expected="a commit, branch or tag",
                remedy="`git log --oneline` lists commits; a shallow clone has few of them.",
            )
        )
    return found
