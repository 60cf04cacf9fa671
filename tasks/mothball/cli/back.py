"""The way back: undo a run, restore files, recover what was cut off."""

from typing import TYPE_CHECKING

from invoke.context import Context
from invoke.tasks import task

from mothball.cli.context import RUN, explained, open_here, require_path, standing_in

if TYPE_CHECKING:
    from mothball.workflow.back import Returned


@task(
    help={**RUN, "run": "the last commit of the run to undo (default: the newest run not undone)"},
    auto_shortflags=False,
)
def undo(context: Context, repo: str = "", plan: str = "", run: str = "", json: bool = False) -> None:
    """Take back what the steps staged or, where nothing is staged, the last run, by a new commit."""
    with explained(as_json=json):
        from mothball.workflow import undo as way
        from mothball.workflow.lasting import plan_for_return

        session = open_here(context, repo, plan)
        _tell_back(way.undo(session, plan_for_return(session), run or None), as_json=json)


@task(
    positional=["path"],
    iterable=["also"],
    help={
        **RUN,
        "path": "what to bring back: a file or directory, by its new or its old path from here or the root",
        "also": "a further path to bring back; may be given several times",
    },
    auto_shortflags=False,
)
def restore(
    context: Context, path: str, also: list[str], repo: str = "", plan: str = "", json: bool = False
) -> None:
    """Bring archived files back to where they came from, by a commit."""
    with explained(as_json=json):
        from mothball.workflow import restore as way
        from mothball.workflow.lasting import plan_for_return

        require_path(path, "archive.restore")
        session = open_here(context, repo, plan)
        here = standing_in(session.git.root)
        _tell_back(way.restore(session, plan_for_return(session), [path, *also], here), as_json=json)


@task(
    help={**RUN, "forget": "bring nothing back, only drop the record of the run that was cut off"},
    auto_shortflags=False,
)
def recover(
    context: Context, repo: str = "", plan: str = "", forget: bool = False, json: bool = False
) -> None:
    """Settle a run that was cut off: back to before it, or to its end where its commit exists."""
    with explained(as_json=json):
        from mothball.cli import documents, screen

        session = open_here(context, repo, plan)
        there = session.recover(forget=forget)
        if json:
            screen.print_json(documents.recovered(there=bool(there), forgotten=forget))
        else:
            screen.show_recovered(there)


def _tell_back(back: "Returned | None", *, as_json: bool) -> None:
    from mothball.cli import documents, screen

    screen.print_json(documents.returned(back)) if as_json else screen.show_returned(back)
