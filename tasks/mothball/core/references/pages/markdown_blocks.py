"""Blocks of Markdown that are no text: front matter, fences, code."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.config.yaml_events import Scalar, scalars
from mothball.core.references.pages.directives import (
    COMMAND_BASES,
    SHELLS,
    Directive,
    Piece,
    claims_of_directive,
)
from mothball.core.references.pages.tags import claims_of_tags
from mothball.core.references.pages.targets import LINK, MODULE, target_of
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.texts import Lines

_PROMPT: Final = re.compile(
    r"\s*(?:\([\w.-]+\)\s?)?(?:[\w.-]+@[\w.-]+[:\s]?[\w~/.-]*)?"
    r"(?:\$|\u276f|\u279c|%|>>?|PS>|PS [^\s>]*>|[A-Z]:\\[^\s>]*>|C:\\>)\s+(?=\S)"
)
_STARTS: Final = re.compile(
    r"\s*(?:sudo |time |[A-Z_]{2,40}=\S{1,200} )*(?:python[\d.]*|py|bash|sh|zsh|node|npx|npm|yarn|pnpm"
    r"|bun|deno|make|cmake"
    r"|pytest|tox|nox|cargo|go|docker(?:-compose)?|ruby|perl|Rscript|julia|source|cd|pip3?|uv|uvx|poetry"
    r"|hatch|jupyter"
    r"|streamlit|uvicorn|flask|mypy|ruff|pre-commit|invoke|just|kubectl|helm|terraform|gcc|g\+\+|clang"
    r"|nvcc|java"
    r"|torchrun|accelerate|deepspeed|mpirun|chmod|\./[\w./-]+)(?:\s|$)"
)
_LONGEST: Final = 5000
_DRAWN: Final = re.compile(r"[├└│┌]|^\s*[|+`]--", re.MULTILINE)
_NAMED: Final = re.compile(r"\{?(?P<name>[\w:+#.-]*)\}?")
_FILE_OF: Final = re.compile(
    r"\b(?:file|child|src|include|path)\s{0,3}=\s{0,3}(?P<quote>['\"]?)"
    r"(?P<path>[\w@./+-]{1,400}\.\w{1,8})(?P=quote)(?=[\s,#{}]|\Z)"
)
_KEY: Final = re.compile(r"\s{0,20}:(?P<key>[\w-]{1,40}):(?:[ \t]+(?P<value>\S.*))?")
_IMPORT: Final = re.compile(
    r"(?:>>> |\.\.\. )?(?P<indent>[ \t]*)(?:from[ \t]{1,9}"
    r"(?P<from>[A-Za-z_][\w.]{0,200})[ \t]{1,9}import\b|import[ \t]{1,9}(?P<import>[A-Za-z_][\w.]{0,200}))"
)
_READS: Final = re.compile(
    r"\b(?:source|sys\.source|include_graphics|read[._]\w{1,20}|readRDS|readLines|load|file|here|fread"
    r"|sourceCpp"
    r"|source_python|child_doc|knit_child|include_url|st_read|rast|open|import|imread|read)\(\s{0,9}"
    r"(?P<quote>['\"])(?P<path>[^'\"\n]{1,500})(?P=quote)"
)
_SUFFIXED: Final = re.compile(r"\w\.[A-Za-z]\w{0,9}\Z")
_PLACEHOLDER: Final = re.compile(r"(?<![<>\s])<[\w .-]{1,60}>(?=[/.\w-])|(?<=[/:.\w-])<[\w .-]{1,60}>")
_WORD: Final = re.compile(r"[A-Za-z][\w-]{0,60}")
_NO_PATHS: Final = frozenset({
    "permalink", "slug", "redirect_from", "redirect_to", "redirects", "aliases", "alias", "url", "title",
    "description", "summary", "id", "tags", "tag", "categories", "category", "keywords", "author",
    "authors", "date", "name", "sidebar_label", "canonical", "hide_title", "parent", "nav_order", "labels",
    "assignees",
})  # fmt: skip
_PYTHON: Final = frozenset({"python", "py", "python3", "pycon", "ipython", "ipython3", "jupyter"})
_FILES_OF_PANDOC: Final = frozenset({
    "bibliography", "csl", "css", "template", "include-in-header", "include-before-body",
    "include-after-body", "filters", "reference-doc", "metadata-files", "resource_files",
})  # fmt: skip


def front_matter(lines: Sequence[str], first: int) -> Iterator[Claim]:
    """Yield the paths that the head of a page sets; one that does not parse sets none."""
    text = "\n".join(lines)
    where = Lines(text, first)
    for value in _scalars(text):
        key, name = value.keys[-1].lower() if value.keys else "", target_of(value.raw)
        if value.is_key or value.is_block or not name or " " in name or key in _NO_PATHS:
            continue
        if key == "layout" and len(value.keys) == 1 and _WORD.fullmatch(name):
            yield layout_claim(value, where)
        if "/" not in name and not _SUFFIXED.search(name):
            continue
        needed = key in _FILES_OF_PANDOC
        line, column = where.at(value.offset)
        yield Claim(
            line=line,
            column=column,
            text=value.raw,
            kind="markdown-front-matter",
            name=name,
            severity=Severity.HARD if needed else Severity.CONFIG,
            bases=(HERE, ROOT),
            lookup="" if needed else LINK,
        )


def layout_claim(value: Scalar, where: Lines) -> Claim:
    """Return the claim of the layout that Jekyll renders a page in."""
    line, column = where.at(value.offset)
    return Claim(
        line=line,
        column=column,
        text=value.raw,
        kind="page-layout",
        name=f"_layouts/{value.raw}.*",
        bases=(ABOVE,),
    )


def _scalars(text: str) -> Iterator[Scalar]:
    import yaml

    with suppress(yaml.YAMLError, UnicodeError):
        yield from scalars(text)


def claims_of_fence(
    info: str, opening: Piece, shown: Sequence[str], first: int, *, prose: bool
) -> Iterator[Claim]:
    """Yield what a fenced block names: by its opening, as a directive, as commands."""
    named = _NAMED.match(info)
    name = named["name"].lower() if named else ""
    for found in _FILE_OF.finditer(info):
        yield Claim(
            line=opening.line,
            column=opening.column + found.start("path"),
            text=found["path"],
            kind="markdown-fence-file",
            bases=(HERE, ABOVE),
            prose=prose,
        )
    if info == "eval_rst":  # recommonmark's name of it
        info = "{eval-rst}"
    if info.startswith("{") and not info.startswith(("{.", "{r", "{python", "{bash")):
        yield from _directive(info, opening, shown, first, prose=prose)
        return
    lines = Lines("\n".join(shown), first)
    yield from claims_of_tags("\n".join(shown), lines.at)
    if name in {"r", "rscript", "python", "julia"} and info.startswith("{"):
        yield from _reads("\n".join(shown), lines)
    if name in _PYTHON:
        yield from _imports(shown, first)
    elif info.startswith(("{.", "{bash")):
        yield from claims_of_code(info.strip("{. }").partition(" ")[0], shown, first, prose=prose)
    else:
        yield from claims_of_code(name, shown, first, prose=prose)


def claims_of_code(
    language: str, shown: Sequence[str], first: int, *, prose: bool = False
) -> Iterator[Claim]:
    """Yield what the commands of a block of code name; without a language only what is surely a command."""
    if language not in SHELLS and language not in {"", "text", "txt", "none", "plain", "default"}:
        return
    text = "\n".join(commands_in(shown, certain=language in SHELLS))
    if text.strip():
        yield from claims_of_commands(
            text,
            kind="markdown-command",
            line=first,
            bases=COMMAND_BASES,
            severity=Severity.COMMAND,
            prose=prose,
        )


def commands_in(shown: Sequence[str], *, certain: bool) -> Iterator[str]:
    """Yield the lines with blanks for prompts, and empty ones for what commands print.

    Where a line has a prompt, those without one are output. Where none has, all are commands if that is
    ``certain``, and else those that begin with the name of a well-known program, or come after ``cd``.
    """
    prompts = [_PROMPT.match(line[:200]) for line in shown]
    drawn = not certain and any(_DRAWN.search(line[:200]) for line in shown)
    prompted = any(prompts)
    goes_on = False
    for line, prompt in zip(shown, prompts, strict=True):
        if prompted:
            taken = goes_on or prompt is not None
        else:
            taken = certain or (not drawn and (goes_on or _STARTS.match(line[:400]) is not None))
        taken &= len(line) <= _LONGEST
        # One goes somewhere to start something there.
        goes_on = taken and (line.rstrip().endswith(("\\", "`", "^")) or line.startswith("cd "))
        lead = prompt.end() if prompt is not None and prompted else 0
        # What readers are to fill in is no redirection.
        shown_line = _PLACEHOLDER.sub(lambda found: "X" * len(found.group()), line[lead:])
        yield " " * lead + shown_line if taken else ""


def _directive(
    info: str, opening: Piece, shown: Sequence[str], first: int, *, prose: bool
) -> Iterator[Claim]:
    name, _, argument = info[1:].partition("}")
    name = name.strip().lower()
    column = opening.column + len(info) - len(argument)
    if name in {"code-block", "code", "sourcecode", "prompt", "code-cell"}:
        body = [" " * len(line) if line.lstrip().startswith(":") else line for line in shown]
        yield from claims_of_fence(argument.strip() or "text", opening, body, first, prose=prose)
        return
    if name == "eval-rst":
        from mothball.core.references.pages.rst import claims_of_rst

        yield from claims_of_rst("\n".join(shown), first_line=first)
        return
    lead = len(argument) - len(argument.lstrip())
    directive = Directive(name, Piece(argument.strip(), opening.line, column + lead))
    for number, line in enumerate(shown, first):
        if (option := _KEY.fullmatch(line[:2000])) is not None:
            start = option.start("value") if option["value"] else 0
            directive.options.append((option["key"], Piece(option["value"] or "", number, start + 1)))
        elif line.strip():
            directive.body.append(Piece(line, number, 1))
    yield from claims_of_directive(directive, prose=prose)


def _imports(shown: Sequence[str], first: int) -> Iterator[Claim]:
    """Yield the modules that an example imports; of a bare name nobody can tell that it is ours."""
    for number, line in enumerate(shown, first):
        found = _IMPORT.match(line.lstrip()[:500])
        group = found.lastgroup if found else None
        if found and group and group != "indent":
            lead = len(line) - len(line.lstrip())
            yield Claim(
                line=number,
                column=lead + found.start(group) + 1,
                text=found[group],
                kind="markdown-python",
                severity=Severity.COMMAND,
                lookup=f"{MODULE}:0",
                doubtful="." not in found[group].strip("."),
            )


def _reads(text: str, lines: Lines) -> Iterator[Claim]:
    for found in _READS.finditer(text):
        if "://" not in found["path"]:
            line, column = lines.at(found.start("path"))
            yield Claim(
                line=line, column=column, text=found["path"], kind="markdown-chunk", bases=(HERE, ROOT)
            )
