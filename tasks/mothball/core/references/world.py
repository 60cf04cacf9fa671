"""What a tree holds, to look names up in: files, directories, globs, and facts that configuration states."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping
from functools import cached_property
from hashlib import sha256
from posixpath import normpath
from typing import Any, Final, TypeVar

from mothball.core.patterns import PatternError, Patterns
from mothball.core.references.claims import ABOVE, ENDING, HERE
from mothball.core.tree import directories, parent, parents

Fact = TypeVar("Fact")

WILDCARDS: Final = frozenset("*?[{")
_SIGNS: Final = WILDCARDS - {"{"}
_MAX_BRACES: Final = 64
_LAST: Final = chr(0x10FFFF)


class World:
    """The tracked paths of a moment, and the texts of the files that say where things are looked up.

    ``arrived`` are the paths that moves brought, with where they were; they do not count where only the end
    of a path is known.
    """

    def __init__(
        self, files: Iterable[str], texts: Mapping[str, str], arrived: Mapping[str, str] | None = None
    ) -> None:
        """Take the paths as they are; everything else is worked out when it is asked for."""
        self.files: KeysView[str] | frozenset[str] = (
            files.keys() if isinstance(files, Mapping) else frozenset(files)
        )
        self.texts = texts
        self.arrived = arrived or {}
        self._facts: dict[str, Any] = {}
        self._globs: dict[str, str | None] = {}

    @cached_property
    def directories(self) -> set[str]:
        """Every directory that holds a file, without the root."""
        return directories(self.files)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the paths, and of the texts: worlds with the same one answer all alike."""
        parts = (
            *self._sorted,
            "",
            *(part for path in sorted(self.texts) for part in (path, self.texts[path])),
        )
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def names(self) -> frozenset[str]:
        """The last part of every path."""
        return last_parts((*self.files, *self.directories))

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.files)

    @cached_property
    def _by_ending(self) -> list[str]:
        """The paths, sorted by their last two parts: thousands may have one name, like ``__init__.py``."""
        stayed = [path for path in self._sorted if path not in self.arrived]
        above = sorted(directories(stayed) if self.arrived else self.directories)
        return sorted((path for path in (*stayed, *above) if "/" in path), key=_last_two)

    def fact(self, name: str, find: Callable[["World"], Fact]) -> Fact:
        """Return what ``find`` makes of this world, worked out once."""
        if name not in self._facts:
            self._facts[name] = find(self)
        found: Fact = self._facts[name]
        return found

    def holds(self, path: str) -> bool:
        """Say whether there is a file or directory with this path; the root is always there."""
        return path in self.files or path in self.directories or path == ""

    def below(self, directory: str) -> list[str]:
        """Return the files below a directory, sorted; the root is ``""``."""
        if not directory:
            return self._sorted
        first = bisect_left(self._sorted, directory + "/")
        return self._sorted[first : bisect_left(self._sorted, directory + "0")]

    def find(self, candidates: Iterable[str]) -> str | None:
        """Return the first candidate that is there; of a glob, the first path that it matches."""
        for path in candidates:
            if path in self.files or path in self.directories:
                return path
            if not WILDCARDS.isdisjoint(path) and (found := self.glob(path)) is not None:
                return found
        return None

    def glob(self, pattern: str) -> str | None:
        """Return the first file or directory that a glob from the root matches, ``None`` when none does."""
        if pattern not in self._globs:
            self._globs[pattern] = next(self._matching(pattern), None)
        return self._globs[pattern]

    def matches(self, pattern: str) -> list[str]:
        """Return every file that a glob from the root matches, itself or by a directory above it."""
        return list(self._matching(pattern))

    def _matching(self, pattern: str) -> Iterator[str]:
        seen = set()
        for one in braces(pattern):
            for path in self._matching_one(one):
                if path not in seen:
                    seen.add(path)
                    yield path

    def _matching_one(self, pattern: str) -> Iterator[str]:
        if _SIGNS.isdisjoint(pattern):
            yield from [pattern] if pattern in self.files else self.below(pattern) if pattern else ()
            return
        fixed = pattern[: min(pattern.index(sign) for sign in _SIGNS if sign in pattern)]
        candidates = self._starting(fixed) if self._has_names_of(pattern) else []
        if not candidates:
            return
        try:
            matcher = Patterns([["/" + pattern]])
        except PatternError:
            return
        for path, _ in matcher.walk(candidates):
            yield path

    def _starting(self, text: str) -> list[str]:
        """Return the files whose paths start with a text, sorted."""
        text = text.partition("\\")[0]
        first = bisect_left(self._sorted, text)
        return self._sorted[first : bisect_left(self._sorted, text + _LAST)] if text else self._sorted

    def _has_names_of(self, pattern: str) -> bool:
        """Say whether every name that a glob writes out is that of a file or directory."""
        clear = pattern
        for sign in "[\\":  # behind these a slash need not end a name
            clear = clear.partition(sign)[0]
        names = clear.rstrip().split("/")
        if len(clear) < len(pattern) or not pattern.endswith(names[-1]):
            del names[-1]
        return all(not name or not _SIGNS.isdisjoint(name) or name in self.names for name in names)

    def ending(self, name: str) -> list[str]:
        """Return the paths that end with a name of two parts or more, but those that moves brought."""
        tail = "/" + name.lstrip("/")
        if "/" not in name.strip("/"):
            return []
        two, paths = _last_two(tail), self._by_ending
        found = paths[bisect_left(paths, two, key=_last_two) : bisect_right(paths, two, key=_last_two)]
        return [path for path in found if ("/" + path).endswith(tail)]

    def places(self, name: str, bases: Iterable[str], file: str) -> Iterator[str]:
        """Yield the paths that a name may mean in a file, one base after the other; none leaves the tree."""
        for base in bases:
            if base == ENDING:
                clean = join("", name.lstrip("./"))
                yield from self.ending(clean) if clean else ()
            elif base == ABOVE:
                for above in self._above(file, name):
                    yield from _one(above, name)
            elif base == "." or base.startswith(HERE):
                yield from _one(join(parent(file), base) or "", name)
            else:
                yield from _one(base, name)

    def _above(self, file: str, name: str) -> tuple[str, ...]:
        """Return the directories above a file; only its own where a step up was meant from there."""
        old = self.arrived.get(file) if name.startswith("../") else None
        if old is not None and self.holds(join(parent(old), name) or file):
            return (parent(file),)
        return (*parents(file), "")


