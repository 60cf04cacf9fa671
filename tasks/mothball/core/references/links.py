"""Symbolic links, which are references by themselves."""

from collections.abc import Iterator
from typing import ClassVar

from mothball.core.references.claims import HERE, Claim
from mothball.core.references.reader import Reader


class SymbolicLinks(Reader):
    """The text of a link is the path that it leads to. Only files of git's link mode are given to it."""

    kind = "symlink"
    files: ClassVar[tuple[str, ...]] = ()

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the one claim of a link."""
        del path
        yield Claim(line=0, column=0, text=text, kind="symlink", bases=(HERE,), firm=True)
