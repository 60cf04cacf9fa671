"""Members of a workspace that commands, change sets and tasks call by their names."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.javascript.manifests import FACTS
from mothball.core.references.javascript.members import (
    NAME,
    claim_of_member,
    claims_of_selected,
    member_paths,
)
from mothball.core.references.reader import Reader
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_CHANGES: Final = re.compile(
    r"^['\"]?" + NAME + r"['\"]?[ \t]*:[ \t]*(?:major|minor|patch|none)\b", re.MULTILINE
)
_FRONT: Final = re.compile(r"\A---[ \t]*\n(?s:.{0,5000}?)^---", re.MULTILINE)
_LISTS: Final = re.compile(r"\"(?:ignore|fixed|linked)\"\s*:\s*\[(?P<names>[^{}:]{0,5000}?)\]\s*[,}]")
_QUOTED: Final = re.compile(r"\"" + NAME + '"')
_TASK: Final = re.compile(r"\"" + NAME + r"#[\w:-]+\"")
_PAGES: Final = (".md", ".mdx")


class WorkspaceMembers(Reader):
    """What is told to a package manager, to changesets and to turbo."""

    kind = "member"
    files: ClassVar[tuple[str, ...]] = (
        *(
            "*.yml",
            "*.yaml",
            "*.sh",
            "*.bash",
            "*.mk",
            "Makefile",
            "GNUmakefile",
            "justfile",
            "*.md",
            "*.mdx",
        ),
        *("Dockerfile*", "*.Dockerfile", "*.dockerfile", "Procfile", "turbo.json", ".changeset/config.json"),
        "*/.changeset/config.json",
    )
    facts: ClassVar[tuple[str, ...]] = FACTS

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield the names that are said to be those of members."""
        lines = Lines(text)
        if path.endswith("turbo.json"):
            yield from (_named(found, lines) for found in _TASK.finditer(text))
        elif "/.changeset/" in f"/{path}":
            yield from (_named(found, lines) for found in _changed(text, path))
        else:
            severity = Severity.COMMAND if path.lower().endswith(_PAGES) else Severity.HARD
            yield from claims_of_selected(text, 0, lines, "member-command", severity)

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield the manifest of the member."""
        del file
        return member_paths(claim.wanted, world)


def _changed(text: str, path: str) -> Iterator[re.Match[str]]:
    if path.endswith(".json"):
        for listed in _LISTS.finditer(text):
            yield from _QUOTED.finditer(text, *listed.span("names"))
    elif front := _FRONT.match(text):
        yield from _CHANGES.finditer(text, 0, front.end())


def _named(found: re.Match[str], lines: Lines) -> Claim:
    return claim_of_member(found, 0, lines, "member-name", Severity.CONFIG)
