"""Write the reference pages: every task, flag, key, check, error and schema, from the code that has them.

``python -m docs.reference FOLDER`` writes them, and so does the build of the documentation. It needs
mothball and nothing else.
"""

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc, getdoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from invoke.parser.context import translate_underscores

import mothball
from docs.said import Said, errors
from docs.shapes import cell, form, properties, table
from mothball.cli import report, validate
from mothball.cli.archive import collection
from mothball.cli.program import init
from mothball.core.checks import (
    Check,
    CommitCheck,
    GuardCheck,
    PlanCheck,
    ReferenceCheck,
    RepositoryCheck,
    ResultCheck,
)
from mothball.core.errors import MEANINGS
from mothball.core.plan.format import schema_text
from mothball.core.references.claims import Severity
from mothball.core.references.findings import Direction, Finding, Verdict
from mothball.core.references.reader import readers
from mothball.core.references.rewrites import rewritten

if TYPE_CHECKING:
    from invoke.parser.argument import Argument
    from invoke.tasks import Task

PACKAGE: Final = Path(mothball.__file__).parent
CATEGORY: Final = "category"
"""Stands for the categories of a plan, each of which is a task."""
FAMILIES: Final[Mapping[str, tuple[type[Check[Any]], str]]] = {
    "Plan": (
        PlanCheck,
        "Does the plan fit the repository? Asked before a run, and of what is staged by `validate.guard`.",
    ),
    "Repository": (RepositoryCheck, "Is the repository fit to act on? Asked before a run."),
    "References": (
        ReferenceCheck,
        "Would anything that stays no longer find what it names? Asked before a run.",
    ),
    "Result": (ResultCheck, "Did the run keep its promises? Asked after a run, before its commit."),
    "Commit": (CommitCheck, "Asked by `validate.after`, once there is a commit."),
    "Guard": (GuardCheck, "Does a commit undo what the plan did? Asked by `validate.guard`."),
}
SCHEMAS: Final = {
    "mothball.schema.json": "The plan",
    "analysis.schema.json": "The analysis: `report.json`",
    "references.schema.json": "References: `validate.references --json`",
    "ledger.schema.json": "The ledger: `ledger.json` in the archive",
}

_KIND: Final = re.compile("[a-z]+(-[a-z]+)+")
_VALUES: Final = {
    **dict.fromkeys(("plan", "out", "saved", "junit", "sarif"), "FILE"),
    **dict.fromkeys(("from", "to"), "REVISION"),
    "also": "PATH",
    "repo": "DIRECTORY",
    "run": "COMMIT",
}
"""What stands for the value of a flag."""

_TASKS: Final = """
# Tasks

Each is run by `mothball TASK`, by `invoke TASK` where a `tasks.py` has mothball's collections, or by a Nox
session. Several are run one after the other: `mothball validate.before archive.all`. Flags have long forms
only. Global flags of Invoke come before the task: `mothball --dry archive.all` shows what `archive.all`
would do, `mothball --list` lists the tasks of the plan in force.

Where no flag names them, repository and plan come from the environment (`MOTHBALL_REPO`, `MOTHBALL_PLAN`),
else from Invoke's configuration (`mothball: {repo: …, plan: …}` in an `invoke.yaml` beside your
`tasks.py`), else they are those of the directory you are in. [Exit codes](exit-codes.md) are the same for
all.
"""
_PLAN: Final = """
# The plan

`mothball.toml` at the root of the repository, or the table `[tool.mothball]` of its `pyproject.toml`, or
the file that `--plan` names. Patterns are those of `.gitignore`, from the repository's root; they match
what git tracks. A key that is not on this page is a mistake.

Editors that know TOML's schemas complete and check the file with its [JSON Schema](schemas.md). `mothball
init --schema` writes that beside the plan, as `mothball.schema.json`, and a new plan names it in its first
line, `#:schema mothball.schema.json`; write this line into a plan that you have already.
"""
_CHECKS: Final = """
# Checks

Each check asks one question and has a code that never changes. What it finds either stops a run, with the
exit code in the last column, or is a notice.
"""
_READERS: Final = """
# What is read

Every text file that stays is read, by each of these that knows its name (any letter case; a pattern
without a slash is for the file's own name), and what they leave is searched for words that look like paths.
A kind such as `markdown-link` begins with the reader that it is from. `archive.fix` rewrites a path only
where there is one right answer; an import, and a path of which the place to start from is not certain, it
never does.
"""
_ERRORS: Final = """
# Errors

What a task says when it cannot do what was asked, by code. A word in capitals, such as PATH or N, stands
for what is found in your case, and what is different in each case is left out. The codes of
[checks](checks.md) are on their own page. With `--json` every error is an object with `code`, `where`,
`found`, `expected` and `remedy`.
"""
_EXITS: Final = """
# Exit codes

The same for every task and every door. Where several apply, the lowest is given.
"""
_SCHEMAS: Final = """
# JSON Schemas

Each document that mothball writes says in its key `schema` which format and version it has. Within a
version keys may be added; none is taken away or changes its meaning.
"""


