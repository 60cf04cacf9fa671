"""What comes of a command: whether anybody notices that it failed."""

from collections.abc import Iterator

from mothball.core.references.shell.items import Command, Comment, Item, Word
from mothball.core.references.shell.programs import FAILING, HARMLESS, KEYWORDS


def without_keywords(rest: list[Word]) -> tuple[bool, list[Word]]:
    """Take away the words that only build sentences of commands; say whether they negate."""
    negated = False
    while rest and rest[0].value in KEYWORDS:
        negated |= rest[0].value == "!"
        rest = rest[1:]
    return negated, rest


def hidden_in(items: list[Item]) -> set[int]:
    """Return which commands may fail and nothing turns red: ``a | b || true``."""
    found: set[int] = set()
    chain: list[int] = []
    for index, item in enumerate(items):
        if isinstance(item, Comment):
            continue
        if isinstance(item, Command):
            chain.append(index)
        if item.after == "||" and not fails(items, index) and _harmless(items, index):
            found.update(chain)
        if item.after not in {"&&", "||", "|", "|&", ""} and not (
            isinstance(item, Command) and item.after in {"(", ")"}
        ):
            chain.clear()
    return found


def _after(items: list[Item], index: int) -> Iterator[str]:
    for item in items[index + 1 : index + 6]:
        if isinstance(item, Command):
            _, rest = without_keywords(item.words)
            yield " ".join(word.value for word in rest[:2])
            if item.words and item.words[0].value != "{" and item.after in {"newline", "\n"}:
                return


def _harmless(items: list[Item], index: int) -> bool:
    first = next(_after(items, index), "")
    return first.partition(" ")[0] in HARMLESS or first in {"exit 0", "return 0"}


def fails(items: list[Item], index: int) -> bool:
    """Say whether what comes after ``||`` gives up."""
    following = list(_after(items, index))
    if following and following[0] in {"true", ":"}:
        return False
    return any(one.partition(" ")[0] in FAILING and one not in {"exit 0", "return 0"} for one in following)
