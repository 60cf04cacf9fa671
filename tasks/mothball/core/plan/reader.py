"""Read a plan: text in; a ``Plan`` out, or every mistake in one error.

The format is imported late: pydantic alone takes as long as many a whole command.
"""

import json
import shlex
from collections.abc import Iterable
from dataclasses import asdict, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from mothball.core.errors import PlanError, Problem
from mothball.core.plan.conflicts import conflicts, shared_home
from mothball.core.plan.model import (
    Allowed,
    Category,
    Command,
    CommitPlan,
    Into,
    Keep,
    Limits,
    Metric,
    Plan,
    References,
)
from mothball.core.plan.paths import as_directory
from mothball.core.plan.rules import Mistake
from mothball.core.plan.source import read_source
from mothball.core.plan.text import Path, Positions, dotted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from mothball.core.plan.format import CategoryForm, CommandForm, PlanForm, ReferencesForm

_MOST: Final = 500  # nobody reads on, and a hostile text must not buy memory with mistakes
_LONGEST_KEY: Final = 200
_NO_MEANING: Final = frozenset({"key", "path", "digest", "places"})


def read_plan(text: bytes, *, path: str, table: tuple[str, ...] = ()) -> Plan:
    """Read a plan.

    Args:
        text: the content of the file.
        path: the file's name, as people should see it.
        table: the table that holds the plan, ``("tool", "mothball")`` in a ``pyproject.toml``.

    Raises:
        PlanError: the plan has mistakes; all of them, in the order of the text.
    """
    source = read_source(text, path=path, table=table)
    form = _checked(source.section, source.positions, path, table)
    plan = _plan(form, path)
    places = {dotted(key): place for key, place in source.positions.below(table)}
    return replace(plan, digest=_digest(plan), places=places)


def _checked(section: dict[str, Any], positions: Positions, path: str, table: Path) -> "PlanForm":
    """Return the section as a form, or raise all that is wrong with it."""
    from pydantic import ValidationError

    from mothball.core.plan.format import PlanForm
    from mothball.core.plan.mistakes import mistake_of, path_of, without_twins

    contradictions = list(conflicts(section))
    errors = []
    try:
        form = PlanForm.model_validate(section)
    except ValidationError as error:
        errors = without_twins(error.errors(include_url=False))
    else:
        if not contradictions:
            return form
    found: list[tuple[Path, Mistake | ErrorDetails]] = [
        *((path_of(error), error) for error in errors),
        *((mistake.path, mistake) for mistake in contradictions),
    ]

    found.sort(key=lambda item: positions.offset((*table, *item[0])))
    mistakes = [wrong if isinstance(wrong, Mistake) else mistake_of(wrong) for _, wrong in found[:_MOST]]
    problems = [_problem(mistake, positions, path, table) for mistake in mistakes]
    raise PlanError(*problems, *_more(len(found), path))


def _problem(mistake: Mistake, positions: Positions, path: str, table: Path) -> Problem:
    place = positions.nearest((*table, *mistake.path))
    key = dotted(mistake.path)
    if len(key) > _LONGEST_KEY:
        key = f"{key[:_LONGEST_KEY]}…"
    return Problem(
        code=mistake.flaw.code,
        where=f"{path}:{place.line}:{place.column}: {key}",
        found=mistake.flaw.found,
        expected=mistake.flaw.expected,
        remedy=mistake.flaw.remedy,
    )


def _more(number: int, path: str) -> Iterable[Problem]:
    """Say that there are more mistakes than are told."""
    if number > _MOST:
        found = f"there are {number - _MOST:,} more mistakes"
        yield Problem(code="plan-more", where=path, found=found, remedy="Correct these first.")


def _plan(form: "PlanForm", path: str) -> Plan:
    archive = tuple(_category(at, category) for at, category in enumerate(form.archive))
    destinations = [into.destination for category in archive for into in category.into]
    message = form.commit.message or f"refactor: archive experimental code - {form.title.strip()}"
    return Plan(
        path=path,
        digest="",
        title=form.title.strip(),
        purpose=(form.purpose or "").strip(),
        principle=(form.principle or "").strip(),
        home=as_directory(form.home) if form.home else shared_home(destinations) or "",
        keep=tuple(
            Keep(
                key=f"keep[{at}]",
                title=(keep.title or "").strip(),
                patterns=tuple(keep.patterns),
                optional=keep.optional,
            )
            for at, keep in enumerate(form.keep)
        ),
        archive=archive,
        readme=form.readme.path if form.readme else None,
        closed=tuple(form.checks.closed),
        commands=tuple(_command(at, command) for at, command in enumerate(form.checks.commands)),
        metrics=tuple(
            Metric(
                key=f"metric[{at}]", name=metric.name.strip(), count=tuple(metric.count), after=metric.after
            )
            for at, metric in enumerate(form.metric)
        ),
        commit=CommitPlan(
            message=message.strip(), per_category=form.commit.per_category, branch=form.commit.branch
        ),
        limits=Limits(share=form.limits.share),
        references=_references(form.references),
    )


def _references(form: "ReferencesForm") -> References:
    return References(
        allow=tuple(
            Allowed(
                key=f"references.allow[{at}]",
                source=allowed.source,
                target=allowed.target,
                reason=allowed.reason.strip(),
            )
            for at, allowed in enumerate(form.allow)
        ),
        ignore=tuple(form.ignore),
        fix=form.fix,
    )


def _category(at: int, form: "CategoryForm") -> Category:
    return Category(
        key=f"archive[{at}]",
        name=form.name,
        title=form.title.strip(),
        reason=form.reason.strip(),
        into=tuple(
            Into(
                key=dotted(("archive", at, "into", directory)),
                destination=as_directory(directory),
                patterns=tuple(patterns),
            )
            for directory, patterns in form.into.items()
        ),
        expect=form.expect,
        optional=form.optional,
        allow_ignored=form.allow_ignored,
    )


def _command(at: int, form: "str | CommandForm") -> Command:
    key = f"validate.commands[{at}]"
    if isinstance(form, str):
        return Command(key=key, argv=tuple(shlex.split(form)))
    words = shlex.split(form.run) if isinstance(form.run, str) and not form.shell else form.run
    argv = (words,) if isinstance(words, str) else tuple(words)
    return Command(key=key, argv=argv, shell=form.shell, timeout=form.timeout)


def _digest(plan: Plan) -> str:
    """Hash what the plan means, whatever its layout, its comments and its file's name."""
    meaning = asdict(
        plan, dict_factory=lambda pairs: {name: value for name, value in pairs if name not in _NO_MEANING}
    )
    return sha256(json.dumps(meaning, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
