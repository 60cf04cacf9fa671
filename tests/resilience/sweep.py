"""Kill a run at each of its effects, bring it back, and compare the repository with before and after."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

EFFECTS = frozenset(
    {
        "mothball.mkdir",
        "mothball.move",
        "mothball.rmdir",
        "mothball.unlink",
        "mothball.write",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "shutil.copyfile",
        "subprocess.Popen",
    }
)
"""The audit events before which a run is killed: whatever changes a file, and every call of git."""


@dataclass(frozen=True)
class Picture:
    """All that a person could find changed: refs, index, and every file and directory of the work tree."""

    refs: str
    index: str
    status: str
    files: tuple[tuple[str, str], ...]


def git(root: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def picture(root: Path) -> Picture:
    """Take a picture of a repository; HEAD counts as its tree, for a commit's date is not the same twice."""
    return Picture(
        refs=git(root, "rev-parse", "HEAD^{tree}") + git(root, "symbolic-ref", "-q", "HEAD"),
        index=git(root, "ls-files", "-s", "-v"),
        status=git(root, "status", "--porcelain", "--ignored", "--untracked-files=all"),
        files=tuple(sorted(_files(root))),
    )


def _files(root: Path) -> list[tuple[str, str]]:
    found = []
    for folder, names, files in os.walk(root):
        if Path(folder) == root:
            names.remove(".git")
        here = os.path.relpath(folder, root)
        found.append((here + "/", ""))
        for name in files:
            path = Path(folder, name)
            content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            found.append((os.path.join(here, name), f"{path.lstat().st_mode:o} {sha256(content).hexdigest()}"))
    return found


def killed_at(number: int, action: Callable[[], object], how: signal.Signals = signal.SIGKILL) -> bool:
    """Run an action in a child that is killed before its effect of this number; say whether it got there."""
    child = os.fork()
    if child == 0:
        os.setsid()
        left = number

        def count(event: str, _: object) -> None:
            nonlocal left
            if event in EFFECTS:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), how)

        sys.addaudithook(count)
        try:
            action()
        except BaseException:  # noqa: BLE001 - the child must never return into pytest
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 3 and how is signal.SIGKILL:
        raise AssertionError(f"the run failed instead of dying at effect {number}")
    return os.WIFSIGNALED(status) or os.WEXITSTATUS(status) != 0
