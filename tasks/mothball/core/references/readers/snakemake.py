"""Workflows of Snakemake: Python, with rules in between that say what they need, run and write."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Unreadable
from mothball.core.references.python.lookup import asking, candidates
from mothball.core.references.python.scopes import module_scope
from mothball.core.references.python.source import Source, parse
from mothball.core.references.python.syspath import edits_in
from mothball.core.references.python.text import claims_of_lines
from mothball.core.references.python.walk import Walk
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_STARTED: Final = (HERE, ROOT, ABOVE)
"""What is read is looked up where Snakemake is started: beside the workflow, or somewhere above it."""
_BESIDE: Final = frozenset({"include", "script", "notebook", "conda", "report", "cwl", "snakefile"})
_NEEDED: Final = frozenset({"input", "params", "configfile", "workdir", "pepfile", "pepschema", "wrapper"})
_KEYS: Final = _BESIDE | _NEEDED | {"shell"}
_CAPTIONS: Final = ("caption=", "caption = ")
"""What stands before the page about something that is written."""
_OTHERS: Final = (
    "output|log|benchmark|message|threads|resources|priority|version|group|shadow|container|singularity"
    "|containerized|envmodules|cache|default_target|handover|retries|localrule|name|run|wildcard_constraints"
    "|localrules|ruleorder|envvars|onsuccess|onerror|onstart|scattergather|storage|resource_scopes|config"
    "|skip_validation|prefix|replace_prefix|template_engine|inputflags|outputflags|meta_wrapper|pathvars"
)
_BLOCK: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?:rule|checkpoint|module|subworkflow)\b[^\n#]*:|use[ \t]+rule\b)"
)
_KEY: Final = re.compile(
    rf"(?P<indent>[ \t]*)(?P<key>{'|'.join(sorted(_KEYS))}|{_OTHERS})[ \t]*:(?!=)(?P<rest>[^\n]*)"
)
_TEXT: Final = re.compile(
    r"(?P<lead>[rRbBfFuU]{0,2})(?:\"\"\"(?P<long>(?s:.*?))\"\"\"|'''(?P<other>(?s:.*?))'''"
    r"|\"(?P<double>(?:[^\"\\\n]|\\.)*)\"|'(?P<single>(?:[^'\\\n]|\\.)*)')|\#[^\n]*"
)
_HOLE: Final = re.compile(r"\{[^{}\n]*\}")
_FILE: Final = re.compile(r"[^\s<>|;\"'`]+")
_SUFFIX: Final = re.compile(r"\w\.[A-Za-z]\w{0,9}\Z")


@dataclass(frozen=True, slots=True)
class _Value:
    """What stands behind a key: where it begins in the text, and where it ends."""

    key: str
    start: int
    end: int


class Snakemake(Reader):
    """What rules need and run, and what the Python around them reads."""

    kind = "snakemake"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("snakefile*", "*.snakefile", "*.smk", "*.rules")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the values of keys name, and what is left is Python."""
        if path.endswith(".rules") and _BLOCK.search(text) is None:
            return
        values, python = _taken_apart(text)
        lines = Lines(text)
        for value in values:
            yield from _of_value(value, text, lines)
        yield from _of_python(python, path)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what Snakemake or Python would find."""
        if claim.lookup == self.kind:
            return world.places(claim.wanted, claim.bases, file)
        return candidates(claim, file, world)


def _taken_apart(text: str) -> tuple[list[_Value], str]:
    """Return the values of keys, and the text with an idle statement for each rule and key."""
    values, python, rows = list[_Value](), list[str](), text.split("\n")
    row = at = 0
    while row < len(rows):
        line = rows[row]
        block, key = _BLOCK.match(line), _KEY.match(line)
        if block is None and key is None:
            python.append(line)
            at += len(line) + 1
            row += 1
            continue
        indent = line[: len(line) - len(line.lstrip())]
        end = _end(rows, row + 1, len(indent))
        first = row + 1 if block else row
        values += _keys(rows, first, end, at + (len(line) + 1) * bool(block))
        python.append(indent + "0")
        python += [""] * (end - row - 1)
        at += len("\n".join(rows[row:end])) + 1
        row = end
    return values, "\n".join(python)


def _keys(rows: list[str], row: int, end: int, at: int) -> Iterator[_Value]:
    """Yield the values of the keys in a rule."""
    while row < end:
        key = _KEY.match(rows[row])
        stop = _end(rows, row + 1, len(key["indent"])) if key else row + 1
        length = len("\n".join(rows[row:stop]))
        if key:
            yield _Value(key["key"], at + key.start("rest"), at + length)
        at, row = at + length + 1, stop


def _end(rows: list[str], row: int, indent: int) -> int:
    """Return the row behind those that are indented more than that."""
    end = row
    while row < len(rows):
        line = rows[row]
        if line.strip():
            if len(line) - len(line.lstrip()) <= indent:
                break
            end = row + 1
        row += 1
    return end


def _of_value(value: _Value, text: str, lines: Lines) -> Iterator[Claim]:
    remote = value.key == "snakefile" and text[value.start : value.end].lstrip()[:1] not in {'"', "'"}
    for found in _TEXT.finditer(text, value.start, value.end):
        group = found.lastgroup
        if group is None or group == "lead" or remote:
            continue
        captions = text.endswith(_CAPTIONS, 0, found.start())
        raw = found[group]
        line, column = lines.at(found.start(group))
        if value.key == "shell":
            yield from (
                replace(claim, lookup=Snakemake.kind)
                for claim in claims_of_commands(
                    raw, kind="snakemake-shell", line=line, column=column, bases=_STARTED
                )
            )
            continue
        name = _HOLE.sub("*", raw.removeprefix("file:").removeprefix("//"))
        if _FILE.fullmatch(name) and "://" not in name and ("/" in name or _SUFFIX.search(name)):
            bases = (HERE,) if value.key in _BESIDE or captions else _STARTED
            yield Claim(
                line=line, column=column, text=raw, kind=f"snakemake-{value.key}", name=name, bases=bases,
                lookup=Snakemake.kind, prose=value.key not in _KEYS and not captions,
            )  # fmt: skip


def _of_python(text: str, path: str) -> Iterator[Claim]:
    try:
        tree = parse(text)
    except Unreadable:
        yield from (replace(claim, doubtful=True) for claim in claims_of_lines(text))
        return
    scope = module_scope(tree)
    edits = edits_in(text, tree, scope)
    for claim in Walk(Source(text, path), tree, scope, test=False, near=True).claims():
        wide = replace(claim, bases=_STARTED) if claim.bases == (HERE, ROOT) else claim
        yield asking(wide, edits, "script")
