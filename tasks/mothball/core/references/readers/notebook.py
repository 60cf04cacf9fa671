"""Jupyter notebooks: code, magics, shell lines, and the links of texts. What cells gave out is a record."""

from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, ROOT, Claim, Unreadable
from mothball.core.references.notebook.cells import Cell, cells_of, language_of
from mothball.core.references.notebook.code import Code
from mothball.core.references.pages.markdown import claims_of_markdown
from mothball.core.references.pages.targets import page_paths
from mothball.core.references.python.lookup import asking, candidates
from mothball.core.references.python.members import of_members
from mothball.core.references.python.scopes import module_scope
from mothball.core.references.python.source import Source, parse
from mothball.core.references.python.syspath import edits_in
from mothball.core.references.python.text import claims_of_lines
from mothball.core.references.python.walk import Walk
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.sought import Sought
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_PAGE: Final = "page "


class Notebook(Reader):
    """A notebook is run in its own directory."""

    kind = "notebook"
    files: ClassVar[tuple[str, ...]] = ("*.ipynb",)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the claims of all cells, placed in the lines of the file."""
        return self.sift(text, path, ())

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield the same, and the modules sought that are members of packages."""
        problem, language = None, "python"
        try:
            language = language_of(text)
        except Unreadable as error:
            problem = error
        lines = Lines(text)
        sought = names if isinstance(names, Sought) else None
        for claim in _claims(text, path, lines, language, sought):
            yield replace(claim, doubtful=True) if problem else claim
        if problem is not None:
            raise problem

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what Python would find, or whoever shows the text."""
        if claim.lookup.startswith(_PAGE):
            return page_paths(replace(claim, lookup=claim.lookup.removeprefix(_PAGE)), file, world)
        return candidates(claim, file, world)


def _claims(text: str, path: str, lines: Lines, language: str, sought: Sought | None) -> Iterator[Claim]:
    code = Code()
    for cell in cells_of(text):
        if cell.kind == "markdown":
            yield from _of_page(cell, path, text, lines)
        elif cell.kind == "code" and language in {"python", "python3", "ipython", "python2"}:
            code.add(cell)
    places = Lines(code.text)
    cd = tuple(f"./{name}" for name, _ in code.directories())
    for claim in _of_source(code, path, cd, sought):
        moved = _moved(claim, places.offset(claim.line, claim.column), code.raw, text, lines)
        yield replace(moved, kind=_kind(claim), carries=False)


def _kind(claim: Claim) -> str:
    return "notebook-" + claim.kind.removeprefix("python-").removeprefix("notebook-")


def _of_page(cell: Cell, path: str, text: str, lines: Lines) -> Iterator[Claim]:
    places = Lines(cell.text)
    for claim in claims_of_markdown(cell.text, path):
        moved = _moved(claim, places.offset(claim.line, claim.column), cell.offset, text, lines)
        yield replace(moved, kind=f"notebook-{claim.kind}", lookup=_PAGE + claim.lookup)


def _of_source(code: Code, path: str, cd: tuple[str, ...], sought: Sought | None) -> Iterator[Claim]:
    try:
        tree = parse(code.python)
    except Unreadable:
        yield from (replace(claim, doubtful=True) for claim in claims_of_lines(code.text))
        tree = parse("")
    source = Source(code.python, path)
    scope = module_scope(tree)
    edits = (*edits_in(code.python, tree, scope), *cd)
    members = of_members(source, tree, sought) if sought else ()
    for claim in (*Walk(source, tree, scope, test=False, near=True).claims(), *members):
        yield asking(_from(claim, cd), tuple(dict.fromkeys(edits)), "script")
    yield from (
        asking(replace(claim, doubtful=True), edits, "script") for claim in claims_of_lines(code.rest)
    )
    places = Lines(code.text)
    for name, offset in code.files():
        line, column = places.at(offset)
        whole = name if "." in name.rpartition("/")[2] else f"{name}.py"
        yield Claim(
            line=line, column=column, text=name, name=whole, kind="notebook-run", bases=(HERE, *cd, ROOT)
        )
    for name, offset in code.directories():
        line, column = places.at(offset)
        yield Claim(line=line, column=column, text=name, kind="notebook-directory", bases=(HERE, *cd, ROOT))
    for command in code.commands:
        if command.name == "!":
            line, column = places.at(command.offset)
            yield from claims_of_commands(
                command.text, kind="notebook-command", line=line, column=column, bases=(HERE, *cd, ROOT)
            )


def _from(claim: Claim, cd: tuple[str, ...]) -> Claim:
    """Look a path up where ``%cd`` went, too."""
    return replace(claim, bases=(*claim.bases, *cd)) if cd and claim.bases[:1] == (HERE,) else claim


def _moved(claim: Claim, offset: int, raw: Callable[[int], int], text: str, lines: Lines) -> Claim:
    """Return a claim of the text of cells where that stands in the file."""
    first, last = raw(offset), raw(offset + max(len(claim.text) - 1, 0)) + 1
    line, column = lines.at(first)
    written = text[first:last] if first < last and "\n" not in text[first:last] else claim.text
    name = claim.wanted if written != claim.text else claim.name
    return replace(claim, line=line, column=column, text=written, name=name)
