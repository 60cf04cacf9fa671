"""What the program says when something is wrong: the errors in its source, by code."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import mothball

_LAYERS: Final = ("cli", "core", "effects", "sample", "workflow")
_MAKERS: Final = {"Problem": 0, "Flaw": 0, "_refusal": 1}
"""What makes an error, and how many arguments stand between its code and what was found."""
_CODE: Final = re.compile("[a-z]+(-[a-z]+)+")
_OWN_WORDS: Final = "…"


def errors() -> dict[str, list[tuple[str, str]]]:
    """Return what can be said under each code of an error: what was found, and the remedy."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for place in sorted(
        path for name in _LAYERS for path in (Path(mothball.__file__).parent / name).rglob("*.py")
    ):
        tree = ast.parse(place.read_text(encoding="utf-8"))
        for scope in ast.walk(tree):
            if isinstance(scope, ast.FunctionDef | ast.Module):
                for code, said, remedy in _made_in(scope):
                    if (said, remedy) not in found[code]:
                        found[code].append((said, remedy))
    return dict(sorted(found.items()))


def _made_in(scope: ast.FunctionDef | ast.Module) -> Iterator[tuple[str, str, str]]:
    names = {"code": 0, "found": 1, "remedy": 3}
    values: dict[str, ast.expr] = {}
    for node in _within(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = node.value
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in _MAKERS):
            continue
        shift = _MAKERS[getattr(node.func, "id", "")]
        given = {word.arg: word.value for word in node.keywords}
        for name, number in names.items():
            at = number + shift if number else number
            if name not in given and at < len(node.args):
                given[name] = node.args[at]
        code = given.get("code")
        if isinstance(code, ast.Constant) and _CODE.fullmatch(str(code.value)):
            yield str(code.value), _said(given.get("found"), values), _said(given.get("remedy"), values)


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk a function in the order of its text, but not into functions in it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
            yield from _within(node)


def _said(value: ast.expr | None, values: Mapping[str, ast.expr]) -> str:
    match value:
        case None:
            return ""
        case ast.Constant(value=text):
            return str(text)
        case ast.JoinedStr(values=parts):
            return "".join(_said(part, {}) for part in parts)
        case ast.FormattedValue(value=ast.Name(id=name)):
            return f"{{{name}}}"
        case ast.Name(id=name) if name in values:
            return _said(values[name], {})
    return _OWN_WORDS
