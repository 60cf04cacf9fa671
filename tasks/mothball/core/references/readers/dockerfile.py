"""Dockerfiles: what they copy into an image."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim
from mothball.core.references.placed import Placed
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import as_command, claims_located, claims_of_python
from mothball.core.references.shell.items import Command, Word
from mothball.core.references.shell.run import FILES
from mothball.core.references.shell.words import Splitter
from mothball.core.references.texts import Lines, words

_INSTRUCTION: Final = re.compile(r"[ \t]*([A-Za-z]+)[ \t]+")
_FLAG: Final = re.compile(r"(?:--[\w-]+(?:=\S*)?[ \t]+)+")
_EVERYTHING: Final = re.compile(r"(?:--\S+[ \t]+)*\./?[ \t]")
_CHECK: Final = re.compile(r"(?:--[\w-]+=\S*|\\|\s)*CMD\s+", re.IGNORECASE)
_DOCUMENTED: Final = re.compile(r"[ \t]*(?:RUN|COPY|ADD)\b", re.IGNORECASE)
_DOCUMENT: Final = re.compile(r"(?<!<)<<-?['\"]?(\w+)")
_SCRIPT: Final = re.compile(
    r"<<-?(?P<quote>['\"]?)(?P<mark>\w+)(?P=quote)[ \t\r]*\n"
    r"(?P<text>(?:\#!(?P<program>[^\n]*))?(?s:.*?)^)\t*(?P=mark)[ \t\r]*\Z",
    re.MULTILINE,
)
"""A here-document that is run itself, by a shell where its first line names no other program."""
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
            if name in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
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
    first = at
    while end >= 0:
        line = text[at:end].rstrip(" \t\r")
        if not line.endswith(("\\", "`")) and not line.lstrip().startswith("#"):
            return _end_of_documents(text, first, end)
        at = end + 1
        end = text.find("\n", at)
    return len(text)


def _end_of_documents(text: str, first: int, end: int) -> int:
    """Return the end of the here-documents that an instruction has; where it has none, its own."""
    if _DOCUMENTED.match(text, first, end):
        for mark in _DOCUMENT.findall(text, first, end):
            closed = re.compile(rf"^\t*{re.escape(mark)}[ \t\r]*$", re.MULTILINE).search(text, end)
            end = closed.end() if closed else end
    return end


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
    check = _CHECK.match(text, first, last)
    first = check.end() if check else first
    source = text[first:last]
    if source.lstrip().startswith("["):
        source = as_command(source)
    document = _SCRIPT.match(source)
    if document:
        first, source = first + document.start("text"), document["text"]
    placed = Placed(source, text, lines, range(first, last))
    if document and "python" in (document["program"] or ""):
        yield from claims_of_python(placed, kind="docker-run", bases=(ROOT, HERE))
    else:
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
