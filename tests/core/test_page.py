"""The HTML report without a browser: what it says, what it allows, how large it is."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from mothball.core.analysis.values import Reference
from mothball.core.checks import Outcome
from mothball.core.errors import Problem
from mothball.core.page import ASSETS, html_page, is_page
from mothball.core.show import visible
from mothball.effects.assets import read_assets
from tests.conftest import LAB, MOVES, PLAN, plan_of
from tests.core.analysis.test_analyse import HEAD, HOSTILE, PROMISES, analysis_of

REFERENCE = Reference(
    file="src/app.py",
    line=3,
    column=8,
    kind="python-import",
    verdict="break",
    severity="hard",
    target="lab.build_v1",
    remedy="Keep lab/build_v1.py.",
    message="The module is gone from where the import looks for it.",
)
VOID = frozenset({"meta", "link", "input", "br"})


class Reader(HTMLParser):
    """Reads tags, attributes and texts, and insists that every tag is closed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All that a reader of the page sees."""
        return " ".join(" ".join(self.texts).split())


def page_of(paths: Iterable[str] = LAB, plan: str = PLAN + PROMISES, **more: Any) -> str:
    return html_page(analysis_of(plan_of(plan), paths, **more), read_assets(ASSETS))


def data_of(page: str) -> dict[str, Any]:
    """Return what the page holds for its script."""
    [found] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    return dict(json.loads(found))


def moves_of(page: str) -> dict[str, str]:
    """Return the moves in the data of a page, put together as its script does."""
    data = data_of(page)
    folders: list[str] = []
    for above, name in data["folders"]:
        folders.append(f"{folders[above]}{name}/" if above >= 0 else name)
    found = {}
    for folder, _, to, names in data["groups"]:
        for name in names if to >= 0 else ():
            old, new = [name, name] if isinstance(name, str) else name
            found[folders[folder] + old] = folders[to] + new
    return found


def test_the_numbers_are_those_of_the_analysis() -> None:
    text = Reader(page_of()).text
    assert "5 files to archive" in text
    assert "12 → 7 files outside of the archive: 41.7 % fewer" in text
    assert "1 of 1 promises will be met" in text
    assert "Files in the lab 4 1 75 % 1, met" in text
    assert "Before 12 tracked files" in text
    assert "After 14 tracked files" in text
    assert "Ready to execute" in text


def test_after_a_run_it_says_what_was_proved() -> None:
    titles = {"conservation": "a", "one-to-one": "b", "keep-changed": "c"}
    outcomes = tuple(Outcome(code=code, title=title, problems=()) for code, title in titles.items())
    text = Reader(page_of(run=HEAD, base=HEAD, outcomes=outcomes)).text
    assert len(re.findall(r"\bproved\b", text)) == 3
    assert "5 of 5 moves have the same mode and content id on both sides" in text
    assert "3 of 3 kept files have the same path, mode and content id" in text
    assert HEAD.commit in text


def test_before_a_run_nothing_is_said_to_be_proved() -> None:
    text = Reader(page_of()).text
    assert not re.search(r"\bproved\b", text)
    assert text.count("checked by the run") == 3
    assert "What the run will prove" in text
    assert "have the same" not in text.replace("must have the same", "")


def test_a_check_that_fails_is_no_proof() -> None:
    lost = Problem(code="conservation", where="x", found="the tree lost 1 file content")
    outcomes = (Outcome(code="conservation", title="Every file is still there", problems=(lost,)),)
    text = Reader(page_of(run=HEAD, base=HEAD, outcomes=outcomes)).text
    assert "the tree lost 1 file content" in text
    assert not re.search(r"\bproved\b", text)


def test_a_promise_that_is_not_met_is_said_with_what_is_left() -> None:
    paths = [*LAB, *(f"lab/stays{number:02}.py" for number in range(14))]
    text = Reader(page_of(paths, PLAN + PROMISES.replace("after = 1", "after = 8"))).text
    assert "8, not met" in text
    assert "Promised 8, worked out 15." in text
    assert "lab/stays13.py" in text


def test_breaks_have_their_lines_and_mentions_are_told_apart() -> None:
    mention = Reference(
        file="docs/a.md",
        line=9,
        column=0,
        kind="prose",
        verdict="mention",
        severity="link",
        target="lab/",
        remedy="",
        message="Stale.",
    )
    text = Reader(page_of(references=(REFERENCE, mention))).text
    assert "1 break" in text
    assert "1 mention" in text
    for part in (
        "src/app.py",
        ":3:8",
        "lab.build_v1",
        "python-import",
        "hard",
        "Keep lab/build_v1.py.",
        "docs/a.md",
    ):
        assert part in text


def test_a_command_in_a_remedy_is_code() -> None:
    page = page_of(references=(replace(REFERENCE, remedy="Say `fix = true` in the plan."),))
    assert "<small>Say <code>fix = true</code> in the plan.</small>" in page


def test_the_proof_counts_the_kept_files_of_the_legend_and_names_those_that_a_run_writes() -> None:
    plan = PLAN.replace("[readme]", '[[keep]]\ntitle = "Front"\npatterns = ["/README.md"]\n\n[readme]')
    text = Reader(page_of(plan=plan, run=HEAD, base=HEAD)).text
    assert "Kept 4" in text
    assert "3 of 4 kept files have the same path, mode and content id." in text
    assert "In README.md the run writes, as the plan says." in text


def test_what_grew_is_no_reduction() -> None:
    assert "Tracked files in all 12 14 none: 16.7 % more" in Reader(page_of()).text


def test_a_problem_is_to_be_mended_before_the_same_report_is_written_again() -> None:
    page = page_of(outcomes=_problem("x"), door="invoke")
    assert "then <code>invoke report.html</code> again" in page


def test_that_nobody_looked_for_references_is_not_that_there_are_none() -> None:
    assert "nobody looked" in Reader(page_of()).text
    assert "No file that stays names a file that moves." in Reader(page_of(references=())).text


def test_the_list_of_files_is_all_files_with_what_becomes_of_them() -> None:
    page = page_of()
    assert moves_of(page) == MOVES
    data = data_of(page)
    named = {
        data["kinds"][kind][0]: sum(len(group[3]) for group in data["groups"] if group[1] == kind)
        for kind in range(6)
    }
    assert named == {
        "Old build scripts": 2,
        "Old tests": 1,
        "Notes": 2,
        "Kept": 3,
        "Neither kept nor archived": 4,
        "Written by mothball": 2,
    }


def test_the_policy_allows_this_script_and_this_style_and_nothing_else() -> None:
    page = page_of()
    reader = Reader(page)
    policy = next(
        str(tag["content"]) for _, tag in reader.tags if tag.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digests = [
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
        for text in (
            re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
            + re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
        )
    ]
    assert rules == {
        "default-src": "'none'",
        "script-src": digests[0],
        "style-src": digests[1],
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    order = [tag for tag, _ in reader.tags]
    assert order.index("meta") < order.index("style") < order.index("script")


def test_nothing_in_it_comes_from_elsewhere() -> None:
    reader = Reader(page_of(references=(REFERENCE,)))
    names = {name for _, attributes in reader.tags for name in attributes}
    assert names.isdisjoint({"src", "srcset", "style", "action", "ping", "data", "poster", "background"})
    assert not [name for name in names if name.startswith("on")]
    assert {str(tag["href"])[0] for _, tag in reader.tags if "href" in tag} == {"#"}
    assert not re.search(r"https?:|@import|url\(", page_of())


def test_every_link_leads_somewhere_and_no_name_is_given_twice() -> None:
    reader = Reader(page_of())
    given = [str(tag["id"]) for _, tag in reader.tags if "id" in tag]
    assert len(given) == len(set(given))
    named = {
        name
        for _, tag in reader.tags
        for attribute in ("href", "for", "aria-labelledby", "aria-describedby")
        for name in str(tag.get(attribute, "")).removeprefix("#").split()
    }
    assert named <= set(given)


def test_every_graphic_has_a_name() -> None:
    pictures = [tag for name, tag in Reader(page_of()).tags if name == "svg"]
    assert len(pictures) > 4
    for tag in pictures:
        assert tag["role"] == "img"
        assert tag.get("aria-label") or tag.get("aria-labelledby")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_wherever_it_is_shown(name: str) -> None:
    plain = page_of(["lab/buildx.py", "x/buildx.py", "lab/buildx/a.py"])
    path = f"lab/build{name}.py"
    page = page_of(
        [path, f"x/{name}.py", f"lab/build{name}/a.py"], outcomes=_problem(path), references=(_naming(path),)
    )
    known = {tag for tag, _ in Reader(plain).tags}
    assert {tag for tag, _ in Reader(page).tags} - known <= {
        "li",
        "tr",
        "td",
        "th",
        "small",
        "em",
        "thead",
        "tbody",
        "table",
    }
    assert visible(path) in moves_of(page)
    assert " ".join(visible(path).split()) in Reader(page).text
    assert "\x1b" not in page
    assert "\u202e" not in page


def _problem(where: str) -> tuple[Outcome, ...]:
    problem = Problem(code="x", where=where, found=where, expected=where, remedy=where)
    return (Outcome(code="x", title="x", problems=(problem,)),)


def _naming(path: str) -> Reference:
    return Reference(
        file=path,
        line=1,
        column=1,
        kind=path,
        verdict="break",
        severity="hard",
        target=path,
        remedy=path,
        message=path,
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a `b` c", "a <code>b</code> c"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("<b> ` &", "&lt;b&gt; ` &amp;"),
    ],
)
def test_code_in_the_words_of_a_plan_is_shown_as_code(text: str, shown: str) -> None:
    assert shown in page_of(plan=PLAN.replace("Superseded by make.", text))


def test_2500_files_make_less_than_300_kb() -> None:
    folders = [f"package_{n % 40}/subpackage_{n % 9}/module_{n % 13}" for n in range(2500)]
    paths = [f"lab/build_{folder}/a_name_of_usual_length_{n}.py" for n, folder in enumerate(folders)]
    page = page_of(paths, PLAN.replace('"/lab/build*.py"', '"/lab/build_*/"'))
    assert len(moves_of(page)) == 2500
    assert len(page.encode()) < 300_000


def test_the_same_values_make_the_same_bytes() -> None:
    assert page_of() == page_of()


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (b"<!doctype html><!-- mothball:report/1 (written", True),
        (b"\n<!doctype html><!-- mothball:report/9", True),
        (b"<!doctype html>\n<html>", False),
        (b"", False),
    ],
)
def test_an_earlier_page_is_known_by_how_it_begins(content: bytes, ours: bool) -> None:
    assert is_page(content) is ours


def test_what_is_written_is_known_as_ours() -> None:
    assert is_page(page_of().encode())
