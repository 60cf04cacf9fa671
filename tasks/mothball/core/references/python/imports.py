"""Claims of what a Python source imports: statements, and calls with the name of a module."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.python.marks import base_name, listed
from mothball.core.references.python.source import Source

_FROM: Final = re.compile(r"from[\s\\]+([.\s\\]*[\w.]*)")
_MODULE: Final = re.compile(r"from[\s\\]+([.\s\\]*(?:[^\W\d]\w*(?:[ \t]*\.[ \t]*\w+)*)?)")
_DOTTED: Final = re.compile(r"\.*[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_GUARDS: Final = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_FILE_GUARDS: Final = frozenset({"OSError", "IOError", "FileNotFoundError", "Exception", "BaseException"})

MODULE_CALLS: Final = {
    "import_module": 0,
    "__import__": 0,
    "run_module": 0,
    "importorskip": 0,
    "find_spec": 0,
    "find_module": 0,
    "import_or_skip": 0,
    "import_string": 0,
    "import_object": 0,
    "import_from_string": 0,
    "import_name": 0,
    "lazy_import": 0,
    "LazyImport": 0,
    "get_data": 0,
    "resource_filename": 0,
    "resource_string": 0,
    "resource_stream": 0,
    "read_text": 0,
    "read_binary": 0,
    "open_text": 0,
    "files": 0,
    "DocTestSuite": 0,
    "patch": 0,
    "setattr": 0,
    "run": 0,
    "include": 0,
    "autodiscover_tasks": 0,
    "resolve_name": 0,
    "locate": 0,
}
"""Calls that take the name of a module, or of something in one, and the argument that is it."""
_ATTRIBUTE_ONLY: Final = listed(
    "read_text read_binary open_text setattr run include patch",
)
_MASKED_CALLS: Final = frozenset({"importorskip", "import_or_skip", "find_spec", "find_module"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What is around a place in a source.

    Attributes:
        module: whether it is run when the module is imported.
        masked: whether a failed import is caught there.
        caught: whether a missing file is caught there.
        returns: whether a function returns there what its name says to be files.
    """

    module: bool = True
    masked: bool = False
    caught: bool = False
    returns: bool = False

    def inside(self, node: ast.AST) -> "Where":
        """Return what is around the statements in a function or in a branch for type checkers only."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return replace(self, module=False) if self.module else self
        if isinstance(node, ast.If):
            asked = {name.id if isinstance(name, ast.Name) else base_name(name) for name in _names(node.test)}
            if "TYPE_CHECKING" in asked:
                return replace(self, module=False, masked=True)
            if "__name__" in asked:
                return replace(self, module=False)
        if isinstance(node, ast.With) and any(_suppresses(item.context_expr) for item in node.items):
            return replace(self, module=False, masked=True, caught=True)
        return self

    def tried(self, node: ast.Try | ast.TryStar) -> "Where":
        """Return what is around the first part of a ``try``."""
        caught: set[str] = set()
        for handler in node.handlers:
            if not any(isinstance(one, ast.Raise) for one in handler.body):
                names = list(_names(handler.type)) if handler.type is not None else []
                caught |= {name.id if isinstance(name, ast.Name) else base_name(name) for name in names}
                caught |= {"Exception"} if handler.type is None else set()
        masked = not caught.isdisjoint(_GUARDS)
        return replace(
            self,
            module=self.module and not masked,
            masked=self.masked or masked,
            caught=self.caught or not caught.isdisjoint(_FILE_GUARDS),
        )

    @property
    def severity(self) -> Severity:
        """Return what stops when a module is not found here."""
        return Severity.MASKED if self.masked else Severity.HARD


def _names(node: ast.expr | None) -> Iterator[ast.expr]:
    if node is not None:
        yield from (one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute))


def _suppresses(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and base_name(node.func) == "suppress"


def of_import(source: Source, node: ast.Import, where: Where) -> Iterator[Claim]:
    """Yield the claims of ``import a.b``."""
    for alias in node.names:
        if source.imports_nothing(node, alias.name):
            continue
        line, column = source.at(source.start(alias))
        claim = Claim(
            line=line,
            column=column,
            text=alias.name,
            kind="python-import",
            severity=where.severity,
            carries=where.module,
        )
        yield from module_claims(claim, alias.name, shorter=alias.name.count("."))


def of_from(source: Source, node: ast.ImportFrom, where: Where) -> Iterator[Claim]:
    """Yield the claims of ``from a.b import c``: of the module, and of each name that is one."""
    module, names = node.module or "", [alias.name for alias in node.names]
    # A star of a package's own that finds nothing is told of, whatever its name.
    idle = source.imports_nothing(node, module) and not (node.level and names == ["*"])
    named = [alias for alias in node.names if not source.imports_nothing(node, alias.name)]
    if idle and not named:
        return
    found = _MODULE.match(source.text, source.start(node))
    written = found[1].rstrip(" \t\\\r\n") if found else "." * node.level + (node.module or "")
    line, column = source.at(found.start(1) if found else source.start(node))
    claim = Claim(
        line=line,
        column=column,
        text=written,
        kind="python-import",
        severity=where.severity,
        carries=where.module,
    )
    if not idle:
        yield from from_claims(claim, node.level, module, names)
    for alias in named:
        if alias.name != "*":
            line, column = source.at(source.start(alias))
            one = replace(claim, line=line, column=column, text=alias.name)
            yield from name_claims(one, node.level, module, alias.name)


def from_claims(claim: Claim, level: int, module: str, names: list[str]) -> Iterator[Claim]:
    """Yield what a ``from`` says of the module itself; ``claim`` is the place."""
    lookup = f"{level} {','.join(names)}"
    if level:
        yield replace(claim, name=module or ".", lookup=f"relative {lookup}", firm=names == ["*"])
        return
    yield replace(claim, name=module, lookup=f"from {lookup}")
    yield replace(claim, name=module, lookup=f"from-weak {lookup}", doubtful=True, carries=False)
    for less in range(1, min(module.count("."), 4) + 1):
        yield replace(claim, name=module, lookup=f"less {less}")


def name_claims(claim: Claim, level: int, module: str, name: str) -> Iterator[Claim]:
    """Yield what a ``from`` says of one of its names, in case that is a module."""
    dotted = f"{module}.{name}" if module else name
    if level:
        yield replace(claim, name=dotted, lookup=f"relative-name {level}")
        return
    yield replace(claim, name=dotted, lookup="name")
    yield replace(claim, name=dotted, lookup="name-weak", doubtful=True, carries=False)


def module_claims(claim: Claim, dotted: str, *, shorter: int) -> Iterator[Claim]:
    """Yield what a dotted name says; its last ``shorter`` parts may be something in a module."""
    yield replace(claim, name=dotted, lookup="module")
    yield replace(claim, name=dotted, lookup="weak", doubtful=True, carries=False)
    for less in range(1, min(shorter, 4) + 1):
        yield replace(claim, name=dotted, lookup=f"less {less}")


def of_call(source: Source, node: ast.Call, where: Where) -> Iterator[Claim]:
    """Yield the claims of a call that is given the name of a module."""
    name = base_name(node.func)
    if name not in MODULE_CALLS or len(node.args) <= MODULE_CALLS[name]:
        return
    yield from of_name(source, node.args[MODULE_CALLS[name]], where, call=name, package=_package(node, name))


def _package(node: ast.Call, name: str) -> bool:
    return name == "import_module" and (
        len(node.args) > 1 or any(one.arg == "package" for one in node.keywords)
    )


def of_name(
    source: Source, node: ast.expr, where: Where, *, call: str = "", package: bool = False
) -> Iterator[Claim]:
    """Yield the claims of a string that is the name of a module, or of something in one."""
    dotted = dotted_name(node)
    if not dotted or (call in _ATTRIBUTE_ONLY and "." not in dotted.strip(".")):
        return
    if source.names_nothing(node, dotted):
        return
    offset, text = source.literal(node)
    line, column = source.at(offset)
    masked = where.masked or call in _MASKED_CALLS
    claim = Claim(
        line=line,
        column=column,
        text=text,
        kind="python-dynamic-import",
        severity=Severity.MASKED if masked else Severity.HARD,
        carries=where.module and not masked and call in {"import_module", "__import__", "plugin"},
    )
    level = len(dotted) - len(dotted.lstrip("."))
    if level:
        if package:
            yield replace(claim, name=dotted[level:], lookup=f"relative {level} ")
        return
    yield from module_claims(claim, dotted, shorter=0 if "*" in dotted else min(dotted.count("."), 3))


def dotted_name(node: ast.expr) -> str:
    """Return the dotted name that a string holds; what is filled in later counts as any name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        name, colon, rest = node.value.partition(":")
        if colon and not _DOTTED.fullmatch(rest):
            return ""
        return name if len(name) < 300 and _DOTTED.fullmatch(name) else ""
    if isinstance(node, ast.JoinedStr) and len(node.values) > 1:
        parts = [one.value if isinstance(one, ast.Constant) else "*" for one in node.values]
        name = "".join(str(one) for one in parts)
        if not name.startswith("*") and re.fullmatch(r"[\w.]+\.\*", name):
            return name
    return ""
