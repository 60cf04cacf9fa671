"""The installed program: Invoke with our namespace bundled, so that nothing of the directory is run."""

import sys
from difflib import get_close_matches
from pathlib import Path

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import ParseError
from invoke.program import Program
from invoke.tasks import task

from mothball.cli import report, validate
from mothball.cli.archive import collection, plan_in_force
from mothball.cli.context import HELP, chosen, explained
from mothball.cli.streams import hush

_SCHEMA = "write mothball.schema.json as well, by which editors complete and check the plan"


@task(help={"repo": HELP["repo"], "schema": _SCHEMA}, auto_shortflags=False)
def init(context: Context, repo: str = "", schema: bool = False) -> None:
    """Write a commented plan and a tasks.py to start from; never over an existing file."""
    with explained():
        from mothball.cli import screen
        from mothball.workflow.begin import begin

        begun = [*begin(Path(chosen(context, "repo", repo) or "."), schema=schema)]
        for path, written in begun:
            screen.show_begun(path, written=written)
        for path, _ in begun:
            if path.suffix == ".toml":
                screen.show_next(path)


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


class _Program(Program):
    """Invoke's program; it knows near names, and a reader that goes away."""

    def run(self, argv: list[str] | None = None, exit: bool = True) -> None:  # noqa: A002
        """Run; where the reader of our output has gone (``| head``), end without a word."""
        try:
            try:
                super().run(argv, exit)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            hush()
            raise SystemExit(0) from None

    def parse_tasks(self) -> None:
        """Parse the tasks; of one that there is not, say which is meant."""
        try:
            super().parse_tasks()
        except ParseError as error:
            words = str(error).split("'")
            near = get_close_matches(words[1], self.collection.task_names, 1) if len(words) > 2 else []
            if near and str(error).startswith("No idea what"):
                raise ParseError(f"{error} Did you mean {near[0]}?", error.context) from None
            raise


def main() -> None:
    """Run the program."""
    version = _Version("installed")  # any text: Invoke takes an empty one for none
    _Program(namespace=namespace(), name="mothball", binary="mothball", version=version).run(sys.argv)
