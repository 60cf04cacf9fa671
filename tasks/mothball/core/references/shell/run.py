"""Follow the commands of a text from one to the next: directories, variables, failures that are hidden."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from mothball.core.references.claims import ENDING, ROOT
from mothball.core.references.shell.arguments import arguments, code_of
from mothball.core.references.shell.effective import commands_in, effective, is_python, program_name
from mothball.core.references.shell.functions import Functions
from mothball.core.references.shell.inline import found_in_python
from mothball.core.references.shell.items import CLOSE, OPEN, Bracket, Command, Comment, Document, Item, Word
from mothball.core.references.shell.outcomes import fails, hidden_in, without_keywords
from mothball.core.references.shell.places import Place, alternatives, expand, joined
from mothball.core.references.shell.values import Found, claims_of_value
from mothball.core.references.shell.words import Splitter
from mothball.core.references.texts import words

WORDS: Final = "words"
"""A text that is a list of names, such as the prerequisites of a rule."""
FILES: Final = "files"
"""A list of files and directories, whose names need no slash or suffix to be known for that."""

_DEEP: Final = 6
_PIECE: Final = re.compile(rf"(?:{OPEN}[^{CLOSE}]*{CLOSE}|\S)+")
_OPTION: Final = re.compile(r"(?<![^\s=])--?[A-Za-z]")
"""What tells arguments of a command, held in a variable, from a list or a sentence."""
_JOB: Final = re.compile(r"^#(?:SBATCH|PBS|BSUB|\$ -|@) ?", re.MULTILINE)
_TESTS: Final = frozenset({"[", "[[", "test"})
_BESIDE: Final = frozenset({"|", "|&", "||", "&&", ";", "&"})
"""What stands between commands of one line, behind which their here-documents begin."""
_DECLARING: Final = frozenset({"export", "local", "readonly", "declare", "typeset", "set", "SET"})


@dataclass(slots=True)
class _State:
    """Where a shell is, and what it knows."""

    here: Place
    variables: dict[str, Place]
    lenient: bool = False
    cloned: str = ""

    def copy(self) -> "_State":
        return _State(self.here, dict(self.variables), self.lenient, self.cloned)


class Run:
    """One text being followed."""

    def __init__(
        self, text: str, *, bases: tuple[str, ...], variables: Mapping[str, str], listed: str = ""
    ) -> None:
        """Begin in the given bases, with what is known of variables; ``listed`` is `WORDS` or `FILES`."""
        self._listed = listed
        self._splitter = Splitter(text)
        self._state = _State(Place("", bases), {name: Place(value) for name, value in variables.items()})
        self._outer: list[_State] = []
        self._pushed: list[Place] = []
        self._guarded: set[str] = set()
        self._made: set[str] = set()
        self._told: dict[str, Place] = {}
        self._functions = Functions()
        self._fixed: set[str] = set()
        self._fed: bool | None = None
        # Variables with paths: these are claimed where they are set, not where they are used as they are.
        # Whoever hands a job to a cluster says by a full path where his clone is there.
        self._lost = (*bases, ENDING) if _JOB.search(text) else (ENDING,)

    def findings(self) -> Iterator[Found]:
        """Yield what the words of the text name, in order."""
        yield from self._follow(0, None, 0)

    def _follow(self, start: int, end: int | None, deep: int) -> Iterator[Found]:
        items = list(self._splitter.items(start, end))
        hidden = hidden_in(items)
        level = len(self._outer)
        beside = False
        for index, item in enumerate(items):
            if isinstance(item, Document):
                yield from self._document(item)
            elif isinstance(item, Comment):
                for offset, word in words(item.text):
                    name = joined(self._state.here, Place(word)).name
                    first = item.start + offset
                    yield Found(first, first + len(word), name, self._state.here.bases, prose=True)
            elif isinstance(item, Bracket):
                self._bracket(item, level)
            else:
                self._fed = self._fed if beside else None
                yield from self._command(item, items, index, hidden=index in hidden, deep=deep)
                beside = item.after in _BESIDE
        del self._outer[level:]

    def _document(self, item: Document) -> Iterator[Found]:
        """Yield what a here-document says to the Python that reads it; its last line only ends it."""
        if self._fed is not None:
            code = item.text[: item.text.rstrip("\n").rfind("\n") + 1]
            yield from self._python(code, range(item.start, item.start + len(code)), hidden=self._fed)

    def _python(self, code: str, offsets: Sequence[int], *, hidden: bool) -> Iterator[Found]:
        for found in found_in_python(code, offsets, self._place):
            yield replace(found, masked=hidden or found.masked)

    def _bracket(self, item: Bracket, level: int) -> None:
        if item.sign == "(":
            self._outer.append(self._state)
            self._state = self._state.copy()
        elif len(self._outer) > level:
            self._state = self._outer.pop()

    def _command(
        self, command: Command, items: list[Item], index: int, *, hidden: bool, deep: int
    ) -> Iterator[Found]:
        yield from self._substitutions(command, deep)
        if self._listed and deep == 0:
            for word in command.words:
                bare = self._listed == FILES
                yield from claims_of_value(word, 0, len(word.value), self._place, bare=bare)
            return
        words = self._functions.head(command)
        self._state.here = self._functions.braced(words, self._state.here)
        negated, rest = without_keywords(words)
        while rest and (assigned := _assignment(rest[0])) is not None:
            if len(rest) == 1:
                self._assign(assigned[0], assigned[1])
            yield from self._stored(assigned[0], self._value(rest[0], assigned[2], hidden=hidden))
            rest = rest[1:]
        if rest and rest[0].value in _DECLARING:
            yield from self._declare(rest, hidden=hidden)
        elif rest and rest[0].value == "for":
            yield from self._loop(rest)
        elif rest and rest[0].value in _TESTS:
            yield from self._test(command, rest[1:], items, index, negated=negated)
        elif rest or command.redirects:
            yield from self._program(rest, command.redirects, hidden=hidden, deep=deep)

    def _substitutions(self, command: Command, deep: int) -> Iterator[Found]:
        if deep >= _DEEP:
            return
        for word in command.words:
            for first, last in word.inner:
                before = self._state
                self._state = before.copy()
                yield from self._follow(first, last, deep + 1)
                self._state = before

    def _declare(self, rest: list[Word], *, hidden: bool) -> Iterator[Found]:
        for word in rest[1:]:
            if (assigned := _assignment(word)) is not None:
                self._assign(assigned[0], assigned[1])
                yield from self._stored(assigned[0], self._value(word, assigned[2], hidden=hidden))
        self._strictness(rest)

    def _program(
        self, command: list[Word], redirects: list[tuple[str, Word]], *, hidden: bool, deep: int
    ) -> Iterator[Found]:
        rest = effective(command, self._state.variables)
        name = program_name(rest[0], self._state.variables) if rest else ""
        told = {
            word.place(0, len(word.value))
            for word in (*rest, *(word for _, word in redirects))
            if word.value[:1] == OPEN and self._is_told(word.value[1:-1])
        }
        for found in arguments(name, rest, redirects, self._place, self._made):
            if (found.start, found.end) in told:
                continue  # where the variable got its value is where it would have to be changed
            masked = hidden or self._state.lenient or found.name in self._guarded or found.masked
            yield replace(found, masked=masked)
        code = code_of(rest[1:]) if is_python(name) else None
        if code is not None:
            self._fed = None if code.value else hidden or self._state.lenient
            yield from self._python(code.value, code.begins, hidden=hidden or self._state.lenient)
        if deep < _DEEP:
            for first, last in commands_in(name, rest):
                yield from self._follow(first, last, deep + 1)
        self._move(name, rest[1:])

    def _place(self, value: str) -> Place | None:
        cloned = self._state.cloned
        if cloned and value.startswith(f"{cloned}/"):
            return joined(Place("", (ROOT,)), Place(value[len(cloned) + 1 :]))
        found = expand(value, self._state.variables)
        return None if found is None else joined(self._state.here, found)

    def _assign(self, name: str, value: str) -> None:
        found = expand(value, self._state.variables)
        if found is None or name == "PATH":
            self._state.variables.pop(name, None)
        else:
            # What is relative stays so: it is meant from where it is used, but for where it is now.
            begins = value.partition(CLOSE)[0].removeprefix(OPEN)
            if "pwd" in value.lower() or begins in self._fixed:
                self._fixed.add(name)
                found = joined(self._state.here, found) if "pwd" in value.lower() else found
            self._state.variables[name] = found

    def _value(self, word: Word, first: int, *, hidden: bool) -> Iterator[Found]:
        arguments = _OPTION.search(word.value, first) is not None
        pieces = [one.span() for one in _PIECE.finditer(word.value, first)] if arguments else []
        for start, end in pieces or [(first, len(word.value))]:
            for found in claims_of_value(word, start, end, self._place, bare=False):
                yield replace(found, masked=hidden or found.name in self._guarded)

    def _stored(self, name: str, values: Iterable[Found]) -> Iterator[Found]:
        """Yield what the values of a variable name; where they name something its use says nothing new."""
        self._told.pop(name, None)
        for found in values:
            self._told[name] = self._state.here
            yield found

    def _is_told(self, name: str) -> bool:
        """Say whether what a variable holds was told, and is the same here as where it was set."""
        return name in self._told and (name in self._fixed or self._told[name] == self._state.here)

    def _strictness(self, rest: list[Word]) -> None:
        if rest[0].value == "set" and len(rest) > 1:
            flags = rest[1].value
            if flags.startswith("+") and "e" in flags:
                self._state.lenient = True
            elif flags.startswith("-") and "e" in flags:
                self._state.lenient = False

    def _loop(self, rest: list[Word]) -> Iterator[Found]:
        values = [word.value for word in rest[3:]] if len(rest) > 3 and rest[2].value == "in" else []
        simple = [value for value in values if expand(value, {}) is not None]
        if simple and len(simple) == len(values):
            self._state.variables[rest[1].value] = Place(alternatives(simple))
        elif len(rest) > 1:
            self._state.variables.pop(rest[1].value, None)
        for word in rest[3:]:
            yield from self._stored(rest[1].value, self._value(word, 0, hidden=False))

    def _test(
        self, command: Command, rest: list[Word], items: list[Item], index: int, *, negated: bool
    ) -> Iterator[Found]:
        """Note what a test looks for: what it guards is not missed when it is gone."""
        negated = negated or any(word.value == "!" for word in rest)
        needed = negated or (command.after == "||" and fails(items, index))
        files = [
            word
            for previous, word in pairwise(rest)
            if previous.value in {"-f", "-e", "-d", "-x", "-r", "-s", "-L", "-h", "-w"}
        ]
        for word in files:
            place = self._place(word.value)
            if place is None:
                continue
            if not needed:
                self._guarded.add(place.name)
            first, last = word.place(0, len(word.value))
            yield Found(
                first, last, place.name, place.bases, masked=not needed or place.name in self._guarded
            )

    def _move(self, name: str, rest: list[Word]) -> None:
        plain = [word for word in rest if not word.value.startswith("-") and word.value.lower() != "/d"]
        if name == "git" and len(plain) > 1 and plain[0].value == "clone":
            self._state.cloned = plain[-1].value.rstrip("/").rpartition("/")[2].removesuffix(".git")
        if name not in {"cd", "pushd", "popd", "chdir", "Set-Location", "Push-Location", "Pop-Location"}:
            self._state.here = self._functions.called(name, self._state.here)
            return
        if name in {"popd", "Pop-Location"}:
            if self._pushed:
                self._state.here = self._pushed.pop()
            return
        if name in {"pushd", "Push-Location"}:
            self._pushed.append(self._state.here)
        last = plain[0].value.rstrip("/").rpartition("/")[2] if plain else ""
        if last and last == self._state.cloned:
            self._state.here = Place("", (ROOT,))
            return
        if rest and rest[0].value == "-" and self._pushed:
            return
        away = not plain or plain[0].value.startswith(("/", "~"))
        place = None if away else self._place(plain[0].value)
        lost = place is None or place.name.startswith(("/", "~"))
        self._state.here = Place("", self._lost) if place is None or lost else place


def _assignment(word: Word) -> tuple[str, str, int] | None:
    name, sign, value = word.value.partition("=")
    name = name.removesuffix("+")
    if not sign or word.quoted or not name.replace("_", "a").isalnum() or name[0].isdigit():
        return None
    return name, value, len(word.value) - len(value)
