"""The JSON Schema says what the reader says, as far as a schema can."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mothball.core.plan.format import schema_text
from mothball.core.starter import starter_plan

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "tasks" / "mothball" / "mothball.schema.json"
BAD_PLANS = sorted((ROOT / "tests" / "bad_plans").glob("*.toml"))
GOOD_PLANS = sorted((ROOT / "tests" / "good_plans").glob("*.toml"))
SHAPE = {"plan-unknown-key", "plan-type", "plan-missing-key", "plan-range"}
BEYOND_JSON = {"type-expect-fraction", "type-share-nan"}  # JSON has one kind of number, and no NaN


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def misshapen() -> list[Path]:
    """List the bad plans with mistakes of shape only."""
    return [
        path
        for path in BAD_PLANS
        if set(path.read_bytes().splitlines()[0].decode().removeprefix("# expect: ").split(", ")) <= SHAPE
        and not path.stem.startswith("pyproject-")
        and path.stem not in BEYOND_JSON
    ]


def test_the_schema_in_the_package_is_the_formats() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_the_schema_describes_every_key_and_closes_every_table() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    tables = [schema, *schema["$defs"].values()]
    for table in tables:
        assert table["additionalProperties"] is False
        assert table["description"]
        for key in table["properties"].values():
            target = schema["$defs"][key["$ref"].rpartition("/")[2]] if "$ref" in key else key
            assert (key.get("description") or target["description"]).endswith(".")


def test_the_schema_accepts_the_starter_plan(validator: Draft202012Validator) -> None:
    validator.validate(tomllib.loads(starter_plan(readme="README.md")))


@pytest.mark.parametrize("plan", GOOD_PLANS, ids=lambda path: path.stem)
def test_the_schema_accepts_what_the_reader_accepts(plan: Path, validator: Draft202012Validator) -> None:
    validator.validate(tomllib.loads(plan.read_text(encoding="utf-8")))


@pytest.mark.parametrize("plan", misshapen(), ids=lambda path: path.stem)
def test_the_schema_refuses_what_the_reader_refuses_for_its_shape(
    plan: Path, validator: Draft202012Validator
) -> None:
    assert not validator.is_valid(tomllib.loads(plan.read_text(encoding="utf-8")))
