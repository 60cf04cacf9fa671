"""Kill, then life goes on: whatever git command somebody types on a cut-off run loses no tracked byte."""

import functools
import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha1
from itertools import cycle, islice
from pathlib import Path
from signal import SIGKILL
from typing import Final

from tests.resilience.sweep import NO_PLANT, Bench, Patch, Plant, Tally, both, chosen, stopping
from tests.resilience.world import FILES, LOOSE, MANAGED, MOVES, Picture, copy, git, picture, recover, try_git

EDIT: Final = b"saved by an editor\n"
EDITED: Final = "notes/idea.md"
RENAMED: Final = ("core/kernel.py", "core/heart.py")

Deed = Callable[[Path], None]
Shown = tuple[str, tuple[tuple[str, str], ...]]


def commands(*lines: str) -> Deed:
    """Return a deed that types git commands; whether git takes each is between the two of them."""

    def deed(root: Path) -> None:
        for line in lines:
            try_git(root, *line.split())

    return deed


def save(root: Path) -> None:
    """Save a moved file in an editor, wherever it is at the moment."""
    for path in (root / EDITED, root / MOVES[EDITED]):
        if path.exists():
            path.write_bytes(EDIT)


DEEDS: Final[dict[str, Deed]] = {
    "add and commit": commands("add -A", "commit -q -m x"),
    "commit -a": commands("commit -q -a -m x"),
    "stash": commands("stash -q"),
    "stash -u": commands("stash -q -u"),
    "reset --hard": commands("reset -q --hard"),
    # What is ignored or untracked is the user's own to lose here: only tracked bytes count.
    "clean": commands("clean -q -f -d -x"),
    "checkout -b": commands("checkout -q -b x"),
    "gc": commands("gc -q --prune=now"),
    "mv": commands(f"mv {' '.join(RENAMED)}"),
    "editor": save,
    "switch and back": commands("switch -q other", "switch -q -"),
    "pull": commands("fetch -q . other", "merge -q FETCH_HEAD"),
}
"""What somebody does next."""


@dataclass(frozen=True)
class Held:
    """Tracked contents, and where they are: how often in the work tree, how often in HEAD, and in history."""

    tree: Counter[str]
    head: Counter[str]
    history: frozenset[str]


def held(root: Path) -> Held:
    """Look for contents everywhere but in what mothball writes."""
    rows = [row.split("\t", 1) for row in git(root, "ls-tree", "-r", "-z", "HEAD").split("\0") if row]
    ids = (row.split() for row in git(root, "rev-list", "--objects", "HEAD").splitlines())
    tree: Counter[str] = Counter()
    for folder, names, files in os.walk(root):
        if Path(folder) == root:
            names.remove(".git")
        for name in (*files, *(name for name in names if Path(folder, name).is_symlink())):
            path = Path(folder, name)
            if str(path.relative_to(root)) in MANAGED:
                continue
            tree[blob_of(path)] += 1
    return Held(
        tree=tree,
        head=Counter(row[0].split()[2] for row in rows if row[1] not in MANAGED),
        history=frozenset(row[0] for row in ids),
    )


def blob_of(path: Path) -> str:
    """Return the id that git gives to the content of a file or the text of a link."""
    return _blob(os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes())


def _blob(content: bytes) -> str:
    return sha1(b"blob %d\0" % len(content) + content).hexdigest()


def lost(wanted: Held, now: Held, edited: Collection[str] = ()) -> str:
    """Say what is in fewer places than before, or nothing.

    Every tracked content must be in HEAD as often as before, and in the work tree as often as before, but
    for the files that were edited.
    """
    blobs = {_blob(FILES[path][1]) for path in edited}
    gone = sorted((wanted.head - now.head).keys())
    gone += sorted((wanted.head - now.tree).keys() - blobs)
    gone += sorted(wanted.history - now.history)
    return f"lost {gone}" if gone else ""


def life_sweep(
    bench: Bench,
    stride: int = 1,
    *,
    deeds: Collection[str] = DEEDS,
    matrix: bool = False,
    plant: Plant = NO_PLANT,
) -> Tally:
    """Kill at the effects, do one deed in turn or (``matrix``) each of them, look, recover, look again."""
    tally = Tally(f"kill, then life goes on: {bench.scenario.name}")
    bench.look()
    bench.fresh()
    wanted = held(bench.root)
    lives = functools.cache(lambda name: Life(bench, name, wanted, _ends(bench, DEEDS[name])))
    turns = cycle(deeds)
    for point in chosen(bench.points(plant), stride):
        for name in islice(turns, len(deeds) if matrix else 1):
            life = lives(name)
            bench.fresh()
            bench.run(bench.scenario.act, both(plant.run, stopping(point.number, [SIGKILL])))
            where = f"{bench.scenario.name} killed before effect {point.number} ({point.what})"
            tally.add(life.trial(plant.recovery), f"{where}, then {name}")
    return tally


@dataclass(frozen=True)
class Life:
    """One deed on a cut-off run: what must be found after it, and how the way back may end."""

    bench: Bench
    deed: str
    wanted: Held
    ends: Mapping[str, set[Shown]]

    def trial(self, plant: Patch | None = None) -> str:
        """Do the deed on the copy, look, recover, look again, and give the verdict."""
        root = self.bench.root
        DEEDS[self.deed](root)
        if gone := self._lost():
            return gone
        between = picture(root)
        end = self.bench.run(recover, plant)
        if gone := self._lost():
            return f"after recovery {gone}"
        if end.undecided:
            changed = between.differences(picture(root))
            return f"undecided, yet it changed {'; '.join(changed)}" if changed else "refused"
        if end.code:
            return f"archive.recover ends with {end.code}: {end.said[-400:]}"
        return self._end()

    def _lost(self) -> str:
        now = held(self.bench.root)
        if self.deed == "editor" and not now.tree[_blob(EDIT)]:
            return "the edit is lost"
        return lost(self.wanted, now, {EDITED} if self.deed == "editor" else ())

    def _end(self) -> str:
        now = picture(self.bench.root)
        for end, shown in self.ends.items():
            if _shown(now) in shown:
                return end
        differences = min(
            (now.differences(found) for found in (self.bench.before, self.bench.after)), key=len
        )
        return f"half: {'; '.join(differences)}"


def _ends(bench: Bench, deed: Deed) -> dict[str, set[Shown]]:
    """Return what index and files look like at both ends, with and without the deed.

    What the deed took of untracked files (``stash -u`` does) is somebody's own: recovery leaves it taken.
    """
    ends = {}
    for name, source in (("before", bench.template), ("after", bench.finished)):
        copy(source, bench.root)
        index, rows = _shown(picture(bench.root))
        deed(bench.root)
        done = _shown(picture(bench.root))
        kept = tuple(row for row in rows if row[0] not in LOOSE or row in done[1])
        ends[name] = {(index, rows), (index, kept), done}
    return ends


def _shown(now: Picture) -> Shown:
    """Leave the directories out: git removes the empty ones as it sees fit."""
    return now.index, tuple(row for row in now.files if not row[0].endswith("/"))
