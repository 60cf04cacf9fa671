"""Makefiles: what targets depend on, what recipes run, what is included."""

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.javascript.source import is_built
from mothball.core.references.placed import Placed
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_located
from mothball.core.references.shell.makefile_facts import SOURCES, Makefile, prepare, sources_of
from mothball.core.references.shell.makefile_lines import Line, as_shell, lines_of
from mothball.core.references.shell.places import has_suffix
from mothball.core.references.shell.run import FILES, WORDS
from mothball.core.references.sought import Sought
from mothball.core.references.texts import Lines, words
from mothball.core.references.world import WILDCARDS, World, join
from mothball.core.tree import parent

_DIRECTORIES: Final = re.compile(
    r".*(?:DIR|DIRS|SUBDIRS|PATH|dirs|subdirs|VPATH|Dirs|INCLUDES)|(?:sub|SUB)(?:dir|DIR)[sS]?-[\w$(){}]+"
)
_STEM: Final = "stem"
"""A lookup: a name to which a function of make adds a suffix."""
_DESCENT: Final = "make-directories"
"""A kind: directories, which may be targets that come one after the other, and are there all the same."""
_FILE: Final = "file"
"""A lookup: a name that nothing but a file may have, with the other words of its list."""
_USED: Final = re.compile(r"\$[({][\w.]+(?::[^()]*)?[)}]?")
_FEW: Final = 20
_FLAG: Final = re.compile(r"(?:\A|\s)-\w")
_SUBDIRECTORY: Final = re.compile(r"(?<![^\s=])[\w+-]+(?![^\s\\])")
_PREFIXED: Final = re.compile(
    r"\$\(addprefix[ \t]+(?P<prefix>[^,()$]*+(?:\$(?:\([^()]*+\))?[^,()$]*+)*+),"
    r"(?P<names>[^()$]*+(?:\$(?:\([^()]*+\))?[^()$]*+)*+)\)"
)
_LABELS: Final = re.compile(
    r"(?i)(?:.*_)?(?:image|repo|repository|registry|tag|branch|owner|title|description)"
)
_PROGRAMS: Final = re.compile(r"(?:host|user)progs(?:-[\w$(){}-]+)?|(?:[a-z]+_)+PROGRAMS")
"""Lists of what is built: by kbuild and automake, of a source that is called like it."""
_OUTPUTS: Final = re.compile(r"(?i).*(?:build|out|obj|bin|dist|dest|install|prefix|target|clean).*")


