"""Which names of a Python module mean one thing only, so that their value can be used."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Final

from mothball.core.references.python.marks import base_name
from mothball.core.references.python.values import Functions, Scope

_BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases", "items")
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_scope(tree: ast.Module) -> Scope:
    """Return what the names of a module mean."""
    names = _assigned(tree.body)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and (returned := _returned(node)) is not None:
            names[f"{node.name}()"] = returned
    scope = Scope(lambda: names)
    scope.find_functions = cache(lambda: _functions(tree, scope))
    scope.find_attributes = cache(lambda: _attributes(tree))
    return scope


def function_scope(function: Function, outer: Scope) -> Scope:
    """Return what the names in a function mean; a parameter means its default."""
    return Scope(lambda: _named(function), outer)


def _named(function: Function) -> dict[str, ast.expr | None]:
    names = _assigned(function.body)
    given = function.args
    defaults: list[ast.expr | None] = [None] * (
        len(given.posonlyargs) + len(given.args) - len(given.defaults)
    )
    pairs = zip([*given.posonlyargs, *given.args], [*defaults, *given.defaults], strict=True)
    for one, default in (*pairs, *zip(given.kwonlyargs, given.kw_defaults, strict=True)):
        names[one.arg] = None if one.arg in names else default
    for extra in (given.vararg, given.kwarg):
        if extra is not None:
            names[extra.arg] = None
    return names


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield statements and those in them, functions and classes too, without any expression."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        yield node
        todo += [one for field in _BLOCKS for one in getattr(node, field, ())]


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes of statements, without those of the functions and classes in them."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo += [one for field in _BLOCKS for one in getattr(node, field, ())]


def _assigned(body: Iterable[ast.stmt]) -> dict[str, ast.expr | None]:
    names: dict[str, ast.expr | None] = {}
    for node in _statements(body):
        for target, value in _targets(node):
            if isinstance(target, ast.Name):
                names[target.id] = None if target.id in names else value
            elif isinstance(target, ast.Tuple | ast.List | ast.Starred):
                for one in ast.walk(target):
                    if isinstance(one, ast.Name):
                        names[one.id] = None
    return names


def _targets(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _unpacked(target, node.value)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.AugAssign | ast.For | ast.AsyncFor):
        yield node.target, None
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, None


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield each name of a tuple with what it is given, where that can be told."""
    names = target.elts if isinstance(target, ast.Tuple) else []
    if isinstance(value, ast.Tuple) and len(value.elts) == len(names):
        yield from zip(names, value.elts, strict=True)
    elif len(names) == 2 and isinstance(value, ast.Call) and base_name(value.func) == "split":
        yield names[0], ast.Subscript(value=value, slice=ast.Constant(0), ctx=ast.Load())
        yield names[1], None
    else:
        yield target, value


def _returned(function: ast.FunctionDef) -> ast.expr | None:
    """Return what a function without parameters returns, where that is all it does."""
    last = function.body[-1]
    plain = not function.args.args and len(function.body) <= 2
    return last.value if plain and isinstance(last, ast.Return) else None


def _functions(tree: ast.Module, scope: Scope) -> Functions:
    """Return the functions of a module that do nothing but return something made of their parameters."""
    return {
        node.name: partial(_called, node, last.value, scope)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and (node.args.args or node.args.vararg)
        and isinstance(last := node.body[-1], ast.Return)
        and last.value is not None
        and all(isinstance(one, ast.Assign | ast.Expr) for one in node.body[:-1])
    }


def _called(
    function: ast.FunctionDef, returned: ast.expr, outer: Scope, given: Sequence[ast.expr]
) -> tuple[ast.expr, Scope]:
    """Return what a function returns, and what the names in that mean when it is given something."""
    names = _named(function)
    parameters = [one.arg for one in function.args.args]
    names |= dict(zip(parameters, given, strict=False))
    if function.args.vararg is not None:
        names[function.args.vararg.arg] = ast.List(list(given[len(parameters) :]), ast.Load())
    return returned, Scope(lambda: names, outer)


def _attributes(tree: ast.Module) -> dict[str, ast.expr | None]:
    """Return the attributes of classes and of ``self`` that are assigned once in the whole module."""
    names: dict[str, ast.expr | None] = {}
    for node in statements(tree.body):
        if isinstance(node, ast.ClassDef):
            for name, value in _assigned(node.body).items():
                names[name] = None if name in names else value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute):
                    names[target.attr] = None if target.attr in names else node.value
    return names
