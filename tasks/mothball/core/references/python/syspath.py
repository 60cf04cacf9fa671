"""What a Python source adds to the places where modules are looked up."""

import ast
from collections.abc import Iterator
from typing import Final

from mothball.core.references.python.marks import HERE_MARK, PACKAGE_MARK, ROOT_MARK, UNKNOWN_MARK, base_name
from mothball.core.references.python.values import Scope, value_of

_WORDS: Final = ("sys.path", "addsitedir", "syspath_prepend", "add_path")
_ADD: Final = {"append": 0, "insert": 1, "extend": 0, "addsitedir": 0, "add_path": 0, "syspath_prepend": 0}


def edits_in(text: str, tree: ast.AST, scope: Scope) -> tuple[str, ...]:
    """Return the bases that a source puts on ``sys.path``, each once."""
    if not any(word in text for word in _WORDS):
        return ()
    return tuple(dict.fromkeys(base for _, base in edits_of(tree, scope)))


def edits_of(tree: ast.AST, scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    """Yield the expressions that are put on ``sys.path``, with the bases that they mean."""
    for node in ast.walk(tree):
        for one in added(node):
            path = value_of(one, scope)
            yield from ((one, base) for base in bases_of(path) if path is not None)


def adds(call: str) -> bool:
    """Say whether a call of this name may put something on ``sys.path``."""
    return call in _ADD


def added(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a node puts on ``sys.path``."""
    if isinstance(node, ast.Call):
        name = base_name(node.func)
        if (
            name not in _ADD
            or len(node.args) <= _ADD[name]
            or not isinstance(node.func, ast.Attribute | ast.Name)
        ):
            return
        whole = name in {"addsitedir", "add_path", "syspath_prepend"}
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        if whole or (receiver is not None and _is_path(receiver)):
            yield from _items(node.args[_ADD[name]])
    elif isinstance(node, ast.AugAssign) and _is_path(node.target):
        yield from _items(node.value)
    elif isinstance(node, ast.Assign) and any(_is_path(target) for target in node.targets):
        yield from _listed(node.value)


def _is_path(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "path" and base_name(node.value) == "sys"


def _items(node: ast.expr) -> Iterator[ast.expr]:
    yield from node.elts if isinstance(node, ast.List | ast.Tuple) else [node]


def _listed(node: ast.expr) -> Iterator[ast.expr]:
    for one in (node, *(ast.walk(node) if isinstance(node, ast.BinOp) else ())):
        if isinstance(one, ast.List):
            yield from one.elts


def bases_of(path: str | None) -> list[str]:
    """Return what a value means as bases of a claim: from the file's directory, from the root, by its end."""
    if path is None or "*" in path:
        return []
    if path.startswith(HERE_MARK):
        return [f"./{path[1:].strip('/')}"]
    if path.startswith(ROOT_MARK):
        return [path[1:].strip("/")]
    if path.startswith((UNKNOWN_MARK, PACKAGE_MARK)):
        tail = path[1:].partition(path[0])[2].strip("/")
        return [f"~{tail}"] if tail and ".." not in tail else []
    if path.startswith("/"):
        return []
    return [f"./{path}", path.removeprefix("./")] if path.strip("./") else [f"./{path}"]
