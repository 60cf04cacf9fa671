"""What sort of file a path is, as far as its name tells: data, a record of what was, a test."""

import re
from typing import Final

_DATA: Final = frozenset({
    "data", "dataset", "datasets", "fixture", "fixtures", "__fixtures__", "testdata", "test-data",
    "test_data", "testfiles", "golden", "goldens", "snapshot", "snapshots", "__snapshots__", "cassettes",
    "corpus", "corpora", "results", "result", "reports", "outputs", "output", "artifacts", "recordings",
    "baselines", "expected", "locales", "locale", "i18n", "translations", "third_party", "vendor",
    "node_modules", "sample_data", "samples", "mocks", "__mocks__",
})  # fmt: skip
_GIVEN: Final = frozenset({"fixture", "fixtures", "__fixtures__", "testdata", "test-data", "test_data"})
_OUTCOME: Final = re.compile(r"_?(?:output|expected|actual)(?:[.-][\w.-]*)?")
_WRITTEN: Final = frozenset({"_freeze", "__snapshots__", "__pycache__", ".ipynb_checkpoints"})
_RECORD: Final = re.compile(
    r"(?:change[-_]?logs?|changes|history|news|release[-_]?notes?|releases?|authors|contributors|credits"
    r"|migration[-_]?(?:plan|log|notes)|move[-_]?plan|archive[-_]?plan|moved[-_]?files?|manifest[-_]?of[-_]?moves"
    r"|ledger|whats[-_]?new)(?:[-_.]?v?\d[\w.-]{0,20}?)?(?:\.(?:md|markdown|mdx|rst|txt|adoc|org|html?|textile))?",
    re.IGNORECASE,
)
_RECORD_PARTS: Final = frozenset(
    {
        "changelog",
        "changelogs",
        "changes",
        "news",
        "newsfragments",
        ".changeset",
        "release-notes",
        "releasenotes",
    }
)
_RELEASES: Final = frozenset({"releases", "whatsnew", "whats_new", "whats-new", "release_notes"})
_PAGES: Final = frozenset({"md", "mdx", "markdown", "rst", "txt", "adoc", "html"})
_DECISION_PARTS: Final = frozenset(
    {
        "adr",
        "adrs",
        "decisions",
        "decision-records",
        "rfc",
        "rfcs",
        "proposals",
        "postmortems",
        "retrospectives",
    }
)
_TEST_PARTS: Final = frozenset(
    {"test", "tests", "testing", "__tests__", "spec", "specs", "e2e", "unittest", "unittests"}
)
_TEST_NAME: Final = re.compile(
    r"(?:test[_-].*|.*[_.-](?:test|tests|spec|e2e)\.\w+|conftest\.py)", re.IGNORECASE
)
_NAME_FITS: Final = 80
_NAMED_LAST: Final = re.compile(r"([A-Za-z_][\w.]*)[^\w\n]*\Z")
_ELSEWHERE: Final = re.compile(
    r"tmp|temp|out|build|dest|dst|dist|cache|target|install|home|log|ur[li]|host|api|site|bucket|remote|sandbox"
    r"|www|server|origin|endpoint|public|artifact|download|upload|user|name|class|self",
    re.IGNORECASE,
)
_ROWS: Final = frozenset({
    "csv", "tsv", "log", "jsonl", "ndjson", "lock", "svg", "snap", "map", "out", "err", "stderr",
    "stdout", "diff", "patch", "rej", "orig", "po", "pot", "sum", "tap", "lcov", "parquet", "sql", "har",
    "srt", "vtt", "geojson", "dat", "eps", "ps", "xmi", "drawio", "excalidraw", "mbox", "eml", "ics",
    "obj", "stl", "ply", "gcode", "hex",
})  # fmt: skip
_ROW_NAMES: Final = frozenset({
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "composer.lock",
    "cargo.lock", "poetry.lock", "uv.lock", "gemfile.lock", "go.sum", ".git-blame-ignore-revs",
    ".mailmap", ".secrets.baseline", "bun.lock", "deno.lock", "flake.lock", "hugo_stats.json",
})  # fmt: skip
_PROSE: Final = frozenset({
    "md", "markdown", "mdx", "rst", "rest", "txt", "text", "adoc", "asciidoc", "org", "textile", "wiki",
    "qmd", "rmd", "pod", "man", "html", "htm", "xhtml", "ipynb", "tex", "bib", "yml", "yaml", "toml",
    "ini", "cfg", "json", "jsonc", "json5", "xml", "plist", "sln", "props", "targets", "csproj",
    "vcxproj", "cff",
})  # fmt: skip
_SETTINGS: Final = frozenset({
    "conf", "properties", "env", "tf", "tfvars", "hcl", "gradle", "bzl", "bazel", "nix", "jam", "pro",
    "pri", "gyp", "gypi", "gn", "gni", "qsf", "qip", "xdc", "sdc", "tcl", "vf", "lst", "list", "filelist",
    "rsp", "files", "dsc", "fdf", "inf", "dec", "spec", "install", "bb", "bbappend", "cabal", "podspec",
    "gemspec", "groovy", "pbxproj", "mk", "mak", "cmake", "rockspec", "opam", "dvc", "ninja", "example",
    "sample", "dist", "template", "tmpl", "j2", "gpr", "prj", "tup", "rc", "nsi", "iss",
})  # fmt: skip
_SETTINGS_NAMES: Final = re.compile(
    r"(?:jamfile|jamroot|vagrantfile|jenkinsfile|podfile|fastfile|rakefile|gemfile|brewfile|dangerfile|procfile"
    r"|caddyfile|tiltfile|earthfile|sconscript|sconstruct|wscript"
    r"|snakefile|doxyfile|makefile|gnumakefile|justfile|kbuild|\.env|\.envrc|berksfile|guardfile)"
    r"(?:[._-][\w.-]+)?|(?:build|workspace)(?:\.bazel|\.oss)?|requirements[\w.-]*\.txt|constraints[\w.-]*\.txt"
    r"|(?:boards|platform|programmers)(?:\.local)?\.txt"
)


