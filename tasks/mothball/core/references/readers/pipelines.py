"""Pipelines, hooks and services in YAML: GitLab, CircleCI, Azure, compose, pre-commit and more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from mothball.core.references.claims import ROOT, Claim, Severity, Unreadable
from mothball.core.references.config.pipeline_dialects import DIALECTS, Dialect
from mothball.core.references.config.yaml_claims import Site, comments, hashed, looks_like_path, unparsed
from mothball.core.references.config.yaml_nodes import Node, yaml_documents
from mothball.core.references.placed import Placed, chained
from mothball.core.references.reader import Reader, takes
from mothball.core.references.shell.places import tidy

_HOME: Final = re.compile(r"~/[^/]+/?|~")
"""Where pipelines check the repository out to, when they name a place below the user's own."""
_AMID: Final = frozenset("\\[*+?]){.:")
_LITERAL: Final = re.compile(r"(?:[\w/-]|\\[./_-]|\.(?=\w))+")


@dataclass(frozen=True, kw_only=True)
class _Context:
    dialect: Dialect
    bases: tuple[str, ...]
    variables: dict[str, str]
    soft: bool = False

    def site(self, part: str, *, soft: bool = False, config: bool = False) -> Site:
        severity = Severity.MASKED if soft or self.soft else Severity.HARD
        return Site(
            kind=f"{self.dialect.kind}-{part}",
            bases=self.bases,
            severity=Severity.CONFIG if config else severity,
            variables=self.variables,
        )


