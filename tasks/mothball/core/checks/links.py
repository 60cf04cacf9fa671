"""Do symbolic links still find what they found?"""

from collections.abc import Iterable, Iterator, Mapping

from mothball.core.checks.repository import RepositoryCheck
from mothball.core.errors import Exit, Problem
from mothball.core.show import visible
from mothball.core.survey import Survey
from mothball.core.tree import directories, is_below

_HOPS = 40
"""Links that are followed at most: SYMLOOP_MAX of Linux."""


class LinksHold(RepositoryCheck):
    """Every symbolic link still finds its target."""

    code = "link-breaks"
    exit = Exit.PLAN

    def find(self, case: Survey) -> Iterator[Problem]:
        """Yield links that find something in the tree now, and after the move nothing or something else."""
        links = case.ground.links
        if not links:
            return
        places = {move.source: move.target for move in case.selection.all_moves}
        moved = {places.get(path, path): text for path, text in links.items()}
        before = _names(case.snapshot.tree)
        after = _names(places.get(path, path) for path in case.snapshot.tree)
        root = case.snapshot.root
        for path, text in links.items():
            now = resolve(path, text, links, root)
            then = resolve(places.get(path, path), text, moved, root)
            if now in before and not (then in after and _same(now, then, places)):
                yield self.problem(
                    visible(path),
                    f"this symbolic link to {visible(text)} would not find it after the move",
                    "links whose target stays where they look",
                    "Archive link and target into one directory, keep both, or replace the link by a file.",
                )


def resolve(path: str, text: str, links: Mapping[str, str], root: str) -> str:
    """Return the path of the tree that a link leads to, through other links; ``""`` when it leads outside."""
    todo = _steps(path.split("/")[:-1], text, root)
    for _ in range(_HOPS):
        if todo is None:
            return ""
        done = next((end for end in range(1, len(todo) + 1) if "/".join(todo[:end]) in links), None)
        if done is None:
            return "/".join(todo)
        followed = _steps(todo[: done - 1], links["/".join(todo[:done])], root)
        todo = None if followed is None else [*followed, *todo[done:]]
    return ""


def _steps(folder: list[str], text: str, root: str) -> list[str] | None:
    """Walk a link's text from the folder it is in; ``None`` when that leaves the tree."""
    if text.startswith("/"):
        if not is_below(text, root):
            return None
        folder, text = [], text[len(root.rstrip("/")) + 1 :]
    steps = list(folder)
    for part in text.split("/"):
        if part == "..":
            if not steps:
                return None
            steps.pop()
        elif part not in {"", "."}:
            steps.append(part)
    return steps


def _same(now: str, then: str, places: Mapping[str, str]) -> bool:
    """Say whether a path of after is what a path of before became: a file, or a directory's files."""
    if now in places:
        return places[now] == then
    if now == then:
        return True
    return any(is_below(source, now) and is_below(target, then) for source, target in places.items())


def _names(paths: Iterable[str]) -> set[str]:
    found = set(paths)
    return found | directories(found)
