"""Hold the imports that the Python reader finds against those that ``ruff analyze graph`` finds.

Run it on directories with sources, such as unpacked source distributions::

    python -m tests.accuracy.imports DIRECTORY...

An edge that both have is one file that imports another. What only ruff has is printed: it must be explained.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mothball.core.references.claims import Unreadable
from mothball.core.references.reader import facts_in
from mothball.core.references.readers.python import Python
from mothball.core.references.texts import decode_text
from mothball.core.references.world import World

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The edges of a directory.

    Attributes:
        both: found by both.
        missed: found by ruff only.
        more: found by the reader only.
    """

    both: frozenset[Edge]
    missed: frozenset[Edge]
    more: frozenset[Edge]


def compare(directory: Path) -> Compared:
    """Read a directory with both."""
    theirs, ours = frozenset(_of_ruff(directory)), frozenset(_of_reader(directory))
    needless = frozenset(edge for edge in theirs - ours if _only_holds(edge, ours) or _is_stub(edge, ours))
    return Compared(both=theirs & ours, missed=theirs - ours - needless, more=ours - theirs)


def _only_holds(edge: Edge, ours: frozenset[Edge]) -> bool:
    """Say whether an edge leads to the ``__init__.py`` of a package of which only modules are imported.

    Python runs that file, too, but does without it where it is not there.
    """
    file, target = edge
    package = target.removesuffix("__init__.py")
    return package != target and any(one == file and other.startswith(package) for one, other in ours)


def _is_stub(edge: Edge, ours: frozenset[Edge]) -> bool:
    """Say whether an edge leads to what only type checkers read, beside the source that Python runs."""
    file, target = edge
    return target.endswith(".pyi") and (file, target.removesuffix("i")) in ours


def _of_ruff(directory: Path) -> Iterator[Edge]:
    command = [sys.executable, "-m", "ruff", "analyze", "graph", "--quiet", "--preview", "."]
    printed = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout
    for file, targets in json.loads(printed).items():
        yield from ((file, target) for target in targets if target != file)


def _of_reader(directory: Path) -> Iterator[Edge]:
    files = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    texts = {name: decode_text(files[name].read_bytes()) or "" for name in facts_in(files)}
    world, reader = World(files, texts), Python()
    for name, path in files.items():
        if not name.endswith((".py", ".pyi")) or (text := decode_text(path.read_bytes())) is None:
            continue
        try:
            for claim in reader.read(text, name):
                found = world.find(reader.paths(claim, name, world)) if "import" in claim.kind else None
                if found is not None and not claim.doubtful and found != name:
                    yield name, found
        except (Unreadable, RecursionError):
            continue


def main() -> int:
    """Print one line for each directory, and every edge that is missed."""
    for argument in sys.argv[1:]:
        found = compare(Path(argument))
        figures = f"{len(found.both)} in both, {len(found.missed)} missed, {len(found.more)} more"
        sys.stdout.write(f"{argument}: {figures}\n")
        for file, target in sorted(found.missed):
            sys.stdout.write(f"  missed: {file} -> {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
