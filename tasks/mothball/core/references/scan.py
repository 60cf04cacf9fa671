"""Which files are read for a comparison, and what comes of reading them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mothball.core.patterns import Patterns
from mothball.core.references.change import Change
from mothball.core.references.compare import judge
from mothball.core.references.conventions import conventions
from mothball.core.references.findings import Comparison, Dangling, Finding, Skipped, Verdict
from mothball.core.references.links import SymbolicLinks
from mothball.core.references.needles import Needles, needles_for
from mothball.core.references.reader import is_always_read
from mothball.core.references.texts import decode_text
from mothball.core.tree import GITLINK, SYMLINK, Tree


@dataclass(kw_only=True)
class Scan:
    """A comparison being made: files are fed to it one by one, in any order.

    Attributes:
        change: what moves.
        links: the paths of after that are symbolic links.
        fallen: files that a break takes down, with what it is about.
    """

    change: Change
    links: frozenset[str]
    findings: list[Finding] = field(default_factory=list)
    dangling: list[Dangling] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    fallen: dict[str, Finding] = field(default_factory=dict)
    files_read: int = 0
    needles: Needles = field(init=False)

    def __post_init__(self) -> None:
        """Compile the names of what goes."""
        self.needles = needles_for(self.change)

    def must_read(self, file: str) -> bool:
        """Say whether a file is read whatever it holds: it moves, is a link, or need not name what goes."""
        return file in self.change.origins or file in self.links or is_always_read(file)

    def feed(self, file: str, content: bytes | int | None) -> None:
        """Judge a file by its content, or by the size of one too large; ``None`` is one not here."""
        if not isinstance(content, bytes):
            reason = "its content is not in this clone" if content is None else f"{content:,} bytes"
            self.skipped.append(Skipped(file=file, reason=reason))
            return
        self.files_read += 1
        if file in self.links:
            self._take(file, content.decode("utf-8", "surrogateescape"), link=True)
        elif self.must_read(file) or self.needles.are_in(content):
            text = decode_text(content)
            if text is None:
                self.skipped.append(Skipped(file=file, reason="binary"))
            else:
                self._take(file, text)

    def pass_over(self, number: int) -> None:
        """Count files that were looked at and hold no name of what goes."""
        self.files_read += number

    def result(self) -> Comparison:
        """Return what was found so far, sorted."""
        return Comparison(
            findings=tuple(sorted((*self.findings, *conventions(self.change)), key=lambda one: one.order)),
            dangling=tuple(sorted(self.dangling, key=lambda one: (one.file, one.line, one.column))),
            files_read=self.files_read,
            change=self.change,
            skipped=tuple(sorted(self.skipped, key=lambda one: one.file)),
        )

    def _take(self, file: str, text: str, *, link: bool = False) -> None:
        judged = judge(text, file, self.change, (SymbolicLinks(),) if link else None)
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
