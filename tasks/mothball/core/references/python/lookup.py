"""Turn the claims of Python sources into paths.

The first word of a claim's lookup says how: ``module`` is a dotted name, ``less N`` one whose last N parts
are something in a module, ``from`` the module of a ``from`` with its names, ``name`` one of these names;
``weak`` looks on search paths, too, that may have been set elsewhere. ``beside`` is a file of a test, beside
it or in a directory there.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from mothball.core.references.claims import Claim
from mothball.core.references.python.facts import binds
from mothball.core.references.python.marks import listed
from mothball.core.references.python.pytest import conftests_with
from mothball.core.references.python.search import (
    Asking,
    certain_roots,
    is_builtin,
    is_foreign,
    likely_roots,
    module_in,
    relative_module,
    weak_roots,
)
from mothball.core.references.world import World, join
from mothball.core.tree import parent, parents

MODULES: Final = listed(
    "module weak less from from-weak name name-weak",
)
"""The ways to look up a module that depend on the search path."""


def asking(claim: Claim, edits: tuple[str, ...], mode: str) -> Claim:
    """Add to the claim of a module what its file says of the search path."""
    if claim.lookup.partition(" ")[0] in MODULES:
        return replace(claim, bases=(f"={mode}", *edits))
    return claim


def candidates(claim: Claim, file: str, world: World) -> Iterator[str]:
    """Yield the paths that a claim of a Python source means."""
    how, _, rest = claim.lookup.partition(" ")
    if how in {"relative", "relative-name"}:
        yield from _relative(claim, file, world, how, rest)
    elif how in MODULES:
        found = _module(claim, file, world, how, rest)
        yield from [found] if found else []
    elif how == "package":
        found = module_in(world, _roots(claim, file, world, rest), rest)
        place = join(parent(found) if found.endswith(".py") else found, claim.name) if found else None
        yield from [place] if place else []
    elif how == "beside":
        yield from world.places(claim.wanted, claim.bases, file)
        if "*" not in claim.wanted:
            yield from (f"{base}/*/{claim.wanted}" for base in islice(parents(file), 2))
    elif how in {"fixture", "marker"}:
        yield from conftests_with(world, file, how, claim.name)
    else:
        yield from world.places(claim.wanted, claim.bases, file)


def _relative(claim: Claim, file: str, world: World, how: str, rest: str) -> Iterator[str]:
    level, _, names = rest.partition(" ")
    dotted = claim.name.strip(".")
    regular = False
    if how == "relative" and names:
        listed = names.split(",")
        inside = [
            one for one in listed if relative_module(world, file, int(level), f"{dotted}.{one}".strip("."))
        ]
        if len(inside) == len(listed) and listed != ["*"]:
            return
        regular = True
    found = relative_module(world, file, int(level), dotted, regular=regular)
    if how == "relative-name":
        package, _, name = dotted.rpartition(".")
        above = relative_module(world, file, int(level), package)
        if above and above != file and binds(world, above, name):
            return
    yield from [found] if found else []


def _module(claim: Claim, file: str, world: World, how: str, rest: str) -> str | None:
    dotted = claim.name
    weak = how.endswith("weak")
    if is_builtin(dotted) or (weak and is_foreign(world, dotted)):
        return None
    roots = _roots(claim, file, world, dotted, weak=weak)
    if module_in(world, roots, dotted) == file:
        roots = [root for root in roots if root != parent(file)]  # no module imports itself by its bare name
    found = _looked_up(dotted, world, how, rest, roots)
    # A directory is no module of what lies in it: a compiled one may be called the same.
    return None if found in world.directories and file.startswith(f"{found}/") else found


def _looked_up(dotted: str, world: World, how: str, rest: str, roots: list[str]) -> str | None:
    if how == "less":
        return _shortened(world, roots, dotted, int(rest))
    if how.startswith("name"):
        package, _, name = dotted.rpartition(".")
        above = module_in(world, roots, package)
        return None if above and binds(world, above, name) else module_in(world, roots, dotted)
    if how.startswith("from"):
        return _holding(world, roots, dotted, rest.partition(" ")[2].split(","))
    return module_in(world, roots, dotted)


def _holding(world: World, roots: list[str], dotted: str, names: list[str]) -> str | None:
    """Return the module of a ``from``, unless all that is imported from it are modules themselves."""
    found = module_in(world, roots, dotted, regular="*" not in names)
    own = found and any(binds(world, found, name) for name in names)
    if not own and "*" not in names and all(module_in(world, roots, f"{dotted}.{name}") for name in names):
        return None
    return found


def _shortened(world: World, roots: list[str], dotted: str, less: int) -> str | None:
    """Return the module that holds the last ``less`` parts of a name, if no longer part of it is one."""
    names = dotted.split(".")
    for fewer in range(less):
        if module_in(world, roots, ".".join(names[: len(names) - fewer])):
            return None
    return module_in(world, roots, ".".join(names[:-less]), regular=True)


def _roots(claim: Claim, file: str, world: World, dotted: str, *, weak: bool = False) -> list[str]:
    mode = claim.bases[0] if claim.bases and claim.bases[0].startswith("=") else "=file"
    asking = Asking(
        file=file, edits=claim.bases[1:] if claim.bases[:1] == (mode,) else (), script=mode == "=script"
    )
    roots = [*certain_roots(world, asking)]
    if not is_foreign(world, dotted):
        roots += likely_roots(world, asking)
    if weak:
        roots += weak_roots(world, asking, dotted)
    return list(dict.fromkeys(roots))
