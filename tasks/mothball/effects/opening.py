"""Open the repository that a directory belongs to, to change it or to judge what is to be committed."""

import os
from collections.abc import Sequence
from pathlib import Path

from mothball.core.errors import Problem, Refused
from mothball.core.show import visible
from mothball.effects.git import LOCAL_VARIABLES, Git, decode


def open_repository(directory: Path) -> Git:
    """Return the work tree that a directory belongs to.

    Raises:
        Refused: there is none, it is bare, git does not trust its owner, it has no commit yet, or the
            environment points git somewhere else.
    """
    leaked = sorted(LOCAL_VARIABLES & os.environ.keys())
    if leaked:
        raise Refused(_leaked(leaked, "no variable that `git rev-parse --local-env-vars` lists"))
    git = _work_tree(directory)
    if head(git) is None:
        raise Refused(
            Problem(
                code="git-unborn",
                where=str(git.root),
                found="the branch has no commit yet",
                expected="at least one commit, which is what a run is compared with",
                remedy="Commit your files first.",
            )
        )
    return git


def open_staged(directory: Path) -> Git:
    """Return the work tree that a directory belongs to, seen through the index that is about to be committed.

    Only for reading. Inside a hook git names that index in the environment: a temporary one for
    ``git commit --all`` and ``git commit PATH``. It is believed where all that is named is this very
    repository's.

    Raises:
        Refused: there is no work tree, or the environment names another repository's index.
    """
    git = _work_tree(directory)
    own, common = (
        Path(git.root, git.line("rev-parse", name)).resolve() for name in ("--git-dir", "--git-common-dir")
    )
    named = {name: Path(git.root, os.environ[name]).resolve() for name in LOCAL_VARIABLES & os.environ.keys()}
    index = named.pop("GIT_INDEX_FILE", own / "index")
    mine = {"GIT_DIR": own, "GIT_COMMON_DIR": common, "GIT_WORK_TREE": git.root.resolve()}
    strange = [name for name, place in named.items() if name != "GIT_PREFIX" and place != mine.get(name)]
    if not index.is_relative_to(own):
        strange.append("GIT_INDEX_FILE")
    if strange:
        raise Refused(_leaked(sorted(strange), f"nothing outside of {own}, the repository of this directory"))
    return git.with_index(index)


def head(git: Git) -> str | None:
    """Return HEAD's commit, ``None`` while the branch has none."""
    return git.says("rev-parse", "--verify", "--quiet", "HEAD^{commit}")


def _work_tree(directory: Path) -> Git:
    if not directory.is_dir():
        raise Refused(_no_repository(directory, "there is no such directory"))
    here = Git(directory)
    inside = here.run("rev-parse", "--is-inside-work-tree", "--show-toplevel")
    answer = decode(inside.stdout).splitlines()
    if inside.returncode or answer[:1] != ["true"]:
        words = decode(inside.stderr).strip().splitlines()
        bare = "it is a bare repository or git's own directory: there is no work tree"
        ours = bool(words) and "safe.bareRepository" in words[0]  # a setting of ours, not of the user's
        found = words[0].removeprefix("fatal: ") if words and not answer and not ours else bare
        raise Refused(_no_repository(directory.absolute(), found))
    return Git(Path(decode(inside.stdout).removesuffix("\n").split("\n", 1)[1]))


def _leaked(names: Sequence[str], expected: str) -> Problem:
    return Problem(
        code="git-environment",
        where="environment",
        found=f"{', '.join(names)} is set, so git would act on another repository or index",
        expected=expected,
        remedy="Do not run mothball from inside a git hook, but for `validate.guard` in a hook of this"
        " repository; unset the variable otherwise.",
    )


def _no_repository(directory: Path, found: str) -> Problem:
    if "dubious ownership" in found:
        return Problem(
            code="git-untrusted",
            where=str(directory),
            found="git does not trust this repository: its files belong to another user",
            expected="files of your own",
            remedy=f"If you trust it: git config --global --add safe.directory '{directory}'",
        )
    return Problem(
        code="git-no-repository",
        where=str(directory),
        found=visible(found),
        expected="a directory inside a git work tree",
        remedy="Pass one with --repo.",
    )
