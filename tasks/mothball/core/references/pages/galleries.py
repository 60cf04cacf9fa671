"""Galleries that Sphinx makes of scripts: which script a generated page, picture or label stands for."""

import ast
import re
from collections.abc import Iterator
from itertools import zip_longest
from posixpath import splitext
from typing import Final, NamedTuple

from mothball.core.references.claims import Unreadable
from mothball.core.references.python.scopes import module_scope
from mothball.core.references.python.source import parse
from mothball.core.references.python.syspath import bases_of
from mothball.core.references.python.values import Scope, value_of
from mothball.core.references.world import World, join
from mothball.core.tree import directories, is_below, parent

FACTS: Final = ("conf.py",)
_LABEL: Final = "sphx_glr_"
_PICTURE: Final = re.compile(r"sphx_glr_(?P<script>.+)_(?:\d+(?:_\d+x)?|thumb)\.\w+")
_PICTURES: Final = re.compile(r"(?:/?images(?:/thumb)?)?\Z")


class Gallery(NamedTuple):
    """A directory of scripts, the one that their pages are written to, and that of the ``conf.py``."""

    scripts: str
    pages: str
    root: str


def galleries(world: World) -> list[Gallery]:
    """Return the galleries that configurations of Sphinx declare."""
    return world.fact("galleries", lambda one: list(_galleries(one)))


def script_of(path: str, world: World) -> Iterator[str]:
    """Yield the script, or the directory of scripts, that a generated file would be made of."""
    for gallery in galleries(world):
        if path == gallery.pages:
            yield gallery.scripts
        elif is_below(path, gallery.pages):
            directory, _, base = path[len(gallery.pages) + 1 :].rpartition("/")
            if picture := _PICTURE.fullmatch(base):
                directory, base = _PICTURES.sub("", directory), picture["script"]
            else:
                base = splitext(base)[0] if "." in base else base
            place = join(gallery.scripts, directory) or ""
            yield place if base == "index" else f"{place}/{base}.py"


def labelled(label: str, world: World) -> Iterator[str]:
    """Yield the script, or the directory of scripts, that has a label."""
    if label.startswith(_LABEL):
        found = world.fact("gallery labels", _labels).get(label.removeprefix(_LABEL))
        yield from [found] if found else []


def page_of_script(file: str, world: World) -> str | None:
    """Return the page that a script is made into, ``None`` where it is in no gallery."""
    for gallery in galleries(world):
        if is_below(file, gallery.scripts):
            return f"{gallery.pages}/{splitext(file[len(gallery.scripts) + 1 :])[0]}.rst"
    return None


def _labels(world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    for gallery in galleries(world):
        files = world.below(gallery.scripts)
        begin = gallery.pages[len(gallery.root) :].lstrip("/")
        for path in (*files, *directories(files), gallery.scripts):
            if path == gallery.scripts or is_below(path, gallery.scripts):
                found[f"{begin}{path[len(gallery.scripts) :]}".replace("/", "_").lower()] = path
    return found


def _galleries(world: World) -> Iterator[Gallery]:
    for path, text in world.texts.items():
        if not path.endswith("conf.py") or "sphinx_gallery" not in text:
            continue
        try:
            tree = parse(text)
        except (Unreadable, RecursionError):
            continue
        root, scope = parent(path), module_scope(tree)
        scripts, pages = (
            list(_declared(tree, key, scope, root)) for key in ("examples_dirs", "gallery_dirs")
        )
        for one, other in zip_longest(scripts or [join(root, "../examples")], pages):
            if one and (place := other or join(root, "auto_examples")):
                yield Gallery(one, place, root)


def _declared(tree: ast.Module, key: str, scope: Scope, root: str) -> Iterator[str | None]:
    for node in ast.walk(tree):
        for name, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
            if isinstance(name, ast.Constant) and name.value == key:
                items = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
                for item in items:
                    bases = bases_of(value_of(item, scope))
                    yield join(root, bases[0]) if bases and bases[0].startswith("./") else None
