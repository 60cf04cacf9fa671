"""Are the names of what moves good on every system that may check them out?"""

from collections.abc import Iterator

from mothball.core.checks.plan import PlanCheck
from mothball.core.errors import Problem
from mothball.core.plan.paths import is_confined
from mothball.core.show import count, listing, visible
from mothball.core.survey import Survey

LONGEST_PATH = 4095
"""Bytes in one path: PATH_MAX of Linux, less its end."""
LONG_PATH = 240
"""Characters after which a checkout on Windows may fail (MAX_PATH is 260 with the work tree's own path)."""


class NamesFit(PlanCheck):
    """No name becomes too long."""

    code = "name-long"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield paths that nobody can check out, and a notice for those that Windows may not."""
        for move in case.selection.all_moves:
            if len(move.target.encode("utf-8", "surrogateescape")) > LONGEST_PATH:
                yield self.problem(
                    visible(move.target[:80] + "…"),
                    f"this path would have {len(move.target):,} characters",
                    f"at most {LONGEST_PATH:,} bytes, or nobody could check it out",
                    "Choose a shorter destination.",
                )
        long = [move.target for move in case.selection.all_moves if len(move.target) > LONG_PATH]
        if long:
            yield self.problem(
                visible(long[0]),
                f"{count(len(long), 'path')} would be longer than {LONG_PATH} characters",
                remedy="Windows may fail to check them out; a shorter destination avoids it.",
                blocking=False,
            )


class NamesApartFromGit(PlanCheck):
    """No file that moves has a name that some system takes for git's own directory."""

    code = "name-git"

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield a problem for such names: git puts none of them into an index."""
        moved = {path for move in case.selection.all_moves for path in (move.source, move.target)}
        if strange := sorted(path for path in moved if not is_confined(path)):
            yield self.problem(
                visible(strange[0]),
                f"macOS or Windows would take a part of this path for `.git`: {listing(strange, 3)}",
                "names that are nowhere git's own",
                "Keep them (a `[[keep]]` pattern), or remove them: nobody can check them out there.",
            )
