"""Processes that read for us: started when there is much to read, and kept for the next question.

Who reads a file makes no difference: a reading depends on the content, the path and the question alone. What
a process that dies leaves unanswered goes back to those that wait.
"""

import gc
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from traceback import walk_stack
from typing import Final

from mothball.core.references.needles import Needles
from mothball.core.references.reading import Question, Wanted, Way, pack
from mothball.core.references.texts import MAX_BYTES
from mothball.core.references.vocabulary import Vocabulary
from mothball.effects.blobs import Content, asking
from mothball.effects.git import Git

PROCESSES: Final = min(os.cpu_count() or 1, 4)
_DEEP: Final = 1000
_WAYS: Final = list(Way)

Ask = Callable[[Sequence[str]], Iterator[Content]]
Chunk = Sequence[Wanted]
Answers = list[bytes]
"""The packed readings of the files of a chunk."""
Answered = tuple[Chunk, Answers]


def answers_of(question: Question, chunk: Chunk, ask: Ask) -> Answers:
    """Read the files of a chunk in this very process."""
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


@contextmanager
def crew(git: Git, processes: int = PROCESSES) -> Iterator["Crew"]:
    """Hold a crew, of nobody at first; all that were started end with it."""
    held = Crew(git, processes)
    try:
        yield held
    finally:
        held.dismiss()


class Crew:
    """So many processes at most, none of them started before it has something to do."""

    def __init__(self, git: Git, processes: int) -> None:
        self.git = git
        self._processes = processes
        self._idle: list[subprocess.Popen[bytes]] = []

    @property
    def is_worth(self) -> bool:
        """Say whether others have a core to themselves."""
        return self._processes > 1

    @property
    def is_wide(self) -> bool:
        """Say whether there are cores for git beside those for readers."""
        return self._processes > 2

    @property
    def is_there(self) -> bool:
        """Say whether somebody was started already and waits."""
        return bool(self._idle)

    def answered(self, question: Question, waiting: deque[Chunk]) -> Iterator[Answered]:
        """Yield chunks as they are answered, in any order; what nobody answers is left waiting."""
        done: SimpleQueue[Answered | None] = SimpleQueue()
        asked = _asked(question)  # of a million files 60 MB, for all of them together
        helpers = [
            Thread(target=self._have_answered, args=(asked, waiting, done), daemon=True)
            for _ in range(self._processes)
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

    def dismiss(self) -> None:
        """End all processes."""
        while self._idle:
            _end(self._idle.pop())

    def _have_answered(
        self, asked: bytes, waiting: deque[Chunk], done: "SimpleQueue[Answered | None]"
    ) -> None:
        """Have one process answer chunks for as long as there are any."""
        process = None
        try:
            process = self._idle.pop() if self._idle else self._started()
            if _told(process, asked, waiting, done):
                self._idle.append(process)
                process = None
        except (OSError, IndexError):
            pass  # it did not start, or another took the last chunk or the last that was idle
        finally:
            if process is not None:
                _end(process)
            done.put(None)

    def _started(self) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "MOTHBALL_ROOT": os.fsencode(self.git.root).hex(),
        }
        # Safe path (-P): nothing in the repository may be imported in the place of what we need.
        command = [sys.executable, "-P", "-c", "from mothball.effects.crew import main; main()"]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd="/", env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
        )


def _told(
    process: subprocess.Popen[bytes],
    asked: bytes,
    waiting: deque[Chunk],
    done: "SimpleQueue[Answered | None]",
) -> bool:
    """Put a question to a process, chunk after chunk; say whether it is still alive."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(OSError):
        process.stdin.write(asked)
    while waiting:
        try:
            chunk = waiting.popleft()
        except IndexError:  # another was faster
            break
        try:
            process.stdin.write(_said([[one.blob, one.path, _WAYS.index(one.way)] for one in chunk]))
            process.stdin.flush()
            answers = [process.stdout.readline() for _ in chunk]
        except OSError:
            answers = []
        if not (answers and answers[-1].endswith(b"\n")):
            waiting.append(chunk)
            return False
        done.put((chunk, [line[:-1] for line in answers]))
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    with process, suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()


def _asked(question: Question) -> bytes:
    return _said(
        {
            "paths": [*question.paths],
            "names": [*question.names],
            "needles": question.needles.names,
            "words": question.vocabulary and [*question.vocabulary.words],
        }
    )


def _said(row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"


def main() -> None:
    """Answer on standard input: a line is a question, or a chunk, which gets a line for each of its files."""
    gc.set_threshold(100_000)  # a syntax tree is many objects, and none of them is garbage
    git = Git(Path(os.fsdecode(bytes.fromhex(os.environ["MOTHBALL_ROOT"]))))
    question = None
    with asking(git, largest=MAX_BYTES) as ask:
        for line in sys.stdin.buffer:
            row = json.loads(line)
            if isinstance(row, dict):
                question = _question(row)
            elif question is not None:
                chunk = [Wanted(path, blob, _WAYS[way]) for blob, path, way in row]
                sys.stdout.buffer.writelines(one + b"\n" for one in answers_of(question, chunk, ask))
                sys.stdout.buffer.flush()


def _question(row: dict[str, list[str] | None]) -> Question:
    words, names = row["words"], frozenset(row["names"] or ())
    return Question(
        paths=row["paths"] or (),
        needles=Needles(row["needles"] or ()),
        find_names=lambda: names,
        find_vocabulary=lambda: None if words is None else Vocabulary(words),
    )
