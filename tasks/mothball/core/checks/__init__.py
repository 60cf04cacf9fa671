"""Checks: each a class of a few lines with a stable code. Defining one is all it takes to add one."""

from mothball.core.checks.base import Check, Outcome, blocking, examine
from mothball.core.checks.guard import Brought, GuardCheck
from mothball.core.checks.links import LinksHold
from mothball.core.checks.names import NamesApartFromGit, NamesFit
from mothball.core.checks.plan import PlanCheck
from mothball.core.checks.references import ReferenceCheck, Referring
from mothball.core.checks.repository import RepositoryCheck
from mothball.core.checks.result import CommitCheck, ResultCheck, breaks_of
from mothball.core.checks.rules import DestinationsSeen

__all__ = [
    "Brought",
    "Check",
    "CommitCheck",
    "DestinationsSeen",
    "GuardCheck",
    "LinksHold",
    "NamesApartFromGit",
    "NamesFit",
    "Outcome",
    "PlanCheck",
    "ReferenceCheck",
    "Referring",
    "RepositoryCheck",
    "ResultCheck",
    "blocking",
    "breaks_of",
    "examine",
]
