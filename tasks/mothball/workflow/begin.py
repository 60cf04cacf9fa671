"""Begin: the two files that a new user starts from."""

from collections.abc import Iterator
from pathlib import Path

from mothball.core.starter import USERS_TASKS, starter_plan
from mothball.effects.opening import open_repository
from mothball.effects.plans import NAME


def begin(repo: Path) -> Iterator[tuple[Path, bool]]:
    """Write a plan and a ``tasks.py``; yield each path and whether it was written.

    A file that exists stays as it is.
    """
    root = open_repository(repo).root
    readme = "README.md" if (root / "README.md").is_file() else None
    for name, text in ((NAME, starter_plan(readme=readme)), ("tasks.py", USERS_TASKS)):
        place = root / name
        try:
            with place.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            yield place, False
        else:
            yield place, True
