"""The project's chores: plain ``nox`` lints, types and tests; ``nox --list`` names the rest."""

import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path

import nox
from packaging.requirements import Requirement

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "types", "tests"]
nox.options.reuse_venv = "yes"
nox.options.error_on_external_run = True

ROOT = Path(__file__).parent
DIST = ROOT / "dist"
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting and the import contracts."""
    session.install(*group("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", env={"PYTHONPATH": "tasks"})


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the package, the tests and this file."""
    session.install("--editable", ".", *group("types"))
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; what follows ``--`` goes to pytest."""
    session.install("--editable", ".", *group("browser"))
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def resilience(session: nox.Session) -> None:
    """Stop runs at every effect and every system call, and print what came of it; takes up to an hour."""
    session.install("--editable", ".", *group("test"))
    session.run("python", "-m", "tests.resilience", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz what reads plans, ledgers, journals and READMEs; ``-- --minutes 60 --keep`` for an hour."""
    session.install("--editable", ".", *group("fuzz"))
    session.run("python", "-m", "tests.resilience.fuzz", *(session.posargs or ["--minutes", "5"]))


@nox.session
def accuracy(session: nox.Session) -> None:
    """Print how many references of each kind are found, missed and made up, over a labelled set."""
    session.install("--editable", ".", *group("test"))
    session.run("python", "-m", "tests.accuracy", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure beside what people do by hand and what git reads; ``-- --full`` goes to a million files."""
    session.install("--editable", ".")
    session.run("python", "-m", "tests.bench", *session.posargs)


@nox.session
def minimums(session: nox.Session) -> None:
    """Run the tests with the lowest versions that pyproject.toml allows."""
    project = PYPROJECT["project"]
    promised = [*project["dependencies"], *project["optional-dependencies"]["nox"]]
    session.install("--editable", ".", *map(lowest, promised), *group("test"))
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build sdist and wheel into dist/, check their contents, run the wheel where there is nothing else."""
    session.install(*group("build"))
    shutil.rmtree(DIST, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(DIST))
    [sdist], [wheel] = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    tracked = tracked_files(session)
    check_sdist(session, sdist, tracked)
    check_wheel(session, wheel, tracked)
    run_alone(session, wheel)


# A reused environment would keep an older wheel of the same version: pip calls it satisfied.
@nox.session(requires=["build"], reuse_venv=False)
def installed(session: nox.Session) -> None:
    """Run the tests against the built wheel instead of the checkout."""
    [wheel] = DIST.glob("*.whl")
    session.install(str(wheel), *group("test"))
    session.run("pytest", "-n", "auto", "--override-ini", "pythonpath=.", *session.posargs)


@nox.session
def validate_before(session: nox.Session) -> None:
    """Check that the sample, or the repository of ``-- --repo PATH``, is fit to be archived."""
    invoke(session, "validate.before")


@nox.session
def archive(session: nox.Session) -> None:
    """Archive the sample, or the repository of ``-- --repo PATH``."""
    invoke(session, "archive.all")


@nox.session
def validate_after(session: nox.Session) -> None:
    """Check that the archived sample, or the repository of ``-- --repo PATH``, lost nothing."""
    invoke(session, "validate.after")


# The links of the chain do not require each other: whoever asks for ``validate_after`` alone wants a look,
# not an archive. A failed ``validate_before`` stops the chain all the same, for archive.all asks it again.
@nox.session(requires=["validate_before", "archive", "validate_after"], venv_backend="none")
def retire(session: nox.Session) -> None:
    """Validate, archive and validate again; what follows ``--`` goes to all three."""
    session.log("validated before, archived, validated after")


@nox.session
def pictures(session: nox.Session) -> None:
    """Draw the README's pictures again, from a real run on the sample; the second needs Chromium."""
    session.install("--editable", ".")
    session.run("python", "docs/picture.py")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into docs/_build/html; a link within that leads nowhere is an error."""
    session.install("--editable", ".", *group("docs"))
    session.run(
        "sphinx-build", "--fail-on-warning", "--keep-going", "--fresh-env", "docs", "docs/_build/html"
    )


def group(name: str) -> tuple[str, ...]:
    """Return the requirements of a dependency group of pyproject.toml."""
    return nox.project.dependency_groups(PYPROJECT, name)


def lowest(requirement: str) -> str:
    """Pin a requirement ``name>=X,<Y`` to ``name==X``."""
    parsed = Requirement(requirement)
    [floor] = [one.version for one in parsed.specifier if one.operator == ">="]
    return f"{parsed.name}=={floor}"


def invoke(session: nox.Session, task: str) -> None:
    """Run a task of the root tasks.py, where the user stands: a relative ``--repo`` means what it says."""
    session.install("--editable", ".")
    with session.chdir(session.invoked_from):
        session.run("python", "-m", "invoke", "--search-root", str(ROOT), task, *session.posargs)


def tracked_files(session: nox.Session) -> set[str]:
    """List what git tracks in this repository."""
    listing = session.run("git", "ls-files", "-z", external=True, silent=True, log=False)
    return set(str(listing).split("\0")) - {""}


def check_sdist(session: nox.Session, sdist: Path, tracked: set[str]) -> None:
    """Fail where the sdist holds a file that git does not track: hatchling packs every dropping."""
    with tarfile.open(sdist) as archived:
        names = {name.partition("/")[2] for name in archived.getnames()}
    if strays := names - tracked - {"PKG-INFO"}:
        session.error(f"{sdist.name} holds files that git does not track; add or ignore: {sorted(strays)}")


def check_wheel(session: nox.Session, wheel: Path, tracked: set[str]) -> None:
    """Fail where the wheel holds anything but the tracked package, whole."""
    with zipfile.ZipFile(wheel) as archived:
        names = {name for name in archived.namelist() if ".dist-info/" not in name}
    package = {path.removeprefix("tasks/") for path in tracked if path.startswith("tasks/mothball/")}
    promised = {"mothball/py.typed", "mothball/sample/__init__.py", "mothball/assets/report.html"}
    promised |= {f"mothball/{name}.schema.json" for name in ("mothball", "analysis", "references", "ledger")}
    if strays := names - package:
        session.error(f"{wheel.name} holds files that are no tracked part of mothball: {sorted(strays)}")
    if missing := (package | promised) - names:
        session.error(f"{wheel.name} lacks {sorted(missing)}")


def run_alone(session: nox.Session, wheel: Path) -> None:
    """Install the wheel in an empty environment and start it in an empty directory."""
    empty = Path(session.virtualenv.location).resolve() / "empty"
    session.run("python", "-m", "venv", "--clear", str(empty))
    session.run(str(empty / "bin" / "pip"), "install", "--quiet", str(wheel), external=True)
    with tempfile.TemporaryDirectory() as nowhere, session.chdir(nowhere):
        session.run(str(empty / "bin" / "mothball"), "--list", external=True, env={"PYTHONPATH": None})
