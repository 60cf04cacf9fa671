"""What reads files that others may have written: each reader with valid files, and what holds of any."""

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mothball.core.errors import MothballError
from mothball.core.ledger import Ledger, Touch, read_ledger
from mothball.core.managed import BEGIN, END, section_of, with_section, without_section
from mothball.core.plan.reader import read_plan
from mothball.core.tree import Entry, Move
from mothball.core.work import Work, Write
from mothball.effects.git import Git
from mothball.effects.journal import Journal
from mothball.effects.store import Store

HERE: Final = Path(__file__).parent
CORPUS: Final = HERE / "corpus"
"""What fuzzing found worth keeping: for each reader the inputs that together reach all that any reached."""

JUNK: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1e300, "", "..", "../evil", "/evil", ".git/config", "a\0b", [], [[]], {}, "\ud800",
)  # fmt: skip
"""What a value may turn into."""

README: Final = f"# A\n\n```\n{BEGIN}\n```\n{BEGIN}\nours\n{END}\n\ntheirs\n".encode()
BLOB: Final = "1" * 40
MOVES: Final = (
    Move("lab/a.py", "archive/a.py", Entry("100644", BLOB), "builds"),
    Move("lab/b\n\udcff", "archive/b\n\udcff", Entry("100755", "2" * 40), "builds"),
    Move("lab/link", "archive/link", Entry("120000", "3" * 40), "builds"),
)
WORK: Final = Work(
    directories=("archive",),
    moves=MOVES,
    writes=(Write("README.md", b"before\n", b"after\n"),),
    discard=("old",),
)


@dataclass(frozen=True)
class Reader:
    """A reader with valid files; ``check`` reads any bytes and fails on all but a value or a sentence."""

    name: str
    seeds: tuple[bytes, ...]
    check: Callable[[bytes], None]


def check_plan(content: bytes) -> None:
    """Read a plan."""
    with suppress(MothballError):
        read_plan(content, path="mothball.toml")


def check_readme(content: bytes) -> None:
    """Read the markers of a README; to write a section twice is to write it once."""
    with suppress(MothballError):
        section_of(content, path="README.md")
    with suppress(MothballError):
        without_section(content, path="README.md", heading="A")
    with suppress(MothballError):
        once = with_section(content, "new\n", path="README.md", heading="A")
        assert with_section(once, "new\n", path="README.md", heading="A") == once


def check_ledger(content: bytes) -> None:
    """Read a ledger; what is read is read again as the same."""
    try:
        found = read_ledger(content, path="archive/ledger.json")
    except MothballError:
        return
    assert read_ledger(found.dump(), path="archive/ledger.json") == found


def readers(folder: Path) -> dict[str, Reader]:
    """Return every reader; ``folder`` is for the records of a repository."""
    store = _store(folder)
    plans = sorted((HERE.parent / "good_plans").glob("*.toml")) + sorted(
        (HERE.parent / "bad_plans").glob("*.toml")
    )
    plan = read_plan((HERE.parent / "good_plans" / "full.toml").read_bytes(), path="mothball.toml")
    moves = [Move(move.source, move.target, move.entry, plan.archive[0].name) for move in MOVES]
    ledger = Ledger().having(moves, plan, {MOVES[0].source: Touch(BLOB, "2024-03-01")}).dump()
    found = (
        Reader("plan", tuple(path.read_bytes() for path in plans), check_plan),
        Reader(
            "readme", (README, README.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + README, b""), check_readme
        ),
        Reader("ledger", (ledger,), check_ledger),
        Reader("journal", tuple(_journals(store)), lambda content: _check_journal(store, content)),
        Reader("pending", tuple(_pending(store)), lambda content: _check_pending(store, content)),
    )
    return {reader.name: reader for reader in found}


def _store(folder: Path) -> Store:
    subprocess.run(["git", "init", "--quiet", "--template=", folder], check=True)
    return Store(Git(folder))


def _journals(store: Store) -> Iterator[bytes]:
    plain = Journal(base=BLOB, work=WORK, prior=Work())
    committing = Journal(
        base=BLOB,
        work=WORK,
        prior=Work(moves=MOVES[:1]),
        former={"README.md": Entry("100644", BLOB)},
        made=("archive",),
        modes={"lab": 0o2750},
        commits=("4" * 40, "5" * 64),
        left=Work(moves=MOVES[1:]),
        last=False,
        branch=("retire/experiments", "main"),
        head="refs/heads/retire/experiments",
    )
    for journal in (plain, committing):
        store.open_journal(journal)
        yield (store.folder / "journal").read_bytes()


def _pending(store: Store) -> Iterator[bytes]:
    store.keep_pending(WORK)
    yield (store.folder / "pending").read_bytes()


def _check_journal(store: Store, content: bytes) -> None:
    """Read a journal; what is read is written and read again as the same."""
    (store.folder / "journal").write_bytes(content)
    try:
        found = store.journal()
    except MothballError:
        return
    assert found
    store.open_journal(found)
    assert store.journal() == found


def _check_pending(store: Store, content: bytes) -> None:
    """Read pending work, likewise."""
    (store.folder / "pending").write_bytes(content)
    try:
        found = store.pending()
    except MothballError:
        return
    store.keep_pending(found)
    assert store.pending() == found


def kept(name: str) -> list[bytes]:
    """Return the corpus of a reader."""
    place = CORPUS / f"{name}.json"
    return [text.encode("latin-1") for text in json.loads(place.read_bytes())] if place.exists() else []


def keep(name: str, contents: list[bytes]) -> None:
    """Keep a corpus."""
    CORPUS.mkdir(exist_ok=True)
    rows = [content.decode("latin-1") for content in sorted(contents, key=lambda one: (len(one), one))]
    (CORPUS / f"{name}.json").write_text(json.dumps(rows, indent=0) + "\n", "ascii")


def mutated(document: Any, chance: random.Random) -> Any:
    """Return a document with one of its values, or the place of one, turned into something else."""
    copied = json.loads(json.dumps(document))
    places = list(_places(copied))
    if not places:
        return chance.choice(JUNK)
    above, key = chance.choice(places)
    what = chance.randrange(4)
    if what == 0:
        del above[key]
    elif what == 1 and isinstance(above, list):
        above.append(chance.choice(JUNK))
    elif what == 2 and isinstance(above, dict):
        above[str(chance.choice(JUNK))] = above.pop(key)
    else:
        above[key] = chance.choice((*JUNK, *(value[name] for value, name in _places(document))))
    return copied


def _places(node: Any) -> Any:
    rows = node.items() if isinstance(node, dict) else enumerate(node if isinstance(node, list) else ())
    for key, value in list(rows):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def scratched(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with some of them lost, doubled or turned into others."""
    for _ in range(chance.randrange(1, 4)):
        one, other = sorted(chance.randrange(len(content) + 1) for _ in range(2))
        odd = bytes(chance.randrange(256) for _ in range(chance.randrange(4)))
        content = chance.choice(
            (
                content[:one] + odd + content[other:],
                content[:one] + content[one:other] * 2 + content[other:],
                content[:one] + odd + content[one:],
                content[:one],
            )
        )
    return content
