"""The shape of a plan in TOML: closed, strict, and the source of the JSON Schema.

Slow to import, for pydantic's sake: import it where a plan is read.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic import model_validator as check_whole
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from mothball.core.patterns import check_pattern
from mothball.core.plan import paths, rules
from mothball.core.plan.rules import FIXED_TASKS, NAME_LENGTH, NAME_PATTERN, Flaw, shown

_Value = TypeVar("_Value")
_BLANK: Final = r"\S"


def _refuse(flaw: Flaw) -> PydanticCustomError:
    """Wrap a flaw as pydantic wants it; ``plan_mistakes`` unwraps it."""
    return PydanticCustomError("flaw", "see the context", {"flaw": flaw})


def _rule(judge: Callable[[_Value], Flaw | None]) -> AfterValidator:
    def check(value: _Value) -> _Value:
        flaw = judge(value)
        if flaw:
            raise _refuse(flaw)
        return value

    return AfterValidator(check)


def _judge_pattern(pattern: str) -> Flaw | None:
    flaw = rules.pattern_flaw(pattern)
    wrong = None if flaw else check_pattern(pattern)
    if wrong is None:
        return flaw
    clause, _, advice = wrong.rpartition("; ")
    found = f"found the pattern {shown(pattern)}, which {clause or advice}"
    return Flaw("plan-pattern", found, "", f"{advice[:1].upper()}{advice[1:]}." if clause else "")


def _text(judge: Callable[[str], Flaw | None], **schema: Any) -> Any:
    """Return the metadata of a text field: its rule, and what the JSON Schema can say of it."""
    return _rule(judge), WithJsonSchema({"type": "string", **schema})


Text = Annotated[str, *_text(rules.text_flaw, pattern=_BLANK)]
Lines = Annotated[str, *_text(partial(rules.text_flaw, lines=True), pattern=_BLANK)]
Name = Annotated[
    str,
    *_text(
        rules.name_flaw,
        pattern=NAME_PATTERN,
        maxLength=NAME_LENGTH,
        **{"not": {"enum": list(FIXED_TASKS)}},
    ),
]
Pattern = Annotated[str, *_text(_judge_pattern, pattern=_BLANK)]
Patterns = Annotated[list[Pattern], Field(min_length=1)]
Directory = Annotated[str, *_text(paths.directory_flaw, pattern=r"^[^/\\]")]
File = Annotated[str, *_text(paths.file_flaw, pattern=r"^[^/\\](.*[^/])?$")]
Branch = Annotated[str, *_text(rules.branch_flaw, pattern=r"^[^-/\s][^\s]*$")]
Line = Annotated[str, *_text(rules.command_flaw, pattern=_BLANK)]
Count = Annotated[int, Field(ge=0)]


def _kind(value: Any) -> str | None:
    """Name the alternative that a value takes; pydantic's own trial of all would report each."""
    kinds: dict[type, str] = {str: "text", list: "list", dict: "table"}
    return kinds.get(type(value))


def _dashed(name: str) -> str:
    return name.replace("_", "-")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=_dashed)


class KeepForm(_Form):
    """Production essentials: what these patterns match is never moved."""

    title: Text | None = Field(None, description="What these files are, in a few words.")
    patterns: Patterns = Field(
        description="Patterns as in .gitignore, from the repository's root; a leading slash ties them to it."
    )
    optional: bool = Field(False, description="Whether the patterns may match nothing.")


class CategoryForm(_Form):
    """One category of what is archived. Each is one step and one task, `archive.NAME`."""

    name: Name = Field(description="The name of its task: small letters and digits, joined by dashes.")
    title: Text = Field(description="What it is, as one line of the task list.")
    reason: Lines = Field(description="Why it goes: what a reader of the archive will want to know.")
    expect: Count | None = Field(
        None, description="How many files the category must have; any other number stops the run."
    )
    optional: bool = Field(False, description="Whether its patterns may match nothing.")
    allow_ignored: bool = Field(
        False, description="Whether the destination may be one that .gitignore hides."
    )
    into: Annotated[dict[Directory, Patterns], Field(min_length=1)] = Field(
        json_schema_extra={"additionalProperties": False},
        description="Destination directory = patterns of what goes there, files and whole directories.",
    )


class ReadmeForm(_Form):
    """The file with a section that mothball writes; the rest of it stays the maintainer's."""

    path: File = Field(description="Where the file is, from the repository's root.")


class CommandForm(_Form):
    """A command with its options."""

    run: Annotated[
        Annotated[str, Tag("text")] | Annotated[list[str], Field(min_length=1), Tag("list")],
        Discriminator(_kind, custom_error_type="run", custom_error_message="no command"),
    ] = Field(description="One line, split into words as a shell would, or a list of words.")
    timeout: Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)] = Field(
        600.0, description="After how many seconds it is stopped."
    )
    shell: bool = Field(
        False, description="Whether a shell runs the line as it is, with pipes and variables."
    )

    @check_whole(mode="after")
    def _judge(self) -> "CommandForm":
        if isinstance(self.run, str):
            flaw = (rules.shell_flaw if self.shell else rules.command_flaw)(self.run)
        else:
            flaw = rules.LIST_FOR_SHELL if self.shell else rules.words_flaw(self.run)
        if flaw:
            raise _refuse(flaw)
        return self


