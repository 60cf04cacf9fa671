"""The plan: what is kept, what is archived, where to, and why. Frozen values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A position in the plan's text, both numbers counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Keep:
    """Patterns of the production essentials: what they match is never moved."""

    key: str
    title: str
    patterns: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Into:
    """A destination directory (with its trailing slash) and the patterns of what goes there."""

    key: str
    destination: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """One ``[[archive]]`` entry, and so one step."""

    key: str
    name: str
    title: str
    reason: str
    into: tuple[Into, ...]
    expect: int | None = None
    optional: bool = False
    allow_ignored: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A check of the user's own: an argument list, or one line for the shell.

    ``timeout`` is in seconds.
    """

    key: str
    argv: tuple[str, ...]
    shell: bool = False
    timeout: float = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A row of the impact table: how many tracked files match, held to ``after`` where it is given."""

    key: str
    name: str
    count: tuple[str, ...]
    after: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitPlan:
    """How the work is committed: one commit or one per category, here or on a branch of its own."""

    message: str
    per_category: bool = False
    branch: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The blast radius: ``share`` is the largest part (0 to 1) of the tracked files that may move."""

    share: float = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """Breaks that are accepted: in files that ``source`` matches, of what ``target`` matches."""

    key: str
    source: str
    target: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class References:
    """What is made of places that name something that goes.

    ``ignore`` are patterns of files that are not read; ``fix`` says whether a run rewrites what it can.
    """

    allow: tuple[Allowed, ...] = ()
    ignore: tuple[str, ...] = ()
    fix: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A plan that was read and is free of mistakes that its text alone can show.

    Attributes:
        path: the file it was read from, as shown to people.
        digest: SHA-256 of its meaning (hex); layout and comments do not count.
        home: the directory (with trailing slash) of the archive's index page and ledger.
        readme: the file with the managed section, or ``None``.
        places: where each dotted key stands, such as ``archive[0].reason``.
    """

    path: str
    digest: str
    title: str
    purpose: str
    principle: str
    home: str
    keep: tuple[Keep, ...]
    archive: tuple[Category, ...]
    readme: str | None
    closed: tuple[str, ...]
    commands: tuple[Command, ...]
    metrics: tuple[Metric, ...]
    commit: CommitPlan
    limits: Limits
    references: References
    places: Mapping[str, Place] = field(default_factory=dict, hash=False, compare=False)

    def where(self, key: str) -> str:
        """Say where a dotted key stands: ``mothball.toml:12:5: archive[0].reason``."""
        place = self.places.get(key)
        spot = f"{self.path}:{place.line}:{place.column}" if place else self.path
        return f"{spot}: {key}"
