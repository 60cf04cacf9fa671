"""Rewrite the references that can be rewritten without a guess, and prove that each then finds its target."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mothball.core.references.change import Change
from mothball.core.references.compare import judge
from mothball.core.references.findings import Finding, Verdict
from mothball.core.references.reading import read_text
from mothball.core.references.rewrites import rewritten
from mothball.core.references.sought import Everything
from mothball.core.references.texts import Lines, decoded

_FEW: Final = 12
"""Rewritings that are tried one by one where all together cannot be proved."""

Place = tuple[int, int]
"""Line and column, from 1."""
Edits = Mapping[Place, tuple[str, str]]
"""Old and new words, by their places."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a file.

    Attributes:
        content: its new content.
        written: the places of the breaks that were rewritten.
        mended: the places of breaks that find their target again by that.
    """

    content: bytes
    written: frozenset[Place] = frozenset()
    mended: frozenset[Place] = frozenset()


def fixed(
    content: bytes,
    file: str,
    findings: Iterable[Finding],
    wanted: Iterable[Finding],
    change: Change,
    *,
    ours: Container[int] = (),
) -> Fixed:
    """Return a file with its wanted, fixable breaks rewritten, as far as that is proved.

    The proof: the new text is read again, and has no break that was not there before. Where it has fewer than
    the rewritten ones account for, it still says all that it said. What stands in the lines ``ours`` is no
    break.
    """
    found = decoded(content)
    if found is None or found[0].encode(found[1], "replace") != content:
        return Fixed(content)
    text, encoding = found
    breaks = [one for one in findings if one.verdict is Verdict.BREAK and not one.follows]
    edits = {
        (one.line, one.column): (one.target, new) for one in wanted if (new := rewritten(one)) is not None
    }
    trial = _Trial(text, file, breaks, change, ours)
    done: Edits = edits
    mended = trial.mended_by(edits)
    if mended is None:
        done, mended = _one_by_one(trial, edits)
    edited = _edited(text, done)
    assert edited is not None
    return Fixed(edited.encode(encoding), frozenset(done), mended)


def _one_by_one(trial: "_Trial", edits: Edits) -> tuple[Edits, frozenset[Place]]:
    """Return those of the edits that are proved after each other, and what they mend."""
    done: dict[Place, tuple[str, str]] = {}
    found = frozenset[Place]()
    for place, words in sorted(edits.items()) if len(edits) <= _FEW else ():
        mended = trial.mended_by({**done, place: words})
        if mended is not None:
            done[place], found = words, mended
    return done, found


@dataclass(frozen=True)
class _Trial:
    """A text with its breaks, to try edits on."""

    text: str
    file: str
    breaks: list[Finding]
    change: Change
    ours: Container[int]

    @cached_property
    def said(self) -> Counter[tuple[str, int]]:
        """What the text claims before anything is edited."""
        return self._says(self.text)

    def mended_by(self, edits: Edits) -> frozenset[Place] | None:
        """Return the places of the other breaks that edits mend; ``None`` where they cannot be proved."""
        edited = _edited(self.text, edits)
        if edited is None:
            return None
        judged = judge(read_text(edited, self.file, self.change.names_for(self.file)), self.file, self.change)
        left = Counter(
            (one.line, one.target)
            for one in judged.findings
            if one.verdict is Verdict.BREAK and one.line not in self.ours
        )
        mended = set[Place]()
        for one in self.breaks:
            place = one.line, one.column
            if place in edits:
                continue
            if left[one.line, one.target]:
                left[one.line, one.target] -= 1
            else:
                mended.add(place)
        if left.total() or (mended and self._says(edited) != self.said):
            return None
        return frozenset(mended)

    def _says(self, text: str) -> Counter[tuple[str, int]]:
        """Count what a text claims, found or not, by kind and line; of words, a new path may have more."""
        reading = read_text(text, self.file, Everything())
        claims = (claim for read in reading if not read.reader.gleans for claim in read.claims)
        return Counter((claim.kind, claim.line) for claim in claims)


def _edited(text: str, edits: Edits) -> str | None:
    """Put the new words where the old ones are; ``None`` where a place holds another, or part of one."""
    lines = Lines(text)
    kept, done = list[str](), 0
    for (line, column), (old, new) in sorted(edits.items()):
        at = lines.offset(line, column) if line else -1
        if at < done or lines.at(at) != (line, column) or not text.startswith(old, at):
            return None
        kept += [text[done:at], new]
        done = at + len(old)
    return "".join([*kept, text[done:]])
