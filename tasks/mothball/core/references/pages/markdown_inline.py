"""What a paragraph, heading, cell or raw HTML of Markdown names, with the place of each name."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.pages.directives import (
    COMMAND_BASES,
    Directive,
    Piece,
    claims_of_directive,
    claims_of_roles,
)
from mothball.core.references.pages.markup import (
    claims_of_attributes,
    claims_of_imports,
    link_claim,
    without_comments,
)
from mothball.core.references.pages.tags import claims_of_tags
from mothball.core.references.pages.targets import WIKI, target_of
from mothball.core.references.shell.commands import claims_of_commands

_TICKS: Final = re.compile(r"`+")
_INSIDE: Final = r"(?:[^\s()\\<]|\\.|\((?:[^\s()\\]|\\.|\([^\s()\\]{0,200}\))*+\))"
_LINK: Final = re.compile(
    r"(?<!\\)\]\([ \t\n]{0,9}(?:<(?P<angled>[^<>\n]{1,2000})>|(?P<bare>"
    + _INSIDE
    + r"(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.|\([^\s()\\]{0,200}\))*+\))*+))"
    r"(?=[ \t\n]{0,9}(?:\)|[\"'(:=]))"
)
_DEFINED: Final = re.compile(r"\]:[ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s<]\S*))")
_BELOW: Final = re.compile(r"[>\s]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s\[<]\S*))")
_WIKI: Final = re.compile(
    r"!?\[\[(?P<page>[^\[\]|#\n`\"'$]{1,200})(?:#[^\[\]|\n]{0,200})?(?:\|[^\[\]\n]{0,300})?\]\]"
)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_COLON: Final = re.compile(
    r"^[ \t]*:{3,9}[ \t]?\{(?P<name>[\w:+-]{1,40})\}[ \t]*(?P<argument>[^\n]{0,500})", re.MULTILINE
)
_OPTIONS: Final = re.compile(r"(?:^[ \t]*:[\w-]{1,40}:[^\n]{0,1000}(?:\n|\Z)){1,50}", re.MULTILINE)
_OPTION: Final = re.compile(
    r"^[ \t]*:(?P<key>file|target|include|link|link-type|img-top|img-bottom|img-background):[ \t]+"
    r"(?P<value>\S[^\n]{0,500})",
    re.MULTILINE,
)
_RUNNERS: Final = frozenset({
    "python", "python2", "python3", "py", "bash", "sh", "zsh", "node", "npx", "npm", "yarn", "pnpm", "bun",
    "deno", "make", "cmake", "pytest", "tox", "nox", "cargo", "go", "docker", "docker-compose", "podman",
    "ruby", "perl", "Rscript", "julia", "source", ".", "cd", "pip", "pip3", "pipx", "uv", "uvx", "poetry",
    "hatch", "pdm", "rye", "ts-node", "tsx", "jupyter", "streamlit", "uvicorn", "gunicorn", "flask", "mypy",
    "ruff", "black", "isort", "flake8", "pylint", "pre-commit", "invoke", "inv", "just", "task", "kubectl",
    "helm", "terraform", "ansible-playbook", "gcc", "g++", "clang", "clang++", "nvcc", "php", "java",
    "javac", "dotnet", "sphinx-build", "mkdocs", "cat", "ls", "less", "chmod", "sudo", "torchrun",
    "accelerate", "deepspeed", "mpirun", "mpiexec", "conda", "mamba", "nextflow", "snakemake", "R", "stack",
    "bazel", "ninja", "meson", "west", "idf.py", "platformio", "pio", "swift", "gradle", "mvn", "time",
    "env", "cp",
})  # fmt: skip
_PROGRAM: Final = re.compile(r"(?:\$ )?(?:[A-Z_]{1,40}=\S{0,200} )*(?P<program>\S+)\s")
_PATH_PROGRAM: Final = re.compile(r"\.{0,2}/?(?:[\w.-]+/)+[\w.-]+|\.{1,2}/[\w.-]+")


class Inline:
    """A text of some lines, each with the line and column of the file where it begins."""

    def __init__(
        self,
        parts: Sequence[str],
        places: Sequence[tuple[int, int]],
        *,
        prose: bool = False,
        lines: Sequence[str] = (),
    ) -> None:
        """Take the parts, and the lines of the file to look in where a part is not what stands there."""
        self.text = "\n".join(parts)
        self.prose = prose
        self._places = places
        self._lines = lines
        self._starts = [0]
        for part in parts[:-1]:
            self._starts.append(self._starts[-1] + len(part) + 1)

    @staticmethod
    def place_of(line: str, info: str, number: int) -> Piece:
        """Return the words behind the opening of a fence with their place."""
        at = line.find(info) if info else -1
        return Piece(info, number, at + 1 if at >= 0 else 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        part = bisect_right(self._starts, offset) - 1
        line, column = self._places[part]
        return line, column + offset - self._starts[part]

    def claims(self, *, jsx: bool = False, block: bool = False) -> Iterator[Claim]:
        """Yield what the text names; in ``jsx`` there are imports, in an HTML ``block`` no code spans."""
        yield from claims_of_roles(self.text, self.at)
        yield from claims_of_tags(self.text, self.at)
        spans = [] if block else list(code_spans(self.text))
        for start, end in spans:
            yield from self._span(start, end)
        clean = without_comments(self._without(spans))
        if "](" in clean:
            yield from self._links(clean)
        if "[[" in clean:
            yield from self._wiki(clean)
        yield from claims_of_attributes(clean, self.at, "markdown-html", prose=self.prose)
        if ":::" in clean:
            yield from self._colons(clean)
        if jsx:
            yield from claims_of_imports(clean, self.at, "markdown-import")

    def _without(self, spans: Sequence[tuple[int, int]]) -> str:
        text, kept, at = self.text, [], 0
        for start, end in spans:
            kept += [text[at:start], "".join("\n" if sign == "\n" else "x" for sign in text[start:end])]
            at = end
        return "".join([*kept, text[at:]])

    def _links(self, clean: str) -> Iterator[Claim]:
        for found in _LINK.finditer(clean):
            group = found.lastgroup or "bare"
            raw, place = found[group], self.at(found.start(group))
            kind = "markdown-link"
            for claim in link_claim(_ESCAPED.sub(r"\1", raw), place, kind, prose=self.prose):
                yield self._as_written(claim, raw)

    def _as_written(self, claim: Claim, raw: str) -> Claim:
        line = self._lines[claim.line - 1] if claim.line <= len(self._lines) else ""
        column = claim.column
        if line and not line.startswith(raw, column - 1) and (at := line.find(raw)) >= 0:
            column = at + 1
        return (
            replace(claim, text=raw, column=column) if (raw, column) != (claim.text, claim.column) else claim
        )

    def _span(self, start: int, end: int) -> Iterator[Claim]:
        ticks = _TICKS.match(self.text, start)
        assert ticks is not None
        inner = self.text[ticks.end() : end - len(ticks.group())]
        program = _PROGRAM.match(inner)
        if program is None or "\n" in inner:
            return
        name = program["program"]
        if name in _RUNNERS or _PATH_PROGRAM.fullmatch(name[:300]):
            prompt = 2 if inner.startswith("$ ") else 0
            line, column = self.at(ticks.end() + prompt)
            yield from claims_of_commands(
                inner[prompt:],
                kind="markdown-command",
                line=line,
                column=column,
                bases=COMMAND_BASES,
                severity=Severity.COMMAND,
                prose=self.prose,
            )

    def _wiki(self, clean: str) -> Iterator[Claim]:
        for found in _WIKI.finditer(clean):
            raw = found["page"].strip()
            if name := target_of(raw):
                line, column = self.at(found.start("page"))
                yield Claim(
                    line=line,
                    column=column,
                    text=raw,
                    kind="markdown-wiki",
                    name=name,
                    severity=Severity.LINK,
                    lookup=WIKI,
                    prose=self.prose,
                    doubtful=True,
                )

    def _colons(self, clean: str) -> Iterator[Claim]:
        for found in _COLON.finditer(clean):
            argument = Piece(found["argument"], *self.at(found.start("argument")))
            yield from claims_of_directive(Directive(found["name"].lower(), argument), prose=self.prose)
        for block in _OPTIONS.finditer(clean):
            options = [
                (found["key"], Piece(found["value"], *self.at(found.start("value"))))
                for found in _OPTION.finditer(clean, block.start(), block.end())
            ]
            yield from claims_of_directive(Directive("csv-table", Piece("", 1, 1), options), prose=self.prose)


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each code span: from a run of backticks to the next of the same length."""
    if "`" not in text:
        return
    runs: dict[int, list[int]] = {}
    found = [(run.start(), run.end()) for run in _TICKS.finditer(text)]
    for start, end in found:
        runs.setdefault(end - start, []).append(start)
    at = 0
    for start, end in found:
        if start < at or (start and text[start - 1] == "\\"):
            continue
        same = runs[end - start]
        later = bisect_left(same, end)
        if later < len(same):
            at = same[later] + end - start
            yield start, at


def link_of_definition(lines: Sequence[str], first: int, *, prose: bool) -> Iterator[Claim]:
    """Yield the destination of a reference definition of one line or more."""
    for number, line in enumerate(lines, first):
        found = _DEFINED.search(line) or (_BELOW.match(line) if number > first else None)
        if found is not None:
            group = found.lastgroup or "bare"
            yield from link_claim(
                found[group] or "", (number, found.start(group) + 1), "markdown-link", prose=prose
            )
            return
