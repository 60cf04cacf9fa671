"""The collection ``report``: what a repository holds and what becomes of it, as files for people."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from invoke.collection import Collection
from invoke.context import Context
from invoke.tasks import task

from mothball.cli.context import HELP, explained, is_dry, open_here

if TYPE_CHECKING:
    from mothball.workflow.report import Written

_HELP: Final = {
    "repo": HELP["repo"],
    "plan": HELP["plan"],
    "out": "the file to write (default: reports/archive-analysis.md below the repository)",
}


@task(help=_HELP, auto_shortflags=False)
def analysis(context: Context, repo: str = "", plan: str = "", out: str = "") -> None:
    """Write the archive analysis: what moves and why, and whether it may; or what a run did."""
    with explained():
        from mothball.workflow import report

        session = open_here(context, repo, plan)
        place = Path(out) if out else None
        write = report.foresee if is_dry(context) else report.write_analysis
        _show(write(session, session.plan(), place), written=not is_dry(context))


def _show(report: "Written", *, written: bool) -> None:
    """Print where the report is and what it comes to."""
    from mothball.cli.terminal import console, hang, mark, shown
    from mothball.core.show import count

    screen = console()
    here = Path.cwd()
    place = report.place.absolute()
    near = place.relative_to(here) if place.is_relative_to(here) else place
    said = "written to" if written else "would be written to"
    hang(screen, mark("done", screen), shown(f"{said} {near}"))
    share = f"{report.moves:,} of {count(report.tracked, 'tracked file')}"
    rest = f", {count(report.problems, 'problem')}" if report.problems else ""
    hang(
        screen,
        shown("  "),
        shown(f"{report.state}: {share} {'archived' if report.done else 'to archive'}{rest}"),
    )


collection = Collection("report", analysis)