def pages() -> dict[str, str]:
    """Return every page of the reference by its file's name."""
    made = {
        "tasks.md": [_TASKS, *_tasks()],
        "plan.md": [_PLAN, *_plan()],
        "checks.md": [_CHECKS, *_checks()],
        "readers.md": [_READERS, *_readers()],
        "errors.md": [_ERRORS, *_errors()],
        "exit-codes.md": [_EXITS, *table(("code", "meaning"), _exits())],
        "schemas.md": [_SCHEMAS, *_schemas()],
    }
    told = "Written from the code, for this version. [The vocabulary](../vocabulary.md) explains the words."
    index = ["# Reference", "", told, "", "```{toctree}", *made, "```"]
    made = {"index.md": index, **made}
    texts = {name: "\n".join(lines).strip() + "\n" for name, lines in made.items()}
    return texts | {f"schemas/{name}": _schema(name) for name in SCHEMAS}


def tasks() -> dict[str, "Task[Any]"]:
    """Return every task by its whole name, with one category standing for all."""
    outline = ((CATEGORY, "the category's title"),)
    groups = [collection(outline), validate.collection, report.collection]
    found: dict[str, Task[Any]] = {"init": init}
    for group in groups:
        found |= {f"{group.name}.{name}": task for name, task in group.tasks.items()}
    return found


def _tasks() -> Iterator[str]:
    for name, task in tasks().items():
        shown = name.replace(CATEGORY, "CATEGORY")
        arguments = [one for one in task.get_arguments() if one.name != "context"]
        yield from (f"## {shown}", "", _sentence(task), "")
        if shown != name:
            yield from ("There is one such task for each category of the plan, in its order.", "")
        if name == "archive.status":
            yield from ("`mothball archive` is the same.", "")
        yield from ("```text", f"mothball {shown}{''.join(_usage(one) for one in arguments)}", "```", "")
        yield from table(("flag", "default", "meaning"), map(_flag, arguments))


def _sentence(task: "Task[Any]") -> str:
    text = cleandoc(task.__doc__ or "").split("\n")[0]
    return text.replace(f"Step 2: the {CATEGORY}'s", "One step: the category's")


def _usage(one: "Argument") -> str:
    return f" {str(one.name).upper()}" if one.positional else ""


def _flag(one: "Argument") -> tuple[str, str, str]:
    meaning = cell(one.help or "")
    name = translate_underscores(str(one.name))
    if one.positional:
        return f"`{name.upper()}`, or `--{name} {name.upper()}`", "required", meaning
    if one.kind is bool:
        both = f", `--no-{name}`" if one.default else ""
        return f"`--{name}`{both}", "yes" if one.default else "no", meaning
    return f"`--{name} {_VALUES.get(name, name.upper())}`", "", meaning


