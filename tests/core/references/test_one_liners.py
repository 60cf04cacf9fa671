"""One line of each language that names another file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.readers.one_liners import OneLiners
from tests.core.references.world import breaks

CASES = [
    ("lib/a.rb", "require_relative 'x/y'", "lib/x/y.rb"),
    ("bin/a.rb", "require 'x/y'", "lib/x/y.rb"),
    ("web/a.php", "require_once __DIR__ . '/x.php';", "web/x.php"),
    ("a/m.lua", 'local x = require("p.x")', "a/p/x.lua"),
    ("a.pl", 'require "x.pl";', "x.pl"),
    ("an/a.R", 'source("../x.R")', "x.R"),
    ("src/A.jl", 'include("x.jl")', "src/x.jl"),
    ("doc/a.tex", r"\input{ch/x}", "doc/ch/x.tex"),
    ("doc/a.tex", r"\includegraphics[width=1cm]{x}", "doc/figures/x.pdf"),
    ("rtl/a.sv", '`include "x.svh"', "rtl/x.svh"),
    ("api/a.proto", 'import "api/x.proto";', "api/x.proto"),
    ("tf/a.tf", 'module "m" {\n  source = "./x"\n}', "tf/x/main.tf"),
    ("a/default.nix", "import ./x.nix { }", "a/x.nix"),
    ("app/src/main/java/com/a/A.java", "import com.b.X;", "app/src/main/java/com/b/X.java"),
    ("app/src/main/java/com/a/A.java", "import static com.b.X.of;", "lib/src/main/java/com/b/X.java"),
    ("app/A.csproj", '<ProjectReference Include="..\\lib\\X.csproj" />', "lib/X.csproj"),
    ("settings.gradle", "include ':app', ':libs:x'", "libs/x/build.gradle"),
    ("t/a.j2", "{% include 'x.j2' %}", "t/x.j2"),
]


@pytest.mark.parametrize(("file", "line", "old"), CASES)
def test_a_line_that_names_a_file_is_a_break(file: str, line: str, old: str) -> None:
    found = breaks({file: line, old: "", "z": ""}, {old: "archive/q/w"})
    assert len({one.partition(":")[0] for one in found}) == 1


@pytest.mark.parametrize(
    ("file", "line", "old"),
    [
        ("lib/a.rb", "# require_relative 'x/y'", "lib/x/y.rb"),
        ("web/a.php", "// require 'x.php';", "web/x.php"),
        ("doc/a.tex", r"% \input{x}", "doc/x.tex"),
        ("app/A.java", "// import com.b.X;", "src/com/b/X.java"),
        ("app/A.java", "import java.util.List;", "src/util/List.java"),
        ("a/default.nix", "url = http://host/./x.nix;", "a/x.nix"),
    ],
)
def test_a_line_that_only_looks_like_it_is_none(file: str, line: str, old: str) -> None:
    assert breaks({file: line, old: "", "z": ""}, {old: "archive/q/w"}) == []


@given(st.text(alphabet="import \"'(){}[].\\/x#%`\n") | st.text())
def test_no_text_upsets_it(text: str) -> None:
    for name in (
        "a.rb",
        "a.php",
        "a.tex",
        "a.java",
        "a.tf",
        "a.nix",
        "a.csproj",
        "a.gradle",
        "a.lua",
        "a.proto",
    ):
        list(OneLiners().read(text, name))


def test_r_puts_paths_together() -> None:
    files = {"a.R": 'read.csv(here::here("data", "a.csv"))\nfile.path("data", "b.csv")\n', "data/a.csv": ""}
    assert breaks({**files, "data/b.csv": ""}, ["data/a.csv"]) == ['a.R:1 data", "a.csv -> data/a.csv']


def test_java_reads_resources() -> None:
    text = 'class A { Object a = A.class.getResource("/a.txt"); } // getResource("/b.txt")\n'
    files = {
        "m/src/main/java/A.java": text,
        "m/src/main/resources/a.txt": "",
        "m/src/main/resources/b.txt": "",
    }
    assert breaks(files, ["m/src/main/resources"]) == [
        "m/src/main/java/A.java:1 /a.txt -> m/src/main/resources/a.txt"
    ]
