"""What the HTML report shows, as plain values for its template; every number comes from the analysis."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mothball.core.analysis.facts import Facts, Measure
from mothball.core.analysis.files import NEITHER, Files, grouped
from mothball.core.analysis.values import Analysis, Promise
from mothball.core.analysis.verdict import PROOFS, next_step, passed, placeless, reason, state
from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from mothball.core.markdown import change, cut, reduction
from mothball.core.show import count, listing, visible
from mothball.core.steps import managed_paths
from mothball.core.tree import parent
from mothball.core.treemap import Tile, picture

COLOURS: Final = 8
"""Colours of categories; further ones begin again."""
TOLD: Final = 50
"""Problems of one check that are told."""
NAMED: Final = 500
"""References that are listed."""
_LEFT: Final = 24
_FEW: Final = 3
_TONES: Final = {"Executed": "good", "Ready to execute": "good", "Nothing to do": "plain"}

Values = dict[str, Any]


def view(analysis: Analysis) -> Values:
    """Return everything that the template names."""
    facts = Facts(analysis)
    files = Files(facts)
    styles = _styles(files)
    return {
        "plan": analysis.plan,
        "analysis": analysis,
        "state": state(analysis),
        "tone": _TONES.get(state(analysis), "bad"),
        "reason": _begun(reason(analysis)),
        "next": _begun(next_step(analysis, "report.html")),
        "figures": list(_figures(facts)),
        "pictures": _pictures(facts, files, styles),
        "kinds": [{"kind": kind, "style": styles[kind.key]} for kind in files.kinds],
        "impact": [_impact(row, facts) for row in facts.measures],
        "broken": [_broken(facts, each) for each in analysis.promises if each.broken],
        "references": _references(analysis),
        "checks": [_check(analysis, each) for each in analysis.grounds],
        "proofs": list(_proofs(facts)),
        "categories": [_category(group, styles) for group in facts.groups],
        "undo": list(_undo(analysis)),
        "data": _data(files, styles),
    }


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _styles(files: Files) -> Mapping[str, str]:
    """Return the CSS class of each kind."""
    categories = [kind.key for kind in files.kinds if kind.archives]
    found = {kind.key: kind.key for kind in files.kinds}
    return found | {key: f"c{number % COLOURS}" for number, key in enumerate(categories)}


def _figures(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the numbers at the top, each with what it says."""
    analysis = facts.analysis
    old, new = facts.outside
    yield f"{len(analysis.moves):,}", "files archived" if analysis.run else "files to archive"
    fewer = " fewer" if new <= old else ""
    yield f"{old:,} → {new:,}", f"files outside of the archive: {change(old, new)}{fewer}"
    promised = [each for each in analysis.promises if each.promised is not None]
    if promised:
        met = sum(not each.broken for each in promised)
        yield f"{met:,} of {len(promised):,}", "promises met" if analysis.run else "promises will be met"
    good = sum(each.passed for each in analysis.grounds)
    yield f"{good:,} of {len(analysis.grounds):,}", "checks passed"


def _pictures(facts: Facts, files: Files, styles: Mapping[str, str]) -> list[Values]:
    sides = (
        ("Before", files.before, len(facts.analysis.before)),
        ("After", files.after, len(facts.analysis.after)),
    )
    return [
        {
            "name": name,
            "number": number,
            "tiles": [_tile(tile, styles, files, shelved=name == "After") for tile in picture(paths)],
        }
        for name, paths, number in sides
    ]


def _tile(tile: Tile, styles: Mapping[str, str], files: Files, *, shelved: bool) -> Values:
    x, y, width, height = tile.box.rounded
    frame = not tile.kind
    style, title = "frame", tile.title
    if tile.kind:
        kind = next(kind for kind in files.kinds if kind.key == tile.kind)
        style, title = styles[tile.kind], f"{title}: {kind.title}"
        if shelved and kind.archives:
            style += " shelved"
    return {
        "box": [f"{each:g}" for each in (x, y, width, height)],
        "style": style,
        "title": title,
        "lines": tile.lines,
        "at": [f"{each:g}" for each in ((x + 4, y + 12.5) if frame else (x + width / 2, y + height / 2 + 4))],
        "text": "name" if frame else "on pale" if "shelved" in style else "on",
    }


def _impact(row: Measure, facts: Facts) -> Values:
    most = max((max(each.before, each.after) for each in facts.measures), default=0) or 1
    promise = row.promise
    return {
        "name": row.name,
        "place": row.place,
        "before": row.before,
        "after": row.after,
        "change": reduction(row.before, row.after),
        "promised": None if promise is None else promise.promised,
        "met": promise is None or not promise.broken,
        "bars": [max(1 if number else 0, round(100 * number / most)) for number in (row.before, row.after)],
    }


def _broken(facts: Facts, promise: Promise) -> Values:
    return {"promise": promise, "left": cut(facts.matching(promise.patterns), _LEFT)}


