"""What a GitHub workflow shows: annotations beside the lines, and a job summary."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from mothball.core.checks import Outcome, blocking
from mothball.core.errors import Problem
from mothball.core.markdown import cut, fenced, folded, table
from mothball.core.references.causes import by_cause
from mothball.core.references.findings import Comparison, Direction, Finding, Verdict
from mothball.core.show import count, prose

LISTED: Final = 50
"""What is told one by one, problems and causes: GitHub takes a mebibyte, people less."""
_PLACE: Final = re.compile(r"(?P<file>.+?):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*)(?:: .*)?", re.DOTALL)
_LEVELS: Final = {Verdict.BREAK: "error", Verdict.UNKNOWN: "warning"}


def tell(annotations: Iterable[str], summary: Sequence[str]) -> None:
    """Print annotations, and append a summary to the file that GitHub names for it, if it does."""
    sys.stdout.writelines(line + "\n" for line in annotations)
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(place).open("a", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in summary)


def of_problems(found: Iterable[Problem]) -> Iterator[str]:
    """Yield problems as workflow commands, with the place in a file where there is one."""
    for problem in found:
        place = _PLACE.fullmatch(problem.where)
        spot = problem.where
        if place:
            spot, line, column = place.group("file", "line", "column")
            properties = f"file={_property(spot)},line={line},col={column},"
        else:
            # A place is a file, or whatever else names it: the root, HEAD, a command.
            properties = f"file={_property(spot)}," if _is_relative(spot) else ""
        level = "error" if problem.blocking else "warning"
        yield f"::{level} {properties}title={_property(problem.code)}::{_data(str(problem))}"


def of_outcomes(found: Iterable[Outcome]) -> Iterator[str]:
    """Yield all that checks found as workflow commands."""
    for outcome in found:
        yield from of_problems(outcome.problems)


def of_findings(found: Comparison) -> Iterator[str]:
    """Yield one workflow command for each cause of breaks and doubtful places, at the first of its places."""
    causes = by_cause(_told(found))
    for some in causes[:LISTED]:
        finding = some[0]
        more = f" {len(some) - 1:,} more like this; --json lists all." if len(some) > 1 else ""
        place = f"file={_property(finding.file)}"
        if finding.line:
            place += f",line={finding.line},col={finding.column}"
        message = _data(f"{finding.evidence}. {finding.remedy}{more}")
        yield f"::{_LEVELS[finding.verdict]} {place},title={finding.code}::{message}"
    if len(causes) > LISTED:
        yield f"::warning title=references::and {len(causes) - LISTED:,} more causes; --json lists all"


def summary_of_problems(name: str, found: Sequence[Problem]) -> list[str]:
    """Return Markdown that says why a task did nothing."""
    return [f"### mothball {name}: refused", "", *_listed(map(_problem, found))]


def summary_of_outcomes(name: str, found: Sequence[Outcome]) -> list[str]:
    """Return Markdown with one row a check, and what they found."""
    verdict = "failed" if blocking(found) else "passed"
    rows = [
        ("pass" if outcome.passed else "**fail**", f"`{outcome.code}`", prose(outcome.title))
        for outcome in found
    ]
    problems = [problem for outcome in found for problem in outcome.problems]
    head = [f"### mothball {name}: {verdict}", "", *table(("", "check", "what it asks"), rows)]
    return [*head, *_listed(map(_problem, problems))]


def summary_of_findings(found: Comparison) -> list[str]:
    """Return Markdown with the breaks and doubtful places."""
    breaks = found.breaks()
    files = count(len({one.file for one in breaks}), "file")
    said = f"{count(len(breaks), 'break')} in {files}" if breaks else "nothing breaks"
    head = f"### mothball validate.references: {said}"
    read = f"Read {count(found.files_read, 'file')}, skipped {len(found.skipped):,}."
    return [head, "", read, "", *_listed(map(_finding, _told(found)))]


def _told(found: Comparison) -> Iterator[Finding]:
    for finding in found.findings:
        if finding.direction is Direction.INBOUND and finding.verdict in _LEVELS:
            yield finding


def _problem(problem: Problem) -> tuple[str, str]:
    where = f"{problem.where}  {problem.code}" if problem.where else problem.code
    clause = f"{problem.found}; expected {problem.expected}" if problem.expected else problem.found
    return where, f"{clause}. {problem.remedy}"


def _finding(finding: Finding) -> tuple[str, str]:
    head = f"{finding.where}  {finding.kind} {finding.target}"
    return head, f"{finding.evidence}. {finding.remedy}"


def _listed(found: Iterable[tuple[str, str]]) -> list[str]:
    """Return a fence with head and text of each: nothing in there is read as Markdown."""
    rows = ["\n".join((*folded(head), *folded(text, "  "))) for head, text in found]
    lines = [line for row in cut(rows, LISTED) for line in row.split("\n")]
    return fenced(lines, "text") if lines else []


def _is_relative(place: str) -> bool:
    return bool(place) and not place.startswith("/") and Path(place).is_file()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
