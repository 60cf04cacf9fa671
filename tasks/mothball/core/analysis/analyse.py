"""The archive analysis: one page that says what a repository holds, what moves, why, and whether it may."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from mothball.core.analysis.facts import Closed, Facts, Group, Measure
from mothball.core.analysis.steps import execution_plan
from mothball.core.analysis.values import Analysis, Promise
from mothball.core.analysis.verdict import decision, result, state
from mothball.core.branches import directory_tree, file_tree
from mothball.core.markdown import cut, fenced, folded, reduction, share, span, table, words
from mothball.core.show import code, count
from mothball.core.steps import managed_paths

MARK: Final = "<!-- mothball:analysis/1 (written by report.analysis, which replaces this file) -->"
"""The first line of the page, by which a later run knows that it may replace the file."""
LISTED: Final = 24
"""Files listed of one category."""
_PATTERNS: Final = 3
_ROOT: Final = 60


def is_analysis(content: bytes) -> bool:
    """Say whether a file is an earlier analysis of ours, whatever its version."""
    return content.split(b"\n", 1)[0].strip().startswith(b"<!-- mothball:analysis/")


def analysis_page(analysis: Analysis) -> str:
    """Return the document, planned before a run and measured after it: same values, same bytes."""
    facts = Facts(analysis)
    sections: tuple[Callable[[Facts], Iterable[str]], ...] = (
        *(_head, _current, _kept, _archived, _structure, _clean, _impact),
        *(execution_plan, result, decision),
    )
    parts = ["\n".join(section(facts)).strip("\n") for section in sections]
    return MARK + "\n\n" + "\n\n---\n\n".join(parts) + "\n"


def _head(facts: Facts) -> Iterator[str]:
    plan, analysis = facts.plan, facts.analysis
    yield f"# Archive Analysis - {words(plan.title)}"
    yield ""
    rows = [("Purpose", words(plan.purpose)), ("Principle", words(plan.principle))]
    rows.append(("Status", f"*{state(analysis)}*"))
    if analysis.run and analysis.base:
        rows.append(("Before", f"commit `{analysis.base.commit}`, tree `{analysis.base.tree}`"))
        rows.append(("After", f"commit `{analysis.run.commit}`, tree `{analysis.run.tree}`"))
    else:
        extra = f", with {count(analysis.others, 'path')} staged by others" if analysis.others else ""
        rows.append(("Measured", f"commit `{analysis.head.commit}`, tree `{analysis.head.tree}`{extra}"))
    rows.append(("Plan", f"{span(plan.path.rpartition('/')[2])}, digest `{plan.digest[:12]}`"))
    yield "  \n".join(f"**{name}**: {text}" for name, text in rows if text)


def _current(facts: Facts) -> Iterator[str]:
    total = len(facts.analysis.before)
    yield "## 📊 Current State"
    yield ""
    yield f"What git tracks, before anything {'moved' if facts.analysis.run else 'moves'}:"
    yield ""
    goes = "Archived" if facts.analysis.run else "To archive"
    rows = [(f"{goes}: {words(group.title)}", len(group.moves)) for group in facts.groups if group.moves]
    rows += [(f"Kept: {words(keep.title)}", len(facts.kept[keep.key])) for keep in facts.plan.keep]
    old = sum(facts.is_archived(path) for path in facts.analysis.before)
    rows += [("In the archive already", old)] if old else []
    some = [code(path) for path in facts.neither[:_PATTERNS]]
    some += [f"{len(facts.neither) - _PATTERNS:,} more"] if len(facts.neither) > _PATTERNS else []
    rows += [(f"Neither kept nor archived{': ' if some else ''}{', '.join(some)}", len(facts.neither))]
    cells = [[text, f"{number:,}", share(number, total)] for text, number in rows]
    cells.append(["**All tracked files**", f"**{total:,}**", share(total, total)])
    yield from table(("What", "Files", "Share"), cells, right=(1, 2))
    for place in facts.closed:
        yield from _place(facts, place)
    yield from _assessment(facts)


def _place(facts: Facts, place: Closed) -> Iterator[str]:
    """Say of one closed place what is in it before."""
    here = frozenset(place.before)
    goes = "archived" if facts.analysis.run else "to archive"
    yield f"### {span(place.pattern.lstrip('/'))} ({count(len(here), 'file')})"
    yield ""
    for group in facts.groups:
        moves = [move for move in group.moves if move.source in here]
        if moves:
            yield f"- {len(moves):,} {goes}: {words(group.title)} ({_patterns(group)})"
    kept = sum(path in here for paths in facts.kept.values() for path in paths)
    neither = [path for path in facts.neither if path in here]
    yield f"- {kept:,} kept"
    yield f"- {len(neither):,} neither kept nor archived"
    yield ""
    if neither:
        yield from fenced(cut(neither, LISTED))


def _patterns(group: Group) -> str:
    shown = ", ".join(span(pattern) for pattern in group.patterns[:_PATTERNS])
    left = len(group.patterns) - _PATTERNS
    return f"{shown} and {count(left, 'more pattern')}" if left > 0 else shown


def _assessment(facts: Facts) -> Iterator[str]:
    moving, total = len(facts.moving), len(facts.analysis.before)
    there = [(place, sum(path in facts.moving for path in place.before)) for place in facts.closed]
    shares = [f"{number:,} of {len(place.before):,} in {_name(place)}" for place, number in there if number]
    stays = [f"{count(len(place.after), 'file')} in {_name(place)}" for place in facts.closed]
    used = [group for group in facts.groups if group.moves]
    yield "### Assessment"
    yield ""
    part = f"{moving:,} of {count(total, 'tracked file')} ({share(moving, total)})"
    where = f": {', '.join(shares)}" if shares else ""
    yield f"**Problem**: {part} are what this plan archives{where}  "
    left = f"; what stays: {', '.join(stays)}" if stays else ""
    yield (
        f"**Solution**: Move them to {span(facts.plan.home)} in"
        f" {count(len(used), 'category')}, no content touched{left}"
    )


def _name(place: Closed) -> str:
    return span(place.pattern.lstrip("/"))


def _kept(facts: Facts) -> Iterator[str]:
    yield "## ✅ KEEP (Production Essentials)"
    yield ""
    for keep in facts.plan.keep:
        paths = facts.kept[keep.key]
        yield f"### {words(keep.title) or 'Kept'} ({count(len(paths), 'file')})"
        yield ""
        yield from fenced(file_tree(paths) if paths else ["(no tracked file)"])
    if not facts.plan.keep:
        yield "The plan names no keep set: what no category takes stays where it is."


def _archived(facts: Facts) -> Iterator[str]:
    yield "## 📦 ARCHIVE (Experimental)"
    yield ""
    for number, group in enumerate(facts.groups, 1):
        files = count(len(group.moves), "file")
        files += f", {group.earlier:,} archived earlier" if group.earlier else ""
        differs = group.expect is not None and group.expect != len(group.moves) + group.earlier
        files += f"; the plan expects {group.expect:,}" if differs else ""
        yield f"### Category {number}: {words(group.title)} ({files})"
        yield ""
        for place, moves in group.places.items():
            part = f" ({count(len(moves), 'file')})" if len(group.places) > 1 else ""
            yield f"Archive to: {span(place)}{part}"
            yield ""
            yield from fenced(cut([move.source for move in moves], LISTED))
        yield f"**Reason**: {words(group.reason)}"
        yield ""


def _structure(facts: Facts) -> Iterator[str]:
    yield "## 📁 Proposed Archive Structure" if not facts.analysis.run else "## 📁 Archive Structure"
    yield ""
    notes: dict[str, list[str]] = {}
    for group in facts.groups:
        for place in group.places:
            notes.setdefault(place, []).append(group.title)
    said = {place: "; ".join(titles) for place, titles in notes.items()}
    yield from fenced(directory_tree(facts.archive, said) or ["(nothing is archived)"])
    if facts.archive:
        ledger, index = managed_paths(facts.plan)[:2]
        yield f"{span(index)} is its index; {span(ledger)} records every move, its reason and its category."


def _clean(facts: Facts) -> Iterator[str]:
    old, new = ({_top(path) for path in tree} for tree in (facts.analysis.before, facts.analysis.after))
    yield "## 🎯 After Archiving: Clean Structure"
    yield ""
    changed = [f"{len(old):,} before"] if len(old) != len(new) else ["as many as before"]
    changed += [f"{span(name)} is new" for name in sorted(new - old)[:_PATTERNS]]
    changed += [f"{span(name)} is gone" for name in sorted(old - new)[:_PATTERNS]]
    yield f"### Root Directory ({count(len(new), 'item')}; {', '.join(changed)})"
    yield ""
    yield from fenced(folded(", ".join(cut(sorted(new), _ROOT))))
    for place in facts.closed:
        yield f"### {_name(place)} ({count(len(place.after), 'file')}, {len(place.before):,} before)"
        yield ""
        yield from fenced(file_tree(place.after) or ["(no tracked file)"])


def _top(path: str) -> str:
    name, slash, _ = path.partition("/")
    return name + slash


def _impact(facts: Facts) -> Iterator[str]:
    promises = facts.analysis.promises
    how = "measured" if facts.analysis.run else "as the plan leaves it"
    yield "## 📊 Impact"
    yield ""
    rows = [_row(each) for each in facts.measures]
    yield from table(("Metric", "Before", f"After ({how})", "Reduction", "Promised"), rows, right=(1, 2, 3))
    if facts.new_pages:
        own = " and ".join(span(path) for path in facts.new_pages)
        yield f"{own} {'is' if len(facts.new_pages) == 1 else 'are'} new: the archive's own record."
        yield ""
    for each in promises:
        if each.broken:
            yield from _broken(facts, each)


def _row(row: Measure) -> tuple[str, ...]:
    promise, old, new = row.promise, row.before, row.after
    name = f"Files in {code(row.place)}" if row.place else words(row.name)
    told = ""
    if promise and promise.promised is not None:
        told = f"{promise.promised:,}, {'**not met**' if promise.broken else 'met'}"
    return name, f"{old:,}", f"{new:,}", reduction(old, new), told


def _broken(facts: Facts, promise: Promise) -> Iterator[str]:
    left = facts.matching(promise.patterns)
    what = f" What it {'counts' if facts.analysis.run else 'still counts once everything is archived'}:"
    yield (
        f"**Not met: {words(promise.name)}**: promised {promise.promised:,}, measured {promise.after:,}."
        f"{what if left else ''}"
    )
    if left:
        yield ""
        yield from fenced(cut(left, LISTED))
    else:
        yield ""
