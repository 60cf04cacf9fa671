"""Read the contents of many blobs, one after the other, from one git."""

from collections.abc import Iterable, Iterator, Sequence
from threading import Thread
from typing import IO

from mothball.effects.git import Git

_CHUNK = 1 << 20


def contents(git: Git, blobs: Sequence[str], *, largest: int) -> Iterator[bytes | int | None]:
    """Yield the content of each blob, in order; of one larger than ``largest`` bytes its size instead.

    ``None`` stands for a blob that is not here (a partial clone); nothing is fetched.
    """
    if not blobs:
        return
    with git.talk("cat-file", "--batch") as process:
        if process.stdin is None or process.stdout is None:
            return
        writer = Thread(target=_ask, args=(process.stdin, blobs), daemon=True)
        writer.start()
        for _ in blobs:
            yield _answer(process.stdout, largest)
        writer.join()


def _ask(pipe: IO[bytes], blobs: Iterable[str]) -> None:
    try:
        with pipe:
            pipe.writelines(blob.encode() + b"\n" for blob in blobs)
    except BrokenPipeError:
        pass  # nobody wants to know the rest


def _answer(pipe: IO[bytes], largest: int) -> bytes | int | None:
    """Read ``ID blob SIZE``, the content, and a newline."""
    head = pipe.readline().split(b" ")
    if len(head) != 3 or head[1] != b"blob":
        return None
    size = int(head[2])
    if size <= largest:
        content = pipe.read(size)
        pipe.read(1)
        return content
    left = size + 1
    while left > 0:
        read = len(pipe.read(min(left, _CHUNK)))
        left -= read or left
    return size
