"""Languages of which one kind of line names files: a table of what to look for, and where."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import ClassVar, Final, NamedTuple

from mothball.core.references.claims import ABOVE, ENDING, HERE, ROOT, Claim
from mothball.core.references.reader import Reader, takes
from mothball.core.references.texts import Lines
from mothball.core.references.world import World, join
from mothball.core.tree import parents


class Language(NamedTuple):
    """How files of a language name others.

    Attributes:
        kind: the kind of the claims.
        files: patterns of the files.
        comments: a pattern of what is a comment to its end.
        names: a pattern whose group ``name`` is what is named.
        bases: where it is looked up.
        suffixes: what may be left off.
        dotted: whether dots stand for the slashes of a path.
    """

    kind: str
    files: tuple[str, ...]
    comments: str
    names: str
    bases: tuple[str, ...] = (HERE, ROOT)
    suffixes: tuple[str, ...] = ("",)
    dotted: bool = False


_HASH: Final = r"#[^\n]*+"
_SLASHES: Final = r"//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)"
_QUOTED: Final = r"""(?:"(?P<name>[^"\n]++)"|'(?P<other>[^'\n]++)')"""
_JAVA: Final = (
    *(
        "~",
        "src/main/java",
        "src/main/kotlin",
        "src/main/scala",
        "src/test/java",
        "src/test/kotlin",
        "src",
        "java",
    ),
)

_RESOURCES: Final = ("src/main/resources", "src/test/resources")

LANGUAGES: Final = (
    Language("ruby-require", ("*.rb", "*.rake", "rakefile", "*.gemspec", "gemfile", "*.ru"), _HASH,
             rf"\b(?:require_relative|autoload\s+:\w+,|instance_eval\s+File\.read|load|eval_gemfile)\s*\(?\s*{_QUOTED}",
             (HERE, ROOT), ("", ".rb")),
    Language("ruby-require", ("*.rb", "*.rake", "rakefile", "*.ru"), _HASH,
             rf"\brequire\s*\(?\s*{_QUOTED}", ("lib", "spec", "test", "./../lib", ABOVE), (".rb", "")),
    Language("php-include", ("*.php", "*.phtml", "*.inc"), rf"{_SLASHES}|{_HASH}",
             r"\b(?:include|require)(?:_once)?\s*\(?\s*"
             rf"(?:(?:__DIR__|dirname\s*\(\s*__FILE__\s*\))\s*\.\s*)?{_QUOTED}",
             (HERE, ROOT)),
    Language("lua-require", ("*.lua",), r"--\[\[(?s:.*?)(?:\]\]|\Z)|--[^\n]*+",
             rf"\b(?:dofile|loadfile)\s*\(?\s*{_QUOTED}", (HERE, ABOVE)),
    Language("lua-require", ("*.lua",), r"--\[\[(?s:.*?)(?:\]\]|\Z)|--[^\n]*+",
             rf"\brequire\s*\(?\s*{_QUOTED}", (HERE, ABOVE, "lua"), (".lua", "/init.lua"), dotted=True),
    Language("perl-require", ("*.pl", "*.pm", "*.t"), _HASH,
             rf"\b(?:require|do)\s+{_QUOTED}", (HERE, ABOVE, "lib")),
    # ``find`` is OpenOCD's, which looks below its directory of scripts.
    Language("tcl-source", ("*.tcl", "*.cfg", "*.xdc", "*.do"), r"(?:^|;)[ \t]*+\#[^\n]*+",
             r"""(?:^|[;\[{}])[ \t]*(?:list[ \t]+)?source[ \t]+(?:\[(?:find|file[ \t]+join)[ \t]+)?"""
             r"""(?:\$[\w{}:]++[/ ]|\[file[ \t]+dirname[ \t]+\[info[ \t]+script\]\][/ ])?"""
             r""""?(?P<name>[\w./+-]++)""",
             (HERE, ABOVE, "tcl", ENDING)),
    Language("r-source", ("*.r", "*.rmd", "*.qmd"), _HASH,
             rf"\b(?:source|sys\.source|read\.\w+|readRDS|load|read_\w+)\s*\(\s*(?:here(?:::here)?\(\s*)?{_QUOTED}",
             (HERE, ABOVE)),
    Language("r-source", ("*.r", "*.rmd", "*.qmd"), _HASH,
             r"\b(?:here|file\.path)\(\s*\"(?P<name>[^\"\n]++(?:\"\s*,\s*\"[^\"\n]++)++)\"", (HERE, ABOVE)),
    Language("julia-include", ("*.jl",), rf"#=(?s:.*?)(?:=#|\Z)|{_HASH}",
             rf"\binclude\s*\(\s*{_QUOTED}", (HERE,)),
    Language("verilog-include", ("*.v", "*.sv", "*.vh", "*.svh"), _SLASHES,
             rf"`include\s+{_QUOTED}", (HERE, ABOVE, "./include", "include", "rtl", ENDING)),
    Language("proto-import", ("*.proto",), _SLASHES, rf"^import\s+(?:public\s+|weak\s+)?{_QUOTED}",
             (ABOVE, HERE, "proto", "protos", "src", "include", ENDING)),
    Language("terraform-source", ("*.tf",), rf"{_HASH}|{_SLASHES}",
             r"""(?:\bsource\s*=\s*|\b(?:file|templatefile|filebase64|filemd5)\(\s*)"""
             r""""(?:\$\{path\.module\}/)?(?P<name>[^"\n$]++)\"""",
             (HERE,)),
    Language("nix-path", ("*.nix",), rf"{_HASH}|/\*(?s:.*?)(?:\*/|\Z)",
             r"(?<![\w./$}])(?P<name>\.{1,2}/[\w./+-]++)",
             (HERE,), ("", "/default.nix")),
    Language("java-import", ("*.java", "*.kt", "*.kts", "*.scala", "*.groovy"), _SLASHES,
             r"^import\s+(?:static\s+)?(?P<name>[\w.]++)", _JAVA, (".java", ".kt", ".scala", ".groovy"),
             dotted=True),
    Language("java-resource", ("*.java", "*.kt", "*.kts", "*.scala", "*.groovy"), _SLASHES,
             r"\b(?:getResource(?:AsStream|s)?|ClassPathResource)\s*\(\s*\"(?P<name>[^\"\n]++)\"",
             _RESOURCES),
    Language("csharp-project", ("*.csproj", "*.fsproj", "*.vbproj", "*.vcxproj", "*.sln", "*.targets"),
             r"<!--(?s:.*?)(?:-->|\Z)",
             r"""(?:Include|Project|Update|HintPath)\s*=\s*"(?P<name>[^"$%;\n]++)\""""
             r"""|^Project\([^\n]*?,\s*"(?P<other>[^"\n]++)",""",
             (HERE,)),
    Language("swift-path", ("package.swift",), _SLASHES, rf"\bpath:\s*{_QUOTED}", (HERE,)),
    Language("gradle-include", ("*.gradle", "*.gradle.kts"), _SLASHES,
             r"\b(?:apply\s*\(?\s*from\s*[:=]|projectDir\s*=\s*(?:new\s+)?[fF]ile\(|\bfiles?\(|\bsrcDirs?\s*[=(]?)"
             rf"\s*{_QUOTED}", (HERE, ROOT)),
    Language("gradle-include", ("settings.gradle", "settings.gradle.kts"), _SLASHES,
             rf"(?:\binclude\s*\(?|,)\s*{_QUOTED}", (HERE,)),
    Language("gin-import", ("*.gin",), _HASH, r"^import\s+(?P<name>[\w.]++)",
             (ROOT, "src", ABOVE), (".py", "/__init__.py"), dotted=True),
    Language("gin-include", ("*.gin",), _HASH, rf"^include\s+{_QUOTED}", (ROOT, HERE, ABOVE)),
    Language("nextflow-include", ("*.nf", "*.config"), _SLASHES,
             rf"^[ \t]*+(?:include\b[^\n]*?\bfrom|includeConfig)\s*\(?\s*{_QUOTED}",
             (HERE,), ("", ".nf", "/main.nf")),
    Language("wdl-import", ("*.wdl",), _HASH, rf"^import\s+{_QUOTED}", (HERE,)),
    Language("jinja-include", ("*.j2", "*.jinja", "*.jinja2", "*.twig", "*.njk", "*.liquid"),
             r"\{#(?s:.*?)(?:#\}|\Z)",
             rf"\{{%-?\s*(?:include|extends|import|from|render)\s+{_QUOTED}",
             (HERE, ABOVE, "templates", "./templates", "_includes", ENDING)),
)  # fmt: skip


