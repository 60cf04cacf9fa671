"""Which constants of a Python source hold names of modules, or of what is in them, that something loads."""

import ast
import re
from collections.abc import Iterable
from typing import Final

from mothball.core.references.python.marks import base_name, listed

_APPS: Final = listed(
    "INSTALLED_APPS MIDDLEWARE MIDDLEWARE_CLASSES ROOT_URLCONF WSGI_APPLICATION ASGI_APPLICATION",
    "AUTH_USER_MODEL AUTHENTICATION_BACKENDS DJANGO_SETTINGS_MODULE pytest_plugins CELERY_IMPORTS",
    "TEST_RUNNER LOGGING_CONFIG DATABASE_ROUTERS extensions EMAIL_BACKEND SPIDER_MODULES",
    "NEWSPIDER_MODULE ITEM_PIPELINES imports beat_schedule task_routes",
    "CELERY_BEAT_SCHEDULE CELERYBEAT_SCHEDULE",
)
# A class in a module, or anything behind a colon.
_OBJECT: Final = re.compile(r"[a-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\.[A-Z]\w*[a-z]\w*|:[A-Za-z_][\w.]*)")
DOTTED: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?::[A-Za-z_][\w.]*)?")
"""A dotted name, with or without an attribute behind a colon."""
_LISTS: Final = re.compile(
    r"(?i)(?:^|_)(?:plugins?|modules?|apps|extensions|backends|middlewares?|providers?|packages|components)$"
)


def are_loaded(names: Iterable[str], node: ast.expr) -> bool:
    """Say whether what is assigned to variables of these names is loaded by name."""
    named = list(names)
    if any(name in _APPS or _names_objects(name, node) for name in named):
        return True
    return _are_modules(node, named)


def _are_modules(node: ast.expr, names: Iterable[str]) -> bool:
    """Say whether a list whose variable tells of modules has nothing but dotted names."""
    return (
        isinstance(node, ast.List | ast.Tuple | ast.Set)
        and any(_LISTS.search(name) for name in names)
        and all(
            isinstance(one, ast.Constant) and isinstance(one.value, str) and DOTTED.fullmatch(one.value)
            for one in node.elts
        )
    )


def _names_objects(name: str, node: ast.expr) -> bool:
    """Say whether a constant holds nothing but classes and functions by their dotted names, to be loaded."""
    if not name.isupper():
        return False
    if isinstance(node, ast.Dict):
        return bool(node.keys) and (_all_objects(node.keys) or _all_objects(node.values))
    return _all_objects(node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node])


def _all_objects(nodes: Iterable[ast.expr | None]) -> bool:
    return all(
        isinstance(one, ast.Constant) and isinstance(one.value, str) and _OBJECT.fullmatch(one.value)
        for one in nodes
    )


def begun_with(node: ast.Call) -> tuple[ast.expr, ast.Constant] | None:
    """Return the file that Hydra is told to begin with, and where its name stands."""
    if not node.keywords or base_name(node.func) != "main":
        return None
    given = {one.arg: one.value for one in node.keywords}
    directory, name = given.get("config_path"), given.get("config_name")
    if directory is None or not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return None
    suffix = "" if name.value.endswith((".yaml", ".yml")) else ".yaml"
    last = ast.copy_location(ast.Constant(name.value + suffix), name)
    return ast.copy_location(ast.BinOp(directory, ast.Div(), last), name), name
