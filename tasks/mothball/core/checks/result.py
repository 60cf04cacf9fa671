"""Did the run do what it promised? Judged from two trees, not from what the run says of itself."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from mothball.core.checks.base import Check
from mothball.core.errors import Problem
from mothball.core.references.findings import Finding
from mothball.core.run import CommandResult, Result, measure
from mothball.core.selection import Rules
from mothball.core.show import count, listing, visible
from mothball.core.steps import managed_paths

NO_PROOF: Final = "commands-prove-nothing"
"""The notice that no command passed, so that nothing can be said to be proved by them."""


class ResultCheck(Check[Result]):
    """The family of checks of a run's result."""

    known: ClassVar = []


class NothingLost(ResultCheck):
    """Every file is still there, byte for byte."""

    code = "conservation"

    def find(self, case: Result) -> Iterator[Problem]:
        """Compare the multisets of (mode, blob id) of both trees, but for what mothball writes."""
        if case.run is None:
            return
        written = case.run.written
        before = Counter(entry for path, entry in case.run.before.items() if path not in written)
        after = Counter(entry for path, entry in case.run.after.items() if path not in written)
        if before == after:
            return
        for found, word in ((before - after, "lost"), (after - before, "gained")):
            if found:
                blobs = listing((f"{entry.mode} {entry.blob[:12]}" for entry in found), 5)
                yield self.problem(
                    case.survey.snapshot.root,
                    f"the tree {word} {count(found.total(), 'file content')}: {blobs}",
                    "the same (mode, blob) pairs as before",
                    "Take the run back with `archive.undo` and look at what else changed these files.",
                )


class OneToOne(ResultCheck):
    """Every path of before has one place now."""

    code = "one-to-one"

    def find(self, case: Result) -> Iterator[Problem]:
        """Follow every path through the run's own map and compare what is there."""
        if case.run is None:
            return
        run = case.run
        places = {move.source: move.target for move in run.moves}
        expected = {places.get(path, path): entry for path, entry in run.before.items()}
        for path in run.written:
            expected.pop(path, None)
        actual = {path: entry for path, entry in run.after.items() if path not in run.written}
        if expected == actual:
            return
        wrong = sorted(
            path for path in expected.keys() | actual.keys() if expected.get(path) != actual.get(path)
        )
        yield self.problem(
            case.survey.snapshot.root,
            f"{count(len(wrong), 'path')} not where the plan puts them: {listing(wrong)}",
            "every move a pure rename, every other path as it was",
            "Take the run back with `archive.undo`; a hook may have rewritten the files.",
        )


class KeptUntouched(ResultCheck):
    """The keep set is untouched."""

    code = "keep-changed"

    def find(self, case: Result) -> Iterator[Problem]:
        """Compare path, mode and blob of every kept file."""
        if case.run is None:
            return
        run = case.run
        differing = [path for path, entry in run.before.items() if run.after.get(path) != entry]
        verdicts = Rules(case.plan).judge(differing)
        changed = [verdict.path for verdict in verdicts if verdict.state == "kept"]
        rewritten = [path for path in changed if path in run.written - set(managed_paths(case.plan))]
        if rewritten:
            yield self.problem(
                "references",
                f"{count(len(rewritten), 'kept file')} with rewritten references: {listing(rewritten)}",
                remedy="The rest of each is as it was; `git show` has the lines.",
                blocking=False,
            )
        changed = [path for path in changed if path not in run.written]
        if changed:
            yield self.problem(
                case.survey.snapshot.root,
                f"{count(len(changed), 'kept file')} changed or gone: {listing(changed)}",
                "the keep set as it was",
                "Take the run back with `archive.undo`.",
            )


class EverythingArchived(ResultCheck):
    """Nothing is left to archive."""

    code = "left-over"

    def find(self, case: Result) -> Iterator[Problem]:
        """Yield the files that the plan archives and that are still in place."""
        left = [move.source for move in case.survey.selection.all_moves]
        if left:
            yield self.problem(
                case.survey.snapshot.root,
                f"{count(len(left), 'file')} still to be archived: {listing(left)}",
                "none",
                "Run `archive.all`.",
            )


