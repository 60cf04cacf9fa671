"""Read the contents of many blobs, one after the other, from one git."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from mothball.effects.git import Git

_CHUNK = 1 << 20
_AT_ONCE = 100
"""Blobs asked for in one go, and as many ahead: few enough for their ids to lie in a pipe on any system."""

Content = bytes | int | None
"""What a blob holds; of one that is too large its size, ``None`` of one that is not here."""


def contents(git: Git, blobs: Sequence[str], *, largest: int) -> Iterator[Content]:
    """Yield the content of each blob, in order; of one larger than ``largest`` bytes its size instead.

    ``None`` stands for a blob that is not here (a partial clone); nothing is fetched.
    """
    if blobs:
        with asking(git, largest=largest) as ask:
            yield from ask(blobs)


@contextmanager
def asking(git: Git, *, largest: int) -> Iterator[Callable[[Sequence[str]], Iterator[Content]]]:
    """Start one git and give what yields `contents` from it, as often as it is asked."""
    with git.talk("cat-file", "--batch") as process:
        question, answers = process.stdin, process.stdout
        assert question is not None and answers is not None

        def ask(blobs: Sequence[str]) -> Iterator[Content]:
            parts = [blobs[first : first + _AT_ONCE] for first in range(0, len(blobs), _AT_ONCE)]
            _say(question, *parts[:1])
            for number, part in enumerate(parts, start=1):
                _say(question, *parts[number : number + 1])  # git looks for these while the others are read
                for _ in part:
                    yield _answer(answers, largest)

        yield ask


def _say(pipe: IO[bytes], *parts: Sequence[str]) -> None:
    try:
        pipe.write("".join(f"{blob}\n" for blobs in parts for blob in blobs).encode())
        pipe.flush()
    except BrokenPipeError:
        pass  # its answers end, too: these blobs count as not here


def _answer(pipe: IO[bytes], largest: int) -> Content:
    """Read ``ID blob SIZE``, the content, and a newline."""
    head = pipe.readline().split(b" ")
    if len(head) != 3 or head[1] != b"blob":
        return None
    size = int(head[2])
    if size <= largest:
        content = pipe.read(size + 1)
        return content[:size]
    left = size + 1
    while left > 0:
        read = len(pipe.read(min(left, _CHUNK)))
        left -= read or left
    return size
