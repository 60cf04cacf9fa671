"""The files that ``init`` writes for a new user: a plan to edit, and the door to the tasks."""

from string import Template
from typing import Final

from mothball.core.plan.text import quoted

USERS_TASKS: Final = """\
from invoke.collection import Collection

from mothball import archive, report, validate

ns = Collection(archive, validate, report)
"""
"""The text of a user's own ``tasks.py``."""

SCHEMA: Final = "mothball.schema.json"
"""The file that an editor reads the plan's format from, beside the plan."""

_PLAN: Final = Template("""\
# What is kept, what is archived, where to, and why. Nothing moves before you say `mothball archive.all`;
# `mothball archive.plan` shows what would. Patterns are those of .gitignore, from the repository's root.

title     = $title
purpose   = "Find the code that counts at a glance"
principle = "Keep what runs in production, archive the experiments"

# What is never moved, whatever the patterns below say.
[[keep]]
title    = "Production"
patterns = ["/src/"]

# One category is one step, with a task of its own: this one is `mothball archive.experiments`.
[[archive]]
name   = "experiments"
title  = "Experiments"
reason = "Steps on the way to the final version; nothing in production uses them."
# expect = 21                # how many files it must have: any other number stops the run
# optional = true            # the patterns may match nothing
into.$directory = ["/experiments/"]

# Further categories look the same:
# [[archive]]
# name   = "old-docs"
# title  = "Old documentation"
# reason = "Describes versions that are gone."
# into.$documents = ["/docs/old-*.md"]
$readme
# What must hold before and after.
# [validate]
# closed   = ["/src/"]       # every tracked file in here must be kept or archived
# commands = ["python -m pytest -q"]

# Rows of the impact table: how many tracked files match, before and after.
# [[metric]]
# name  = "Files in src"
# count = ["/src/"]
# after = 8                  # how many there must be afterwards

# [commit]
# message = "refactor: archive experimental code"
# per-category = true        # one commit for each category
# branch = "archive-experiments"

# Places in the files that stay which name something that goes.
# [references]
# ignore = ["/docs/records/"]          # files that are not read
# allow  = [{ from = "/docs/guide.md", to = "/experiments/", reason = "It tells how it was." }]

# [limits]
# share = 0.6                # the largest part of the tracked files that may move
""")
_README: Final = """
# The file that gets a section between two markers; the rest of it stays yours.
{mark}[readme]
{mark}path = {path}
"""


def starter_plan(
    *,
    title: str = "Focus on what counts",
    home: str = "archive/",
    readme: str | None = None,
    schema: bool = False,
) -> str:
    """Return a plan with comments, whose example patterns wait to be edited.

    Args:
        title: what the whole is for.
        home: the archive's directory, with its trailing slash.
        readme: the file for the managed section; without it the table is only suggested.
        schema: whether the plan's JSON Schema lies beside it, under `SCHEMA`.
    """
    head = f"#:schema {SCHEMA}\n" if schema else ""
    return head + _PLAN.substitute(
        title=quoted(title),
        directory=quoted(f"{home}experiments/"),
        documents=quoted(f"{home}old-docs/"),
        readme=_README.format(mark="" if readme else "# ", path=quoted(readme or "README.md")),
    )
