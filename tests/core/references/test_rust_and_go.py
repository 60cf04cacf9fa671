"""Modules of Rust, packages of Go, and what both put into programs as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.readers.go import Go, GoModules
from mothball.core.references.readers.rust import Cargo, Rust
from tests.core.references.world import breaks, mentions


@pytest.mark.parametrize(
    ("file", "line", "old"),
    [
        ("src/lib.rs", "pub mod x;", "src/x.rs"),
        ("src/lib.rs", "mod x;", "src/x/mod.rs"),
        ("src/a.rs", "pub(crate) mod x;", "src/a/x.rs"),
        ("src/lib.rs", "mod a { mod x; }", "src/a/x.rs"),
        ("src/lib.rs", '#[path = "old/x.rs"]\nmod y;', "src/old/x.rs"),
        ("src/lib.rs", 'const A: &str = include_str!("../x.txt");', "x.txt"),
        ("src/lib.rs", 'include!(concat!(env!("CARGO_MANIFEST_DIR"), "/x.rs"));', "x.rs"),
        ("Cargo.toml", '[workspace]\nmembers = [\n  "x", "y",\n]', "x/Cargo.toml"),
        ("Cargo.toml", '[dependencies]\nx = { version = "1", path = "x" }', "x/Cargo.toml"),
        ("Cargo.toml", '[[bin]]\nname = "x"\npath = "tools/x.rs"', "tools/x.rs"),
    ],
)
def test_rust_names_its_files(file: str, line: str, old: str) -> None:
    files = {"Cargo.toml": "", "src/y.rs": "", "src/old/z": "", file: line, old: ""}
    assert breaks(files, {old: "archive/z"}) != []


@pytest.mark.parametrize(
    "line", ["// mod x;", "mod x { }", 'let a = "mod x;";', "fn mod_x() {}", "/* mod x; */"]
)
def test_rust_that_only_looks_like_it_is_none(line: str) -> None:
    assert breaks({"src/lib.rs": line, "src/x.rs": ""}, ["src/x.rs"]) == []


GO = {
    "go.mod": "module example.org/app/v2\n\ngo 1.22\n",
    "main.go": 'package main\n\nimport (\n\t"fmt"\n\tq "example.org/app/v2/pkg/q"\n'
    '\t// "example.org/app/v2/pkg/r"\n)\n',
    "pkg/q/q.go": "package q\n",
    "pkg/r/r.go": "package r\n",
    "fmt/fmt.go": "package fmt\n",
}


def test_go_imports_packages_of_its_module() -> None:
    assert breaks(GO, ["pkg/q"]) == ["main.go:5 example.org/app/v2/pkg/q -> pkg/q"]
    assert breaks(GO, ["fmt"]) == []
    assert breaks(GO, ["pkg/r"]) == []
    assert "main.go:6 example.org/app/v2/pkg/r -> pkg/r" in mentions(GO, ["pkg/r"])


def test_go_embeds_files() -> None:
    files = {"a/a.go": "package a\n//go:embed web/*.html\nvar f embed.FS\n", "a/web/i.html": "", "a/b": ""}
    assert breaks(files, ["a/web"]) == ["a/a.go:2 web/*.html -> a/web"]


def test_go_names_the_directories_of_modules() -> None:
    files = {
        "go.work": "go 1.22\nuse (\n\t./app\n\t./lib\n)\n",
        "app/go.mod": "module a\nreplace b => ../lib\n",
        "app/a.go": 'package a\nimport "b"\n',
        "lib/go.mod": "module b\n",
        "lib/b.go": "package b\n",
    }
    assert breaks(files, ["lib"]) == [
        "app/a.go:2 b -> lib",
        "app/go.mod:2 ../lib -> lib/go.mod",
        "go.work:4 ./lib -> lib/go.mod",
    ]
    after = {"go.work": "use (\n ./app\n ./libs/b\n)\n", "app/go.mod": "module a\nreplace b => ../libs/b\n"}
    assert breaks(files, {"lib": "libs/b"}, after) == []


@given(st.text(alphabet="mod x;{}\"'#[path=]/*\nimport()") | st.text())
def test_no_text_upsets_them(text: str) -> None:
    for reader in (Rust(), Cargo(), Go(), GoModules()):
        list(reader.read(text, "a"))


def test_a_package_of_go_needs_a_source() -> None:
    files = {
        "go.mod": "module m\n",
        "main.go": 'package main\nimport "m/t"\n',
        "t/a.go": "",
        "t/a_test.go": "",
        "t/b": "",
    }
    assert breaks(files, ["t/a.go"]) == ["main.go:2 m/t -> t/a.go"]
    assert breaks({**files, "t/c.go": ""}, ["t/a.go"]) == []


def test_go_generate_runs_a_command_where_the_file_is() -> None:
    files = {"p/a.go": "package p\n//go:generate go run ./gen -o x\n", "p/gen/g.go": "", "gen/g.go": ""}
    assert [one.partition(" ")[0] for one in breaks(files, ["p/gen"])] == ["p/a.go:2"]
    assert breaks(files, ["gen"]) == []


def test_cargo_watches_files() -> None:
    text = 'fn main() {\n println!("cargo:rerun-if-changed=p/a.proto");\n println!("p/b.proto");\n}\n'
    files = {"c/build.rs": text, "c/Cargo.toml": "", "c/p/a.proto": "", "c/p/b.proto": ""}
    assert breaks(files, ["c/p/a.proto"]) == ["c/build.rs:2 p/a.proto -> c/p/a.proto"]
    assert breaks(files, ["c/p/b.proto"]) == []
