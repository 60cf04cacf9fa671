"""Rust: modules, included files, and the paths in Cargo.toml."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim, Severity
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World, join
from mothball.core.tree import parent

# Every alternative takes what it began: no place of a text is looked at twice, however broken it is.
_PIECE: Final = re.compile(
    r"""
    (?P<line>//[^\n]*+)
    | (?P<block>/\*(?s:.*?)(?:\*/|\Z))
    | \#!?\[\s*(?:cfg_attr\([^\n]{0,200}?)?path\s*=\s*"(?P<path>[^"\n]*+)"
    | \b(?:include(?:_str|_bytes)?|include_dir)!\s*[(\[{]\s*
      (?:concat!\s*\(\s*env!\s*\(\s*"CARGO_MANIFEST_DIR"\s*\)\s*,\s*)?"(?P<included>[^"\n]*+)"
    | \bmod\s+(?:r\#)?(?P<mod>\w++)\s*(?P<end>[;{])
    | (?P<brace>[{}])
    | "cargo::?rerun-if-changed=(?P<watched>[^"\\\n{}]++)"
    | "[^"\\]*+(?:\\(?s:.)[^"\\]*+)*+"?
    | '(?:[^'\\\n]|\\.)'
    """,
    re.VERBOSE,
)
_ROOTS: Final = frozenset({"mod.rs", "lib.rs", "main.rs", "build.rs"})
_CARGO: Final = re.compile(
    r"""^[ \t]*(?:[\w.-]+[ \t]*=[ \t]*\{[^\n]{0,500}?\b)?(?P<key>path|build|readme|license-file)[ \t]*=[ \t]*
    "(?P<name>[^"\n]*)\"""",
    re.MULTILINE | re.VERBOSE,
)
_LISTS: Final = re.compile(
    r"^[ \t]*(?P<key>members|exclude|default-members|include)[ \t]*=[ \t]*\[(?P<list>[^\]]*)\]", re.MULTILINE
)
_QUOTED: Final = re.compile(r'"([^"\n]*)"')


class Rust(Reader):
    """Sources: ``mod x;`` and what is included as text."""

    kind = "rust"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("*.rs",)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the modules that are in other files, inside the inline modules that hold them."""
        del path
        lines = Lines(text)
        inside: list[str | None] = []
        given: tuple[int, str] | None = None
        for match in _PIECE.finditer(text):
            if match["path"] is not None:
                given = (match.start("path"), match["path"])
            elif match["included"] is not None:
                lookup = "crate" if "CARGO_MANIFEST_DIR" in match[0] else ""
                name = match["included"].lstrip("/") if lookup else match["included"]
                yield _claim(
                    lines, match.start("included"), match["included"], "rust-include", name, lookup=lookup
                )
            elif match["watched"] is not None:
                yield _claim(
                    lines,
                    match.start("watched"),
                    match["watched"],
                    "rust-watched",
                    match["watched"],
                    lookup="crate",
                    carries=False,
                    severity=Severity.MASKED,
                )
            elif match["mod"] is not None and match["end"] == ";":
                if given is not None:
                    yield _claim(lines, given[0], given[1], "rust-mod", given[1])
                else:
                    name = "/".join([*(one for one in inside if one), match["mod"]])
                    yield _claim(lines, match.start("mod"), match["mod"], "rust-mod", name, lookup="mod")
                given = None
            elif match["mod"] is not None:
                inside.append(match["mod"])
            elif match["brace"] == "{":
                inside.append(None)
            elif match["brace"] and inside:
                inside.pop()

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the two files that a module may be in, or an included file."""
        here, _, name = file.rpartition("/")
        if claim.lookup == "crate":
            above = parent(file)
            while above and f"{above}/Cargo.toml" not in world.files:
                above = parent(above)
            yield join(above, claim.wanted) or ""
        elif claim.lookup == "mod":
            bases = [here] if name in _ROOTS else [f"{here}/{name.removesuffix('.rs')}".lstrip("/"), here]
            for base in bases:
                place = join(base, claim.wanted)
                yield from (f"{place}.rs", f"{place}/mod.rs")
        else:
            yield join(here, claim.wanted) or ""


class Cargo(Reader):
    """The manifest of a crate or a workspace."""

    kind = "cargo"
    files: ClassVar[tuple[str, ...]] = ("cargo.toml",)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the paths of crates, targets and members."""
        del path
        lines = Lines(text)
        for match in _CARGO.finditer(text):
            kind, name = f"cargo-{match['key']}", match["name"]
            yield _claim(lines, match.start("name"), name, kind, name, carries=False)
        for match in _LISTS.finditer(text):
            severity = Severity.HARD if "members" in match["key"] else Severity.CONFIG
            for found in _QUOTED.finditer(match["list"]):
                start = match.start("list") + found.start(1)
                kind = f"cargo-{match['key']}"
                yield _claim(
                    lines, start, found[1], kind, found[1].lstrip("/"), carries=False, severity=severity
                )


def _claim(
    lines: Lines,
    start: int,
    text: str,
    kind: str,
    name: str,
    *,
    lookup: str = "",
    carries: bool = True,
    severity: Severity = Severity.HARD,
) -> Claim:
    line, column = lines.at(start)
    return Claim(
        line=line,
        column=column,
        text=text,
        name=name,
        kind=kind,
        lookup=lookup,
        bases=(HERE,),
        carries=carries,
        severity=severity,
    )
