"""Two worlds and the moves between them; and what a claim of a file comes to in that change."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property

from mothball.core.references.sought import Sought
from mothball.core.references.world import World


@dataclass(frozen=True, kw_only=True)
class Change:
    """What moves, is deleted or appears between two trees.

    Attributes:
        before: the world that claims were written in.
        after: the world they are to work in.
        moves: old path to new path of each file that goes somewhere else.
        ahead: the old paths of those that have yet to go; ``None`` where all have.
        planned: whether a plan makes them go.
    """

    before: World
    after: World
    moves: Mapping[str, str]
    ahead: Container[str] | None = None
    planned: bool = True

    @cached_property
    def origins(self) -> dict[str, str]:
        """New path to old path of each moved file."""
        return {new: old for old, new in self.moves.items()}

    @cached_property
    def gone(self) -> frozenset[str]:
        """The files and directories of before that are there no more."""
        files = self.before.files - self.after.files
        return frozenset(files | (self.before.directories - self.after.directories))

    @cached_property
    def gone_names(self) -> Sought:
        """The last part of each path that is there no more."""
        return Sought(self.gone)

    def names_for(self, file: str) -> Container[str]:
        """Return the names that are looked for in a file of after: of one that moves, any."""
        return self.before.names if file in self.origins else self.gone_names

    def became(self, path: str) -> str | None:
        """Return where a file or a whole directory is now; ``None`` when it is deleted or scattered."""
        if path in self.moves:
            return self.moves[path]
        if path not in self.before.directories:
            return None
        roots = set()
        for file in self.before.below(path):
            new, tail = self.moves.get(file), file[len(path) :]
            roots.add(new[: -len(tail)] if new is not None and new.endswith(tail) else None)
        only = roots.pop() if len(roots) == 1 else None
        return only or None

    def members(self, path: str) -> list[str]:
        """Return the files that a path stands for: itself, or what is below it."""
        return [path] if path in self.before.files else self.before.below(path)

    def is_past(self, path: str) -> bool:
        """Say whether what a path of before stands for has gone already."""
        ahead = self.ahead
        return ahead is None or not any(file in ahead for file in self.members(path))

    def is_new(self, file: str) -> bool:
        """Say whether a file of after was not there before, under no name."""
        return file not in self.before.files and file not in self.origins

    def home(self, file: str) -> str:
        """Return where a file of after was before; a new one is taken to have been there."""
        return self.origins.get(file, file)
