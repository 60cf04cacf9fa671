"""Directives and roles of Sphinx, as reStructuredText and MyST write them: which files they name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.pages.documents import TITLED, claim_of_document, claims_of_list
from mothball.core.references.pages.labels import option_of, plain, term_of
from mothball.core.references.pages.targets import DOC, LABEL, MEMBER, MODULE, OBJECT, SPHINX, target_of
from mothball.core.references.shell.commands import claims_of_commands

SHELLS: Final = frozenset({
    "bash", "sh", "shell", "console", "zsh", "fish", "shell-session", "shellsession", "sh-session",
    "terminal", "bash-session", "ksh", "cmd", "bat", "batch", "powershell", "ps1", "pwsh", "ps", "doscon",
    "dosbatch", "commandline", "cli", "term",
})  # fmt: skip
COMMAND_BASES: Final = (HERE, ROOT, "./..", "./../..")
"""Readers of documentation stand in the root of the repository, or of the part that the page is about."""

_INCLUDES: Final = frozenset({
    "include", "literalinclude", "mdinclude", "include-markdown", "parsed-literal-include", "plot", "uml",
    "plantuml", "mermaid", "graphviz", "bibliography", "openapi", "redoc", "rst-include", "program-source",
    "exec-include", "d2", "drawio-image", "asciinema", "remoteliteralinclude", "autojson",
    "autopydantic_model", "jsonschema", "csv-table-include", "jupyter-execute",
})  # fmt: skip
_PICTURES: Final = frozenset({
    "image", "figure", "thumbnail", "video", "audio", "youtube-local", "card-image", "carousel-image",
    "img",
})  # fmt: skip
LISTS: Final = frozenset({"toctree", "nbgallery", "linkgallery", "nblinkgallery", "tableofcontents"})
"""Directives whose body lists documents."""
_RUNS: Final = frozenset({"program-output", "command-output", "runcmd", "command_output"})
_AUTO: Final = {
    "automodule": 0,
    "automodapi": 0,
    "automodsumm": 0,
    "autoprogram": 0,
    "autoclass": 1,
    "autofunction": 1,
    "autodata": 1,
    "autoexception": 1,
    "autoenum": 1,
    "autodecorator": 1,
    "automethod": 2,
    "autoattribute": 2,
    "autoproperty": 2,
    "autoapimodule": 0,
    "autopydantic_model": 1,
    "autotypeddict": 1,
}
_DECLARES: Final = frozenset({"module", "py:module", "currentmodule", "py:currentmodule"})
_DOC_ROLES: Final = frozenset({"doc", "any"})
_FILE_ROLES: Final = frozenset({"download", "nb-download"})
_SOURCE_ROLES: Final = frozenset({
    "source", "src", "blob", "tree", "repo", "gh-file", "github-file", "ghfile", "ghsource", "gh-source",
    "gh", "source-file", "example_file",
})  # fmt: skip
_FOLLOWED: Final = _DOC_ROLES | _FILE_ROLES | _SOURCE_ROLES
_LABELS: Final = {
    domain + role: label
    for role, label in {"ref": plain, "numref": plain, "option": option_of, "term": term_of}.items()
    for domain in ("", "std:")
}
"""Roles of what pages declare, and how that is looked up."""
_OBJECTS: Final = {
    "mod": 0,
    "class": 1,
    "func": 1,
    "exc": 1,
    "data": 1,
    "const": 1,
    "obj": 1,
    "meth": 2,
    "attr": 2,
}
"""Roles of what Python defines, and how many parts of the name are something in the module."""
_OPTIONS: Final = frozenset({
    "file", "target", "diff", "filename", "filepath", "include", "image", "img-top", "img-bottom",
    "img-background", "link", "template", "output-file", "save-path", "header-file", "url",
})  # fmt: skip
_ROLE: Final = re.compile(
    r"(?P<open>[:{])(?P<role>[a-zA-Z][\w+.-]{0,40}(?::[\w+.-]{1,40})?)[:}]`(?P<body>[^`]{1,1000})`"
)
_OBJECT: Final = re.compile(r"~?[^\W\d]\w*(?:\.\w+)+(?:\(\))?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and the place it begins at."""

    text: str
    line: int
    column: int


@dataclass(slots=True)
class Directive:
    """A directive as it is written.

    Attributes:
        name: in small letters, without a domain for Python's.
        argument: what follows it.
        options: key and value of each field.
        body: the lines below, each without its indentation.
        module: what ``currentmodule`` said last.
    """

    name: str
    argument: Piece
    options: list[tuple[str, Piece]] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    module: str = ""


def claims_of_directive(directive: Directive, *, prose: bool = False) -> Iterator[Claim]:
    """Yield what a directive names: its argument, its options, the entries of its list."""
    name, argument = directive.name, directive.argument
    if name in _INCLUDES:
        yield from _file(argument, f"sphinx-{name}", Severity.HARD)
    elif name in _PICTURES:
        yield from _file(argument, f"sphinx-{name}", Severity.LINK, prose=prose)
    elif name in LISTS:
        yield from claims_of_list(directive)
    elif name in _RUNS:
        text, line, column = argument.text, argument.line, argument.column
        yield from claims_of_commands(
            text, kind="sphinx-command", line=line, column=column, bases=(HERE, ROOT)
        )
    elif name in _AUTO or name in _DECLARES:
        yield from _named(directive)
    elif name == "autosummary":
        for entry in directive.body:
            yield from _summarised(entry, directive.module)
    elif _looks_like_path(argument.text) and not name.startswith(
        ("c:", "cpp:", "py:", "js:", "rst:", "http:")
    ):
        yield from _file(argument, "sphinx-directive", Severity.LINK, prose=name in _PROSE, firm=False)
    yield from _of_options(directive)


