"""What is rewritten where something moved, and the reason where it is not."""

import pytest

from mothball.core.references.findings import Verdict
from mothball.core.references.fixes import fixed
from tests.core.references.world import compared

LAB = {"lab/a.png": "x", "lab/b.js": "x", "lab/c.css": "x", "lab/d.just": "x:\n", "lab/sub/e.html": "x"}


def _fixed(path: str, text: str, more: dict[str, str] | None = None) -> str:
    result = compared({**LAB, **(more or {}), path: text}, ["lab"])
    breaks = [one for one in result.findings if one.verdict is Verdict.BREAK]
    assert breaks
    assert result.change is not None
    return fixed(text.encode(), path, breaks, breaks, result.change).content.decode()


def _remedy(path: str, text: str, more: dict[str, str] | None = None) -> str:
    [found] = compared({**LAB, **(more or {}), path: text}, ["lab"]).findings
    return found.remedy.partition(";")[0]


@pytest.mark.parametrize(
    ("path", "text", "rewritten"),
    [
        ("docs/a.html", '<a href="{}/sub/e.html#x">e</a>', "../lab"),
        ("docs/a.html", '<img src="{}/a.png">', "../lab"),
        ("docs/a.html", '<link rel="stylesheet" href="{}/c.css?v=1">', "../lab"),
        ("docs/a.html", "<style>\na {{ background: url({}/a.png) }}\n</style>", "../lab"),
        ("docs/a.css", 'a {{ background: url("{}/a.png#x") }}', "../lab"),
        ("docs/a.rst", ".. image:: {}/a.png\n   :width: 3\n", "../lab"),
        ("docs/a.rst", ".. figure:: {}/a.png\n", "../lab"),
        ("docs/a.rst", ".. |a| image:: {}/a.png\n", "../lab"),
        ("justfile", "import '{}/d.just'\nmod other '{}/d.just'\n", "lab"),
        ("justfile", "import? './{}/d.just'\n", "lab"),
        ("MANIFEST.in", "include {0}/a.png {0}/b.js\ngraft {0}/sub\nrecursive-include {0} *.css\n", "lab"),
        (
            "package.json",
            '{{"main": "./{0}/b.js", "bin": {{"x": "{0}/b.js"}}, "files": ["{0}/sub/"]}}',
            "lab",
        ),
    ],
)
def test_a_plain_path_is_rewritten(path: str, text: str, rewritten: str) -> None:
    new = rewritten.replace("lab", "archive/lab")
    assert _fixed(path, text.format(rewritten, rewritten)) == text.format(new, new)


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("docs/a.html", '<a href="/lab/sub/e.html">e</a>', "it has a root of its own"),
        ("docs/a.css", "a { background: url(/lab/a.png) }", "it has a root of its own"),
        ("MANIFEST.in", "include lab/*.png\n", "it is a pattern"),
        ("package.json", '{"files": ["lab/*.js"]}', "it is a pattern"),
        (
            "CMakeLists.txt",
            "add_custom_target(x cat ${CMAKE_SOURCE_DIR}/lab/b.js)\n",
            "a part of it is a variable",
        ),
        ("web.js", 'import "./lab/b.js";', "what a program takes is its author's to change"),
        ("docs/a.css", '@import "../lab/c.css";', "what a program takes is its author's to change"),
    ],
)
def test_what_is_not_rewritten_says_why(path: str, text: str, reason: str) -> None:
    assert _remedy(path, text) == f"Change it or take it out by hand ({reason})"
    assert _fixed(path, text) == text


def test_a_name_that_may_need_escapes_is_left_to_people() -> None:
    remedy = _remedy("docs/a.md", "[b](<../lab/a b.md>)", {"lab/a b.md": "x"})
    assert remedy == "Change it or take it out by hand (it has characters that may have to be escaped here)"


def test_what_moves_out_of_a_package_is_not_packed_from_there() -> None:
    text = '{"main": "old/b.js"}'
    result = compared({"web/package.json": text, "web/old/b.js": "x", "web/a.js": "x"}, ["web/old"])
    [found] = result.findings
    assert "(the new place is not packed)" in found.remedy
    assert result.change is not None
    done = fixed(text.encode(), "web/package.json", [found], [found], result.change)
    assert done.content.decode() == text


def test_a_module_that_is_found_by_its_name_is_left_to_people() -> None:
    text = "mod old\n"
    result = compared({"justfile": text, "old.just": "x:\n"}, ["old.just"])
    [found] = result.findings
    assert result.change is not None
    assert fixed(text.encode(), "justfile", [found], [found], result.change).content.decode() == text


def test_the_remedy_of_a_search_path_says_what_to_put_there_instead() -> None:
    files = {"run.py": 'import sys\nsys.path.insert(0, "lab")\n', "lab/a.py": "", "lab/b.py": ""}
    [moved] = compared(files, ["lab"]).findings
    assert (moved.verdict, moved.severity) == ("break", "hard-masked")
    assert moved.remedy.startswith(
        "Put archive/lab on the search path instead: imports that relied on it fail;"
    )
    [scattered] = compared(files, {"lab/a.py": "one/a.py", "lab/b.py": "two/b.py"}).findings
    assert scattered.verdict == "mention"
    assert scattered.remedy.startswith("Take it out: nothing is imported from there any more")
