"""A plan may be hostile: reading it stays quick and small."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """\
title = "Focus"
[[archive]]
name = "old"
title = "Old"
reason = "Gone."
into."archive/old/" = ["/old/"]
"""


def lines(part: str, times: int) -> str:
    """Repeat a part, in lines of lawful length."""
    per_line = 1000 // len(part)
    return "\n".join([part * per_line] * (times // per_line))


HOSTILE: dict[str, Callable[[], str]] = {
    "nested lists": lambda: "a = " + lines("[", 250_000),
    "nested lists, closed": lambda: "a = " + lines("[", 120_000) + "\n" + lines("]", 120_000),
    "nested tables": lambda: "a = " + lines("{a=", 80_000),
    "dotted keys": lambda: "\n".join(f"a{i}." + ".".join("a" * 490) + " = 1" for i in range(240)),
    "headers": lambda: "\n".join("[" + ".".join("a" * 490) + f".b{i}]" for i in range(250)),
    "many numbers": lambda: SMALL + "[validate]\nclosed = [\n" + lines("1,", 120_000) + "\n]",
    "just as many as may be": lambda: SMALL + "[validate]\nclosed = [\n" + lines("1,", 49_500) + "\n]",
    "many tables": lambda: SMALL + "[[archive]]\n" * 20_000,
    "many unknown keys": lambda: "\n".join(f"x{i} = 1" for i in range(22_000)),
    "long unknown keys": lambda: "\n".join(f"titl{'e' * 900}{i} = 1" for i in range(250)),
    "escapes": lambda: 'title = """' + lines("\\n", 120_000) + '"""',
    "quotes": lambda: 'title = """' + lines('"" ', 80_000) + '"""',
    "an open text": lambda: 'title = """' + lines('""a', 80_000),
    "a long command": lambda: (
        SMALL + '[validate]\ncommands = ["""\\\n' + "a" * 1000 + ("a" * 900 + "\\\n") * 250 + '"""]'
    ),
    "a long pattern": lambda: SMALL + 'into."archive/x" = ["""\\\n' + ("a*" * 490 + "\\\n") * 250 + '"""]',
    "a long name": lambda: SMALL.replace('"old"', '"""' + ("a-" * 490 + "\\\n") * 250 + '"""'),
    "a long branch": lambda: SMALL + '[commit]\nbranch = """' + ("a/" * 490 + "\\\n") * 250 + '"""',
    "a long number": lambda: SMALL + "expect = -" + "9" * 1000,
    "deep destinations": lambda: SMALL + "\n".join(f'into."{"a/" * 490}{i}/" = []' for i in range(240)),
}

SOURCES = {"PYTHONPATH": str(Path(__file__).parents[3] / "tasks")}
RUN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
from mothball.core.errors import PlanError
from mothball.core.plan.reader import read_plan
from mothball.core.outline import read_outline
text = sys.stdin.buffer.read()
read_outline(text)
try:
    read_plan(text, path="mothball.toml")
except PlanError as error:
    print(len(error.problems), len(str(error)))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_plan_is_refused_quickly_in_little_memory(name: str) -> None:
    text = HOSTILE[name]().encode()
    assert len(text) <= 256 * 1024
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=text, capture_output=True, check=False, env=SOURCES
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stderr == b""
    number, length = map(int, done.stdout.split())
    assert 1 <= number <= 501
    assert length < 250_000
    assert after.ru_utime - before.ru_utime < 5
