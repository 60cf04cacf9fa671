"""What makes a Python project: entry points, packages, modules, data of packages, requirements of others."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, ROOT, Claim, Severity, Unreadable
from mothball.core.references.config.ini_values import ini_lines
from mothball.core.references.config.toml_values import toml_strings
from mothball.core.references.python.facts import projects
from mothball.core.references.python.marks import base_name
from mothball.core.references.python.search import module_in
from mothball.core.references.python.source import Source, parse
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World, join
from mothball.core.tree import parent

_ENTRY: Final = re.compile(
    r"(?:[\w.:+ -]{0,100}=[ \t]*)?"
    r"(?P<module>[A-Za-z_]\w*(?:\.\w+)*)(?:[ \t]*:[ \t]*[\w.]+)?[ \t]*(?:\[[^\]]*\])?"
)
_NAME: Final = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_REQUIRED: Final = re.compile(
    r"[ \t]*(?:(?:-r|-c|-e|--requirement|--constraint|--editable|--find-links|-f)(?:[ \t]+|=))"
    r"(?:file:)?(?P<path>[^\s#;\[@]+)"
)
_PLACE: Final = re.compile(
    r"[ \t]*(?:[\w.-]+[ \t]*@[ \t]*file:(?://)?)?(?P<path>\.{0,2}/?[\w./-]*/[\w./-]*|\.{1,2})"
)
_TOML_ENTRIES: Final = re.compile(
    r"project\.(?:gui-)?scripts\..*|project\.entry-points\..*|tool\.poetry\.(?:scripts|plugins)\..*"
    r"|tool\.flit\.scripts\..*|tool\.pdm\.entry-points\..*"
)
_TOML_MODULES: Final = re.compile(
    r"tool\.setuptools\.(?:packages|py-modules)|tool\.flit\.module\.name|tool\.maturin\.module-name"
    r"|tool\.poetry\.packages\.include|build-system\.build-backend"
)
_HOOK: Final = re.compile(
    r"^\[(tool\.hatch\.(?:build\.(?:targets\.\w+\.)?hooks|metadata\.hooks)\.custom)\]", re.MULTILINE
)
"""A hook of the project's own: which file, goes without saying."""
_MODULE_WORDS: Final = frozenset({"packages", "py_modules"})


class PythonPackaging(Reader):
    """The metadata that builds and installs read."""

    kind = "python-packaging"
    files: ClassVar[tuple[str, ...]] = ("pyproject.toml", "setup.cfg", "setup.py")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the claims of a file, each kind of which has a format of its own."""
        if path.endswith(".toml"):
            return _of_toml(text)
        return _of_ini(text) if path.endswith(".cfg") else _of_setup(text, path)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the modules of the project, or the files of one of its packages."""
        how, _, package = claim.lookup.partition(" ")
        project = projects(world).get(parent(file))
        roots = [*(project.roots if project else ()), parent(file), join(parent(file), "src") or "src"]
        if how == "module":
            found = module_in(world, roots, claim.name)
            yield from [found] if found else []
        elif how == "held" and not module_in(world, roots, claim.name):
            found = module_in(world, roots, claim.name.rpartition(".")[0], regular=True)
            yield from [found] if found else []
        elif how == "data":
            found = module_in(world, roots, package)
            above = parent(found) if found and found.endswith(".py") else found
            place = join(above, claim.wanted) if above else None
            yield from [place] if place else []
        elif not how:
            yield from world.places(claim.wanted, claim.bases, file)


