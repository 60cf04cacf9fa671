"""Makefiles: what is reported when something they name goes, and what is not."""

from tests.core.references.world import breaks, mentions

FILES = {
    "tools/gen.py": "",
    "src/a.c": "",
    "src/b.c": "",
    "mk/rules.mk": "",
    "test/t.sh": "",
    "web/Makefile": "all:\n",
}


def test_a_recipe_names_a_script() -> None:
    files = FILES | {"Makefile": "all:\n\t@python3 tools/gen.py --out x\n"}
    assert breaks(files, ["tools"]) == ["Makefile:2 tools/gen.py -> tools/gen.py"]


def test_a_prerequisite_is_a_file() -> None:
    files = FILES | {"Makefile": "app: src/a.c src/b.c\n\tcc -o $@ $^\n"}
    assert breaks(files, ["src/b.c"]) == ["Makefile:1 src/b.c -> src/b.c"]


def test_an_object_needs_its_source() -> None:
    files = FILES | {"Makefile": "OBJS = src/a.o \\\n  src/b.o\n"}
    assert breaks(files, ["src/b.c"]) == ["Makefile:2 src/b.o -> src/b.c"]


def test_a_variable_is_filled_in() -> None:
    files = FILES | {"Makefile": "DIR := tools\nall:\n\t$(PYTHON) $(DIR)/gen.py\n"}
    assert "Makefile:3 $(DIR)/gen.py -> tools/gen.py" in breaks(files, ["tools"])


def test_an_include_is_needed_and_an_optional_one_is_masked() -> None:
    files = FILES | {"Makefile": "include mk/rules.mk\n"}
    assert breaks(files, ["mk"]) == ["Makefile:1 mk/rules.mk -> mk/rules.mk"]


def test_make_goes_into_a_directory() -> None:
    files = FILES | {"Makefile": "all:\n\t$(MAKE) -C web all\n"}
    assert breaks(files, ["web"]) == ["Makefile:2 web -> web"]


def test_a_target_is_no_directory() -> None:
    files = FILES | {"Makefile": ".PHONY: test\nall: test\n\tmake test\ntest:\n\techo test/t.sh\n"}
    assert breaks(files, ["test"]) == []
    assert mentions(files, ["test"]) == ["Makefile:5 test/t.sh -> test/t.sh"]


def test_a_glob_that_matches_less_is_no_break_and_one_that_matches_nothing_is() -> None:
    files = FILES | {"Makefile": "SRC = $(wildcard src/*.c)\n"}
    assert breaks(files, ["src/a.c"]) == []
    assert breaks(files, ["src"]) == ["Makefile:1 src/*.c -> src"]


def test_a_pattern_rule_tells_the_source_of_an_object() -> None:
    files = FILES | {"Makefile": "O = obj\nOBJS = obj/a.o obj/b.o\n$(O)/%.o: src/%.c\n\tcc -c $<\n"}
    assert breaks(files, ["src/b.c"]) == ["Makefile:2 obj/b.o -> src/b.c"]


def test_flags_on_continued_lines_name_directories() -> None:
    files = {"Makefile": "C_INCLUDES = \\\n-Ia \\\n-Ib/c\n", "a/x.h": "", "b/c/y.h": ""}
    assert breaks(files, ["b"]) == ["Makefile:3 b/c -> b/c"]


def test_the_name_of_an_image_is_no_path() -> None:
    files = {"Makefile": "IMAGE = team/web\nDIR = team/web\n", "team/web/a": "", "team/b": ""}
    assert breaks(files, ["team/web"]) == ["Makefile:2 team/web -> team/web"]


def test_a_glob_that_is_gone_was_its_directory() -> None:
    files = FILES | {"Makefile": "A = $(wildcard src/*.c)\nB = $(wildcard web/../test/*.sh)\n"}
    assert breaks(files, ["src"]) == ["Makefile:1 src/*.c -> src"]
    assert breaks(files | {"src/x.h": ""}, ["src/a.c", "src/b.c"]) == ["Makefile:1 src/*.c -> src/a.c"]
    assert breaks(files, ["test/t.sh"]) == ["Makefile:2 web/../test/*.sh -> test"]


def test_a_stem_is_that_of_a_file() -> None:
    files = FILES | {"Makefile": "A = src/a src/b src/c\nB = src\nC = b\n"}
    assert breaks(files, ["src/b.c"]) == ["Makefile:1 src/b -> src/b.c"]
