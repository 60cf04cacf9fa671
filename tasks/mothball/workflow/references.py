"""References as the use cases see them: what a plan would break, what a run broke, what can be rewritten."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from mothball.core.checks.references import Referring, not_allowed
from mothball.core.errors import PlanError, Problem, Refused
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Comparison, Finding, Verdict
from mothball.core.references.fixes import Fixed, fixed
from mothball.core.references.ours import our_lines, partly_ours
from mothball.core.references.remedies import Fix, remedy
from mothball.core.references.rewrites import rewritten as rewritten_text
from mothball.core.run import Run, as_moved
from mothball.core.steps import managed_paths
from mothball.core.survey import Survey
from mothball.core.tree import SYMLINK, Entry, Move, Tree
from mothball.core.work import Write
from mothball.effects.git import Git
from mothball.effects.history import PastRun
from mothball.effects.look import read_text, tree_of
from mothball.workflow.compare import audit, compare
from mothball.workflow.session import Session

Results = dict[str, tuple[Write, Fixed]]
"""What rewriting makes of files."""
_DONE: Final = frozenset({Fix.REWRITES, Fix.MENDS})


def find(session: Session, base: str | None = None, tip: str | None = None) -> Comparison:
    """Compare two revisions or, where none is named, the tree of now with what the plan makes of it.

    Breaks that the plan allows are left out.

    Raises:
        Refused: a revision is unknown or empty, or only the second one was named.
        Undecided: the tree of now is half of a run that was cut off.
    """
    if tip is not None and base is None:
        raise Refused(
            Problem(
                code="revision-missing",
                where="--to",
                found="there is only one revision to compare",
                expected="--from as well",
                remedy="Name the revision before the move with --from.",
            )
        )
    if base is None:
        session.require_settled()
        plan = session.plan()
        return _less(foresee(session, session.survey(plan)).comparison, plan)
    known = _plan_if_any(session)
    found = audit(session, base, "HEAD" if tip is None else tip, known)
    return _less(found, known) if known else found


def _plan_if_any(session: Session) -> Plan | None:
    """Return the plan, if one was named or one is there that can be read; an audit needs none."""
    if session.plan_file:
        return session.plan()
    try:
        return session.plan()
    except PlanError:
        return None


def _less(found: Comparison, plan: Plan) -> Comparison:
    """Leave out the breaks that the plan allows."""
    kept = {id(finding) for finding in not_allowed(plan, found.breaks())}
    inbound = {id(finding) for finding in found.breaks()}
    findings = tuple(one for one in found.findings if id(one) in kept or id(one) not in inbound)
    return replace(found, findings=findings)


def foresee(session: Session, survey: Survey, *, fixing: bool = False) -> Referring:
    """Compare the tree before a run with the one that the plan makes of it.

    What can be rewritten is worked out where the plan, or ``fixing``, asks for it.
    """
    seen = survey.snapshot
    before = _unmoved(seen.tree, seen.pending.moves)
    places = {move.source: move.target for move in (*seen.pending.moves, *survey.selection.all_moves)}
    after = {places.get(path, path): entry for path, entry in before.items()}
    found = compare(session, before, after, places, survey.plan, ahead=places) if places else Comparison()
    wanted = fixing or survey.plan.references.fix
    busy = _busy(survey)
    results = _results(session, survey, found, busy)
    breaks = not_allowed(survey.plan, found.breaks())
    return Referring(
        plan=survey.plan,
        comparison=_remedied(found, results).alone(),
        unclassified=frozenset(survey.selection.unclassified),
        archived=frozenset(record.move.source for record in survey.ledger.records),
        fixes=tuple(write for write, _ in results.values() if write.before != write.after) if wanted else (),
        fixed=frozenset(one.where for one in breaks if wanted and _fix_of(one, results) in _DONE),
        busy=frozenset(
            one.file for one in breaks if wanted and one.file in busy and rewritten_text(one) is not None
        ),
    )


def _unmoved(tree: Tree, moves: Iterable[Move]) -> Tree:
    """Return a tree with every file of the moves at its old place."""
    done = {move.target: move.source for move in moves}
    return {done.get(path, path): entry for path, entry in tree.items()} if done else tree


def _remedied(found: Comparison, results: Results) -> Comparison:
    """Return what was found, with remedies that say what comes of `archive.fix`."""
    if found.change is None or not results:
        return found
    told = ((one, _fix_of(one, results) if one.verdict is Verdict.BREAK else None) for one in found.findings)
    findings = (
        one if fix in {None, Fix.REWRITES} else replace(one, remedy=remedy(one, found.change, fix))
        for one, fix in told
    )
    return replace(found, findings=tuple(findings))


def _fix_of(finding: Finding, results: Results) -> Fix | None:
    """Say what `archive.fix` does about a break; ``None`` where nothing of its file can be rewritten."""
    if finding.file not in results:
        return None
    place, (_, result) = (finding.line, finding.column), results[finding.file]
    if place in result.written:
        return Fix.REWRITES
    if place in result.mended and not finding.follows:
        return Fix.MENDS
    return Fix.LEAVES if rewritten_text(finding) is not None else None


def broken(session: Session, survey: Survey, run: Run) -> tuple[Finding, ...]:
    """Return the breaks that a run made and that its plan does not allow, in files that it classifies."""
    return counted(survey, compared(session, survey, run))


def compared(session: Session, survey: Survey, run: Run) -> Comparison:
    """Compare the trees of before and after a run."""
    places = {move.source: move.target for move in run.moves}
    return compare(session, run.before, run.after, places, survey.plan).alone()


def counted(survey: Survey, found: Comparison) -> tuple[Finding, ...]:
    """Return the breaks that count: not allowed, and in files that the plan classifies."""
    unclassified = survey.selection.unclassified
    return tuple(one for one in not_allowed(survey.plan, found.breaks()) if one.file not in unclassified)


def _busy(survey: Survey) -> frozenset[str]:
    """Return the files with edits that are in no commit: they are their author's to mend."""
    snapshot = survey.snapshot
    ours = {write.path for write in snapshot.pending.writes}
    return frozenset((snapshot.modified | set(snapshot.staged)) - ours)


