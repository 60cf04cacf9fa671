"""The schemas of documents hold what is written, key for key."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import mothball
from tests.cli.conftest import Start
from tests.conftest import LAB, MakeRepo

LINKS = "[The idea](../notes/idea.md), once at notes/idea.md. [Nothing](nothing.md)\n"


def validator(name: str) -> Draft202012Validator:
    place = Path(mothball.__file__).with_name(f"{name}.schema.json")
    schema = json.loads(place.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture
def written(repo: MakeRepo, call: Start) -> dict[str, Any]:
    """A document of each kind, with something in every list."""
    mine = repo({**LAB, "docs/a.md": LINKS, "docs/b.bin": b"\0notes/idea.md"})
    found = json.loads(call(mine.root, "validate.references", "--json").out)
    mine.commit({"docs/a.md": None})
    mine.archive()
    return {"references": found, "ledger": json.loads(mine.text("archive/ledger.json"))}


@pytest.mark.parametrize("name", ["references", "ledger"])
def test_a_document_is_what_its_schema_says_and_no_more(written: dict[str, Any], name: str) -> None:
    document = written[name]
    validator(name).validate(document)
    assert not validator(name).is_valid({**document, "more": 1})
    for key, value in document.items():
        assert not validator(name).is_valid({one: document[one] for one in document if one != key})
        if isinstance(value, list):
            assert value, f"nothing is in {key}, so nothing of it was checked"
            assert not validator(name).is_valid({**document, key: [{**value[0], "more": 1}]})
