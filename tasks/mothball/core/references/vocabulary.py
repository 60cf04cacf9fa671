"""The words by which anything in a tree can be named: a file that moves and has none of them names nothing.

This spares most data and most results of experiments every parser, however many of them move.
"""

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z0-9_\x80-\U0010ffff]+")
# A word may stand behind an escape, a percent sign of an address, a flag of one letter.
_BEHIND: Final = re.compile(r"[\\%-]([A-Za-z0-9_\x80-\U0010ffff]+)")
# What leads to files without a word of their names: dots, wildcards, suffixes, and numbers of directories.
# Each begins with one letter of its own: a text is searched for these first, some five times as fast.
_LEADS: Final = re.compile(
    r"\.\.|parents?\b|dirname|\*(?<=[\w/]\*)[\"'`\s)]|\*\.\w|\*/|\?\.\w|\}\w*\.\w|\]\w*\.\w|%\w*[sd]"
    + "".join(rf"|{quote}\.(?:\w|/?[\"'`])" for quote in "\"'`")
)
_FIRST: Final = 2000
"""Characters that are searched by themselves: of most texts that may name something they tell."""


def written(names: Iterable[str]) -> set[str]:
    """Return names with what they are in languages that allow no dash in one."""
    known = set(names)
    return known | {name.replace("-", "_") for name in known if "-" in name}


def words_of(names: Iterable[str]) -> set[str]:
    """Return a word of each name that every text has which holds the name, however its dashes are written."""
    known = written(names)
    whole = {name for name in known if name.isidentifier()}
    return whole | {max(found, key=len) for name in known - whole if (found := _WORD.findall(name))}


class Vocabulary:
    """Words to be asked about whole texts."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words as `words_of` gives them."""
        self.words = frozenset(words)

    def is_used_in(self, text: str) -> bool:
        """Say whether a text may name something; of most that do the first lines tell."""
        return (
            self._has_word_of(text[:_FIRST])
            or _LEADS.search(text) is not None
            or (len(text) > _FIRST and self._has_word_of(text))
        )

    def _has_word_of(self, text: str) -> bool:
        behind = _BEHIND.findall(text)
        return not (
            self.words.isdisjoint(_WORD.findall(text))
            and self.words.isdisjoint(word[1:] for word in behind)
            and self.words.isdisjoint(word[2:] for word in behind)
        )
