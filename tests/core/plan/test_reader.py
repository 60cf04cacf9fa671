"""What a plan means, and what is said of a plan that means nothing."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from time import process_time

import pytest

from mothball.core.errors import Exit, PlanError, Problem
from mothball.core.plan.model import (
    Allowed,
    Category,
    Command,
    CommitPlan,
    Into,
    Keep,
    Limits,
    Metric,
    Place,
    Plan,
    References,
)
from mothball.core.plan.reader import read_plan

BAD_PLANS = sorted((Path(__file__).parents[2] / "bad_plans").glob("*.toml"))
GOOD_PLANS = Path(__file__).parents[2] / "good_plans"
SOURCES = {"PYTHONPATH": str(Path(__file__).parents[3] / "tasks")}
JARGON = re.compile(r"pydantic|validation error|input should|\b(str|dict|bool|int|NoneType|ValueError|loc)\b")

SMALL = """\
title = "Focus"
[[archive]]
name = "old"
title = "Old"
reason = "Gone."
into."archive/old/" = ["/old/"]
"""
FULL = (GOOD_PLANS / "full.toml").read_text(encoding="utf-8")


def read(text: str) -> Plan:
    return read_plan(text.encode(), path="mothball.toml")


def problems(text: str | bytes, table: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """Return what is wrong with a text."""
    content = text.encode() if isinstance(text, str) else text
    name = "pyproject.toml" if table else "mothball.toml"
    with pytest.raises(PlanError) as caught:
        read_plan(content, path=name, table=table)
    return caught.value.problems


def said(text: str) -> str:
    [problem] = problems(text)
    return str(problem)


def test_every_key_of_the_format_reaches_the_plan() -> None:
    plan = read(FULL)
    assert plan == Plan(
        path="mothball.toml",
        digest=plan.digest,
        title="Focus on FlashCore excellence",
        purpose="Remove distractions from the sub-5 µs achievement",
        principle="Keep only production code, archive experiments",
        home="archive/",
        keep=(
            Keep(
                key="keep[0]",
                title="FlashCore production files",
                patterns=("/flashcore/fast/attention_production.py", "/flashcore/benchmark/"),
            ),
            Keep(key="keep[1]", title="", patterns=("/LICENSE",), optional=True),
        ),
        archive=(
            Category(
                key="archive[0]",
                name="build-scripts",
                title="Experimental build scripts",
                reason="Iterations leading to the final kernel.\nNot needed for production.",
                into=(
                    Into(
                        key='archive[0].into."archive/build-scripts"',
                        destination="archive/build-scripts/",
                        patterns=("/flashcore/build*.py",),
                    ),
                ),
                expect=21,
            ),
            Category(
                key="archive[1]",
                name="tests",
                title="Old tests",
                reason="Infrastructure for old experiments.",
                into=(
                    Into(
                        key='archive[1].into."archive/tests/"',
                        destination="archive/tests/",
                        patterns=("/tests/chaos/", "/tests/tuning/"),
                    ),
                    Into(
                        key='archive[1].into."archive/tests/more/"',
                        destination="archive/tests/more/",
                        patterns=("/tests/test_chaos*.py",),
                    ),
                ),
                optional=True,
                allow_ignored=True,
            ),
        ),
        readme="flashcore/README.md",
        closed=("/flashcore/",),
        commands=(
            Command(key="validate.commands[0]", argv=("python3", "-m", "pytest", "-k", "not slow")),
            Command(key="validate.commands[1]", argv=("make test | tee log",), shell=True, timeout=60.0),
            Command(key="validate.commands[2]", argv=("python3", "x y.py")),
            Command(key="validate.commands[3]", argv=("python3", "x.py"), timeout=0.5),
        ),
        metrics=(Metric(key="metric[0]", name="FlashCore files", count=("/flashcore/",), after=8),),
        commit=CommitPlan(
            message="refactor: archive\n\nAll of it.", per_category=True, branch="focus/archive"
        ),
        limits=Limits(share=1.0),
        references=References(
            allow=(
                Allowed(
                    key="references.allow[0]",
                    source="/docs/guide.md",
                    target="/flashcore/build*.py",
                    reason="It tells how it was.",
                ),
            ),
            ignore=("/docs/records/",),
            fix=True,
        ),
    )


def test_what_a_plan_leaves_out_is_filled_in() -> None:
    plan = read(SMALL)
    assert (plan.purpose, plan.principle, plan.keep, plan.readme) == ("", "", (), None)
    assert (plan.closed, plan.commands, plan.metrics) == ((), (), ())
    assert plan.commit == CommitPlan(message="refactor: archive experimental code - Focus")
    assert plan.limits == Limits(share=0.6)
    assert plan.references == References()
    assert plan.archive[0].expect is None


@pytest.mark.parametrize("plan", sorted(GOOD_PLANS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_good_plan_has_no_mistakes(plan: Path) -> None:
    read_plan(plan.read_bytes(), path=plan.name)


def test_home_is_what_the_destinations_share() -> None:
    assert read(SMALL.replace("archive/old/", "attic/a/b/")).home == "attic/"


def test_home_may_be_any_directory() -> None:
    assert read('home = "docs/attic/"\n' + SMALL).home == "docs/attic/"


def test_destinations_may_lie_apart_where_home_is_given() -> None:
    assert read('home = "archive/"\n' + SMALL + 'into."attic/" = ["/x/"]\n').home == "archive/"


def test_two_categories_may_share_a_destination() -> None:
    second = SMALL.partition("[[archive]]")[2].replace('"old"', '"older"')
    assert len(read(f"{SMALL}[[archive]]{second}").archive) == 2


def test_a_pyproject_holds_a_plan_in_its_own_table() -> None:
    text = SMALL.replace("[[archive]]", "[[tool.mothball.archive]]")
    text = f'[project]\nname = "x"\n\n[tool.mothball]\n{text}\n[tool.ruff]\nline-length = 110\n'
    plan = read_plan(text.encode(), path="pyproject.toml", table=("tool", "mothball"))
    assert plan.digest == read(SMALL).digest
    assert plan.where("archive[0].name") == "pyproject.toml:7:1: archive[0].name"


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert read_plan(b"\xef\xbb\xbf" + SMALL.encode(), path="mothball.toml") == read(SMALL)


def test_windows_line_ends_change_nothing() -> None:
    assert read(FULL.replace("\n", "\r\n")) == read(FULL)


def test_the_plan_says_where_each_key_stands() -> None:
    plan = read(FULL)
    lines = FULL.split("\n")
    place = plan.places['archive[1].into."archive/tests/"[1]']
    assert lines[place.line - 1][place.column - 1 :].startswith('"/tests/tuning/"]')
    assert plan.places["archive[0].reason"] == Place(line=18, column=1)
    assert plan.where("limits.share") == f"mothball.toml:{lines.index('share = 1') + 1}:1: limits.share"


def test_every_key_field_of_the_plan_has_a_place() -> None:
    plan = read(FULL)
    keys = {keep.key for keep in plan.keep} | {category.key for category in plan.archive}
    keys |= {command.key for command in plan.commands} | {metric.key for metric in plan.metrics}
    keys |= {into.key for category in plan.archive for into in category.into}
    assert len(keys) == 12
    assert keys <= plan.places.keys()


@pytest.mark.parametrize(
    "other",
    [
        "# a comment\n\n" + SMALL,
        SMALL.replace(" = ", "="),
        SMALL.replace('"Focus"', "'Focus'"),
        SMALL.replace('"archive/old/"', '"archive/old"'),
        SMALL.replace('into."archive/old/" = ["/old/"]', 'into = { "archive/old/" = ["/old/"] }'),
        SMALL + "optional = false\n",
        SMALL + "[limits]\nshare = 0.6\n",
        SMALL + '[commit]\nmessage = "refactor: archive experimental code - Focus"\n',
        'home = "archive/"\n' + SMALL,
    ],
)
def test_the_digest_overlooks_layout_and_spelt_out_defaults(other: str) -> None:
    assert read(other).digest == read(SMALL).digest


@pytest.mark.parametrize(
    "other",
    [
        SMALL.replace("Focus", "Other"),
        SMALL.replace('["/old/"]', '["/old/", "/x/"]'),
        SMALL.replace("archive/old/", "archive/older/"),
        SMALL + "expect = 0\n",
        SMALL + "optional = true\n",
        SMALL + "[limits]\nshare = 0.5\n",
        SMALL + "[references]\nfix = true\n",
        SMALL + '[validate]\ncommands = ["make"]\n',
    ],
)
def test_the_digest_sees_a_change_of_meaning(other: str) -> None:
    assert read(other).digest != read(SMALL).digest


def test_the_digest_is_that_of_the_meaning_in_canonical_json() -> None:
    into = [{"destination": "archive/old/", "patterns": ["/old/"]}]
    category = {"name": "old", "title": "Old", "reason": "Gone.", "into": into}
    meaning = {
        **dict.fromkeys(("purpose", "principle"), ""),
        **{key: [] for key in ("keep", "closed", "commands", "metrics")},
        "title": "Focus",
        "home": "archive/",
        "archive": [{**category, "expect": None, "optional": False, "allow_ignored": False}],
        "readme": None,
        "commit": {
            "message": "refactor: archive experimental code - Focus",
            "per_category": False,
            "branch": None,
        },
        "limits": {"share": 0.6},
        "references": {"allow": [], "ignore": [], "fix": False},
    }
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"))
    assert read(SMALL).digest == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("plan", BAD_PLANS, ids=lambda path: path.stem)
def test_a_bad_plan_is_told_its_mistakes_and_no_others(plan: Path) -> None:
    content = plan.read_bytes()
    expected = content.splitlines()[0].decode().removeprefix("# expect: ").split(", ")
    table = ("tool", "mothball") if plan.stem.startswith("pyproject-") else ()
    started = process_time()
    found = problems(content, table)
    assert process_time() - started < 3
    assert [problem.code for problem in found] == expected
    for problem in found:
        assert re.match(r"\w+\.toml(:\d+:\d+|$)", problem.where)
        assert str(problem).isprintable()
        assert str(problem).endswith((".", "?"))
        assert not JARGON.search(str(problem))


def test_the_corpus_of_bad_plans_is_large() -> None:
    assert len(BAD_PLANS) >= 300


def test_mistakes_come_in_the_order_of_the_text() -> None:
    text = (BAD_PLANS[0].parent / "ten-at-once.toml").read_text(encoding="utf-8")
    lines = [int(problem.where.split(":")[1]) for problem in problems(text)]
    assert lines == [2, 3, 4, 7, 8, 9, 10, 11, 12, 15]


def test_a_plan_with_mistakes_ends_with_its_own_exit_code() -> None:
    with pytest.raises(PlanError) as caught:
        read("")
    assert caught.value.exit == Exit.PLAN


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "reason",
            "reson",
            (
                "mothball.toml:5:1: archive[0].reson: the key `reson` is not known; "
                "expected one of name, title, reason, expect, optional, allow-ignored, into. "
                "Did you mean `reason`?"
            ),
        ),
        (
            '"Gone."',
            "3",
            (
                "mothball.toml:5:1: archive[0].reason: found the number 3; expected text in quotes. "
                "Put it in quotes."
            ),
        ),
        (
            '"Gone."',
            '"Gone."\nexpect = "21"',
            (
                "mothball.toml:6:1: archive[0].expect: found the text `21`; expected a whole number. "
                "Write it without quotes."
            ),
        ),
        (
            '["/old/"]',
            '"/old/"',
            (
                'mothball.toml:6:6: archive[0].into."archive/old/": found the text `/old/`; '
                'expected a list, such as ["/src/old*.py"]. Put it in brackets.'
            ),
        ),
        (
            '["/old/"]',
            '["/old/", "#x"]',
            (
                'mothball.toml:6:33: archive[0].into."archive/old/"[1]: found the pattern `#x`, '
                "which is a comment. Write \\# for a name that begins with #."
            ),
        ),
        (
            "archive/old/",
            "../old/",
            (
                'mothball.toml:6:6: archive[0].into."../old/": found a path with `..` in it, '
                "which could lead out of the repository; expected plain names. "
                "Write the path from the repository's root."
            ),
        ),
        ('title = "Focus"', "", 'mothball.toml:1:1: title: the key is missing. Add title = "…".'),
        (
            '"old"',
            '"Build Scripts"',
            (
                "mothball.toml:3:1: archive[0].name: found the name `Build Scripts`; expected small letters, "
                "digits and single dashes between them, a letter first. Write `build-scripts`."
            ),
        ),
        (
            "[[archive]]",
            "[archive]",
            (
                'mothball.toml:2:2: archive: found a table; expected a list, such as ["/src/old*.py"]. '
                "Write [[archive]] above its keys, with just these brackets."
            ),
        ),
        ('"Focus"', "Focus", "mothball.toml:1:9: this is no TOML: invalid value. Put text in quotes."),
        (
            '"archive/old/"',
            "archive/old/",
            (
                "mothball.toml:6:13: this is no TOML: expected '=' after a key in a key/value pair. "
                "Put a path in quotes, in a key too."
            ),
        ),
    ],
)
def test_a_message_says_where_what_and_what_to_do(old: str, new: str, message: str) -> None:
    assert said(SMALL.replace(old, new, 1)) == message


def test_a_key_is_sent_to_the_table_it_belongs_in() -> None:
    assert said(SMALL + "closed = []\n").endswith("It belongs in [validate].")
    assert said(SMALL + 'home = "archive/"\n').endswith(
        "Move it to the top of the file, above the first table."
    )
    assert said(SMALL + "[archive.limits]\nshare = 1\n").endswith("Write [limits] as a table of its own.")


def test_a_mistake_in_pyproject_is_placed_in_pyproject() -> None:
    text = '[project]\nname = "x"\n[tool.mothball]\ntitle = 3\narchive = []\n'
    where = [problem.where for problem in problems(text, ("tool", "mothball"))]
    assert where == ["pyproject.toml:4:1: title", "pyproject.toml:5:1: archive"]


def test_nothing_in_a_message_paints() -> None:
    text = 'title = "\\u001b[31m"\n"\\u001b[2J\\u202e" = 1\n' + SMALL.partition("\n")[2]
    assert all(str(problem).isprintable() for problem in problems(text))


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    [problem] = problems(b"\n" * (256 * 1024 + 1))
    assert problem.code == "plan-too-large"


def test_a_pyproject_may_be_larger() -> None:
    assert problems(b"\n" * 1024 * 1024, ("tool", "mothball"))[0].code == "plan-missing-table"
    assert problems(b"\n" * (1024 * 1024 + 1), ("tool", "mothball"))[0].code == "plan-too-large"


def test_a_line_of_1024_characters_is_no_mistake() -> None:
    read(SMALL + "#" + "é" * 1023)
    assert problems(SMALL + "#" + "é" * 1024)[0].where == "mothball.toml:7:1025"


def test_what_is_no_utf_8_is_placed() -> None:
    [problem] = problems("# µ\n# é".encode() + b"\xff")
    assert problem.where == "mothball.toml:2:4"


def test_reading_is_imported_without_pydantic() -> None:
    run = "import sys, mothball.core.plan.reader; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, check=True, env=SOURCES)
    assert done.stdout == b"False\n"