def _results(session: Session, survey: Survey, found: Comparison, busy: frozenset[str]) -> Results:
    """Return what rewriting makes of the files where it can do something, but of those that are busy."""
    snapshot = survey.snapshot
    results: Results = {}
    for file, findings in _by_file(found.breaks()).items():
        if file in busy or snapshot.tree[file].mode == SYMLINK:
            continue
        if any(rewritten_text(one) is not None for one in findings):
            before = read_text(session.git, file)
            if before is not None:
                result = _fixed(before, file, survey.plan, findings, found)
                results[file] = Write(file, before, result.content), result
    return results


def past_run(
    session: Session, plan: Plan, past: PastRun, moves: tuple[Move, ...], others: frozenset[str]
) -> Run:
    """Return a run of history by its moves and the other paths that it changed."""
    pages = frozenset(managed_paths(plan))
    after = tree_of(session.git, past.tip)
    return Run(
        base=past.base,
        before=as_moved(tree_of(session.git, past.base), after, moves),
        after=after,
        moves=moves,
        written=pages | fixed_between(session, plan, past, moves, others - pages),
        committed=True,
    )


def fixed_between(
    session: Session, plan: Plan, run: PastRun, moves: Iterable[Move], paths: Iterable[str]
) -> frozenset[str]:
    """Return those paths whose edit in a run is nothing but the rewriting of references."""
    asked = [*paths]
    if not asked:
        return frozenset()
    before, after = tree_of(session.git, run.base), tree_of(session.git, run.tip)
    edited = [path for path in asked if path in before and path in after]
    if not edited:
        return frozenset()
    unedited: dict[str, Entry] = {**after, **{path: before[path] for path in edited}}
    places = {move.source: move.target for move in moves}
    found = compare(session, before, unedited, places, plan)
    by_file = _by_file(found.breaks())
    proven = set()
    for path in edited:
        old, new = _content(session.git, before[path]), _content(session.git, after[path])
        fixed_old = _fixed(old, path, plan, by_file.get(path, []), found).content
        if before[path].mode == after[path].mode and fixed_old == new:
            proven.add(path)
    return frozenset(proven)


def _fixed(content: bytes, file: str, plan: Plan, findings: list[Finding], found: Comparison) -> Fixed:
    if found.change is None:
        return Fixed(content)
    ours = our_lines(file, content) if file in partly_ours(plan) else ()
    return fixed(content, file, findings, not_allowed(plan, findings), found.change, ours=ours)


def _by_file(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.file, []).append(finding)
    return files


def _content(git: Git, entry: Entry) -> bytes:
    return git.read("cat-file", "blob", entry.blob)
