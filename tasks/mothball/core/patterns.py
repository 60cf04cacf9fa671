"""Match tracked paths against several lists of gitignore patterns at once, with git's meaning.

Each list is read as the only ``.gitignore``, at the root of the repository. As git does, the directories
above a file are asked first, from the top: in each place the last matching pattern of a list decides, and
once that is a positive one for a directory, nothing below is asked again. Every path is a file; so is a
submodule, which git takes for a directory. Upper and lower case differ.

The patterns are one automaton over the names of a path. What is still alive in a directory is worked out
once, on entering it, so that most patterns are gone after the first name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import attrgetter

from mothball.core.globs import Glob, PatternError, as_bytes, read_glob
from mothball.core.names import Matcher

__all__ = ["Hit", "PatternError", "Patterns", "check_pattern"]

# Directories with the same patterns alive share a table; this bounds what all tables together can hold.
_MAX_STATES_IN_TABLES = 300_000
_FEW_STATES = 32


@dataclass(frozen=True, slots=True)
class Hit:
    """What a list says of a path.

    Attributes:
        list: which list matched.
        pattern: the index of the deciding pattern in that list.
        root: the path that the pattern matched: the file, or the topmost matched directory above it.
        directory: whether ``root`` is a directory above the file.
    """

    list: int
    pattern: int
    root: str
    directory: bool


def check_pattern(text: str) -> str | None:
    """Say what is wrong with a pattern and what to do, as a clause; ``None`` where it is fine."""
    try:
        read_glob(text)
    except PatternError as error:
        return str(error)
    return None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern in its list. Rules are numbered through all lists: of two in a list, the higher decides."""

    list: int
    pattern: int
    negative: bool


@dataclass(frozen=True, slots=True)
class _State:
    """A name that is waited for, here or (``deep``) in all directories below; ``after`` it, the next."""

    matcher: Matcher
    deep: bool
    rule: int
    list: int
    after: int | None
    directories_only: bool


@dataclass(frozen=True, slots=True)
class _Group:
    """What a matching name leads to: the last rule there of each list (as pairs), and states alive below."""

    matcher: Matcher
    files: tuple[tuple[int, int], ...]
    directories: tuple[tuple[int, int], ...]
    once: frozenset[int]
    always: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Table:
    """The groups of the states alive in a directory, to be found by name."""

    lists: frozenset[int]
    every: tuple[_Group, ...]
    literals: dict[str, _Group]
    parts: tuple[tuple[slice, dict[str, list[_Group]]], ...]
    loose: tuple[_Group, ...]

    def find(self, name: str) -> list[_Group]:
        """Return the groups that the name matches."""
        found = [*self.every]
        if name in self.literals:
            found.append(self.literals[name])
        for part, groups in self.parts:
            if candidates := groups.get(name[part]):
                found += [group for group in candidates if group.matcher.matches(name)]
        if self.loose:
            found += [group for group in self.loose if group.matcher.matches(name)]
        return found


@dataclass(slots=True)
class _Directory:
    """A directory on the way down.

    Attributes:
        hits: what is said of everything below it, in list order.
        always: the states that stay alive all the way down, in one set for each place they came in at.
        tables: the states to ask for the names in it.
        quiet: the child that no name leads to anything in, once it is known.
    """

    hits: tuple[Hit, ...]
    always: tuple[frozenset[int], ...]
    tables: tuple[_Table, ...]
    quiet: "_Directory | None" = None


