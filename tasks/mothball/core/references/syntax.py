"""Comments and strings of some forty languages, told apart well enough to say which of them a word is in."""

import re
from bisect import bisect_right
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

_STRINGS: Final = {
    '"': r'"(?:[^"\\\n]++|\\.)*+"?',
    "'": r"'(?:[^'\\\n]++|\\.)*+'?",
    "`": r"`(?s:[^`\\]++|\\.)*+`?",
    '"""': r'"""(?s:[^"\\]++|\\.|"(?!""))*+(?:""")?',
    "'''": r"'''(?s:[^'\\]++|\\.|'(?!''))*+(?:''')?",
    "'c": r"'(?:[^'\\\n]|\\.)'",
}
_HASH: Final = r"(?<![^\s;({\[])\#[^\n]*+"
_SLASHES: Final = r"(?<!:)//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)"
_FAMILIES: Final = {
    "c": (_SLASHES, ('"', "'")),
    "js": (_SLASHES, ('"', "'", "`")),
    "go": (_SLASHES, ('"', "`", "'c")),
    "rust": (_SLASHES, ('"', "'c")),
    "jvm": (_SLASHES, ('"""', '"', "'")),
    "php": (_SLASHES + "|" + _HASH, ('"', "'")),
    "python": (_HASH, ('"""', "'''", '"', "'")),
    "shell": (_HASH, ('"', "'")),
    "perl": (_HASH + r"|(?m:^=[a-z]\w*+(?s:.*?)(?:^=cut\b[^\n]*|\Z))", ('"', "'")),
    "julia": (r"\#=(?s:.*?)(?:=\#|\Z)|" + _HASH, ('"""', '"', "'c")),
    "lua": (r"--\[\[(?s:.*?)(?:\]\]|\Z)|--[^\n]*+", ('"', "'")),
    "sql": (r"--[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)", ('"', "'")),
    "haskell": (r"\{-(?s:.*?)(?:-\}|\Z)|--[^\n]*+", ('"', "'c")),
    "ml": (r"\(\*(?s:.*?)(?:\*\)|\Z)", ('"', "'c")),
    "lisp": (r";[^\n]*+|\#\|(?s:.*?)(?:\|\#|\Z)", ('"',)),
    "erlang": (r"%[^\n]*+", ('"', "'")),
    "matlab": (r"%\{\s*\n(?s:.*?)(?:%\}|\Z)|(?<!\\)%[^\n]*+", ('"', "'")),
    "fortran": (r"![^\n]*+", ('"', "'")),
    "vb": (r"(?<!\S)(?:'|REM\b)[^\n]*+", ('"',)),
    "asm": (_SLASHES + r"|;[^\n]*+|" + _HASH, ('"',)),
    "vhdl": (r"--[^\n]*+", ('"',)),
    "verilog": (_SLASHES, ('"',)),
    "pascal": (r"\{(?s:.*?)(?:\}|\Z)|\(\*(?s:.*?)(?:\*\)|\Z)|//[^\n]*+", ("'",)),
    "css": (r"/\*(?s:.*?)(?:\*/|\Z)|(?<![:\w])//[^\n]*+", ('"', "'")),
    "html": (r"<!--(?s:.*?)(?:-->|\Z)", ('"', "'")),
    "powershell": (r"<\#(?s:.*?)(?:\#>|\Z)|" + _HASH, ('"', "'")),
    "batch": (r"(?mi:^[ \t]*+(?:@?rem\b|::)[^\n]*+)", ('"',)),
    "tex": (r"(?<!\\)%[^\n]*+", ()),
}
_SUFFIXES: Final = {
    "c": "c h cc cpp cxx c++ hh hpp hxx h++ inl ipp tpp ino pde cu cuh cl m mm cs d dart swift proto thrift"
    " fbs glsl hlsl vert frag comp metal"
    " dts dtsi overlay y l yy ll rl re i swg ixx cppm zig sol wgsl",
    "js": "js jsx ts tsx mjs cjs mts cts es6 vue svelte astro coffee ls",
    "go": "go",
    "rust": "rs ron",
    "jvm": "java kt kts scala sc groovy gradle gvy jsh",
    "php": "php phtml php5 inc",
    "python": "py pyw pyi pyx pxd pxi sage bzl star bazel gyp gypi gn gni",
    "shell": "sh bash zsh fish ksh rb rake ru gemspec podspec awk tcl exp r rmd nim cr ex exs elm nix"
    ""
    " cmake mk mak make jam conf env properties tf tfvars hcl",
    "perl": "pl pm t",
    "julia": "jl",
    "lua": "lua luau moon rockspec",
    "sql": "sql ddl psql pgsql",
    "haskell": "hs lhs purs cabal idr agda",
    "ml": "ml mli fs fsi fsx mll mly sml",
    "lisp": "lisp lsp cl el clj cljs cljc edn scm ss rkt fnl hy",
    "erlang": "erl hrl escript",
    "matlab": "matlab octave",
    "fortran": "f f77 f90 f95 f03 f08 for fpp ftn",
    "vb": "vb vbs bas frm cls",
    "asm": "s asm nasm ld lds icf sct",
    "vhdl": "vhd vhdl adb ads ada",
    "verilog": "v sv svh vh",
    "pascal": "pas pp lpr dpr",
    "css": "css scss sass less styl pcss",
    "html": "html htm xhtml",
    "powershell": "ps1 psm1 psd1",
    "batch": "bat cmd",
    "tex": "tex sty bib",
}
_OF_SUFFIX: Final = {suffix: family for family, names in _SUFFIXES.items() for suffix in names.split()}


class Place(StrEnum):
    """Where in a program a word stands."""

    COMMENT = "comment"
    STRING = "string"
    CODE = "code"


class Span(NamedTuple):
    """A comment or a string: of a string, where it begins and ends inside its quotes."""

    start: int
    end: int
    place: Place


def family_of(suffix: str) -> str | None:
    """Return the family of languages that a suffix, in lower case and without its dot, belongs to."""
    return _OF_SUFFIX.get(suffix)


@cache
def _tokens(family: str) -> re.Pattern[str]:
    comments, quotes = _FAMILIES[family]
    strings = "|".join(_STRINGS[quote] for quote in quotes)
    return re.compile(f"(?P<comment>{comments})" + (f"|(?P<string>{strings})" if strings else ""))


class Spans:
    """The comments and strings of a text."""

    def __init__(self, text: str, family: str) -> None:
        """Find them, in one pass."""
        self._spans = [_span(found) for found in _tokens(family).finditer(text)]
        self._starts = [span.start for span in self._spans]

    def at(self, offset: int) -> Span:
        """Return what an offset is in."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._spans[index].end:
            return self._spans[index]
        return Span(offset, offset, Place.CODE)


def _span(found: re.Match[str]) -> Span:
    if found.lastgroup == "comment":
        return Span(found.start(), found.end(), Place.COMMENT)
    token = found.group()
    quote = token[:3] if token[:3] in ('"""', "'''") else token[:1]
    closed = len(token) >= 2 * len(quote) and token.endswith(quote)
    return Span(found.start() + len(quote), found.end() - len(quote) * closed, Place.STRING)
