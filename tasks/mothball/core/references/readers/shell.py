"""Shell scripts, batch files, the simpler parts of PowerShell, and lists of processes."""

from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, ROOT, Claim
from mothball.core.references.javascript.source import is_built
from mothball.core.references.papers import suffix_of
from mothball.core.references.placed import slice_of
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_located
from mothball.core.references.syntax import family_of
from mothball.core.references.texts import Lines

_MOST: Final = 400_000
"""Nobody wrote a larger script: a program did."""
_BATCH: Final = (".bat", ".cmd")
_SHELLS: Final = frozenset({"sh", "bash", "zsh", "ksh", "dash", "fish", "bats", "pwsh", "ash", "mksh"})
_SUFFIXES: Final = (
    *(
        ".sh",
        ".bash",
        ".zsh",
        ".ksh",
        ".bat",
        ".cmd",
        ".ps1",
        ".psm1",
        ".command",
        ".fish",
        ".sbatch",
        ".slurm",
    ),
    *(".pbs", ".bats"),
)
_SCRIPTS: Final = frozenset(
    {".envrc", ".bashrc", ".profile", "PKGBUILD", "pre-commit", "pre-push", "commit-msg", "postBuild"}
)


class ShellScripts(Reader):
    """Reads what a shell runs; from which directory it is called nobody knows: the root, or its own."""

    kind: ClassVar[str] = "shell"
    files: ClassVar[tuple[str, ...]] = ("*",)

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the commands name."""
        if len(text) > _MOST or not _is_shell(text, path):
            return
        lines = Lines(text)
        source = text
        if path.lower().endswith(_BATCH):
            source = _without_remarks(text)
        placed = slice_of(source, 0, len(source), lines)
        yield from claims_located(
            placed, kind="shell-command", bases=(HERE, ROOT, ABOVE), prose=is_built(text)
        )


class Processes(Reader):
    """Reads a Procfile: a name and a command in each line."""

    kind: ClassVar[str] = "procfile"
    files: ClassVar[tuple[str, ...]] = ("Procfile", "Procfile.*")

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the commands name."""
        del path
        lines = Lines(text)
        at = 0
        for line in text.splitlines(keepends=True):
            name, sign, command = line.partition(":")
            if sign and not name.startswith("#"):
                first = at + len(name) + 1
                placed = slice_of(text, first, first + len(command), lines)
                yield from claims_located(placed, kind="procfile-command", bases=(HERE,))
            at += len(line)


def _is_shell(text: str, path: str) -> bool:
    """Say whether a file is a script: by its name, or the first line where the name has no suffix."""
    name = path.rpartition("/")[2]
    named = name.lower().removesuffix(".in").removesuffix(".tmpl").endswith(_SUFFIXES)
    if text.startswith("#!") and (named or family_of(suffix_of(name)) is None):
        names = [part.rpartition("/")[2] for part in text[2:200].partition("\n")[0].split()]
        return any(part in _SHELLS for part in names)
    return named or name in _SCRIPTS or "/.husky/" in f"/{path}"


def _without_remarks(text: str) -> str:
    """Make comments of the remarks of a batch file, each line as long as before."""
    out = []
    for line in text.split("\n"):
        bare = line.lstrip(" \t@").lower()
        if bare.startswith(("rem ", "::")):
            indent = len(line) - len(line.lstrip(" \t"))
            out.append(line[:indent] + "# " + line[indent + 2 :])
        else:
            out.append(line.replace("^", "\x03"))
    return "\n".join(out)
