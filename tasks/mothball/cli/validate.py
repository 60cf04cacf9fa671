"""The collection ``validate``: the checks, singly."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from invoke.collection import Collection
from invoke.context import Context
from invoke.tasks import Task, task

from mothball.cli.context import HELP, explained, open_for_commit_here, open_here, write_own
from mothball.core.errors import Exit

if TYPE_CHECKING:
    from mothball.core.checks import Outcome
    from mothball.core.references.findings import Comparison

_JUNIT: Final = "also write the results to this file, as JUnit XML"
_HELP: Final = {
    "repo": HELP["repo"],
    "plan": HELP["plan"],
    "json": HELP["json"],
    "junit": _JUNIT,
    "github": HELP["github"],
    "commands": HELP["commands"],
    "trust": HELP["trust"],
}


def _checks(name: str, words: str) -> "Task[Any]":
    """Return the task of the checks of one side of a run: ``before`` or ``after``."""

    def run(
        context: Context,
        repo: str = "",
        plan: str = "",
        junit: str = "",
        commands: bool = True,
        trust: bool = False,
        github: bool = False,
        json: bool = False,
    ) -> None:
        title = f"validate.{name}"
        with explained(as_json=json, for_github=title if github else ""):
            from mothball.cli import screen
            from mothball.workflow import validate

            session = open_here(context, repo, plan, trust=trust)
            check = validate.before if name == "before" else validate.after
            found = check(session, session.plan(), screen.say, commands=commands)
            code = _report(title, found, junit, for_github=github, as_json=json)
        sys.exit(code) if code else None

    run.__doc__ = words
    return Task(run, name=name, help=_HELP, auto_shortflags=False)


before = _checks(
    "before", "Check whether plan and repository are fit for a run, and run the plan's commands."
)
after = _checks(
    "after", "Check the result of the last run: nothing lost, nothing kept touched, promises met."
)


@task(
    help={
        "repo": HELP["repo"],
        "plan": HELP["plan"],
        "from": "the revision to compare what is staged with (default: HEAD)",
        "junit": _JUNIT,
        "github": HELP["github"],
        "json": HELP["json"],
    },
    auto_shortflags=False,
)
def guard(
    context: Context,
    repo: str = "",
    plan: str = "",
    from_: str | None = None,
    junit: str = "",
    github: bool = False,
    json: bool = False,
) -> None:
    """Check what is staged, for a git hook: a valid plan, and nothing new that it archives or that breaks."""
    with explained(as_json=json, for_github="validate.guard" if github else ""):
        from mothball.workflow.guard import guard

        found = guard(open_for_commit_here(context, repo, plan), from_)
        code = _report("validate.guard", found, junit, for_github=github, as_json=json)
    sys.exit(code) if code else None


@task(
    name="references",
    help={
        "repo": HELP["repo"],
        "plan": HELP["plan"],
        "from": "compare two revisions instead of a plan: this one, before files were moved, and --to",
        "to": "the revision after files were moved (default: HEAD)",
        "json": HELP["json"],
        "sarif": "also write the findings to this file, as SARIF 2.1.0",
        "github": HELP["github"],
    },
    auto_shortflags=False,
)
def show_references(
    context: Context,
    repo: str = "",
    plan: str = "",
    from_: str | None = None,
    to: str | None = None,
    sarif: str = "",
    github: bool = False,
    json: bool = False,
) -> None:
    """List imports, links and paths that a move breaks: the planned one, or one between two revisions."""
    with explained(as_json=json, for_github="validate.references" if github else ""):
        from mothball.workflow.references import find

        session = open_here(context, repo, plan)
        found = find(session, from_, to)
        code = _tell_references(found, sarif, for_github=github, as_json=json)
    sys.exit(code) if code else None


def _tell_references(found: "Comparison", sarif: str, *, for_github: bool, as_json: bool) -> int:
    from mothball.cli import github, references, screen

    if sarif:
        write_own(Path(sarif), references.sarif(found).encode(), b"sarif-2.1.0")
    if as_json:
        screen.print_json(references.document(found))
    elif for_github:
        github.tell(github.of_findings(found), github.summary_of_findings(found))
    else:
        references.show_comparison(found)
    return Exit.FINDINGS if found.breaks() else Exit.DONE


def _report(name: str, found: Sequence["Outcome"], junit: str, *, for_github: bool, as_json: bool) -> int:
    from mothball.cli import documents, github, screen
    from mothball.cli.junit import junit_xml

    if junit:
        write_own(Path(junit), junit_xml(name, found), b"<testsuite")
    if as_json:
        screen.print_json(documents.outcomes(name, found))
    elif for_github:
        github.tell(github.of_outcomes(found), github.summary_of_outcomes(name, found))
    else:
        screen.show_outcomes(found, brief=name == "validate.guard")
    failed = [problem.exit for outcome in found for problem in outcome.problems if problem.blocking]
    return min(failed, default=Exit.DONE)


collection = Collection("validate", before, after, guard, show_references)
