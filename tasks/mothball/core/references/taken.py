"""Which places of a text are claimed already, for the readers that take what is left."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace

from mothball.core.references.claims import Claim

Spans = dict[int, list[tuple[int, int]]]


@dataclass(slots=True)
class Taken:
    """The claimed places, by line: first column, and the column after the last."""

    resolved: Spans = field(default_factory=dict)
    vain: Spans = field(default_factory=dict)
    _tidy: bool = False

    def add(self, claim: Claim, *, found: bool) -> None:
        """Note the place of a claim, and whether it found something."""
        spans = self.resolved if found else self.vain
        spans.setdefault(claim.line, []).append((claim.column, claim.column + len(claim.text)))
        self._tidy = False

    def left(self, claim: Claim) -> Claim | None:
        """Return what is left of a claim where others were before it; ``None`` where they found something."""
        if not self._tidy:
            self.resolved, self.vain = _merged(self.resolved), _merged(self.vain)
            self._tidy = True
        if _overlaps(self.resolved, claim):
            return None
        # Whoever knows the format looked in vain: then it is at most something that people read.
        return replace(claim, prose=True) if not claim.prose and _overlaps(self.vain, claim) else claim


@dataclass(slots=True)
class Outermost:
    """Places of a line of which none lies in another, so that beginnings and ends both ascend."""

    _firsts: list[int] = field(default_factory=list)
    _lasts: list[int] = field(default_factory=list)

    def add(self, first: int, last: int) -> bool:
        """Take a place in, unless it lies in one of them; say whether it did not."""
        before = bisect_right(self._firsts, first)
        if before and self._lasts[before - 1] >= last:
            return False
        inside = slice(bisect_left(self._firsts, first), bisect_right(self._lasts, last))
        self._firsts[inside], self._lasts[inside] = [first], [last]
        return True


def _merged(spans: Spans) -> Spans:
    merged: Spans = {}
    for line, places in spans.items():
        kept = merged[line] = []
        for first, last in sorted(places):
            if kept and first <= kept[-1][1]:
                kept[-1] = (kept[-1][0], max(last, kept[-1][1]))
            else:
                kept.append((first, last))
    return merged


def _overlaps(spans: Spans, claim: Claim) -> bool:
    places = spans.get(claim.line, [])
    before = bisect_left(places, (claim.column + len(claim.text), 0)) - 1
    return before >= 0 and places[before][1] > claim.column
