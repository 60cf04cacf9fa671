"""Settings of Sphinx that name files below a directory of their own, or pages without a suffix."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mothball.core.references.claims import HERE, Claim
from mothball.core.references.python.paths import Context, Paths

_PAGE: Final = ".{rst,md,txt,ipynb}"


def served(paths: Paths, directory: str, node: ast.expr, context: Context) -> Iterator[Claim]:
    """Yield the files that a setting names below a directory."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant):
            for claim in paths.of(one, context):
                yield replace(claim, name=f"{directory}/{claim.name}", bases=(HERE,))


def titled(paths: Paths, node: ast.expr, context: Context) -> Iterator[Claim]:
    """Yield the pages, named without a suffix, from which documents are made."""
    for one in ast.walk(node):
        if isinstance(one, ast.Tuple) and one.elts and isinstance(one.elts[0], ast.Constant):
            for claim in paths.of(one.elts[0], context):
                yield replace(claim, name=claim.name + _PAGE, bases=(HERE,))
