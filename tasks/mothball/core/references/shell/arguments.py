"""Which words of one command name files, by the program that reads them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from posixpath import dirname
from typing import Final

from mothball.core.references.shell import programs as known
from mothball.core.references.shell.effective import MODULE_RUNNERS, SETTING, is_python
from mothball.core.references.shell.items import OPEN, Word
from mothball.core.references.shell.places import Place, tidy
from mothball.core.references.shell.values import Found, Placing, claims_of_value, module_of, output_of

_INCLUDE: Final = re.compile(r"-(?:I|L|isystem|include|iquote|F|J|K|l:)(?=[\w./$\x01])")
_SERVED: Final = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):[A-Za-z_]")
_INCLUDES: Final = frozenset({"-isystem", "-include", "-iquote", "-I", "-T"})
_LINKED: Final = re.compile(r"-(?:Wl,)?(?:-?-script=|-?T,?)(?=[\w./$\x01])")
_COPIES: Final = frozenset({"cp", "copy", "xcopy", "install", "rsync", "scp", "ln"})
_RECURSIVE: Final = re.compile(r"-[a-zA-Z]*[rRa]|--recursive|--archive")
_CODE: Final = frozenset({"-c", "-e", "-p", "--eval", "-W", "-X"})
_GIVEN: Final = re.compile(r"-[A-Za-z]*c")
_VALUED: Final = frozenset({"-W", "-X"})
_NAMED: Final = frozenset({"-name", "-iname", "-path", "-ipath", "-wholename", "-regex", "-iregex"})
"""What ``find`` looks for below the places that it is given."""
_IMAGE: Final = re.compile(r"[a-z0-9][\w.-]*(?:/[\w-]+)+(?::[\w.-]+)?")
_IMAGES: Final = frozenset({"docker", "podman", "nerdctl", "buildah"})
_BUILDS: Final = frozenset({"build", "buildx", "bud"})

_Taken = tuple[str, Iterator[Found]]
"""What a flag took of the words after it, nothing in most cases, and what it names."""


def code_of(words: list[Word]) -> Word | None:
    """Return the text that Python, given these words, runs; one that is empty where it is what it is fed."""
    previous = ""
    for word in words:
        if _GIVEN.fullmatch(previous):
            return word
        if previous not in _VALUED:
            if word.value == "-":
                break
            if not word.value.startswith("-") or word.value == "-m":
                return None
        previous = word.value
    return Word(0, "", "", (), ())


def arguments(
    name: str, words: list[Word], redirects: list[tuple[str, Word]], place: Placing, made: set[str]
) -> Iterator[Found]:
    """Yield what the words of a command name, which runs the program ``name``.

    ``made`` are the directories that the text made itself; more are added.
    """
    for sign, word in redirects:
        if sign in {"<", "<>"}:
            yield from claims_of_value(word, 0, len(word.value), place, bare=True)
        else:
            yield from output_of(word, 0, place, made)
            if sign == ">>":  # what is only added to is made anew where it is gone, and nothing fails
                found = claims_of_value(word, 0, len(word.value), place, bare=False)
                yield from (replace(one, masked=True) for one in found)
    if words:
        value = words[0].value
        lead = len(value) - len(value.lstrip("@-"))
        if value[lead:] != ".":
            yield from claims_of_value(words[0], lead, len(value), place, bare=False, plain=False)
        yield from _Arguments(name or ".", words[1:], place, made).claims()


class _Arguments:
    """The words of one command behind its program."""

    def __init__(self, program: str, words: list[Word], place: Placing, made: set[str]) -> None:
        self.program = program
        self.words = words
        self.first = next((word.value for word in words if not word.value.startswith("-")), "")
        self.outside = self.place = place
        self.made = made
        removes = program in {"git", "hg", "svn"} and self.first in known.MOVES
        quiet = program in known.NEVER or self._names_no_files()
        self.prose = program in known.FOLLOWED_BY_NOTHING or removes or quiet
        if program in {"mkdir", "md"}:
            made.update(found.name for word in words if (found := place(word.value)) is not None)
        self.python = is_python(program)
        self.interpreter = self.python or program in known.INTERPRETERS
        self.scripted = False
        self._enter()

    def _names_no_files(self) -> bool:
        """Say whether the words are branches, images or resources."""
        if self.program in _IMAGES:
            return self.first in known.IMAGE_COMMANDS
        if self.program == "type":  # with an option it is a shell's, which looks for a program
            return self.words[:1] != [] and self.words[0].value.startswith("-")
        silent = self.program == "git" and self.first not in known.GIT_FILES
        return silent and "--" not in {word.value for word in self.words}

    def claims(self) -> Iterator[Found]:
        """Yield what they name."""
        at = 0
        while at < len(self.words):
            word = self.words[at]
            at += 1
            if word.value.startswith("-") and len(word.value) > 1:
                taken, claims = self._flag(word, self.words[at] if at < len(self.words) else None)
                idle = self.program in known.NEVER
                yield from (replace(found, prose=found.prose or idle) for found in claims)
                self.scripted |= taken == "script"
                at += bool(taken)
                continue
            for found in self._word(word, last=at == len(self.words)):
                yield replace(found, masked=found.masked or self.program == "wildcard")
            self.scripted = True

    def _enter(self) -> None:
        """Go to where ``make -C`` and its like go before anything else is looked up."""
        flags = known.DIRECTORY_FLAGS.get(self.program, ())
        for index, word in enumerate(self.words):
            value, sign, inline = word.value.partition("=")
            if value not in flags:
                continue
            following = self.words[index + 1].value if index + 1 < len(self.words) else ""
            directory = self.outside(inline if sign else following)
            if directory is not None:
                self.place = _Inside(directory, self.outside)
                return

    def _word(self, word: Word, *, last: bool) -> Iterator[Found]:
        if self.prose:
            found = claims_of_value(word, 0, len(word.value), self.place, bare=True)
            return (replace(one, prose=True) for one in found)
        if self.program == "ln" and not last and (linked := self._linked(word)) is not None:
            return iter((linked,))
        return self._plain(word, last=last)

    def _plain(self, word: Word, *, last: bool) -> Iterator[Found]:
        whole = len(word.value)
        if self.program == "tee" or (self.program in _COPIES and last):
            makes = self.program == "rsync" or any(_RECURSIVE.match(one.value) for one in self.words)
            return output_of(word, 0, self.place, self.made, makes=makes)
        if named := SETTING.match(word.value):
            return claims_of_value(word, named.end(), whole, self.place, bare=False)
        if self.program in _IMAGES and self.first == "run" and _IMAGE.fullmatch(word.value):
            return iter(())
        if self.program in known.SERVERS and (served := _SERVED.match(word.value)):
            return module_of(word, served.end(1), self.place)
        return claims_of_value(
            word,
            0,
            whole,
            self.place,
            bare=self._expects(last=last),
            plain=self.program not in known.SUBCOMMANDS,
        )

    def _expects(self, *, last: bool) -> bool:
        """Say whether the next word is a file though it does not look like one."""
        if self.program in _IMAGES and self.first in _BUILDS:
            return last
        return self.program in known.READERS_OF_FILES or (self.interpreter and not self.scripted)

    def _linked(self, word: Word) -> Found | None:
        """Return what a symbolic link says, which is looked up from where the link is."""
        beside = dirname(self.words[-1].value)
        if not beside or word.value.startswith(("/", OPEN)) or self.words[0].value[:2] != "-s":
            return None
        found = self.place(f"{beside}/{word.value}")
        if found is None:
            return None
        return Found(*word.place(0, len(word.value)), found.name, found.bases)

    def _flag(self, word: Word, following: Word | None) -> _Taken:
        value = word.value
        if following is not None and not self.scripted:
            if value == "-m" and self.python:
                runs = "value" if following.value in MODULE_RUNNERS else "script"
                return runs, module_of(following, len(following.value), self.place)
            if value in _CODE and self.interpreter:
                return "script", iter(())
        if following is not None and self.program == "find" and value in _NAMED:
            return "value", iter(())
        if value in known.OUTPUT_FLAGS and following is not None and not following.value.startswith("-"):
            return "value", output_of(following, 0, self.place, self.made)
        if (self.program == "sed" and value != "-f") or value in known.OUTPUT_FLAGS:
            return "", iter(())
        long = value.startswith("--") or ("=" in value and not value.startswith("-Wl"))
        return self._long(word, following) if long else self._short(word, following)

    def _short(self, word: Word, following: Word | None) -> _Taken:
        value = word.value
        if include := _INCLUDE.match(value):
            # A search path that is gone fails nothing by itself.
            found = claims_of_value(word, include.end(), len(value), self.place, bare=True)
            return "", (replace(one, masked=True) for one in found)
        if linked := _LINKED.match(value):
            return "", claims_of_value(word, linked.end(), len(value), self.place, bare=False)
        letters = known.SHORT_FILE_FLAGS.get(self.program, "")
        if following is not None and ((value[-1] in letters and value[1:].isalpha()) or value in _INCLUDES):
            return "value", claims_of_value(following, 0, len(following.value), self._from(value), bare=True)
        if len(value) > 2 and value[1] in letters:
            return "", claims_of_value(word, 2, len(value), self.place, bare=True)
        named = following is not None and value in known.NO_VALUE_FLAGS and "/" not in following.value
        return "value" if named else "", iter(())

    def _long(self, word: Word, following: Word | None) -> _Taken:
        name, sign, _ = word.value.partition("=")
        place = self._from(name)
        bare = name in known.FILE_FLAGS or name in known.DIRECTORY_FLAGS.get(self.program, ())
        if sign and name in known.OUTPUT_FLAGS:
            return "", output_of(word, len(name) + 1, place, self.made)
        if sign:
            return "", claims_of_value(word, len(name) + 1, len(word.value), place, bare=bare)
        if bare and following is not None and not following.value.startswith("-"):
            return "value", claims_of_value(following, 0, len(following.value), place, bare=True)
        return "", iter(())

    def _from(self, flag: str) -> Placing:
        """Return what says where the value of a flag points: that of ``-C`` not from where that goes."""
        return self.outside if flag in known.DIRECTORY_FLAGS.get(self.program, ()) else self.place


class _Inside:
    """Where names point in another directory than that where the shell is."""

    def __init__(self, directory: Place, outside: Placing) -> None:
        self._directory, self._outside = directory, outside

    def __call__(self, name: str) -> Place | None:
        inner, here = self._outside(name), self._outside("")
        if inner is None or here is None or inner.bases != here.bases:
            return inner
        if here.name and not inner.name.startswith(here.name):
            return inner
        tail = inner.name[len(here.name) :].lstrip("/")
        return Place(tidy(f"{self._directory.name}/{tail}"), self._directory.bases)
