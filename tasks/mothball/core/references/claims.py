"""What a reader finds in a text: places that name something, and how it would be looked up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HERE: Final = "./"
"""A base: the directory of the file that makes the claim. ``./docs`` is the one below it."""
ROOT: Final = ""
"""A base: the root of the repository. ``web/app`` is a directory named from there."""
ABOVE: Final = "^"
"""A base: the file's own directory, and each one above it up to the root, nearest first."""
ENDING: Final = "~"
"""A base that is unknown: any place whose path ends with the name, of two parts or more."""

SEARCH_PATH: Final = "python-search-path"
"""A kind: a directory in which Python is told to look for modules."""


class Severity(StrEnum):
    """What stops when a claim no longer finds its target, worst first."""

    HARD = "hard"
    MASKED = "hard-masked"
    TRANSITIVE = "hard-transitive"
    CONFIG = "config"
    COMMAND = "doc-command"
    LINK = "link"


class Unreadable(Exception):
    """A reader cannot make sense of a text; the message is a clause, ``line`` counts from 1."""

    def __init__(self, reason: str, line: int = 0) -> None:
        """Say why, and where it was noticed."""
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A place in a text that names something of the repository, before anybody looked whether it is there.

    Attributes:
        line: where it stands, counted from 1.
        column: the first character of ``text`` in that line, counted from 1.
        text: what is named, as it is written there.
        kind: what makes the claim, such as ``markdown-link``.
        name: what is looked up where that is not ``text`` itself: decoded, joined, without an anchor. It may
            be a glob, which finds something where it matches something.
        severity: what stops when it no longer finds it.
        bases: where it is looked up, in this order: `HERE`, `ROOT`, `ABOVE`, `ENDING` or directories.
        lookup: whatever the reader's own `Reader.paths` needs to know.
        prose: whether nobody follows it: a comment, a sentence, a record. Then it is a mention at most.
        doubtful: whether it is not certain that this is what is meant. Then the verdict is left to people.
        firm: whether it must find something, so that one that finds nothing before is worth a word.
        carries: whether the file as a whole fails with it, and with the file all that import or include it.
    """

    line: int
    column: int
    text: str
    kind: str
    name: str = ""
    severity: Severity = Severity.HARD
    bases: tuple[str, ...] = (HERE, ROOT)
    lookup: str = ""
    prose: bool = False
    doubtful: bool = False
    firm: bool = False
    carries: bool = False

    @property
    def wanted(self) -> str:
        """Return what is looked up."""
        return self.name or self.text
