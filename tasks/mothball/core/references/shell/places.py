"""Where a word of a shell points: variables filled in as far as a text tells what they hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import normpath
from typing import Final

from mothball.core.references.claims import ABOVE, ENDING, HERE, ROOT
from mothball.core.references.shell.items import CLOSE, OPEN, Command
from mothball.core.references.shell.programs import ELSEWHERE, HERE_VARIABLES, ROOT_VARIABLES, STARTED_IN
from mothball.core.references.shell.words import Splitter

_VARIABLE: Final = re.compile(rf"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_BATCH: Final = re.compile(r"%~dp0[\\/]?|%([A-Za-z_]\w*)%")
_TOP: Final = re.compile(r"rev-parse\s+--show-toplevel|hg\s+root|rev-parse\s+--show-cdup")
_PRINTING: Final = frozenset(
    {"cd", "dirname", "realpath", "readlink", "greadlink", "echo", "cygpath", "builtin"}
)
_SCRIPT: Final = re.compile(
    rf"{OPEN}(?:0|BASH_SOURCE(?:\[0\])?(?::?-.*)?|\(%\):-%[xN]|\((?:(?!dirname)[^;|&])*(?:\$0|BASH_SOURCE).*\)){CLOSE}",
    re.DOTALL,
)
_ITSELF: Final = "_"
"""A name in the directory of a script that stands for the script itself; its parent is what is asked for."""
_LONG: Final = 500
_DEFAULT: Final = re.compile(r"\w+:?[-=](.+)")
_SUFFIXED: Final = re.compile(r"(?:.*/)?[^/]*[^/.]\.[A-Za-z]\w{0,11}")
_SETS: Final = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A directory or file: a name, and where it is looked up; no bases are those of the moment."""

    name: str
    bases: tuple[str, ...] = ()

    def below(self, name: str) -> "Place":
        """Return the place of a name in this directory."""
        return Place(f"{self.name}/{name.lstrip('/')}" if self.name else name.lstrip("/"), self.bases)


_KNOWN: Final = (
    dict.fromkeys(HERE_VARIABLES, Place("", (HERE, ABOVE, ENDING)))
    | dict.fromkeys(ROOT_VARIABLES, Place("", (ROOT, ABOVE, ENDING)))
    | dict.fromkeys((*STARTED_IN, "PWD", "pwd", "CD", "CURDIR"), Place(""))
    | {"@here": Place("", (HERE,))}
)


def has_suffix(name: str) -> bool:
    """Say whether a name ends like a file's: with a dot and letters."""
    return _SUFFIXED.fullmatch(name) is not None


def expand(value: str, variables: Mapping[str, Place]) -> Place | None:
    """Return what a word means, ``None`` where it leads out of the repository or says too little."""
    value = _BATCH.sub(
        lambda found: f"{OPEN}{found[1] or '@here'}{CLOSE}" + ("/" if not found[1] else ""), value
    )
    if value.startswith(OPEN):
        end = value.find(CLOSE)
        name, rest = value[1:end], value[end + 1 :]
        if end < 0:
            return None
        place = variable(name, rest, variables)
        if place is None:
            return None
        rest = _filled(rest, variables)
        if rest.startswith("/..") and not place.name and HERE in place.bases:
            # A step up is meant from one place: above it, or at any other, something else would be found.
            place = Place("", (HERE,))
        if rest and not rest.startswith("/") and place.name:
            return _clean(Place(place.name + rest, place.bases))
        return _clean(place.below(rest) if rest.strip("/") else place)
    return _clean(Place(_filled(value, variables)))


def _clean(place: Place) -> Place | None:
    if OPEN in place.name or len(place.name) > 1000:
        return None
    return place


def _filled(value: str, variables: Mapping[str, Place]) -> str:
    """Fill in what is known of variables that do not come first; of the others anything may stand there."""

    def one(found: re.Match[str]) -> str:
        known = variables.get(found[1])
        return known.name if known is not None and not known.bases else "*"

    return _VARIABLE.sub(one, value) if OPEN in value else value


def variable(name: str, rest: str, variables: Mapping[str, Place]) -> Place | None:
    """Return the place that a variable at the front of a word stands for."""
    if name in variables:
        return variables[name]
    if name.startswith("("):
        return _substituted(name, variables)
    default = _DEFAULT.fullmatch(name)
    if default and (found := expand(_read(default[1].strip("\"'")), variables)):
        return found
    plain = name.split(":", 1)[0]
    known = _KNOWN.get(name) or _KNOWN.get(plain)
    return known if known is not None else _unknown(plain.upper(), rest)


def _read(text: str) -> str:
    """Return a text with its own variables marked; what is no variable stays as it is."""
    return Splitter(text).word(0, len(text)).value if "$" in text else text


def _unknown(name: str, rest: str) -> Place | None:
    """Return where a variable may lead of which only the name is known."""
    if any(part.upper() in name for part in ELSEWHERE) or not rest.startswith("/"):
        return None
    tail = rest.strip("/")
    return Place("", (HERE, ABOVE, ENDING)) if "/" in tail or has_suffix(tail) else None


def _substituted(name: str, variables: Mapping[str, Place]) -> Place | None:
    """Return the directory that a command prints, as far as it is one of those that do little else."""
    body = name[1:-1]
    if _TOP.search(body):
        return Place("", (ROOT,))
    items = Splitter(body).items() if len(body) <= _LONG else ()
    command = next((item for item in items if isinstance(item, Command) and item.words), Command())
    program, *rest = [word.value for word in command.words] or [""]
    plain = next((value for value in rest if not value.startswith("-")), "")
    if program == "pwd":
        return Place("")
    if program not in _PRINTING or not plain:
        return None
    if _SCRIPT.fullmatch(plain):
        return Place("" if program == "dirname" else _ITSELF, (HERE,))
    found = expand(plain, variables)
    return found.below("..") if found is not None and program == "dirname" else found


def joined(directory: Place, place: Place) -> Place:
    """Return a place as seen from a directory, unless it knows its own bases."""
    if place.bases:
        return place
    name = place.name
    if directory.name and directory.name != ".":
        name = f"{directory.name}/{name}" if name else directory.name
    return Place(tidy(name), directory.bases)


def tidy(name: str) -> str:
    """Take detours out of a name."""
    clean = normpath(name) if name else ""
    return "" if clean == "." else clean


def alternatives(names: list[str]) -> str:
    """Return one name for several: a glob of braces."""
    few = names[:_SETS]
    return few[0] if len(few) == 1 else "{" + ",".join(few) + "}"
