"""Nox sessions for a user's own noxfile, in two lines.

Example:
    from mothball import nox_sessions
    nox_sessions.register()
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nox import Session

_SESSIONS = (
    ("validate_before", "validate.before", "Check that this repository is fit to be archived."),
    ("archive", "archive.all", "Archive what the plan says."),
    ("validate_after", "validate.after", "Check that the archived repository lost nothing."),
)


def register() -> None:
    """Add ``validate_before``, ``archive`` and ``validate_after`` to the noxfile that calls this.

    And ``retire``, which requires the three in this order. All of them act on the repository where nox was
    called, with the interpreter that runs nox; what follows ``--`` goes to the task. None runs unless it is
    named: a plain ``nox`` never archives.

    Raises:
        ModuleNotFoundError: nox is not installed beside mothball.
    """
    nox = _nox()
    for name, task, purpose in _SESSIONS:
        nox.session(_session(task, purpose), name=name, venv_backend="none", default=False)
    chain = [name for name, _, _ in _SESSIONS]
    nox.session(_retire, name="retire", venv_backend="none", default=False, requires=chain)


def _nox() -> ModuleType:
    try:
        import nox
    except ModuleNotFoundError as error:
        message = (
            f"mothball.nox_sessions needs nox, and {sys.executable} has none. "
            "Install it beside mothball: pip install 'mothball[nox]'."
        )
        raise ModuleNotFoundError(message, name="nox") from error
    return nox


def _session(task: str, purpose: str) -> "Callable[[Session], None]":
    def run(session: "Session") -> None:
        with session.chdir(session.invoked_from):
            session.run(sys.executable, "-m", "mothball", task, *session.posargs, external=True)

    run.__doc__ = purpose
    return run


def _retire(session: "Session") -> None:
    """Validate, archive and validate again."""
    session.log("validated before, archived, validated after")