class Makefiles(Reader):
    """Reads what make reads."""

    kind: ClassVar[str] = "make"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = (
        *("*makefile", "Makefile.*", "Makefile[-_]*", "*.makefile", "*.mk", "*.mak", "*.make", "*.am"),
        *("Kbuild", "Kbuild.*"),
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield prerequisites, files in variables, includes, and what recipes name."""
        return self.sift(text, path, ())

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what `read` does, without the recipes that have nothing to do with some names."""
        make, found = _opened(text, path)
        make.sought = names if isinstance(names, Sought) else None
        built = is_built(text)
        for claim in (claim for line in found for claim in _READ[line.sort](make, line)):
            yield replace(claim, prose=True) if built else claim

    def carried(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what is included: make stops at nothing else before it begins."""
        del names
        if "include" in text and not is_built(text):
            make, found = _opened(text, path)
            yield from (claim for line in found if line.sort == "include" for claim in _include(make, line))

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what make would find, or a template of it; for a stem, what it may be the stem of."""
        if claim.lookup.startswith(_FILE):
            yield from _beside(claim, file, world)
            return
        for place in world.places(claim.wanted, claim.bases, file):
            yield from (place, f"{place}.in")
        if claim.lookup == _STEM:
            yield from (f"{path}.*" for path in world.places(claim.wanted, claim.bases, file))


def _opened(text: str, path: str) -> tuple[Makefile, list[Line]]:
    """Return a makefile with what all of it says, and its lines."""
    name = path.rpartition("/")[2].lower()
    # Make runs where its file is; a part of one is included from anywhere.
    whole = name in {"makefile", "gnumakefile", "bsdmakefile", "makefile.in"}
    make = Makefile(text, Lines(text), (HERE,) if whole else (HERE, ROOT, ABOVE))
    make.is_automake = name.endswith(".am")
    found = list(lines_of(text))
    prepare(make, found)
    return make, found


def _beside(claim: Claim, file: str, world: World) -> Iterator[str]:
    """Yield the file of a name that may be any word, or the directory, if the words beside it are some."""
    others = claim.lookup.split("/")[1:]
    for path in world.places(claim.wanted, claim.bases, file):
        yield from (one for one in (path, f"{path}.in") if one in world.files)
        if others and all(world.holds(join(parent(file), one) or "") for one in others):
            yield path


def _placed(make: Makefile, first: int, last: int) -> Placed:
    return _Written(as_shell(make.text[first:last]), make.text, make.lines, range(first, last))


class _Written(Placed):
    """A part of a Makefile with its variables written as a shell's."""


def _recipe(make: Makefile, line: Line) -> Iterator[Claim]:
    raw = make.text[line.first : line.last]
    lead = len(raw) - len(raw.lstrip(" \t@+-"))
    masked = "-" in raw[:lead]
    severity = Severity.MASKED if masked else Severity.HARD
    placed = _placed(make, line.first + lead, line.last)
    variables = _single(make, placed.value)
    if make.sought and not any(map(make.sought.may_be_named_in, (raw, *variables.values()))):
        return
    for claim in claims_located(
        placed, kind="make-recipe", bases=make.bases, severity=severity, variables=variables
    ):
        yield _starred(claim)


def _single(make: Makefile, text: str) -> dict[str, str]:
    """Return the variables of one word that a text may use."""
    return {
        name: value
        for name, value in make.variables.items()
        if name in text and " " not in value and "\n" not in value
    }


def _starred(claim: Claim) -> Claim:
    return replace(claim, name=claim.wanted.replace("%", "*")) if "%" in claim.wanted else claim


def _listed(make: Makefile, line: Line, *, kind: str, bare: bool, severity: Severity) -> Iterator[Claim]:
    yield from _claims_of(make, _placed(make, line.first, line.last), kind=kind, bare=bare, severity=severity)
    for found in _PREFIXED.finditer(make.text, line.first, line.last):
        for name in re.finditer(r"[^\s\\]+", found["names"]):
            first, last = (found.start("names") + at for at in name.span())
            prefix = as_shell(found["prefix"].strip())
            offsets = [*[first] * len(prefix), *range(first, last)]
            whole = _placed(make, first, last).with_value(prefix + as_shell(name[0]), offsets)
            yield from _claims_of(make, whole, kind=kind, bare=bare, severity=severity)


def _claims_of(
    make: Makefile, placed: Placed, *, kind: str, bare: bool, severity: Severity
) -> Iterator[Claim]:
    near = tuple(f"./{one}" if not one.startswith("/") else one for one in make.searched)
    for claim in claims_located(
        placed,
        kind=kind,
        bases=(*make.bases, *near),
        severity=severity,
        variables=_single(make, placed.value),
        listed=FILES if bare else WORDS,
    ):
        made = kind != _DESCENT and claim.wanted.removeprefix("./") in make.targets
        if made or "\n" in claim.wanted:
            continue
        if _USED.fullmatch(claim.text):
            continue  # What a variable holds is said once, where it is set.
        # Automake takes a part with it to where it is included, but looks for bare names beside it.
        bases = (HERE, *near) if make.is_automake and "/" not in claim.wanted else claim.bases
        if sources := sources_of(make, claim.wanted):
            yield replace(claim, name=sources.replace("%", "*"), bases=bases)
        elif "*" not in _starred(claim).wanted or "/" in claim.wanted:
            yield replace(_starred(claim), bases=bases)


def _variable(make: Makefile, line: Line) -> Iterator[Claim]:
    name = line.name
    severity = Severity.CONFIG if _OUTPUTS.fullmatch(name) else Severity.HARD
    raw = make.text[line.first : line.last]
    if _LABELS.fullmatch(name) and "." not in raw.rpartition("/")[2]:
        return
    if _PROGRAMS.fullmatch(name):
        yield from _programs(make, line)
    bare = _DIRECTORIES.fullmatch(name) is not None and not _OUTPUTS.fullmatch(name)
    if make.descends and not bare:
        yield from _subdirectories(make, line)
    if _FLAG.search(raw):
        yield from _flags(make, line)
        return
    listed = raw.split()
    for claim in _listed(
        make, line, kind=_DESCENT if bare else "make-variable", bare=True, severity=severity
    ):
        if not WILDCARDS.isdisjoint(claim.wanted):
            yield claim
        elif "/" in claim.text:
            yield replace(claim, lookup=_STEM) if "." not in claim.wanted else claim
        elif bare or has_suffix(claim.wanted):
            yield claim
        else:
            # Any word may be the name of a directory; in a list of what is there it surely is one.
            others = "".join(f"/{one}" for one in listed[:_FEW] if one not in {claim.text, "\\"})
            yield replace(claim, lookup=_FILE + others, bases=(HERE,))


def _programs(make: Makefile, line: Line) -> Iterator[Claim]:
    """Yield the sources of programs that have no list of sources."""
    for found in _SUBDIRECTORY.finditer(make.text, line.first, line.last):
        lists = (f"{found[0]}-objs", f"{re.sub('[^A-Za-z0-9_]', '_', found[0])}_SOURCES")
        if make.assigned.isdisjoint(lists):
            name = (found[0] + SOURCES).replace("%", "*")
            yield _of_word(make, found, kind="make-program", name=name, bases=(HERE,))


def _subdirectories(make: Makefile, line: Line) -> Iterator[Claim]:
    """Yield the words that may be directories which make goes down to by a variable."""
    for found in _SUBDIRECTORY.finditer(make.text, line.first, line.last):
        name = found[0] + "/{Makefile,GNUmakefile,makefile,Makefile.am}"
        yield _of_word(make, found, kind="make-subdirectory", name=name, bases=make.bases[:1])


def _of_word(make: Makefile, word: re.Match[str], *, kind: str, name: str, bases: tuple[str, ...]) -> Claim:
    """Return what a whole word claims, by another name."""
    line, column = make.lines.at(word.start())
    return Claim(line=line, column=column, text=word[0], kind=kind, name=name, bases=bases)


def _flags(make: Makefile, line: Line) -> Iterator[Claim]:
    """Read flags as the command that they will be part of."""
    lead = len(make.text[line.first : line.last]) - len(make.text[line.first : line.last].lstrip())
    first = max(0, line.first + lead - 3)
    text = "cc " + as_shell(make.text[line.first + lead : line.last])
    placed = _Written(text, make.text, make.lines, range(first, first + len(text)))
    if first == line.first + lead - 3:
        yield from claims_located(placed, kind="make-flags", bases=make.bases, variables=_single(make, text))


def _rule(make: Makefile, line: Line) -> Iterator[Claim]:
    if line.name.startswith((".PHONY", ".SUFFIXES", ".PRECIOUS", ".INTERMEDIATE", ".SECONDARY")):
        return
    yield from _listed(make, line, kind="make-prerequisite", bare=False, severity=Severity.HARD)


def _include(make: Makefile, line: Line) -> Iterator[Claim]:
    needed = line.name == "include"
    severity = Severity.HARD if needed else Severity.MASKED
    for claim in _listed(make, line, kind="make-include", bare=True, severity=severity):
        yield replace(claim, carries=needed)


def _vpath(make: Makefile, line: Line) -> Iterator[Claim]:
    yield from _listed(make, line, kind="make-vpath", bare=True, severity=Severity.HARD)


def _comment(make: Makefile, line: Line) -> Iterator[Claim]:
    for offset, word in words(make.text[line.first : line.last]):
        there, column = make.lines.at(line.first + offset)
        yield Claim(line=there, column=column, text=word, kind="make-comment", bases=make.bases, prose=True)


def _nothing(make: Makefile, line: Line) -> Iterator[Claim]:
    del make, line
    return iter(())


_READ: Final = {
    "recipe": _recipe,
    "variable": _variable,
    "rule": _rule,
    "include": _include,
    "vpath": _vpath,
    "comment": _comment,
    "target": _nothing,
}
