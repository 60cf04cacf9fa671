"""Commands in a Python source: calls that run programs, and lists of words that are one."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from mothball.core.references.claims import HERE, ROOT, Claim
from mothball.core.references.python import imports, strings
from mothball.core.references.python.marks import HERE_MARK, ROOT_MARK, base_name, listed
from mothball.core.references.python.paths import Context, Paths, Role
from mothball.core.references.python.source import Source
from mothball.core.references.python.syspath import bases_of
from mothball.core.references.python.values import Scope, value_of
from mothball.core.references.shell.commands import claims_of_commands

_RUNS: Final = listed(
    "run call check_call check_output Popen system popen getoutput getstatusoutput",
    "create_subprocess_exec sudo create_subprocess_shell execv execvp spawn check_run run_command",
    "run_cmd shell sh local cmd execute bash",
)
_PROGRAMS: Final = listed(
    "python python3 bash sh pytest make cmake node npm npx executable uv poetry tox",
)
_RUNNABLE: Final = re.compile(
    r"\s*(?:[\w./-]*/)?(?:python[\d.]*|bash|sh|node|npm|npx|yarn|pnpm|make|cmake|pytest|tox|nox|uv|poetry|pip3?"
    r"|ruby|perl|go|cargo|docker|env|sudo|\S+\.(?:py|sh|js|mjs|pl|rb))\s"
)
_HOLE: Final = re.compile(r"\{[^{}\n]{0,80}\}")


def runs_programs(call: str) -> bool:
    """Say whether a call of this name runs a program."""
    return call in _RUNS


def is_command(node: ast.List | ast.Tuple) -> bool:
    """Say whether a list of words is a command."""
    first = node.elts[0] if node.elts else None
    if isinstance(first, ast.Constant):
        return first.value in _PROGRAMS
    return isinstance(first, ast.Attribute) and first.attr in _PROGRAMS


def is_split(node: ast.Call) -> bool:
    """Say whether a call takes a literal apart into words."""
    return _taken_apart(node) is not None


def _taken_apart(node: ast.Call) -> ast.Constant | None:
    function = node.func
    if base_name(function) != "split" or node.keywords or not isinstance(function, ast.Attribute):
        return None
    by_shell = base_name(function.value) == "shlex" and len(node.args) == 1
    given = node.args[0] if by_shell else None if node.args else function.value
    return given if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


class Commands:
    """Turns commands of one source into claims; what is no command is left to ``others``."""

    def __init__(
        self, source: Source, paths: Paths, others: Callable[[ast.expr, Context], Iterator[Claim]]
    ) -> None:
        """Take the source, its paths, and who goes through any other expression."""
        self._source = source
        self._paths = paths
        self._others = others

    def of_call(self, node: ast.Call, context: Context) -> Iterator[Claim]:
        """Go through a call that runs a program."""
        bases = self._directory(node, context.scope)
        if bases is None:
            return
        context, first = context._replace(bases=bases), node.args[0]
        if isinstance(first, ast.List | ast.Tuple):
            yield from self.of_words(first.elts, context)
        elif isinstance(first, ast.Constant | ast.JoinedStr):
            if any(space in self._source.literal(first)[1].strip() for space in " \n\t"):
                yield from self._text(first, context)
            else:
                yield from self.of_words(node.args, context)
        else:
            for argument in node.args:
                yield from self._run(argument, context)

    def _run(self, node: ast.expr, context: Context) -> Iterator[Claim]:
        """Go through what a program is given that is neither a text nor a list."""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for side in (node.left, node.right):
                yield from self._run(side, context)
        elif isinstance(node, ast.Call) and is_split(node):
            yield from self.of_split(node, context, runs=True)
        elif isinstance(node, ast.List | ast.Tuple):
            yield from self.of_words(node.elts, context)
        else:
            yield from self._others(node, context)

    def of_split(self, node: ast.Call, context: Context, *, runs: bool = False) -> Iterator[Claim]:
        """Go through a text that is taken apart into the words of a command: ``"make -C a".split()``."""
        written = _taken_apart(node) if context.role not in (Role.SAID, Role.MOVED) else None
        if written is not None and (runs or _RUNNABLE.match(str(written.value))):
            yield from self._text(written, context)

    def _text(self, node: ast.Constant | ast.JoinedStr, context: Context) -> Iterator[Claim]:
        """Read a literal as a shell reads it; what is filled in later is a variable nobody knows."""
        offset, text = self._source.literal(node)
        line, column = self._source.at(offset)
        yield from claims_of_commands(
            _HOLE.sub(lambda hole: "$" + "X" * (len(hole[0]) - 1), text),
            kind="python-command",
            line=line,
            column=column,
            bases=context.bases or (HERE, ROOT),
        )

    def _directory(self, node: ast.Call, scope: Scope) -> tuple[str, ...] | None:
        """Return where a program runs, as bases; empty where nothing is said, ``None`` where nobody knows."""
        given = next((one.value for one in node.keywords if one.arg == "cwd"), None)
        if given is None or (isinstance(given, ast.Constant) and given.value is None):
            return ()
        path = value_of(given, scope)
        if path is None or not (path[:1] in {HERE_MARK, ROOT_MARK} or path[:1] > "\x05" or not path):
            named = base_name(given.func if isinstance(given, ast.Call) else given)
            return () if strings.is_root(named) and not isinstance(given, ast.Call) else None
        return tuple(bases_of(path)) or ("",)

    def of_words(self, words: Iterable[ast.expr], context: Context) -> Iterator[Claim]:
        """Go through the words of a command, each a string of its own."""
        module, written = False, [one.value for one in words if isinstance(one, ast.Constant)]
        moves = "mv" in written[:3]
        for word in words:
            if module:
                for claim in imports.of_name(self._source, word, context.where):
                    yield replace(claim, kind="python-command")
            elif isinstance(word, ast.Constant):
                yield from self._word(word, context._replace(role=Role.MOVED if moves else Role.COMMAND))
            else:
                yield from self._others(word, context._replace(role=Role.COMMAND))
            module = isinstance(word, ast.Constant) and word.value == "-m"

    def _word(self, word: ast.Constant, context: Context) -> Iterator[Claim]:
        for claim in self._paths.of(word, context):
            yield replace(claim, name=claim.name.partition("::")[0])
        if isinstance(word.value, str) and word.value.startswith("-") and "=" in word.value:
            flag, _, value = word.value.partition("=")
            inner = ast.copy_location(ast.Constant(value), word)
            for claim in self._paths.of(inner, context):
                if claim.text.endswith(value):
                    yield replace(claim, column=claim.column + len(flag) + 1, text=value)
