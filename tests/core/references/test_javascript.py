"""What JavaScript and TypeScript import, by every way of writing it, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.javascript.tokens import tokens
from mothball.core.references.readers.javascript import JavaScript
from tests.core.references.world import breaks, compared, mentions, unknowns


@pytest.mark.parametrize(
    "line",
    [
        "import x from './old/x'",
        'import{x}from"./old/x"',
        "import './old/x'",
        "import type { X } from './old/x'",
        "import x = require('./old/x')",
        "export * from './old/x'",
        "export { a as b } from './old/x.js'",
        "const x = await import('./old/x')",
        "const x = await import(/* webpackChunkName: 'x' */ './old/x')",
        "type X = import('./old/x').X",
        "const x = require('./old/x')",
        "require.resolve('./old/x')",
        "jest.mock('./old/x', () => ({}))",
        "const { x } = jest.requireActual<typeof X>('./old/x')",
        "vi.mock(import('./old/x'))",
        "const all = import.meta.glob('./old/*.ts')",
        "const all = import.meta.glob(['./old/*.ts', './new/*.ts'])",
        "new Worker(new URL('./old/x.ts', import.meta.url))",
        "readFileSync(path.join(__dirname, 'old', 'x.ts'))",
        "readFileSync(__dirname + '/old/x.ts')",
        "readFileSync(`${__dirname}/old/x.ts`)",
        "readFileSync(path.resolve(path.dirname(fileURLToPath(import.meta.url)), 'old/x.ts'))",
        "const OLD = path.join(__dirname, 'old'); readFileSync(path.join(OLD, `x.ts`))",
        "const load = name => import(`./old/${name}`)",
        "const load = name => require('./old/' + name + '.ts')",
        "/// <reference path='old/x.ts' />",
        "declare module './old/x' { }",
        "const a = b / c; import('./old/x'); const d = e / f",
        "const a = /['\"`]/.test(s); import('./old/x')",
        "const a = `it's ${b ? `in ${c}` : '`'} here`; import('./old/x')",
        "define(['./old/x', 'y'], function (x, y) {})",
    ],
)
def test_every_way_of_importing_is_a_break(line: str) -> None:
    found = breaks({"src/a.ts": line, "src/old/x.ts": "", "src/b.ts": ""}, ["src/old"])
    assert {one.partition(" ")[0] for one in found} == {"src/a.ts:1"}


@pytest.mark.parametrize(
    "line",
    [
        "import x from 'old/x'",
        "import x from '@scope/old'",
        "const s = 'old'",
        "const s = \"from './old/x'\"",
        "from('./elsewhere/x')",
        "import x from './old/missing'",
        "const re = /require('.\\/old\\/x')/",
        "import x from './new/x'",
        "path.join(tmp, 'x.ts')",
        "import x from 'https://host/old/x.ts'",
    ],
)
def test_what_only_looks_like_it_is_none(line: str) -> None:
    files = {"src/a.ts": line, "src/old/x.ts": "", "src/new/x.ts": ""}
    assert breaks(files, ["src/old"]) == []


def test_an_import_in_a_comment_is_a_mention() -> None:
    files = {"a.ts": "// import x from './x'\n/* require('./x') */", "x.ts": ""}
    assert breaks(files, ["x.ts"]) == []
    assert mentions(files, ["x.ts"]) == ["a.ts:1 ./x -> x.ts", "a.ts:2 ./x -> x.ts"]


def test_a_require_that_may_fail_is_masked() -> None:
    found = compared({"a.js": "try { require('./x') } catch {}", "x.js": ""}, ["x.js"]).findings
    assert [one.severity for one in found] == ["hard-masked"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("./x", "src/x.tsx"),
        ("./x.js", "src/x.ts"),
        ("./x.mjs", "src/x.mts"),
        ("./x", "src/x/index.jsx"),
        ("./x.css", "src/x.css"),
        ("./x.svg?react", "src/x.svg"),
        ("../x.json", "x.json"),
        ("..", "index.js"),
        ("./x", "src/x.native.js"),
        ("!!raw-loader!./x.md", "src/x.md"),
    ],
)
def test_suffixes_and_indexes_are_found_as_the_tools_do(name: str, file: str) -> None:
    files = {"src/a.ts": f"import x from '{name}'", file: "", "other.txt": ""}
    assert len(breaks(files, {file: "archive/" + file})) == 1


def test_a_directory_is_found_by_its_package() -> None:
    files = {
        "a.js": "require('./lib')",
        "lib/package.json": '{"main": "./src/start"}',
        "lib/src/start.js": "",
    }
    assert breaks(files, ["lib/src"])[0] == "a.js:1 ./lib -> lib/src/start.js"


def test_another_file_by_that_name_is_as_good() -> None:
    assert breaks({"a.js": "require('./x')", "x.js": "", "x.json": "{}"}, ["x.js"]) == []


TSCONFIG = '{ // paths\n "compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["libs/*/src",],},} }'


def test_path_maps_are_followed_through_what_they_extend() -> None:
    files = {
        "tsconfig.base.json": TSCONFIG,
        "apps/web/tsconfig.json": '{"extends": "../../tsconfig.base"}',
        "apps/web/a.ts": "import x from '@lib/x'\nimport y from 'libs/y/src'\nimport z from '@lib/z/q'",
        "libs/x/src/index.ts": "",
        "libs/y/src/index.ts": "",
    }
    assert breaks(files, ["libs/x"]) == ["apps/web/a.ts:1 @lib/x -> libs/x/src/index.ts"]
    assert breaks(files, ["libs/y"]) == ["apps/web/a.ts:2 libs/y/src -> libs/y/src/index.ts"]


def test_a_path_map_that_moves_along_keeps_its_imports() -> None:
    files = {"tsconfig.json": TSCONFIG, "a.ts": "import x from '@lib/x'", "libs/x/src/index.ts": ""}
    after = {"tsconfig.json": TSCONFIG.replace("libs/", "archive/libs/")}
    assert breaks(files, ["libs"], after=after) == []


WORKSPACE = {
    "package.json": '{"name": "root", "workspaces": ["packages/*"]}',
    "packages/a/package.json": '{"name": "@acme/a", "main": "dist/index.js"}',
    "packages/a/src/index.ts": "",
    "packages/a/src/deep/x.ts": "",
    "packages/b/src/index.ts": "import '@acme/a'\nimport x from '@acme/a/src/deep/x'\nimport 'react'",
    "packages/b/package.json": '{"name": "b"}',
}


def test_a_workspace_that_leaves_its_globs_is_found_no_more() -> None:
    assert breaks(WORKSPACE, ["packages/a"])[-2:] == [
        "packages/b/src/index.ts:1 @acme/a -> packages/a/src/index.ts",
        "packages/b/src/index.ts:2 @acme/a/src/deep/x -> packages/a/src/deep/x.ts",
    ]


def test_a_workspace_that_stays_within_its_globs_is_still_found() -> None:
    found = breaks(WORKSPACE, {"packages/a": "packages/old-a"})
    assert [one for one in found if "index.ts" in one.partition(" ")[0]] == []


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (
            "vite.config.ts",
            "export default { resolve: { alias: { '#x': path.resolve(__dirname, './lib') } } }",
        ),
        (
            "vite.config.ts",
            "alias: [{ find: '#x', replacement: fileURLToPath(new URL('./lib', import.meta.url)) }]",
        ),
        ("webpack.config.js", "alias: { '#x': path.join(__dirname, 'lib') }"),
    ],
)
def test_aliases_of_bundlers_are_read(config: str, text: str) -> None:
    files = {
        f"web/{config}": text,
        "web/src/a.ts": "import y from '#x/y'",
        "web/lib/y.ts": "",
        "web/lib/z.ts": "",
    }
    assert breaks(files, ["web/lib/y.ts"]) == ["web/src/a.ts:1 #x/y -> web/lib/y.ts"]


def test_the_usual_aliases_mean_the_sources() -> None:
    files = {"web/src/pages/a.vue": "<script setup>\nimport b from '@/b.vue'\n</script>", "web/src/b.vue": ""}
    assert breaks(files, ["web/src/b.vue"]) == ["web/src/pages/a.vue:2 @/b.vue -> web/src/b.vue"]


def test_components_name_assets_in_their_markup() -> None:
    files = {"a.vue": "<template>\n  <img src='./i.png'>don't</template>\n", "i.png": "", "j.png": ""}
    assert breaks(files, ["i.png"]) == ["a.vue:2 ./i.png -> i.png"]


def test_a_join_from_an_unknown_place_is_left_to_people() -> None:
    files = {"a.js": "path.join(outDir, 'data', 'x.bin')", "data/x.bin": ""}
    assert breaks(files, ["data"]) == []
    assert unknowns(files, ["data"]) == ["a.js:1 data', 'x.bin -> data/x.bin"]


def test_a_join_that_finds_something_from_the_root_is_a_break() -> None:
    files = {"lib/a.js": "path.join(base, 'data', 'x.bin')", "data/x.bin": "", "lib/data/y.bin": ""}
    assert breaks(files, ["data"]) == ["lib/a.js:1 data', 'x.bin -> data/x.bin"]


def test_settings_that_are_paths_are_read_in_configuration_only() -> None:
    text = "module.exports = { setupFiles: ['<rootDir>/test/setup'], roots: ['test'], env: 'test' }"
    files = {"jest.config.js": text, "test/setup.js": "", "other.js": text}
    assert breaks(files, ["test"]) == [
        "jest.config.js:1 <rootDir>/test/setup -> test/setup.js",
        "jest.config.js:1 test -> test",
    ]


def test_the_moved_file_itself_is_looked_at_from_where_it_is_then() -> None:
    found = compared(
        {"a/b.js": "import './c'\nimport './d'", "a/c.js": "", "a/d.js": ""}, ["a/b.js", "a/d.js"]
    )
    assert [(one.direction, one.target) for one in found.findings] == [("outbound", "./c")]


WRAPPED = """(function (global, factory) {
  typeof exports === 'object' && typeof module !== 'undefined' ? factory(exports) :
  typeof define === 'function' && define.amd ? define(['exports'], factory) : factory(global);
}(this, function (exports) { 'use strict';
  require('./old/x');
"""


@pytest.mark.parametrize(("lines", "broken"), [(10, ["a.js:5"]), (5_000, [])])
@pytest.mark.parametrize("page", [False, True])
def test_a_large_library_that_is_wrapped_for_every_loader_is_a_bundle(
    lines: int, broken: list[str], page: bool
) -> None:
    text = WRAPPED + "  value = 1;\n" * lines + "}));\n"
    files = {"a.html": f"<script>{text}</script>"} if page else {"a.js": text}
    found = breaks({**files, "old/x.js": "", "b.js": ""}, ["old"])
    assert [one.partition(" ")[0].replace("a.html", "a.js") for one in found] == broken


def test_no_length_of_line_takes_long() -> None:
    for text in ("`" * 200_001, "`${" * 50_000, "/[" * 200_000, "import(" * 100_000, "path.join(" * 50_000):
        list(JavaScript().read(text, "a.ts"))


@given(st.text(alphabet="`'\"/*{}$()[]<>.,+=:; \n\\aimportfrequx") | st.text())
def test_no_text_upsets_it(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start <= token.end <= len(text)
    for suffix in ("ts", "vue", "mdx"):
        list(JavaScript().read(text, f"a.{suffix}"))