class OneLiners(Reader):
    """Files of the languages in the table."""

    kind = "line"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = tuple(
        sorted({one for language in LANGUAGES for one in language.files})
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the lines name that are no comments."""
        lines = Lines(text)
        for number, language in enumerate(LANGUAGES):
            if not takes(language.files, path):
                continue
            for match in _pattern(language).finditer(text):
                group = "name" if match["name"] else "other" if match["other"] else ""
                if group and len(match[group]) < 500:
                    line, column = lines.at(match.start(group))
                    yield _claim(line, column, match[group], language, number)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the files that may be meant, with the suffixes that may be left off."""
        language = LANGUAGES[int(claim.lookup)]
        for name in _readings(claim.wanted, language):
            for suffix in language.suffixes:
                for place in world.places(name + suffix, language.bases, file):
                    if language.kind != "java-import" or place in world.files:
                        yield place
                if language.kind.startswith("java"):
                    yield from _sources(name + suffix, language, file, world)


def _sources(name: str, language: Language, file: str, world: World) -> Iterator[str]:
    """Yield a class, or what it reads, in the source folders of the modules above a file."""
    for above in (*parents(file), ""):
        for folder in language.bases:
            place = join(above, f"{folder}/{name}")
            if place and place in world.files:
                yield place


def _readings(name: str, language: Language) -> Iterable[str]:
    name = name.replace("\\", "/") if language.kind == "csharp-project" else name.lstrip("/")
    if language.kind == "gradle-include" and name.startswith(":"):
        return (name.strip(":").replace(":", "/"),)
    if language.kind == "r-source":
        return ("/".join(part.strip() for part in name.split('"')[::2]),)
    if not language.dotted:
        return (name,)
    whole = name.replace(".", "/")
    # A static import, or one of an inner class, names a member behind the class.
    return (whole, whole.rpartition("/")[0]) if language.kind == "java-import" else (whole,)


def _claim(line: int, column: int, name: str, language: Language, number: int) -> Claim:
    return Claim(
        line=line,
        column=column,
        text=name,
        kind=language.kind,
        bases=language.bases,
        lookup=str(number),
        carries=language.kind not in {"terraform-source", "r-source"},
        firm=name.startswith("."),
    )


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    names = language.names if "(?P<other>" in language.names else language.names + r"(?P<other>(?!))?"
    return re.compile(rf"{language.comments}|{names}", re.MULTILINE)
