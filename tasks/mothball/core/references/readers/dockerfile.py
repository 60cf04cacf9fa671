"""Dockerfiles: what they copy into an image."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim
from mothball.core.references.placed import Placed
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_located
from mothball.core.references.shell.items import Command, Word
from mothball.core.references.shell.run import FILES
from mothball.core.references.shell.words import Splitter
from mothball.core.references.texts import Lines, words

_INSTRUCTION: Final = re.compile(r"[ \t]*([A-Za-z]+)[ \t]+")
_FLAG: Final = re.compile(r"(?:--[\w-]+(?:=\S*)?[ \t]+)+")
_EVERYTHING: Final = re.compile(r"(?:--\S+[ \t]+)*\./?[ \t]")
_LISTING: Final = re.compile(r"(?P<word>\"(?:[^\"\\\n]|\\.)*+\")|[\[\],]")
"""What a command that is a list of words is made of: these are quoted as for a shell."""
_MOUNT: Final = re.compile(r"type=bind\S*?(?:source|src)=([^,\s]+)")


class Dockerfiles(Reader):
    """Reads what is copied from the build context, which is the root, or a directory above the file."""

    kind: ClassVar[str] = "docker"
    files: ClassVar[tuple[str, ...]] = (
        *("Dockerfile", "Dockerfile.*", "Dockerfile-*", "*.dockerfile", "Containerfile", "Containerfile.*"),
        *("*.Dockerfile", "Dockerfile_*", "Earthfile"),
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the sources of COPY and ADD, and what else is taken from the context."""
        del path
        lines = Lines(text)
        arguments: dict[str, str] = {}
        copied = False
        for name, first, last in _instructions(text):
            if name in {"COPY", "ADD"}:
                yield from _sources(text, first, last, lines, arguments)
                copied |= _EVERYTHING.match(text, first, last) is not None
            elif name in {"ARG", "ENV"}:
                key, sign, value = text[first:last].strip().partition("=")
                if sign and " " not in value:
                    arguments[key] = value.strip("\"'")
            elif name == "FROM":
                copied = False
            elif name == "#":
                for offset, word in words(text[first:last]):
                    yield replace(_claim(word, first + offset, lines), kind="docker-comment", prose=True)
            if name in {"RUN", "CMD", "ENTRYPOINT"}:
                yield from _run(text, first, last, lines, copied=copied)
            elif name not in {"COPY", "ADD", "#"}:
                yield from _of_the_image(text, first, last, lines)


def _claim(word: str, at: int, lines: Lines) -> Claim:
    line, column = lines.at(at)
    return Claim(line=line, column=column, text=word, kind="docker-copy", bases=(ROOT, HERE, ABOVE))


def _instructions(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each instruction, and where its arguments begin and end; ``#`` for comments."""
    at = 0
    while at < len(text):
        end = _end(text, at)
        found = _INSTRUCTION.match(text, at, end)
        bare = text[at:end].lstrip()
        if bare.startswith("#"):
            yield "#", at, end
        elif found:
            yield found[1].upper(), found.end(), end
        at = end + 1


def _end(text: str, at: int) -> int:
    """Return the end of an instruction: comments between continued lines do not end it."""
    end = text.find("\n", at)
    if text[at : end if end >= 0 else None].lstrip().startswith("#"):
        return len(text) if end < 0 else end
    while end >= 0:
        line = text[at:end].rstrip(" \t\r")
        if not line.endswith(("\\", "`")) and not line.lstrip().startswith("#"):
            return end
        at = end + 1
        end = text.find("\n", at)
    return len(text)


def _sources(text: str, first: int, last: int, lines: Lines, arguments: dict[str, str]) -> Iterator[Claim]:
    flags = _FLAG.match(text, first, last)
    if flags and "--from=" in flags.group():
        return
    first = flags.end() if flags else first
    if text[first:last].lstrip().startswith("["):
        yield from _json_sources(text, first, last, lines)
        return
    found: list[Word] = []
    for item in Splitter(text).items(first, last):
        if isinstance(item, Command):
            found += item.words
    if len(found) < 2 or any(word.value.startswith("<<") for word in found):
        return
    end = found[-2].start + len(found[-2].raw)
    placed = Placed(text[first:end], text, lines, range(first, end))
    for claim in claims_located(
        placed, kind="docker-copy", bases=(ROOT, HERE, ABOVE), listed=FILES, variables=arguments
    ):
        yield replace(claim, name=claim.wanted.lstrip("/"))


def _run(text: str, first: int, last: int, lines: Lines, *, copied: bool) -> Iterator[Claim]:
    """Yield what is run where all of the context was copied to; otherwise the paths are the image's."""
    for found in _MOUNT.finditer(text, first, last):
        yield _claim(found[1], found.start(1), lines)
    yield from _of_the_image(text, first, last, lines)
    if not copied:
        return
    flags = _FLAG.match(text, first, last)
    first = flags.end() if flags else first
    source = text[first:last]
    if source.lstrip().startswith("["):
        source = _LISTING.sub(lambda found: found["word"] or " ", source)
    placed = Placed(source, text, lines, range(first, last))
    yield from claims_located(placed, kind="docker-run", bases=(ROOT, HERE))


def _of_the_image(text: str, first: int, last: int, lines: Lines) -> Iterator[Claim]:
    """Yield paths that begin at the root of the image: they are nowhere in the repository."""
    for offset, word in words(text[first:last]):
        if word.startswith("/"):
            yield replace(_claim(word, first + offset, lines), kind="docker-image", bases=())


def _json_sources(text: str, first: int, last: int, lines: Lines) -> Iterator[Claim]:
    try:
        names = json.loads(text[first:last].replace("\\\n", "  "))
    except (ValueError, RecursionError):
        return
    at = first
    for name in names[:-1] if isinstance(names, list) else ():
        if isinstance(name, str) and (at := text.find(name, at, last)) >= 0:
            yield _claim(name, at, lines)
        at = max(at, first)