class ValidateForm(_Form):
    """What is checked before and after."""

    closed: list[Pattern] = Field([], description="Places where every tracked file must be kept or archived.")
    commands: list[
        Annotated[
            Annotated[Line, Tag("text")] | Annotated[CommandForm, Tag("table")],
            Discriminator(_kind, custom_error_type="command", custom_error_message="no command"),
        ]
    ] = Field(
        [],
        description="Commands that must succeed before and after: each one text or a table.",
    )


class MetricForm(_Form):
    """A row of the impact table: how many tracked files match, before and after."""

    name: Text = Field(description="What is counted.")
    count: Patterns = Field(description="Patterns of the files to count.")
    after: Count | None = Field(None, description="How many there must be afterwards.")


class CommitForm(_Form):
    """How the work is committed."""

    message: Lines | None = Field(
        None,
        description="The commit's message. Without it, one is made from the title.",
    )
    per_category: bool = Field(False, description="Whether each category gets a commit of its own.")
    branch: Branch | None = Field(
        None, description="A branch to make for the commit, instead of the current one."
    )


class LimitsForm(_Form):
    """The blast radius."""

    share: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = Field(
        0.6, description="The largest part of the tracked files that may move, above 0 and up to 1."
    )


class AllowForm(_Form):
    """Breaks that are accepted, with the reason why."""

    source: Pattern = Field(alias="from", description="Pattern of the files with the reference.")
    target: Pattern = Field(alias="to", description="Pattern of what they name, by its path before the move.")
    reason: Lines = Field(description="Why it may break.")


class ReferencesForm(_Form):
    """What is made of places in the files that stay which name something that goes."""

    allow: list[AllowForm] = Field([], description="Breaks that are accepted; each must exist.")
    ignore: list[Pattern] = Field([], description="Files that are not read: records, vendored code.")
    fix: bool = Field(False, description="Whether a run rewrites the references that `archive.fix` can.")


class PlanForm(_Form):
    """What is kept in a repository, what is archived, where to, and why."""

    title: Text = Field(
        description="What the whole is for, as one line: the commit and the report are named after it."
    )
    purpose: Text | None = Field(None, description="What it should achieve.")
    principle: Text | None = Field(None, description="The rule that decides what stays.")
    home: Directory | None = Field(
        None,
        description="Directory of the archive's index and ledger. Without it, what all destinations share.",
    )
    keep: list[KeepForm] = Field([], description="Production essentials, never moved by any pattern.")
    archive: Annotated[list[CategoryForm], Field(min_length=1)] = Field(
        description="The categories of what is archived, in the order of their steps."
    )
    readme: ReadmeForm | None = Field(None, description="The file with the managed section.")
    checks: ValidateForm = Field(
        description="What is checked before and after.", default=ValidateForm(), alias="validate"
    )
    metric: list[MetricForm] = Field([], description="The rows of the impact table.")
    commit: CommitForm = Field(CommitForm(), description="How the work is committed.")
    limits: LimitsForm = Field(LimitsForm(), description="The blast radius.")
    references: ReferencesForm = Field(
        ReferencesForm(), description="Places in the files that stay which name something that goes."
    )


_FORMS: Final[dict[tuple[str, ...], type[_Form]]] = {
    (): PlanForm,
    ("keep",): KeepForm,
    ("archive",): CategoryForm,
    ("readme",): ReadmeForm,
    ("validate",): ValidateForm,
    ("validate", "commands"): CommandForm,
    ("metric",): MetricForm,
    ("commit",): CommitForm,
    ("limits",): LimitsForm,
    ("references",): ReferencesForm,
    ("references", "allow"): AllowForm,
}
KEYS: Final = {
    at: tuple(field.alias or name for name, field in form.model_fields.items()) for at, form in _FORMS.items()
}
"""The keys that each table knows, by the table's path without element numbers."""


class _Schema(GenerateJsonSchema):
    """The schema without the titles that pydantic makes up from field names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Say no."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave ``null`` out: TOML has none, a key is there or not."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """State a default only where it is a value of its own."""
        made = super().default_schema(schema)
        if not isinstance(made.get("default"), bool | float):
            made.pop("default", None)
        return made


def schema_text() -> str:
    """Return the JSON Schema of the format, as the text of ``mothball.schema.json``."""
    schema = PlanForm.model_json_schema(schema_generator=_Schema)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "mothball.toml"}
    return json.dumps({**head, **schema, "title": "mothball.toml"}, indent=2, ensure_ascii=False) + "\n"
