"""Report: what a repository holds and what becomes of it, written to files for people and programs."""

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mothball.core.analysis.analyse import analysis_page, is_analysis
from mothball.core.analysis.document import analysis_json, is_document
from mothball.core.analysis.values import Analysis
from mothball.core.analysis.verdict import state
from mothball.core.errors import MothballError, Problem, Refused
from mothball.core.page import ASSETS, html_page, is_page
from mothball.core.plan.model import Plan
from mothball.core.references.findings import Comparison
from mothball.core.show import visible
from mothball.core.tree import parents
from mothball.effects.assets import read_assets
from mothball.effects.files import Workspace, workspace
from mothball.workflow.analyse import analyse
from mothball.workflow.session import Session

FOLDER: Final = "reports"
"""Where reports go, from the root of the repository."""
OWN_FOLDER: Final = "mothball-reports"
"""Where a run leaves them, in git's own directory, when git does not ignore the other place."""


@dataclass(frozen=True, slots=True)
class Format:
    """A form of the report: its file's name, how it is made, and how an earlier one is known."""

    name: str
    render: Callable[[Analysis], str]
    is_ours: Callable[[bytes], bool]


def _html(analysis: Analysis) -> str:
    return html_page(analysis, read_assets(ASSETS))


MARKDOWN: Final = Format("archive-analysis.md", analysis_page, is_analysis)
HTML: Final = Format("archive-analysis.html", _html, is_page)
JSON: Final = Format("archive-analysis.json", analysis_json, is_document)
FORMATS: Final = (HTML, MARKDOWN, JSON)
PLACE: Final = f"{FOLDER}/{MARKDOWN.name}"
"""Where the analysis goes, from the root of the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A report: where it is, and what it comes to; ``done`` says that it is about a run that was made."""

    place: Path
    state: str
    done: bool
    moves: int
    tracked: int
    problems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a run left for people: where its reports are, and why others could not be written."""

    places: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()


def write_report(session: Session, plan: Plan, form: Format, out: Path | None = None) -> Written:
    """Write the report below the repository, or where ``out`` says.

    Raises:
        Refused: something else than an earlier report of the same form lies there.
    """
    analysis = analyse(session, plan)
    _save(session, form, analysis, out)
    return _written(session, analysis, form, out)


def foresee(session: Session, plan: Plan, form: Format, out: Path | None = None) -> Written:
    """Say what `write_report` would write, and write nothing."""
    return _written(session, analyse(session, plan), form, out)


def leave_reports(
    session: Session, plan: Plan, folder: Path | None = None, found: Comparison | None = None
) -> Left:
    """Write all reports after a run, which they can neither fail nor make dirty.

    ``found`` is what that run found when it compared its trees, so that nobody need compare them again.

    Without a folder they go to ``reports/`` where git ignores that, else to git's own directory: nobody asked
    for files that git would see.
    """
    places: list[Path] = []
    problems: list[str] = []
    try:
        analysis = analyse(session, plan, found)
        below = folder is None and _is_ignored(session)
        place = session.git.root / FOLDER if below else folder or _own_folder(session)
    except Exception as error:  # noqa: BLE001 - the run is made: no defect of a report may hide that
        return Left(problems=(_said(error),))
    for form in FORMATS:
        try:
            _save(session, form, analysis, None if below else place / form.name)
        except Exception as error:  # noqa: BLE001 - as above
            problems.append(_said(error))
        else:
            places.append(place / form.name)
    return Left(places=tuple(places), problems=tuple(problems))


def _own_folder(session: Session) -> Path:
    place = session.git.path(OWN_FOLDER)
    if place.is_symlink():
        raise Refused(_taken(place, "a directory, or nothing"))
    return place.resolve()


def _said(error: Exception) -> str:
    """Say what is wrong; what is neither a person's doing nor the system's is a defect, and named as such."""
    if isinstance(error, (MothballError, OSError)):
        return str(error)
    return f"{type(error).__name__}: {error} (a defect of mothball's; nothing else is the worse for it)"


def _is_ignored(session: Session) -> bool:
    """Say whether git overlooks all reports below the repository; a tracked one it does not."""
    paths = b"".join(f"./{FOLDER}/{form.name}\0".encode() for form in FORMATS)
    done = session.git.run("check-ignore", "-z", "--stdin", stdin=paths, literal=False)
    return done.returncode == 0 and done.stdout.count(b"\0") == len(FORMATS)


def _written(session: Session, analysis: Analysis, form: Format, out: Path | None) -> Written:
    return Written(
        place=out or session.git.root / FOLDER / form.name,
        state=state(analysis),
        done=analysis.run is not None,
        moves=len(analysis.moves),
        tracked=len(analysis.before),
        problems=len(analysis.problems),
    )


def _save(session: Session, form: Format, analysis: Analysis, out: Path | None) -> None:
    with session.watch("Writing the report", 0):
        content = form.render(analysis).encode()
    if out is None:
        session.store.folder.mkdir(parents=True, exist_ok=True)
        _put(session.git.root, f"{FOLDER}/{form.name}", (content, form), session.store.folder)
    else:
        folder = out.absolute().parent
        folder.mkdir(parents=True, exist_ok=True)
        _put(folder.resolve(), out.name, (content, form), folder)


def _put(root: Path, path: str, page: tuple[bytes, Format], scratch: Path) -> None:
    """Write the file, following no link; what is there must be an earlier one of the same form.

    Raises:
        Refused: it is not.
    """
    with workspace(root, scratch) as held:
        for above in reversed(list(parents(path))):
            status = held.status(above)
            if status is not None and not stat.S_ISDIR(status.st_mode):
                raise Refused(_taken(root / above, "a directory"))
            held.make_directory(above)
        content, form = page
        held.write(path, _earlier(held, root, path, form), content)
        held.sync()


def _earlier(held: Workspace, root: Path, path: str, form: Format) -> bytes | None:
    status = held.status(path)
    if status is None:
        return None
    content = held.read(path) if stat.S_ISREG(status.st_mode) else None
    if content is None or not form.is_ours(content):
        raise Refused(_taken(root / path, "nothing, or an earlier report, which begins with our mark"))
    return content


def _taken(place: Path, expected: str) -> Problem:
    return Problem(
        code="report-taken",
        where=visible(str(place)),
        found="something else lies here, and it is never overwritten",
        expected=expected,
        remedy="Move it away, or name another file with --out.",
    )
