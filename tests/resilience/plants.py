"""Bugs planted in the protocol: what a mistake of ours would look like, and which sweep must find it."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from errno import EIO
from pathlib import Path
from typing import Any, Final

from mothball.core.tree import REGULAR, Entry
from mothball.core.work import Work
from mothball.effects import commit, files, index, moving, recovery, transaction
from mothball.effects.files import Workspace, workspace
from mothball.effects.git import Git
from mothball.effects.index import edit, swap
from mothball.effects.journal import Journal
from mothball.effects.rename import Name
from mothball.effects.store import Store
from mothball.effects.transaction import Transaction
from tests.resilience.life import life_sweep
from tests.resilience.meddle import fault_sweep, meddle_sweep
from tests.resilience.sweep import Bench, Patch, Plant, Tally, kill_sweep


def skip_union_index() -> None:
    """The files move while git knows only their old names."""
    calls = iter([True])

    def skipping(git: Git, folder: Path, change: Callable[[Git], None]) -> None:
        if not next(calls, False):
            swap(git, folder, change)

    _set(transaction, "swap", skipping)


def index_before_moves() -> None:
    """The old names leave the index before the files have moved."""

    def act(self: Transaction, progress: Callable[[int], None]) -> None:
        gained = {move.target: move.entry for move in self.work.moves}
        gone = [move.source for move in self.work.moves]
        swap(self.git, self.store.folder, lambda private: edit(private, gained, gone))
        with workspace(self.git.root, self.store.folder) as held:
            moving.move_files(held, self.work, progress)

    _set(Transaction, "act", act)


def journal_after_effects() -> None:
    """The journal is written when the files have moved already."""
    note, move_files = Transaction._write_down, moving.move_files
    late: list[tuple[Transaction, dict[str, Any]]] = []

    def wait(self: Transaction, **changes: Any) -> None:
        note(self, **changes) if late else late.append((self, changes))

    def move(held: Workspace, work: Work, progress: Callable[[int], None]) -> None:
        move_files(held, work, progress)
        note(late[0][0], **late[0][1])

    _set(Transaction, "_write_down", wait)
    _set(transaction, "move_files", move)


def journal_removed_first() -> None:
    """The journal goes before the pending work is noted."""
    keep = Store.keep_pending

    def keep_late(self: Store, work: Work) -> None:
        (self.folder / "journal").unlink(missing_ok=True)
        keep(self, work)

    _set(Store, "keep_pending", keep_late)


def swallow_rename_error() -> None:
    """A rename that fails counts as done."""
    rename = Path.rename

    def careless(self: Path, target: "str | os.PathLike[str]") -> Path:
        with suppress(OSError):
            return rename(self, target)
        return Path(target)

    _set(Path, "rename", careless)


def overwrite() -> None:
    """A move replaces what is in its way."""

    def replacing(source: Name, target: Name) -> None:
        os.rename(source.name, target.name, src_dir_fd=source.directory, dst_dir_fd=target.directory)

    _set(files, "rename_noreplace", replacing)


def leave_lock() -> None:
    """Recovery leaves an index lock that is ours."""
    _set(recovery, "release", lambda git, folder: None)
    _set(index, "PATIENCE", 0.1)


def forget_prior() -> None:
    """Recovery does not bring back what was pending."""
    _set(Store, "keep_pending", lambda self, work: None)


def leave_emptied() -> None:
    """Directories that the run emptied stay."""
    _set(transaction, "remove_emptied", lambda held, work, *rest: None)


def leave_made() -> None:
    """Directories that the run made stay after recovery."""
    _set(recovery, "remove_emptied", lambda held, work, *rest: None)


def wrong_mode() -> None:
    """Recovery brings every entry back as a plain file."""

    def plain(git: Git, additions: Mapping[str, Entry], removals: Iterable[str]) -> None:
        edit(git, {path: entry._replace(mode=REGULAR) for path, entry in additions.items()}, removals)

    _set(recovery, "edit", plain)


def commit_on_anything() -> None:
    """A commit is made on whatever HEAD is by then."""

    def careless(git: Git, store: Store, planned: commit.Planned, base: str) -> str:
        del base
        return commit.commit(git, store, planned, git.line("rev-parse", "HEAD"))

    _set(transaction, "commit", careless)


def write_blindly() -> None:
    """A file that mothball writes is not compared with what it was."""

    def write(self: Workspace, path: str, before: bytes | None, after: bytes | None) -> None:
        del before
        handle, name = self.place(path)
        sys.audit("mothball.write", path)
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, dir_fd=handle)
        os.write(descriptor, after or b"")
        os.close(descriptor)

    _set(Workspace, "write", write)


def swap_blindly() -> None:
    """The index is replaced although somebody else changed it meanwhile."""
    _set(index, "_fingerprint", lambda path: (0,))


def leave_files() -> None:
    """Recovery mends the index and leaves the files where they are."""
    _set(recovery, "_needs_return", lambda held, move: False)


def forget_branch() -> None:
    """The journal does not say which branch the run made."""
    opening = Store.open_journal
    _set(Store, "open_journal", lambda self, journal: opening(self, _nameless(journal)))


def leave_commits() -> None:
    """Recovery between two commits takes everything back but the commits."""
    _set(recovery, "_take_commits_back", lambda git, store, journal, head: journal)


def usual_permissions() -> None:
    """Directories that recovery makes again have the permissions of new ones."""
    make = Workspace.make_directory
    _set(Workspace, "make_directory", lambda self, path, mode=None: make(self, path))


def _nameless(journal: Journal) -> Journal:
    return replace(journal, branch=None)


def _set(owner: Any, name: str, value: object) -> None:
    assert hasattr(owner, name), f"{owner} has no {name} any more"
    setattr(owner, name, value)


@dataclass(frozen=True)
class Bug:
    """A planted bug, the sweep and scenario that must find it, and a word of what the sweep then says."""

    plant: Plant
    sweep: Callable[..., Tally]
    scenario: str
    sign: str
    given: Mapping[str, object]

    def found(self, bench: Bench) -> list[str]:
        """Run the sweep and return what it says of this bug."""
        given = {"again": 99, **self.given} if self.sweep is kill_sweep else self.given
        said = self.sweep(bench, plant=self.plant, **given).other
        return [complaint for complaint in said if self.sign in complaint]


def _run(
    bug: Patch, sweep: Callable[..., Tally], scenario: str, *, at: str, sign: str, **given: object
) -> Bug:
    return Bug(Plant(run=bug, at=at), sweep, scenario, sign, given)


def _recovery(bug: Patch, scenario: str, *, at: str, sign: str) -> Bug:
    return Bug(Plant(recovery=bug, at=at), kill_sweep, scenario, sign, {})


_ONE: Final = "mothball.move lab/build_latest"

BUGS: Final = {
    "the union index is skipped": _run(
        skip_union_index, life_sweep, "step", at=_ONE, sign="lost", deeds=["clean"]
    ),
    "the index changes before the moves": _run(
        index_before_moves, life_sweep, "step", at=_ONE, sign="lost", deeds=["clean"]
    ),
    "the journal comes after the moves": _run(
        journal_after_effects, kill_sweep, "step", at=_ONE, sign="half"
    ),
    "the journal goes before the pending work is noted": _run(
        journal_removed_first, kill_sweep, "step", at="pending.new", sign="half"
    ),
    "a failed rename counts as done": _run(
        swallow_rename_error, fault_sweep, "step", at="index.lock", sign="recover", errors=[EIO]
    ),
    "a move overwrites": _run(
        overwrite, meddle_sweep, "step", at="mothball.move", sign="is lost", deeds=["a target is taken"]
    ),
    "a commit on whatever HEAD is": _run(
        commit_on_anything,
        meddle_sweep,
        "undo-committed",
        at="journal.new",
        sign="is lost",
        deeds=["a commit is made"],
    ),
    "a file is written without a look": _run(
        write_blindly,
        meddle_sweep,
        "readme",
        at="mothball.write",
        sign="is lost",
        deeds=["the README is saved"],
    ),
    "the index is swapped without a look": _run(
        swap_blindly, meddle_sweep, "step", at="index.new", sign="is lost", deeds=["a file is staged"]
    ),
    "emptied directories stay": _run(leave_emptied, kill_sweep, "second-step", at="nothing", sign="files"),
    "the journal forgets the branch": _run(forget_branch, kill_sweep, "all", at="message", sign="refs"),
    "a stale index.lock is left": _recovery(leave_lock, "step", at="os.rename", sign="index.lock"),
    "pending work is not restored": _recovery(forget_prior, "second-step", at="/journal", sign="pending"),
    "made directories stay": _recovery(leave_made, "step", at=_ONE, sign="files"),
    "entries come back with a wrong mode": _recovery(wrong_mode, "step", at=_ONE, sign="index"),
    "the commits of half a run stay": _recovery(leave_commits, "commit", at="mothball/message", sign="refs"),
    "directories come back with usual permissions": _recovery(
        usual_permissions, "second-step", at="pending.new", sign="files"
    ),
    "recovery leaves the files": _recovery(leave_files, "step", at=_ONE, sign="files"),
}
"""Every planted bug by its name."""
