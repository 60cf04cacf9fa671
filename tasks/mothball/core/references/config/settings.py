"""What the keys of configuration files say about their values: paths, modules, patterns, commands."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim, Severity
from mothball.core.references.config.values import Value
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.texts import Lines
from mothball.core.references.world import World
from mothball.core.tree import parent, parents

MODULE: Final = "module"
ANYWHERE: Final = "anywhere"

_PATHS: Final = re.compile(
    r"(?:.*[._-])?(?:testpaths|norecursedirs|pythonpath|confcutdir|src|source|sources|omit|include|includes|exclude"
    r"|excludes|extend|files?|filename|skip|skip_glob|where|from|paths?|dirs?|director(?:y|ies)|folders?|members"
    r"|readme|license|licenses|templates?|artifacts|only|changedir|configs?|ignore|ignores|inputs?|write_to|roots?"
    r"|scripts?|extra_?paths|addopts|workspaces?|partitions|docker_?file)"
    r"|.*(?:Dir|Dirs|Path|Paths|File|Files|Folder|Directory|Root|Glob|Globs)"
)
_MODULES: Final = re.compile(
    r"modules?|packages?|known[_-](?:first[_-]party|local[_-]folder|third[_-]party)|source|source_pkgs|plugins"
    r"|root_packages?|(?:source|forbidden|importing|imported)_modules|containers|py[_-]modules|load[_-]plugins"
    r"|per_module|namespaces|init[_-]import|layers|protected_modules|allowed_importers|ignore_imports"
)
_NOT_FROM_HERE: Final = re.compile(
    r".*(?:exclude|omit|ignore|skip|norecursedirs|skip_glob|include|python_files).*"
)
_FROM_HERE: Final = frozenset({"pyright", "basedpyright", "flit", "pdm", "poetry"})
"""Tools whose patterns begin where the file is, even those of one word."""
_COMMANDS: Final = re.compile(
    r"(?:.*[._-])?(?:commands?(?:_pre|_post)?|cmds?|shell|run|exec|scripts?|tasks|entrypoint|(?:before|after)[-_]\w+"
    r"|\w+[-_]command|steps)|.*Command",
    re.IGNORECASE,
)
_COMMAND_TABLES: Final = frozenset({"scripts", "tasks", "commands", "cmds"})
_PROSE: Final = re.compile(
    r"descriptions?|title|summary|message|comment|help|label|text|notes?|labels|keywords|classifiers|caption|about|owners?|teams?|repo(?:sitory)?|branch"
    r"|(?:display|project)?[._-]?names?|.*[._-]?project[._-]?(?:key|brief)",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"(?:.*[._-])?images?", re.IGNORECASE)
_PATTERN_TOOLS: Final = {
    "mypy": ("exclude",),
    "black": ("include", "exclude", "extend-exclude", "force-exclude"),
    "pylint": ("ignore-paths", "ignore-patterns"),
    "interrogate": ("exclude", "ignore-regex"),
    "pre-commit": ("files", "exclude"),
}
_USUAL: Final = ("src", "lib", "python", "source", "py", "app", "backend", "server")
_OF_PATTERN: Final = re.compile(r"(?:[\w@/-]|\\[./-]|\.(?=\w))+")
_PLUGIN: Final = re.compile(r"(?<!\S)-p[ =]?(?!no:)([A-Za-z_][\w.]*)")
_CALLED: Final = re.compile(
    r"(?:[A-Za-z_]\w{0,99}\.){1,20}[A-Za-z_]\w{0,99}:[A-Za-z_]\w{0,99}(?:\(.{0,200}\))?"
)
"""Something in a module that a tool calls."""
_DOTTED: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_*][\w*]*)*")


def claims_of_setting(
    keys: tuple[str, ...], raw: str, offset: int, lines: Lines, kind: str, *, prose: bool = False
) -> Iterator[Claim]:
    """Yield what the value at ``keys`` claims; ``raw`` is its source, without quotes, at ``offset``."""
    key = keys[-1] if keys else ""
    if _is_pattern(keys):
        yield from _claims_of_pattern(raw, offset, lines, kind)
    elif " " in raw.strip() and is_command(keys):
        line, column = lines.at(offset)
        yield from claims_of_commands(
            raw, kind=f"{kind}-command", line=line, column=column, severity=Severity.CONFIG, prose=prose
        )
    else:
        bare = _PATHS.fullmatch(key) is not None
        anywhere = not prose and _NOT_FROM_HERE.fullmatch(key) and _FROM_HERE.isdisjoint(keys)
        lookup = ANYWHERE if anywhere else ""
        value = Value(
            raw=raw,
            offset=offset,
            kind=kind,
            bases=(HERE, ROOT) if bare else (HERE, ROOT, ABOVE),
            bare=bare,
            lookup=lookup,
            several=bare or " " not in raw.strip(),
            prose=prose or _is_label(keys, raw),
        )
        yield from value.claims(lines)
        for found in _PLUGIN.finditer(raw) if key == "addopts" else ():
            yield from claims_of_modules(found[1], offset + found.start(1), lines, kind, prose=prose)
        called = raw.partition(":")[0] if _CALLED.fullmatch(raw) else ""
        if called or _MODULES.fullmatch(key):
            yield from claims_of_modules(called or raw, offset, lines, kind, prose=prose)


def is_command(keys: tuple[str, ...]) -> bool:
    """Say whether the value at ``keys`` is a command."""
    return _COMMANDS.fullmatch(keys[-1] if keys else "") is not None or not _COMMAND_TABLES.isdisjoint(keys)


def claims_of_modules(
    raw: str, offset: int, lines: Lines, kind: str, *, prose: bool = False
) -> Iterator[Claim]:
    """Yield a claim for each dotted name in a value."""
    for found in _DOTTED.finditer(raw):
        if raw[found.end() : found.end() + 1] in ("/", ":") or raw[: found.start()].endswith(("/", "-")):
            continue
        line, column = lines.at(offset + found.start())
        yield Claim(
            line=line,
            column=column,
            text=found.group(),
            kind=f"{kind}-module",
            severity=Severity.CONFIG,
            lookup=MODULE,
            prose=prose,
        )


def paths_of_setting(claim: Claim, file: str, world: World) -> Iterator[str]:
    """Yield the paths that a claim of a setting may mean."""
    if claim.lookup == MODULE:
        yield from _paths_of_module(claim.wanted, file, world)
        return
    name = claim.wanted
    if name.startswith("*/") or name.endswith("/*"):
        # The stars of these tools cross slashes.
        name = ("**/" + name[2:]) if name.startswith("*/") else name
        name = name[:-1] + "**" if name.endswith("/*") else name
    yield from world.places(name, claim.bases, file)
    if claim.lookup == ANYWHERE and "/" not in name.rstrip("/") and not name.startswith("."):
        yield f"**/{name.rstrip('/')}"


def _is_label(keys: tuple[str, ...], raw: str) -> bool:
    """Say whether a value is for people, or a name that other systems know, such as that of an image."""
    key = keys[-1] if keys else ""
    if _PROSE.fullmatch(key) or "labels" in keys:
        return True
    return _IMAGE.fullmatch(key) is not None and "." not in raw.rpartition("/")[2].partition(":")[0]


def _is_pattern(keys: tuple[str, ...]) -> bool:
    return any(tool in keys[:-1] and keys[-1] in names for tool, names in _PATTERN_TOOLS.items())


def _claims_of_pattern(raw: str, offset: int, lines: Lines, kind: str) -> Iterator[Claim]:
    """Yield a claim for each part of a regular expression that can only be (part of) one path."""
    for found in _OF_PATTERN.finditer(raw):
        name = re.sub(r"\\(.)", r"\1", found.group()).strip("/")
        if not re.search(r"\w", name):
            continue
        line, column = lines.at(offset + found.start())
        yield Claim(
            line=line,
            column=column,
            text=found.group(),
            kind=f"{kind}-pattern",
            name=name,
            severity=Severity.CONFIG,
        )


def _paths_of_module(name: str, file: str, world: World) -> Iterator[str]:
    parts = [part for part in name.split(".") if "*" not in part]
    if not parts:
        return
    tail = "/".join(parts)
    for root in _roots(world, file):
        base = f"{root}/{tail}" if root else tail
        yield from (f"{base}.py", f"{base}.pyi", base)


def _roots(world: World, file: str) -> list[str]:
    """Return where top-level packages may lie: above the file, at the usual places, in projects' folders."""
    above = [*parents(file), ""]
    projects = world.fact("settings-projects", _projects)
    found = [*above, *_USUAL, *projects]
    return list(dict.fromkeys(found))


def _projects(world: World) -> list[str]:
    """Return the folders of Python projects and their source folders."""
    roots = {parent(path) for path in world.files if path.endswith(("/pyproject.toml", "/setup.py"))}
    return sorted(roots | {f"{root}/src" for root in roots})


def doubtful(claims: Iterator[Claim]) -> Iterator[Claim]:
    """Yield the claims of a text that did not parse, left to people."""
    for claim in claims:
        yield replace(claim, doubtful=True)
