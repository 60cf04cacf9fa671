"""Begin: the files that a new user starts from."""

from collections.abc import Iterator
from pathlib import Path

from mothball.core.plan.format import schema_text
from mothball.core.starter import SCHEMA, USERS_TASKS, starter_plan
from mothball.effects.opening import open_repository
from mothball.effects.plans import NAME


def begin(repo: Path, *, schema: bool = False) -> Iterator[tuple[Path, bool]]:
    """Write a plan and a ``tasks.py``; yield each path and whether it was written.

    With ``schema`` the plan's JSON Schema comes beside it. A file that exists stays as it is.
    """
    root = open_repository(repo).root
    readme = "README.md" if (root / "README.md").is_file() else None
    files = {NAME: starter_plan(readme=readme, schema=schema), "tasks.py": USERS_TASKS}
    for name, text in (files | ({SCHEMA: schema_text()} if schema else {})).items():
        place = root / name
        try:
            with place.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            yield place, False
        else:
            yield place, True
