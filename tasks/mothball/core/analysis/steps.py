"""The execution plan of the analysis: our commands, and beside each the plain git commands it replaces."""

from collections.abc import Iterator, Sequence
from typing import Final

from mothball.core.analysis.facts import Facts, Group
from mothball.core.markdown import cut, fenced, shell_word, span, words
from mothball.core.show import count
from mothball.core.steps import COMMIT, FIX, README, STRUCTURE, managed_paths, steps
from mothball.core.tree import directories, parent

COMMANDS: Final = 12
"""Plain git commands shown of one step."""
_LACKING: Final = (
    "The plain git commands below are for reading, and for whoever has no mothball at hand. They lack what it"
    " checks and keeps: that every pattern matches and no place is taken, ignored or outside of the"
    " repository; that nothing kept moves, no link breaks and no attribute changes; that all of it is taken"
    " back when anything fails; that every content is still there afterwards; the record of every move, and"
    " the way back."
)


def execution_plan(facts: Facts) -> Iterator[str]:
    """Yield the lines of the section."""
    yield "## ✅ Execution Plan"
    yield ""
    yield "All steps, between the checks before and the checks after, as one transaction:"
    yield ""
    yield from fenced([f"{facts.analysis.door} archive.all"], "bash")
    yield "Or one by one; every step can be repeated, and `archive.all` goes on from any of them."
    yield ""
    yield _LACKING
    yield ""
    groups = {group.name: group for group in facts.groups}
    door = facts.analysis.door
    for number, step in enumerate(steps(facts.plan), 1):
        yield from _head(number, step.title, f"{door} archive.{step.name}")
        if step.name == STRUCTURE:
            yield from _structure(facts)
        elif step.name == README:
            yield from _pages(facts)
        elif step.name == FIX:
            yield from _fixes(facts)
        else:
            yield from _moves(groups[step.name])
    yield from _head(len(steps(facts.plan)) + 1, "Commit and push", f"{door} archive.{COMMIT} --push")
    yield from _commit(facts)


def _head(number: int, title: str, command: str) -> Iterator[str]:
    yield f"### Step {number}: {words(title)}"
    yield ""
    yield from fenced([command], "bash")


def _by_hand(lines: Sequence[str]) -> Iterator[str]:
    yield "By hand:"
    yield ""
    more = f"# {count(len(lines) - COMMANDS, 'more command')} like these"
    yield from fenced([*cut(lines, COMMANDS)[:COMMANDS], *([more] if len(lines) > COMMANDS else [])], "bash")


def _structure(facts: Facts) -> Iterator[str]:
    wanted = directories(move.target for move in facts.analysis.moves)
    inner = wanted - {parent(path) for path in wanted}
    if not inner:
        yield "No directory is missing."
        yield ""
        return
    yield from _by_hand([f"mkdir -p -- {shell_word(path)}" for path in sorted(inner)])


def _moves(group: Group) -> Iterator[str]:
    if not group.moves:
        yield "Nothing is left to move."
        yield ""
        return
    lines = [
        f"git mv -- {shell_word(move.source)} {shell_word(parent(move.target) + '/')}" for move in group.moves
    ]
    yield from _by_hand(lines)


def _fixes(facts: Facts) -> Iterator[str]:
    paths = sorted(facts.analysis.rewritten)
    if not paths:
        yield "There is nothing to rewrite."
        yield ""
        return
    yield "It writes the new path where these files name an old one:"
    yield ""
    yield from fenced(cut(paths, COMMANDS))


def _pages(facts: Facts) -> Iterator[str]:
    paths = managed_paths(facts.plan)
    readme = facts.plan.readme
    section = f", and the section of {span(readme)} between its markers" if readme else ""
    yield (
        f"It writes the ledger {span(paths[0])}, the index {span(paths[1])}{section}. By hand these are texts"
        " to write; git only stages them:"
    )
    yield ""
    yield from fenced([f"git add -- {' '.join(map(shell_word, paths))}"], "bash")


def _commit(facts: Facts) -> Iterator[str]:
    commit = facts.plan.commit
    lines = [f"git switch --create {shell_word(commit.branch)}"] if commit.branch else []
    lines += [f"git commit -m {shell_word(commit.message)}", "git push"]
    if commit.per_category:
        yield "The plan asks for one commit per category; by hand, commit after each of the steps above."
        yield ""
    yield from _by_hand(lines)