def _plan() -> Iterator[str]:
    schema = json.loads(schema_text())
    yield from form("The top of the file", (), schema, schema["$defs"])


def _checks() -> Iterator[str]:
    for title, (family, purpose) in FAMILIES.items():
        rows = [
            (f"`{kind.code}`", _line(kind).removesuffix("."), _told(kind), str(int(kind.exit)))
            for kind in family.known
        ]
        yield from (f"## {title}", "", purpose, "")
        yield from table(("code", "what is asked for", "what is told", "exit code"), rows)


def _told(kind: type[Check[Any]]) -> str:
    told = _line(kind.find).removeprefix("Yield ").removesuffix(".")
    return told.replace("``", "`")


def _line(thing: object) -> str:
    return cell((getdoc(thing) or "").split("\n")[0].replace("``", "`"))


def _readers() -> Iterator[str]:
    kinds = _kinds()
    rows = []
    for reader in readers():
        if reader.files:
            files = ", ".join(f"`{name}`" for name in dict.fromkeys(reader.files))
            told = _line(type(reader)).removesuffix(".")
            rows.append((f"`{reader.kind}`", told, cell(files), _rewrites(reader.kind, kinds)))
    yield from table(("kind", "what is read", "files", "`archive.fix` rewrites"), rows)


def _kinds() -> frozenset[str]:
    """Return every text in the readers' source that may be a kind."""
    places = (PACKAGE / "core" / "references").rglob("*.py")
    trees = (ast.parse(place.read_text(encoding="utf-8")) for place in places)
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str) and _KIND.fullmatch(text))


def _rewrites(kind: str, kinds: Iterable[str]) -> str:
    own = sorted(each for each in kinds if each.startswith(f"{kind}-")) or [kind]
    never = [each for each in own if rewritten(_moved(each)) is None]
    if len(never) == len(own):
        return "no"
    return f"paths, but not {', '.join(f'`{each}`' for each in never)}" if never else "paths"


def _moved(kind: str) -> Finding:
    """Return a break as plain as it can be: whoever is not rewritten here never is."""
    return Finding(
        verdict=Verdict.BREAK,
        severity=Severity.HARD,
        direction=Direction.INBOUND,
        file="a",
        line=1,
        column=1,
        kind=kind,
        target="b",
        old_path="b",
        new_path="c/b",
        evidence="",
    )


def _errors() -> Iterator[str]:
    known = {kind.code for family, _ in FAMILIES.values() for kind in family.known}
    for code, said in errors().items():
        if code not in known:
            yield from (f"## {code}", "")
            yield from (f"- {_sentence_of(each)}" for each in said)
            yield ""


def _sentence_of(said: Said) -> str:
    expected = f"expected: {said.expected}" if said.expected else ""
    clause = "; ".join(filter(None, (said.found, expected)))
    clause = f"{clause[:1].upper()}{clause[1:]}." if clause else ""
    return cell(f"{clause} {said.remedy}".strip())


def _exits() -> Iterator[tuple[str, str]]:
    for code, meaning in MEANINGS.items():
        yield str(int(code)), cell(meaning)


def _schema(name: str) -> str:
    return (PACKAGE / name).read_text(encoding="utf-8")


def _schemas() -> Iterator[str]:
    for name, title in SCHEMAS.items():
        schema = json.loads(_schema(name))
        yield from (f"## {title}", "", schema.get("description", ""), "")
        yield from (f"The whole schema: {{download}}`{name} <schemas/{name}>`.", "")
        if name == "mothball.schema.json":
            yield from ("Its keys are on the page of [the plan](plan.md).", "")
        else:
            rows = properties(schema, schema.get("$defs", {}))
            yield from table(("key", "type", "meaning"), rows)


def write(folder: Path) -> None:
    """Write every page into a folder, unless it holds just that already."""
    for name, text in pages().items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
