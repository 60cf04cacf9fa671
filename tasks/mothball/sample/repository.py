"""Build the sample repository: the same commits every time, on every machine."""

import os
import shutil
import subprocess
from pathlib import Path

from mothball.core.errors import Failed, Problem, Refused
from mothball.sample.history import EMAIL, NAME, stream

CONFIG = f"""\
[user]
\tname = {NAME}
\temail = {EMAIL}
[commit]
\tgpgsign = false
[core]
\tautocrlf = false
"""

INIT = ("init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=main")


def build(directory: Path) -> None:
    """Make the sample repository in ``directory``, which must be absent or empty.

    Raises:
        FileExistsError: there is something at ``directory`` already; it was not touched.
        Failed: git is missing or gave up.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise FileExistsError(f"{directory} is not empty")
    _git(directory, *INIT)
    _furnish(directory / ".git")
    _git(directory, "fast-import", "--quiet", "--done", stdin=stream())
    # User-level attributes are read even when there is no user-level configuration: one
    # `* eol=crlf` in ~/.config/git/attributes would check out other bytes.
    _git(directory, "-c", f"core.attributesFile={os.devnull}", "checkout", "--quiet", "--force", "main")


def remove(directory: Path) -> None:
    """Remove a sample that `build` made; nothing happens where there is none.

    Raises:
        Refused: what is there is not the sample.
    """
    if not directory.exists():
        return
    try:
        config = (directory / ".git" / "config").read_text(encoding="utf-8")
    except OSError:
        config = ""
    if EMAIL not in config:
        found = "this directory is not the sample that mothball builds"
        raise Refused(
            Problem(code="sample-strange", where=str(directory), found=found, remedy="Move it away.")
        )
    shutil.rmtree(directory)


def _furnish(git_dir: Path) -> None:
    """Add what an ordinary ``git init`` leaves, without the machine's own templates."""
    for name in ("hooks", "info"):
        (git_dir / name).mkdir()
    with (git_dir / "config").open("a", encoding="utf-8", newline="\n") as config:
        config.write(CONFIG)


def _git(directory: Path, *arguments: str, stdin: bytes = b"") -> None:
    """Run git on ``directory``, out of reach of the user's and the machine's configuration."""
    try:
        run = subprocess.run(
            ["git", *arguments],
            cwd=directory,
            env=_environment(),
            input=stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise Failed(
            Problem(code="sample-no-git", where="git", found="it is not installed", remedy="Install git.")
        ) from error
    if run.returncode:
        message = run.stderr.decode("utf-8", "replace").strip()
        found = f"`git {arguments[0]}` exited {run.returncode}: {message}"
        raise Failed(Problem(code="sample-git-failed", where=str(directory), found=found))


def _environment() -> dict[str, str]:
    """The environment without git's variables, and with a git that reads no configuration but ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C",
    }
