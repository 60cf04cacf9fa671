"""INI: setup.cfg, tox.ini, pytest.ini, .flake8, .coveragerc, mypy.ini, platformio.ini, .editorconfig."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim, Severity
from mothball.core.references.config.ini_values import IniLine, ini_lines
from mothball.core.references.config.settings import claims_of_modules, claims_of_setting, paths_of_setting
from mothball.core.references.config.values import Value
from mothball.core.references.papers import is_data
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_MODULE_SECTION: Final = re.compile(r"(?:mypy|pylint|pydocstyle)-(?P<modules>.+)")
_COMMANDS: Final = re.compile(r"(?:.*[._-])?(?:commands?(?:_pre|_post)?|command|cmd|script)")
_OWN_DIRECTORY: Final = re.compile(r"\{(?:toxinidir|tox_root)\}/?")
_DEFAULTS: Final = re.compile(r"\{posargs:(?P<default>[^{}\n]*)\}")
_FILTER: Final = re.compile(r"[+-]<(?P<path>[^>\n]*)>")
_SOURCES: Final = ("./src", HERE)


class Ini(Reader):
    """Options of an INI file, by what their names say about them, and names of sections."""

    kind = "ini"
    files: ClassVar[tuple[str, ...]] = (
        "*.ini",
        "*.cfg",
        "*.conf",
        ".flake8",
        ".coveragerc",
        ".pylintrc",
        "pylintrc",
        ".pydocstyle",
        ".style.yapf",
        ".editorconfig",
        ".bumpversion*",
        ".importlinter",
        ".isort.cfg",
        ".sqlfluff",
        ".buckconfig",
        "*.desktop",
        "*.service",
    )
    always: ClassVar[bool] = True

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what options and sections claim."""
        lines = Lines(text)
        prose = is_data(path)
        editor = path.endswith(".editorconfig")
        for line in ini_lines(text):
            if line.key:
                yield from _claims_of_option(line, lines, prose=prose)
            else:
                yield from _claims_of_section(line, lines, editor=editor, prose=prose)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what a path, a pattern or a module may mean."""
        return paths_of_setting(claim, file, world)


def _claims_of_section(line: IniLine, lines: Lines, *, editor: bool, prose: bool) -> Iterator[Claim]:
    if editor:
        if "/" in line.raw:
            yield from Value(
                raw=line.raw, offset=line.offset, kind="editorconfig-glob", bases=(HERE,), several=False
            ).claims(lines)
        return
    if modules := _MODULE_SECTION.fullmatch(line.section):
        start = line.offset + modules.start("modules")
        yield from claims_of_modules(modules["modules"], start, lines, "ini-section", prose=prose)
    elif "/" in line.raw or ":" in line.raw:
        for part in re.finditer(r"[^:\s]+", line.raw):
            yield from Value(
                raw=part.group(),
                offset=line.offset + part.start(),
                kind="ini-section",
                bare=part.start() > 0 and "bumpversion" in line.section,
                several=False,
                prose=prose,
            ).claims(lines)


def _claims_of_option(line: IniLine, lines: Lines, *, prose: bool) -> Iterator[Claim]:
    if _COMMANDS.fullmatch(line.key):
        yield from _claims_of_command(line, lines, prose=prose)
    elif line.key.endswith(("src_filter", "test_filter", "test_ignore")):
        for part in _FILTER.finditer(line.raw):
            start = line.offset + part.start("path")
            yield from Value(
                raw=part["path"], offset=start, kind="ini-value", bases=_SOURCES, bare=True, prose=prose
            ).claims(lines)
    else:
        keys = (*re.split(r"[:.]", line.section), line.key)
        yield from claims_of_setting(keys, line.raw, line.offset, lines, "ini-value", prose=prose)


def _claims_of_command(line: IniLine, lines: Lines, *, prose: bool) -> Iterator[Claim]:
    """Yield what a command claims; the directory of the file is spelled out at the same length."""
    raw = _DEFAULTS.sub(
        lambda found: " " * len("{posargs:") + found["default"] + " ", _OWN_DIRECTORY.sub(_here, line.raw)
    )
    at_line, column = lines.at(line.offset)
    masked = raw.startswith("-")
    if masked:
        raw = " " + raw[1:]
    severity = Severity.MASKED if masked else Severity.CONFIG
    for claim in claims_of_commands(
        raw, kind="ini-command", line=at_line, column=column, severity=severity, prose=prose
    ):
        start = claim.column - column
        written = line.raw[start : start + len(claim.text)]
        yield replace(claim, text=written, name=claim.wanted) if claim.line == at_line else claim


def _here(found: re.Match[str]) -> str:
    length = len(found.group())
    spelled = ("./" * length)[:length]
    return spelled[:-1] + "/" if found.group().endswith("/") else spelled
