"""Hold what the engine finds against the labels."""

from collections.abc import Iterable
from dataclasses import dataclass

from mothball.core.references.claims import Severity
from mothball.core.references.findings import Finding, Verdict
from tests.accuracy.pictures import Mark, Picture, Sort
from tests.core.references.world import compared, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was right and wrong about one picture."""

    picture: Picture
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    graded: tuple[str, ...] = ()

    @property
    def wrong(self) -> list[str]:
        """Return one line for each mistake."""
        return [
            *(f"missed: {one}" for one in self.missed),
            *(f"false: {one}" for one in self.false),
            *(f"severity: {one}" for one in self.graded),
        ]

    @property
    def name(self) -> str:
        """Return the kind and the name."""
        return f"{self.picture.kind}/{self.picture.name}"


def score(picture: Picture) -> Score:
    """Run the engine on a picture and compare with its labels."""
    result = compared(picture.before, picture.moves, after=picture.edited, links=picture.links, chains=True)
    breaks = [one for one in result.findings if one.verdict is Verdict.BREAK]
    unknown = [one for one in result.findings if one.verdict is Verdict.UNKNOWN]
    expected = [mark for mark in picture.marks if mark.sort is not Sort.EITHER]
    met = {mark: _met(mark, breaks, unknown, picture) for mark in expected}
    return Score(
        picture=picture,
        found=tuple(str(mark) for mark, by in met.items() if by),
        missed=tuple(str(mark) for mark, by in met.items() if not by),
        false=tuple(shown(one) for one in breaks if not _is_labelled(one, picture)),
        graded=tuple(_graded(met)),
    )


def _met(
    mark: Mark, breaks: Iterable[Finding], unknown: Iterable[Finding], picture: Picture
) -> list[Finding]:
    """Return what says the mark; a text that is malformed may be called unknown as a whole."""
    found = [one for one in breaks if _agree(mark, one, picture)]
    if mark.sort is Sort.UNKNOWN:
        found += [one for one in unknown if one.file == mark.file]
    return found


def _agree(mark: Mark, finding: Finding, picture: Picture) -> bool:
    """Say whether both are about one place; a symbolic link and a file itself have no line of their own."""
    heading = mark.line == 0
    files = {mark.file, *(old for old in picture.before if heading and picture.home(old) == mark.file)}
    lines = {0, 1} if heading and mark.file in picture.links else {mark.line}
    if finding.file not in files or finding.line not in lines:
        return False
    if mark.sort in {Sort.CHAIN, Sort.UNKNOWN, Sort.EITHER}:
        return True
    one, other = f"{mark.old_path}/", f"{finding.old_path}/"
    return one.startswith(other) or other.startswith(one)


def _is_labelled(finding: Finding, picture: Picture) -> bool:
    return any(_agree(mark, finding, picture) for mark in picture.marks)


def _graded(met: dict[Mark, list[Finding]]) -> Iterable[str]:
    for mark, findings in met.items():
        wanted = Severity.TRANSITIVE if mark.sort is Sort.CHAIN else mark.severity
        if wanted and findings and all(one.severity != wanted for one in findings):
            yield f"{mark} is {findings[0].severity}, not {wanted}"
