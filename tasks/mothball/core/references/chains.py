"""Chains: files that name nothing that goes, but import or include one that a break takes down."""

from collections.abc import Iterable, Mapping

from mothball.core.references.change import Change
from mothball.core.references.claims import Claim, Severity, Unreadable
from mothball.core.references.findings import Direction, Finding, Verdict
from mothball.core.references.needles import needles_of
from mothball.core.references.reader import readers_of
from mothball.core.references.sought import Sought
from mothball.core.references.texts import decode_text
from mothball.core.show import visible


class Chain:
    """One link more: who imports or includes the files that have fallen so far?"""

    def __init__(
        self, change: Change, fallen: Mapping[str, Finding], fresh: Iterable[str] | None = None
    ) -> None:
        """Take the files that fall, each with the finding that says why; ``fresh`` are the latest of them."""
        self._change = change
        self._fallen = fallen
        self.needles = needles_of(frozenset(fallen if fresh is None else fresh), change.after)
        self._sought = Sought(fallen)
        self.found: dict[str, Finding] = {}

    @property
    def reached(self) -> list[str]:
        """The files that chains have reached so far."""
        return [file for file, finding in self._fallen.items() if finding.severity is Severity.TRANSITIVE]

    def feed(self, file: str, content: bytes | int | None) -> None:
        """Look at one more file of after."""
        if file in self._fallen or file in self._change.origins or not isinstance(content, bytes):
            return
        if self.needles.are_in(content) and (text := decode_text(content)) is not None:
            self._read(file, text)

    def next(self) -> "Chain | None":
        """Return the chain of those that were found now, ``None`` at its end."""
        return Chain(self._change, {**self._fallen, **self.found}, self.found) if self.found else None

    def _read(self, file: str, text: str) -> None:
        for reader in readers_of(file):
            if reader.gleans:
                continue
            try:
                for claim in reader.carried(text, file, self._sought):
                    if not claim.carries or claim.prose or claim.doubtful:
                        continue
                    hit = self._change.after.find(reader.paths(claim, file, self._change.after))
                    if hit in self._fallen and hit is not None:
                        self.found[file] = _finding(self._fallen[hit], hit, file, claim)
                        return
            except (Unreadable, RecursionError):
                continue


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
