"""Chains: files that name nothing that goes, but import or include one that a break takes down."""

from collections.abc import Iterable, Mapping

from mothball.core.references.change import Change
from mothball.core.references.claims import Claim, Severity
from mothball.core.references.findings import Direction, Finding, Verdict
from mothball.core.references.needles import needles_of
from mothball.core.references.reader import Reader
from mothball.core.references.reading import Asked, Question, Reading, Way
from mothball.core.show import visible


class Chain:
    """One link more: who imports or includes the files that have fallen so far?"""

    def __init__(
        self, change: Change, fallen: Mapping[str, Finding], fresh: Iterable[str] | None = None
    ) -> None:
        """Take the files that fall, each with the finding that says why; ``fresh`` are the latest of them."""
        self._change = change
        self._fallen = fallen
        needles = needles_of(frozenset(fallen if fresh is None else fresh), change.after)
        self.question = Question(paths=fallen.keys(), needles=needles)
        self.found: dict[str, Finding] = {}

    @property
    def reached(self) -> list[str]:
        """The files that chains have reached so far."""
        return [file for file, finding in self._fallen.items() if finding.severity is Severity.TRANSITIVE]

    def wanted(self, files: Mapping[str, str]) -> Asked:
        """Say how files, given with their blobs, are read: all that neither move nor have fallen."""
        fallen, moved = self._fallen, self._change.origins
        left = {path: blob for path, blob in files.items() if path not in fallen and path not in moved}
        return Asked(left, usual=Way.CHAIN)

    def feed(self, file: str, reading: Reading) -> None:
        """Look at what was read of one more file of after."""
        if not isinstance(reading, tuple):
            return
        for read in reading:
            for claim in read.claims:
                hit = self._change.after.find(read.reader.paths(claim, file, self._change.after))
                if hit in self._fallen and hit is not None and self._is_sure(read.reader, claim, file):
                    self.found[file] = _finding(self._fallen[hit], hit, file, claim)
                    return

    def _is_sure(self, reader: Reader, claim: Claim, file: str) -> bool:
        """Say whether all that a claim may mean falls: a variable in it stands for any one of several."""
        world = self._change.after
        paths = reader.paths(claim, file, world) if "*" in claim.wanted else ()
        return all(path in self._fallen for one in paths for path in world.matches(one))

    def next(self) -> "Chain | None":
        """Return the chain of those that were found now, ``None`` at its end."""
        return Chain(self._change, {**self._fallen, **self.found}, self.found) if self.found else None


def _finding(cause: Finding, through: str, file: str, claim: Claim) -> Finding:
    return Finding(
        verdict=Verdict.BREAK,
        severity=Severity.TRANSITIVE,
        direction=Direction.INBOUND,
        file=file,
        line=claim.line,
        column=claim.column,
        kind=claim.kind,
        target=claim.text,
        old_path=cause.old_path,
        new_path=cause.new_path,
        evidence=f"it needs {visible(through)}, which breaks: {cause.evidence}",
        remedy=f"Mend {cause.where} first.",
    )
