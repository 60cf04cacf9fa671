"""Python: imports, calls with names of modules, and the paths that expressions mean."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from mothball.core.references.claims import Claim, Unreadable
from mothball.core.references.python.facts import FACTS
from mothball.core.references.python.lookup import asking, candidates
from mothball.core.references.python.members import of_members
from mothball.core.references.python.pytest import names_in_conftests, of_tests
from mothball.core.references.python.scopes import module_scope
from mothball.core.references.python.search import is_test
from mothball.core.references.python.source import Source, is_script, parse
from mothball.core.references.python.syspath import edits_in
from mothball.core.references.python.text import claims_of_lines
from mothball.core.references.python.walk import Walk
from mothball.core.references.reader import Reader
from mothball.core.references.sought import Sought
from mothball.core.references.world import World


class Python(Reader):
    """Whatever Python finds by name when it runs."""

    kind = "python"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = (
        "*.py",
        "*.pyi",
        "*.pyw",
        "*.pyx",
        "*.pxd",
        "*.wsgi",
        "SConstruct",
        "SConscript",
    )
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the claims of a source."""
        return self.sift(text, path, ())

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield the claims of a source, without most of those that have nothing to do with some names."""
        if path.endswith((".pyx", ".pxd")):
            return claims_of_lines(text)
        return claims_of_source(text, path, names if isinstance(names, Sought) else None)

    def carried(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what is claimed outside of functions; a source that does not parse takes nothing down."""
        if isinstance(names, Sought) and not path.endswith((".pyx", ".pxd")):
            return claims_of_source(text, path, names, loading=True)
        return self.sift(text, path, names)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what Python would find."""
        return candidates(claim, file, world)

    def needles(self, gone: Iterable[str], world: World) -> Iterator[str]:
        """Yield the fixtures and markers that vanish with the conftest files that define them."""
        yield from names_in_conftests(gone, world)


class PythonScripts(Python):
    """Programs without a suffix whose first line says that they are Python."""

    files: ClassVar[tuple[str, ...]] = ("*",)
    facts: ClassVar[tuple[str, ...]] = ()

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield the claims of a script."""
        first = text[:200].partition("\n")[0]
        if first.startswith("#!") and "python" in first and "." not in path.rpartition("/")[2]:
            yield from super().sift(text, path, names)

    def carried(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what `sift` does."""
        return self.sift(text, path, names)

    def needles(self, gone: Iterable[str], world: World) -> Iterator[str]:
        """Yield nothing more than Python itself does."""
        del gone, world
        yield from ()


def _is_shared(path: str) -> bool:
    """Say whether a file of tests sets them up: what it lists is no data of a test."""
    return path.rpartition("/")[2] == "conftest.py"


def claims_of_source(
    text: str, path: str, sought: Sought | None = None, *, loading: bool = False
) -> Iterator[Claim]:
    """Yield the claims of a Python source; what does not parse is read line by line.

    Of what neither names nor hides something ``sought`` most is left out: nine claims in ten, in Django.
    With ``loading`` the bodies of functions are left out as well.
    """
    try:
        tree = parse(text)
    except Unreadable:
        yield from (replace(claim, doubtful=True) for claim in claims_of_lines(text))
        raise
    source = Source(text, path, sought)
    scope = module_scope(tree)
    edits = edits_in(text, tree, scope)
    mode = "script" if is_script(text) else "file"
    for claim in Walk(
        source, tree, scope, test=is_test(path) and not _is_shared(path), loading=loading
    ).claims():
        yield asking(claim, edits, mode)
    if not loading:
        for claim in of_members(source, tree, sought) if sought else ():
            yield asking(claim, edits, mode)
        yield from of_tests(source, tree, path)
