"""Modules that a source reaches as members of a package it imports: ``import a``, then ``a.b.c()``."""

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final

from mothball.core.references.claims import Claim
from mothball.core.references.python.source import Source
from mothball.core.references.sought import Sought

_DOTTED: Final = re.compile(r"(?<![\w.])(\w+)((?:\.\w+)+)")


def of_members(source: Source, tree: ast.Module, sought: Sought) -> Iterator[Claim]:
    """Yield the modules sought that are named behind a package, where an import alone does not name them."""
    packages, imported = _imported(tree)
    packages = {name: packages[name] for name in packages.keys() & _leading(source.text, sought)}
    if not packages:
        return
    nodes = [*ast.walk(tree)]
    packages = {name: packages[name] for name in packages.keys() - _bound_otherwise(nodes)}
    for node in nodes:
        if not isinstance(node, ast.Attribute) or node.attr not in sought.stems:
            continue
        parts = _parts(node)
        dotted = ".".join([packages[parts[0]], *parts[1:]]) if parts and parts[0] in packages else ""
        if dotted and not any(f"{one}.".startswith(f"{dotted}.") for one in imported):
            line, column = source.at(source.start(node))
            yield Claim(
                line=line,
                column=column,
                text=source.segment(node),
                kind="python-member",
                name=dotted,
                lookup="name",
            )


def _imported(tree: ast.Module) -> tuple[dict[str, str], set[str]]:
    """Return what the names of packages stand for, and the dotted names that are imported themselves."""
    packages, imported = dict[str, str](), set[str]()
    for node in tree.body:
        for alias in node.names if isinstance(node, ast.Import) else ():
            first = alias.name.partition(".")[0]
            packages[alias.asname or first] = alias.name if alias.asname else first
            imported.add(alias.name)
    return packages, imported


def _leading(text: str, sought: Sought) -> set[str]:
    """Return the names behind which, after dots, a module sought is named."""
    return {name for name, rest in _DOTTED.findall(text) if not sought.stems.isdisjoint(rest.split("."))}


def _bound_otherwise(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that are more than those of imports somewhere."""
    names = set[str]()
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
    return names


def _parts(node: ast.expr) -> list[str]:
    """Return the names of a chain of attributes, none where it begins with anything but a name."""
    parts = list[str]()
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) else []
