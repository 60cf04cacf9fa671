"""Which words of one command name files, by the program that reads them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from posixpath import basename, dirname
from typing import Final

from mothball.core.references import shell_programs as known
from mothball.core.references.shell_places import Place, has_suffix, tidy
from mothball.core.references.shell_words import CLOSE, OPEN, Word

Placing = Callable[[str], Place | None]

_NO_PATH: Final = re.compile(
    r"\w[\w+.-]*://|mailto:|[~/](?![^/]*/__)|s[/|#,].*[/|#,]|\d+(\.\d+)*$|git@", re.DOTALL
)
_PIECE: Final = re.compile(r"[^,:;=]+")
_PYTHON: Final = re.compile(r"(?:python|pypy|py)[\d.]*(?:\.exe)?|micropython|ipython3?|jython", re.IGNORECASE)
_MODULE: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_INCLUDE: Final = re.compile(r"-(?:I|L|isystem|include|iquote|F|J|K|l:)(?=[\w./$\x01])")
_LONG: Final = re.compile(r"--?[A-Za-z][\w.-]*=|/[A-Za-z]+:|-D\w+(?::\w+)?=|[A-Za-z_][\w.-]*=")
_SERVED: Final = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):[A-Za-z_]")
_LONGEST: Final = 4000
_MODULE_FILES: Final = "{.py,/__main__.py}"


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a text that names something, and where that is looked up."""

    start: int
    end: int
    name: str
    bases: tuple[str, ...]
    masked: bool = False
    prose: bool = False
    doubtful: bool = False


def effective(words: list[Word], variables: Mapping[str, Place]) -> list[Word]:
    """Return the words from the program on that really runs: without ``sudo``, ``env X=1``, ``uv run``."""
    rest = list(words)
    for _ in range(8):
        if not rest:
            break
        name = program_name(rest[0], variables)
        following = rest[1].value if len(rest) > 1 else ""
        if name in known.WRAPPERS and len(rest) > 1:
            rest = _without_flags(rest[1:])
        elif following and known.RUNNERS.get(name) == following:
            rest = _without_flags(rest[2:])
        elif name in known.RUNNERS_OF_ONE and len(rest) > 1:
            rest = _without_flags(rest[1:])
            rest = rest[1:] if name == "timeout" else rest
        elif name == "run" and len(rest) > 1:
            rest = rest[1:]
        else:
            break
    return rest


def program_name(word: Word, variables: Mapping[str, Place]) -> str:
    """Return the name of a program, without its directory; a variable's is what it holds, or is called."""
    value = word.value.lstrip("@-+")
    if value.startswith(OPEN) and value.endswith(CLOSE):
        name = value.strip(OPEN + CLOSE)
        held = variables.get(name)
        value = held.name.split(" ")[0] if held is not None and held.name else name.lower()
    return basename(value).removesuffix(".exe")


def _without_flags(words: list[Word]) -> list[Word]:
    at = 0
    while at < len(words) and (words[at].value.startswith("-") or _LONG.match(words[at].value)):
        at += (
            2
            if words[at].value in {"--with", "-u", "-n", "-p", "--group", "--extra", "-I", "--package"}
            else 1
        )
    return words[at:]


def arguments(
    name: str, words: list[Word], redirects: list[tuple[str, Word]], place: Placing, made: set[str]
) -> Iterator[Found]:
    """Yield what the words of a command name, which runs the program ``name``; ``made`` are the directories that the text made itself."""
    for sign, word in redirects:
        if sign in {"<", "<>"}:
            yield from claims_of_value(word, 0, len(word.value), place, bare=True)
        else:
            yield from _output(word, 0, place, made)
    if words:
        lead = len(words[0].value) - len(words[0].value.lstrip("@-"))
        if words[0].value[lead:] != "." and not (lead and words[0].value[:1] == "-" and len(words) == 1):
            yield from claims_of_value(words[0], lead, len(words[0].value), place, bare=False, plain=False)
        yield from _Arguments(name or ".", words[1:], place, made).claims()


