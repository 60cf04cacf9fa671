"""Tell the blobs that name something apart from the many that do not, on two cores, and remember those.

What is remembered are only blobs without any of the names: their content can never change, so that a later
run with the same names need not read them again.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import IO, Final

from mothball.core.references.needles import Needles
from mothball.core.references.texts import MAX_BYTES
from mothball.effects.blobs import contents
from mothball.effects.git import Git
from mothball.effects.store import Store

WORTH: Final = 2000
"""Blobs below which neither a second process nor a file to remember them pays."""
_PROCESSES: Final = 2
_QUIET: Final = b"q"
_LOUD: Final = b"l"
_CHUNK: Final = 256


def loud_blobs(
    git: Git, store: Store, blobs: Iterable[str], needles: Needles, advance: Callable[[int], None]
) -> set[str]:
    """Return the blobs that hold one of the names, are too large to look into, or are not here.

    ``advance`` is told of each that is looked at, and of those that need not be.
    """
    wanted = list(dict.fromkeys(blobs))
    memory = _Memory(store, needles)
    quiet = memory.known() if len(wanted) >= WORTH else set()
    new = [blob for blob in wanted if blob not in quiet]
    advance(len(wanted) - len(new))
    if len(new) < WORTH:
        loud = {blob for blob, sign in zip(new, _signs(git, new, needles), strict=True) if sign == _LOUD}
        advance(len(new))
    else:
        loud = _side_by_side(git, new, needles, advance)
    if len(new) - len(loud) >= WORTH or (quiet and len(new) > len(loud)):
        memory.keep(quiet.intersection(wanted).union(set(new) - loud))
    return loud


def _signs(git: Git, blobs: Sequence[str], needles: Needles) -> Iterable[bytes]:
    for content in contents(git, blobs, largest=MAX_BYTES):
        yield _QUIET if isinstance(content, bytes) and not needles.are_in(content) else _LOUD


def _side_by_side(
    git: Git, blobs: Sequence[str], needles: Needles, advance: Callable[[int], None]
) -> set[str]:
    """Give each process its share, in the order of the index, which is that of the packs."""
    share = -(-len(blobs) // _PROCESSES)
    parts = [blobs[at : at + share] for at in range(0, len(blobs), share)]
    answers: list[bytearray] = [bytearray() for _ in parts]
    threads = [
        Thread(target=_ask, args=(git, part, needles, answer, advance))
        for part, answer in zip(parts, answers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loud: set[str] = set()
    for part, answer in zip(parts, answers, strict=True):
        # What a process that died has not answered is looked at again, like everything that is loud.
        signs = bytes(answer).ljust(len(part), _LOUD)
        loud.update(blob for blob, sign in zip(part, signs, strict=True) if sign == _LOUD[0])
    return loud


def _ask(
    git: Git, blobs: Sequence[str], needles: Needles, answer: bytearray, advance: Callable[[int], None]
) -> None:
    # Safe path (-P): nothing in the repository may be imported in the place of what we need.
    command = [sys.executable, "-P", "-c", "from mothball.effects.sieve import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        command, cwd="/", env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        if process.stdin is None or process.stdout is None:
            return
        names = [name.encode("utf-8", "surrogateescape").hex() for name in needles.names]
        question = {"root": os.fsencode(git.root).hex(), "names": names, "blobs": list(blobs)}
        process.stdin.write(json.dumps(question).encode())
        process.stdin.close()
        while chunk := os.read(process.stdout.fileno(), _CHUNK):
            answer += chunk
            advance(len(chunk))


def main() -> None:
    """Answer one question on standard input, with a byte for each blob: the other side of `_ask`."""
    question = json.load(sys.stdin.buffer)
    git = Git(Path(os.fsdecode(bytes.fromhex(question["root"]))))
    names = (bytes.fromhex(name).decode("utf-8", "surrogateescape") for name in question["names"])
    _write(sys.stdout.buffer, _signs(git, question["blobs"], Needles(names)))


def _write(pipe: IO[bytes], signs: Iterable[bytes]) -> None:
    waiting = bytearray()
    for sign in signs:
        waiting += sign
        if len(waiting) == _CHUNK:
            pipe.write(waiting)
            pipe.flush()
            waiting.clear()
    pipe.write(waiting)


class _Memory:
    """The blobs without certain names: the file ``mothball/quiet``, for the names asked for last."""

    def __init__(self, store: Store, needles: Needles) -> None:
        self._place = store.folder / "quiet"
        names = "\0".join(needles.names).encode("utf-8", "surrogateescape")
        self._head = f"mothball.quiet/1 {sha256(names).hexdigest()} ".encode()

    def known(self) -> set[str]:
        """Return what is remembered of these names; nothing where the file is another's or damaged."""
        try:
            whole = self._place.read_bytes()
        except OSError:
            return set()
        head, _, body = whole.partition(b"\n")
        if head != self._head + sha256(body).hexdigest().encode():
            return set()
        size = body[0] if body else 0
        return {body[at : at + size].hex() for at in range(1, len(body), size)} if size else set()

    def keep(self, blobs: set[str]) -> None:
        """Remember blobs, all of one length; where that is refused, do without."""
        ids = [bytes.fromhex(blob) for blob in sorted(blobs)]
        body = bytes([len(ids[0])]) + b"".join(ids) if ids else b""
        new = self._place.with_name("quiet.new")
        try:
            new.parent.mkdir(exist_ok=True)
            new.write_bytes(self._head + sha256(body).hexdigest().encode() + b"\n" + body)
            new.replace(self._place)
        except OSError:
            return