def _one(base: str, name: str) -> Iterator[str]:
    found = join(base, name)
    if found:
        yield found


def join(base: str, name: str) -> str | None:
    """Return the path that a name means in a directory of the tree, ``None`` where that leaves the tree.

    A name that begins with a slash is taken from the directory all the same: it is the base that decides.
    The result has no trailing slash, and is ``""`` for the root.
    """
    if "\0" in name:
        return None
    path = normpath(f"./{base}/./{name}")
    if path == ".." or path.startswith("../"):
        return None
    return "" if path == "." else path


def _last_two(path: str) -> str:
    return path[path.rfind("/", 0, path.rfind("/")) + 1 :]


def last_parts(paths: Iterable[str]) -> frozenset[str]:
    """Return the last part of each path."""
    return frozenset(path.rpartition("/")[2] for path in paths)


def braces(pattern: str) -> list[str]:
    """Spell out ``{a,b}`` of a glob, the first 64 ways of it."""
    todo, done = [pattern], list[str]()
    while todo and len(todo) + len(done) <= _MAX_BRACES:
        text = todo.pop(0)
        close = text.find("}")
        start = text.rfind("{", 0, close) if close > 0 else -1
        if start < 0 or "," not in text[start:close]:
            done.append(text)
            continue
        todo += [text[:start] + one + text[close + 1 :] for one in text[start + 1 : close].split(",")]
    return done + todo
