"""Work out what path an expression of Python means: joins, parents, variables that are assigned once."""

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

from mothball.core.references.python.formats import by_braces, by_percent, glued
from mothball.core.references.python.marks import (
    DEEPEST,
    FILE,
    HERE_MARK,
    ROOT_MARK,
    UNKNOWN,
    UNKNOWN_MARK,
    above,
    asks_git,
    base_name,
    index_of,
    joined,
    listed,
    of_package,
    renamed,
    spread,
    unknown,
)

_LONGEST: Final = 1000
_SAME: Final = listed(
    "resolve absolute expanduser as_posix abspath realpath normpath normcase expandvars fspath str Path",
    "PurePath PosixPath PurePosixPath strip rstrip encode decode local UPath AnyPath as_file __str__",
    "dir",
)
_OF_RECEIVER: Final = frozenset({"resolve", "strip", "rstrip", "decode"})
_UP: Final = frozenset({"dirname", "dirpath"})
_JOINS: Final = frozenset({"join", "joinpath", "safe_join", "join_path", "pathjoin"})
_PATH_MODULES: Final = frozenset({"path", "posixpath", "osp", "ntpath", "op", "pathlib"})
_WORKING: Final = frozenset({"cwd", "getcwd", "getcwdu"})
_RESOURCES: Final = listed(
    "resource_filename resource_string resource_stream resource_exists resource_listdir resource_isdir",
    "get_data open_text open_binary read_text read_binary",
)
_GLUE: Final = ("/", "", "_", "-", ".")
"""What a ``join`` of texts may put between them, so that they make one path."""
_NAMES: Final = {"pardir": "..", "curdir": ".", "sep": "/"}


Attributes = Callable[[], Mapping[str, ast.expr | None]]
Functions = Mapping[str, Callable[[Sequence[ast.expr]], tuple[ast.expr, "Scope"]]]
"""What functions return when they are given something, and what the names in that mean."""


class Scope:
    """The names that are assigned exactly once, in a module or function, and what to."""

    def __init__(self, find: Attributes, outer: "Scope | None" = None) -> None:
        """Take what finds each name with its expression, ``None`` where it may be anything.

        It is asked when the first name is: of the functions of Django, most never do.
        """
        self._find = find
        self.outer = outer
        self._known: dict[str, str | None] = {}
        self.find_attributes: Callable[[], Mapping[str, ast.expr | None]] = (
            outer.find_attributes if outer else dict
        )
        self.find_functions: Callable[[], Functions] = outer.find_functions if outer else dict

    @cached_property
    def _names(self) -> Mapping[str, ast.expr | None]:
        return self._find()

    def get(self, name: str, depth: int) -> str | None:
        """Return the value of a name; ``None`` when it has none that is a path."""
        if name not in self._names:
            return self.outer.get(name, depth) if self.outer else None
        if name not in self._known:
            self._known[name] = None
            expression = self._names[name]
            self._known[name] = None if expression is None else value_of(expression, self, depth + 1)
        return self._known[name]

    def expression(self, name: str) -> ast.expr | None:
        """Return what a name is assigned, where that is one thing only."""
        if name in self._names:
            return self._names[name]
        return self.outer.expression(name) if self.outer else None

    def attribute(self, name: str, depth: int) -> str | None:
        """Return the value of an attribute that is assigned once in the module."""
        expression = self.find_attributes().get(name)
        key = f".{name}"
        if key not in self._known:
            self._known[key] = None
            self._known[key] = None if expression is None else value_of(expression, self, depth + 1)
        return self._known[key]


def value_of(node: ast.expr, scope: Scope, depth: int = 0) -> str | None:
    """Return the path that an expression means, or ``None``."""
    if depth > DEEPEST:
        return None
    found = _EVALUATORS.get(type(node))
    path = found(node, scope, depth) if found else None
    return path if path is None or len(path) <= _LONGEST else None


def _part(node: ast.expr, scope: Scope, depth: int) -> str:
    """Return a value, with a name for what is unknown."""
    found = value_of(node, scope, depth + 1)
    if found is not None:
        return found
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return str(node.value)
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return unknown(base_name(node))


