"""Do git's own rules treat every file at its new place as at its old one?"""

from collections import defaultdict
from collections.abc import Iterator

from mothball.core.attributes import CONTENT_ATTRIBUTES
from mothball.core.checks.repository import RepositoryCheck
from mothball.core.errors import Exit, Problem
from mothball.core.show import count, listing, visible
from mothball.core.survey import Survey


class ContentTreatedAlike(RepositoryCheck):
    """Git treats the content of every file as before."""

    code = "attributes-change"
    exit = Exit.PLAN

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield attributes (line ends, filters, LFS) that a file would gain or lose by its new path."""
        groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for path, name, before, after in case.ground.attributes:
            if name in CONTENT_ATTRIBUTES:
                groups[name, before, after].append(path)
        places = {move.source: move.target for move in case.selection.all_moves}
        for (name, before, after), paths in groups.items():
            rule = f"{visible(places.get(paths[0], paths[0]))} {_rule(name, before)}"
            yield self.problem(
                ".gitattributes",
                f"the attribute `{name}` would change from {before} to {after} for {listing(paths, 3)}, "
                "and with it the bytes that git checks out or commits",
                "the same attributes at the new path",
                f"Add a rule for the new place first, such as `{rule}`, and commit it.",
            )


class AttributesKept(RepositoryCheck):
    """No file loses another attribute by its new path."""

    code = "attributes-noticed"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a notice per attribute that does not change bytes, but what is done with the file."""
        groups: dict[str, list[str]] = defaultdict(list)
        for path, name, _, _ in case.ground.attributes:
            if name not in CONTENT_ATTRIBUTES:
                groups[name].append(path)
        for name, paths in groups.items():
            yield self.problem(
                ".gitattributes",
                f"the attribute `{name}` would change for {count(len(paths), 'file')}: {listing(paths, 3)}",
                remedy="Add a rule for the new place if it still matters.",
                blocking=False,
            )


class DestinationsSeen(RepositoryCheck):
    """Git does not ignore the destinations."""

    code = "target-ignored"
    exit = Exit.PLAN

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield the rules that would hide new files beside the archived ones."""
        allowed = {category.name for category in case.plan.archive if category.allow_ignored}
        by_rule: dict[str, list[str]] = defaultdict(list)
        for move in case.selection.all_moves:
            rule = case.ground.ignored.get(move.target)
            if rule and move.category not in allowed:
                by_rule[rule].append(move.target)
        for rule, targets in by_rule.items():
            yield self.problem(
                visible(rule),
                f"this rule ignores {count(len(targets), 'target')}: {listing(targets, 3)}",
                "destinations that git sees",
                "Change the rule or the destination, or set `allow-ignored = true` in the category.",
            )


class NothingStranded(RepositoryCheck):
    """No ignore file moves away from what it hides."""

    code = "ignore-file-moves"
    exit = Exit.PLAN

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield moved ``.gitignore`` files with ignored files beside them, which stay."""
        for path in case.ground.stranded:
            yield self.problem(
                visible(path),
                "this ignore file would move, and the files that it hides would stay and show up as new",
                "nothing ignored in its directory, or a rule for it elsewhere",
                "Keep it, or move its rules to the .gitignore at the root first.",
            )


class DestinationsInSparseCheckout(RepositoryCheck):
    """A sparse checkout leaves no destination out."""

    code = "target-sparse"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a problem when git would take the archived files off the disk at its next look."""
        if outside := case.ground.outside:
            yield self.problem(
                case.snapshot.root,
                f"the sparse checkout leaves out {count(len(outside), 'target')}: {listing(outside, 3)}",
                "destinations that it holds",
                "`git sparse-checkout add` the destination, or `git sparse-checkout disable`.",
            )


def _rule(name: str, value: str) -> str:
    return {"set": name, "unset": f"-{name}", "unspecified": f"!{name}"}.get(value, f"{name}={value}")
