"""What a reader is. Each lives in a module of its own in `mothball.core.references.readers`."""

from collections.abc import Container, Iterable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import ClassVar, Final

from mothball.core.references.claims import Claim
from mothball.core.references.dispatch import Dispatch
from mothball.core.references.world import World

_READERS: Final = "mothball.core.references.readers"


class Reader:
    """Knows one format. A subclass has `files` and `read`, and `paths` for a way of its own to look names up.

    Attributes:
        kind: a short name, the first part of the kinds that its claims have.
        files: shell patterns of what it reads, any letter case; one without a slash is for base names.
        always: whether it reads a file that names nothing that goes, for globs do not have to.
        carries: whether what it claims can take the whole file down: only such readers are asked for chains.
        gleans: whether it takes only what the other readers leave: not a place where a claim of theirs found
            something, and a place where one found nothing only as prose.
        facts: patterns, as in ``files``, of the files whose texts `paths` asks the world for.
        moving: the same, of those whose texts it only asks for where they move.
    """

    kind: ClassVar[str]
    files: ClassVar[tuple[str, ...]]
    always: ClassVar[bool] = False
    carries: ClassVar[bool] = False
    gleans: ClassVar[bool] = False
    facts: ClassVar[tuple[str, ...]] = ()
    moving: ClassVar[tuple[str, ...]] = ()
    known: ClassVar[list[type["Reader"]]] = []

    def __init_subclass__(cls) -> None:
        """Register the reader."""
        Reader.known.append(cls)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what a text claims; ``path`` only tells dialects apart.

        Raises:
            Unreadable: when the text does not parse. What was yielded before stands.
        """
        raise NotImplementedError

    def sift(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield what `read` does; a claim whose last part is none of ``names`` finds nothing that goes."""
        del names
        return self.read(text, path)

    def carried(self, text: str, path: str, names: Container[str]) -> Iterator[Claim]:
        """Yield, of what `sift` does, at least the claims that take the whole file down."""
        return self.sift(text, path, names)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the paths that a claim may mean, made in ``file``, in the order in which they are tried."""
        return world.places(claim.wanted, claim.bases, file)

    def needles(self, gone: Iterable[str], world: World) -> Iterable[str]:
        """Return by which names texts may call what goes, besides those of its paths."""
        del gone, world
        return ()


@cache
def readers() -> tuple[Reader, ...]:
    """Return one of each reader, by module name; the first that claims a place in a text has it."""
    package = import_module(_READERS)
    for module in sorted(module.name for module in iter_modules(package.__path__)):
        import_module(f"{_READERS}.{module}")
    return tuple(kind() for kind in sorted(Reader.known, key=lambda kind: kind.__module__))


@cache
def _dispatch(*, always: bool) -> Dispatch[Reader]:
    return Dispatch((reader.files, reader) for reader in readers() if reader.always or not always)


@cache
def _facts() -> Dispatch[None]:
    return Dispatch([({pattern for reader in readers() for pattern in reader.facts}, None)])


@cache
def _moving() -> Dispatch[None]:
    return Dispatch([({pattern for reader in readers() for pattern in reader.moving}, None)])


@cache
def _only(patterns: tuple[str, ...]) -> Dispatch[None]:
    return Dispatch([(patterns, None)])


def takes(patterns: tuple[str, ...], path: str) -> bool:
    """Say whether one of a reader's patterns matches a path."""
    return bool(_only(patterns).of(path))


def facts_in(paths: Iterable[str], moved: Container[str] = ()) -> list[str]:
    """Return the files whose texts a world of these paths needs, some of them only where they ``moved``."""
    known = [*paths]
    moving = _moving().among(path for path in known if path in moved)
    return [*dict.fromkeys((*_facts().among(known), *moving))]


def readers_of(path: str) -> list[Reader]:
    """Return the readers of a file, in order."""
    return _dispatch(always=False).of(path)


def always_read(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files that are read although they name nothing that goes."""
    return _dispatch(always=True).among(paths)
