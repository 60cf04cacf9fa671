"""The lines of a C source that may name a file: few, and quickly found."""

from collections.abc import Iterator
from typing import Final

_WORDS: Final = ("include", "incbin", "import", "embed", ".bin", "define")
"""In small letters: one of them is in every line in which the reader finds something, but in resources."""


def telling_lines(text: str) -> Iterator[str]:
    """Yield the lines that include or embed something, or define a string; some of them more than once."""
    small = text.lower()
    if len(small) != len(text):  # of a few letters the small one is two
        yield text
        return
    for word in _WORDS:
        at = small.find(word)
        while at >= 0:
            first, last = small.rfind("\n", 0, at) + 1, small.find("\n", at)
            line = text[first : last if last >= 0 else len(text)]
            if word != "define" or '"' in line:
                yield line
            at = small.find(word, last) if last >= 0 else -1