def is_data(path: str) -> bool:
    """Say whether a path is that of data: input or output of programs, nothing that tools follow."""
    *above, name = path.lower().split("/")
    return is_rows(name) or is_written(path) or any(part in _DATA for part in above)


def is_written(path: str) -> bool:
    """Say whether a path is that of what a tool keeps for itself, and writes anew from what it is about."""
    return any(
        part in _WRITTEN or part.endswith((".egg-info", ".dist-info"))
        for part in path.lower().split("/")[:-1]
    )


def is_outcome(path: str) -> bool:
    """Say whether a path is that of what a test expects a tool to write: it is compared, and never run."""
    parts = path.lower().split("/")
    given = next((place for place, part in enumerate(parts[:-1], start=1) if part in _GIVEN), len(parts))
    return any(_OUTCOME.fullmatch(part) for part in parts[given:])


def is_rows(name: str) -> bool:
    """Say whether a base name, in lower case, is that of a file of records."""
    return name in _ROW_NAMES or name.rpartition(".")[2] in _ROWS or ".min." in name


def is_record(path: str) -> bool:
    """Say whether a path is that of a record of what was: a change log, release notes, a list of moves."""
    *above, name = path.split("/")
    if _RECORD.fullmatch(name) is not None or any(part.lower() in _RECORD_PARTS for part in above):
        return True
    # A directory of releases may also hold what is released.
    return suffix_of(path) in _PAGES and any(part.lower() in _RELEASES for part in above)


def is_decision(path: str) -> bool:
    """Say whether a path is that of a decision or a proposal: what it tells to run was said on that day."""
    return any(part in _DECISION_PARTS for part in path.lower().split("/")[:-1])


def is_test(path: str) -> bool:
    """Say whether a path is that of a test, or of something below a directory of tests."""
    *above, name = path.split("/")
    return _TEST_NAME.fullmatch(name) is not None or any(part.lower() in _TEST_PARTS for part in above)


def leads_elsewhere(before: str) -> bool:
    """Say whether the variable that a text ends with may hold a place outside of the repository."""
    found = _NAMED_LAST.search(before[-_NAME_FITS:].rpartition("\n")[2])
    return found is None or _ELSEWHERE.search(found[1]) is not None


def is_of_tests(path: str) -> bool:
    """Say whether a name leads to what belongs to tests: nobody makes up a path of his own test data."""
    return any(part.lower() in _TEST_PARTS for part in path.split("/")[:-1])


def is_prose(path: str) -> bool:
    """Say whether a path is that of a text for people, or of a format that has a reader of its own."""
    return suffix_of(path) in _PROSE and not is_settings(path)


def is_settings(path: str) -> bool:
    """Say whether a path is that of settings, where words are paths without being quoted."""
    name = path.lower().rpartition("/")[2]
    return suffix_of(name.removesuffix(".inc")) in _SETTINGS or _SETTINGS_NAMES.fullmatch(name) is not None


def suffix_of(path: str) -> str:
    """Return the suffix of a path, in lower case and without its dot."""
    name = path.lower().rpartition("/")[2]
    return name.rpartition(".")[2] if "." in name[1:] else ""
