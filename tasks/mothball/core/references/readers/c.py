"""C, C++, Objective-C, CUDA, assembler and linker scripts: what they include and embed."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from mothball.core.references.c.declared import FACTS
from mothball.core.references.c.names import BY_BUILDS, SYSTEM
from mothball.core.references.c.search import included
from mothball.core.references.c.telling import telling_lines
from mothball.core.references.claims import Claim, Severity
from mothball.core.references.reader import Reader
from mothball.core.references.sought import Sought
from mothball.core.references.syntax import Place, Spans
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

# Every alternative takes what it began: no place of a text is looked at twice, however broken it is. The
# look ahead spares nine places in ten all of them.
_PIECE: Final = re.compile(
    r"""
    (?=[/"'R]|^)
    (?:
    (?P<block>/\*(?s:.*?)(?:\*/|\Z))
    | (?P<line>//[^\n]*+)
    | (?P<directive>^[ \t]*+(?:\#|%:)[^\n]*+(?:(?<=\\)\n[^\n]*+|(?<=\\\r)\n[^\n]*+)*+)
    | (?P<raw>\bR"(?P<mark>[^\s()\\"]{0,16})\()
    | "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?
    | '(?:[^'\\\n]|\\.){1,12}'
    | (?P<assembler>^[ \t]*+(?:\w++:[ \t]*+)?(?:[.%]?(?i:incbin|include)|\.(?i:bin))[ \t]++[^\n]*+)
    | (?P<asl>^[ \t]*+Include[ \t]*+\([^\n]*+)
    | (?P<embedded>/(?:include|incbin)/[^\n;]*+)
    )
    """,
    re.VERBOSE | re.MULTILINE,
)
_INCLUDE: Final = re.compile(
    r"""[ \t]*(?:\#|%:)[ \t]*(?:include_next|include|import|embed)[ \t]*
    (?:"(?P<quoted>[^"\n]*)"|<(?P<angle>[^>\n]*)>)""",
    re.VERBOSE,
)
_COMMENTED: Final = re.compile(r"""\#[ \t]*include[ \t]*(?:"(?P<quoted>[^"\n]*)"|<(?P<angle>[^>\n]*)>)""")
_CONDITION: Final = re.compile(r"[ \t]*(?:#|%:)[ \t]*(if|ifdef|ifndef|elif|else|endif)\b([^\n]*)")
_DEFINED: Final = re.compile(r'[ \t]*#[ \t]*define[ \t]+(?P<macro>\w+)[ \t]+"(?P<quoted>[^"\n]+\.\w{1,4})"')
_HAS: Final = re.compile(
    r"""__has_(?:include|embed)\w*\s*\(\s*(?:"(?P<quoted>[^"\n]*)"|<(?P<angle>[^>\n]*)>)"""
)
_NAMED: Final = re.compile(r"""(?:"(?P<quoted>[^"\n]*)"|(?P<bare>[^\s"';,()]+\.\w+))""")
_RESOURCE: Final = re.compile(
    r"""
    \b(?:ICON|BITMAP|CURSOR|RCDATA|FONT|MANIFEST|RT_MANIFEST|TYPELIB|HTML|24)[ \t]++
    (?:(?:DISCARDABLE|(?:IM)?PURE|FIXED|MOVEABLE|PRELOAD|LOADONCALL|(?:NON)?SHARED)[ \t]++)*+
    (?:"(?P<quoted>[^"\n]+)"|(?P<bare>[\w.\\/-]+\.\w+))
    """,
    re.VERBOSE,
)
_DEFINES: Final = re.compile(r"\s*#[ \t]*define[ \t]+(\w+)")
_NOT_DEFINED: Final = re.compile(r"(?:ifndef|if\s*!\s*defined\b\s*\(?)\s*(\w+)\s*\)?\s*(?:/[/*].*)?")
_FOR_C: Final = frozenset({"__ASSEMBLER__", "__ASSEMBLY__", "__cplusplus"})
"""What is not defined where a compiler of C reads a source."""


class Includes(Reader):
    """Sources that a C preprocessor or an assembler reads."""

    kind = "c"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = (
        *(
            "*.c",
            "*.h",
            "*.cc",
            "*.cpp",
            "*.cxx",
            "*.c++",
            "*.hpp",
            "*.hh",
            "*.hxx",
            "*.h++",
            "*.inl",
            "*.ipp",
        ),
        *(
            "*.tpp",
            "*.tcc",
            "*.txx",
            "*.icc",
            "*.inc",
            "*.def",
            "*.cu",
            "*.cuh",
            "*.cl",
            "*.metal",
            "*.hip",
            "*.ino",
        ),
        *(
            "*.pde",
            "*.m",
            "*.mm",
            "*.pch",
            "*.s",
            "*.asm",
            "*.sx",
            "*.asl",
            "*.dsl",
            "*.ld",
            "*.lds",
            "*.x",
            "*.rc",
        ),
        *(
            "*.pyx",
            "*.glsl",
            "*.vert",
            "*.frag",
            "*.comp",
            "*.hlsl",
            "*.dts",
            "*.dtsi",
            "*.overlay",
            "*.ixx",
            "*.cppm",
            "*.nasm",
            "*.mac",
        ),
        *(
            "*.h.in",
            "*.c.in",
            "*.hpp.in",
            "*.cpp.in",
            "*.src",
            "*.c.src",
            "*.h.src",
            "*.y",
            "*.l",
            "*.yy",
            "*.ll",
        ),
    )
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield every include, in the order of the text."""
        yield from _Source(text, path).claims()

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what `read` does, where one of the lines that tell something has one of the names."""
        if isinstance(names, Sought) and not path.lower().endswith(".rc"):
            told = names.are_called_in("\n".join(telling_lines(text)))
            return self.read(text, path) if told else iter(())
        return self.read(text, path)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that an include may mean."""
        way, _, how = claim.lookup.partition(" ")
        yield from included(
            claim.wanted,
            file,
            world,
            quoted=way == "quoted",
            anywhere=how == "anywhere",
            guess=how == "guess",
        )


@dataclass(slots=True)
class _Condition:
    """A condition of the preprocessor: its text, whether none or every build takes what is below it."""

    rest: str
    off: bool
    certain: bool


class _Source:
    """One source being read, with the conditions that are open at a place."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path, self.lines = text, path, Lines(text)
        self.conditions: list[_Condition] = []

    def claims(self) -> Iterator[Claim]:
        at = 0
        while match := _PIECE.search(self.text, at):
            at = match.end()
            group = match.lastgroup
            if group == "raw":
                close = self.text.find(f'){match["mark"]}"', at)
                at = len(self.text) if close < 0 else close
            elif group in {"block", "line"}:
                for found in _COMMENTED.finditer(match[0]):
                    yield from self._included(match.start(), found, prose=True)
            elif group == "directive":
                yield from self._directive(match)
            elif group in {"assembler", "asl", "embedded"}:
                yield from self._assembler(match)
        if self.path.lower().endswith(".rc"):
            yield from self._resources()

    def _resources(self) -> Iterator[Claim]:
        spans = Spans(self.text, "c")
        for found in _RESOURCE.finditer(self.text):
            group = found.lastgroup or "quoted"
            name = found[group].replace("\\\\", "/").replace("\\", "/")
            idle = spans.at(found.start()).place is Place.COMMENT
            yield self._claim(found.start(group), name, "c-resource", raw=found[group], prose=idle)

    def _directive(self, match: re.Match[str]) -> Iterator[Claim]:
        line = match[0]
        for has in _HAS.finditer(line):
            yield from self._included(match.start(), has, severity=Severity.MASKED)
        if condition := _CONDITION.match(line):
            self._condition(condition[1], condition[2], match.end())
        elif found := _INCLUDE.match(line):
            yield from self._included(match.start(), found)
        elif found := _DEFINED.match(line):
            name = found["quoted"]
            start = match.start() + found.start("quoted")
            # A macro that an include is made of must lead to a file.
            used = re.search(rf"^[ \t]*#[ \t]*include[ \t]+{found['macro']}\b", self.text, re.MULTILINE)
            yield self._claim(start, name, "c-macro", lookup="quoted", doubtful=used is None)

    def _condition(self, word: str, rest: str, end: int) -> None:
        if word.startswith("if"):
            bare = rest.strip().split("/")[0].strip()
            off = word == "if" and bare in {"0", "(0)"}
            certain = word == "if" and bare in {"1", "(1)"}
            self.conditions.append(_Condition(rest, off, certain or self._is_guard(word, rest, end)))
        elif self.conditions and word == "endif":
            self.conditions.pop()
        elif self.conditions:
            now = self.conditions[-1]
            now.certain = word == "else" and now.off
            now.rest = rest if word == "elif" and now.off else now.rest
            now.off = False

    def _is_guard(self, word: str, rest: str, end: int) -> bool:
        """Say whether a condition only keeps a header from being read twice, or by an assembler."""
        found, defined = _NOT_DEFINED.fullmatch(word + rest), _DEFINES.match(self.text, end)
        if found is None:
            return False
        return found[1] in _FOR_C or (defined is not None and defined[1] == found[1])

    def _included(self, start: int, match: re.Match[str], **more: Any) -> Iterator[Claim]:
        quoted = match["quoted"] is not None
        group = "quoted" if quoted else "angle"
        name, at = match[group], start + match.start(group)
        more.setdefault("prose", any(one.off for one in self.conditions))
        if any("__has_include" in one.rest and name in one.rest for one in self.conditions):
            more["severity"] = Severity.MASKED
        sure = more.get("severity", Severity.HARD) is Severity.HARD and not more["prose"]
        # What only some configurations include takes nobody down for certain.
        sure = sure and all(one.certain for one in self.conditions)
        known = name in SYSTEM or (not quoted and name.partition("/")[0] in SYSTEM)
        yield self._claim(
            at,
            name,
            "c-include",
            lookup=group,
            carries=sure,
            # Where a build says so, a tree has headers of its own below a name that systems use.
            doubtful=known and (quoted or "/" not in name),
            firm=quoted and not known,
            **more,
        )
        more.pop("firm", None)
        if known:
            return
        vague = not quoted or name.rpartition("/")[2] in BY_BUILDS
        if not vague:
            yield self._claim(at, name, "c-include", lookup=f"{group} anywhere", carries=sure, **more)
        yield self._claim(at, name, "c-include", lookup=f"{group} guess", doubtful=True, **more)

    def _assembler(self, match: re.Match[str]) -> Iterator[Claim]:
        named = _NAMED.search(match[0])
        if named is None:
            return
        group = named.lastgroup or "bare"
        start = match.start() + named.start(group)
        yield self._claim(start, named[group], "c-embed", lookup="quoted anywhere")

    def _claim(self, start: int, name: str, kind: str, raw: str = "", **more: Any) -> Claim:
        line, column = self.lines.at(start)
        more.setdefault("lookup", "quoted")
        return Claim(line=line, column=column, text=raw or name, name=name, kind=kind, **more)
