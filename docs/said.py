"""What the program says when something is wrong: the errors in its source, by code.

What is only known when it happens stands there as a word in capitals, such as ``PATH``.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import mothball

_LAYERS: Final = ("cli", "core", "effects", "sample", "workflow")
_MAKERS: Final = {"Problem": 0, "Flaw": 0, "_refusal": 1}
"""What makes an error, and how many arguments stand between its code and what was found."""
_PLACES: Final = {"code": 0, "found": 1, "expected": 2, "remedy": 3}
_CODE: Final = re.compile("[a-z]+(-[a-z]+)+")
_UNTOLD: Final = "…"
_SPEAKING: Final = re.compile(r"[a-z]{2}")
_REASONS: Final = frozenset({"clause", "error", "found", "hint", "message", "said", "shown", "wrong"})
_NUMBERS: Final = frozenset({"returncode", "number", "size"})
_DEEP: Final = 4

Values = Mapping[str, ast.expr]
Function = ast.FunctionDef | ast.Module


class Said(NamedTuple):
    """What was found, what was expected, and the remedy; empty where only the case itself can tell."""

    found: str
    expected: str
    remedy: str


def errors() -> dict[str, list[Said]]:
    """Return what can be said under each code of an error."""
    told: dict[str, list[Said]] = defaultdict(list)
    for place in sorted(
        path for name in _LAYERS for path in (Path(mothball.__file__).parent / name).rglob("*.py")
    ):
        tree = ast.parse(place.read_text(encoding="utf-8"))
        for code, said in _made_in(tree):
            if said not in told[code] and any(said):
                told[code].append(said)
    return dict(sorted(told.items()))


def _made_in(tree: ast.Module) -> Iterator[tuple[str, Said]]:
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Module)]
    constants = _assigned(tree)
    for scope in scopes:
        for call in _within(scope):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in _MAKERS:
                given = _given(call)
                code = given.get("code")
                if isinstance(code, ast.Constant) and _CODE.fullmatch(str(code.value)):
                    own = {**constants, **_assigned(scope, call)}
                    for values in _cases(scope, scopes, given, own):
                        texts = (_told(given.get(name), values) for name in ("found", "expected", "remedy"))
                        yield str(code.value), Said(*texts)


def _given(call: ast.Call) -> dict[str, ast.expr]:
    shift = _MAKERS[getattr(call.func, "id", "")]
    given = {word.arg: word.value for word in call.keywords if word.arg}
    for name, number in _PLACES.items():
        at = number + shift if number else number
        if name not in given and at < len(call.args):
            given[name] = call.args[at]
    return given


def _cases(
    scope: Function, scopes: Sequence[Function], given: Mapping[str, ast.expr], own: Values
) -> Iterator[Values]:
    """Yield what the names of a function stand for: once, or for each call that gives it its words."""
    parameters = [each.arg for each in scope.args.args] if isinstance(scope, ast.FunctionDef) else []
    used = {node.id for value in given.values() for node in ast.walk(value) if isinstance(node, ast.Name)}
    calls = [
        (caller, call)
        for caller in scopes
        for call in _within(caller)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == getattr(scope, "name", None)
    ]
    if not calls or not used.intersection(parameters):
        yield own
    for caller, call in calls if used.intersection(parameters) else ():
        passed = dict(zip(parameters, call.args, strict=False))
        passed |= {word.arg: word.value for word in call.keywords if word.arg}
        passed = {name: value for name, value in passed.items() if not _is_same(name, value)}
        yield {**own, **_assigned(caller, call), **passed}


def _is_same(name: str, value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == name


def _assigned(scope: Function, until: ast.AST | None = None) -> dict[str, ast.expr]:
    """Return what the names of a function stand for at some place of it, or at its end."""
    found: dict[str, ast.expr] = {}
    for node in _within(scope):
        if node is until:
            break
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk a function in the order of its text, but not into functions in it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node
            yield from _within(node)


def _told(value: ast.expr | None, values: Values) -> str:
    text = " ".join(_said(value, values, _DEEP).split())
    text = re.sub("(REASON){2,}", "REASON", text)
    return text if _SPEAKING.search(text) and _UNTOLD not in text else ""


def _said(value: ast.expr | None, values: Values, deep: int) -> str:  # noqa: C901, PLR0911 - a case for each form
    """Return a text as it is written."""
    match value:
        case None:
            return ""
        case ast.Constant(value=str() | int() | float() as text):
            return str(text)
        case ast.JoinedStr(values=parts):
            return "".join(_said(part, values, deep) for part in parts)
        case ast.FormattedValue(value=inner):
            return _word(inner, values, deep)
        case ast.Name(id=name) if name in values and deep:
            return _said(values[name], values, deep - 1)
        case ast.IfExp(body=body):
            return _said(body, values, deep)
        case ast.BoolOp(values=[*_, last]):
            return _said(last, values, deep)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _said(left, values, deep) + _said(right, values, deep)
        case ast.Call(func=ast.Attribute(value=inner, attr="strip")):
            return _said(inner, values, deep)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, other]):
            table = values.get(name)
            rows = table.values if isinstance(table, ast.Dict) else []
            return ", or ".join(dict.fromkeys(_said(each, values, deep) for each in (*rows, other)))
        case ast.Call(func=ast.Name(), args=[inner]):
            return _said(inner, values, deep)
    return _UNTOLD


def _word(value: ast.expr, values: Values, deep: int) -> str:  # noqa: C901, PLR0911 - as above
    """Return what stands for a value in a sentence."""
    match value:
        case ast.Constant(value=str() | int() | float() as text):
            return str(text)
        case ast.JoinedStr() | ast.IfExp():
            return _said(value, values, deep)
        case ast.Name(id=name):
            meant = values.get(name)
            if isinstance(meant, ast.Constant | ast.JoinedStr) and deep:
                return _said(meant, values, deep - 1)
            return "REASON" if name in _REASONS else _capitals(name)
        case ast.Attribute(attr=name):
            return _capitals(name)
        case (
            ast.Subscript(value=inner) | ast.BinOp(left=inner) | ast.Call(args=[inner], func=ast.Attribute())
        ):
            return _word(inner, values, deep)
        case ast.Call(func=ast.Name(id="count"), args=[_, ast.Constant(value=str() as noun)]):
            return f"N {noun}s"
        case ast.Call(func=ast.Name(id="len")):
            return "N"
        case ast.Call(func=ast.Name(), args=[inner, *_]):
            return _word(inner, values, deep)
        case ast.Call(func=ast.Attribute(value=inner)):
            return _word(inner, values, deep)
        case ast.GeneratorExp(generators=[first, *_]):
            return _word(first.iter, values, deep)
    return "TEXT"


def _capitals(name: str) -> str:
    if name in _REASONS:
        return "REASON"
    return "N" if name in _NUMBERS else name.strip("_").upper().replace("_", "-")