def _references(analysis: Analysis) -> Values | None:
    if analysis.references is None:
        return None
    found = analysis.references
    return {
        "breaks": sum(each.breaks for each in found),
        "doubts": sum(each.verdict == "unknown" for each in found),
        "mentions": sum(each.verdict == "mention" for each in found),
        "shown": found[:NAMED],
        "more": len(found) - NAMED,
    }


def _check(analysis: Analysis, outcome: Outcome) -> Values:
    return {
        "code": outcome.code,
        "title": outcome.title,
        "passed": outcome.passed,
        "problems": [_problem(analysis, each) for each in outcome.problems[:TOLD]],
        "more": len(outcome.problems) - TOLD,
    }


def _problem(analysis: Analysis, problem: Problem) -> Values:
    clause = f"{problem.found}; expected {problem.expected}" if problem.expected else problem.found
    return {
        "where": placeless(analysis, problem.where),
        "clause": placeless(analysis, clause),
        "remedy": placeless(analysis, problem.remedy),
        "blocking": problem.blocking,
    }


def _proofs(facts: Facts) -> Iterator[tuple[bool | None, str, str]]:
    """Yield whether something is proved (``None``: not known before a run), what, and how it is seen."""
    analysis = facts.analysis
    ran = analysis.run is not None
    known = [passed(analysis.outcomes, [code]) if ran else None for code in PROOFS]
    told = [_lost(analysis, ran=ran), _pure(analysis, ran=ran), _untouched(facts, ran=ran)]
    titles = ("Nothing is lost", "Every move is a pure rename", "What is kept is untouched")
    yield from zip(known, titles, told, strict=True)


def _lost(analysis: Analysis, *, ran: bool) -> str:
    own = "the pages that mothball writes"
    own += f" and {count(len(analysis.rewritten), 'file')} with links mended" if analysis.rewritten else ""
    all_of_it = f"Mode and content id of {count(len(analysis.before), 'tracked file')}, before and after,"
    return f"{all_of_it} {'are' if ran else 'will be'} compared, but for {own}."


def _pure(analysis: Analysis, *, ran: bool) -> str:
    moves = count(len(analysis.moves), "move")
    if not ran:
        return f"Of {moves}, mode and content id must be the same on both sides, so that history follows."
    pure = sum(analysis.before.get(move.source) == analysis.after.get(move.target) for move in analysis.moves)
    both = "have the same mode and content id on both sides"
    return f"{pure:,} of {moves} {both}, so history follows them."


def _untouched(facts: Facts, *, ran: bool) -> str:
    analysis = facts.analysis
    kept = [path for paths in facts.kept.values() for path in paths]
    written = analysis.rewritten.union(managed_paths(facts.plan)).intersection(kept)
    same = [path for path in kept if path not in written]
    if ran:
        same = [path for path in same if analysis.before.get(path) == analysis.after.get(path)]
    own = f" In {listing(sorted(written), _FEW)} the run writes, as the plan says." if written else ""
    must = "have" if ran else "must have"
    return f"{len(same):,} of {count(len(kept), 'kept file')} {must} the same path, mode and content id.{own}"


def _category(group: Any, styles: Mapping[str, str]) -> Values:
    return {
        "group": group,
        "number": len(group.moves),
        "style": styles.get(f"category:{group.name}", NEITHER),
        "places": list(group.places),
    }


def _undo(analysis: Analysis) -> Iterator[tuple[str, str]]:
    door, how = analysis.door, ", by a new commit" if analysis.run else ""
    yield f"{door} archive.undo", f"takes all of it back{how}"
    yield f"{door} archive.restore PATH", "brings one file or directory back to where it was, years later too"
    yield "git log --follow -- PATH", "shows the history of a file, across the move"
    yield "git mv NEW OLD", "brings a file back where there is no mothball; the index has both paths"


def _data(files: Files, styles: Mapping[str, str]) -> Values:
    """Return the list of files for the page's script: each name of a directory is in it once."""
    folders = Folders()
    kinds = [kind.key for kind in files.kinds]
    groups = []
    for (folder, kind, where), rows in grouped(files.rows).items():
        to = -1 if where is None else folders.number(where)
        names = [_name(row.path, row.target) for row in rows]
        groups.append([folders.number(folder), kinds.index(kind), to, names])
    return {
        "kinds": [[kind.title, styles[kind.key], kind.archives] for kind in files.kinds],
        "folders": [[above, visible(name)] for above, name in folders.rows],
        "groups": groups,
    }


class Folders:
    """Directories by number, each as the number of the one above it and its own name; 0 is the root."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str]] = [(-1, "")]
        self._numbers = {"": 0}

    def number(self, path: str) -> int:
        """Return the number of a directory; it and those above it get one when they have none."""
        missing = []
        while path not in self._numbers:
            missing.append(path)
            path = parent(path)
        number = self._numbers[path]
        for folder in reversed(missing):
            self.rows.append((number, folder.rpartition("/")[2]))
            number = self._numbers[folder] = len(self.rows) - 1
        return number


def _name(path: str, target: str | None) -> str | list[str]:
    name = path[len(parent(path)) :].removeprefix("/")
    other = name if target is None else target.rpartition("/")[2]
    return visible(name) if other == name else [visible(name), visible(other)]
