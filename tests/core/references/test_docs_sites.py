"""Configuration of documentation sites, pages in HTML and in AsciiDoc."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Claim, Unreadable
from mothball.core.references.readers.adoc import AsciiDoc
from mothball.core.references.readers.docs_sites import DocsSites
from mothball.core.references.readers.html import Html
from tests.core.references.world import breaks

PAGES = {
    "docs/keep.md": "",
    "docs/old/b.md": "",
    "docs/old/p.png": "",
    "web/static/old/p.png": "",
    "web/templates/old/base.html": "",
    "web/index.html": "",
    "web/a/b.html": "",
    "guide/modules/ROOT/pages/old/b.adoc": "",
    "guide/modules/ROOT/pages/c.adoc": "",
    "guide/modules/ROOT/partials/old/p.adoc": "",
    "src/old/x.py": "",
}
MOVES = ["docs/old", "web/static/old", "web/templates/old", "guide/modules/ROOT/pages/old",
         "guide/modules/ROOT/partials/old", "src/old"]  # fmt: skip


def _of(file: str, text: str) -> list[str]:
    return [one.removeprefix(f"{file}:") for one in breaks({**PAGES, file: text}, MOVES)]


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("mkdocs.yml", "nav:\n  - Home: keep.md\n  - B: old/b.md\n", "3 old/b.md -> docs/old/b.md"),
        ("mkdocs.yml", "docs_dir: docs/old\nnav:\n  - b.md\n", "3 b.md -> docs/old/b.md"),
        ("mkdocs.yml", "extra_css: [old/p.png]\n", "1 old/p.png -> docs/old/p.png"),
        ("mkdocs.yml", "edit_uri: edit/main/docs/old/\n", "1 docs/old/ -> docs/old"),
        (
            "mkdocs.yml",
            "plugins:\n  - redirects:\n      redirect_maps:\n        'a.md': 'old/b.md'\n",
            "4 old/b.md -> docs/old/b.md",
        ),
        ("docs/_toc.yml", "root: keep\nparts:\n- chapters:\n  - file: old/b\n", "4 old/b -> docs/old/b.md"),
        ("docs/_quarto.yml", "book:\n  chapters:\n    - old/b.md\n", "3 old/b.md -> docs/old/b.md"),
        ("sidebars.js", "module.exports = {a: ['keep', 'old/b']} // 'old/c'", "1 old/b -> docs/old/b.md"),
        ("site/sidebars.json", '{"docs": {"G": ["old/b"]}}', "1 old/b -> docs/old/b.md"),
        ("docs/.vitepress/config.ts", "export default {s: [{link: '/old/b'}]}", "1 /old/b -> docs/old/b.md"),
        ("web/a/c.html", '<img src="../static/old/p.png">', "1 ../static/old/p.png -> web/static/old/p.png"),
        ("web/a/c.html", "<a\n href='/old/p.png#x'>", "2 /old/p.png#x -> web/static/old/p.png"),
        ("web/a/c.html", "{% extends 'old/base.html' %}", "1 old/base.html -> web/templates/old/base.html"),
        ("web/a/c.html", "{% static 'old/p.png' %}", "1 old/p.png -> web/static/old/p.png"),
        ("a.adoc", "include::src/old/x.py[]", "1 src/old/x.py -> src/old/x.py"),
        (
            "a.adoc",
            ":base: src/old\n\n----\ninclude::{base}/x.py[]\n----",
            "4 {base}/x.py -> src/old/x.py",
        ),
        (
            "guide/modules/ROOT/pages/a.adoc",
            "see xref:old/b.adoc#x[B]",
            "1 old/b.adoc#x -> guide/modules/ROOT/pages/old/b.adoc",
        ),
        (
            "guide/modules/ROOT/pages/a.adoc",
            "include::partial$old/p.adoc[]",
            "1 partial$old/p.adoc -> guide/modules/ROOT/partials/old/p.adoc",
        ),
        ("a.adoc", "[source,bash]\n----\npython src/old/x.py\n----", "3 src/old/x.py -> src/old/x.py"),
    ],
)
def test_what_a_site_lists_and_loads_must_stay(file: str, text: str, expected: str) -> None:
    assert expected in _of(file, text)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("mkdocs.yml", "nav:\n  - keep.md\n  - https://example.org/old/b.md\n"),
        ("mkdocs.yml", "site_description: about old/b.md\n"),
        ("docs/_toc.yml", "root: keep\ntitle: old/b\n"),
        ("web/c.html", "<!-- <img src='static/old/p.png'> --><script>x = 'src=static/old/p.png'</script>"),
        ("web/c.html", "<pre><img src='static/old/p.png'></pre>"),
        ("web/c.html", "<a href='https://example.org/static/old/p.png'>"),
        ("a.adoc", "// include::src/old/x.py[]\nxref:#anchor[x] link:https://a.org/src/old/x.py[x]"),
    ],
)
def test_what_nobody_follows_is_no_break(file: str, text: str) -> None:
    assert _of(file, text) == []


_MARKS = st.sampled_from(
    ["<a href='", "'>", "<!--", "<script>", "</script>", "{% include '", "nav:\n", "- a: b.md\n",
     "include::", "a.adoc[]", "\n", "----", "{x}", ":x: {x}\n", "'", '"', "[", "{", "}", "\0", "é",
     "<style>", "url("]
)  # fmt: skip


@pytest.mark.parametrize("file", ["a.html", "mkdocs.yml", "sidebars.js", "sidebars.json", "a.adoc"])
@settings(max_examples=60, deadline=None)
@given(text=st.lists(_MARKS | st.text(max_size=4), max_size=50).map("".join))
def test_any_text_is_read(file: str, text: str) -> None:
    for reader in (AsciiDoc(), DocsSites(), Html()):
        try:
            assert all(isinstance(claim, Claim) and claim.column >= 1 for claim in reader.read(text, file))
        except Unreadable:
            continue
