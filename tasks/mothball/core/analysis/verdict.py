"""The end of the analysis: what comes of it, whether it may be done, and on which grounds."""

from collections.abc import Iterable, Iterator
from typing import Final

from mothball.core.analysis.facts import Facts
from mothball.core.analysis.values import Analysis
from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from mothball.core.markdown import fenced, folded, share, span, table, words
from mothball.core.show import code, count
from mothball.core.steps import COMMIT

PROOFS: Final = ("conservation", "one-to-one", "keep-changed")
"""The checks after a run that prove that nothing was lost."""
ALL: Final = "all"
TOLD: Final = 20
"""Problems told of one kind."""


def state(analysis: Analysis) -> str:
    """Say in a few words where things stand."""
    if analysis.run:
        return "Executed, with findings" if analysis.problems else "Executed"
    if analysis.problems:
        return "Not ready"
    return "Ready to execute" if analysis.moves else "Nothing to do"


def result(facts: Facts) -> Iterator[str]:
    """Yield the lines of the section that compares before and after."""
    old, new = facts.outside
    analysis = facts.analysis
    yield "## 🎯 Result"
    yield ""
    before = [f"{count(old, 'tracked file')} outside of the archive"]
    before += [_holds(place.pattern, place.before) for place in facts.closed]
    after = [f"{count(new, 'tracked file')} outside of the archive"]
    after += [_holds(place.pattern, place.after) for place in facts.closed]
    yield f"**Before**: {', '.join(before)}  "
    yield f"**After**: {', '.join(after)}  "
    if analysis.run:
        what = "of every file that mothball does not write, before and after"
        proved = passed(analysis.outcomes, PROOFS)
        found = "none lost, none gained" if proved else "not all is well: see below"
        yield f"**Contents**: mode and blob id {what}, compared: {found}  "
    else:
        yield "**Contents**: none is touched; every move is a pure rename  "
    all_of_it, single = f"`{analysis.door} archive.undo`", f"`{analysis.door} archive.restore PATH`"
    yield f"**Way back**: {all_of_it} for all of it, {single} for single files"
    message = facts.plan.commit.message.split("\n", 1)[0]
    yield ""
    yield f"**Message**: {words(message)}"


def _holds(pattern: str, paths: tuple[str, ...]) -> str:
    return f"{len(paths):,} in {span(pattern.lstrip('/'))}"


def decision(facts: Facts) -> Iterator[str]:
    """Yield the lines of the section that decides."""
    analysis = facts.analysis
    yield "## ✅ Decision"
    yield ""
    yield from _verdict(facts)
    yield ""
    if analysis.problems:
        yield f"### {'What was found' if analysis.run else 'What stands in the way'}"
        yield ""
        yield from _told(analysis, analysis.problems)
    notices = [each for outcome in analysis.outcomes for each in outcome.problems if not each.blocking]
    if notices:
        yield "### Worth knowing"
        yield ""
        yield from _told(analysis, notices)
    yield "### Grounds"
    yield ""
    yield from _grounds(analysis)
    if facts.plan.commands:
        yield (
            f"Not run for this page: {count(len(facts.plan.commands), 'command')} of the plan's own."
            " `archive.all` runs them before and after the moves, and takes everything back where one"
            " newly fails."
        )


def _verdict(facts: Facts) -> Iterator[str]:
    analysis = facts.analysis
    moved, total = len(analysis.moves), len(analysis.before)
    yield f"**Decision**: *{state(analysis)}*  "
    yield f"**Reason**: {reason(analysis)}  "
    old, new = facts.outside
    reduction = f", {share(old - new, old)} fewer outside of the archive" if old else ""
    yield f"**Impact**: {moved:,} of {count(total, 'tracked file')} to the archive{reduction}  "
    if analysis.run:
        since = "" if analysis.run == analysis.head else f"; HEAD is now `{analysis.head.commit}`"
        yield f"**Commit**: `{analysis.run.commit}`{since}  "
    elif analysis.staged:
        yield f"**Staged**: {analysis.staged:,} of {count(moved, 'move')}  "
    yield f"**Next**: {next_step(analysis, 'report.analysis')}"


def reason(analysis: Analysis) -> str:
    """Say on what the decision rests."""
    if analysis.run:
        told = passed(analysis.outcomes, PROOFS)
        proof = "every content is in the tree of after, each at its one place, and the keep set is untouched"
        return proof if told else "the checks of what was conserved do not pass"
    if analysis.problems:
        return f"{count(len(analysis.problems), 'problem')}, below"
    if not analysis.moves:
        return "nothing that the plan archives is left in place"
    return f"all {count(len(analysis.grounds), 'check')} pass"


def next_step(analysis: Analysis, report: str) -> str:
    """Say what to do now; ``report`` is the task that writes what this is said in."""
    if analysis.run:
        since = f"{analysis.base.commit[:12]}..{analysis.run.commit[:12]}" if analysis.base else ""
        push = f"{analysis.door} archive.commit --push"
        return f"look at it with `git log --stat -M {since}`; push it with `{push}`"
    if analysis.problems:
        return f"mend what stands in the way, then `{analysis.door} {report}` again"
    if not analysis.moves:
        return "nothing"
    return f"`{analysis.door} archive.{COMMIT if analysis.staged == len(analysis.moves) else ALL}`"


def passed(outcomes: Iterable[Outcome], codes: Iterable[str]) -> bool:
    """Say whether all of these checks were made and pass."""
    good = {outcome.code for outcome in outcomes if outcome.passed}
    return good.issuperset(codes)


def _grounds(analysis: Analysis) -> Iterator[str]:
    rows = [(code(outcome.code), words(outcome.title), _said(outcome)) for outcome in analysis.grounds]
    yield from table(("Check", "What must hold", "Outcome"), rows)


def _said(outcome: Outcome) -> str:
    number = len(outcome.problems)
    if not outcome.passed:
        return f"**fails**, {count(number, 'finding')}"
    return f"passes, {count(number, 'notice')}" if number else "passes"


def _told(analysis: Analysis, problems: Iterable[Problem]) -> Iterator[str]:
    """Tell problems in a fence: they name files, and nothing in a fence is Markdown."""
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.code, []).append(problem)
    lines: list[str] = []
    for kind in kinds.values():
        for problem in kind[:TOLD]:
            lines += [*([""] if lines else []), *_lines(analysis, problem)]
        lines += ["", f"… and {len(kind) - TOLD:,} more of {kind[0].code}"] if len(kind) > TOLD else []
    yield from fenced(lines)


def _lines(analysis: Analysis, problem: Problem) -> Iterator[str]:
    where = placeless(analysis, problem.where)
    yield f"{where + '  ' if where else ''}({problem.code})"
    clause = f"{problem.found}; expected {problem.expected}" if problem.expected else problem.found
    yield from folded(placeless(analysis, clause) + ".", "  ")
    if problem.remedy:
        yield from folded(placeless(analysis, problem.remedy), "  ")


def placeless(analysis: Analysis, text: str) -> str:
    """Take machine paths out of a text: the root of the work tree, and a plan from elsewhere."""
    root, plan = analysis.root.rstrip("/"), analysis.plan.path
    if plan.startswith("/"):
        text = text.replace(plan, plan.rpartition("/")[2])
    if text == analysis.root:
        return "the repository"
    return text.replace(root + "/", "").replace(root, "the repository") if root else text
