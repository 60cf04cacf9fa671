"""Does the plan fit this tree? Every mistake that only the tree can show."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import ClassVar
from unicodedata import normalize

from mothball.core.checks.base import Check
from mothball.core.errors import Exit, Problem
from mothball.core.show import count, listing, visible
from mothball.core.steps import managed_paths
from mothball.core.survey import Survey
from mothball.core.tree import GITLINK, directories, parent, parents


class PlanCheck(Check[Survey]):
    """The family of checks of plan against tree."""

    known: ClassVar = []
    exit = Exit.PLAN


class PatternsMatch(PlanCheck):
    """Every archive pattern matches something."""

    code = "pattern-idle"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the patterns that match no tracked file and no file archived before."""
        optional = {into.key for category in case.plan.archive if category.optional for into in category.into}
        for key, pattern in case.selection.idle:
            if not key.startswith("keep") and key.rpartition("[")[0] not in optional:
                yield self.problem(
                    case.plan.where(key),
                    f"the pattern {visible(pattern)!r} matches no tracked file",
                    "at least one match, now or in the ledger",
                    "Correct or remove the pattern, or set `optional = true` in its category.",
                )


class KeepSetPresent(PlanCheck):
    """Every keep pattern matches something."""

    code = "keep-idle"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the keep patterns that protect nothing."""
        optional = {f"{keep.key}.patterns" for keep in case.plan.keep if keep.optional}
        for key, pattern in case.selection.idle:
            if key.startswith("keep") and key.rpartition("[")[0] not in optional:
                yield self.problem(
                    case.plan.where(key),
                    f"the keep pattern {visible(pattern)!r} matches no tracked file, so it protects nothing",
                    "at least one match",
                    "Correct the pattern, or set `optional = true` in its table.",
                )


class CountsAsExpected(PlanCheck):
    """Every category has as many files as it expects."""

    code = "count-unexpected"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the categories whose files, to be archived and archived before, are not ``expect``."""
        tree = case.snapshot.tree
        pending = {move.target: move.category for move in case.snapshot.pending.moves}
        archived = {record.move.target: record.move.category for record in case.ledger.alive(tree)}
        done = Counter((archived | pending).values())
        for category in case.plan.archive:
            waiting = len(case.selection.moves[category.name])
            total = done[category.name] + waiting
            if category.expect is not None and total != category.expect:
                yield self.problem(
                    case.plan.where(f"{category.key}.expect"),
                    f"`{category.name}` has {count(total, 'file')}",
                    f"{category.expect:,}",
                    "Look at `archive.plan`; then correct the patterns or the number.",
                )


class OneDestinationEach(PlanCheck):
    """No two files would land on one path."""

    code = "target-shared"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the targets that several files would share, also where letter case does not count."""
        sources = defaultdict(list)
        for move in case.selection.all_moves:
            sources[move.target].append(move.source)
        for target, found in sources.items():
            if len(found) > 1:
                yield self.problem(
                    visible(target),
                    f"{count(len(found), 'file')} would land here: {listing(found)}",
                    "one file a path",
                    "Give one of them another destination, or move their directory as a whole.",
                )
        yield from self._folding(case)

    def _folding(self, case: Survey) -> Iterator[Problem]:
        moves = case.selection.all_moves
        leaving = {move.source for move in moves}
        arriving = [move.target for move in moves]
        arriving += [path for path in managed_paths(case.plan) if moves and path not in case.snapshot.tree]
        tops = {fold(path.partition("/")[0]) for path in arriving}
        near = {top for top in {path.partition("/")[0] for path in case.snapshot.tree} if fold(top) in tops}
        tree = case.snapshot.tree
        staying = {path for path in tree if path.partition("/")[0] in near and path not in leaving}
        names = {fold(name): name for name in (*directories(staying), *staying)}
        above: dict[str, str] = {}
        for path in arriving:
            folder = parent(path)
            if folder not in above:
                folders = (folder, *parents(folder)) if folder else ()
                above[folder] = next(filter(None, (_other_spelling(one, names) for one in folders)), "")
            if other := _other_spelling(path, names) or above[folder]:
                yield self.problem(
                    visible(path),
                    f"on a file system that ignores letter case this is {visible(other)!r}",
                    "a path that differs in more than letter case or Unicode form",
                    "Use one spelling in the plan's destinations.",
                )


def _other_spelling(path: str, names: dict[str, str]) -> str:
    """Note a path by its folded form; return the other path that has this form already, if one does."""
    known = names.setdefault(fold(path), path)
    return known if known != path else ""


class TargetsFree(PlanCheck):
    """Every destination is free."""

    code = "target-occupied"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield targets where something lies, and directories that cannot be made."""
        # What HEAD has counts as well: it is only staged to go, by somebody else, and may come back.
        staged = (path for path, change in case.snapshot.staged.items() if change.head)
        done = {move.source for move in case.snapshot.pending.moves}
        known = case.snapshot.tree.keys() | (set(staged) - done)
        pages = set(managed_paths(case.plan))
        folders = directories(known | pages)
        above = directories(move.target for move in case.selection.all_moves)
        files, written = above & known, above & pages
        for move in case.selection.all_moves:
            kind = ""
            if move.target in pages:
                kind = "a file that mothball writes"
            elif move.target in known:
                kind = "a tracked file"
            elif move.target in folders:
                kind = "a directory with tracked files"
            elif files and not files.isdisjoint(parents(move.target)):
                kind = "a tracked file, in the place of a directory,"
            elif written and not written.isdisjoint(parents(move.target)):
                kind = "a file that mothball writes, in the place of a directory,"
            elif move.target in case.ground.occupied:
                kind = "a file that git does not track"
            if kind:
                yield self.problem(
                    visible(move.target),
                    f"{kind} lies where {visible(move.source)} should go",
                    "a free path",
                    "Move it away, or choose another destination. Nothing is ever overwritten.",
                )
        for directory, found in case.ground.obstacles.items():
            yield self.problem(
                visible(directory),
                f"the run needs this directory, but it is {visible(found)}",
                "a directory of this repository, on its file system, or nothing",
                "Choose another destination, or keep what is in it.",
            )


