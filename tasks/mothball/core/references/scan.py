"""Which files are read for a comparison, and what comes of reading them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from mothball.core.patterns import Patterns
from mothball.core.references.change import Change
from mothball.core.references.compare import judge
from mothball.core.references.conventions import conventions
from mothball.core.references.findings import Comparison, Dangling, Finding, Skipped, Verdict
from mothball.core.references.needles import needles_for, vocabulary_of
from mothball.core.references.reader import always_read
from mothball.core.references.reading import BINARY, Asked, Question, Read, Reading, Way
from mothball.core.tree import GITLINK, SYMLINK, Tree

_MANY: Final = 300
"""Files that move for which it is worth the while to know the words of the whole tree."""


@dataclass(kw_only=True)
class Scan:
    """A comparison being made: readings of files are fed to it one by one, in any order.

    Attributes:
        change: what moves.
        fallen: files that a break takes down, with what it is about.
    """

    change: Change
    findings: list[Finding] = field(default_factory=list)
    dangling: list[Dangling] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    fallen: dict[str, Finding] = field(default_factory=dict)
    looked_at: int = 0
    question: Question = field(init=False)

    def __post_init__(self) -> None:
        """Work out what is asked of every file."""
        change = self.change
        self.question = Question(
            paths=change.gone,
            needles=needles_for(change),
            world=change.before.fingerprint if change.moves else "",
            find_names=lambda: change.before.names,
            find_vocabulary=lambda: vocabulary_of(change.before) if len(change.moves) >= _MANY else None,
        )

    def wanted(self, files: Mapping[str, str], links: Iterable[str] = ()) -> Asked:
        """Say how files of after are read, by path and blob; some of them are symbolic ``links``."""
        ways = dict.fromkeys(always_read(files), Way.ALWAYS)
        ways |= dict.fromkeys(self.change.origins, Way.MOVED)
        ways |= dict.fromkeys(links, Way.LINK)
        return Asked(files, ways)

    def look_at(self, number: int) -> None:
        """Count the files that are looked at; those that hold no name of what goes need not be fed."""
        self.looked_at += number

    def feed(self, file: str, reading: Reading) -> None:
        """Judge what was read of a file."""
        if isinstance(reading, str):
            self.skipped.append(Skipped(file=file, reason=reading))
        elif reading:
            self._take(file, reading)

    def result(self) -> Comparison:
        """Return what was found so far, sorted."""
        return Comparison(
            findings=tuple(sorted((*self.findings, *conventions(self.change)), key=lambda one: one.order)),
            dangling=tuple(sorted(self.dangling, key=lambda one: (one.file, one.line, one.column))),
            files_read=self.looked_at - sum(one.reason != BINARY for one in self.skipped),
            change=self.change,
            skipped=tuple(sorted(self.skipped, key=lambda one: one.file)),
        )

    def _take(self, file: str, reading: tuple[Read, ...]) -> None:
        judged = judge(reading, file, self.change)
        self.findings += judged.findings
        self.dangling += judged.dangling
        if judged.fails and file not in self.change.origins:
            self.fallen[file] = next(one for one in judged.findings if one.verdict is Verdict.BREAK)


def files_to_read(
    tree: Tree, ignored: Iterable[str] = (), own: Iterable[str] = ()
) -> tuple[dict[str, str], frozenset[str]]:
    """Return path and blob of every file to look at, and which of them are symbolic links.

    ``ignored`` are patterns, ``own`` are paths that are left out as well.
    """
    left_out = {path for path, _ in Patterns([tuple(ignored)]).walk(tree)} | set(own)
    files = {
        path: entry.blob for path, entry in tree.items() if entry.mode != GITLINK and path not in left_out
    }
    return files, frozenset(path for path in files if tree[path].mode == SYMLINK)
