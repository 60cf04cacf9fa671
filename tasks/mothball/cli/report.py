"""The collection ``report``: what a repository holds and what becomes of it, as files for people."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from invoke.collection import Collection
from invoke.context import Context
from invoke.tasks import task

from mothball.cli.context import HELP, chosen, explained, is_dry, open_here

if TYPE_CHECKING:
    from mothball.workflow.report import Written

_HELP: Final = {"repo": HELP["repo"], "plan": HELP["plan"]}
_OUT: Final = "the file to write (default: reports/archive-analysis.{} below the repository)"


@task(help={**_HELP, "out": _OUT.format("md")}, auto_shortflags=False)
def analysis(context: Context, repo: str = "", plan: str = "", out: str = "") -> None:
    """Write the analysis as Markdown: what moves and why, and whether it may; or what a run did."""
    _report(context, repo, plan, out, "md")


@task(help={**_HELP, "out": _OUT.format("html")}, auto_shortflags=False)
def html(context: Context, repo: str = "", plan: str = "", out: str = "") -> None:
    """Write the analysis as one HTML page with pictures, to look at and to send."""
    _report(context, repo, plan, out, "html")


@task(name="json", help={**_HELP, "out": _OUT.format("json")}, auto_shortflags=False)
def as_json(context: Context, repo: str = "", plan: str = "", out: str = "") -> None:
    """Write the analysis as JSON, for programs; its schema is versioned."""
    _report(context, repo, plan, out, "json")


def _report(context: Context, repo: str, plan: str, out: str, ending: str) -> None:
    with explained():
        from mothball.workflow import report

        [form] = [form for form in report.FORMATS if form.name.endswith(f".{ending}")]
        session = open_here(context, repo, plan)
        folder = reports_folder(context, repo)
        place = Path(out) if out else folder / form.name if folder else None
        write = report.foresee if is_dry(context) else report.write_report
        _show(write(session, session.plan(), form, place), written=not is_dry(context))


def reports_folder(context: Context, repo: str) -> Path | None:
    """Return where the reports on the sample go; ``None`` for any other repository: below it."""
    if chosen(context, "repo", repo):
        return None
    folder = str(context.config.get("mothball", {}).get("reports") or "")
    return Path(folder) if folder else None


def _show(report: "Written", *, written: bool) -> None:
    """Print where the report is and what it comes to."""
    from mothball.cli.terminal import console, hang, mark, near, shown
    from mothball.core.show import count

    screen = console()
    said = "written to" if written else "would be written to"
    hang(screen, mark("done", screen), shown(f"{said} {near(report.place.absolute())}"))
    share = f"{report.moves:,} of {count(report.tracked, 'tracked file')}"
    rest = f", {count(report.problems, 'problem')}" if report.problems else ""
    hang(
        screen,
        shown("  "),
        shown(f"{report.state}: {share} {'archived' if report.done else 'to archive'}{rest}"),
    )


collection = Collection("report", analysis, html, as_json)
