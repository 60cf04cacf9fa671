"""Functions of a shell text: a body begins where it is written, and a call goes where the body ended."""

import re
from typing import Final

from mothball.core.references.shell.items import Command, Word
from mothball.core.references.shell.places import Place
from mothball.core.references.shell.programs import KEYWORDS

_NAME: Final = re.compile(r"[A-Za-z_][\w:-]*")


class Functions:
    """The braces that are open at a place, and what the functions so far do to the directory."""

    def __init__(self) -> None:
        """Begin outside of every function."""
        self._named = ""
        self._open: list[tuple[str, Place]] = []
        self._went: dict[str, tuple[Place, Place]] = {}

    def head(self, command: Command) -> list[Word]:
        """Return the words of a command without ``function name`` or ``name ()``, which begin a body."""
        words = command.words
        if len(words) > 1 and words[0].value == "function":
            self._named = words[1].value.removesuffix("()")
            return words[2:]
        if command.after == "(" and len(words) == 1 and _NAME.fullmatch(words[0].value):
            self._named = words[0].value if words[0].value not in KEYWORDS else ""
            return []
        return words

    def braced(self, words: list[Word], here: Place) -> Place:
        """Return the directory behind the braces that a command begins with, ``here`` being that before."""
        for word in words:
            if word.value not in KEYWORDS:
                break
            if word.value == "{":
                self._open.append((self._named, here))
                self._named = ""
            elif word.value == "}" and self._open:
                name, before = self._open.pop()
                if name:
                    self._went[name], here = (before, here), before
        if words:
            self._named = ""
        return here

    def called(self, name: str, here: Place) -> Place:
        """Return the directory after a call; from elsewhere than where it was written nobody follows it."""
        before, after = self._went.get(name, (here, here))
        return after if here == before else here
