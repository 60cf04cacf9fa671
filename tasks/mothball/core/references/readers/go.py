"""Go: packages of the module itself, embedded files, and the directories in go.mod and go.work."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import HERE, Claim
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.texts import Lines
from mothball.core.references.world import WILDCARDS, World, join
from mothball.core.tree import parent

_IMPORTS: Final = re.compile(
    r'^import\s+(?:\((?P<many>[^)]*)\)|(?:[\w.]+\s+)?"(?P<one>[^"\n]*)")', re.MULTILINE
)
_NAME: Final = re.compile(r'^[ \t]*(?P<off>//[ \t]*)?(?:[\w.]+[ \t]+)?"(?P<name>[^"\n]*)"', re.MULTILINE)
_EMBED: Final = re.compile(r"^//go:embed[ \t]+([^\n]+)", re.MULTILINE)
_GENERATE: Final = re.compile(r"\S+")
_COMMAND: Final = re.compile(r"^//go:generate[ \t]+([^\n]+)", re.MULTILINE)
_MODULE: Final = re.compile(r'^module[ \t]+"?([^\s"]+)', re.MULTILINE)
_DIRECTORY: Final = re.compile(
    r"(?:=>[ \t]*|^[ \t]*(?:use[ \t]+)?)(?P<name>\.{1,2}(?:/[^\s)]*)?)", re.MULTILINE
)


class Go(Reader):
    """Sources: imports within the module, and embedded files."""

    kind = "go"
    carries: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("*.go",)
    facts: ClassVar[tuple[str, ...]] = ("go.mod", "go.work")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield imports and embedded patterns."""
        del path
        lines = Lines(text)
        for match in _IMPORTS.finditer(text):
            if match["one"] is not None:
                yield _claim(lines, match.start("one"), match["one"], "go-import", carries=True)
                continue
            for one in _NAME.finditer(match["many"]):
                start = match.start("many") + one.start("name")
                off = one["off"] is not None
                yield _claim(lines, start, one["name"], "go-import", carries=not off, prose=off)
        for match in _EMBED.finditer(text):
            for one in _GENERATE.finditer(match[1]):
                name = one[0].strip('"`').removeprefix("all:")
                yield _claim(lines, match.start(1) + one.start(), one[0], "go-embed", name)
        for match in _COMMAND.finditer(text):
            line, column = lines.at(match.start(1))
            yield from claims_of_commands(
                match[1], kind="go-generate", line=line, column=column, bases=(HERE,)
            )

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the directory of a package that has sources, or what an embedding matches."""
        if claim.kind == "go-generate":
            yield from world.places(claim.wanted, claim.bases, file)
            return
        if claim.kind == "go-embed":
            yield join(parent(file), claim.wanted) or ""
            return
        for module, directory in world.fact("go modules", _modules):
            if claim.wanted == module or claim.wanted.startswith(module + "/"):
                place = join(directory, claim.wanted[len(module) :])
                if place is not None and (found := _package(place, world)) is not None:
                    yield found or f"{directory}/go.mod".lstrip("/")

    def needles(self, gone: Iterable[str], world: World) -> Iterable[str]:
        """Return the paths of modules, whose last part need not be that of their directory, and packages."""
        directories = set(gone)
        modules = [one for one, directory in world.fact("go modules", _modules) if directory in directories]
        packages = {parent(path).rpartition("/")[2] for path in directories if path.endswith(".go")}
        return [*modules, *packages]


def _package(place: str, world: World) -> str | None:
    """Return what a package stands or falls with: its directory, or a source where that holds other files."""
    inside = [one for one in world.below(place) if parent(one) == place]
    sources = [one for one in inside if one.endswith(".go") and not one.endswith("_test.go")]
    if not sources:
        return None
    whole = all(one.endswith((".go", "/go.mod", "/go.sum")) for one in world.below(place))
    return place if whole or not place else sources[0]


class GoModules(Reader):
    """The directories that go.mod replaces modules by, and those that go.work uses."""

    kind = "go-mod"
    files: ClassVar[tuple[str, ...]] = ("go.mod", "go.work")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the directories."""
        del path
        lines = Lines(text)
        for match in _DIRECTORY.finditer(text):
            yield _claim(lines, match.start("name"), match["name"], "go-directory")

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the module's file, without which the directory is of no use."""
        del world
        place = join(parent(file), claim.wanted)
        if place:
            yield f"{place}/go.mod"


def _modules(world: World) -> list[tuple[str, str]]:
    """Collect module paths and directories; a module that moved away counts where another one names it."""
    texts = {path: text for path, text in world.texts.items() if path.endswith(("go.mod", "go.work"))}
    named = {
        join(parent(path), one["name"])
        for path, text in texts.items()
        if path not in world.arrived
        for one in _DIRECTORY.finditer(text)
    }
    found = []
    for path, text in texts.items():
        match = _MODULE.search(text) if path.endswith("go.mod") else None
        if match and (path not in world.arrived or parent(path) in named):
            found.append((match[1], parent(path)))
    return sorted(found, key=lambda one: -len(one[0]))


def _claim(
    lines: Lines,
    start: int,
    text: str,
    kind: str,
    name: str = "",
    *,
    carries: bool = False,
    prose: bool = False,
) -> Claim:
    line, column = lines.at(start)
    glob = not WILDCARDS.isdisjoint(name)
    return Claim(
        line=line,
        column=column,
        text=text,
        name=name,
        kind=kind,
        bases=(HERE,),
        carries=carries,
        prose=prose,
        firm=bool(name) and not glob,
    )
