"""Read many files for one question: what earlier runs remember, then the rest, here or in other processes."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Final

from mothball.core.references.reading import NOTHING, Asked, Question, Reading, Wanted, unpack
from mothball.core.references.texts import MAX_BYTES
from mothball.effects.blobs import asking
from mothball.effects.crew import Answered, Chunk, Crew, answers_of
from mothball.effects.memory import Memory
from mothball.effects.store import Store

PATIENCE: Final = 0.3
"""Seconds of reading here before other processes are started for the rest: as long as one takes to start."""
SLOW: Final = 0.000_1
"""Seconds a file from which two cores are worth two readers: below, git is busy handing out the contents."""
WORTH: Final = 50
"""Files below which nothing is remembered."""
_SHARES: Final = 100
_FEWEST: Final = 50
_MOST: Final = 500
"""Files are handed out in a hundred shares, of so many files each."""


def readings(
    crew: Crew,
    store: Store,
    question: Question,
    files: Asked,
    advance: Callable[[int], None],
    *,
    whole: bool = True,
) -> Iterator[tuple[Wanted, Reading]]:
    """Yield the files of which there is something to say, each with its reading, in any order.

    ``advance`` is told of each file that was looked at. Where these are not the ``whole`` of the files, what
    is remembered of the others stays.
    """
    memory = Memory(store, question)
    new: list[Wanted] = []
    for one in files:
        known, reading = memory.recall(one)
        if not known:
            new.append(one)
            continue
        if reading is not None:
            yield one, reading
        advance(1)
    is_worth_keeping = len(new) >= WORTH or (new and memory.holds)
    waiting = _shared_out(new)
    del new  # of a million files they take 80 MB, which go as they are read
    for chunk, answers in _answered(crew, question, waiting):
        for one, line in zip(chunk, answers, strict=True):
            memory.learn(one, line)
            if line != NOTHING:
                yield one, unpack(line, one)
        advance(len(chunk))
    if is_worth_keeping:
        memory.keep(files if whole else None)


def _shared_out(files: Sequence[Wanted]) -> deque[Chunk]:
    size = min(max(len(files) // _SHARES, _FEWEST), _MOST)
    return deque(files[at : at + size] for at in range(0, len(files), size))


def _answered(crew: Crew, question: Question, waiting: deque[Chunk]) -> Iterator[Answered]:
    """Yield every file in a chunk with its packed reading: the first from here, the rest from others."""
    began = monotonic()
    paces = deque([0.0], maxlen=2)  # one share may be slow because what all need is worked out with it
    with asking(crew.git, largest=MAX_BYTES) as ask:
        while waiting:
            is_long = monotonic() - began >= PATIENCE and (crew.is_wide or min(paces) >= SLOW)
            if len(waiting) > 1 and (crew.is_there or (crew.is_worth and is_long)):
                yield from crew.answered(question, waiting)
                began = monotonic()
            if waiting:
                chunk = waiting.popleft()
                start = monotonic()
                answers = answers_of(question, chunk, ask)
                paces.append((monotonic() - start) / len(chunk))
                yield chunk, answers
