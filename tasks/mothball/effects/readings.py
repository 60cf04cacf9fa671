"""Read many files for one question: what earlier runs remember, then the rest, in several processes.

Who reads a file makes no difference: a reading depends on the content, the path and the question alone. What
a process that dies leaves unanswered, this one reads.
"""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from traceback import walk_stack
from typing import Final

from mothball.core.references.needles import Needles
from mothball.core.references.reading import Question, Reading, Wanted, Way, is_always_asked, pack, unpack
from mothball.core.references.texts import MAX_BYTES
from mothball.core.references.vocabulary import Vocabulary
from mothball.effects.blobs import Content, asking
from mothball.effects.git import Git
from mothball.effects.memory import Memory
from mothball.effects.store import Store

MANY: Final = 2000
"""Files for which other processes are started at once."""
MUCH: Final = 20_000
"""Bytes of readings that are made here before other processes are started for the rest."""
WORTH: Final = 50
"""Files below which nothing is remembered."""
PROCESSES: Final = min(os.cpu_count() or 1, 4)
_AT_ONCE: Final = 50
_NOTHING: Final = b"null"
_DEEP: Final = 1000
_WAYS: Final = list(Way)

Ask = Callable[[Sequence[str]], Iterator[Content]]
Chunk = Sequence[Wanted]
Answers = list[bytes]
"""The packed readings of the files of a chunk."""


def readings(
    git: Git,
    store: Store,
    question: Question,
    files: Iterable[Wanted],
    advance: Callable[[int], None],
    *,
    whole: bool = True,
    processes: int = PROCESSES,
) -> Iterator[tuple[Wanted, Reading]]:
    """Yield the files of which there is something to say, each with its reading, in any order.

    ``advance`` is told of each file that was looked at. Where these are not the ``whole`` of the files, what
    is remembered of the others stays.
    """
    memory = Memory(store, question)
    lines: dict[bytes, bytes] = {}
    quiet: set[str] = set()
    new: list[Wanted] = []
    for one in files:
        if one.blob in memory.quiet and not is_always_asked(one):
            quiet.add(one.blob)
            advance(1)
        elif (found := memory.recall(one)) is not None:
            lines[found[0]] = found[1]
            if found[2] is not None:
                yield one, found[2]
            advance(1)
        else:
            new.append(one)
    for chunk, answers in _answered(git, question, new, processes):
        for one, line in zip(chunk, answers, strict=True):
            if line == _NOTHING and not is_always_asked(one):
                quiet.add(one.blob)
                continue
            lines[memory.key(one)] = line
            if line != _NOTHING:
                yield one, unpack(line, one)
        advance(len(chunk))
    if len(new) >= WORTH or (new and memory.holds):
        memory.keep(quiet, lines, adding=not whole)


def _answered(
    git: Git, question: Question, files: Sequence[Wanted], processes: int
) -> Iterator[tuple[Chunk, Answers]]:
    """Yield every file in a chunk with its packed reading: the first few from here, many from others."""
    waiting = deque(files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE))
    made = MUCH if len(files) >= MANY else 0
    with asking(git, largest=MAX_BYTES) as ask:
        while waiting:
            if processes > 1 and made >= MUCH and len(waiting) > 1:
                yield from _helped(git, question, waiting, processes)
                processes = 1
                continue
            chunk = waiting.popleft()
            answers = _answers(question, chunk, ask)
            made += sum(map(len, answers))
            yield chunk, answers


def _answers(question: Question, chunk: Chunk, ask: Ask) -> Answers:
    with _room():
        contents = ask([one.blob for one in chunk])
        return [pack(question.answer(one, found), one) for one, found in zip(chunk, contents, strict=True)]


@contextmanager
def _room() -> Iterator[None]:
    """Let a text be nested as deeply in every process: what calls us does not count."""
    depth = sum(1 for _ in walk_stack(None))
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + _DEEP)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _helped(
    git: Git, question: Question, waiting: deque[Chunk], processes: int
) -> Iterator[tuple[Chunk, Answers]]:
    """Yield chunks as processes answer them; those of a process that dies go back to the waiting ones."""
    done: SimpleQueue[tuple[Chunk, Answers] | None] = SimpleQueue()
    helpers = [
        Thread(target=_help, args=(git, question, waiting, done), daemon=True) for _ in range(processes)
    ]
    for helper in helpers:
        helper.start()
    try:
        for _ in helpers:
            while found := done.get():
                yield found
    finally:
        left = [*waiting]
        waiting.clear()  # a helper that still works finds nothing more to do
        for helper in helpers:
            helper.join()
        waiting.extend(left)


def _help(
    git: Git,
    question: Question,
    waiting: deque[Chunk],
    done: "SimpleQueue[tuple[Chunk, Answers] | None]",
) -> None:
    """Have one process answer chunks for as long as there are any."""
    # Safe path (-P): nothing in the repository may be imported in the place of what we need.
    command = [sys.executable, "-P", "-c", "from mothball.effects.readings import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    pipe = subprocess.PIPE
    try:
        with subprocess.Popen(
            command, cwd="/", env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(_asked(git, question))
            while waiting:
                chunk = waiting.popleft()
                try:
                    process.stdin.write(_said([[one.blob, one.path, _WAYS.index(one.way)] for one in chunk]))
                    process.stdin.flush()
                    answers = [process.stdout.readline() for _ in chunk]
                except OSError:
                    answers = []
                if not (answers and answers[-1].endswith(b"\n")):
                    waiting.append(chunk)
                    break
                done.put((chunk, [line[:-1] for line in answers]))
            process.stdin.close()
    except (OSError, IndexError):
        pass  # it did not start, or another took the last chunk
    finally:
        done.put(None)


def _asked(git: Git, question: Question) -> bytes:
    return _said(
        {
            "root": os.fsencode(git.root).hex(),
            "paths": [*question.paths],
            "names": [*question.names],
            "needles": question.needles.names,
            "words": question.vocabulary and [*question.vocabulary.words],
        }
    )


def _said(row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"


def main() -> None:
    """Answer chunks on standard input, a line for each file: the other side of `_help`."""
    asked = json.loads(sys.stdin.buffer.readline())
    words = asked["words"]
    question = Question(
        paths=asked["paths"],
        names=frozenset(asked["names"]),
        needles=Needles(asked["needles"]),
        find_vocabulary=lambda: None if words is None else Vocabulary(words),
    )
    git = Git(Path(os.fsdecode(bytes.fromhex(asked["root"]))))
    with asking(git, largest=MAX_BYTES) as ask:
        for line in sys.stdin.buffer:
            chunk = [Wanted(path, blob, _WAYS[way]) for blob, path, way in json.loads(line)]
            sys.stdout.buffer.writelines(answer + b"\n" for answer in _answers(question, chunk, ask))
            sys.stdout.buffer.flush()
