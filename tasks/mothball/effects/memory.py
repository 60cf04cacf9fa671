"""What earlier runs read, by the ids of contents: these can never change, and need not be read again.

``memory/`` holds a file for each of the last questions: the ids of the contents without any of the names that
are asked for, and the readings of the others. A file counts where the same program wrote it, and where it is
whole. Like all of ``.git`` it is trusted as far as its owner is; git never copies it into a clone.
"""

import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import blake2b, sha256
from importlib.util import find_spec
from pathlib import Path
from sys import intern
from typing import BinaryIO, Final

from mothball.core.references.reading import NOTHING, Question, Reading, Wanted, Way, unpack
from mothball.effects.store import Store

_FILES: Final = 8
"""Questions remembered: those of a run, its chains, and of the run before."""
_LARGEST: Final = 100_000_000
"""More is not kept, and not believed."""
_LONGEST: Final = 500_000
_LINE: Final = 1000
_KEY: Final = 32
_NUMBERS: Final = re.compile(rb"([0-9]{1,9}) ([0-9]{1,2})\n")
_SIZES: Final = frozenset({20, 32})
"""Bytes of an id: SHA-1, SHA-256."""
_PARSERS: Final = ("markdown_it", "yaml", "ahocorasick_rs")


class Memory:
    """The memory of one question."""

    def __init__(self, store: Store, question: Question, program: str = "") -> None:
        """Find the file; ``program`` stands for what reads, this very program where it is not given."""
        parts = (program or _program(), *question.sought.essence, "", *question.needles.names)
        digest = _digest(parts)
        self._place = store.folder / "memory" / digest[:32]
        self._head = f"mothball.memory/1 {digest} ".encode()
        self._world = question.world
        self._quiet: set[str] = set()
        self._lines: dict[bytes, bytes] = {}
        self._is_old = False
        self._load()

    @property
    def holds(self) -> bool:
        """Say whether there is anything in it."""
        return bool(self._quiet or self._lines)

    def recall(self, wanted: Wanted) -> tuple[bool, Reading]:
        """Say whether a reading is known, and return it."""
        if self._is_quiet(wanted):
            return True, None
        if not self._lines or (line := self._lines.get(self.key(wanted))) is None:
            return False, None
        try:
            return True, unpack(line, wanted)
        except ValueError:
            return False, None

    def learn(self, wanted: Wanted, line: bytes) -> None:
        """Take note of a packed reading."""
        if line == NOTHING and not wanted.is_always_asked:
            self._quiet.add(wanted.blob)
        else:
            self._lines[self.key(wanted)] = _once(line)

    def _is_quiet(self, wanted: Wanted) -> bool:
        return not wanted.is_always_asked and wanted.blob in self._quiet

    def key(self, wanted: Wanted) -> bytes:
        """Return the name of a reading; what is found in a file that moves depends on the whole tree."""
        world = self._world if wanted.way is Way.MOVED else ""
        text = f"{wanted.way.value}\0{wanted.blob}\0{world}\0{wanted.path}"
        return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest().encode()

    def keep(self, only: Iterable[Wanted] | None = None) -> None:
        """Write all of it, or what is known of these files ``only``, up to a limit; do without if refused."""
        if only is not None and self._is_old:
            self._leave(only)
        body = bytearray(f"{len(self._quiet)} {len(next(iter(self._quiet), '')) // 2}\n".encode())
        for blob in sorted(self._quiet):
            body += bytes.fromhex(blob)
        for key in sorted(self._lines):
            line = self._lines[key]
            if len(line) <= _LONGEST and len(body) + len(line) <= _LARGEST:
                body += key + b" " + line + b"\n"
        new = self._place.with_suffix(".new")
        try:
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(self._head + sha256(body).hexdigest().encode() + b"\n" + body)
            new.replace(self._place)
            _forget(self._place.parent)
        except OSError:
            return

    def _leave(self, files: Iterable[Wanted]) -> None:
        """Forget what is known of others."""
        quiet, lines = set[str](), dict[bytes, bytes]()
        for one in files:
            if self._is_quiet(one):
                quiet.add(one.blob)
            elif line := self._lines.get(key := self.key(one)):
                lines[key] = line
        self._quiet, self._lines = quiet, lines

    def _load(self) -> None:
        """Take what the file holds, if it is ours and whole."""
        with suppress(OSError), self._place.open("rb") as file:
            head = file.readline(_LINE)
            digest = self._take(file) if os.fstat(file.fileno()).st_size <= 2 * _LARGEST else ""
            self._is_old = digest != "" and head == self._head + digest.encode() + b"\n"
        if self._is_old:
            with suppress(OSError):  # it may be read where nothing may be written
                os.utime(self._place)
        else:
            self._quiet, self._lines = set(), {}

    def _take(self, file: BinaryIO) -> str:
        """Take everything behind the first line by pieces; return its digest, ``""`` where it is torn."""
        numbers = file.readline(_LINE)
        known = _NUMBERS.fullmatch(numbers)
        number, size = map(int, known.groups()) if known else (0, 0)
        digest = sha256(numbers)
        if not known or number * size > 2 * _LARGEST or (number and size not in _SIZES):
            return ""
        ids = file.read(number * size)
        digest.update(ids)
        self._quiet = {intern(ids[at : at + size].hex()) for at in range(0, len(ids), size or 1)}
        for row in file:
            digest.update(row)
            self._lines[row[:_KEY]] = _once(row[_KEY + 1 : -1])
        return digest.hexdigest()


def _once(line: bytes) -> bytes:
    """Return a line; of the one that most readings have, the same each time."""
    return NOTHING if line == NOTHING else line


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _forget(folder: Path) -> None:
    """Leave the files of the questions that were asked last."""
    known = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime_ns, reverse=True)
    for place in known[_FILES:]:
        place.unlink(missing_ok=True)


@cache
def _program() -> str:
    """Return a digest of what decides a reading: the sources of `mothball.core`, the parsers, and Python."""
    core = Path(__file__).parents[1] / "core"
    sources = [
        Path(folder) / name for folder, _, names in os.walk(core) for name in names if name.endswith(".py")
    ]
    sources += [Path(found.origin) for name in _PARSERS if (found := find_spec(name)) and found.origin]
    parts = [sys.version]
    for place in sorted(sources):
        there = place.stat()
        parts.append(f"{place} {there.st_size} {there.st_mtime_ns}")
    return _digest(parts)
