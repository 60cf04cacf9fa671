"""The JSON files of JavaScript projects: package.json, tsconfig, and those of monorepo tools and linters."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, NamedTuple

from mothball.core.references.claims import HERE, ROOT, Claim, Severity
from mothball.core.references.config.json_values import Entry, entries
from mothball.core.references.javascript.manifests import FACTS
from mothball.core.references.javascript.members import MEMBER, claims_of_selected, member_paths
from mothball.core.references.javascript.search import as_module, globs, modules
from mothball.core.references.placed import aligned
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_located
from mothball.core.references.texts import Lines
from mothball.core.references.world import WILDCARDS, World

_HARD, _CONFIG, _MASKED = Severity.HARD, Severity.CONFIG, Severity.MASKED


class Rule(NamedTuple):
    """What the values at some keys are: which files and keys (dotted), and how to look them up.

    ``way`` is ``commands``, ``path`` (file, directory or glob), ``module``, or ``""`` for no path of ours.
    """

    files: str
    keys: str
    way: str
    severity: Severity = _CONFIG
    bases: tuple[str, ...] = (HERE,)


_JEST: Final = r"(?:jest\.)?(?:projects\.\d+\.)?"
_RULES: Final = tuple(
    (re.compile(rule.files), re.compile(rule.keys), rule)
    for rule in (
        Rule(
            r"package",
            r"(?:scripts|husky\.hooks|gitHooks|simple-git-hooks|wireit\..*)\.[^.]+",
            "commands",
            _HARD,
        ),
        Rule(r"", r"(?:.*\.)?(?:label|displayName|title|description|message)", ""),
        Rule(r"package", r"lint-staged\..*|pre-commit\..*", "commands", _HARD),
        Rule(
            r"package",
            r"(?:main|module|browser|types|typings|source|jsnext:main|es2015|svelte|sass|style)",
            "path",
            _HARD,
        ),
        Rule(
            r"package",
            r"(?:bin|exports|imports|man|directories|react-native|typesVersions|browser)(?:\..*)?",
            "path",
            _HARD,
        ),
        Rule(r"package", r"(?:workspaces|packages)(?:\.packages)?\.\d+|icon|contributes\..*", "path", _HARD),
        Rule(r"package", r"(?:files|sideEffects|assets)\.\d+", "path", _MASKED),
        Rule(r"package", r"repository\.directory", "path", _CONFIG, (ROOT,)),
        Rule(
            r"package",
            r"(?:dev|peer|optional)?[dD]ependencies\..*|resolutions\..*|overrides\..*",
            "linked",
            _HARD,
        ),
        Rule(
            r"package",
            r"(?:eslintConfig|prettier|babel|stylelint|commitlint|remarkConfig|release)\b.*",
            "module",
        ),
        Rule(
            r"package",
            r"(?:name|version|description|license|author|keywords|homepage|bugs|repository|engines|os|cpu)"
            r"\b.*|funding.*|publishConfig.*|contributors.*|maintainers.*|packageManager|volta.*|type|browserslist.*",
            "",
        ),
        Rule(
            r"package|jest",
            _JEST + r"(?:setupFiles\w*|global\w+|runner|resolver|preset|transform|moduleNameMapper|"
            r"snapshotSerializers|reporters|testEnvironment|testRunner|testSequencer)\b.*",
            "module",
            _HARD,
        ),
        Rule(
            r"package|jest",
            _JEST + r"(?:roots|testMatch|modulePaths|moduleDirectories|collect\w+|projects|root\w*)\b.*",
            "path",
        ),
        Rule(r"[tj]sconfig", r"extends(?:\.\d+)?", "module", _HARD),
        Rule(r"[tj]sconfig", r"references\.\d+\.path", "path", _HARD),
        Rule(r"[tj]sconfig", r"files\.\d+", "path", _HARD),
        Rule(r"[tj]sconfig", r"(?:include|exclude)\.\d+", "path"),
        Rule(r"[tj]sconfig", r"compilerOptions\.paths\..*", "mapped"),
        Rule(
            r"[tj]sconfig",
            r"compilerOptions\.(?:baseUrl|rootDir|rootDirs\.\d+|typeRoots\.\d+|types\.\d+)",
            "path",
        ),
        Rule(r"[tj]sconfig", r".*", ""),
        Rule(
            r"project|workspace|angular",
            r".*\b(?:outputs?|outputPath|outputFile|coverageDirectory|reportsDirectory)\b.*",
            "",
        ),
        Rule(
            r"project|workspace|angular", r".*\.commands?(?:\.\d+)?(?:\.command)?", "commands", _HARD, (ROOT,)
        ),
        Rule(r"project|workspace|angular", r".*", "path", _HARD, (ROOT, HERE)),
        Rule(r"rush", r"projects\.\d+\.projectFolder", "path", _HARD),
        Rule(r"lerna", r"packages\.\d+", "path", _HARD),
        Rule(r"(?:package-lock|npm-shrinkwrap)", r"packages\..*\.resolved", "path"),
        Rule(r"(?:package-lock|npm-shrinkwrap)", r".*", ""),
        Rule(r"turbo", r".*\boutputs\b.*", ""),
        Rule(r"deno", r"tasks\..*", "commands", _HARD),
        Rule(
            r"(?:\.eslintrc|\.babelrc)", r"(?:.*\.)?(?:extends|plugins|presets|parser)\b.*", "module", _HARD
        ),
        Rule(r"", r".*", "path"),
    )
)
_OUTSIDE: Final = re.compile(r"[a-z][a-z+.-]+:|@?[\w.-]+@|#|git@", re.IGNORECASE)
_LINKS: Final = ("file:", "link:", "portal:")
_GROUP: Final = re.compile(r"\$\d")
_BASE_URL: Final = ("compilerOptions", "baseUrl")
_KEYED: Final = frozenset(
    [
        ("package-lock.json", "packages"),
        ("package.json", "browser"),
        ("package.json", "react-native"),
        ("package.json", "lint-staged"),
    ]
)
"""Tables whose keys are paths."""
_EVALUATED: Final = re.compile(r"\b(?:require|import)\(\\?['\"](?P<name>\.{1,2}/[^'\"\\\n]{1,200})")
_PLAIN: Final = frozenset({"", ".", "*", "**", "**/*", "default", "node"})


class PackageJson(Reader):
    """Files whose place in a project gives their keys a meaning."""

    kind = "package"
    files: ClassVar[tuple[str, ...]] = (
        *("package.json", "tsconfig*.json", "jsconfig*.json"),
        *("*.tsconfig.json", "tsconfig.*.json"),
        *(
            "lerna.json",
            "rush.json",
            "nx.json",
            "project.json",
            "workspace.json",
            "angular.json",
            "turbo.json",
        ),
        *(
            "jest.config.json",
            "jest*.json",
            "deno.json*",
            ".eslintrc",
            ".eslintrc.json",
            ".babelrc",
            ".babelrc.json",
        ),
    )
    always = True
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what the values, and keys of some files, claim."""
        name = path.rpartition("/")[2].lower()
        lines, found = Lines(text), list(entries(text))
        base = next((one.value for one in found if one.path == _BASE_URL and not one.is_key), ".")
        for entry in found:
            if entry.is_key:
                if len(entry.path) == 2 and (name, entry.path[0]) in _KEYED:
                    yield from _path(entry, lines, Rule("lock", "", "path"), name)
                continue
            rule = _rule(name, entry)
            if rule.way == "linked" and not entry.value.startswith(_LINKS):
                yield from _dependency(entry, lines)
            elif rule.way == "commands":
                placed = aligned(
                    entry.value, text, entry.offset - 1, entry.offset + len(entry.raw) + 1, lines
                )
                yield from claims_located(placed, kind="package-script", bases=(*rule.bases,))
                yield from claims_of_selected(entry.raw, entry.offset, lines, "package-script", _HARD)
                yield from _evaluated(entry, lines)
            elif rule.way == "mapped":
                yield from _path(entry, lines, rule._replace(bases=(f"./{base}",)), name)
            elif rule.way:
                yield from _path(entry, lines, rule, name)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the paths and modules that a value may mean."""
        if claim.lookup == "module":
            yield from modules(claim.wanted, file, world)
        elif claim.lookup == MEMBER:
            yield from member_paths(claim.wanted, world)
            return
        for place in world.places(claim.wanted, claim.bases, file):
            if not WILDCARDS.isdisjoint(place):
                yield from globs(place)
            elif claim.lookup != "module":
                yield place
                yield from as_module(place, world)
                yield place + ".json"


class PackageLock(PackageJson):
    """Lock files, which are large: they are read only where they name what goes."""

    kind = "package-lock"
    files: ClassVar[tuple[str, ...]] = ("package-lock.json", "npm-shrinkwrap.json")
    always = False


def _rule(name: str, entry: Entry) -> Rule:
    keys = ".".join(str(key) for key in entry.path)
    for files, wanted, rule in _RULES:
        if files.match(name) and wanted.fullmatch(keys):
            return rule
    return _RULES[-1][2]


def _path(entry: Entry, lines: Lines, rule: Rule, file: str) -> Iterable[Claim]:
    name = entry.value.removeprefix("!")
    if rule.way == "linked":
        name = name.partition(":")[2]
    elif _OUTSIDE.match(name) and not name.startswith("@"):
        return
    name = _unrooted(name)
    if name in _PLAIN or name.isspace() or len(name) > 500 or (rule.way == "module" and not _is_module(name)):
        return
    if rule.files == "" and "/" not in name and "." not in name.strip("."):
        return
    line, column = lines.at(entry.offset)
    yield Claim(
        line=line,
        column=column,
        text=entry.raw,
        name=name,
        kind=f"{file.partition('.json')[0].lstrip('.').partition('.')[0]}-value",
        severity=rule.severity,
        bases=(ROOT,) if "{workspaceRoot}" in entry.value else rule.bases,
        lookup="module" if rule.way == "module" else "path",
    )


def _evaluated(entry: Entry, lines: Lines) -> Iterator[Claim]:
    """Yield the modules that a script loads in code of its own, as in ``node -e``."""
    for found in _EVALUATED.finditer(entry.raw):
        line, column = lines.at(entry.offset + found.start("name"))
        yield Claim(line=line, column=column, text=found["name"], kind="package-script", lookup="module")


def _dependency(entry: Entry, lines: Lines) -> Iterator[Claim]:
    """Yield a claim for the member of the workspace that a dependency means, for certain if it says so."""
    line, column = lines.at(entry.offset)
    yield Claim(
        line=line,
        column=column,
        text=entry.raw,
        name=str(entry.path[-1]),
        kind="package-dependency",
        lookup=MEMBER,
        doubtful=not entry.value.startswith("workspace:"),
    )


def _is_module(name: str) -> bool:
    return name.startswith(".") or "/" in name


def _unrooted(name: str) -> str:
    """Take away how the root is written, and the star that a map of paths ends with."""
    for root in ("<rootDir>", "{workspaceRoot}", "{projectRoot}", "${configDir}"):
        name = name.replace(root, ".", 1)
    name = _GROUP.sub("*", name)
    name = name.removesuffix("/*") if name.endswith("/*") and name.count("*") == 1 else name
    return name.rstrip("/") if name != "/" else name
