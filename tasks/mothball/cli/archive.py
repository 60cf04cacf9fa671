"""The collection ``archive``: the steps of the plan, the whole, and the way back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from invoke.collection import Collection
from invoke.context import Context
from invoke.tasks import Task, task

from mothball.cli.context import (
    HELP,
    chosen,
    explained,
    given,
    is_dry,
    open_here,
    read_own,
    standing_in,
    write_own,
)
from mothball.cli.report import reports_folder
from mothball.core.errors import Exit, Problem, Refused
from mothball.core.saved import MARK
from mothball.core.show import visible

if TYPE_CHECKING:
    from mothball.workflow.archive import Done
    from mothball.workflow.back import Returned
    from mothball.workflow.report import Left

_RUN: Final = {"repo": HELP["repo"], "plan": HELP["plan"], "json": HELP["json"]}


@task(default=True, help=_RUN, auto_shortflags=False)
def status(context: Context, repo: str = "", plan: str = "", json: bool = False) -> None:
    """Show which steps are done, pending or blocked."""
    with explained(as_json=json):
        from mothball.cli import documents, screen
        from mothball.workflow import preview

        session = open_here(context, repo, plan)
        rows = preview.status(session, session.plan())
        screen.print_json(documents.status(rows)) if json else screen.show_status(rows)


@task(
    name="plan",
    help={
        **_RUN,
        "out": "save the plan as worked out, for `archive.all --saved FILE`",
        "references": "look for references that the move would break (or --no-references, which is quicker)",
    },
    auto_shortflags=False,
)
def show_plan(
    context: Context,
    repo: str = "",
    plan: str = "",
    out: str = "",
    references: bool = True,
    json: bool = False,
) -> None:
    """Show what would happen and what blocks it; write nothing (but what --out names)."""
    with explained(as_json=json):
        code = _preview(context, repo, plan, out, references=references, as_json=json)
    sys.exit(code) if code else None


def _tell(done: "Done", verb: str, root: Path, left: "Left | None" = None, *, as_json: bool) -> None:
    from mothball.cli import documents, screen

    screen.print_json(documents.done(done, left)) if as_json else screen.show_done(done, verb, root, left)


def _preview(context: Context, repo: str, plan: str, out: str, *, references: bool, as_json: bool) -> int:
    from mothball.cli import documents, screen
    from mothball.workflow import preview

    session = open_here(context, repo, plan)
    found = preview.work_out(session, session.plan(), references=references)
    screen.print_json(documents.preview(found)) if as_json else screen.show_preview(found)
    if out:
        write_own(Path(out), preview.save_preview(found), MARK)
        screen.show_saved(Path(out))
    return Exit.FINDINGS if found.problems else Exit.DONE


@task(
    name="all",
    help={
        **_RUN,
        "commands": HELP["commands"],
        "trust": HELP["trust"],
        "push": HELP["push"],
        "saved": "do exactly what `archive.plan --out FILE` saved, or refuse",
        "reports": "leave the report of the run (leave it out with --no-reports: quicker)",
        "fresh": "build the sample anew first (in mothball's own checkout only)",
    },
    auto_shortflags=False,
)
def archive_all(
    context: Context,
    repo: str = "",
    plan: str = "",
    saved: str = "",
    commands: bool = True,
    trust: bool = False,
    push: bool = False,
    reports: bool = True,
    fresh: bool = False,
    json: bool = False,
) -> None:
    """Archive what the plan says: every step still missing, in one commit, with checks before and after."""
    if is_dry(context):
        show_plan(context, repo=repo, plan=plan, json=json)
        return
    with explained(as_json=json):
        from mothball.cli import screen
        from mothball.workflow import archive, report

        session = open_here(context, repo, plan, trust=trust, fresh=fresh)
        in_force = session.plan()
        options = archive.Options(
            commands=commands, push=push, saved=(saved, read_own(Path(saved))) if saved else None
        )
        done = archive.archive_all(session, in_force, screen.say, options)
        folder = reports_folder(context, repo)
        left = report.leave_reports(session, in_force, folder, done.found) if reports else None
        _tell(done, "archived", session.git.root, left, as_json=json)


@task(help={**_RUN, "push": HELP["push"]}, auto_shortflags=False)
def commit(context: Context, repo: str = "", plan: str = "", push: bool = False, json: bool = False) -> None:
    """Commit what the steps staged, in your name; your hooks and signing run."""
    if is_dry(context):
        show_plan(context, repo=repo, plan=plan, json=json)
        return
    with explained(as_json=json):
        from mothball.workflow import archive

        session = open_here(context, repo, plan)
        done = archive.commit_step(session, session.plan(), pushing=push)
        _tell(done, "committed", session.git.root, as_json=json)


@task(
    help={**_RUN, "run": "the last commit of the run to undo (default: the newest run not undone)"},
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
        **_RUN,
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

        _require_path(path, "archive.restore")
        session = open_here(context, repo, plan)
        here = standing_in(session.git.root)
        _tell_back(way.restore(session, plan_for_return(session), [path, *also], here), as_json=json)


def _require_path(path: str, name: str) -> None:
    """Refuse an option where Invoke takes the next word for the path, whatever it is.

    Raises:
        Refused: it begins with two dashes, or asks for help.
    """
    if path.startswith("--") or path == "-h":
        from mothball.cli.terminal import command

        raise Refused(
            Problem(
                code="path-option",
                where=name,
                found=f"{visible(path)} stands where a path belongs",
                expected="the path first, options after it",
                remedy=f"`{command('--help', name)}` says how it is used.",
            )
        )


def _tell_back(back: "Returned | None", *, as_json: bool) -> None:
    from mothball.cli import documents, screen

    screen.print_json(documents.returned(back)) if as_json else screen.show_returned(back)


@task(
    help={**_RUN, "forget": "bring nothing back, only drop the record of the run that was cut off"},
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


@task(
    positional=["path"],
    help={**_RUN, "path": "the path to explain, from here or from the root of the repository"},
    auto_shortflags=False,
)
def why(context: Context, path: str, repo: str = "", plan: str = "", json: bool = False) -> None:
    """Say what the plan makes of a path, and by which pattern and line."""
    with explained(as_json=json):
        from mothball.cli import documents, screen
        from mothball.workflow import preview

        _require_path(path, "archive.why")
        session = open_here(context, repo, plan)
        read = session.plan()
        verdict, record, tracked, staged = preview.why(session, read, path, standing_in(session.git.root))
        if json:
            screen.print_json(documents.why(verdict, record, staged, tracked=tracked, where=read.where))
        else:
            screen.show_why(verdict, record, staged, tracked=tracked, where=read.where)


def step_task(name: str, title: str) -> "Task[Any]":
    """Return the task of one step before the commit."""

    def run(context: Context, repo: str = "", plan: str = "", json: bool = False) -> None:
        if is_dry(context):
            show_plan(context, repo=repo, plan=plan, json=json)
            return
        with explained(as_json=json):
            from mothball.workflow import archive

            session = open_here(context, repo, plan)
            done = archive.run_step(session, session.plan(), name)
            _tell(done, "staged", session.git.root, as_json=json)

    run.__doc__ = title
    return Task(run, name=name, help=_RUN, auto_shortflags=False)


def collection(outline: tuple[tuple[str, str], ...]) -> Collection:
    """Return the collection with one task per category of the outline, in the order of the plan."""
    tasks = Collection("archive")
    tasks.add_task(step_task("structure", "Step 1: create the archive's directories."))
    for number, (name, title) in enumerate(outline, 2):
        tasks.add_task(step_task(name, f"Step {number}: {title}."))
    tasks.add_task(
        step_task("fix", "Rewrite links and paths that the move would break, where one answer is right.")
    )
    tasks.add_task(
        step_task("readme", "After the categories: update the README, the archive's index and the ledger.")
    )
    for fixed in (commit, archive_all, show_plan, undo, restore, recover, why):
        tasks.add_task(fixed)
    tasks.add_task(status, default=True)
    return tasks


def plan_in_force() -> tuple[tuple[str, str], ...]:
    """Return names and titles of the categories, from the plan that this command line is about.

    Never fails: an unreadable plan must not break ``--list``; a task that needs it explains what is wrong.
    """
    from mothball.cli.streams import forgive
    from mothball.core.outline import read_outline
    from mothball.effects.plans import find_plan, read_bounded, work_tree_above

    forgive()  # before Invoke prints a title that the terminal has no letters for
    nothing = Context()
    root = work_tree_above(Path(chosen(nothing, "repo", given(sys.argv, "repo")) or "."))
    plan = chosen(nothing, "plan", given(sys.argv, "plan"))
    try:
        found = find_plan(root, Path(plan) if plan else None)
        return read_outline(read_bounded(found[0]), found[1]) if found else ()
    except OSError:
        return ()
