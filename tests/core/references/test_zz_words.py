"""Path-like words that no format explains: strings of programs, words of settings, and what people read."""

from collections.abc import Mapping

import pytest

from tests.core.references.world import breaks, compared, mentions, unknowns

TREE: Mapping[str, str] = {"old/run.rb": "", "old/sub/a.txt": "", "src/app.rb": "", "lib/tool/setup.py": ""}


@pytest.mark.parametrize(
    ("name", "text", "target"),
    [
        ("x.rb", 'load "old/run.rb"', "old/run.rb"),
        ("src/x.lua", 'local f = io.open("../old/sub/a.txt") -- a file', "../old/sub/a.txt"),
        ("x.kt", 'val f = File(root, "old/sub")', "old/sub"),
        ("x.cs", 'var a = "old/sub/a.txt:12";', "old/sub/a.txt"),
        ("x.jl", 'include("old/run.rb") # why', "old/run.rb"),
        ("old.proto", 'import "old/run.rb";', "old/run.rb"),
        ("x.tf", 'source = "./old/sub"', "./old/sub"),
        ("x.nix", "src = ./old/sub/a.txt;", "./old/sub/a.txt"),
        ("Jamfile", "exe a : old/sub/a.txt ;", "old/sub/a.txt"),
        (".env", "FILE=old/sub/a.txt", "old/sub/a.txt"),
        ("sources.lst", "+incdir+x\nold/sub/a.txt\n", "old/sub/a.txt"),
    ],
)
def test_a_path_in_a_program_or_in_settings_is_a_break(name: str, text: str, target: str) -> None:
    (one,) = breaks({**TREE, name: text}, ["old"])
    assert f" {target} -> " in one


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.md", "see old/sub/a.txt, or old/sub/"),
        ("plan.txt", "git mv old/sub/a.txt archive/"),
        ("x.rb", "# old/sub/a.txt"),
        ("x.lua", 'a = 1 --[[ "old/sub/a.txt"\n"old/sub/a.txt" ]]'),
        ("x.kt", 'assertEquals("old/sub/a.txt", name)'),
        ("x.kt", 'log.info("read old/sub/a.txt first")'),
        ("x.kt", 'error("the file old/sub/a.txt is missing")'),
        ("x.csv", "old/sub/a.txt,1"),
        ("spec/fixtures/x.kt", 'open("old/sub/a.txt")'),
        ("CHANGELOG", "moved old/sub/a.txt"),
        ("x.nix", "# old/sub/a.txt"),
        ("x.unknown", "old/sub/a.txt"),
    ],
)
def test_what_people_read_is_a_mention(name: str, text: str) -> None:
    files = {**TREE, name: text}
    assert breaks(files, ["old"]) == unknowns(files, ["old"]) == []
    assert mentions(files, ["old"])


@pytest.mark.parametrize(
    "text",
    [
        'x = "https://example.org/old/sub/a.txt"',
        'x = "me@old/sub"',
        'x = "old.sub.a"',
        'x = "gold/sub/a.txt"',
        'x = "old/sub/a.txt.bak"',
        'x = "a.txt"',
        'x = "/old"',
        "// This is old.",
        "x = 1.2.3",
    ],
)
def test_what_is_no_path_of_the_tree_is_nothing(text: str) -> None:
    assert compared({**TREE, "x.kt": text}, ["old"]).findings == ()


@pytest.mark.parametrize(
    ("name", "text", "target"),
    [
        ("x.kt", 'open("${OUT_DIR}/old/sub/a.txt")', "/old/sub/a.txt"),
        ("x.lua", 'open(tmp .. "/old/sub/a.txt")', "/old/sub/a.txt"),
        ("x.kt", 'open("$dir/sub/a.txt")', "/sub/a.txt"),
        ("x.kt", 'format("%s/sub/a.txt")', "/sub/a.txt"),
        ("x.kt", 'exec("ruby old/run.rb --all")', "old/run.rb"),
        ("tests/x.kt", 'classify("old/sub/a.txt")', "old/sub/a.txt"),
        ("x.kt", 'get("/old/sub/a.txt")', "/old/sub/a.txt"),
    ],
)
def test_what_only_the_running_program_knows_is_left_to_people(name: str, text: str, target: str) -> None:
    (one,) = unknowns({**TREE, name: text}, ["old"])
    assert f" {target} -> " in one


def test_a_path_is_looked_for_from_the_project_that_the_file_is_in() -> None:
    files = {"app/go.mod": "", "app/in/x.kt": 'open("res/a.txt")', "app/res/a.txt": ""}
    assert breaks(files, {"app/res": "archive/res"}) == ["app/in/x.kt:1 res/a.txt -> app/res/a.txt"]
    files.pop("app/go.mod")
    assert unknowns(files, {"app/res": "archive/res"}) == ["app/in/x.kt:1 res/a.txt -> app/res/a.txt"]


def test_what_a_reader_of_the_format_understood_is_not_looked_at_again() -> None:
    files = {"docs/a.md": "[x](old/a.txt)", "docs/old/a.txt": "", "old/a.txt": ""}
    assert compared(files, {"old/a.txt": "archive/a.txt"}).findings == ()


def test_a_word_that_is_said_very_often_is_reported_some_two_hundred_times() -> None:
    files = {**TREE, "x.md": "old/sub/a.txt\n" * 100_000}
    assert len(mentions(files, ["old"])) == 200


def test_minified_programs_are_not_what_people_wrote() -> None:
    files = {**TREE, "x.kt": 'f("old/sub/a.txt");' * 500}
    assert breaks(files, ["old"]) == unknowns(files, ["old"]) == []


def test_lone_words_with_a_slash_are_left_to_people() -> None:
    files = {
        "a.swift": 'let key = "users/profile"\nlet data = load("users/profile")\n',
        "users/profile/a": "",
    }
    assert breaks(files, ["users/profile"]) == ["a.swift:2 users/profile -> users/profile"]
    assert unknowns(files, ["users/profile"]) == ["a.swift:1 users/profile -> users/profile"]


def test_labels_and_other_addresses_are_no_paths() -> None:
    text = 'const a = { displayName: "./a/b.js" };\nnew URL("./a/b.js", "https://example.com");\n'
    assert breaks({"x.swift": text, "a/b.js": ""}, ["a/b.js"]) == []


def test_a_variable_may_hold_the_name_of_a_file() -> None:
    text = 'let file_name = "./a/b.js"\nlet name = "a/b.js"\nlet x = [name: "a/b.js"]\n'
    assert breaks({"x.swift": text, "a/b.js": ""}, ["a/b.js"]) == [
        "x.swift:1 ./a/b.js -> a/b.js",
        "x.swift:2 a/b.js -> a/b.js",
    ]
