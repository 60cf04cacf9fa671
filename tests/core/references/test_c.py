"""What C sources include: from beside them, from declared directories, and what is only commented out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.readers.c import Includes
from tests.core.references.world import breaks, compared, mentions, unknowns


@pytest.mark.parametrize(
    "line",
    [
        '#include "x.h"',
        '  #  include   "x.h" // why',
        '#import "x.h"',
        '#include_next "x.h"',
        '/* a */ int a; \n#include "x.h"',
        'char c = \'"\';\n#include "x.h"',
        'const char *r = R"(\n/* )";\n#include "x.h"',
        '#if 0\n#else\n#include "x.h"\n#endif',
        '#ifdef A\n#include "x.h"\n#endif',
        '.incbin "x.h"',
        'label: .include "x.h"',
    ],
)
def test_every_way_of_including_is_a_break(line: str) -> None:
    found = breaks({"src/a.c": line, "src/x.h": "", "src/y.h": ""}, ["src/x.h"])
    assert [one.partition(" ")[2] for one in found] == ["x.h -> src/x.h"]


@pytest.mark.parametrize(
    "line",
    [
        '// #include "x.h"',
        '/*\n#include "x.h"\n*/',
        '#if 0\n#ifdef A\n#endif\n#include "x.h"\n#endif',
    ],
)
def test_an_include_that_no_compiler_sees_is_a_mention(line: str) -> None:
    files = {"src/a.c": line, "src/x.h": ""}
    assert breaks(files, ["src/x.h"]) == []
    assert len(mentions(files, ["src/x.h"])) == 1


@pytest.mark.parametrize(
    ("build", "text"),
    [
        ("CMakeLists.txt", "target_include_directories(app PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/hw/inc)"),
        ("Makefile", "CFLAGS += -Ihw/inc -O2"),
        ("Makefile", "INCDIRS = hw/inc\nCFLAGS += $(addprefix -I,$(INCDIRS))"),
        ("platformio.ini", "build_flags =\n  -I hw/inc"),
        ("meson.build", "inc = include_directories('hw/inc')"),
        ("Jamfile", "SubInclude TOP hw inc ;\nHDRS += hw/inc ;"),
        (
            "app.vcxproj",
            "<AdditionalIncludeDirectories>$(ProjectDir)hw\\inc;%(X)</AdditionalIncludeDirectories>",
        ),
        ("setup.py", "Extension('a', include_dirs=['hw/inc'])"),
    ],
)
def test_directories_that_a_build_declares_are_searched(build: str, text: str) -> None:
    files = {
        build: text,
        "app/a.c": "#include <drv/x.h>\n#include <y.h>",
        "hw/inc/drv/x.h": "",
        "hw/inc/y.h": "",
    }
    assert breaks(files, {"hw/inc/drv": "archive/drv"}) == ["app/a.c:1 drv/x.h -> hw/inc/drv/x.h"]


def test_a_header_that_moves_into_another_declared_directory_is_still_found() -> None:
    files = {
        "Makefile": "CFLAGS = -Ia -Ib",
        "src/m.c": "#include <x.h>",
        "a/x.h": "",
        "a/y.h": "",
        "b/z.h": "",
    }
    assert breaks(files, {"a/x.h": "b/x.h"}) == []


def test_an_include_root_that_moves_with_its_declaration_is_fine() -> None:
    files = {"Makefile": "CFLAGS = -Iinc", "src/m.c": "#include <x.h>", "inc/x.h": ""}
    assert breaks(files, {"inc": "sdk/inc"}, {"Makefile": "CFLAGS = -Isdk/inc"}) == []


def test_a_library_that_takes_its_own_declaration_away_is_missed() -> None:
    files = {
        "CMakeLists.txt": "add_subdirectory(app)\nadd_subdirectory(foo)",
        "app/m.c": '#include "foo.h"',
        "foo/CMakeLists.txt": "target_include_directories(foo PUBLIC include)",
        "foo/include/foo.h": "",
    }
    assert "app/m.c:1 foo.h -> foo/include/foo.h" in breaks(files, {"foo": "archive/foo"})
    after = {"CMakeLists.txt": "add_subdirectory(app)\nadd_subdirectory(libs/foo)"}
    assert breaks(files, {"foo": "libs/foo"}, after) == []


def test_a_bare_name_is_any_header_of_that_name_where_nothing_is_declared() -> None:
    files = {"src/m.c": '#include "x.h"', "one/x.h": "", "two/x.h": "", "src/n.c": ""}
    assert breaks(files, ["one"]) == []
    assert breaks(files, ["one", "two"]) == ["src/m.c:1 x.h -> one/x.h"]


def test_names_of_the_system_and_of_builds_are_left_to_people() -> None:
    files = {"src/m.c": '#include <stdio.h>\n#include "config.h"\n#include <zlib.h>', "test/x/stdio.h": ""}
    files |= {"test/x/config.h": "", "test/x/zlib.h": ""}
    assert breaks(files, ["test"]) == []
    assert unknowns(files, ["test"]) == [
        "src/m.c:2 config.h -> test/x/config.h",
        "src/m.c:3 zlib.h -> test/x/zlib.h",
    ]


def test_libraries_of_a_sketch_are_found() -> None:
    files = {"sketch/a.ino": "#include <Motor.h>", "libraries/Motor/src/Motor.h": "", "x.h": ""}
    assert breaks(files, ["libraries/Motor"]) == ["sketch/a.ino:1 Motor.h -> libraries/Motor/src/Motor.h"]


def test_an_include_that_is_asked_for_first_is_masked() -> None:
    text = '#if __has_include("x.h")\n#include "x.h"\n#endif'
    found = compared({"a.c": text, "x.h": ""}, ["x.h"]).findings
    assert {one.severity for one in found} == {"hard-masked"}


def test_a_header_that_moves_away_from_what_it_includes_is_outbound() -> None:
    found = compared({"a/x.h": '#include "../b/y.h"', "b/y.h": ""}, {"a/x.h": "archive/deep/a/x.h"}).findings
    assert [(one.direction, one.target) for one in found] == [("outbound", "../b/y.h")]


def test_no_length_of_line_takes_long() -> None:
    for text in (
        "#" * 500_000,
        '"' * 500_000,
        "/*" * 500_000,
        "#\\\n" * 200_000,
        'R"(' * 200_000,
        "'" * 500_000,
    ):
        list(Includes().read(text, "a.c"))


@given(st.text(alphabet="#include<>\"'/*\\\n R()x.h if01end") | st.text())
def test_no_text_upsets_it(text: str) -> None:
    for suffix in ("c", "rc", "S"):
        list(Includes().read(text, f"a.{suffix}"))


def test_a_word_of_a_build_file_makes_the_archive_no_place_for_headers() -> None:
    files = {
        "Makefile": "dist:\n\trm -rf archive build\n",
        "src/m.c": '#include "util/x.h"',
        "src/util/x.h": "",
        "src/n.c": "",
    }
    moves = {"src/util": "archive/util"}
    assert breaks(files, moves) == ["src/m.c:1 util/x.h -> src/util/x.h"]
    assert breaks(files, moves, {"Makefile": "CFLAGS += -Iarchive\n"}) == []


def test_an_include_that_climbs_is_not_looked_up_by_its_end() -> None:
    files = {"lib/x.c": '#include "../wire.h"\n', "src/wire.h": ""}
    assert breaks(files, ["src/wire.h"]) == []
    assert breaks({**files, "src/y.c": '#include "../src/wire.h"\n'}, ["src/wire.h"]) == [
        "src/y.c:1 ../src/wire.h -> src/wire.h"
    ]


def test_where_a_build_declares_directories_others_are_left_to_people() -> None:
    files = {"src/x.c": '#include "h.h"\n', "include/a.h": "", "parts/h.h": ""}
    declared = {**files, "Makefile": "CFLAGS = -Iinclude\n"}
    assert breaks(files, ["parts/h.h"]) == ["src/x.c:1 h.h -> parts/h.h"]
    assert breaks(declared, ["parts/h.h"]) == []
    assert unknowns(declared, ["parts/h.h"]) == ["src/x.c:1 h.h -> parts/h.h"]


def test_a_header_in_brackets_is_not_that_of_a_directory_which_nothing_declares() -> None:
    files = {"src/x.c": "#include <linux/types.h>\n", "linux/types.h": "", "linux/a.h": ""}
    assert breaks(files, ["linux/types.h"]) == []
    assert breaks({**files, "Makefile": "CFLAGS = -I.\n"}, ["linux/types.h"]) == [
        "src/x.c:1 linux/types.h -> linux/types.h"
    ]


def test_jam_writes_a_directory_in_parts() -> None:
    files = {
        "src/apps/Jamfile": "SubDirHdrs $(TOP) src kits old ;\n",
        "src/apps/main.cpp": '#include "Old.h"\n',
        "src/kits/old/Old.h": "",
        "src/kits/old/New.h": "",
    }
    assert breaks(files, ["src/kits/old/Old.h"]) == ["src/apps/main.cpp:1 Old.h -> src/kits/old/Old.h"]


def test_device_trees_include_in_a_way_of_their_own() -> None:
    text = '/include/ "a.dtsi"\n/ { data = /incbin/("b.bin"); };\n// /include/ "c.dtsi"\n'
    files = {"d/x.dts": text, "d/a.dtsi": "", "d/b.bin": "", "d/c.dtsi": ""}
    assert breaks(files, ["d/a.dtsi", "d/b.bin", "d/c.dtsi"]) == [
        "d/x.dts:1 a.dtsi -> d/a.dtsi",
        "d/x.dts:2 b.bin -> d/b.bin",
    ]


def test_an_example_of_an_arduino_library_includes_its_headers() -> None:
    files = {"library.properties": "", "src/W.h": "", "src/V.h": "", "examples/B/B.ino": "#include <W.h>\n"}
    assert breaks(files, ["src/W.h"]) == ["examples/B/B.ino:1 W.h -> src/W.h"]