class Requirements(Reader):
    """Lists of requirements: others that they include, and projects that are installed from here."""

    kind = "requirements"
    files: ClassVar[tuple[str, ...]] = (
        "*requirements*.txt",
        "*requirements*.in",
        "constraints*.txt",
        "*/requirements/*.txt",
        "requirements/*.txt",
        "*/requirements/*.in",
        "requirements/*.in",
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the claims of each line."""
        del path
        for number, line in enumerate(text.split("\n"), 1):
            found = _REQUIRED.match(line[:2000]) or _PLACE.match(line[:2000])
            if found is None or "://" in found["path"] or found["path"].startswith("git+"):
                continue
            included = line.lstrip().startswith(("-r", "-c", "--r", "--c"))
            yield Claim(
                line=number,
                column=found.start("path") + 1,
                text=found["path"],
                kind="requirements-file" if included else "requirements-path",
                bases=(HERE,) if included else (ROOT, HERE),
                firm=included,
            )


def _module(lines: Lines, offset: int, name: str, kind: str, severity: Severity = Severity.HARD) -> Claim:
    line, column = lines.at(offset)
    return Claim(
        line=line, column=column, text=name, name=name, kind=kind, severity=severity, lookup="module"
    )


def _entry(raw: str, offset: int, lines: Lines) -> Iterator[Claim]:
    """Yield the claim of an entry point, with or without its name."""
    if len(raw) < 300 and (found := _ENTRY.fullmatch(raw.strip())):
        start = offset + len(raw) - len(raw.lstrip()) + found.start("module")
        yield _module(lines, start, found["module"], "entry-point")


def _file(name: str, offset: int, lines: Lines) -> Claim:
    line, column = lines.at(offset)
    return Claim(line=line, column=column, text=name, kind="packaging-file", bases=(HERE,))


def _data(raw: str, offset: int, lines: Lines, package: str) -> Iterator[Claim]:
    """Yield that files of a package are to be installed; nothing fails where there are none."""
    line, column = lines.at(offset)
    if package not in {"", "*"}:
        yield Claim(
            line=line,
            column=column,
            text=raw,
            kind="package-data",
            severity=Severity.MASKED,
            lookup=f"data {package}",
        )


def _held(raw: str, offset: int, lines: Lines) -> Iterator[Claim]:
    """Yield the claims of something in a module, which is imported to be read."""
    if _NAME.fullmatch(raw):
        claim = _module(lines, offset, raw, "packaging-attribute")
        yield from (claim, replace(claim, lookup="held"))


def _of_toml(text: str) -> Iterator[Claim]:
    lines = Lines(text)
    for hook in _HOOK.finditer(text):
        yield replace(_file(hook[1], hook.start(1), lines), name="hatch_build.py")
    for string in toml_strings(text):
        where = ".".join(key.strip("\"'") for key in string.keys)
        if string.is_key:
            if where.startswith("tool.setuptools.package-data.") and _NAME.fullmatch(string.raw):
                yield _module(lines, string.offset, string.raw, "package-data", Severity.MASKED)
        elif _TOML_ENTRIES.fullmatch(where):
            yield from _entry(string.raw, string.offset, lines)
        elif _TOML_MODULES.fullmatch(where) and _NAME.fullmatch(string.raw):
            yield _module(lines, string.offset, string.raw, "packaging-module")
        elif where.startswith("tool.setuptools.dynamic.") and where.endswith(".attr"):
            yield from _held(string.raw, string.offset, lines)
        elif where.startswith("tool.setuptools.dynamic.") and where.endswith(".file"):
            yield _file(string.raw, string.offset, lines)
        elif where.startswith("tool.setuptools.package-data."):
            yield from _data(string.raw, string.offset, lines, where.split(".", 3)[3])


def _of_ini(text: str) -> Iterator[Claim]:
    lines = Lines(text)
    for line in ini_lines(text):
        section, key = line.section.strip(), line.key.strip()
        if not key:
            continue
        if section == "options.entry_points":
            yield from _entry(line.raw, line.offset, lines) if line.number else ()
        elif section == "options" and key in _MODULE_WORDS:
            for found in _NAME.finditer(line.raw):
                yield _module(lines, line.offset + found.start(), found.group(), "packaging-module")
        elif section == "options.package_data" and line.raw:
            yield from (
                claim
                for one in re.finditer(r"[^\s,]+", line.raw)
                for claim in _data(one.group(), line.offset + one.start(), lines, key)
            )
        elif line.raw.startswith("file:"):
            for one in re.finditer(r"[^\s,]+", line.raw[5:]):
                yield _file(one.group(), line.offset + 5 + one.start(), lines)
        elif line.raw.startswith("attr:"):
            raw = line.raw[5:].lstrip()
            yield from _held(raw, line.offset + len(line.raw) - len(raw), lines)


def _of_setup(text: str, path: str) -> Iterator[Claim]:
    try:
        tree = parse(text)
    except Unreadable:
        return  # the reader of Python says so
    source, lines = Source(text, path), Lines(text)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and base_name(call.func) in {"setup", "Extension", "CUDAExtension"}:
            for keyword in call.keywords:
                yield from _of_keyword(keyword, source, lines)


def _of_keyword(keyword: ast.keyword, source: Source, lines: Lines) -> Iterator[Claim]:
    if keyword.arg == "package_data" and isinstance(keyword.value, ast.Dict):
        for package, values in zip(keyword.value.keys, keyword.value.values, strict=True):
            if isinstance(package, ast.Constant) and isinstance(package.value, str):
                yield from _of_package(package, package.value, values, source, lines)
        return
    for raw, offset in _literals(keyword.value, source):
        if keyword.arg == "entry_points":
            for line in re.finditer(r"[^\n]+", raw):
                if "=" in line.group():
                    yield from _entry(line.group(), offset + line.start(), lines)
        elif keyword.arg in _MODULE_WORDS and _NAME.fullmatch(raw):
            yield _module(lines, offset, raw, "packaging-module")


def _of_package(
    package: ast.Constant, name: str, values: ast.expr, source: Source, lines: Lines
) -> Iterator[Claim]:
    if _NAME.fullmatch(name):
        yield _module(lines, source.literal(package)[0], name, "package-data", Severity.MASKED)
    for raw, offset in _literals(values, source):
        yield from _data(raw, offset, lines, name)


def _literals(node: ast.expr, source: Source) -> Iterator[tuple[str, int]]:
    """Yield the strings in an expression, as they are written, with their offsets."""
    called = {id(one) for call in ast.walk(node) if isinstance(call, ast.Call) for one in ast.walk(call)}
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in called:
            offset, written = source.literal(one)
            yield written, offset
