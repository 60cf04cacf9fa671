"""Hold the imports that the Python reader finds against those that two others find: ruff and grimp.

Run it on directories with sources, such as unpacked source distributions::

    python -m tests.accuracy.imports DIRECTORY...

An edge is one file that imports another. What only the other has is printed: it must be explained. grimp sees
packages only, and of these what is on the search path: it is asked about each package by itself.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mothball.core.references.claims import Unreadable
from mothball.core.references.reader import Reader, facts_in
from mothball.core.references.readers.notebook import Notebook
from mothball.core.references.readers.python import Python
from mothball.core.references.texts import decode_text
from mothball.core.references.world import World

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The edges of a directory.

    Attributes:
        both: found by both.
        missed: found by the other only.
        more: found by the reader only.
    """

    both: frozenset[Edge]
    missed: frozenset[Edge]
    more: frozenset[Edge]


_GRIMP = """
import json, sys, grimp
graph = grimp.build_graph(sys.argv[1], cache_dir=None, exclude_type_checking_imports=False)
found = {one: sorted(graph.find_modules_directly_imported_by(one)) for one in graph.modules}
json.dump(found, sys.stdout)
"""


def compare(ours: frozenset[Edge], theirs: frozenset[Edge]) -> Compared:
    """Compare what the reader and another found."""
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


def _of_grimp(directory: Path) -> Iterator[Edge]:
    for package in _packages(directory):
        command = [sys.executable, "-c", _GRIMP, package.name]
        run = subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=False)
        if run.returncode:
            sys.stderr.write(f"{package}: {run.stderr.strip().splitlines()[-1]}\n")
            continue
        for module, targets in json.loads(run.stdout).items():
            for target in targets:
                edge = (_file(package.parent, module), _file(package.parent, target))
                if all(edge) and edge[0] != edge[1]:
                    file, other = (one.relative_to(directory).as_posix() for one in edge if one)
                    yield file, other


def _packages(directory: Path) -> Iterator[Path]:
    """Yield the packages in the directory and in its ``src``."""
    for place in (directory, directory / "src"):
        yield from sorted(one.parent for one in place.glob("*/__init__.py"))


def _file(root: Path, module: str) -> Path | None:
    place = root / module.replace(".", "/")
    options = (place / "__init__.py", place.with_suffix(".py"))
    return next((one for one in options if one.is_file()), None)


def _of_reader(directory: Path) -> Iterator[Edge]:
    files = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    texts = {name: decode_text(files[name].read_bytes()) or "" for name in facts_in(files)}
    world = World(files, texts)
    readers: dict[str, Reader] = {".py": Python(), ".pyi": Python(), ".ipynb": Notebook()}
    for name, path in files.items():
        reader = readers.get(path.suffix)
        text = decode_text(path.read_bytes()) if reader is not None else None
        if reader is None or text is None:
            continue
        try:
            for claim in reader.read(text, name):
                found = world.find(reader.paths(claim, name, world)) if "import" in claim.kind else None
                if found is not None and not claim.doubtful and found != name:
                    yield name, found
        except (Unreadable, RecursionError):
            continue


def main() -> int:
    """Print two lines for each directory, and every edge that is missed."""
    for argument in sys.argv[1:]:
        directory = Path(argument)
        ours = frozenset(_of_reader(directory))
        for name, theirs in (("ruff", _of_ruff(directory)), ("grimp", _of_grimp(directory))):
            found = compare(ours, frozenset(theirs))
            figures = f"{len(found.both)} in both, {len(found.missed)} missed, {len(found.more)} more"
            sys.stdout.write(f"{argument}: {name}: {figures}\n")
            for file, target in sorted(found.missed):
                sys.stdout.write(f"  missed: {file} -> {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
