"""What package.json, tsconfig and the files of monorepo tools name, by their keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.readers.package_json import PackageJson
from tests.core.references.world import breaks, compared, unknowns

FILES = {"old/x.js": "", "old/y.ts": "", "old/package.json": "{}", "keep.js": ""}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("package.json", '{"scripts": {"build": "node old/x.js --fast"}}'),
        ("package.json", '{"scripts": {"build": "npm run a && node \\"./old/x.js\\""}}'),
        ("package.json", '{"main": "old/x"}'),
        ("package.json", '{"bin": {"x": "./old/x.js"}}'),
        ("package.json", '{"exports": {".": {"import": "./old/x.js"}}}'),
        ("package.json", '{"workspaces": ["old"]}'),
        ("package.json", '{"workspaces": {"packages": ["ol*"]}}'),
        ("package.json", '{"files": ["old/**/*.js"]}'),
        ("package.json", '{"dependencies": {"x": "file:./old"}}'),
        ("package.json", '{"jest": {"setupFiles": ["<rootDir>/old/x"]}}'),
        ("package.json", '{"jest": {"roots": ["old"]}}'),
        ("package.json", '{"eslintConfig": {"extends": ["./old/x.js"]}}'),
        ("tsconfig.json", '{"include": ["old"]}'),
        ("tsconfig.json", '{"files": ["old/y.ts"], /* c */}'),
        ("tsconfig.json", '{"references": [{"path": "./old"}]}'),
        ("tsconfig.build.json", '{"compilerOptions": {"paths": {"@x/*": ["./old/*"]}}}'),
        ("lerna.json", '{"packages": ["old"]}'),
        ("rush.json", '{"projects": [{"packageName": "a", "projectFolder": "old"}]}'),
        ("angular.json", '{"projects": {"a": {"architect": {"build": {"options": {"main": "old/y.ts"}}}}}}'),
        ("apps/project.json", '{"sourceRoot": "old", "targets": {}}'),
        ("nx.json", '{"namedInputs": {"shared": ["{workspaceRoot}/old/x.js"]}}'),
        (".eslintrc.json", '{"extends": "./old/x.js"}'),
        ("package-lock.json", '{"packages": {"old": {"version": "1"}}}'),
    ],
)
def test_values_that_name_what_goes_are_breaks(file: str, text: str) -> None:
    found = breaks({**FILES, file: text}, ["old"])
    assert {one.partition(":")[0] for one in found} == {file}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("package.json", '{"name": "old", "keywords": ["old"], "repository": "old/x.js"}'),
        ("package.json", '{"scripts": {"old": "tsc"}}'),
        ("package.json", '{"dependencies": {"old": "^1.0.0"}}'),
        ("package.json", '{"main": "dist/old/x.js"}'),
        ("package.json", '{"files": ["keep.js", "old.js"]}'),
        ("tsconfig.json", '{"compilerOptions": {"outDir": "old", "target": "old"}}'),
        ("tsconfig.json", '{"include": ["**/*"]}'),
        ("angular.json", '{"projects": {"a": {"architect": {"build": {"options": {"outputPath": "old"}}}}}}'),
        ("package-lock.json", '{"packages": {"node_modules/old": {"resolved": "https://host/old/x.js"}}}'),
    ],
)
def test_names_versions_and_outputs_are_none(file: str, text: str) -> None:
    assert breaks({**FILES, file: text}, ["old"]) == []


def test_places_within_escaped_commands_are_exact() -> None:
    text = '{"scripts": {"a": "echo \\"x\\" && node old/x.js"}}'
    found = compared({**FILES, "package.json": text}, ["old"]).findings
    assert {(one.column, one.target) for one in found if one.file == "package.json"} == {
        (text.index("old/x.js") + 1, "old/x.js")
    }


def test_scripts_run_in_the_directory_of_their_package() -> None:
    files = {"web/package.json": '{"scripts": {"a": "node old/x.js"}}', "web/old/x.js": "", "old/x.js": ""}
    assert len(breaks(files, ["web/old"])) == 1
    assert breaks(files, ["old"]) == []


@given(st.text(alphabet='{}[],:"./* oldx') | st.text())
def test_no_text_upsets_it(text: str) -> None:
    for name in ("package.json", "tsconfig.json", "nx.json"):
        list(PackageJson().read(text, name))


def test_a_dependency_on_a_member_of_the_workspace_needs_the_member() -> None:
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/old/package.json": '{"name": "@a/old"}',
        "packages/app/package.json": '{"dependencies": {"@a/old": "workspace:*"}}',
        "packages/web/package.json": '{"dependencies": {"@a/old": "^1.0.0"}}',
    }
    assert breaks(files, ["packages/old"]) == [
        "packages/app/package.json:1 workspace:* -> packages/old/package.json"
    ]
    assert unknowns(files, ["packages/old"]) == [
        "packages/web/package.json:1 ^1.0.0 -> packages/old/package.json"
    ]


def test_paths_of_a_tsconfig_begin_at_its_base_url() -> None:
    text = '{"compilerOptions": {"baseUrl": "src", "paths": {"@l/*": ["lib/*"]}}}'
    files = {"tsconfig.json": text, "src/lib/a.ts": "", "lib/b.ts": "", "src/c.ts": ""}
    assert breaks(files, ["src/lib"]) == ["tsconfig.json:1 lib/* -> src/lib"]
    assert breaks(files, ["lib"]) == []


def test_pnpm_needs_a_package_for_each_glob() -> None:
    files = {
        "pnpm-workspace.yaml": "packages:\n  - apps/*\n  - '!apps/x'\nonlyBuiltDependencies:\n  - esbuild\n",
        "apps/a/package.json": "{}",
        "apps/x/a.js": "",
        "esbuild/package.json": "{}",
    }
    assert breaks(files, ["apps", "esbuild"]) == ["pnpm-workspace.yaml:2 apps/* -> apps"]
    assert breaks({**files, "apps/b/package.json": ""}, ["apps/a", "esbuild"]) == []
