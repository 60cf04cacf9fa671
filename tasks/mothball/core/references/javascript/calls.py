"""Names that calls and files have in JavaScript by which their strings are known to be paths."""

from fnmatch import fnmatch
from typing import Final

MODULES: Final = frozenset(
    [
        "require",
        "import",
        "require.resolve",
        "require.resolveWeak",
        "require.ensure",
        "require.context",
        "require.requireActual",
        "requireActual",
        "requireMock",
        "mock",
        "unmock",
        "doMock",
        "dontMock",
        "setMock",
        "unstable_mockModule",
        "doUnmock",
        "importActual",
        "importMock",
        "createMockFromModule",
        "genMockFromModule",
        "import.meta.resolve",
        "import.meta.glob",
        "import.meta.globEager",
        "import.meta.globEagerDefault",
        "proxyquire",
        "rewire",
        "define",
        "requirejs",
        "System.import",
        "__non_webpack_require__",
        "nodeRequire",
        "createRequire",
        "mockModule",
        "replaceEsm",
    ]
)
"""Calls whose first string, or list of strings, is looked up as an import is."""

HERE_CALLS: Final = frozenset({"Worker", "SharedWorker", "importScripts", "fork", "audioWorklet"})
"""Calls whose first string is a path from the file, or from where the program runs."""

FILES: Final = frozenset(
    [
        "readFile",
        "readFileSync",
        "createReadStream",
        "readdir",
        "readdirSync",
        "existsSync",
        "readJson",
        "readJsonSync",
        "readJSON",
        "readJSONSync",
        "copyFile",
        "copyFileSync",
        "copySync",
        "cpSync",
        "cp",
        "renameSync",
        "statSync",
        "lstatSync",
        "accessSync",
        "openSync",
        "globSync",
        "glob",
        "fastGlob",
        "globby",
        "src",
        "sendFile",
        "sendfile",
        "loadFile",
        "static",
        "readTextFile",
        "readTextFileSync",
    ]
)
"""Calls whose first string is a path from where the program runs."""

COMMANDS: Final = frozenset(
    {"exec", "execSync", "execFile", "execFileSync", "spawn", "spawnSync", "execa", "execaSync"}
)
"""Calls that start a program."""

ROOTED: Final = frozenset(
    {"__dirname", "import.meta.dirname", "import.meta.dir", "process.cwd", "URL", "path.join", "path.resolve"}
)
"""Words with which an expression for a path begins."""

CONFIG_KEYS: Final = frozenset(
    [
        "root",
        "roots",
        "rootDir",
        "roots",
        "dir",
        "dirs",
        "testDir",
        "testMatch",
        "srcDir",
        "outDir",
        "baseDir",
        "directory",
        "directories",
        "entry",
        "input",
        "include",
        "includes",
        "exclude",
        "excludes",
        "files",
        "file",
        "src",
        "source",
        "sources",
        "content",
        "contents",
        "path",
        "paths",
        "folder",
        "folders",
        "context",
        "setupFiles",
        "setupFilesAfterEnv",
        "globalSetup",
        "globalTeardown",
        "modulePaths",
        "moduleDirectories",
        "stories",
        "staticDirs",
        "publicDir",
        "sourceDir",
        "docs",
        "docsDir",
        "template",
        "watch",
        "spec",
        "tsconfig",
        "project",
        "ignore",
        "ignores",
        "ignorePatterns",
        "testPathIgnorePatterns",
        "coveragePathIgnorePatterns",
        "collectCoverageFrom",
        "projects",
        "sidebarPath",
        "customCss",
        "from",
        "cwd",
        "basePath",
    ]
)
"""Keys whose values are paths even where they have no slash."""

COMMAND_KEYS: Final = frozenset({"command", "commands", "cmd", "exec", "shell"})
"""Keys whose values are started."""

LABEL_KEYS: Final = frozenset({"displayName", "name", "title", "label", "description", "message"})
"""Keys whose values are for people, whatever they look like."""

_CONFIGS: Final = (
    "*.config.*",
    "*.conf.*",
    ".*rc.js",
    ".*rc.cjs",
    ".*rc.mjs",
    ".*rc.ts",
    "gruntfile.*",
    "gulpfile.*",
    "jakefile.*",
    "webpack*.js",
    "webpack*.ts",
    "sidebars*.js",
    "sidebars*.ts",
    "wdio*.js",
    "ember-cli-build.js",
    "brunch-config.js",
    "fuse.js",
)


def is_config(path: str) -> bool:
    """Say whether a file configures a tool, so that strings in it that look like paths are paths."""
    name = path.rpartition("/")[2].lower()
    return any(fnmatch(name, pattern) for pattern in _CONFIGS) or "/.storybook/" in f"/{path}"
