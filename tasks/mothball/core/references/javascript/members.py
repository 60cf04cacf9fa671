"""Members of a workspace, where they are called by their names instead of their places."""

import re
from collections.abc import Iterator
from typing import Final

from mothball.core.references.claims import Claim, Severity
from mothball.core.references.javascript.manifests import members
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

MEMBER: Final = "member"
"""A lookup: the package that has a name."""
NAME: Final = r"(?P<name>@?[\w-]+(?:[./][\w-]+)*)"
_SELECTS: Final = re.compile(
    r"\b(?:(?:yarn|bun)\s+workspaces?\s+(?:focus\s+)?"
    r"|(?:npm|pnpm|yarn|turbo|lerna|bun)\b[^&|;\n]{0,200}?\s"
    r"(?:--filter|-F|--scope|--workspace|-w)(?:[ \t]+|=))"
    r"\\?['\"]?" + NAME
)


def claims_of_selected(
    text: str, offset: int, lines: Lines, kind: str, severity: Severity = Severity.HARD
) -> Iterator[Claim]:
    """Yield the members that commands in a text, which begins at an offset, are told to work on."""
    for found in _SELECTS.finditer(text):
        yield claim_of_member(found, offset, lines, kind, severity)


def claim_of_member(
    found: re.Match[str], offset: int, lines: Lines, kind: str, severity: Severity = Severity.HARD
) -> Claim:
    """Return the claim of the name in a match."""
    line, column = lines.at(offset + found.start("name"))
    return Claim(line=line, column=column, text=found["name"], kind=kind, severity=severity, lookup=MEMBER)


def member_paths(name: str, world: World) -> Iterator[str]:
    """Yield the manifests of the members that have a name."""
    for directory in members(world).get(name, ()):
        yield f"{directory}/package.json".lstrip("/")
