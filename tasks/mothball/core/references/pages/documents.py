"""Documents that directives name: in lists, and one by one."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mothball.core.references.claims import HERE, Claim, Severity
from mothball.core.references.pages.targets import DOC, target_of

if TYPE_CHECKING:
    from mothball.core.references.pages.directives import Directive, Piece

TITLED: Final = re.compile(r"(?s:.*)<(?P<target>[^<>]+)>\s*\Z")
"""A target behind its title."""


def claims_of_list(directive: "Directive") -> Iterator[Claim]:
    """Yield the documents that a list such as a table of contents has."""
    globs = any(key == "glob" for key, _ in directive.options)
    for entry in directive.body:
        yield from claim_of_document(entry, f"sphinx-{directive.name}", globs=globs)


def claim_of_document(piece: "Piece", kind: str, *, globs: bool = False) -> Iterator[Claim]:
    """Yield the document that a text names, perhaps behind a title, or those that a glob matches."""
    raw, column = piece.text.strip(), piece.column + len(piece.text) - len(piece.text.lstrip())
    if (titled := TITLED.fullmatch(raw)) is not None:
        raw, column = titled["target"], column + titled.start("target")
    name = target_of(raw)
    if not name or name == "self" or (raw.startswith((":", "..")) and not raw.startswith("../")):
        return
    starred = globs and not frozenset("*?[").isdisjoint(name)
    yield Claim(
        line=piece.line,
        column=column,
        text=raw,
        kind=kind,
        name=name,
        severity=Severity.MASKED if starred else Severity.LINK,
        bases=(HERE,),
        lookup=DOC,
        firm=not starred,
    )