class DestinationsOutside(PlanCheck):
    """No destination lies in a directory that moves."""

    code = "target-inside-source"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the destinations that would have to move into themselves."""
        for destination, root, key in case.selection.swallowed:
            yield self.problem(
                case.plan.where(key),
                f"{visible(root)}/ moves as a whole, and {visible(destination)} lies in it",
                "a destination outside of what moves",
                "Match the files in it (`/dir/*.py`), not the directory, or choose another destination.",
            )


class SizeWithinLimits(PlanCheck):
    """The run moves no more of the repository than the plan allows."""

    code = "limit-share"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a problem when more than ``limits.share`` of the tracked files would have moved."""
        total = len(case.snapshot.tree)
        moving = len(case.selection.all_moves) + len(case.snapshot.pending.moves)
        share = case.plan.limits.share
        if moving > share * total:
            yield self.problem(
                case.plan.where("limits.share"),
                f"{moving:,} of {total:,} tracked files ({moving / total:.0%}) would move",
                f"at most {share:.0%}",
                "If that is meant, raise `share` under `[limits]`.",
            )


class Movable(PlanCheck):
    """Everything that moves is a file."""

    code = "submodule"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield submodules: their own repository and .gitmodules would point to the old place."""
        for move in case.selection.all_moves:
            if move.entry.mode == GITLINK:
                yield self.problem(
                    visible(move.source),
                    "this is a submodule",
                    "files and symbolic links",
                    "Keep it (a `[[keep]]` pattern), or move it with `git mv` in a commit of its own.",
                )


class Overlaps(PlanCheck):
    """No file is claimed twice."""

    code = "overlap"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a notice per pair of patterns that claim the same files."""
        shared: dict[tuple[str, str], list[str]] = defaultdict(list)
        for verdict in case.selection.overlaps:
            shared[verdict.takes[0].key, verdict.takes[1].key].append(verdict.path)
        for (first, second), paths in shared.items():
            yield self.problem(
                case.plan.where(second),
                f"{first} comes first and has {count(len(paths), 'file')} of these: {listing(paths, 3)}",
                remedy="The first has them; narrow one of the two to say so.",
                blocking=False,
            )
        kept: dict[tuple[str, str], list[str]] = defaultdict(list)
        for verdict in case.selection.contested:
            kept[verdict.keeps[0].key, verdict.takes[0].key].append(verdict.path)
        for (keep, take), paths in kept.items():
            yield self.problem(
                case.plan.where(take),
                f"kept by {keep}, though matched here: {listing(paths, 3)}",
                remedy="Nothing to do if that is meant: keep wins.",
                blocking=False,
            )


class ClosedDirectories(PlanCheck):
    """Every file of the closed directories is kept or archived."""

    code = "unclassified"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield what the plan says nothing about."""
        found = case.selection.unclassified
        if found:
            yield self.problem(
                case.plan.where("validate.closed"),
                f"{count(len(found), 'tracked file')} neither kept nor archived: {listing(found)}",
                "every file of these directories in one of the two",
                "Add a `[[keep]]` or an `[[archive]]` pattern for them.",
            )


def fold(path: str) -> str:
    """Return the form in which file systems without letter case compare a path."""
    return normalize("NFC", path.casefold())