class Pipelines(Reader):
    """Reads each of the files that `DIALECTS` tell of."""

    kind: ClassVar[str] = "pipeline"
    always: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = tuple(pattern for one in DIALECTS for pattern in one.files)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the values claim, by their keys."""
        dialect = next(one for one in DIALECTS if takes(one.files, path))
        try:
            roots = list(yaml_documents(text))
        except Unreadable as error:
            yield from unparsed(text, f"{dialect.kind}-text", dialect.bases, error)
            return
        for root in roots:
            context = _Context(dialect=dialect, bases=dialect.bases, variables=_variables(root))
            yield from hashed(root, f"{dialect.kind}-hash", dialect.bases)
            for claim in _below(root, context):
                yield replace(claim, name=claim.wanted.lstrip("/")) if claim.wanted.startswith("/") else claim
        yield from comments(text, f"{dialect.kind}-comment", dialect.bases)


def _variables(root: Node) -> dict[str, str]:
    found = {}
    for key in ("variables", "env", "environment", "vars"):
        for name, value in root.get(key).pairs:
            if value.placed is not None and len(value.value) < 300 and not set(value.value) & set(" \n$"):
                found[name.value] = value.value
    return found


def _below(node: Node, context: _Context) -> Iterator[Claim]:
    dialect = context.dialect
    yield from _directories(node, context)
    here = _entered(node, context)
    if dialect.kind == "compose":
        yield from _built(node, context)
    shared = _shared(node, dialect)
    if shared:
        yield from here.site("command").commands(
            Node(placed=chained([one for key in shared for one in shared[key]]))
        )
    for key, value in node.pairs:
        if key.value not in dialect.directories and key.value not in dialect.soft and key.value not in shared:
            yield from _value(key.value, value, here)
    for item in node.items:
        if item.placed is not None:
            yield from _free(item, here)
        else:
            yield from _below(item, here)


def _directories(node: Node, context: _Context) -> Iterator[Claim]:
    for key, value in node.pairs:
        if key.value in context.dialect.directories and value.placed is not None:
            yield from context.site("directory").paths(value)


def _entered(node: Node, context: _Context) -> _Context:
    """Return where the commands of a mapping run, and whether their failures are hidden."""
    here, dialect = context, context.dialect
    for key, value in node.pairs:
        if key.value in dialect.directories and not set(value.value) & set("$<"):
            name = _HOME.sub("", value.value).lstrip("/")
            bases = tuple(_again(base, tidy(f"{base or '.'}/{name}")) for base in context.bases)
            here = replace(here, bases=bases)
        elif key.value in dialect.soft and (value.value == "true" or value.pairs):
            here = replace(here, soft=True)
    return here


def _shared(node: Node, dialect: Dialect) -> dict[str, list[Placed]]:
    """Return the commands that one shell runs, by key, where they are texts and nothing else."""
    found = {}
    for key in dialect.shared:
        value = node.get(key)
        parts = [scalar.placed for scalar in value.scalars() if scalar.placed is not None]
        if parts and not any(one.pairs for one in value.everywhere()):
            found[key] = parts
    return found


def _again(base: str, joined: str) -> str:
    """Return a joined base, still as one that begins at the file if it did."""
    return "./" + joined if base.startswith("./") else joined


def _value(key: str, value: Node, context: _Context) -> Iterator[Claim]:
    dialect = context.dialect
    if key in dialect.ignored:
        return
    if key in dialect.patterns or ("*" in dialect.patterns and value.placed is not None):
        yield from _each(value, context, "pattern")
    elif key in dialect.regexes:
        yield from _regex(value, context)
    elif (
        key in dialect.commands
        or key in dialect.late
        or (key.endswith("_script") and "*_script" in dialect.commands)
    ):
        yield from _each(value, context, "late" if key in dialect.late else "command")
    elif key in dialect.paths:
        yield from _each(value, context, "path")
    elif key == "volumes" and dialect.kind == "compose":
        yield from _volumes(value, context)
    elif key == "args" and dialect.kind == "pre-commit":
        yield from context.site("argument").paths(value)
    elif "*" in dialect.patterns and value.items:
        yield from _each(value, context, "pattern")
    elif value.placed is not None:
        yield from _free(value, context)
    else:
        yield from _below(value, context)


def _each(value: Node, context: _Context, part: str) -> Iterator[Claim]:
    """Read a value, or those in a list of them; mappings on the way are read by their keys."""
    if value.placed is not None:
        site = context.site(part, soft=part == "late", config=part == "pattern")
        if part == "path":
            if "://" not in value.value and not value.value.startswith("git@"):
                rooted = context.dialect.kind != "compose" and value.value.startswith("/")
                yield from site.paths(
                    Node(placed=value.placed.part(1, len(value.value))) if rooted else value
                )
        elif part == "pattern":
            yield from site.patterns(value)
        else:
            yield from site.commands(value)
        return
    for item in value.items:
        yield from _each(item, context, part)
    if part in {"pattern", "path"}:
        yield from _built(value, context) if context.dialect.kind == "compose" else ()
        for key, one in value.pairs:
            if key.value not in context.dialect.ignored:
                yield from _each(one, context, part) if one.placed or one.items else _below(one, context)
    elif value.pairs:
        yield from _below(value, context)


def _free(value: Node, context: _Context) -> Iterator[Claim]:
    if context.dialect.values and looks_like_path(value.value) and "://" not in value.value:
        yield from context.site("value", config=True).paths(value, bare=False)


def _built(node: Node, context: _Context) -> Iterator[Claim]:
    """Yield the Dockerfile of a service, which is named from the directory that it is built in."""
    dockerfile, where = node.get("dockerfile"), node.get("context").value or "."
    if dockerfile.placed is not None and "$" not in where and "://" not in where:
        bases = (f"./{tidy(where)}",)
        yield from replace(context.site("dockerfile"), bases=bases).paths(dockerfile)


def _volumes(value: Node, context: _Context) -> Iterator[Claim]:
    for item in value.items:
        if item.placed is None:
            if item.get("type").value in {"", "bind"}:
                yield from context.site("volume").paths(item.get("source"), bare=False)
            continue
        source = item.value.partition(":")[0]
        if source.startswith((".", "$")) and ":" in item.value:
            part = Node(placed=item.placed.part(0, len(source)))
            yield from context.site("volume").paths(part)


def _regex(value: Node, context: _Context) -> Iterator[Claim]:
    """Yield the paths at the front of the alternatives of a regular expression."""
    if value.placed is None or len(value.value) > 20_000:
        return
    text = value.value
    for found in _LITERAL.finditer(text):
        literal = found.group()
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
        starts = literal.endswith("/") and (before in {"^", "(", "|", ""} or before.isspace())
        if not starts and (before in _AMID or "/" not in literal.strip("/")):
            continue
        whole = after in {"$", "|", ")", ""} or after.isspace()
        end = len(literal) if whole else literal.rfind("/")
        name = literal[:end].replace("\\", "").strip("/")
        if not name:
            continue
        line, column = value.placed.at(found.start())
        yield Claim(
            line=line,
            column=column,
            text=value.placed.raw(found.start(), found.start() + end),
            kind=f"{context.dialect.kind}-regex",
            name=name if whole else name + "/",
            severity=Severity.CONFIG,
            bases=(ROOT,),
        )
