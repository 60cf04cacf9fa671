"""What a check is, and how checks are run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from mothball.core.errors import Exit, Problem

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found; ``problems`` may hold notices, which do not fail it."""

    code: str
    title: str
    problems: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Say whether nothing that the check found stops a run."""
        return not any(problem.blocking for problem in self.problems)


class Check(Generic[Case]):
    """One question about a case. A subclass has a ``code``, a one-line docstring (its title) and `find`."""

    code: ClassVar[str]
    exit: ClassVar[Exit] = Exit.FINDINGS
    known: ClassVar[list[type["Check[Any]"]]]

    def __init_subclass__(cls) -> None:
        """Register the check with its family, the class that declares ``known``."""
        if "code" in cls.__dict__:
            cls.known.append(cls)

    def find(self, case: Case) -> Iterator[Problem]:
        """Yield what is wrong."""
        raise NotImplementedError

    def problem(
        self, where: str, found: str, expected: str = "", remedy: str = "", *, blocking: bool = True
    ) -> Problem:
        """Return a problem with this check's code and exit code."""
        return Problem(
            code=self.code,
            where=where,
            found=found,
            expected=expected,
            remedy=remedy,
            exit=self.exit,
            blocking=blocking,
        )


def examine(family: type[Check[Case]], case: Case) -> tuple[Outcome, ...]:
    """Run every check of a family on a case."""
    outcomes = []
    for kind in family.known:
        title = (kind.__doc__ or "").strip().splitlines()[0].removesuffix(".")
        outcomes.append(Outcome(code=kind.code, title=title, problems=tuple(kind().find(case))))
    return tuple(outcomes)


def blocking(outcomes: Iterable[Outcome]) -> list[Problem]:
    """Return the problems that stop a run."""
    return [problem for outcome in outcomes for problem in outcome.problems if problem.blocking]
