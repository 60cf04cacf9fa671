"""What a makefile as a whole says: its variables and targets, where it searches, how it finds sources."""

import re
from dataclasses import dataclass, field
from typing import Final

from mothball.core.references.shell.makefile_lines import Line, value_of
from mothball.core.references.sought import Sought
from mothball.core.references.texts import Lines

_OBJECT: Final = re.compile(r"(.*[\w)}/*.-])\.(?:l?o|obj)")
SOURCES: Final = ".{c,cc,cpp,cxx,C,S,s,asm,cu,m,mm,rs,f,f90,F90}"
_DESCENDS: Final = re.compile(r"\$[({]MAKE[)}][^\n]{0,80}-C[ \t]*[\"']?\$")
_FEW: Final = 20


@dataclass(slots=True)
class Makefile:
    """A makefile being read, and what all of it says about each of its lines."""

    text: str
    lines: Lines
    bases: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    searched: list[str] = field(default_factory=list)
    descends: bool = False
    is_automake: bool = False
    sought: Sought | None = None
    patterns: list[tuple[str, str, str]] = field(default_factory=list)


def prepare(make: Makefile, found: list[Line]) -> None:
    """Note what its lines say: variables, targets, directories that are searched, patterns."""
    make.descends = _DESCENDS.search(make.text) is not None
    for line in found:
        raw = make.text[line.first : line.last]
        if line.sort == "variable":
            make.assigned.add(line.name)
            if line.name not in make.variables and (value := value_of(raw, make.variables)):
                make.variables[line.name] = value
            if line.name == "VPATH":
                make.searched += re.split(r"[\s:]+", value_of(raw, make.variables))
        elif line.sort == "vpath":
            make.searched += re.split(r"[\s:]+", value_of(raw, make.variables))[1:]
        elif line.sort == "rule" and "%" in raw:
            _note_pattern(make, line.name, raw)
        elif line.sort == "target":
            make.targets.update(one.removeprefix("./") for one in raw.split() if len(one) < 500)
    make.searched = [one for one in dict.fromkeys(make.searched) if one and "%" not in one][:50]


def _note_pattern(make: Makefile, target: str, raw: str) -> None:
    """Note how a pattern rule finds the source of an object: ``obj/%.o: src/%.c``."""
    first, sign, second = raw.partition(":")
    made = value_of(first if sign else target, make.variables)
    sources = value_of(second if sign else first, make.variables).split()
    if made.count("%") == 1 and sources and sources[0].count("%") == 1 and len(make.patterns) < _FEW:
        before, _, after = made.partition("%")
        make.patterns.append((before, after, sources[0]))


def sources_of(make: Makefile, name: str) -> str:
    """Return the sources that an object may be made of, as a glob."""
    found = _OBJECT.fullmatch(name)
    if found is None:
        return ""
    options = [found[1] + SOURCES]
    for before, after, source in make.patterns:
        if before and name.startswith(before) and name.endswith(after) and len(name) > len(before + after):
            options.append(source.replace("%", name[len(before) : len(name) - len(after)]))
    return options[0] if len(options) == 1 else "{" + ",".join(options) + "}"
