"""Every row of the table of hazards has a test, or a reason why it has none."""

import ast
from pathlib import Path

ROWS = range(1, 95)
NOT_APPLICABLE = {
    72: "references of CI, packaging and CODEOWNERS to moved paths are the analysis' job, and tested with it",
}


def rows_of(module: Path) -> set[int]:
    """Return the rows that the tests of a module are marked with."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "hazard":
                    found.update(ast.literal_eval(argument) for argument in mark.args)
    return found


def test_every_row_has_a_test_or_a_reason() -> None:
    tested = set().union(*(rows_of(module) for module in Path(__file__).parent.glob("test_*.py")))
    assert tested | NOT_APPLICABLE.keys() == {*ROWS}
    assert not tested & NOT_APPLICABLE.keys()


def test_every_hazard_test_names_its_row() -> None:
    for module in Path(__file__).parent.glob("test_[a-h]_*.py"):
        for node in ast.parse(module.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert any("hazard" in ast.unparse(mark) for mark in node.decorator_list), node.name
