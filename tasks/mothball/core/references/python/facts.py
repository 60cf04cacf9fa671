"""What configuration says about where Python looks: projects, search paths, dependencies, conftest files."""

import ast
import re
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser, Error
from dataclasses import dataclass, field
from typing import Any, Final

from mothball.core.references.claims import Unreadable
from mothball.core.references.python.scopes import module_scope
from mothball.core.references.python.source import parse
from mothball.core.references.python.syspath import edits_in
from mothball.core.references.reader import takes
from mothball.core.references.world import World, join
from mothball.core.tree import parent

_HELPERS: Final = ("_init_paths.py", "*_path.py", "*_paths.py", "path_*.py", "pathmagic.py", "context.py")
"""Modules that others import first so that the rest is found."""
FACTS: Final = (
    "__init__.py",
    "conftest.py",
    *_HELPERS,
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "tox.ini",
    "pytest.ini",
    "pyrightconfig.json",
    "requirements*.txt",
    "environment*.y*ml",
    "makefile",
    ".env",
    ".envrc",
    "*.pth",
    ".github/workflows/*.y*ml",
    ".gitlab-ci.yml",
    "justfile",
    "noxfile.py",
)
_PYTHONPATH: Final = re.compile(r"PYTHONPATH['\"]?\]?[ \t]*[:?]?[=:][ \t]*['\"]?([^'\"\s;&|]{1,300})")
_REQUIREMENT: Final = re.compile(
    r"^[ \t]*(?:-[ \t]+)?['\"]?([A-Za-z][\w.-]{0,80})[ \t]*(?:\[[^\]\n]{0,80}\])?[ \t]*(?:[=<>!~;@#'\",]|$)"
)
_WHERE: Final = re.compile(
    r"(?:find(?:_namespace)?_packages\(\s*|where\s*=\s*\[?\s*)['\"]([\w./-]{1,100})['\"]"
)
_PACKAGE_DIR: Final = re.compile(
    r"package_dir\s*=\s*(?:\{\s*['\"]['\"]\s*:\s*['\"]([\w./-]{1,100})['\"]|\n?\s*=\s*([\w./-]{1,100}))"
)
_FROM: Final = re.compile(r"""from['"]?\s*=\s*['"]([\w./-]{1,100})['"]""")


@dataclass(kw_only=True)
class Project:
    """A directory that is installed: where its modules are looked up, and what it asks for."""

    roots: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)


def projects(world: World) -> dict[str, Project]:
    """Return the directories that declare a project, with what they declare."""
    return world.fact("python projects", _projects)


def search_paths(world: World) -> list[str]:
    """Return the directories that ``PYTHONPATH`` names in scripts and workflows."""
    return world.fact("python search paths", lambda one: sorted(set(_search_paths(one))))


def dependencies(world: World) -> frozenset[str]:
    """Return the names of packages that are installed, but those that are made here."""
    return world.fact("python dependencies", _dependencies)


def conftest_paths(world: World, conftest: str) -> tuple[str, ...]:
    """Return what a file of shared set-up adds to ``sys.path``, as bases seen from its directory."""

    def find(one: World) -> tuple[str, ...]:
        try:
            tree = parse(one.texts.get(conftest, ""))
        except (Unreadable, RecursionError):
            return ()
        return edits_in(one.texts[conftest], tree, module_scope(tree))

    return world.fact(f"python path of {conftest}", find)


def path_helpers(world: World, directory: str) -> tuple[str, ...]:
    """Return the modules in a directory that add to ``sys.path`` for those beside them."""
    return world.fact("python path helpers", _path_helpers).get(directory, ())


def _path_helpers(world: World) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for path, text in sorted(world.texts.items()):
        if "sys.path" in text and takes(_HELPERS, path):
            found[parent(path)] = (*found.get(parent(path), ()), path)
    return found


def binds(world: World, package: str, name: str) -> bool:
    """Say whether an ``__init__.py`` gives a name to something of its own: that comes before a module."""
    text = world.texts.get(package, "")
    if name not in text:
        return False
    return name in world.fact(
        f"python names of {package}", lambda one: _bound(one.texts.get(package, ""), package)
    )


def _bound(text: str, package: str) -> frozenset[str]:
    itself = parent(package).rpartition("/")[2]
    try:
        body = parse(text).body
    except (Unreadable, RecursionError):
        return frozenset()
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.rpartition(".")[2] != itself:
            names |= {alias.asname or alias.name for alias in node.names}
    return frozenset(names)


def _projects(world: World) -> dict[str, Project]:
    found: dict[str, Project] = {}
    for path, text in world.texts.items():
        name = path.rpartition("/")[2]
        read = _READ.get(name)
        if read is None:
            continue
        project, directory = found.setdefault(parent(path), Project()), parent(path)
        for key, value in read(text):
            if key in {"roots", "tests"}:
                base = join(directory, value)
                if base is not None and base not in getattr(project, key):
                    getattr(project, key).append(base)
            elif value:
                getattr(project, key).add(normal(value))
    return {
        path: project for path, project in found.items() if project.roots or project.names or project.tests
    }


