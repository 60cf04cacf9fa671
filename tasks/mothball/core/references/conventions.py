"""Files that nobody names, for hosts and tools look for them in certain places, when they leave these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from mothball.core.references.change import Change
from mothball.core.references.claims import Severity
from mothball.core.references.findings import Direction, Finding, Verdict
from mothball.core.references.remedies import remedy
from mothball.core.show import visible
from mothball.core.tree import is_below, parent, parents


@dataclass(frozen=True, slots=True)
class _Rule:
    """Files that count where they are.

    ``pattern`` is for the whole path; what it captures as ``role`` may be filled by another file that
    counts. With ``governs`` it is for base names at any place: it counts for what is below its directory
    and has such a name, as long as there is no other of its name in between.
    """

    pattern: re.Pattern[str]
    evidence: str
    governs: re.Pattern[str] | None = None


def _rule(pattern: str, evidence: str, governs: str = "") -> _Rule:
    return _Rule(re.compile(pattern), evidence, re.compile(governs, re.IGNORECASE) if governs else None)


_ANYTHING: Final = r".+"
_PYTHON: Final = r".*\.(?:py|pyx|pyi)"
_SCRIPT: Final = r".*\.(?:[cm]?[jt]sx?|vue|svelte)"
_RULES: Final = (
    _rule(r"\.github/workflows/[^/]+\.ya?ml", "GitHub runs a workflow from .github/workflows only"),
    _rule(
        r"\.github/(?:ISSUE_TEMPLATE/[^/]+|ISSUE_TEMPLATE\.\w+|DISCUSSION_TEMPLATE/[^/]+)",
        "GitHub offers templates of issues from .github only",
    ),
    _rule(
        r"(?i:(?:\.github/|docs/|)(?P<role>pull_request_template)(?:\.\w+|/[^/]+\.md))",
        "GitHub fills in pull requests from a template in the root, docs or .github only",
    ),
    _rule(
        r"\.github/(?:dependabot|FUNDING|release|labeler|settings|stale|mergify|config|release-drafter)\.ya?ml",
        "GitHub and its apps read this from .github only",
    ),
    _rule(
        r"(?:\.github/|\.gitlab/|docs/|)(?P<role>CODEOWNERS)",
        "owners are read from the root, docs, .github or .gitlab only",
    ),
    _rule(
        r"(?i:(?:\.github/|docs/|)(?P<role>readme|contributing|security|code_of_conduct|support|governance)"
        r"(?:\.(?:md|markdown|rst|txt|adoc|org|rdoc))?)",
        "hosts show this from the root, docs or .github only",
    ),
    _rule(
        r"(?i:(?P<role>licen[cs]e|copying|unlicense)(?:[-.][\w.-]+)?)",
        "hosts and packagers look for the licence in the root only",
    ),
    _rule(
        r"\.gitlab-ci\.yml|\.travis\.yml|\.?appveyor\.yml|azure-pipelines\.yml|Jenkinsfile|\.circleci/config\.yml"
        r"|bitbucket-pipelines\.yml|\.drone\.yml|\.cirrus\.yml|\.woodpecker\.ya?ml|buildspec\.yml|cloudbuild\.yaml",
        "the build service reads this from its place only",
    ),
    _rule(
        r"\.pre-commit-config\.yaml|\.pre-commit-hooks\.yaml|\.readthedocs\.ya?ml|netlify\.toml|vercel\.json"
        r"|(?:\.github/)?renovate\.json5?|(?:\.github/)?\.?codecov\.ya?ml|\.gitmodules|action\.ya?ml|render\.yaml"
        r"|fly\.toml|Procfile|_config\.yml|(?:docs/)?CNAME|\.git-blame-ignore-revs|\.devcontainer/devcontainer\.json",
        "tools and hosts read this from its place only",
    ),
    _rule(
        r"gradle/(?:libs\.versions\.toml|wrapper/gradle-wrapper\.(?:jar|properties))|gradle\.properties",
        "Gradle reads this from its place only",
    ),
    _rule(
        r"conftest\.py", "pytest takes it into account for tests below it only", r"test_.*\.py|.*_test\.py"
    ),
    _rule(
        r"pyproject\.toml|setup\.py|setup\.cfg|tox\.ini|noxfile\.py",
        "tools look for it above the code",
        _PYTHON,
    ),
    _rule(r"pytest\.ini|\.coveragerc", "tools look for it above the tests", r"test_.*\.py|.*_test\.py"),
    _rule(
        r"\.flake8|mypy\.ini|ruff\.toml|\.pylintrc|\.isort\.cfg", "tools look for it above the code", _PYTHON
    ),
    _rule(
        r"MANIFEST\.in",
        "packagers read it from the folder of the project only",
        r"setup\.(?:py|cfg)|pyproject\.toml",
    ),
    _rule(
        r"package\.json|\.npmrc|\.eslintrc(?:\.\w+)?|\.babelrc", "tools look for it above the code", _SCRIPT
    ),
    _rule(r"tsconfig\.json", "the compiler looks for it above the code", r".*\.[cm]?tsx?"),
    _rule(r"go\.mod", "go looks for it above the code", r".*\.go"),
    _rule(r"Cargo\.toml", "cargo looks for it above the code", r".*\.rs"),
    _rule(r"Gemfile", "bundler looks for it above the code", r".*\.rb"),
    _rule(r"composer\.json", "composer looks for it above the code", r".*\.php"),
    _rule(r"platformio\.ini", "the build looks for it above the code", r".*\.(?:c|cpp|h|hpp|ino)"),
    _rule(
        r"\.clang-(?:format|tidy)",
        "tools look for it above the code",
        r".*\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|cu)",
    ),
    _rule(r"\.gitignore", "git applies it to what is below it only", _ANYTHING),
    _rule(
        r"pnpm-workspace\.yaml|lerna\.json|nx\.json|turbo\.json|rush\.json|\.yarnrc\.yml",
        "tools look for it above the packages",
        r"package\.json",
    ),
    _rule(r"\.gitattributes", "git applies it to what is below it only", _ANYTHING),
)
# Of a million files hardly one is in any rule: one expression says so of the others.
_ANY: Final = re.compile("|".join(rule.pattern.pattern.replace("(?P<role>", "(?:") for rule in _RULES))
_ROOT_ONLY: Final = _rule(
    r"Makefile|GNUmakefile|CMakeLists\.txt|meson\.build|justfile|build\.gradle(?:\.kts)?|pom\.xml|Rakefile",
    "builds of the whole repository start with this in the root",
)


def conventions(change: Change) -> Iterator[Finding]:
    """Yield a break for each file that counted where it was and counts no more where it goes."""
    for old, new in sorted(change.moves.items()):
        found = _broken(old, new, change) if _counts(old) else None
        if found is None and "/" in new and _ROOT_ONLY.pattern.fullmatch(old) and _stay(change):
            found = _finding(old, change, _ROOT_ONLY.evidence, "")
        if found is not None:
            yield found


def _counts(path: str) -> bool:
    return bool(_ANY.fullmatch(path) or _ANY.fullmatch(path, path.rfind("/") + 1))


def _broken(old: str, new: str, change: Change) -> Finding | None:
    for rule in _RULES:
        if rule.governs is None:
            lost = _leaves(rule, old, new, change)
        else:
            lost = _leaves_behind(rule, rule.governs, old, new, change)
        if lost:
            return _finding(old, change, rule.evidence, lost)
    return None


def _leaves(rule: _Rule, old: str, new: str, change: Change) -> str | None:
    """Return a blank where a file leaves the places at which it counts, ``None`` where it does not."""
    found = rule.pattern.fullmatch(old)
    if not found or rule.pattern.fullmatch(new):
        return None
    role = found.groupdict().get("role")
    if role is not None:
        for path in change.after.files:
            other = rule.pattern.fullmatch(path) if path.count("/") <= 2 else None
            if other and other["role"].lower() == role.lower():
                return None
    return " "


def _leaves_behind(rule: _Rule, governs: re.Pattern[str], old: str, new: str, change: Change) -> str | None:
    """Return a file that stays where its settings leave; ``None`` where there is none."""
    name = old.rpartition("/")[2]
    if not rule.pattern.fullmatch(name):
        return None
    home, then = parent(old), parent(new)
    nested = {parent(path) for path in change.after.below(home) if path.endswith(f"/{name}")}
    for path in change.after.below(home):
        if path not in change.before.files or not governs.fullmatch(path.rpartition("/")[2]):
            continue
        if not nested.isdisjoint(parents(path)):
            continue
        if name != new.rpartition("/")[2] or (then and not is_below(path, then)):
            return path
    return None


def _stay(change: Change) -> bool:
    """Say whether more stays than goes: else the root itself has moved."""
    return len(change.after.files & change.before.files) > len(change.moves)


def _finding(old: str, change: Change, evidence: str, lost: str) -> Finding:
    left = f"; {visible(lost)} is left without it" if lost.strip() else ""
    new, verb = change.moves[old], "moved" if change.is_past(old) else "moves"
    found = Finding(
        verdict=Verdict.BREAK,
        severity=Severity.CONFIG,
        direction=Direction.INBOUND,
        file=old,
        line=0,
        column=0,
        kind="convention",
        target=old.rpartition("/")[2],
        old_path=old,
        new_path=new,
        evidence=f"{evidence}, and it {verb} to {visible(new)}{left}",
    )
    return replace(found, remedy=remedy(found, change))
