"""What is wrong, as a person sees it: problems, notices, and what each check found."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from mothball.cli.documents import problems
from mothball.cli.terminal import console, hang, mark, print_json, rows, shown
from mothball.core.checks import Outcome
from mothball.core.errors import Exit, MothballError, Problem
from mothball.core.show import count

ALIKE: Final = 5
"""Problems of one kind that are told one by one; `--json` has them all."""
MISTAKES: Final = 50
"""The same for a plan: somebody is going through it line by line."""
REFUSED: Final = 10
"""The same for a run that is refused: whoever mends the first ten asks again."""
FORESEEN: Final = 100
"""The same for a plan that is only looked at: whoever asks what is in the way wants to see it."""
_ALL: Final = {"reference-breaks": "`validate.references` shows them by cause and, with --json, all"}
_UNTOUCHED: Final = frozenset({Exit.PLAN, Exit.REFUSED, Exit.BUSY})
_INDENT: Final = Text("  ")


def show_problems(error: MothballError, *, as_json: bool) -> None:
    """Print why nothing was done, or what went wrong."""
    screen = console(error=True)
    tell(error.problems, screen, MISTAKES if error.exit == Exit.PLAN else REFUSED)
    total = f"{count(len(error.problems), 'problem')}. " if len(error.problems) > 1 else ""
    rest = "Nothing was touched." if error.exit in _UNTOUCHED else ""
    if error.exit == Exit.FINDINGS:
        rest = "The repository is as it was before."
    if total or rest:
        screen.print(Text(total + rest, style="bold"))
    if as_json:
        print_json(problems(error.problems, int(error.exit)))


def tell(found: Sequence[Problem], screen: Console, alike: int = ALIKE) -> None:
    """Print problems in their order, so many of a kind, and after these how many more there are of it."""
    total = Counter(problem.code for problem in found)
    told: Counter[str] = Counter()
    advice = ""
    for problem in found:
        told[problem.code] += 1
        if told[problem.code] > alike:
            continue
        _tell_one(problem, screen, repeated=problem.remedy == advice)
        advice = problem.remedy
        if told[problem.code] == alike < total[problem.code]:
            everything = _ALL.get(problem.code, "--json lists all")
            rest = f"and {total[problem.code] - alike:,} more of this kind; {everything}"
            hang(screen, _INDENT, Text(rest, style="dim"))


def _tell_one(problem: Problem, screen: Console, *, repeated: bool) -> None:
    where = f"{problem.where}  " if problem.where else ""
    head = Text.assemble(shown(where, "bold"), (problem.code, "dim"))
    hang(screen, mark("blocked" if problem.blocking else "notice", screen), head)
    clause = f"{problem.found}; expected {problem.expected}" if problem.expected else problem.found
    hang(screen, _INDENT, shown(clause + "."))
    if problem.remedy and not repeated:
        hang(screen, _INDENT, shown(problem.remedy, "dim"))


def notices(outcomes: Iterable[Outcome]) -> list[Problem]:
    """Return what the checks found that stops nothing; of one place found twice, what was found last."""
    found: dict[tuple[str, ...], list[Problem]] = {}
    for outcome in outcomes:
        here: dict[tuple[str, ...], list[Problem]] = {}
        for problem in outcome.problems:
            if not problem.blocking:
                here.setdefault((problem.code, problem.where), []).append(problem)
        found |= here
    return [problem for group in found.values() for problem in group]


def show_outcomes(outcomes: Sequence[Outcome], *, brief: bool = False) -> None:
    """Print one line a check (``brief``: none), what each found, and how many passed."""
    screen = console()
    if not brief:
        rows(screen, [_row(outcome, screen) for outcome in outcomes])
    tell([problem for outcome in outcomes for problem in outcome.problems], screen)
    failed = sum(not outcome.passed for outcome in outcomes)
    if failed:
        text = f"{failed:,} of {count(len(outcomes), 'check')} failed."
        screen.print(Text(text, style="bold red"))
    else:
        screen.print(Text(summary(outcomes) + ".", style="bold green"))


def _row(outcome: Outcome, screen: Console) -> list[Text]:
    state = "blocked" if not outcome.passed else "notice" if outcome.problems else "done"
    return [Text.assemble(mark(state, screen), outcome.code), Text(outcome.title)]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Say how many checks passed, and how many notices they left."""
    told = len(notices(outcomes))
    return f"{count(len(outcomes), 'check')} passed" + (f", {count(told, 'notice')}" if told else "")