def normal(name: str) -> str:
    """Return the name of a distribution as a module would be called."""
    return re.split(r"[^\w.-]", name.strip(), maxsplit=1)[0].lower().replace("-", "_").replace(".", "_")


def _pyproject(text: str) -> Iterator[tuple[str, str]]:
    try:
        table: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    project, tool = _table(table, "project"), _table(table, "tool")
    pytest = _table(tool, "pytest", "ini_options")
    yield from (("tests", one) for one in _texts(pytest.get("pythonpath")))
    for one in _texts(_table(tool, "mypy").get("mypy_path")):
        yield from (("roots", part) for part in re.split(r"[:,]", one.replace("$MYPY_CONFIG_FILE_DIR", ".")))
    yield from (("roots", one) for one in _texts(_table(tool, "pyright").get("extraPaths")))
    if not project and not _table(tool, "poetry") and not _table(table, "build-system"):
        return
    setuptools = _table(tool, "setuptools")
    places = [*_texts(_table(setuptools, "packages", "find").get("where"))]
    places += _texts(list(_table(setuptools, "package-dir").values())[:20])
    places += [
        parent(one) for one in _texts(_table(tool, "hatch", "build", "targets", "wheel").get("packages"))
    ]
    places += _texts(_table(tool, "hatch", "build").get("sources"))
    places += _FROM.findall(text) + _texts(_table(tool, "maturin").get("python-source"))
    yield from (("roots", one) for one in (*places, "", "src"))
    for owner in (project, _table(tool, "poetry")):
        yield from (("names", one) for one in _texts(owner.get("name")))
        dependencies = owner.get("dependencies")
        yield from (
            ("needs", one)
            for one in _texts(list(dependencies) if isinstance(dependencies, dict) else dependencies)
        )
    for group in (
        *_table(project, "optional-dependencies").values(),
        *_table(table, "dependency-groups").values(),
    ):
        yield from (("needs", one) for one in _texts(group))
    yield from (("needs", one) for one in _texts(_table(table, "build-system").get("requires")))


def _table(table: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _setup_py(text: str) -> Iterator[tuple[str, str]]:
    if "setup(" not in text:
        return
    for pattern in (_WHERE, _PACKAGE_DIR):
        yield from (("roots", one) for found in pattern.finditer(text) for one in found.groups() if one)
    yield from (("roots", one) for one in ("", "src"))
    if named := re.search(r"\bname\s*=\s*['\"]([\w.-]+)", text):
        yield "names", named[1]
    if listed := re.search(r"install_requires\s*=\s*\[([^\]]{0,4000})\]", text):
        yield from (("needs", one) for one in re.findall(r"['\"]([\w.-]+)", listed[1]))


def _ini(text: str) -> Iterator[tuple[str, str]]:
    parser = ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except (Error, UnicodeError):
        return
    for section in ("pytest", "tool:pytest"):
        yield from (("tests", one) for one in (parser.get(section, "pythonpath", fallback="") or "").split())
    for one in re.split(r"[:,\n]", parser.get("mypy", "mypy_path", fallback="") or ""):
        if one.strip():
            yield "roots", one.strip().replace("$MYPY_CONFIG_FILE_DIR", ".")
    if parser.has_section("options") or parser.has_option("metadata", "name"):
        where = parser.get("options.packages.find", "where", fallback="") or ""
        declared = re.findall(r"=\s*([\w./-]+)", parser.get("options", "package_dir", fallback="") or "")
        yield from (("roots", one) for one in (*declared, *where.split(), "", "src"))
        yield "names", parser.get("metadata", "name", fallback="") or ""
        for line in (parser.get("options", "install_requires", fallback="") or "").splitlines():
            yield "needs", line


_READ: Final = {
    "pyproject.toml": _pyproject,
    "setup.py": _setup_py,
    "setup.cfg": _ini,
    "tox.ini": _ini,
    "pytest.ini": _ini,
}


def _search_paths(world: World) -> Iterator[str]:
    for path, text in world.texts.items():
        if path in world.arrived or not takes(FACTS, path):
            continue
        found = [one[1] for one in _PYTHONPATH.finditer(text)] if "PYTHONPATH" in text else []
        if path.endswith(".pth"):
            found = [line for line in text.splitlines()[:50] if not line.startswith(("import", "#"))]
        for entry in (entry for one in found for entry in one.split(":")):
            named = re.sub(r"\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+|\{[^}]*\}", "", entry)
            for base in ("", parent(path)):
                place = join(base, named.lstrip("/"))
                if place and place in world.directories:
                    yield place


def _dependencies(world: World) -> frozenset[str]:
    made = {name for project in projects(world).values() for name in project.names}
    roots = {root for project in projects(world).values() for root in project.roots}
    needs = {name for project in projects(world).values() for name in project.needs}
    for path, text in world.texts.items():
        if path.rpartition("/")[2].lower().startswith(("requirements", "environment")):
            for line in text.splitlines()[:2000]:
                if found := _REQUIREMENT.match(line):
                    needs.add(normal(found[1]))
    here = {name for name in needs for root in roots if join(root, f"{name}/__init__.py") in world.files}
    return frozenset(needs - made - here)
