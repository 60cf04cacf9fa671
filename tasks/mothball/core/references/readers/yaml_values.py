"""YAML that no other reader knows: free-form values that as a whole name a path, and commands."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from mothball.core.references.claims import ABOVE, HERE, Claim, Severity, Unreadable
from mothball.core.references.config.settings import claims_of_setting, doubtful, paths_of_setting
from mothball.core.references.config.values import Value
from mothball.core.references.config.yaml_events import Scalar, loose_scalars, scalars
from mothball.core.references.papers import is_data
from mothball.core.references.reader import Reader
from mothball.core.references.shell.commands import claims_of_commands
from mothball.core.references.texts import Lines
from mothball.core.references.world import World

_NOT_OURS: Final = re.compile(
    r"(?:.*/)?(?:\.github/(?:workflows|actions)/.*|action\.ya?ml|(?:docker-)?compose[^/]*\.ya?ml"
    r"|\.pre-commit-(?:config|hooks)\.ya?ml|[^/]*\.?gitlab-ci[^/]*\.ya?ml|\.gitlab/.*|\.circleci/.*|\.travis\.ya?ml"
    r"|[^/]*azure-pipelines[^/]*\.ya?ml|\.azure(?:-pipelines)?/.*|[^/]*(?:mkdocs|zensical)[^/]*\.ya?ml|\.readthedocs\.ya?ml"
    r"|_toc\.yml|_quarto\.ya?ml|pnpm-workspace\.yaml)"
)
_COMMANDS: Final = re.compile(
    r"(?:.*[._-])?(?:run|scripts?|commands?|cmds?|shell|exec|entry|entrypoint|steps|build|install|tests?)"
)
_WORD: Final = re.compile(r"[\w.-]{1,100}")
_MANY: Final = 500_000
"""Nobody wrote a larger text by hand: it is data."""
_DEEPEST: Final = 500


class Yaml(Reader):
    """Values of a YAML file."""

    kind = "yaml"
    files: ClassVar[tuple[str, ...]] = (
        "*.yml",
        "*.yaml",
        ".clang-format",
        ".clang-tidy",
        ".clangd",
        "*.cff",
        "*.cwl",
        "MLproject",
    )

    def read(self, text: str, path: str) -> Iterator[Claim]:
        """Yield what scalars claim."""
        if _NOT_OURS.fullmatch(path) or len(text) > _MANY:
            return
        import yaml

        lines = Lines(text)
        prose = is_data(path)
        if _is_deep(text):
            reason = "it is nested too deeply"
            raise Unreadable(reason)
        try:
            for scalar in scalars(text):
                yield from _claims(scalar, lines, prose=prose)
        except (yaml.YAMLError, UnicodeError) as error:
            for scalar in loose_scalars(text):
                yield from doubtful(_claims(scalar, lines, prose=prose))
            # Templates of YAML are none themselves; nobody would call them broken.
            if "{{" not in text and "{%" not in text and "<%" not in text and not prose:
                mark = getattr(error, "problem_mark", None)
                raise Unreadable(
                    str(getattr(error, "problem", "") or error)[:200], mark.line + 1 if mark else 0
                ) from error

    def paths(self, claim: Claim, file: str, world: World) -> Iterator[str]:
        """Yield what a path or a pattern may mean."""
        return paths_of_setting(claim, file, world)


def _is_deep(text: str) -> bool:
    """Say whether brackets are nested so deeply that the parser takes quadratic time."""
    if text.count("[") + text.count("{") < _DEEPEST:
        return False
    depth = 0
    for found in re.finditer(r"[\[\]{}]", text):
        depth += 1 if found.group() in "[{" else -1
        if depth > _DEEPEST:
            return True
    return False


def _claims(scalar: Scalar, lines: Lines, *, prose: bool) -> Iterator[Claim]:
    key = scalar.keys[-1] if scalar.keys else ""
    if _is_role(scalar):
        yield _named(scalar, f"roles/{scalar.raw}", "ansible-role", ABOVE, lines, prose=prose)
        return
    if scalar.keys[-2:-1] == ("defaults",) and not scalar.is_key and _WORD.fullmatch(scalar.raw):
        # A choice of Hydra's.
        yield _named(scalar, f"{key}/{scalar.raw}.yaml", "hydra-choice", HERE, lines, prose=prose)
        return
    if scalar.is_key:
        if "/" in scalar.raw:
            value = Value(raw=scalar.raw, offset=scalar.offset, kind="yaml-key", several=False, prose=prose)
            yield from value.claims(lines)
    elif (scalar.is_block or " " in scalar.raw) and _COMMANDS.fullmatch(key):
        line, column = lines.at(scalar.offset)
        yield from claims_of_commands(
            scalar.raw,
            kind="yaml-command",
            line=line,
            column=column,
            severity=Severity.CONFIG,
            prose=prose,
        )
    elif scalar.is_block:
        yield from _claims_of_block(scalar, lines, prose=prose)
    else:
        yield from claims_of_setting(scalar.keys, scalar.raw, scalar.offset, lines, "yaml-value", prose=prose)


def _is_role(scalar: Scalar) -> bool:
    """Say whether a value is the name of an Ansible role, which is a directory below ``roles``."""
    if scalar.is_key or scalar.is_block or not _WORD.fullmatch(scalar.raw):
        return False
    keys = scalar.keys[-2:]
    return keys[-1:] in {("roles",), ("role",)} or (
        keys[-1:] == ("name",) and keys[0].endswith(("include_role", "import_role", "roles"))
    )


def _named(scalar: Scalar, name: str, kind: str, base: str, lines: Lines, *, prose: bool) -> Claim:
    line, column = lines.at(scalar.offset)
    return Claim(
        line=line,
        column=column,
        text=scalar.raw,
        name=name,
        kind=kind,
        bases=(base,),
        prose=prose,
    )


def _claims_of_block(scalar: Scalar, lines: Lines, *, prose: bool) -> Iterator[Claim]:
    """Yield what the lines of a block claim that are paths as a whole, as in a list of patterns."""
    for found in re.finditer(r"[^\n]+", scalar.raw):
        if " " not in found.group().strip():
            yield from Value(
                raw=found.group(),
                offset=scalar.offset + found.start(),
                kind="yaml-value",
                several=False,
                prose=prose,
            ).claims(lines)
