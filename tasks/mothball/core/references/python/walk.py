"""Go through a Python source, and yield what its statements and expressions claim."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from mothball.core.references.claims import SEARCH_PATH, Claim, Severity
from mothball.core.references.python import imports, strings
from mothball.core.references.python.commands import Commands, is_command, is_split, runs_programs
from mothball.core.references.python.imports import Where
from mothball.core.references.python.loaded import DOTTED, are_loaded, begun_with
from mothball.core.references.python.marks import HERE_MARK, base_name, calls_one_of, key_of
from mothball.core.references.python.paths import Context, Paths, Role, role_of
from mothball.core.references.python.scopes import Function, function_scope
from mothball.core.references.python.source import Source
from mothball.core.references.python.sphinx import served, titled
from mothball.core.references.python.syspath import added, adds
from mothball.core.references.python.values import Scope, value_of

# Modules by names that are held elsewhere: then lists of dotted names are lists of modules.
_LOADS: Final = re.compile(
    r"(?:import_module|__import__|import_string|load_module|import_object)\(\s*[A-Za-z_]\w*\s*[,).\[]"
)

_LATER: Final = frozenset(
    {"spec_from_file_location", "SourceFileLoader", "add_argument", "validate", "run_line_magic"}
)
"""Calls that are given a file behind something else."""
_LOOKS: Final = (Role.READ, Role.QUIET)


class Walk:
    """One pass over a syntax tree."""

    def __init__(
        self,
        source: Source,
        tree: ast.Module,
        scope: Scope,
        *,
        test: bool,
        near: bool = False,
        loading: bool = False,
    ) -> None:
        """Take a source, its tree and its names; ``near`` is `Paths`' own.

        With ``loading`` nothing is read that is not run when the module is imported.
        """
        self._loading = loading
        self._source = source
        self._tree = tree
        self._scope = scope
        self._loads = _LOADS.search(source.text) is not None
        self._paths = Paths(source, test=test, near=near)
        self._commands = Commands(source, self._paths, self._expression)

    def claims(self) -> Iterator[Claim]:
        """Yield all claims."""
        yield from self._body(self._tree.body, Where(), self._scope)

    def _body(self, body: Iterable[ast.stmt], where: Where, scope: Scope) -> Iterator[Claim]:
        if self._loading and not where.module:
            return
        for node in body:
            yield from self._statement(node, where, scope)

    def _statement(self, node: ast.stmt, where: Where, scope: Scope) -> Iterator[Claim]:
        if isinstance(node, ast.Import):
            yield from imports.of_import(self._source, node, where)
        elif isinstance(node, ast.ImportFrom):
            yield from imports.of_from(self._source, node, where)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from self._function(node, where, scope)
        elif isinstance(node, ast.Try | ast.TryStar):
            yield from self._try(node, where, scope)
        elif isinstance(node, ast.If):
            yield from self._expression(node.test, Context(where=where, scope=scope, role=Role.QUIET))
            yield from self._body(node.body, where.inside(node), scope)
            yield from self._body(node.orelse, where, scope)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            yield from self._assigned(node, where, scope)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield from self._other(node, where.inside(node), scope)

    def _function(self, node: Function, where: Where, scope: Scope) -> Iterator[Claim]:
        outer = Context(where=where, scope=scope, role=Role.VALUE, named=True)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                yield from self._expression(default, outer)
        yield from self._all(node.decorator_list, outer._replace(role=Role.SAID))
        if not self._loading:
            inside = replace(where.inside(node), returns=strings.hints_at_file(node.name))
            yield from self._body(node.body, inside, function_scope(node, scope))

    def _try(self, node: ast.Try | ast.TryStar, where: Where, scope: Scope) -> Iterator[Claim]:
        yield from self._body(node.body, where.tried(node), scope)
        for handler in node.handlers:
            yield from self._body(handler.body, replace(where, module=False), scope)
        yield from self._body([*node.orelse, *node.finalbody], where, scope)

    def _other(self, node: ast.AST, where: Where, scope: Scope) -> Iterator[Claim]:
        """Go through a statement that has nothing special about it."""
        role = Role.SAID if isinstance(node, ast.Assert | ast.Raise) else Role.PLAIN
        named = where.returns and isinstance(node, ast.Return)
        context = Context(where=where, scope=scope, role=role, named=named)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                yield from self._statement(child, where, scope)
            elif isinstance(child, ast.expr):
                listed = isinstance(node, ast.For | ast.Return) and role is Role.PLAIN
                yield from self._expression(child, context._replace(role=Role.VALUE) if listed else context)
            elif isinstance(child, ast.withitem):
                yield from self._expression(child.context_expr, context)
            elif isinstance(child, ast.match_case | ast.ExceptHandler):
                yield from self._body(child.body, where, scope)

    def _assigned(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, where: Where, scope: Scope
    ) -> Iterator[Claim]:
        if node.value is None:
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [base_name(target) or key_of(target) for target in targets]
        edits = list(added(node))
        if edits:
            yield from self._edits(edits, where, scope)
            return
        if directory := strings.served_from(names):
            yield from served(self._paths, directory, node.value, Context(where, scope, Role.READ))
            return
        if strings.starts_with_pages(names):
            yield from titled(self._paths, node.value, Context(where, scope, Role.READ))
            return
        if are_loaded(names, node.value):
            yield from self._modules(node.value, where, names)
        listed = isinstance(node.value, ast.Dict | ast.List | ast.Tuple | ast.Set)
        moved = listed and any(strings.lists_moves(name) for name in names)
        named = any(strings.hints_at_file(name) for name in names)
        role = Role.MOVED if moved else Role.VALUE
        if any(strings.hints_at_address(name) for name in names):
            role = Role.SAID
        elif any(strings.is_relative_setting(name) for name in names):
            role = Role.READ
        context = Context(where=where, scope=scope, role=role, named=named)
        yield from self._expression(node.value, context)

    def _modules(self, node: ast.expr, where: Where, names: list[str]) -> Iterator[Claim]:
        direct = isinstance(node, ast.List | ast.Tuple | ast.Constant)
        for one in ast.walk(node):
            if isinstance(one, ast.Constant) and (direct or "." in str(one.value)):
                yield from imports.of_name(
                    self._source, one, where, call="plugin" if "pytest_plugins" in names else ""
                )

    def _edits(self, edits: Iterable[ast.expr], where: Where, scope: Scope) -> Iterator[Claim]:
        """Yield that directories on the search path were there; it is the imports that fail without them."""
        for one in edits:
            for claim in self._paths.of(one, Context(where=where, scope=scope, role=Role.READ)):
                yield replace(claim, kind=SEARCH_PATH, severity=Severity.MASKED, firm=False, carries=False)

    def _all(self, nodes: Iterable[ast.expr], context: Context) -> Iterator[Claim]:
        for node in nodes:
            if not self._is_idle(node, context):
                yield from self._expression(node, context)

    def _is_idle(self, node: ast.expr, context: Context) -> bool:
        """Say whether a leaf of the tree claims nothing: two expressions in three, each spared some calls."""
        if isinstance(node, ast.Constant):
            value = node.value
            return not isinstance(value, str) or (
                not context.bases and self._source.names_nothing(node, value)
            )
        return isinstance(node, ast.Name) and context.role not in _LOOKS

    def _expression(self, node: ast.expr, context: Context) -> Iterator[Claim]:
        if isinstance(node, ast.Call):
            yield from self._call(node, context)
        elif isinstance(node, ast.Constant):
            yield from self._string(node, context)
        elif isinstance(node, ast.Name):
            expression = context.scope.expression(node.id) if context.role in _LOOKS else None
            if isinstance(expression, ast.Constant):
                yield from self._paths.of(expression, context)
        elif isinstance(node, ast.BinOp | ast.JoinedStr) and value_of(node, context.scope) is not None:
            yield from self._paths.of(node, context)
        elif isinstance(node, ast.Compare):
            said = context if context.role is Role.SAID else context._replace(role=Role.SAID)
            yield from self._all([node.left, *node.comparators], said)
        elif isinstance(node, ast.List | ast.Tuple) and is_command(node):
            yield from self._commands.of_words(node.elts, context)
        elif isinstance(node, ast.Lambda):
            yield from self._expression(node.body, context._replace(where=context.where.inside(node)))
        elif isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set):
            yield from self._held(node, context.as_(Role.VALUE) if context.role is Role.PLAIN else context)
        else:
            yield from self._children(node, context)

    def _children(self, node: ast.AST, context: Context) -> Iterator[Claim]:
        for child in (node.value,) if isinstance(node, ast.Attribute) else ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                if not self._is_idle(child, context):
                    yield from self._expression(child, context)
            elif isinstance(child, ast.comprehension):
                yield from self._all([child.iter, *child.ifs], context)

    def _held(self, node: ast.Dict | ast.List | ast.Tuple | ast.Set, context: Context) -> Iterator[Claim]:
        if not isinstance(node, ast.Dict):
            yield from self._all(node.elts, context)
            return
        for key, value in zip(node.keys, node.values, strict=True):
            named = isinstance(key, ast.Constant) and strings.hints_at_file(str(key.value))
            title = context.as_(Role.VALUE) if context.role is Role.READ else context
            if key is not None and not self._is_idle(key, title):
                yield from self._expression(key, title)
            inner = context._replace(named=True) if named and not context.named else context
            if not self._is_idle(value, inner):
                yield from self._expression(value, inner)

    def _string(self, node: ast.Constant, context: Context) -> Iterator[Claim]:
        yield from self._paths.of(node, context)
        if isinstance(node.value, str) and len(node.value) < 200 and DOTTED.fullmatch(node.value):
            held = context.role in (Role.PLAIN, Role.VALUE, Role.READ)
            followed = held and (":" in node.value or (self._loads and context.role is Role.VALUE))
            for claim in imports.of_name(self._source, node, context.where):
                kind = "python-path" if node.value.endswith(".py") else "python-dotted-name"
                yield claim if followed else replace(claim, kind=kind, prose=True)

    def _call(self, node: ast.Call, context: Context) -> Iterator[Claim]:
        name = base_name(node.func)
        edits = list(added(node)) if adds(name) else None
        if edits:
            yield from self._edits(edits, context.where, context.scope)
            return
        if name in imports.MODULE_CALLS:
            yield from imports.of_call(self._source, node, context.where)
        if (begun := begun_with(node)) is not None:
            (line, column), text = self._source.at((found := self._source.literal(begun[1]))[0]), found[1]
            for claim in self._paths.of(begun[0], Context(context.where, context.scope, Role.READ)):
                yield replace(claim, line=line, column=column, text=text, name=claim.wanted)
        if (path := value_of(node, context.scope)) is not None:
            located = path.startswith(HERE_MARK) and calls_one_of(node, context.scope.find_functions())
            yield from self._paths.of(node, context.as_(Role.LOCATED) if located else context)
            return
        if runs_programs(name) and node.args:
            yield from self._commands.of_call(node, context)
            return
        if is_split(node):
            yield from self._commands.of_split(node, context)
        if isinstance(node.func, ast.Attribute):
            yield from self._receiver(node, node.func, context)
        elif not isinstance(node.func, ast.Name):
            yield from self._expression(node.func, context)
        yield from self._arguments(node, name, context)

    def _receiver(self, node: ast.Call, function: ast.Attribute, context: Context) -> Iterator[Claim]:
        """Go through what a method is called on: ``Path("a").read_text()`` reads it."""
        name = function.attr
        if name in {"glob", "rglob"} and node.args and value_of(function.value, context.scope) is not None:
            yield from self._paths.glob(function.value, node.args[0], context, deep=name == "rglob")
            return
        role = role_of(name, node)
        if name == "open" and strings.opens_for_writing(node, 0):
            role = Role.WRITE
        elif role is Role.SAID or isinstance(function.value, ast.Constant):
            role = Role.SAID if role is Role.SAID else context.role
        yield from self._expression(function.value, context.as_(role))

    def _arguments(self, node: ast.Call, name: str, context: Context) -> Iterator[Claim]:
        role = role_of(name, node)
        glob = (
            isinstance(node.func, ast.Attribute)
            and name in {"glob", "rglob"}
            and base_name(node.func.value) != "glob"
        )
        for index, argument in enumerate([] if glob else node.args):
            first = index == 0 or name in _LATER
            inner = role if first or role in (Role.SAID, Role.MOVED) else Role.PLAIN
            inner = Role.SAID if index == 0 and name == "get" else inner
            around = context.as_(inner)
            if not self._is_idle(argument, around):
                yield from self._expression(argument, around)
        for keyword in node.keywords:
            inner = Role.VALUE if role not in (Role.SAID, Role.MOVED) else role
            if keyword.arg and strings.only_tells(keyword.arg):
                inner = Role.SAID
            named = keyword.arg is not None and strings.hints_at_file(keyword.arg)
            if named and role is Role.READ:
                inner = Role.READ
            named |= keyword.arg == "default" or name == "setup"
            around = context.as_(inner)._replace(named=named)
            if not self._is_idle(keyword.value, around):
                yield from self._expression(keyword.value, around)
