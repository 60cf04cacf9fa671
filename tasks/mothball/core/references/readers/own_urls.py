"""Addresses of the repository itself: those of its default branch break with what they lead to."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final
from urllib.parse import unquote

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.own_repository import FACTS, name_in, own_names
from mothball.core.references.papers import is_record, is_written
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World, join

# In an address that is a parameter of another one, slashes may be encoded.
_S: Final = r"(?:/|%2[Ff])"
_OWNER: Final = r"(?P<owner>[\w.-]{1,100})"
_REPO: Final = r"(?P<repo>[\w.-]{1,100})"
_BRANCH: Final = r"(?:refs/heads/)?(?:main|master|HEAD|develop|development|dev|trunk|default)"
_PATH: Final = r"(?P<path>[^\s\"'<>`|\\^{}\]\[,;*]{1,1000})"
_FORMS: Final = (
    r"(?:github(?:\.com)?|gitlab\.com|codeberg\.org|gitee\.com)" + _S + _OWNER + _S + _REPO + _S
    + r"(?:-/)?(?:blob|tree|raw|edit|blame|commits|src(?:/branch)?)" + _S + _BRANCH + _S + _PATH,
    r"raw\.(?:githubusercontent|githack)\.com/" + _OWNER + "/" + _REPO + "/" + _BRANCH + "/" + _PATH,
    r"(?:rawgit\.com|cdn\.rawgit\.com"
    r"|rawcdn\.githack\.com)/" + _OWNER + "/" + _REPO + "/" + _BRANCH + "/" + _PATH,
    r"cdn\.jsdelivr\.net/gh/" + _OWNER + "/" + _REPO + "@" + _BRANCH + "/" + _PATH,
    r"bitbucket\.org/" + _OWNER + "/" + _REPO + r"/(?:src|raw)/" + _BRANCH + "/" + _PATH,
    r"mybinder\.org/v2/g[hl]/" + _OWNER + "/" + _REPO + "/" + _BRANCH
    + r"\?(?:[^\s\"'<>)]{0,200}?)(?:filepath=|labpath=|urlpath=(?:(?:lab|notebooks|tree|doc)(?:/|%2F)"
    r"(?:tree(?:/|%2F))?)?)" + _PATH,
    r"github\.com/" + _OWNER + "/" + _REPO + r"/(?:actions/)?workflows/(?P<path>[\w.-]{1,200}\.ya?ml)",
    r"img\.shields\.io/github/(?:actions/)?workflow/status/" + _OWNER + "/" + _REPO + r"/"
    r"(?P<path>[\w.-]{1,200}\.ya?ml)",
    r"github\.com/" + _OWNER + "/" + _REPO + r"(?:\.git)?(?:@" + _BRANCH + r")?#"
    r"(?:[\w=&.-]{0,100}&)?subdirectory=" + _PATH,
)  # fmt: skip
_PATTERNS: Final = tuple((re.compile(form), "workflow" in form) for form in _FORMS)
_ENDS: Final = ".:!?)*_~"
_HOST: Final = re.compile(
    r"git(?:hub|lab|ee)|bitbucket\.|codeberg\.|rawgit|githack|jsdelivr\.net/gh|mybinder\.org/v2/g"
)
_WORD: Final = re.compile(r"[^\s\"'<>`|\\^{}\]\[]{0,2000}")
_BEGIN: Final = re.compile(r"(?:git\+)?https?://(?:(?!\]\()[^\s\"'<>`]){0,200}\Z")


class OwnUrls(Reader):
    """Links into the default branch of the repository on its host, on mirrors and viewers of it."""

    kind = "own-url"
    files: ClassVar[tuple[str, ...]] = ("*",)
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield each address of a default branch; whose it is, `paths` knows."""
        lines, prose, end = None, is_record(path) or is_written(path), 0
        for host in _HOST.finditer(text):
            if host.start() < end:
                continue
            word = _WORD.match(text, host.start())
            end = word.end() if word else host.end()
            if "/" not in text[host.end() : end] and "%2" not in text[host.end() : end]:
                continue
            lines = lines or Lines(text)
            start = max(0, host.start() - 20)
            for pattern, is_workflow in _PATTERNS:
                for found in pattern.finditer(text, start, end):
                    yield from _claim(found, lines, text, is_workflow=is_workflow, prose=prose)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the path, where the address is that of this repository."""
        del file
        if claim.lookup in own_names(world) and (path := join("", claim.wanted)):
            yield path


def _claim(
    found: re.Match[str], lines: Lines, text: str, *, is_workflow: bool, prose: bool
) -> Iterator[Claim]:
    raw = _balanced(found["path"])
    name = unquote(raw).partition("#")[0].partition("?")[0].partition("&")[0].rstrip("/")
    if not name or "\0" in name or "\n" in name:
        return
    end = found.start("path") + len(raw)
    begin = _BEGIN.search(text[max(0, found.start() - 220) : found.start()])
    start = found.start() - (len(begin.group()) if begin else 0)
    line, column = lines.at(start)
    yield Claim(
        line=line,
        column=column,
        text=text[start:end],
        kind="own-url",
        name=f".github/workflows/{name}" if is_workflow else name,
        severity=Severity.LINK,
        lookup=name_in(found, "owner", "repo"),
        prose=prose,
    )


def _balanced(raw: str) -> str:
    """Return an address without what ends the sentence or the brackets it stands in."""
    closes = raw.find(")")
    while closes >= 0:
        if raw.count("(", 0, closes) < raw.count(")", 0, closes + 1):
            raw = raw[:closes]
            break
        closes = raw.find(")", closes + 1)
    return raw.rstrip(_ENDS)
