"""Is the repository fit to act on? Only what the run would touch has to be clean."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from mothball.core.checks.base import Check
from mothball.core.errors import Exit, MothballError, Problem
from mothball.core.managed import with_section
from mothball.core.show import count, listing, visible
from mothball.core.steps import managed_paths, stale_pages
from mothball.core.survey import Survey, foreign
from mothball.core.tree import SYMLINK


class RepositoryCheck(Check[Survey]):
    """The family of checks of the repository's state."""

    known: ClassVar = []
    exit = Exit.REFUSED


class NothingUnfinished(RepositoryCheck):
    """No merge, rebase or other operation is under way."""

    code = "git-busy"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the operations that git has not finished."""
        for activity in case.snapshot.activity:
            yield self.problem(
                case.snapshot.root,
                f"a {activity} is under way",
                "none, or our commit would become part of it",
                f"Finish or abort the {activity} first.",
            )


class NothingUnmerged(RepositoryCheck):
    """No file has a conflict."""

    code = "git-conflict"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a problem while any path is unmerged: git commits nothing then."""
        if case.snapshot.unmerged:
            yield self.problem(
                case.snapshot.root,
                f"conflicts are not resolved: {listing(sorted(case.snapshot.unmerged))}",
                "none, anywhere: git makes no commit while there is one",
                "Resolve them and `git add` the files.",
            )


class BranchFree(RepositoryCheck):
    """The branch to be made does not exist."""

    code = "branch-exists"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a problem when ``commit.branch`` exists and HEAD is elsewhere."""
        name = case.plan.commit.branch
        if name and name != case.snapshot.branch and name in case.snapshot.branches:
            yield self.problem(
                case.plan.where("commit.branch"),
                f"the branch {name} exists, and HEAD is on {case.snapshot.branch or 'none'}",
                "a new branch, or HEAD on it",
                f"`git switch {name}`, or name another.",
            )


class OnBranch(RepositoryCheck):
    """HEAD is on a branch."""

    code = "git-detached"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a problem when a commit would be on no branch."""
        if case.snapshot.branch is None and case.plan.commit.branch is None:
            yield self.problem(
                "HEAD",
                "it is detached: the commit would be on no branch, and git would drop it one day",
                "a branch",
                "Switch to one, or name one under `[commit] branch` in the plan.",
            )


class TouchedFilesClean(RepositoryCheck):
    """What would be touched is committed as it is."""

    code = "not-clean"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the files to be touched that carry uncommitted changes, by kind of change."""
        seen = case.snapshot
        touched = {path for move in case.selection.all_moves for path in (move.source, move.target)}
        if touched or seen.pending or stale_pages(case.plan, case.ledger, case.texts):
            touched |= set(managed_paths(case.plan)) | seen.pending.paths
        kinds = {
            "added with `git add -N`": seen.intended,
            "modified or deleted, not staged": seen.modified,
            "staged": foreign(seen),
        }
        for kind, paths in kinds.items():
            if found := sorted(touched.intersection(paths)):
                yield self.problem(
                    case.snapshot.root,
                    f"{count(len(found), 'file')} that the run would touch ({kind}): {listing(found)}",
                    "files as HEAD has them",
                    "Commit, stash or restore them first. Other files may be as they are.",
                )


class NothingHidden(RepositoryCheck):
    """Git overlooks no edit in what would be touched."""

    code = "hidden-edits"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield files with assume-unchanged or skip-worktree (sparse checkouts set the latter)."""
        flags: dict[str, list[str]] = defaultdict(list)
        moved = (move.source for move in case.selection.all_moves)
        for path in (*moved, *managed_paths(case.plan)):
            if path in case.snapshot.hidden:
                flags[case.snapshot.hidden[path]].append(path)
        for flag, paths in flags.items():
            option = "--no-" + flag
            yield self.problem(
                case.snapshot.root,
                f"{count(len(paths), 'file')} that the run would touch marked {flag}: {listing(paths)}",
                "files that git looks at",
                f"`git update-index {option}` them, or `git sparse-checkout disable`.",
            )


class DirectoriesWritable(RepositoryCheck):
    """This user may rename files where the run must."""

    code = "not-writable"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the directories without write permission."""
        if case.ground.unwritable:
            yield self.problem(
                case.snapshot.root,
                f"no permission to rename files in: {listing(case.ground.unwritable)}",
                "write permission",
                "Give yourself write permission on them (`chmod u+w`).",
            )


class PagesManageable(RepositoryCheck):
    """README, index and ledger can be written."""

    code = "pages"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield what is in the way of the files that mothball writes."""
        written = {write.path for write in case.snapshot.pending.writes}
        for path in managed_paths(case.plan):
            entry = case.snapshot.tree.get(path)
            stranger = case.ground.strangers.get(path)
            if stranger is None and entry and entry.mode == SYMLINK:
                stranger = "a symbolic link"
            if stranger:
                yield self.problem(
                    visible(path),
                    f"this is {visible(stranger)}",
                    "a file, or nothing",
                    "Name another file in the plan, or replace what lies here.",
                )
            if entry is None and case.texts.get(path) is not None and path not in written:
                yield self.problem(
                    visible(path),
                    "this file is not tracked, so nothing could bring back its content",
                    "a tracked file, or none",
                    "Commit it first, or move it away.",
                )
            if path.endswith(".md"):
                try:
                    with_section(case.texts.get(path), "", path=path, heading="")
                except MothballError as error:
                    yield from (replace(problem, exit=self.exit) for problem in error.problems)


class PendingFitsPlan(RepositoryCheck):
    """What is staged already belongs to this plan."""

    code = "plan-changed"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield staged moves that the plan in force would not make."""
        known = {
            (category.name, into.destination) for category in case.plan.archive for into in category.into
        }
        strange = [
            move.target
            for move in case.snapshot.pending.moves
            if not any(move.category == name and move.target.startswith(place) for name, place in known)
        ]
        if strange:
            yield self.problem(
                case.plan.path,
                f"{count(len(strange), 'file')} staged under another plan: {listing(strange, 3)}",
                "the plan that they were moved by",
                "Take them back with `archive.undo`, or restore the plan.",
            )
