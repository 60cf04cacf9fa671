"""The JSON report: what its schema says, nothing more and nothing less, with the page's own numbers."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import mothball
from mothball.core.analysis.document import SCHEMA, analysis_document, analysis_json, is_document
from mothball.core.analysis.values import Analysis
from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from tests.conftest import LAB, MOVES, PLAN, plan_of
from tests.core.analysis.test_analyse import HEAD, HOSTILE, PROMISES, analysis_of
from tests.core.test_page import REFERENCE

PLACE = Path(mothball.__file__).with_name("analysis.schema.json")


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(PLACE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def lab(**more: Any) -> Analysis:
    return analysis_of(plan_of(PLAN + PROMISES), LAB, **more)


PROBLEM = Problem(code="some-check", where="/home/somebody/lab/x.py", found="/home/somebody/lab is dirty")
CASES: dict[str, dict[str, Any]] = {
    "planned": {},
    "measured": {"run": HEAD, "base": HEAD},
    "referenced": {"references": (REFERENCE,)},
    "unreferenced": {"references": ()},
    "blocked": {"outcomes": (Outcome(code="some-check", title="It holds", problems=(PROBLEM,)),)},
    "staged": {"staged": 2, "others": 1},
}


@pytest.mark.parametrize("more", CASES.values(), ids=CASES)
def test_what_is_written_is_what_the_schema_says(
    more: dict[str, Any], validator: Draft202012Validator
) -> None:
    validator.validate(json.loads(analysis_json(lab(**more))))


def test_every_key_of_the_schema_is_required_and_described_and_no_other_is_allowed() -> None:
    pending = [json.loads(PLACE.read_text(encoding="utf-8"))]
    objects = 0
    while pending:
        node = pending.pop()
        pending += node if isinstance(node, list) else node.values() if isinstance(node, dict) else ()
        if isinstance(node, dict) and node.get("type") == "object":
            objects += 1
            assert node["required"] == [*node["properties"]]
            assert node["additionalProperties"] is False
            assert node["description"]
    assert objects == 13


def test_the_schema_and_the_document_are_of_the_same_version() -> None:
    schema = json.loads(PLACE.read_text(encoding="utf-8"))
    assert schema["title"] == schema["properties"]["schema"]["const"] == SCHEMA


def test_the_numbers_are_those_of_the_page() -> None:
    found = analysis_document(lab())
    assert found["state"] == "ready-to-execute"
    assert {row["from"]: row["to"] for row in found["moves"]} == MOVES
    assert found["files"] == {
        "before": 12,
        "after": 14,
        "outside_before": 12,
        "outside_after": 7,
        "moved": 5,
        "staged": 0,
        "staged_by_others": 0,
    }
    assert found["metrics"] == [
        {
            "name": "Files in the lab",
            "patterns": ["/lab/"],
            "before": 4,
            "after": 1,
            "promised": 1,
            "met": True,
        }
    ]
    assert found["closed"] == [{"pattern": "/lab/", "before": 4, "after": 1}]
    assert [(each["name"], each["files"]) for each in found["categories"]] == [
        ("builds", 2),
        ("tests", 1),
        ("notes", 2),
    ]
    assert found["kept"] == ["core/deep/table.csv", "core/kernel.py", "core/tool.sh"]
    assert found["unclassified"] == ["README.md", "lab/in_use.py", "setup.cfg", "src/app.py"]
    assert found["written"] == ["archive/ledger.json", "archive/README.md"]


def test_that_nobody_looked_for_references_is_not_that_there_are_none() -> None:
    assert analysis_document(lab())["references"] is None
    assert analysis_document(lab(references=()))["references"] == []


def test_no_path_of_this_machine_is_in_it() -> None:
    text = analysis_json(lab(**CASES["blocked"]))
    assert "/home/somebody" not in text
    assert '"found": "the repository is dirty"' in text


def test_any_name_comes_back_as_it_was() -> None:
    paths = [f"lab/build{name}.py" for name in HOSTILE]
    text = analysis_json(analysis_of(plan_of(), paths))
    assert text.isascii()
    assert {row["from"] for row in json.loads(text)["moves"]} == set(paths)


def test_the_same_values_make_the_same_bytes() -> None:
    assert analysis_json(lab()) == analysis_json(lab())


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (b'{\n "schema": "mothball.analysis/1",', True),
        (b'{"schema":"mothball.analysis/9"}', True),
        (b'{"schema": "mothball.ledger/1"}', False),
        (b'{"other": 1, "schema": "mothball.analysis/1"}', False),
        (b"", False),
    ],
)
def test_an_earlier_one_is_known_by_how_it_begins(content: bytes, ours: bool) -> None:
    assert is_document(content) is ours


def test_what_is_written_is_known_as_ours() -> None:
    assert is_document(analysis_json(lab()).encode())
