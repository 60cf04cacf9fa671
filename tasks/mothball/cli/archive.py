"""The collection ``archive``: the steps of the plan, and the whole."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke.collection import Collection
from invoke.context import Context
from invoke.tasks import Task, task

from mothball.cli.back import recover, restore, undo
from mothball.cli.context import (
    HELP,
    RUN,
    chosen,
    explained,
    given,
    is_dry,
    open_here,
    read_own,
    require_path,
    standing_in,
    write_own,
)
from mothball.cli.report import reports_folder
from mothball.core.errors import Exit
from mothball.core.saved import MARK

if TYPE_CHECKING:
    from mothball.workflow.archive import Done
    from mothball.workflow.report import Left


@task(default=True, help=RUN, auto_shortflags=False)
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
        **RUN,
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
        **RUN,
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


@task(help={**RUN, "push": HELP["push"]}, auto_shortflags=False)
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
    positional=["path"],
    help={**RUN, "path": "the path to explain, from here or from the root of the repository"},
    auto_shortflags=False,
)
def why(context: Context, path: str, repo: str = "", plan: str = "", json: bool = False) -> None:
    """Say what the plan makes of a path, and by which pattern and line."""
    with explained(as_json=json):
        from mothball.cli import documents, screen
        from mothball.workflow import preview

        require_path(path, "archive.why")
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
    return Task(run, name=name, help=RUN, auto_shortflags=False)


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
