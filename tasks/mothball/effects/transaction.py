"""The transaction: a piece of work done whole or not at all, whatever stops it.

The order of effects, and why:

1. The journal, durably. From here on a run that is cut off can be brought back.
2. The *union index*: the new names are added, the old ones stay. Whatever git command somebody types while
   files move (``add -A``, ``commit -a``, ``stash``, ``reset --hard``, ``clean -fdx``), both names are
   tracked, so no ignore rule applies and nothing is lost.
3. Directories are made, files renamed one by one, never over something, each compared with its blob first.
4. The files that mothball writes.
5. The *final index*: the old names are taken out.
6. Directories in which nothing is left are removed.
7. The commits that are asked for. Until the last exists the way back is the same list in reverse, with the
   branch put back first.
8. Pending work is noted, the journal removed.
"""

import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from mothball.core.errors import CommitBlocked, Failed, Problem, Refused, Undecided, Unplanned
from mothball.core.show import listing, visible
from mothball.core.tree import Entry, Tree, directories
from mothball.core.work import Work
from mothball.effects.commit import Planned, commit, store_blob, switch
from mothball.effects.files import Workspace, workspace
from mothball.effects.git import Git
from mothball.effects.index import edit, require_free, swap
from mothball.effects.journal import Journal
from mothball.effects.moving import (
    Progress,
    changed_on_the_way,
    leaving,
    move_files,
    remove_emptied,
    require_unchanged,
)
from mothball.effects.recovery import recover, undisturbed
from mothball.effects.refs import release_refs, require_refs_free
from mothball.effects.store import Store


