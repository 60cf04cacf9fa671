"""What a word of a command names: a path, several, the file of a module, a directory that is written to."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from posixpath import dirname
from typing import Final

from mothball.core.references.claims import ENDING, ROOT
from mothball.core.references.shell.items import CLOSE, OPEN, Word
from mothball.core.references.shell.places import Place, has_suffix

Placing = Callable[[str], Place | None]

_NO_PATH: Final = re.compile(
    r"\w[\w+.-]*://|mailto:|[~/](?![^/]*/__)|s[/|#,].*[/|#,]|\d+(\.\d+)*$|git@", re.DOTALL
)
# One way of a glob, as in ``{a,b}/*.c``, is no path of its own.
_PIECE: Final = re.compile(r"(?>[^,:;={]|\{[^{}]*\}|\{)++")
_WORD: Final = re.compile(r"[^\s\\]+")
_PATH: Final = re.compile(r"[\w.+][\w.@+/*-]*")
_NAME: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_CLONE: Final = re.compile(r"/path/to/[\w.-]+/(?=[\w.-]+/[\w./-]+)", re.IGNORECASE)
"""How pages speak of a reader's clone, wherever that is."""
_LONGEST: Final = 4000
_MODULE_FILES: Final = "{.py,/__main__.py}"


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a text that names something, and where that is looked up; ``kind`` where it is no shell's."""

    start: int
    end: int
    name: str
    bases: tuple[str, ...]
    masked: bool = False
    prose: bool = False
    doubtful: bool = False
    kind: str = ""


def module_of(word: Word, last: int, place: Placing) -> Iterator[Found]:
    """Yield the file of ``python -m pkg.mod``."""
    if _NAME.fullmatch(word.value, 0, last) is None:
        return
    parts = word.value[:last].replace(".", "/")
    found = place(parts)
    if found is not None:
        bases = (*found.bases, "src") if "src" not in found.bases else found.bases
        first, end = word.place(0, last)
        yield Found(first, end, found.name + _MODULE_FILES, bases)


def output_of(
    word: Word, first: int, place: Placing, made: set[str], *, makes: bool = False
) -> Iterator[Found]:
    """Yield the directory that something is written to: it has to be there, what is written has not.

    ``makes`` says that a directory which is written to is made where there is none.
    """
    value = word.value[first:].rstrip("/") if makes else word.value[first:]
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
    if (several := _listed(value)) and (word.quoted or first):
        for one in several:
            found = _one(word, first + one.start(), first + one.end(), place, bare=bare, plain=plain)
            yield from [found] if found is not None else []
        return
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


def _listed(value: str) -> list[re.Match[str]]:
    """Return the words of a list of paths; none where it is a sentence, or a single path."""
    words = list(_WORD.finditer(value)) if len(value.split(None, 2)) > 1 else []
    paths = sum("/" in word[0] or has_suffix(word[0]) for word in words)
    most = len(words) > 1 and paths * 3 >= len(words) * 2
    return words if most and all(_PATH.fullmatch(word[0]) for word in words) else []


def _one(word: Word, first: int, last: int, place: Placing, *, bare: bool, plain: bool) -> Found | None:
    value = word.value[first:last]
    lead = len(value) - len(value.lstrip("@<(["))
    if lead and has_suffix(value):
        first, value = first + lead, value[lead:]
    clone = _CLONE.match(value)
    if (_NO_PATH.match(value) and not clone) or (" " in value and not word.quoted) or not value:
        return None
    path = value.partition("::")[0].removesuffix("/...")
    if "/" not in path.replace(f"{OPEN}/", "") and not bare and not (plain and has_suffix(path)):
        return None
    found = Place(path[clone.end() :], (ROOT, ENDING)) if clone else place(path)
    if found is None or not found.name:
        return None
    start, end = word.place(first, first + len(path))
    return Found(start, end, found.name, found.bases)
