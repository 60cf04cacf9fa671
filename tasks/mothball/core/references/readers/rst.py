"""Pages in reStructuredText, as docutils and Sphinx render them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.pages.labels import labels_in
from mothball.core.references.pages.rst import claims_of_rst
from mothball.core.references.pages.targets import DOC, RENDERED, page_paths
from mothball.core.references.papers import is_decision, is_record
from mothball.core.references.reader import Reader, takes
from mothball.core.references.world import World

_FOLLOWED: Final = frozenset({Severity.HARD, Severity.MASKED})
_RESOLVED: Final = frozenset(
    {"sphinx-toctree", "sphinx-ref", "sphinx-numref", "sphinx-option", "sphinx-term"}
)
_LISTS: Final = ("requirements", "cmakelists", "constraints")


class Rst(Reader):
    """Directives, roles, links and commands of reStructuredText; plain text counts below ``docs``."""

    kind = "rst"
    files: ClassVar[tuple[str, ...]] = (
        "*.rst",
        "*.rest",
        "*.rst.inc",
        "*.rst.txt",
        "*.inc.rst",
        "docs/*.txt",
        "doc/*.txt",
        "*/docs/*.txt",
        "*/doc/*.txt",
    )
    moving: ClassVar[tuple[str, ...]] = (*files, "*.md")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what a page names; of a change log what Sphinx itself resolves or includes is needed."""
        if path.lower().endswith(".txt") and path.rpartition("/")[2].lower().startswith(_LISTS):
            return
        record, decides = is_record(path), is_decision(path)
        for claim in claims_of_rst(text):
            told = (decides and claim.severity is Severity.COMMAND) or (
                record and claim.severity not in _FOLLOWED and claim.kind not in _RESOLVED
            )
            if record and claim.lookup == DOC:
                yield replace(claim, firm=False, lookup=f"{DOC}:{RENDERED}")
            else:
                yield replace(claim, prose=True) if told else claim

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that a renderer of pages would take."""
        return page_paths(claim, file, world)

    def needles(self, gone: Iterable[str], world: World) -> Iterator[str]:
        """Yield the labels of the pages that go."""
        for path in gone:
            if path in world.texts and takes(self.moving, path):
                for label in labels_in(world.texts[path]):
                    yield label.removeprefix("option:").removeprefix("term:").strip()