def _constant(node: ast.expr, scope: Scope, depth: int) -> str | None:
    del scope, depth
    value = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(value, str) or any(mark in value for mark in "\x00\x01\x02\x03\x04\x05"):
        return None
    return value


def _name(node: ast.expr, scope: Scope, depth: int) -> str | None:
    name = node.id if isinstance(node, ast.Name) else ""
    return FILE if name == "__file__" else scope.get(name, depth)


def _attribute(node: ast.expr, scope: Scope, depth: int) -> str | None:
    assert isinstance(node, ast.Attribute)
    if node.attr == "parent":
        inner = value_of(node.value, scope, depth + 1)
        return None if inner is None else above(inner)
    if node.attr in _NAMES:
        return _NAMES[node.attr]
    if node.attr == "__file__":
        return None
    return scope.attribute(node.attr, depth) if isinstance(node.value, ast.Name) else None


def _subscript(node: ast.expr, scope: Scope, depth: int) -> str | None:
    assert isinstance(node, ast.Subscript)
    index, inner = index_of(node.slice), node.value
    if index is None:
        return None
    if isinstance(inner, ast.Attribute) and inner.attr == "parents":
        path = value_of(inner.value, scope, depth + 1)
        return None if path is None else above(path, index + 1)
    if isinstance(inner, ast.Attribute) and index == 0 and isinstance(inner.value, ast.Name):
        return {"sys.argv": FILE, "sys.path": HERE_MARK}.get(f"{inner.value.id}.{inner.attr}")
    if isinstance(inner, ast.Call) and base_name(inner.func) == "split" and index == 0 and inner.args:
        path = value_of(inner.args[0], scope, depth + 1)
        return None if path is None else above(path)
    return None


def _operation(node: ast.expr, scope: Scope, depth: int) -> str | None:
    assert isinstance(node, ast.BinOp)
    if isinstance(node.op, ast.Div):
        right = value_of(node.right, scope, depth + 1)
        left = _part(node.left, scope, depth)
        if right is None:
            return joined(left, "*") if not left.startswith(UNKNOWN_MARK) else None
        return joined(left, right)
    if isinstance(node.op, ast.Add):
        left, tail = _part(node.left, scope, depth), _part(node.right, scope, depth)
        if left.startswith(UNKNOWN_MARK) and tail.startswith(UNKNOWN_MARK):
            return None
        return left + UNKNOWN.sub("*", tail)
    return _percent(node, scope, depth) if isinstance(node.op, ast.Mod) else None


def _percent(node: ast.BinOp, scope: Scope, depth: int) -> str | None:
    pattern, given = value_of(node.left, scope, depth + 1), node.right
    if pattern is None:
        return None
    if isinstance(given, ast.Dict):
        pairs = zip(given.keys, given.values, strict=True)
        named = {
            str(key.value): _part(one, scope, depth) for key, one in pairs if isinstance(key, ast.Constant)
        }
        return by_percent(pattern, (), named)
    items = given.elts if isinstance(given, ast.Tuple) else [given]
    return by_percent(pattern, [_part(item, scope, depth) for item in items], {})


def _formatted(node: ast.expr, scope: Scope, depth: int) -> str | None:
    assert isinstance(node, ast.JoinedStr)
    pieces = []
    for one in node.values:
        inner = one.value if isinstance(one, ast.FormattedValue) else one
        shaped = isinstance(one, ast.FormattedValue) and one.format_spec is not None
        pieces.append(unknown(base_name(inner)) if shaped else _part(inner, scope, depth))
    return glued(pieces)


def _either(node: ast.expr, scope: Scope, depth: int) -> str | None:
    assert isinstance(node, ast.BoolOp)
    return value_of(node.values[-1], scope, depth + 1) if isinstance(node.op, ast.Or) else None


