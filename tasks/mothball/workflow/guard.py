"""The guard: judge what is about to be committed, by git's objects and the index alone; change nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mothball.core.checks import Brought, GuardCheck, Outcome, PlanCheck, examine
from mothball.core.checks.references import not_allowed
from mothball.core.ledger import read_ledger
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Finding
from mothball.core.selection import Rules, select
from mothball.core.steps import ledger_path, managed_paths
from mothball.core.survey import Ground, Snapshot, Survey, still_true
from mothball.core.tree import Tree
from mothball.effects.history import staged_renames
from mothball.effects.look import staged_text, staged_tree, tree_of
from mothball.effects.opening import head
from mothball.effects.plans import load_staged_plan
from mothball.workflow.compare import commit_of, compare
from mothball.workflow.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class _Commit:
    """What would be committed, and on what.

    Attributes:
        base: the tree that it is compared with.
        tree: its own tree.
        survey: the plan on that tree, less the new files that it would archive.
        arrived: old path to new path of what the commit moves into the archive by itself.
    """

    plan: Plan
    base: Tree
    tree: Tree
    survey: Survey
    arrived: Mapping[str, str]

    @property
    def changed(self) -> frozenset[str]:
        """The files that it adds or edits."""
        return frozenset(path for path, entry in self.tree.items() if self.base.get(path) != entry)


def guard(session: Session, since: str | None = None) -> tuple[Outcome, ...]:
    """Check that the staged plan is valid, and that what is staged brings back nothing that it archives.

    It is compared with HEAD, or with the revision ``since``. A commit that a run of mothball makes was
    judged by that run.

    Raises:
        PlanError: the plan has mistakes.
        Refused: there is no such revision.
        Undecided: a run was cut off, and what is staged is half of it.
    """
    if session.store.is_locked():
        return (Outcome(code="guard-run", title="A run of mothball judges its own commit", problems=()),)
    session.require_whole()
    parent = commit_of(session.git, since) if since is not None else head(session.git)
    with session.watch("Looking", 0):
        tree = staged_tree(session.git)
        plan = load_staged_plan(session.git, tree, session.plan_file)
        base = tree_of(session.git, parent) if parent else tree
        survey = _survey(session, plan, tree)
    rules = Rules(plan, frozenset(record.move.target for record in survey.ledger.records))
    new = [move.source for move in survey.selection.all_moves if move.source not in base]
    if new:  # They are told one by one; that the plan does not fit with them is no news.
        rest = {path: entry for path, entry in tree.items() if path not in new}
        survey = _survey(session, plan, rest)
    renamed = staged_renames(session.git, parent) if parent else {}
    arrived = {old: target for old, target in renamed.items() if rules.is_archived(target)}
    commit = _Commit(plan=plan, base=base, tree=tree, survey=survey, arrived=arrived)
    brought = Brought(plan=plan, selected=tuple(map(rules.verdict, new)), breaks=_breaks(session, commit))
    return (*examine(PlanCheck, survey), *examine(GuardCheck, brought))


def _survey(session: Session, plan: Plan, tree: Tree) -> Survey:
    """Return what the index alone can tell: the ground on disk is nothing to a commit."""
    git, pending = session.git, session.store.pending()
    ours = {*managed_paths(plan), *(write.path for write in pending.writes)}
    texts = {path: staged_text(git, tree, path) for path in ours}
    place = ledger_path(plan)
    ledger = read_ledger(texts.get(place), path=place)
    seen = Snapshot(root=str(git.root), commit="", branch=None, tree=tree, pending=pending)
    done = still_true(seen, ledger, texts)
    return Survey(
        plan=plan,
        snapshot=replace(seen, pending=done),
        ledger=ledger,
        selection=select(plan, tree, ledger, done.moves),
        ground=Ground(),
        texts=texts,
    )


def _breaks(session: Session, commit: _Commit) -> tuple[Finding, ...]:
    """Return the breaks that this commit makes.

    They are those in the files that it changes, less what broke there before; and, wherever they are, those
    by files that it moves into the archive.
    """
    places = _places(commit)
    within = None if commit.arrived else commit.changed
    found = _broken(session, commit, commit.tree, places, within)
    suspects = {one.file for one in found if one.old_path not in commit.arrived}
    if not suspects:
        return found
    former = {path: entry for path, entry in commit.tree.items() if path not in suspects}
    former |= {path: commit.base[path] for path in suspects if path in commit.base}
    known = Counter(map(_sort_of, _broken(session, commit, former, places, suspects)))
    new = []
    for one in found:
        known[_sort_of(one)] -= 1
        if one.old_path in commit.arrived or known[_sort_of(one)] < 0:
            new.append(one)
    return tuple(new)


def _places(commit: _Commit) -> dict[str, str]:
    """Return old path to new path of what is archived, and of what the plan has yet to archive."""
    tree = commit.tree
    moves = [record.move for record in commit.survey.ledger.alive(tree) if record.move.source not in tree]
    places = {move.source: move.target for move in (*moves, *commit.survey.selection.all_moves)}
    return {**places, **commit.arrived}


def _broken(
    session: Session,
    commit: _Commit,
    tree: Tree,
    places: Mapping[str, str],
    within: frozenset[str] | set[str] | None,
) -> tuple[Finding, ...]:
    if not places or within == frozenset():
        return ()
    origins = {new: old for old, new in places.items()}
    before = {origins.get(path, path): entry for path, entry in tree.items()}
    after = {places.get(path, path): entry for path, entry in tree.items()}
    ahead = {move.source for move in commit.survey.selection.all_moves}
    found = compare(session, before, after, places, commit.plan, ahead=ahead, within=within)
    unclassified = commit.survey.selection.unclassified
    return tuple(one for one in not_allowed(commit.plan, found.breaks()) if one.file not in unclassified)


def _sort_of(finding: Finding) -> tuple[str, str, str, str]:
    return finding.file, finding.kind, finding.target, finding.old_path
