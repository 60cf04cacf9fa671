"""Commands: which of their words name files, where they look for them, and what hides a failure."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mothball.core.references.claims import Unreadable
from mothball.core.references.reader import Reader, readers
from mothball.core.references.shell.commands import claims_of_commands
from tests.core.references.world import breaks, compared, mentions

FILES = {
    "tools/x.sh": "",
    "tools/y.py": "",
    "pkg/__init__.py": "",
    "pkg/mod.py": "",
    "web/package.json": "",
    "web/pack.js": "",
    "docs/a.md": "",
    "test/a.py": "",
    "conf/a.toml": "",
    "readme.md": "",
}
ALL = ["tools", "pkg", "web", "docs", "test", "conf"]


def script(text: str, *gone: str) -> list[str]:
    """Return the names that break in a script when all goes, as written."""
    found = compared(FILES | {"run.sh": text}, list(gone) or ALL).breaks()
    return [one.target for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bash tools/x.sh", ["tools/x.sh"]),
        ("./tools/x.sh -v", ["./tools/x.sh"]),
        ("env A=1 sudo -E tools/x.sh", ["tools/x.sh"]),
        ("python -m pkg.mod", ["pkg.mod"]),
        ("uv run --with x python -m pkg.mod", ["pkg.mod"]),
        ("python tools/y.py --config=conf/a.toml", ["tools/y.py", "conf/a.toml"]),
        ("cd web && node pack.js", ["web", "pack.js"]),
        ("(cd web; true); node web/pack.js", ["web", "web/pack.js"]),
        ("npm --prefix web run build", ["web"]),
        ("make -C web test", ["web"]),
        ("docker build -f conf/a.toml docs", ["conf/a.toml", "docs"]),
        ("pytest test/a.py::test_x", ["test/a.py"]),
        ("pytest test", ["test"]),
        ('"$(dirname "$0")/tools/x.sh"', ['$(dirname "$0")/tools/x.sh']),
        ("D=tools; bash $D/x.sh", ["$D/x.sh"]),
        ("${ROOT}/tools/x.sh", ["${ROOT}/tools/x.sh"]),
        ('bash -c "cd web && node pack.js"', ["web", "pack.js"]),
        ("cat <(sort docs/a.md)", ["docs/a.md"]),
        ("x=$(cat conf/a.toml)", ["conf/a.toml"]),
        ("tar czf out.tgz docs conf/a.toml", ["docs", "conf/a.toml"]),
        ("python tools/y.py > docs/out.json", ["tools/y.py", "docs"]),
        ("docker run -v ./conf:/etc/x image", ["./conf"]),
        ("for f in docs/*.md; do cat $f; done", ["docs/*.md"]),
        ("python \\\n  tools/y.py", ["tools/y.py"]),
        ("git add docs/a.md", ["docs/a.md"]),
        ("uvicorn pkg.mod:app", ["pkg.mod"]),
    ],
)
def test_what_is_named(text: str, expected: list[str]) -> None:
    assert sorted(script(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "make test",
        "npm run docs",
        "docker compose up web",
        "git checkout docs",
        "git switch tools/x.sh",
        "pip install conf",
        "echo tools/x.sh",
        "git mv tools/x.sh tools/z.sh",
        "rm -rf docs web",
        "mkdir -p docs/new && python x.py > docs/new/a",
        "curl https://example.org/tools/x.sh",
        "sed -i s/docs/web/ readme.md",
        "cat <<EOF\ntools/x.sh\nEOF",
        "# bash tools/x.sh",
        "cd elsewhere && bash tools/x.sh",
        "test=1 docs=2 true",
    ],
)
def test_what_is_not(text: str) -> None:
    assert script(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "bash tools/x.sh || true",
        "bash tools/x.sh | tee log || :",
        "bash tools/x.sh 2>/dev/null || echo no",
        "[ -f tools/x.sh ] && bash tools/x.sh",
        "[[ -x tools/x.sh ]] && tools/x.sh",
        "if [ -e tools/x.sh ]; then\n  bash tools/x.sh\nfi",
        "set +e\nbash tools/x.sh",
    ],
)
def test_a_hidden_failure_is_masked(text: str) -> None:
    found = compared(FILES | {"run.sh": text}, ["tools"]).breaks()
    assert {one.severity for one in found} == {"hard-masked"}


@pytest.mark.parametrize(
    "text",
    [
        "bash tools/x.sh || exit 1",
        "test -f tools/x.sh || { echo missing; exit 1; }",
        "bash tools/x.sh && echo ok",
        "set +e\nset -e\nbash tools/x.sh",
    ],
)
def test_a_failure_that_shows_is_hard(text: str) -> None:
    found = compared(FILES | {"run.sh": text}, ["tools"]).breaks()
    assert {one.severity for one in found} == {"hard"}


def test_a_move_script_only_mentions() -> None:
    files = FILES | {"move.sh": "git mv docs archive/docs\nmv tools archive/tools\n"}
    assert breaks(files, ["docs", "tools"]) == []
    assert mentions(files, ["tools"]) == ["move.sh:2 tools -> tools"]


def test_places_are_exact_in_the_lines_of_a_file() -> None:
    (claim,) = claims_of_commands('x; "tools/x.sh"', kind="k", line=7, column=5)
    assert (claim.line, claim.column, claim.text) == (7, 9, "tools/x.sh")


OURS = [
    "ShellScripts",
    "Processes",
    "Makefiles",
    "Justfiles",
    "Dockerfiles",
    "GithubWorkflows",
    "Pipelines",
    "CMakeLists",
    "MesonBuilds",
    "BazelBuilds",
    "KconfigFiles",
    "JamFiles",
    "Jenkinsfiles",
]
MINE = [reader for reader in readers() if type(reader).__name__ in OURS]
PATHS = {"Pipelines": ".gitlab-ci.yml", "CMakeLists": "CMakeLists.txt"}
ALPHABET = st.sampled_from(
    [*"ab/. \t\n$(){}[]\"'`\\#;&|<>=:,*-@%!?\0\r", "\ud800", "é", "<<", "$(", "${{", "run: ", "COPY "]
)


@pytest.mark.parametrize("reader", MINE, ids=lambda one: type(one).__name__)
@settings(max_examples=60, deadline=None)
@given(text=st.lists(ALPHABET, max_size=80).map("".join))
def test_nothing_that_people_write_makes_it_fail(reader: Reader, text: str) -> None:
    lines = text.split("\n")
    try:
        for claim in reader.read(text, PATHS.get(type(reader).__name__, "a.sh")):
            assert 1 <= claim.line <= len(lines)
            assert claim.column >= 1
    except Unreadable:
        pass


BIG = 20_000


@pytest.mark.parametrize("reader", MINE, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(
    "unit",
    [
        "a/b ",
        "$(",
        '"',
        "'",
        "(",
        "{",
        "[",
        "\\\n",
        "$(a",
        '"$(',
        "- ",
        "a: ",
        "#",
        "[[",
        "x=",
        "<<a\n",
        "`",
        "a\\",
        "$(a:b=",
        "if [ -f a/b ]; then\n",
        "a || ",
        "!",
        "${{",
        "COPY a \\\n",
        "sh '",
    ],
)
def test_time_is_bounded(reader: Reader, unit: str) -> None:
    start = time.process_time()
    try:
        for _ in reader.read(unit * (BIG // len(unit)), PATHS.get(type(reader).__name__, "a.sh")):
            pass
    except (Unreadable, RecursionError):
        pass
    assert time.process_time() - start < 5
