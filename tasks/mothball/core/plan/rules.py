"""The rules for names, texts, patterns and commands of a plan: plain functions of text."""

import re
import shlex
import unicodedata
from dataclasses import dataclass
from typing import Final

from mothball.core.plan.text import Path
from mothball.core.show import count

NAME_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
NAME_LENGTH: Final = 64
FIXED_TASKS: Final = tuple(
    "structure readme commit all plan status undo restore recover why fix init".split()  # noqa: SIM905
)

_PATTERN_LENGTH: Final = 4096
_COMMAND_LENGTH: Final = 8192  # shlex copies a word with each of its characters: quadratic
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BRANCH_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one value, in the words of a ``Problem``."""

    code: str
    found: str
    expected: str = ""
    remedy: str = ""


LIST_FOR_SHELL: Final = Flaw(
    "plan-command",
    "found a list of words with `shell = true`",
    "one text, which the shell reads",
    "Write `run` as one text, or leave `shell` out.",
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A flaw and the path of the key that has it."""

    path: Path
    flaw: Flaw


def shown(text: str, limit: int = 60) -> str:
    """Return text in backticks, cut to what a message can bear and with nothing that paints."""
    cut = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "`" + "".join(char if char.isprintable() else code_point(char) for char in cut) + "`"


def describe(value: object) -> str:
    """Name a value of a TOML text: its kind and, cut to a readable length, itself."""
    match value:
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            return f"the number {shown(str(value), 30).strip('`')}"
        case str():
            return f"the text {shown(value)}"
        case list():
            return f"a list of {count(len(value), 'element')}" if value else "an empty list"
        case dict():
            return "a table" if value else "an empty table"
        case _:
            return f"the date or time {value}"


def code_point(char: str) -> str:
    """Name a character that must not be shown."""
    return f"<U+{ord(char):04X}>"


def hidden_character(text: str, *, lines: bool = False) -> str | None:
    """Return the first character that a terminal would act on; ``lines`` lets line breaks pass."""
    for char in text:
        if char.isprintable() or (lines and char == "\n"):
            continue
        if unicodedata.category(char) in {"Cc", "Zl", "Zp"} or char in _BIDI:
            return char
    return None


def text_flaw(text: str, *, lines: bool = False) -> Flaw | None:
    """Judge a text for people: not blank, no control characters."""
    if not text.strip():
        return Flaw("plan-empty", "found an empty text", "some words", "Write a line for the next reader.")
    char = hidden_character(text, lines=lines)
    if char is None:
        return None
    return Flaw(
        "plan-control-character",
        f"found the control character {code_point(char)} at position {text.index(char) + 1}",
        "printable text and line breaks" if lines else "printable text on one line",
        "Take the character out.",
    )


def name_flaw(name: str) -> Flaw | None:
    """Judge a category's name, which becomes the name of a task."""
    if len(name) > NAME_LENGTH:
        found = f"found a name of {len(name):,} characters"
        return Flaw("plan-name", found, f"at most {NAME_LENGTH}", "Shorten it; `title` may be long.")
    if not re.fullmatch(NAME_PATTERN, name) or name.endswith("\n"):
        slug = "-".join(re.findall("[a-z0-9]+", name.casefold())).lstrip("0123456789-")
        return Flaw(
            "plan-name",
            f"found the name {shown(name)}",
            "small letters, digits and single dashes between them, a letter first",
            f"Write {shown(slug or 'build-scripts')}.",
        )
    if name in FIXED_TASKS:
        return Flaw(
            "plan-name-taken",
            f"found the name {shown(name)}, but `archive.{name}` is a task already",
            f"a name other than {', '.join(FIXED_TASKS)}",
            f"Write another, such as {shown(f'old-{name}')}.",
        )
    return None


def pattern_flaw(pattern: str) -> Flaw | None:
    """Judge what can be judged of a pattern before it is read as one."""
    if not pattern.strip():
        return Flaw("plan-empty", "found an empty pattern", "one such as /src/old*.py", "Take it out.")
    if len(pattern) > _PATTERN_LENGTH:
        found = f"found a pattern of {len(pattern):,} characters"
        return Flaw("plan-pattern", found, f"at most {_PATTERN_LENGTH:,}", "Shorten it.")
    char = hidden_character(pattern)
    if char:
        found = f"found a pattern with the control character {code_point(char)}"
        return Flaw("plan-pattern", found, "printable text", "Write `?` for it, which matches any character.")
    return None


def command_flaw(command: str) -> Flaw | None:
    """Judge a command in one text, which is split into words as a shell would."""
    flaw = shell_flaw(command)
    if flaw:
        return flaw
    if len(command) > _COMMAND_LENGTH:
        found = f"found a command of {len(command):,} characters"
        return Flaw(
            "plan-command", found, f"at most {_COMMAND_LENGTH:,}", "Put it into a script and run that."
        )
    try:
        words = shlex.split(command)
    except ValueError as error:
        said = "a quote that is not closed" if "quotation" in str(error) else "a backslash at its end"
        found = f"found {said} in {shown(command)}"
        return Flaw("plan-command", found, "words that a shell could split", "Close it or take it out.")
    return words_flaw(words)


def shell_flaw(line: str) -> Flaw | None:
    """Judge a line for the shell."""
    if not line.strip():
        return Flaw("plan-empty", "found an empty command", "a program and its arguments", "Take it out.")
    return _nul_flaw(line)


def words_flaw(words: list[str]) -> Flaw | None:
    """Judge an argument list."""
    if not words[0].strip():
        return Flaw("plan-empty", "found a command without a program", "a program's name first", "Name it.")
    return next(filter(None, map(_nul_flaw, words)), None)


def _nul_flaw(text: str) -> Flaw | None:
    if "\0" not in text:
        return None
    found = "found a NUL character in a command, which no program can be given"
    return Flaw("plan-control-character", found, "text without it", "Take the character out.")


def branch_flaw(branch: str) -> Flaw | None:
    """Judge a branch name as ``git check-ref-format --branch`` does."""
    if not branch:
        return Flaw(
            "plan-empty", "found an empty name", "the name of a branch", "Write one or take the key out."
        )
    wrong = _wrong_in_branch(branch)
    if wrong is None:
        return None
    found = f"found the branch name {shown(branch)}, which {wrong}"
    return Flaw("plan-branch", found, "a name that git accepts", "Write one such as `archive-experiments`.")


def _wrong_in_branch(branch: str) -> str | None:
    parts = branch.split("/")
    forbidden = _BRANCH_FORBIDDEN.search(branch)
    wrongs = {
        f"holds {shown(forbidden[0]) if forbidden else ''}": forbidden is not None,
        "is a name of git's own": branch in {"HEAD", "@"},
        "starts with a dash": branch.startswith("-"),
        "has an empty part between slashes": "" in parts,
        "has a part that starts with a dot": any(part.startswith(".") for part in parts),
        "has a part that ends in `.lock`": any(part.endswith(".lock") for part in parts),
        "holds two dots in a row": ".." in branch,
        "ends with a dot": branch.endswith("."),
        "holds `@{`": "@{" in branch,
        "is longer than a file name may be": any(len(part.encode()) > 240 for part in parts),
    }
    return next((wrong for wrong, holds in wrongs.items() if holds), None)
