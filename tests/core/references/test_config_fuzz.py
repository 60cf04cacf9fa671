"""Whatever a configuration file holds: its reader claims places that are there, or says it cannot read it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Unreadable
from mothball.core.references.reader import readers_of

NAMES = (
    *(
        "a.toml",
        "tox.ini",
        "CODEOWNERS",
        ".gitattributes",
        ".gitmodules",
        "MANIFEST.in",
        "a.json",
        "a.vcxproj",
    ),
    *("a.sln", "a.yaml", "a.cc", "a.py", "a.js", "a.lua", "a.rb", "a.bat", "Jamfile", "a.jl", "a.unknown"),
)
OURS = ("toml", "ini", "gitfiles", "json_values", "xml", "yaml_values", "zz_words")
MARKS = "[]{}=:,\"'`#\\/\n\t .-$%<>!|&*?(;"
PIECES = st.sampled_from([*MARKS, "a/b.c", "path", '"""', "'''", "\r\n", "\0", "\ud800", "é"])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=80).map("".join))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, name=st.sampled_from(NAMES))
def test_a_reader_bears_any_text(text: str, name: str) -> None:
    lines = text.split("\n")
    for reader in readers_of(name):
        if type(reader).__module__.rpartition(".")[2] not in OURS:
            continue
        try:
            for claim in reader.read(text, name):
                assert 1 <= claim.line <= len(lines)
                rest = "\n".join(lines[claim.line - 1 :])
                assert rest[claim.column - 1 :].startswith(claim.text)
        except Unreadable:
            pass


LONG = 60_000
HUGE = {
    "brackets": "[" * LONG,
    "braces": '{"a":' * (LONG // 5),
    "quotes": '"' * LONG,
    "escapes": '\\"' * (LONG // 2),
    "mentions": "old/x.py " * (LONG // 9),
    "strings": '"old/x.py",' * (LONG // 11),
    "a word": "a/" * (LONG // 2),
    "letters": "a" * LONG,
    "dashes": "- " * (LONG // 2),
    "tags": "<" * LONG,
    "comments": "<!--" * (LONG // 4),
    "keys": "a: b\n" * (LONG // 5),
    "variables": "${" * (LONG // 2),
    "slashes": "/" * LONG,
    "dots": "." * LONG,
}


@pytest.mark.parametrize("what", HUGE)
@pytest.mark.parametrize("name", NAMES)
def test_a_huge_line_takes_bounded_time(what: str, name: str) -> None:
    for reader in readers_of(name):
        if type(reader).__module__.rpartition(".")[2] in OURS:
            try:
                for _ in reader.read(HUGE[what], name):
                    pass
            except Unreadable:
                pass
