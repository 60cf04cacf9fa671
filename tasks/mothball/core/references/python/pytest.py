"""What tests take from the conftest files above them: fixtures and markers."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final

from mothball.core.references.claims import Claim, Severity, Unreadable
from mothball.core.references.python.marks import base_name
from mothball.core.references.python.scopes import Function, statements
from mothball.core.references.python.search import is_test
from mothball.core.references.python.source import Source, parse
from mothball.core.references.world import World, join
from mothball.core.tree import parents

_MARKER: Final = re.compile(r"['\"]markers['\"]\s*,\s*f?['\"](\w+)")
_FIXTURE_NAMES: Final = frozenset({"fixture", "yield_fixture", "async_fixture"})


def of_tests(source: Source, tree: ast.Module, path: str) -> Iterator[Claim]:
    """Yield the claims of the fixtures and markers that tests ask for."""
    if not is_test(path):
        return
    own = set(fixtures_of(tree)) if not path.endswith("conftest.py") else set()
    asks = "usefixtures" in source.text or "getfixturevalue" in source.text or ".mark." in source.text
    for node in ast.walk(tree) if asks else statements(tree.body):
        if isinstance(node, Function) and (node.name.startswith("test") or _is_fixture(node)):
            given = own | set(_parametrized(node))
            for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                if one.arg not in given and one.arg not in {"self", "request", "cls"}:
                    yield _placed(source.at(source.start(one)), one.arg, one.arg, "fixture")
        elif isinstance(node, ast.Call | ast.Attribute):
            yield from _of_expression(source, node, own)


def _of_expression(source: Source, node: ast.Call | ast.Attribute, own: set[str]) -> Iterator[Claim]:
    """Yield the claims of fixtures that are asked for by name, and of markers."""
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Attribute) and node.value.attr == "mark":
            end = source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
            yield _placed(source.at(end - len(node.attr)), node.attr, node.attr, "marker")
    elif base_name(node.func) in {"usefixtures", "getfixturevalue"}:
        for word in node.args:
            if isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value not in own:
                offset, text = source.literal(word)
                yield _placed(source.at(offset), text, word.value, "fixture")


def _placed(spot: tuple[int, int], text: str, name: str, what: str) -> Claim:
    severity = Severity.HARD if what == "fixture" else Severity.MASKED
    return Claim(
        line=spot[0],
        column=spot[1],
        text=text,
        name=name,
        kind=f"pytest-{what}",
        lookup=what,
        severity=severity,
    )


def _is_fixture(node: Function) -> bool:
    called = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return any(base_name(one) in _FIXTURE_NAMES for one in called)


def _parametrized(node: Function) -> Iterator[str]:
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and base_name(one.func) == "parametrize" and one.args:
            for word in ast.walk(one.args[0]):
                if isinstance(word, ast.Constant) and isinstance(word.value, str):
                    yield from re.findall(r"\w+", word.value)


def fixtures_of(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the fixtures that a module defines, or brings in from others."""
    for node in tree.body:
        if isinstance(node, Function) and _is_fixture(node):
            yield _named(node) or node.name
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.ClassDef):
            yield from (one.name for one in node.body if isinstance(one, Function) and _is_fixture(one))


def _named(node: Function) -> str:
    for one in node.decorator_list:
        for keyword in one.keywords if isinstance(one, ast.Call) else ():
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return ""


def _defined(world: World, conftest: str, what: str) -> frozenset[str]:
    text = world.texts.get(conftest, "")
    if what == "marker":
        return frozenset(_MARKER.findall(text))
    try:
        return frozenset(fixtures_of(parse(text)))
    except (Unreadable, RecursionError):
        return frozenset()


def _known(world: World, conftest: str, what: str) -> frozenset[str]:
    return world.fact(f"pytest {what} {conftest}", lambda one: _defined(one, conftest, what))


def conftests_with(world: World, file: str, what: str, name: str) -> Iterator[str]:
    """Yield the conftest files, nearest first, that define a fixture or marker for the tests in a file."""
    for directory in (*parents(file), ""):
        conftest = join(directory, "conftest.py") or ""
        if conftest in world.files and name in _known(world, conftest, what):
            yield conftest


def names_in_conftests(gone: Iterable[str], world: World) -> Iterator[str]:
    """Yield the fixtures and markers that conftest files define which go."""
    for path in gone:
        if path.rpartition("/")[2] == "conftest.py":
            yield from _defined(world, path, "fixture") | _defined(world, path, "marker")
            if "sys.path" in world.texts.get(path, ""):
                yield "import"