def _call(node: ast.expr, scope: Scope, depth: int) -> str | None:
    assert isinstance(node, ast.Call)
    name = base_name(node.func)
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    if name in _JOINS or (name == "Path" and len(node.args) > 1):
        return _join(node, receiver, scope, depth)
    if name in _UP or name in _SAME:
        return _same(node, receiver, scope, depth)
    if name == "format" and receiver is not None:
        return _format(node, receiver, scope, depth)
    if name in {"with_name", "with_suffix"} and receiver is not None and node.args:
        return renamed(name, value_of(receiver, scope, depth + 1), value_of(node.args[0], scope, depth + 1))
    return _place(node, name, receiver, scope, depth)


def _place(node: ast.Call, name: str, receiver: ast.expr | None, scope: Scope, depth: int) -> str | None:
    """Return the place that a call asks for: the working directory, a variable with a default, git's root."""
    if name in _WORKING and not node.args:
        return ""
    if name == "getenv" or (name == "get" and receiver is not None and base_name(receiver) == "environ"):
        return value_of(node.args[1], scope, depth + 1) if len(node.args) > 1 else None
    if name == "files" and node.args:
        return of_package(node.args[0])
    if name in _RESOURCES and len(node.args) > 1:
        package, inner = of_package(node.args[0]), value_of(node.args[1], scope, depth + 1)
        return joined(package, inner) if package and inner else None
    if asks_git(node):
        return ROOT_MARK
    return _of_function(node, name, scope, depth) if isinstance(node.func, ast.Name) else None


def _of_function(node: ast.Call, name: str, scope: Scope, depth: int) -> str | None:
    """Return what a function of the module makes of texts, such as the path of a file beside it."""
    if not node.args:
        return scope.get(f"{name}()", depth)
    called = scope.find_functions().get(name)
    if called is None or node.keywords or any(_constant(one, scope, depth) is None for one in node.args):
        return None
    returned, inside = called(node.args)
    return value_of(returned, inside, depth + 1)


def _same(node: ast.Call, receiver: ast.expr | None, scope: Scope, depth: int) -> str | None:
    """Return what a call is given, or is called on, or the directory of that."""
    name = base_name(node.func)
    inner = node.args[0] if node.args and name not in _OF_RECEIVER else receiver
    if inner is None or isinstance(inner, ast.Starred):
        return "" if name == "Path" else None
    path = value_of(inner, scope, depth + 1)
    return above(path) if name in _UP and path is not None else path


def _format(node: ast.Call, receiver: ast.expr, scope: Scope, depth: int) -> str | None:
    pattern = value_of(receiver, scope, depth + 1)
    if pattern is None or any(isinstance(one, ast.Starred) for one in node.args):
        return None
    named = {one.arg: _part(one.value, scope, depth) for one in node.keywords if one.arg}
    return by_braces(pattern, [_part(one, scope, depth) for one in node.args], named)


def _join(node: ast.Call, receiver: ast.expr | None, scope: Scope, depth: int) -> str | None:
    parts = [one for part in node.args for one in spread(_listed(part, scope))]
    if any(isinstance(part, ast.Starred) for part in parts):
        return None
    if receiver is not None and (sign := value_of(receiver, scope, depth + 1)) in _GLUE:
        items = parts[0].elts if len(parts) == 1 and isinstance(parts[0], ast.List | ast.Tuple) else []
        values = [one for item in items for one in (sign or "", _part(item, scope, depth))]
        return glued(values[1:]) if items else None
    if base_name(node.func) == "joinpath" and receiver is not None:
        parts.insert(0, receiver)
    elif receiver is not None and base_name(receiver) not in _PATH_MODULES:
        return None
    values = [_part(part, scope, depth) for part in parts]
    return joined(values[0], *values[1:]) if values else None


def _listed(part: ast.expr, scope: Scope) -> ast.expr:
    """Return what is given star by star with the list that its name means."""
    if not isinstance(part, ast.Starred) or not isinstance(part.value, ast.Name):
        return part
    found = scope.expression(part.value.id)
    return ast.Starred(found, ast.Load()) if isinstance(found, ast.List | ast.Tuple) else part


_EVALUATORS: Final[Mapping[type[ast.expr], Callable[[ast.expr, Scope, int], str | None]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.BinOp: _operation,
    ast.JoinedStr: _formatted,
    ast.BoolOp: _either,
    ast.Call: _call,
}