class _Arguments:
    """The words of one command behind its program."""

    def __init__(self, program: str, words: list[Word], place: Placing, made: set[str]) -> None:
        self.program = program
        self.words = words
        self.first = next((word.value for word in words if not word.value.startswith("-")), "")
        self.place = place
        self.made = made
        self.prose = program in known.FOLLOWED_BY_NOTHING or (
            program in {"git", "hg", "svn"} and self.first in {"mv", "rm", "move", "remove", "rename"}
        )
        if self.prose and (program in {"mkdir", "md"}):
            made.update(found.name for word in words if (found := place(word.value)) is not None)
        self.bare = program in known.READERS_OF_FILES
        self.masked = program == "wildcard"
        self.silent = program in known.NEVER or (program == "git" and self._git_is_silent())
        self.interpreter = program in known.INTERPRETERS or _PYTHON.fullmatch(program) is not None

    def _git_is_silent(self) -> bool:
        return self.first not in known.GIT_FILES and "--" not in {word.value for word in self.words}

    def claims(self) -> Iterator[Found]:
        """Yield what they name."""
        at = 0
        scripted = False
        self._enter()
        while at < len(self.words):
            word = self.words[at]
            following = self.words[at + 1] if at + 1 < len(self.words) else None
            at += 1
            if word.value.startswith("-") and len(word.value) > 1:
                taken, claims = self._flag(word, following, scripted=scripted)
                yield from claims
                if taken in {"module", "code"}:
                    scripted = True
                at += bool(taken)
                continue
            expected = self.bare or (self.interpreter and not scripted)
            scripted = True
            for found in self._word(word, last=at == len(self.words), expected=expected):
                yield replace(found, masked=True) if self.masked else found

    def _enter(self) -> None:
        """Go to where ``make -C`` and its like go before anything else is looked up."""
        flags = known.DIRECTORY_FLAGS.get(self.program, ())
        place = self.place
        for previous, word in zip(self.words, [*self.words[1:], None], strict=False):
            value, sign, inline = previous.value.partition("=")
            if value not in flags:
                continue
            text = inline if sign else word.value if word is not None else ""
            directory = place(text) if text else None
            if directory is None:
                continue
            self._outer = place
            self.place = lambda name, directory=directory: _within(directory, place(name), place(""))
            return

    def _word(self, word: Word, *, last: bool, expected: bool) -> Iterator[Found]:
        if self.silent or self.prose:
            for found in claims_of_value(word, 0, len(word.value), self.place, bare=True):
                yield replace(found, prose=True)
            return
        if self.program in {"cp", "copy", "xcopy", "install", "rsync", "scp", "ln"} and last:
            yield from _output(word, 0, self.place, self.made)
            return
        if self.program == "tee":
            yield from _output(word, 0, self.place, self.made)
            return
        if named := _LONG.match(word.value):
            yield from claims_of_value(word, named.end(), len(word.value), self.place, bare=False)
            return
        if self.program in known.SERVERS and (served := _SERVED.match(word.value)):
            yield from _module(word, served.end(1), self.place)
            return
        plain = self.program not in known.SUBCOMMANDS
        if self.program in {"docker", "podman", "nerdctl", "buildah"} and self.first in {
            "build",
            "buildx",
            "bud",
        }:
            expected = last
        yield from claims_of_value(word, 0, len(word.value), self.place, bare=expected, plain=plain)

    def _flag(self, word: Word, following: Word | None, *, scripted: bool) -> tuple[str, Iterator[Found]]:
        value = word.value
        python = _PYTHON.fullmatch(self.program) is not None
        if following is not None and not scripted:
            if value == "-m" and python:
                return "module", _module(following, len(following.value), self.place)
            if value in {"-c", "-e", "-p", "--eval", "-W", "-X"} and self.interpreter:
                return "code", iter(())
        if self.program == "sed" and value != "-f":
            return "", iter(())
        if value in known.OUTPUT_FLAGS:
            if following is None or following.value.startswith("-"):
                return "", iter(())
            return "value", _output(following, 0, self.place, self.made)
        if value.startswith("--") or "=" in value:
            return self._long(word, following)
        if include := _INCLUDE.match(value):
            # A search path that is gone fails nothing by itself.
            found = claims_of_value(word, include.end(), len(value), self.place, bare=True)
            return "", (replace(one, masked=True) for one in found)
        letters = known.SHORT_FILE_FLAGS.get(self.program, "")
        if following is not None and len(value) >= 2 and value[-1] in letters and value[1:].isalpha():
            outer = getattr(self, "_outer", self.place)
            directory = value in known.DIRECTORY_FLAGS.get(self.program, ())
            return "value", claims_of_value(
                following, 0, len(following.value), outer if directory else self.place, bare=True
            )
        if len(value) > 2 and value[1] in letters:
            return "", claims_of_value(word, 2, len(value), self.place, bare=True)
        if value in {"-isystem", "-include", "-iquote", "-I"} and following is not None:
            return "value", claims_of_value(following, 0, len(following.value), self.place, bare=True)
        if value in known.NO_VALUE_FLAGS and following is not None and "/" not in following.value:
            return "value", iter(())
        return "", iter(())

    def _long(self, word: Word, following: Word | None) -> tuple[str, Iterator[Found]]:
        name, sign, _ = word.value.partition("=")
        outer = getattr(self, "_outer", self.place)
        place = outer if name in known.DIRECTORY_FLAGS.get(self.program, ()) else self.place
        bare = name in known.FILE_FLAGS or name in known.DIRECTORY_FLAGS.get(self.program, ())
        if sign:
            start = len(name) + 1
            if name in known.OUTPUT_FLAGS:
                return "", _output(word, start, place, self.made)
            return "", claims_of_value(word, start, len(word.value), place, bare=bare)
        if bare and following is not None and not following.value.startswith("-"):
            return "value", claims_of_value(following, 0, len(following.value), place, bare=True)
        return "", iter(())


