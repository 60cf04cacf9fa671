"""Paths as values: texts that may begin with a mark for the place that they hang on."""

import ast
import re
from collections.abc import Container, Iterator
from typing import Final

# A value is a text. It begins with a mark where it does not hang on the working directory.
HERE_MARK: Final = "\x01"
"""The directory of the file."""
ROOT_MARK: Final = "\x02"
"""The root of the repository."""
UNKNOWN_MARK: Final = "\x03"
"""A place nobody knows; the name of the variable follows, up to the next such mark."""
PACKAGE_MARK: Final = "\x04"
"""The directory of a package; its dotted name follows, up to the next such mark."""
FILE: Final = HERE_MARK + "/\x05"
"""The file itself, whatever its name is."""
UNKNOWN: Final = re.compile(r"\x03[^\x03]*\x03")
"""Any part that nobody knows."""
DEEPEST: Final = 60
"""Expressions that are nested deeper are not worked out."""


def listed(*lines: str) -> frozenset[str]:
    """Return the words of some lines."""
    return frozenset(" ".join(lines).split())


def base_name(function: ast.expr) -> str:
    """Return the last part of what is called: ``join`` of ``os.path.join``."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def key_of(target: ast.expr) -> str:
    """Return the string by which something is assigned into: ``a`` of ``config["a"] = ...``."""
    key = target.slice if isinstance(target, ast.Subscript) else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def unknown(name: str) -> str:
    """Return the value of something nobody knows."""
    return f"{UNKNOWN_MARK}{name}{UNKNOWN_MARK}"


def above(path: str, times: int = 1) -> str:
    """Return the directory that a value is in."""
    for _ in range(min(times, DEEPEST)):
        path = path.rstrip("/")
        head, slash, last = path.rpartition("/")
        if path in {HERE_MARK, ROOT_MARK, ""} or last == "..":
            path = f"{path}/.." if path else ".."
        elif last == "." or not slash:
            path = above(head) if slash else "" if path != "." else ".."
        else:
            path = head
    return path


def joined(first: str, *more: str) -> str:
    """Join values as paths; an absolute one begins anew."""
    path = first
    for one in more:
        # Whoever writes file/.. means the directory of the file.
        beside = path.endswith("\x05") and f"{one}/".startswith("../")
        path, part = (above(path), one[3:]) if beside else (path, one)
        if beside and not part:
            continue
        if part.startswith(("/", HERE_MARK, ROOT_MARK, PACKAGE_MARK)):
            path = part
        elif part.startswith(UNKNOWN_MARK):
            path = f"{path}/{UNKNOWN.sub('*', part)}" if path else part
        else:
            path = f"{path}/{part}" if path else part
    return path


def of_package(package: ast.expr) -> str | None:
    """Return the value of the directory of a package that is asked for by its name."""
    if isinstance(package, ast.Constant) and isinstance(package.value, str):
        return f"{PACKAGE_MARK}{package.value}{PACKAGE_MARK}"
    own = isinstance(package, ast.Name) and package.id in {"__package__", "__name__"}
    return HERE_MARK if own else None


def asks_git(node: ast.Call) -> bool:
    """Say whether a call asks git for the root of the repository."""
    if not node.args or not isinstance(node.args[0], ast.List):
        return False
    return any(isinstance(one, ast.Constant) and one.value == "--show-toplevel" for one in node.args[0].elts)


def index_of(node: ast.expr) -> int | None:
    """Return the index that an expression is, unless it counts from the end."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int) and 0 <= value < DEEPEST else None


def spread(node: ast.expr) -> list[ast.expr]:
    """Return the items of a list that is given star by star, or else what is given."""
    inner = node.value if isinstance(node, ast.Starred) else node
    return inner.elts if inner is not node and isinstance(inner, ast.List | ast.Tuple) else [node]


def renamed(name: str, path: str | None, new: str | None) -> str | None:
    """Return a path with another last part or, by ``with_suffix``, another suffix."""
    if not path or new is None:
        return None
    if name == "with_name":
        return joined(above(path), new)
    return None if path.endswith("\x05") else path.rpartition(".")[0] + new


def parts(node: ast.expr) -> Iterator[ast.Constant]:
    """Yield the string literals inside an expression, in the order they are written."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one


def calls_one_of(node: ast.expr, functions: Container[str]) -> bool:
    """Say whether one of some functions is called inside an expression."""
    return any(isinstance(one, ast.Call) and base_name(one.func) in functions for one in ast.walk(node))
