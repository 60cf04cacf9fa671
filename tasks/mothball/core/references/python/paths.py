"""Claims of the paths that expressions of a Python source mean."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import Final, NamedTuple

from mothball.core.references.claims import ABOVE, ENDING, HERE, ROOT, Claim, Severity
from mothball.core.references.papers import is_of_tests
from mothball.core.references.python import strings
from mothball.core.references.python.imports import Where
from mothball.core.references.python.marks import (
    HERE_MARK,
    PACKAGE_MARK,
    ROOT_MARK,
    UNKNOWN_MARK,
    above,
    parts,
)
from mothball.core.references.python.source import Source
from mothball.core.references.python.values import Scope, value_of

_LONGEST: Final = 300
_ANYWHERE: Final = (ROOT, HERE, ABOVE)
_FROM_HERE: Final = (HERE, ROOT, ABOVE)
_SUFFIX: Final = re.compile(r"[\w)\]}*-]\.[A-Za-z][\w-]{0,11}$")
_NO_PATH: Final = re.compile(r"[\n\r\x00<>|\"'`^]|://|^[-~/\\#@!:&]|^[A-Za-z]:\\|[ \t]{2}|[,;] ")
_WORDS: Final = re.compile(r"\s\S+\s")
_HOLDER: Final = re.compile(r"(?P<stem>[a-zA-Z]\w*?)_?(?:dir|directory|path|root|folder)", re.IGNORECASE)
_PLACES: Final = f"{HERE_MARK}{ROOT_MARK}\x05./"


class Role(Enum):
    """What is done with an expression."""

    READ = "read"
    LOCATED = "located"
    WRITE = "write"
    QUIET = "quiet"
    VALUE = "value"
    PLAIN = "plain"
    SAID = "said"
    MOVED = "moved"
    COMMAND = "command"


# No set: these are compared by identity, and to hash one takes a call.
_USES: Final = (Role.READ, Role.LOCATED, Role.WRITE, Role.QUIET, Role.COMMAND)


class Context(NamedTuple):
    """Where an expression stands: a tuple, for Django has a million expressions, each with its own.

    Attributes:
        where: what is around its statement.
        scope: what the names in it mean.
        role: what is done with it.
        bases: where a command runs; empty where that is not said.
        named: whether it is given a name that sounds like that of a file.
    """

    where: Where
    scope: Scope
    role: Role = Role.PLAIN
    bases: tuple[str, ...] = ()
    named: bool = False

    def as_(self, role: Role) -> "Context":
        """Return the same place in another role; what is only said stays so until a file is touched."""
        if self.role is role or self.role is Role.MOVED or (self.role is Role.SAID and role not in _USES):
            return self
        return Context(self.where, self.scope, role, self.bases, self.named)


def role_of(name: str, node: ast.Call) -> Role:
    """Return what a call of some name does with what it is given."""
    if strings.is_quiet(name):
        return Role.QUIET
    if name == "open" and strings.opens_for_writing(node):
        return Role.WRITE
    if strings.reads_files(name):
        return Role.READ
    if strings.only_says(name):
        return Role.SAID
    if strings.moves_files(name):
        return Role.MOVED
    told = Role.LOCATED if strings.locates_files(name) else Role.PLAIN
    return Role.WRITE if strings.writes_files(name) else told


class Paths:
    """Turns expressions of one source into claims."""

    def __init__(self, source: Source, *, test: bool, near: bool = False) -> None:
        """Take the source; ``near`` says that it is always run in its own directory, as notebooks are."""
        self._source = source
        self._test = test
        self._bases = _FROM_HERE if near else _ANYWHERE

    def of(self, node: ast.expr, context: Context) -> Iterator[Claim]:
        """Yield the claim of an expression that means a path."""
        path = value_of(node, context.scope)
        if path is None or len(path) > _LONGEST:
            return
        quiet = not context.bases and self._source.names_nothing(node, path)
        if quiet or _only_hands_on(node, path, context.scope):
            return
        if path.startswith(UNKNOWN_MARK) and (told := self._told(path)) is not None:
            yield self._placed(told, node, context)
        claim = (
            self._anchored(path, context) if path[:1] < "\x05" and path else self._plain(path, node, context)
        )
        if claim is not None:
            yield self._placed(claim, node, context)
            return
        # Whoever reads the words of strings is told that these are understood, and lead nowhere.
        for one in parts(node):
            if isinstance(one.value, str) and "/" in one.value and "\n" not in one.value:
                said = context._replace(role=Role.SAID)
                yield self._placed(_claim(one.value.strip("/"), bases=self._bases, prose=True), one, said)

    def glob(
        self, directory: ast.expr, pattern: ast.expr, context: Context, *, deep: bool
    ) -> Iterator[Claim]:
        """Yield the claim of ``directory.glob(pattern)``, which finds nothing where that is gone."""
        path, tail = value_of(directory, context.scope), value_of(pattern, context.scope)
        if path is None or tail is None or path.startswith(UNKNOWN_MARK):
            return
        whole = "/".join(one for one in (path, "**" if deep else "", tail) if one)
        context = context.as_(Role.QUIET)
        claim = self._anchored(whole, context) if whole[:1] < "\x05" else _claim(whole, bases=self._bases)
        if claim is not None and not (self._test and whole[:1] >= "\x05"):
            yield self._placed(claim, pattern, context)

    def _anchored(self, path: str, context: Context) -> Claim | None:
        mark, tail = path[0], path[1:].lstrip("/")
        if mark in {UNKNOWN_MARK, PACKAGE_MARK}:
            name, _, tail = path[1:].partition(mark)
            tail = tail.lstrip("/")
            if mark == PACKAGE_MARK:
                return _claim(tail or ".", bases=(HERE,), lookup=f"package {name}")
            return self._unknown(name, tail, context)
        if not tail.strip("./*") or "\x05" in tail:
            return None
        return _claim(tail, bases=(HERE if mark == HERE_MARK else ROOT,))

    def _unknown(self, name: str, tail: str, context: Context) -> Claim | None:
        deep = "/" in tail.strip("/")
        known = strings.is_root(name)
        if _NO_PATH.search(tail) or not tail.strip("./*") or tail.startswith(("*", "..")):
            return None
        if (self._test and not (known and name.isupper())) or strings.is_temporary(name):
            return None
        if not deep and not (known and _SUFFIX.search(tail)):
            return None
        doubtful = not known  # in a test only constants come as far as this
        bases = (*self._bases, ENDING) if doubtful or context.role is Role.READ else self._bases
        return _claim(tail, bases=bases, doubtful=doubtful)

    def _told(self, path: str) -> Claim | None:
        """Return the claim of what is below a directory that a variable is called after, set elsewhere."""
        name, _, tail = path[1:].partition(UNKNOWN_MARK)
        holder, tail = _HOLDER.fullmatch(name), tail.strip("/")
        if holder is None or strings.is_temporary(name) or (self._test and not name.isupper()):
            return None
        if not _SUFFIX.search(tail) or _NO_PATH.search(tail) or "*" in tail or ".." in tail:
            return None
        return _claim(f"{holder['stem'].lower()}/{tail}", bases=(ENDING,))

    def _plain(self, path: str, node: ast.expr, context: Context) -> Claim | None:
        if _NO_PATH.search(path) or not path.strip("./*") or _WORDS.search(path):
            return None
        if path.startswith("*") and "/" not in path.strip("/"):
            return None
        if context.role is Role.LOCATED and self._test:
            return _claim(path, bases=(HERE, ROOT), lookup="beside")
        reads = context.role in _USES
        built = not isinstance(node, ast.Constant)
        if "/" not in path.strip("/"):
            alone = reads and (context.role is not Role.QUIET or _SUFFIX.search(path))
            return _claim(path, bases=context.bases or (HERE, ROOT)) if alone else None
        made_up = self._test and not (
            reads or ((_SUFFIX.search(path) or context.named) and is_of_tests(path))
        )
        prose = context.role in {Role.SAID, Role.MOVED} or made_up
        around = (HERE,) if path.startswith("..") else self._bases
        long = path.count("/") > 1 and (context.named or _SUFFIX.search(path) is not None)
        if long and not path.startswith(".") and not self._test:
            around = (*around, ENDING)  # it is joined to something elsewhere
        clear = path.endswith("/") or path.startswith(("./", "../")) or _SUFFIX.search(path) is not None
        sure = reads or built or context.named or clear
        return _claim(path, bases=context.bases or around, prose=prose, doubtful=not sure)

    def _placed(self, claim: Claim, node: ast.expr, context: Context) -> Claim:
        """Say where a claim stands, and what stops when it finds nothing."""
        offset, text = self._place(node)
        line, column = self._source.at(offset)
        name = claim.name
        if context.role is Role.WRITE:
            name = above(name) if "/" in name.strip("/") else "\0"
        masked = context.role is Role.QUIET or context.where.caught
        return replace(
            claim,
            line=line,
            column=column,
            text=text,
            name=name,
            kind="python-command" if context.role is Role.COMMAND else "python-path",
            severity=Severity.MASKED if masked else Severity.HARD,
            prose=claim.prose or context.role in {Role.SAID, Role.MOVED},
        )

    def _place(self, node: ast.expr) -> tuple[int, str]:
        """Return offset and text of what would have to be rewritten: one literal, or else the whole."""
        if isinstance(node, ast.JoinedStr):
            return self._source.literal(node)
        literals = [one for one in parts(node) if one.value not in {"..", ""}]
        if len(literals) == 1 and not any(isinstance(one, ast.JoinedStr) for one in ast.walk(node)):
            return self._source.literal(literals[0])
        written = self._source.segment(node)
        if "\n" in written and literals:
            return self._source.literal(literals[-1])
        return self._source.start(node), written


def _claim(
    name: str, *, bases: tuple[str, ...], lookup: str = "", prose: bool = False, doubtful: bool = False
) -> Claim:
    return Claim(
        line=0,
        column=0,
        text="",
        kind="",
        name=name,
        bases=bases,
        lookup=lookup,
        prose=prose,
        doubtful=doubtful,
    )


def _only_hands_on(node: ast.expr, path: str, scope: Scope) -> bool:
    """Say whether a path names nothing but what a variable holds, which is named where that is set."""
    if isinstance(node, ast.Constant):
        return False
    values = (value_of(one, scope) for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute))
    held = {one for one in values if one is not None and one.strip(_PLACES)}
    if len(held) > 1 or any("/" not in one for one in held):
        return False
    if not any(str(one.value).strip("./") for one in parts(node)):
        return True
    tail = next((path.removeprefix(one) for one in held if path.startswith(one)), "")
    return tail != "" and all("*" in part for part in tail.strip("/").split("/"))
