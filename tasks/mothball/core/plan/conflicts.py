"""What no single value of a plan shows: names used twice, destinations that meet, an archive without a home.

Judges the data as ``tomllib`` gives it, whatever else is wrong with it, so that one run tells all.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final
from unicodedata import normalize

from mothball.core.plan.paths import as_directory, directory_flaw
from mothball.core.plan.rules import Flaw, Mistake, shown
from mothball.core.plan.text import Path

_OWN_FILES: Final = ("README.md", "ledger.json")


def conflicts(data: dict[str, Any]) -> Iterator[Mistake]:
    """Yield what contradicts itself in a plan."""
    yield from _doubled_names(data, "archive")
    yield from _doubled_names(data, "metric")
    places = list(_destinations(data))
    yield from _doubled_destinations(places)
    yield from _doubled_spellings(places, data.get("home"))
    home = data.get("home")
    if home is None:
        home = shared_home([directory for _, directory in places])
        if places and home is None:
            yield Mistake(("home",), _homeless([directory for _, directory in places]))
    yield from _overwritten_readme(data, home)


def shared_home(destinations: list[str]) -> str | None:
    """Return the first component that all destinations share, as a directory; ``None`` if they do not."""
    firsts = {destination.split("/", 1)[0] for destination in destinations}
    return f"{firsts.pop()}/" if len(firsts) == 1 else None


def _entries(data: dict[str, Any], table: str) -> Iterator[tuple[int, dict[str, Any]]]:
    entries = data.get(table)
    if isinstance(entries, list):
        yield from ((at, entry) for at, entry in enumerate(entries) if isinstance(entry, dict))


def _destinations(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield every destination that is well written, with its path in the plan."""
    for at, entry in _entries(data, "archive"):
        into = entry.get("into")
        for directory in into if isinstance(into, dict) else ():
            if directory_flaw(directory) is None:
                yield ("archive", at, "into", directory), as_directory(directory)


def _doubled_names(data: dict[str, Any], table: str) -> Iterator[Mistake]:
    seen: dict[str, int] = {}
    for at, entry in _entries(data, table):
        name = entry.get("name")
        if not isinstance(name, str):
            continue
        first = seen.setdefault(name.strip(), at)
        if first != at:
            found = f"found the name {shown(name)} again, after {table}[{first}]"
            flaw = Flaw("plan-duplicate-name", found, "a name of its own", "Rename one, or make them one.")
            yield Mistake((table, at, "name"), flaw)


def _doubled_destinations(places: list[tuple[Path, str]]) -> Iterator[Mistake]:
    seen: set[tuple[Path, str]] = set()
    for path, directory in places:
        if (path[:2], directory) in seen:
            found = f"found the directory {shown(directory)} for a second time"
            remedy = "Put the patterns into one list."
            yield Mistake(path, Flaw("plan-duplicate-destination", found, "each once in a category", remedy))
        seen.add((path[:2], directory))


def _doubled_spellings(places: list[tuple[Path, str]], home: object) -> Iterator[Mistake]:
    """Find directories that are one where case does not count or accents are composed."""
    at_home: list[tuple[Path, str]] = []
    if isinstance(home, str) and directory_flaw(home) is None:
        at_home = [(("home",), as_directory(home))]
    seen: dict[tuple[int, str], tuple[int, str]] = {}
    for path, directory in chain(at_home, places):
        above = 0
        for part in directory.removesuffix("/").split("/"):
            above, first = seen.setdefault((above, _folded(part)), (len(seen) + 1, part))
            if first != part:
                found = (
                    f"found {shown(part)}, and above {shown(first)}, which is the same name on some systems"
                )
                flaw = Flaw("plan-path-spelling", found, "one spelling", f"Write {shown(first)} in both.")
                yield Mistake(path, flaw)
                break


def _folded(name: str) -> str:
    """Return what a name is to a file system that folds case and composes accents."""
    return normalize("NFC", normalize("NFC", name).casefold())


def _homeless(destinations: list[str]) -> Flaw:
    first = destinations[0]
    other = next(each for each in destinations if each.split("/")[0] != first.split("/")[0])
    found = f"there is no `home`, and {shown(first)} and {shown(other)} share no directory"
    return Flaw(
        "plan-no-home", found, "a directory for the archive's index and ledger", 'Add home = "archive/".'
    )


def _overwritten_readme(data: dict[str, Any], home: object) -> Iterator[Mistake]:
    readme = data.get("readme")
    path = readme.get("path") if isinstance(readme, dict) else None
    if not isinstance(home, str) or path not in [as_directory(home) + name for name in _OWN_FILES]:
        return
    found = f"found {shown(path)}, which mothball writes whole"
    yield Mistake(("readme", "path"), Flaw("plan-readme-own", found, "another file", "Name your own README."))
