"""The installed program: Invoke with our namespace bundled, so that nothing of the directory is run."""

import sys
from pathlib import Path

from invoke.collection import Collection
from invoke.context import Context
from invoke.program import Program
from invoke.tasks import task

from mothball.cli import report, validate
from mothball.cli.archive import collection, plan_in_force
from mothball.cli.context import HELP, chosen, explained


@task(help={"repo": HELP["repo"]}, auto_shortflags=False)
def init(context: Context, repo: str = "") -> None:
    """Write a commented plan and a tasks.py to start from; never over an existing file."""
    with explained():
        from mothball.cli import screen
        from mothball.workflow.begin import begin

        for path, written in begin(Path(chosen(context, "repo", repo) or ".")):
            screen.show_begun(path, written=written)


def namespace() -> Collection:
    """Return all tasks."""
    return Collection(init, collection(plan_in_force()), validate.collection, report.collection)


class _Version(str):
    """The version as text, read from the installation only when it is shown: reading it takes 36 ms."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return str(self)

    def __str__(self) -> str:
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("mothball")
        except PackageNotFoundError:
            return "(not installed)"


def main() -> None:
    """Run the program."""
    version = _Version("installed")  # any text: Invoke takes an empty one for none
    Program(namespace=namespace(), name="mothball", binary="mothball", version=version).run(sys.argv)
