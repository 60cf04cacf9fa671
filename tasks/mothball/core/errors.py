"""What can go wrong, said in prose: where, what was found, what was expected, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final


class Exit(IntEnum):
    """The exit codes of every task."""

    DONE = 0
    USAGE = 1
    PLAN = 2
    FINDINGS = 3
    REFUSED = 4
    FAILED = 5
    UNDECIDED = 6
    BLOCKED = 7
    UNPUSHED = 8
    UNPLANNED = 9
    BUSY = 75
    INTERRUPTED = 130
    TERMINATED = 143


MEANINGS: Final[Mapping[Exit, str]] = {
    Exit.DONE: "done, or nothing to do, or no findings",
    Exit.USAGE: "wrong usage, or an internal error",
    Exit.PLAN: "the plan has mistakes, or does not fit the repository; nothing touched",
    Exit.FINDINGS: (
        "a check failed, or `archive.plan` found something in the way; the repository is as before"
    ),
    Exit.REFUSED: "the repository is in no state to act on; nothing touched",
    Exit.FAILED: "git, the system or a command failed; taken back",
    Exit.UNDECIDED: "cannot decide alone: `archive.recover` says what to look at",
    Exit.BLOCKED: "staged, but the commit was refused (hook, identity, signing); `archive.commit` resumes",
    Exit.UNPUSHED: "committed, not pushed",
    Exit.UNPLANNED: "committed, but a hook changed what; it says how to go back",
    Exit.BUSY: "another run is at work in this repository",
    Exit.INTERRUPTED: "interrupted; what was not finished is taken back",
    Exit.TERMINATED: "terminated; what was not finished is taken back",
}
"""What each exit code tells whoever called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong, as a person needs to hear it.

    Attributes:
        code: a stable kebab-case name, such as ``plan-unknown-key``.
        where: a place: ``mothball.toml:12:5: archive[0].reason``, a path, a branch.
        found: what is there, as a clause without a full stop.
        expected: what should be there instead; empty where ``found`` says it all.
        remedy: what to do about it, in the imperative.
        exit: the exit code that it asks for when it blocks a run.
        blocking: whether it stops a run; what does not is a notice.
    """

    code: str
    where: str
    found: str
    expected: str = ""
    remedy: str = ""
    exit: Exit = Exit.FINDINGS
    blocking: bool = True

    def __str__(self) -> str:
        """Join the parts to one line."""
        clause = f"{self.found}; expected {self.expected}" if self.expected else self.found
        sentence = f"{clause}." if self.remedy == "" else f"{clause}. {self.remedy}"
        return f"{self.where}: {sentence}" if self.where else sentence


class MothballError(Exception):
    """The base of every error that a user can cause; carries its exit code."""

    exit: ClassVar[Exit] = Exit.FAILED

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class PlanError(MothballError):
    """The plan has mistakes; nothing was touched."""

    exit = Exit.PLAN


class Findings(MothballError):
    """A check failed; the repository is as it was before."""

    exit = Exit.FINDINGS


class Refused(MothballError):
    """The repository is in no state to act on; nothing was touched."""

    exit = Exit.REFUSED


class Failed(MothballError):
    """A system call, git or a user's command failed; everything was rolled back."""

    exit = Exit.FAILED


class Undecided(MothballError):
    """Recovery needs a person."""

    exit = Exit.UNDECIDED


class CommitBlocked(MothballError):
    """Everything is staged, but git did not commit; ``archive.commit`` resumes."""

    exit = Exit.BLOCKED


class NotPushed(MothballError):
    """The commit is made but not pushed."""

    exit = Exit.UNPUSHED


class Unplanned(MothballError):
    """The commit is made, but a hook changed what it holds."""

    exit = Exit.UNPLANNED


class Busy(MothballError):
    """Another run holds the lock."""

    exit = Exit.BUSY