def _within(directory: Place, inner: Place | None, here: Place | None) -> Place | None:
    """Return a place as seen from a directory instead of from where the shell is."""
    if inner is None or here is None or inner.bases != here.bases:
        return inner
    name = inner.name
    if here.name:
        if not name.startswith(here.name):
            return inner
        name = name[len(here.name) :].lstrip("/")
    return Place(tidy(f"{directory.name}/{name}"), directory.bases)


def _module(word: Word, last: int, place: Placing) -> Iterator[Found]:
    """Yield the file of ``python -m pkg.mod``."""
    if _MODULE.fullmatch(word.value, 0, last) is None:
        return
    parts = word.value[:last].replace(".", "/")
    found = place(parts)
    if found is not None:
        bases = (*found.bases, "src") if "src" not in found.bases else found.bases
        first, end = word.place(0, last)
        yield Found(first, end, found.name + _MODULE_FILES, bases)


def _output(word: Word, first: int, place: Placing, made: set[str]) -> Iterator[Found]:
    """Yield the directory that something is written to: it has to be there, what is written has not."""
    value = word.value[first:]
    if value.startswith(("/", "~", "&")) or "/" not in value:
        return
    above = value.rstrip("/") if value.endswith("/") else dirname(value)
    if not above or _NO_PATH.match(above):
        return
    found = place(above)
    if found is None or not found.name or any(_is_in(found.name, one) for one in made):
        return
    start, end = word.place(first, first + len(above))
    yield Found(start, end, found.name, found.bases)


def _is_in(name: str, directory: str) -> bool:
    return name == directory or directory.startswith(name + "/")


def claims_of_value(
    word: Word, first: int, last: int, place: Placing, *, bare: bool, plain: bool = True
) -> Iterator[Found]:
    """Yield what a part of a word names: all of it, and its pieces between colons and commas.

    Args:
        word: the word.
        first: where the part begins in the value.
        last: where it ends.
        place: what says where a name points.
        bare: whether a name without slash and suffix may be a file.
        plain: whether a name without slash, but with a suffix, may be one.
    """
    value = word.value[first:last]
    if len(value) > _LONGEST or "\n" in value or not value.strip("./ "):
        return
    whole = _one(word, first, first + len(value), place, bare=bare, plain=plain)
    if whole is not None:
        yield whole
    if OPEN in value and ":" in value and (end := value.rfind(":")) > value.rfind(CLOSE):
        found = _one(word, first, first + end, place, bare=bare, plain=plain)
        if found is not None:
            yield found
    elif OPEN not in value and "://" not in value and "::" not in value and not _PIECE.fullmatch(value):
        for piece in _PIECE.finditer(value):
            found = _one(word, first + piece.start(), first + piece.end(), place, bare=bare, plain=plain)
            if found is not None:
                yield found


def _one(word: Word, first: int, last: int, place: Placing, *, bare: bool, plain: bool) -> Found | None:
    value = word.value[first:last]
    lead = len(value) - len(value.lstrip("@<(["))
    if lead and has_suffix(value):
        first, value = first + lead, value[lead:]
    if _NO_PATH.match(value) or (" " in value and not word.quoted) or not value:
        return None
    path = value.partition("::")[0]
    if "/" not in path.replace(f"{OPEN}/", "") and not bare and not (plain and has_suffix(path)):
        return None
    found = place(path)
    if found is None or not found.name:
        return None
    start, end = word.place(first, first + len(path))
    return Found(start, end, found.name, found.bases)