class Patterns:
    """Several lists of patterns, compiled.

    Raises:
        PatternError: for a pattern that `check_pattern` has something to say about.
    """

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        self._rules: list[_Rule] = []
        self._states: list[_State] = []
        self._matcher = cache(Matcher)
        self._tables: dict[frozenset[int], _Table] = {}
        self._kept = 0
        first: set[int] = set()
        for number, patterns in enumerate(lists):
            for index, pattern in enumerate(patterns):
                glob = read_glob(pattern)
                first.update(self._add(glob, len(self._rules), number))
                self._rules.append(_Rule(number, index, glob.negative))
        once, always = self._split(first)
        self._root = self._directory((), once, (always,))

    def hits(self, path: str) -> tuple[Hit, ...]:
        """Return what the lists say of a path: at most one hit a list, in list order."""
        return next((hits for _, hits in self.walk((path,))), ())

    def walk(self, paths: Iterable[str]) -> Iterator[tuple[str, tuple[Hit, ...]]]:
        """Yield each path with at least one hit; fastest where paths come in git's order."""
        names: list[str] = []
        directories = [self._root]
        previous = ""
        directory = self._root
        for path in paths:
            folder, _, name = (path if path.isascii() else as_bytes(path)).rpartition("/")
            if folder != previous:
                previous = folder
                self._enter(path, folder.split("/") if folder else [], names, directories)
                directory = directories[-1]
            hits = self._ask(directory, path, name) if directory.tables else directory.hits
            if hits:
                yield path, hits

    def _add(self, glob: Glob, rule: int, number: int) -> list[int]:
        first = []
        for way in glob.ways:
            first.append(len(self._states))
            end = len(self._states) + len(way)
            for step in way:
                after = len(self._states) + 1
                matcher = self._matcher(step.name)
                self._states.append(
                    _State(
                        matcher,
                        step.deep,
                        rule,
                        number,
                        None if after == end else after,
                        glob.directories_only,
                    )
                )
        return first

    def _enter(self, path: str, folder: list[str], names: list[str], directories: list[_Directory]) -> None:
        same = 0
        for old, new in zip(names, folder, strict=False):
            if old != new:
                break
            same += 1
        del names[same:], directories[same + 1 :]
        for name in folder[same:]:
            names.append(name)
            directories.append(self._below(directories[-1], path, name, len(names)))

    def _below(self, parent: _Directory, path: str, name: str, depth: int) -> _Directory:
        groups = [group for table in parent.tables for group in table.find(name)]
        if not groups:
            if parent.quiet is None:
                parent.quiet = self._directory(parent.hits, frozenset(), parent.always)
            return parent.quiet
        rules = self._deciding(parent.hits, [group.directories for group in groups])
        hits = parent.hits
        if rules:
            root = "/".join(path.split("/", depth)[:depth])
            hits = _merge(hits, [Hit(rule.list, rule.pattern, root, directory=True) for rule in rules])
        once = reduce(frozenset.union, (group.once for group in groups))
        entered = reduce(frozenset.union, (group.always for group in groups)).difference(*parent.always)
        return self._directory(hits, once, _grown(parent.always, entered))

    def _ask(self, directory: _Directory, path: str, name: str) -> tuple[Hit, ...]:
        groups = [group.files for table in directory.tables for group in table.find(name)]
        rules = self._deciding(directory.hits, groups) if groups else ()
        if not rules:
            return directory.hits
        return _merge(directory.hits, [Hit(rule.list, rule.pattern, path, directory=False) for rule in rules])

    def _deciding(self, decided: tuple[Hit, ...], groups: list[tuple[tuple[int, int], ...]]) -> list[_Rule]:
        """Return the positive rule of each open list whose last matching rule is positive."""
        last = dict(groups[0])
        for group in groups[1:]:
            for number, rule in group:
                if last.get(number, -1) < rule:
                    last[number] = rule
        for hit in decided:
            last.pop(hit.list, None)
        return [self._rules[rule] for rule in last.values() if not self._rules[rule].negative]

    def _directory(
        self, hits: tuple[Hit, ...], once: frozenset[int], always: tuple[frozenset[int], ...]
    ) -> _Directory:
        closed = {hit.list for hit in hits}
        tables = [self._table(states) for states in (once, *always) if states]
        return _Directory(hits, always, tuple(table for table in tables if not table.lists <= closed))

    def _split(self, states: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
        """Part the states that live for one level from those that stay."""
        known = frozenset(states)
        always = frozenset(state for state in known if self._states[state].deep)
        return known - always, always

    def _table(self, states: frozenset[int]) -> _Table:
        table = self._tables.get(states)
        if table is None:
            self._kept += len(states)
            if self._kept > _MAX_STATES_IN_TABLES:
                self._tables.clear()
                self._kept = len(states)
            table = self._tables[states] = self._new_table(states)
        return table

    def _new_table(self, states: frozenset[int]) -> _Table:
        by_matcher: dict[Matcher, list[_State]] = {}
        for state in map(self._states.__getitem__, states):
            by_matcher.setdefault(state.matcher, []).append(state)
        every, literals, loose = [], {}, []
        parts: dict[tuple[int | None, int | None], dict[str, list[_Group]]] = {}
        for matcher, waiting in by_matcher.items():
            group = self._group(matcher, waiting)
            if matcher.everything:
                every.append(group)
            elif matcher.literal is not None:
                literals[matcher.literal] = group
            elif matcher.key:
                ends, text = matcher.key
                parts.setdefault(ends, {}).setdefault(text, []).append(group)
            else:
                loose.append(group)
        lists = frozenset(self._states[state].list for state in states)
        cuts = tuple((slice(*ends), groups) for ends, groups in parts.items())
        return _Table(lists, tuple(every), literals, cuts, tuple(loose))

    def _group(self, matcher: Matcher, waiting: Sequence[_State]) -> _Group:
        ends = [state for state in waiting if state.after is None]
        files = self._last(state.rule for state in ends if not state.directories_only)
        directories = self._last(state.rule for state in ends)
        once, always = self._split(state.after for state in waiting if state.after is not None)
        return _Group(matcher, files, directories, once, always)

    def _last(self, rules: Iterable[int]) -> tuple[tuple[int, int], ...]:
        last = {self._rules[rule].list: rule for rule in sorted(rules)}
        return tuple(last.items())


def _grown(always: tuple[frozenset[int], ...], entered: frozenset[int]) -> tuple[frozenset[int], ...]:
    if not entered:
        return always
    *others, last = always
    # Few states are kept in one table to ask; many are not copied, so that their table stays shared.
    small = len(last) + len(entered) <= _FEW_STATES
    return (*others, last | entered) if small else (*always, entered)


def _merge(hits: tuple[Hit, ...], more: list[Hit]) -> tuple[Hit, ...]:
    if not hits and len(more) == 1:
        return tuple(more)
    return tuple(sorted((*hits, *more), key=attrgetter("list")))
