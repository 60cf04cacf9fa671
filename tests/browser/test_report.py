"""The HTML report as a person meets it, in a real browser with no network."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mothball.core.analysis.values import Analysis
from mothball.core.show import visible
from mothball.workflow.report import HTML, write_report
from tests.browser.conftest import Open, Seen
from tests.cli.conftest import HOSTILE as PAINTING
from tests.conftest import LAB, MOVES, PLAN, Repo, plan_of
from tests.core.analysis.test_analyse import HEAD, HOSTILE, PROMISES, analysis_of
from tests.core.test_page import REFERENCE

EVIL = (
    *HOSTILE,
    *(name.removeprefix("lab/build").removesuffix(".py") for name in PAINTING),
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "<style>body{display:none}</style>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u2066x\u2069\u200f",
    "[red]x[/red]",
    "<!--<script>",
    "&lt;b&gt;&#0;",
    "__proto__",
    "constructor",
    "🧪🔬",
    "é\u0301",
    "%s%n%00",
)
"""Names that mean something to a browser, a template, a terminal or a shell."""


def lab(paths: Iterable[str] = LAB, plan: str = PLAN + PROMISES, **more: Any) -> Analysis:
    return analysis_of(plan_of(plan), paths, **more)


def chip(seen: Seen, name: str) -> Any:
    return seen.page.get_by_role("checkbox", name=name, exact=True)


def test_a_report_of_a_real_run_opens_without_network_or_complaint(lab: Repo, view: Open) -> None:
    lab.archive()
    seen = view(write_report(lab.session, lab.plan, HTML).place)
    assert seen.requests == [(lab.root / "reports/archive-analysis.html").as_uri()]
    assert seen.messages == []
    assert {old: new for old, new, _ in seen.rows()} == MOVES
    assert "Executed" in seen.page.locator(".verdict").inner_text()
    assert seen.page.get_by_text("proved", exact=True).count() == 3


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Something on this machine that a page could reach, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()
        thread.join()


ATTEMPTS = {
    "fetch": "url => fetch(url).catch(() => 0)",
    "image": "url => { const e = new Image(); e.src = url; document.body.append(e); }",
    "style": """url => new Promise(done => { const e = document.createElement('link'); e.rel = 'stylesheet';
        e.onload = e.onerror = done; e.href = url; document.head.append(e); })""",
    "script": """url => new Promise(done => { const e = document.createElement('script');
        e.onload = e.onerror = done; e.src = url; document.head.append(e); })""",
    "beacon": "url => navigator.sendBeacon(url)",
    "frame": "url => { const e = document.createElement('iframe'); e.src = url; document.body.append(e); }",
    "form": """url => { const e = document.createElement('form'); e.action = url; document.body.append(e);
        setTimeout(() => e.submit()); }""",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_policy_lets_nothing_out_even_with_a_network(
    look: Open, server: tuple[str, list[str]], attempt: str
) -> None:
    url, asked = server
    seen = look(lab(), offline=False)
    seen.page.evaluate(attempt, f"{url}/out")
    seen.page.wait_for_timeout(150)
    assert asked == []


def test_no_inline_script_runs_but_ours(look: Open) -> None:
    seen = look(lab())
    seen.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit = 1\">')"
    )
    seen.page.evaluate(
        "const e = document.createElement('script'); e.text = 'window.hit = 1'; document.body.append(e)"
    )
    seen.page.wait_for_timeout(50)
    assert seen.page.evaluate("window.hit") is None


def test_at_first_it_shows_what_moves(look: Open) -> None:
    seen = look(lab())
    assert {old: new for old, new, _ in seen.rows()} == MOVES
    assert seen.count == "5 of 14 files"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("build", {"lab/build_v1.py", "lab/build_v2.py"}),
        ("BUILD v2", {"lab/build_v2.py"}),
        ("papers", {"notes/idea.md", "notes/deep/er/thought.md"}),
        ("lab archive test", {"lab/test_v1.py"}),
        ("no such file", set()),
        ("", set(MOVES)),
    ],
)
def test_the_search_finds_old_and_new_paths_by_all_words(look: Open, text: str, found: set[str]) -> None:
    seen = look(lab())
    seen.search(text)
    assert {old for old, _, _ in seen.rows()} == found
    assert seen.count.startswith(f"{len(found)} of")


def test_what_is_found_among_the_hidden_is_counted_and_shown_on_demand(look: Open) -> None:
    seen = look(lab())
    seen.search("core")
    assert seen.count == "0 of 14 files; 3 more match in what is not shown"
    seen.page.get_by_role("button", name="Show them").click()
    seen.settle()
    assert {old for old, _, _ in seen.rows()} == {path for path in LAB if path.startswith("core/")}
    assert chip(seen, "Kept").is_checked()
    assert not chip(seen, "Neither kept nor archived").is_checked()
    assert seen.count == "3 of 14 files"
    assert not seen.page.locator("#more").is_visible()


def test_a_path_that_is_too_long_keeps_both_of_its_ends(look: Open) -> None:
    paths = [f"lab/build_{'long_name_' * 20}{number}.py" for number in range(5)]
    seen = look(lab(paths), viewport={"width": 700, "height": 700})
    assert [old for old, _, _ in seen.rows()] == paths
    cells = seen.page.locator("#window .from-path")
    for number in range(5):
        box = cells.nth(number).bounding_box()
        tail = cells.nth(number).locator(".tail")
        end = tail.bounding_box()
        assert box
        assert end
        assert (tail.text_content() or "").endswith(f"{number}.py")
        assert end["x"] + end["width"] <= box["x"] + box["width"] + 1


@pytest.mark.parametrize("name", ["🧪" * 40, "e\u0301" * 40, "x" + "🧪" * 40])
def test_no_letter_is_cut_in_two(look: Open, name: str) -> None:
    tail = look(lab([f"lab/build{name}.py"])).page.locator("#window .from-path .tail").text_content() or ""
    assert tail.encode("utf-16", "strict")
    assert tail[0] in "🧪e"


def test_what_was_found_is_marked(look: Open) -> None:
    seen = look(lab())
    seen.search("v1 lab")
    assert seen.page.locator("#window mark").all_inner_texts() == ["lab", "v1", "v1", "lab", "v1", "v1"]


def test_each_kind_of_file_can_be_shown_and_hidden(look: Open) -> None:
    seen = look(lab())
    chip(seen, "Old build scripts").uncheck()
    chip(seen, "Notes").uncheck()
    assert [old for old, _, _ in seen.rows()] == ["lab/test_v1.py"]
    chip(seen, "Kept").check()
    assert {(old, what) for old, _, what in seen.rows()} == {
        ("lab/test_v1.py", "Old tests"),
        *((path, "Kept") for path in LAB if path.startswith("core/")),
    }
    chip(seen, "Written by mothball").check()
    seen.search("archive/README.md")
    assert seen.rows() == [["archive/README.md", "", "Written by mothball"]]


def test_all_of_it_can_be_done_with_the_keyboard(look: Open) -> None:
    seen = look(lab([f"lab/build{number:04}.py" for number in range(500)]))
    keys = seen.page.keyboard
    focus = "document.activeElement.id || document.activeElement.className || document.activeElement.type"
    keys.press("Tab")
    assert seen.page.evaluate(focus) == "skip"
    keys.press("/")
    assert seen.page.evaluate(focus) == "text"
    keys.type("build0/")
    assert seen.page.locator("#text").input_value() == "build0/"
    seen.search("")
    keys.press("Tab")
    assert seen.page.evaluate(focus) == "checkbox"
    keys.press("Space")
    assert seen.count.startswith("0 of")
    keys.press("Space")
    for _ in range(9):
        keys.press("Tab")
        if seen.page.evaluate(focus) == "rows":
            break
    keys.press("End")
    last = seen.page.locator("#window").get_by_text("lab/build0499.py", exact=True)
    last.wait_for(state="visible", timeout=5000)


def test_everything_has_a_name_for_those_who_do_not_see_it(look: Open) -> None:
    seen = look(lab(references=(REFERENCE,)))
    page: Any = seen.page
    for role, name in (
        ("img", re.compile("^Before 12 tracked files")),
        ("img", re.compile("^After 14 tracked files")),
        ("img", "4 before, 1 after"),
        ("table", "Files and where they go"),
        ("searchbox", "Search paths"),
        ("group", "Show"),
        ("navigation", "Sections"),
        ("region", "What the run will prove"),
        ("columnheader", "Promised"),
    ):
        assert page.get_by_role(role, name=name).count() >= 1, (role, name)
    assert page.locator("#rows").get_attribute("aria-rowcount") == "6"
    levels = page.locator("h1, h2, h3").evaluate_all("found => found.map(each => +each.tagName[1])")
    assert levels[0] == 1
    assert all(new - old <= 1 for old, new in pairwise(levels))


ANY = PLAN.replace('"/lab/build*.py"', '"/lab/build*"')
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("start", range(0, len(EVIL), 12))
def test_hostile_names_are_shown_as_text(look: Open, start: int) -> None:
    names = EVIL[start : start + 12]
    paths = [f"lab/build{name}.py" for name in names]
    plan = ANY.replace(
        "Old build scripts", visible(names[0]).replace("\\", "/").replace('"', "'").strip() or "x"
    )
    references = tuple(replace(REFERENCE, file=path, target=path, message=path) for path in paths)
    seen = look(lab([*paths, *(f"x/{name}.py" for name in names), "core/a.py"], plan, references=references))
    assert {old for old, _, _ in seen.rows()} == {visible(path) for path in paths}
    assert seen.messages == []
    assert len(seen.requests) == 1
    page = seen.page
    assert page.locator("img, iframe, object, embed, audio, video, link, base").count() == 0
    assert (page.locator("script").count(), page.locator("style").count()) == (2, 1)
    assert (page.locator("h1").count(), page.locator("h2").count()) == (1, 7)
    assert page.title() == "Focus - archive report"
    assert not CONTROLS.search(page.inner_text("body"))


def test_a_hundred_hostile_names_are_all_found(look: Open) -> None:
    paths = [f"lab/build{number}{name}.py" for number, name in enumerate((*EVIL, *EVIL)[:100])]
    seen = look(lab(paths, ANY))
    found: set[str] = set()
    for top in range(0, 100 * 32, 320):
        seen.page.locator("#rows").evaluate("(rows, top) => { rows.scrollTop = top; }", top)
        seen.settle()
        found |= {old for old, _, _ in seen.rows()}
    assert found == {visible(path) for path in paths}


LONGEST_PAUSE = """async () => {
    const box = document.getElementById('text');
    const frame = () => new Promise(requestAnimationFrame);
    let longest = 0;
    for (const words of ['b', 'bu', 'build_7', 'build_7 part_3', '19', '']) {
        box.value = words;
        const start = performance.now();
        box.dispatchEvent(new Event('input'));
        await frame();
        await frame();
        longest = Math.max(longest, performance.now() - start);
    }
    return longest;
}"""
"""Types as a person does; returns the longest time until the page had answered, in milliseconds."""


def test_twenty_thousand_files_open_and_filter_at_once(look: Open, tmp_path: Path) -> None:
    paths = [
        f"lab/build_{n % 40}/part_{n % 9}/{n}.py" if n % 3 else f"core/{n % 50}/{n}.py" for n in range(20_000)
    ]
    analysis = lab(paths, PLAN.replace('"/lab/build*.py"', '"/lab/build_*/"'))
    seen = look(analysis)
    spent = seen.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert seen.count == "13,333 of 20,003 files"
    assert seen.page.locator("#window [role=row]").count() < 80
    pause = min(seen.page.evaluate(LONGEST_PAUSE) for _ in range(3))
    assert seen.count == "13,333 of 20,003 files"
    # Twice what is promised: other tests run beside this one.
    assert spent < 4000
    assert pause < 400


@pytest.mark.parametrize("width", [320, 375, 768, 1600])
def test_no_width_makes_the_page_scroll_sideways(look: Open, width: int) -> None:
    long = [f"lab/build_{'long_name_' * 9}{number}.py" for number in range(30)]
    seen = look(lab([*LAB, *long], references=(REFERENCE,)), viewport={"width": width, "height": 700})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


CONTRAST = """() => {
    const part = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map((number) => part(number / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const between = (one, two) => {
        const [low, high] = [light(one), light(two)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const paper = (element) => {
        for (; element; element = element.parentElement) {
            const colour = getComputedStyle(element).backgroundColor;
            if (!/, 0\\)$/.test(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const texts = 'h1, h2, p, li, td, th, dt, dd, a, label, legend, .mark, small, output, .what';
    const found = {};
    for (const element of document.querySelectorAll(texts)) {
        const ratio = between(getComputedStyle(element).color, paper(element));
        found[element.tagName + '.' + element.className] = ratio;
    }
    for (const text of document.querySelectorAll('text.on:not(.pale)')) {
        const tile = text.previousElementSibling;
        found[tile.getAttribute('class')] = between(getComputedStyle(text).fill, getComputedStyle(tile).fill);
    }
    return found;
}"""
"""Returns the contrast of every sort of text on the page against what is behind it."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_in_light_and_dark(look: Open, scheme: str) -> None:
    many = "".join(
        f'[[archive]]\nname = "c{n}"\ntitle = "C{n}"\nreason = "Old."\ninto."archive/c{n}/" = ["/c{n}/"]\n'
        for n in range(6)
    )
    plan = PLAN.replace("[readme]", many + "[readme]") + PROMISES
    paths = [
        *LAB,
        *(f"c{n}/{m}.py" for n in range(6) for m in range(5)),
        *(f"lab/build{n}.py" for n in range(9)),
    ]
    seen = look(lab(paths, plan, references=(REFERENCE,)), color_scheme=scheme)
    found = seen.page.evaluate(CONTRAST)
    assert len(found) > 20
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}


def test_dark_and_light_are_not_the_same(look: Open) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    assert look(lab(), color_scheme="dark").page.evaluate(paper) != look(lab()).page.evaluate(paper)


def test_on_paper_it_is_light_and_lists_every_row(look: Open) -> None:
    seen = look(lab([f"lab/build{number:04}.py" for number in range(300)]), color_scheme="dark")
    page = seen.page
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(seen.rows()) == 300
    assert page.locator("form").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert len(seen.rows()) < 80


def test_on_paper_a_very_long_list_is_cut_off_with_a_word(look: Open) -> None:
    seen = look(lab([f"lab/build{number:04}.py" for number in range(1200)]))
    seen.page.emulate_media(media="print")
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(seen.rows()) == 500
    assert "700 more, which are not printed" in seen.page.locator("#window").inner_text()


def test_it_prints(look: Open) -> None:
    seen = look(lab([f"lab/build{number:04}.py" for number in range(300)]))
    assert len(re.findall(rb"/Type /Page\b", seen.page.pdf(format="A4"))) >= 4
    assert seen.messages == []


def test_without_script_everything_but_the_list_of_files_is_there(look: Open) -> None:
    seen = look(lab(run=HEAD, base=HEAD), java_script_enabled=False)
    text = seen.page.inner_text("body")
    assert "The list of files needs JavaScript." in text
    assert "mothball archive.undo" in text
    assert seen.page.locator("svg[role=img]").count() > 2