def _of_options(directive: Directive) -> Iterator[Claim]:
    linked = ("link-type", "doc") in ((key, value.text.strip()) for key, value in directive.options)
    for key, value in directive.options:
        if key == "link" and linked:
            yield from claim_of_document(value, f"sphinx-{directive.name}")
        elif key in _OPTIONS:
            severity = Severity.LINK if key in {"target", "link", "url"} else Severity.HARD
            yield from _file(value, f"sphinx-{directive.name}", severity)


_PROSE: Final = frozenset({
    "replace", "unicode", "role", "class", "container", "meta", "index", "math", "program",
    "note", "tip", "warning", "seealso", "versionadded", "versionchanged", "deprecated", "rubric",
    "admonition", "highlights", "code-block", "code", "sourcecode", "option", "envvar", "describe",
    "object", "topic", "sidebar", "tab", "tab-item", "dropdown", "card", "cmdoption", "important", "hint",
})  # fmt: skip


def _looks_like_path(text: str) -> bool:
    return (
        0 < len(text) < 500
        and " " not in text
        and ("/" in text or re.search(r"\w\.[a-zA-Z]\w{0,9}\Z", text) is not None)
    )


def _file(
    piece: Piece, kind: str, severity: Severity, *, prose: bool = False, firm: bool = True
) -> Iterator[Claim]:
    raw = piece.text.strip()
    name = "" if raw.startswith("<") or "\n" in raw else target_of(raw)
    if not name:
        return
    yield Claim(
        line=piece.line,
        column=piece.column + len(piece.text) - len(piece.text.lstrip()),
        text=raw,
        kind=kind,
        name=raw if severity is Severity.HARD and "#" in raw else name,
        severity=severity,
        bases=(HERE,),
        lookup=SPHINX,
        prose=prose,
        firm=firm and not name.startswith("/") and "." in name.rpartition("/")[2],
    )


def _named(directive: Directive) -> Iterator[Claim]:
    argument = directive.argument
    name = argument.text.partition("(")[0].strip()
    strip = _AUTO.get(directive.name, 0)
    declared = directive.name in _DECLARES
    wanted = f"{directive.module}.{name}" if strip and directive.module and "." not in name else name
    kind = f"sphinx-{directive.name}"
    for parts in (1, 2) if strip == 2 else (strip,):  # what is documented as a method may be a function
        yield from _module(argument, parts, Severity.HARD, wanted=wanted, prose=declared, kind=kind)


def _summarised(entry: Piece, module: str) -> Iterator[Claim]:
    """Yield what an entry of a summary means: a module or what is in one, from here or from the top."""
    name = entry.text.strip().removeprefix("~")
    for wanted in dict.fromkeys((f"{module}.{name}" if module else name, name)):
        for claim in _module(entry, 0, Severity.HARD, wanted=wanted):
            yield replace(claim, lookup=f"{MODULE}:{MEMBER}")


def _module(
    piece: Piece,
    strip: int,
    severity: Severity,
    *,
    wanted: str = "",
    prose: bool = False,
    kind: str = "sphinx-autosummary",
) -> Iterator[Claim]:
    raw = piece.text.strip().partition("(")[0].removeprefix("~")
    name = (wanted or raw).replace("::", ".").removeprefix("~").partition(":")[0]
    if not re.fullmatch(r"[^\W\d]\w*(?:\.\w+)*", name[:400]):
        return
    yield Claim(
        line=piece.line,
        column=piece.column + piece.text.index(raw),
        text=raw,
        kind=kind,
        name=name,
        severity=severity,
        lookup=f"{MODULE}:{strip}",
        prose=prose,
    )


def _linked(role: str, body: str, name: str, lookup: str, at: tuple[int, int]) -> Iterator[Claim]:
    """Yield what a role links that is no file by its own name."""
    line, column = at
    yield Claim(
        line=line,
        column=column,
        text=body,
        kind=f"sphinx-{role}",
        name=name,
        severity=Severity.LINK,
        lookup=lookup,
    )


def claims_of_roles(text: str, place: Callable[[int], tuple[int, int]]) -> Iterator[Claim]:
    """Yield what the roles in a text name; ``place`` turns an offset into line and column."""
    for found in _ROLE.finditer(text) if "`" in text else ():
        role, body, start = found["role"].lower(), found["body"], found.start("body")
        if (titled := TITLED.fullmatch(body)) is not None:
            body, start = titled["target"], start + titled.start("target")
        if (label := _LABELS.get(role)) is not None:
            # nbsphinx gives each notebook, and each part of it, a label that is its path.
            document = target_of(body) if body.startswith("/") else ""
            name, lookup = (document, DOC) if document else (label(body), LABEL)
            yield from _linked(role, body, name, lookup, place(start))
        elif (strip := _OBJECTS.get(role.removeprefix("py:"))) is not None and _OBJECT.fullmatch(body):
            name = body.lstrip("~").removesuffix("()")
            yield from _linked(role, body, name, f"{OBJECT}:{strip}", place(start))
        if role not in _FOLLOWED:
            continue
        name = target_of(body.lstrip("~!"))
        if not name:
            continue
        line, column = place(start)
        source = role in _SOURCE_ROLES
        yield Claim(
            line=line,
            column=column,
            text=body,
            kind=f"sphinx-{role}",
            name=name,
            severity=Severity.LINK,
            bases=(ABOVE,) if source else (HERE,),
            lookup=DOC if role in _DOC_ROLES else "" if source else SPHINX,
            firm=role in _FILE_ROLES or role == "doc",
        )