class Transaction:
    """One piece of work, from its journal to its end; leaving it by an exception takes everything back."""

    def __init__(self, git: Git, store: Store, work: Work, *, base: str, tree: Tree, prior: Work) -> None:
        self.git = git
        self.store = store
        self.work = work
        self.base = base
        self.prior = prior
        self.result = self.prior.then(work)
        self._former = {write.path: tree[write.path] for write in work.writes if write.path in tree}
        self._note = Journal(base=base, work=work, prior=prior)

    def __enter__(self) -> Self:
        """Check the ground once more and write the journal."""
        require_free(self.git)
        with workspace(self.git.root, self.store.folder) as held:
            require_unchanged(self.git, held, self._entries())
            arriving = [move.target for move in self.work.moves]
            arriving += [write.path for write in self.work.writes if write.before is None]
            wanted = directories(arriving) | set(self.work.directories)
            made = tuple(path for path in sorted(wanted) if held.status(path) is None)
            modes = dict(_permissions(held, sorted(leaving(self.work))))
        try:
            self._write_down(made=made, modes=modes, former=self._former)
        except BaseException as error:
            self._take_back(error)  # the journal may be there all the same
            raise
        return self

    def _entries(self) -> dict[str, Entry]:
        """Return what git has for every file that will be moved or rewritten."""
        entries = {move.source: move.entry for move in self.work.moves}
        writes = (write.path for write in self.work.writes if write.before is not None)
        return entries | {path: self._former[path] for path in writes if path in self._former}

    def _write_down(self, **changes: Any) -> None:
        """Write the journal with these changes."""
        self._note = replace(self._note, **changes)
        self.store.open_journal(self._note)

    def act(self, progress: Progress) -> None:
        """Do the work on index and files; ``progress`` hears of each move."""
        if not self.work:
            return
        ignored = set(self.git.fields("ls-files", "-o", "-i", "--exclude-standard", "-z"))
        blobs = self._blobs()
        gained = {move.target: move.entry for move in self.work.moves}
        swap(self.git, self.store.folder, lambda index: edit(index, gained, ()))
        with workspace(self.git.root, self.store.folder) as held:
            move_files(held, self.work, progress)
            for write in self.work.writes:
                held.write(write.path, write.before, write.after)
            held.sync()
            swap(self.git, self.store.folder, lambda index: self._finish_index(index, blobs))
            remove_emptied(held, self.work)
            held.sync()
        seen = self.git.fields("ls-files", "-o", "--exclude-standard", "-z")
        if exposed := sorted(ignored.intersection(seen)):
            raise Failed(_exposed(exposed))

    def _blobs(self) -> dict[str, Entry]:
        """Store the contents to be written in git, as git would on ``git add``, and return their entries."""
        blobs = {}
        for write in self.work.writes:
            if write.after is not None:
                path, entry = store_blob(self.git, write.path, write.after)
                known = self._former.get(path)
                blobs[path] = entry._replace(mode=known.mode) if known else entry
        return blobs

    def _finish_index(self, index: Git, blobs: Mapping[str, Entry]) -> None:
        gone = [write.path for write in self.work.writes if write.after is None]
        edit(index, blobs, [*(move.source for move in self.work.moves), *gone])
        # Fills in file times, so that the next `git status` need not read the moved files. Git reads each
        # here: one that an editor changed on its way is found.
        index.run("update-index", "-q", "--refresh")
        ours = {move.target for move in self.work.moves}
        if touched := sorted(ours.intersection(index.fields("diff-files", "--name-only", "-z"))):
            raise Failed(changed_on_the_way(touched))

    def switch(self, branch: str) -> None:
        """Make a branch at HEAD and put HEAD on it."""
        former = self.git.says("symbolic-ref", "--quiet", "--short", "HEAD") or ""
        ref = f"refs/heads/{branch}"
        require_refs_free(self.git, "HEAD", ref)
        self._write_down(branch=(branch, former), head=ref)
        switch(self.git, branch)

    def commit(self, planned: Planned, left: Work, *, last: bool = True) -> str:
        """Make one commit and return its id.

        Args:
            planned: the commit.
            left: what is pending once it exists.
            last: whether it is the run's last: until that exists, recovery takes the others back as well.

        Raises:
            CommitBlocked: git made none; the work stays staged.
            Unplanned: a hook changed what it holds; it stays.
        """
        ref = self.git.says("symbolic-ref", "--quiet", "HEAD") or ""
        require_refs_free(self.git, "HEAD", ref)
        self._write_down(left=left, last=last, head=ref)
        try:
            head = commit(self.git, self.store, planned, self.base)
        except Unplanned:
            self.result = left
            raise
        self.base, self.result = head, left
        self._note = replace(self._note, commits=(*self._note.commits, head))
        # Git ends with exit code 0 and no word where it could not take its own lock away.
        with suppress(Undecided):
            release_refs(self.git, self.store, self._note)
        return head

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Seal the work, or take it back."""
        del kind, trace
        if error is None or isinstance(error, CommitBlocked | Unplanned):
            try:
                with undisturbed():
                    self.store.keep_pending(self.result)
                    self.store.close_journal()
            except OSError as obstacle:
                if self._take_back(obstacle) != "before":
                    return
                raise
        elif not isinstance(error, Undecided):
            end = self._take_back(error)
            error.add_note("The run was taken back." if end == "before" else "The run is complete.")

    def _take_back(self, error: BaseException) -> str:
        try:
            return recover(self.git, self.store)
        except (Refused, Failed, OSError) as obstacle:
            raise Undecided(_half_way(error, obstacle)) from error


def _permissions(held: Workspace, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    for path in paths:
        if status := held.status(path):
            yield path, stat.S_IMODE(status.st_mode)


def _half_way(error: BaseException, obstacle: Exception) -> Problem:
    return Problem(
        code="half-way",
        where="the run",
        found=f"it stopped ({visible(str(error) or type(error).__name__)}), and could not be taken back yet:"
        f" {visible(str(obstacle))}",
        expected="a way back",
        remedy="Nothing is lost: mend what it names, then run `archive.recover`.",
    )


def _exposed(paths: list[str]) -> Problem:
    return Problem(
        code="ignored-exposed",
        where=visible(paths[0]),
        found=f"after the move git would no longer ignore {listing(paths)}, and the next `git add -A`"
        " would publish it",
        expected="every ignored file still ignored",
        remedy="Everything was taken back. Add a rule for it to the .gitignore at the root first.",
    )
