"""Which addresses are those of the repository itself, as far as its files say so."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from mothball.core.references.world import World

FACTS: Final = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "package.json",
    "Cargo.toml",
    "go.mod",
    "CITATION.cff",
    "mkdocs.yml",
    "mkdocs.yaml",
    "docusaurus.config.*",
    "docs/conf.py",
    "doc/conf.py",
    "docs/source/conf.py",
    "composer.json",
    "antora.yml",
    "book.toml",
    "_config.yml",
    "docs/_config.yml",
    "docs/mkdocs.yml",
    "website/package.json",
    "README*",
    "CONTRIBUTING*",
)
HOSTS: Final = r"(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)"
_NAME: Final = r"(?P<name>[\w.-]{1,100}/[\w.-]{1,100})"
_ADDRESS: Final = re.compile(HOSTS + r"[/:]" + _NAME)
_SAID: Final = re.compile(
    r"(?:^|[\s,{\[(])[\"']?(?:url|repo|repo_url|repo_name|repository|repository[-_]code|repository_url|homepage|home[-_]?page"
    r"|source|source[-_]?code|code|github|github[-_]?url|bugs|bug[-_]?tracker|issues|issue[-_]?tracker"
    r"|tracker|bug[-_]?reports"
    r"|project[-_]url|git-repository-url|documentation|changelog|editUrl"
    r"|module)[\"']?\]?\s{0,20}[:= ]\s{0,20}"
    r"(?:\{\s{0,20}[\"']?url[\"']?\s{0,9}:\s{0,9})?[rf]?[\"']?(?:git\+|scm:|git:)?(?:https?://|ssh://"
    r"|git@|github:|gitlab:)?"
    r"(?:www\.)?(?:git@)?" + HOSTS + r"[/:]" + _NAME,
    re.IGNORECASE | re.MULTILINE,
)
_SHORT: Final = re.compile(r"\"repository\"\s{0,9}:\s{0,9}\"(?:github:|gitlab:)?" + _NAME + '"')
_BADGE: Final = re.compile(
    HOSTS
    + r"/"
    + r"(?P<name>[\w.-]{1,100}/[\w.-]{1,100})/(?:actions|workflows|issues|pulls?|releases|stargazers"
    r"|discussions"
    r"|graphs|network|fork|-/pipelines|badges)\b"
    r"|(?:codecov\.io/g[hl]|coveralls\.io/(?:r|repos/github)|app\.travis-ci\.com|travis-ci\.(?:org|com)"
    r"|circleci\.com/gh"
    r"|mybinder\.org/v2/gh|gitter\.im|deepwiki\.com|star-history\.com/#|contrib\.rocks/image\?repo=)/?"
    r"(?P<other>[\w.-]{1,100}/[\w.-]{1,100})"
    r"|img\.shields\.io/github/(?:actions/workflow/status|[\w/-]{1,60}?)/"
    r"(?P<shield>[\w.-]{1,100}/[\w.-]{1,100})"
    r"|git clone (?:--?\S+ ){0,5}(?:https://|git@|ssh://git@)"
    + HOSTS
    + r"[/:](?P<clone>[\w.-]{1,100}/[\w.-]{1,100})"
)
_BRANCHED: Final = re.compile(
    HOSTS + r"/(?P<name>[\w.-]{1,100}/[\w.-]{1,100})/(?:-/)?(?:blob|tree|raw|edit)/[\w.-]{1,60}/"
    r"(?P<path>[\w./@+-]{1,300})"
)
_LARGEST: Final = 400_000


def own_names(world: World) -> frozenset[str]:
    """Return each name that the repository has, as `name_in` gives it.

    What manifests at the root declare decides; without any, what those below agree on; without these, what
    the page at the root says most often, in badges and links to paths that are there.
    """
    return world.fact("own-names", _own_names)


def _own_names(world: World) -> frozenset[str]:
    texts = {path: text[:_LARGEST] for path, text in world.texts.items() if _counts(path)}
    manifests = {path: text for path, text in texts.items() if not _is_page(path)}
    declared = {
        name for path, text in manifests.items() if "/" not in path for name in declared_names(path, text)
    }
    if not declared:
        below = Counter(name for path, text in manifests.items() for name in declared_names(path, text))
        declared = {name for name, _ in below.most_common(1)}
    pages = [text for path, text in texts.items() if _is_page(path) and "/" not in path]
    told = Counter(name for text in pages for name in _told(text, world))
    if not declared:
        declared = {name for name, _ in told.most_common(1)}
    return frozenset(declared)


def _counts(path: str) -> bool:
    return path.rpartition("/")[2].lower().startswith(_BASES)


_BASES: Final = tuple(pattern.rpartition("/")[2].rstrip("*").lower() for pattern in FACTS)


def _is_page(path: str) -> bool:
    return path.rpartition("/")[2].lower().startswith(("readme", "contributing"))


def declared_names(path: str, text: str) -> set[str]:
    """Return the names that a manifest declares to be the repository's."""
    base = path.rpartition("/")[2]
    if base in {"pyproject.toml", "Cargo.toml"}:
        return _of_toml(text)
    if base == "go.mod":
        found = re.match(r"\s*module\s+(\S{1,300})", text)
        return _names(found[1]) if found else set()
    names = {name_in(found, "name") for found in _SAID.finditer(text)}
    return names | {name_in(found, "name") for found in _SHORT.finditer(text)}


def name_in(found: re.Match[str], first: str, last: str = "") -> str:
    """Return the name in an address, as it compares: ``github:owner/repository``, in small letters.

    The groups ``first`` to ``last`` hold it. What serves several hosts serves GitHub, unless it says so.
    """
    start = found.start(first)
    where = found.string[found.start() : start].lower()
    host = next((one for one in ("gitlab", "bitbucket", "codeberg", "gitee") if one in where), "github")
    name = found[first] + (f"/{found[last]}" if last else "")
    return f"{host}:{name.lower().removesuffix('.').removesuffix('.git')}"


def _names(text: str) -> set[str]:
    return {name_in(found, "name") for found in _ADDRESS.finditer(text)}


def _of_toml(text: str) -> set[str]:
    import tomllib

    try:
        document: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return set()
    project, tool, package = (_table(document, key) for key in ("project", "tool", "package"))
    poetry, workspace = _table(tool, "poetry"), _table(_table(document, "workspace"), "package")
    values = [*_table(project, "urls").values(), *_table(poetry, "urls").values()]
    for table in (poetry, package, workspace):
        values += [table.get(key) for key in ("homepage", "repository")]
    values += [one.get("url") for one in (_table(_table(tool, "mkdocs"), "extra"),)]
    return {name for value in values if isinstance(value, str) for name in _names(value)}


def _table(table: Any, key: str) -> dict[str, Any]:
    found = table.get(key) if isinstance(table, dict) else None
    return found if isinstance(found, dict) else {}


def _told(text: str, world: World) -> Iterator[str]:
    for found in _BADGE.finditer(text):
        yield name_in(found, found.lastgroup or "name")
    for found in _BRANCHED.finditer(text):
        if world.holds(found["path"].rstrip("/.")):
            yield name_in(found, "name")