class MetricsMet(ResultCheck):
    """The metrics are what the plan promises."""

    code = "metric-missed"

    def find(self, case: Result) -> Iterator[Problem]:
        """Measure every metric with a promise."""
        measured = measure(case.plan, case.survey.snapshot.tree)
        for metric in case.plan.metrics:
            if metric.after is not None and measured[metric.name] != metric.after:
                yield self.problem(
                    case.plan.where(f"{metric.key}.after"),
                    f"{metric.name}: measured {measured[metric.name]:,}",
                    f"{metric.after:,}",
                    "Archive what is left, or promise what is true.",
                )


class PagesCurrent(ResultCheck):
    """README, index and ledger say what is true."""

    code = "pages-stale"

    def find(self, case: Result) -> Iterator[Problem]:
        """Yield the files of mothball's own that are not what plan and ledger make of them."""
        for path in case.stale_pages:
            yield self.problem(visible(path), "this file is out of date", remedy="Run `archive.readme`.")


class NothingBroke(ResultCheck):
    """Nothing that stayed lost what it names."""

    code = "references-broken"

    def find(self, case: Result) -> Iterator[Problem]:
        """Yield each break that the run made and the plan does not allow."""
        yield from breaks_of(case.broken)


def breaks_of(broken: Iterable[Finding]) -> Iterator[Problem]:
    """Put each break that a run made into words."""
    for finding in broken:
        yield Problem(
            code=NothingBroke.code,
            where=finding.where,
            found=f"{finding.kind} {visible(finding.target)} broke: {finding.evidence}",
            remedy=finding.remedy,
        )


class CommandsPass(ResultCheck):
    """The user's commands pass as they did before."""

    code = "command-fails"

    def find(self, case: Result) -> Iterator[Problem]:
        """Yield what newly fails; a notice for what failed before and still fails, and where all did."""
        ran = [(case.commands_before.get(result.line), result) for result in case.commands_after]
        if ran and all(before and not before.passed and not result.passed for before, result in ran):
            yield self._no_proof()
        for result in case.commands_after:
            before = case.commands_before.get(result.line)
            if not result.passed:
                yield self._failure(result, before)
            if result.changed:
                yield self.problem(
                    visible(result.line),
                    f"changed or left {count(len(result.changed), 'file')}: {listing(result.changed)}",
                    remedy="None of it enters the commit; look whether it is meant.",
                    blocking=False,
                )

    def _no_proof(self) -> Problem:
        return Problem(
            code=NO_PROOF,
            where="commands",
            found="no command passed before, so they prove nothing",
            remedy="Mend them, or name one under `[validate] commands` that passes.",
            blocking=False,
        )

    def _failure(self, result: CommandResult, before: CommandResult | None) -> Problem:
        how = "ran out of time" if result.code is None else f"ended with exit code {result.code}"
        since = "no run of before is known"
        if before is not None:
            since = "it passed before" if before.passed else "as it did before"
        said = visible(result.tail.strip().rpartition("\n")[2].strip()) or "nothing"
        return self.problem(
            visible(result.line),
            f"{how} ({since}); the last it said: {said}",
            "exit code 0",
            "Keep what it needs (a `[[keep]]` pattern), or mend what it names.",
            blocking=before is None or before.passed,
        )


class CommitCheck(Check[Result]):
    """The family of checks that need the commit."""

    known: ClassVar = []


class Committed(CommitCheck):
    """The run is committed."""

    code = "uncommitted"

    def find(self, case: Result) -> Iterator[Problem]:
        """Yield a problem when work is staged that no commit holds."""
        pending = case.survey.snapshot.pending
        if pending.moves or pending.writes:
            staged = f"{count(len(pending.moves), 'move')} and {count(len(pending.writes), 'written file')}"
            yield self.problem(
                case.survey.snapshot.root,
                f"{staged} staged only",
                "a commit that holds them",
                "Run `archive.commit`, or `archive.undo` to take them back.",
            )
