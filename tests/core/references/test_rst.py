"""Pages in reStructuredText: what docutils and Sphinx no longer find."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Claim
from mothball.core.references.pages.rst import claims_of_rst
from tests.core.references.world import breaks, mentions

PAGES = {
    "docs/conf.py": "",
    "docs/c.rst": "",
    "docs/old/b.rst": "",
    "docs/old/p.png": "",
    "docs/old/t.csv": "",
    "pkg/__init__.py": "",
    "pkg/old/__init__.py": "",
    "pkg/old/mod.py": "",
    "tools/x.py": "",
}
MOVES = ["docs/old", "pkg/old", "tools"]


def _of(text: str) -> list[str]:
    return [one.removeprefix("docs/a.rst:") for one in breaks({**PAGES, "docs/a.rst": text}, MOVES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".. include:: old/b.rst", "1 old/b.rst -> docs/old/b.rst"),
        (".. include:: /old/b.rst\n   :start-line: 2", "1 /old/b.rst -> docs/old/b.rst"),
        (".. literalinclude:: ../tools/x.py\n   :language: python", "1 ../tools/x.py -> tools/x.py"),
        (".. image:: old/p.png\n   :target: c.rst", "1 old/p.png -> docs/old/p.png"),
        (".. |logo| image:: old/p.png", "1 old/p.png -> docs/old/p.png"),
        (".. figure:: /old/p.png\n\n   Text", "1 /old/p.png -> docs/old/p.png"),
        (".. note::\n\n   .. image:: old/p.png", "3 old/p.png -> docs/old/p.png"),
        (".. csv-table:: T\n   :file: old/t.csv", "2 old/t.csv -> docs/old/t.csv"),
        (".. toctree::\n   :maxdepth: 2\n\n   c\n   old/b", "5 old/b -> docs/old/b.rst"),
        (".. toctree::\n\n   Title <old/b>", "3 old/b -> docs/old/b.rst"),
        (".. toctree::\n\n   /old/b", "3 /old/b -> docs/old/b.rst"),
        (".. toctree::\n   :glob:\n\n   old/*", "4 old/* -> docs/old"),
        ("see :doc:`old/b`", "1 old/b -> docs/old/b.rst"),
        ("see :doc:`the\ttext </old/b>`, so", "1 /old/b -> docs/old/b.rst"),
        ("see :doc:`the\n  text </old/b>`, so", "2 /old/b -> docs/old/b.rst"),
        ("a :download:`t <old/t.csv>`", "1 old/t.csv -> docs/old/t.csv"),
        ("a `text\n<old/b.rst>`_ here", "2 old/b.rst -> docs/old/b.rst"),
        (".. _b: old/b.rst", "1 old/b.rst -> docs/old/b.rst"),
        (".. automodule:: pkg.old.mod\n   :members:", "1 pkg.old.mod -> pkg/old/mod.py"),
        (".. autoclass:: pkg.old.mod.Thing", "1 pkg.old.mod.Thing -> pkg/old/mod.py"),
        (".. currentmodule:: pkg.old.mod\n\n.. autofunction:: f", "3 f -> pkg/old/mod.py"),
        (".. autosummary::\n\n   pkg.old.mod.f", "3 pkg.old.mod.f -> pkg/old/mod.py"),
        (".. currentmodule:: pkg\n\n.. autosummary::\n\n   old.mod", "5 old.mod -> pkg/old/mod.py"),
        (".. code-block:: bash\n\n   cd tools\n   python x.py", "4 x.py -> tools/x.py"),
        ("Run it::\n\n    $ python tools/x.py\n    done", "3 tools/x.py -> tools/x.py"),
        ("Run it::\n\n    python tools/x.py\n", "3 tools/x.py -> tools/x.py"),
        (":source:`tools/x.py`", "1 tools/x.py -> tools/x.py"),
    ],
)
def test_what_a_page_names_must_stay(text: str, expected: str) -> None:
    assert expected in _of(text)


@pytest.mark.parametrize(
    "text",
    [
        ".. toctree::\n\n   c\n   self\n   https://example.org/old/b",
        ".. toctree::\n   :glob:\n\n   *",
        ".. A comment about old/b.rst\n   and .. image:: old/p.png",
        ".. include:: <isonum.txt>",
        ".. image:: gone/p.png",
        ".. automodule:: pkg",
        ".. autosummary::\n\n   pkg.f",
        ".. |b| replace:: old/b.rst",
        ".. module:: pkg.old.mod",
        "``tools/x.py`` is only named",
        ".. code-block:: rst\n\n   .. image:: old/p.png",
        "like so::\n\n   .. image:: old/p.png",
        ".. code-block:: console\n\n   $ ls\n   tools/x.py",
    ],
)
def test_what_nobody_follows_is_no_break(text: str) -> None:
    assert _of(text) == []


def test_a_change_log_tells_of_what_was_but_includes_what_is() -> None:
    files = {**PAGES, "CHANGES.rst": "`x <tools/x.py>`_\n\n.. include:: docs/old/b.rst"}
    assert breaks(files, MOVES) == ["CHANGES.rst:3 docs/old/b.rst -> docs/old/b.rst"]
    assert mentions(files, MOVES) == ["CHANGES.rst:1 tools/x.py -> tools/x.py"]


def test_plain_text_counts_below_docs() -> None:
    text = ".. toctree::\n\n   old/b"
    assert breaks({**PAGES, "docs/index.txt": text, "notes.txt": text}, MOVES) == [
        "docs/index.txt:3 old/b -> docs/old/b.rst"
    ]


_MARKS = st.sampled_from(
    [".. ", "include:: ", "toctree::", "image:: a.png", "\n", "\n\n", "   ", ":glob:", "`", "<a>`_", "::",
     "__ ", ".. _a: b", ":doc:`", "code-block:: sh", "$ python a.py", "|x| ", "\t", "\0", "é", "*"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_MARKS | st.text(max_size=5), max_size=60).map("".join))
def test_any_text_is_read(text: str) -> None:
    for claim in claims_of_rst(text):
        assert isinstance(claim, Claim)
        assert claim.line >= 1
        assert claim.column >= 1


def test_a_server_is_not_asked_for_a_directory_without_a_page() -> None:
    files = {"a.html": '<a href="/users/x">x</a>', "users/x/a.py": "", "users/b": ""}
    assert breaks(files, ["users/x"]) == []
    assert breaks({**files, "users/x/index.html": ""}, ["users/x"]) == ["a.html:1 /users/x -> users/x"]
