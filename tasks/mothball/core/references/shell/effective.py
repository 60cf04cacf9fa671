"""Which program a command really runs, and which commands that is given as a text."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from posixpath import basename
from typing import Final

from mothball.core.references.shell import programs as known
from mothball.core.references.shell.items import CLOSE, OPEN, Word
from mothball.core.references.shell.places import Place

SETTING: Final = re.compile(r"--?[A-Za-z][\w.-]*=|/[A-Za-z]+:|-D\w+(?::\w+)?=|[A-Za-z_][\w.-]*=")
_INTERPRETER: Final = re.compile(r"(?:.*/)?(?:i?python[\d.]*|bash|sh|zsh)")
_PYTHON: Final = re.compile(r"(?:python|pypy|py)[\d.]*(?:\.exe)?|micropython|ipython3?|jython", re.IGNORECASE)
_VERSIONED: Final = re.compile(r"(?<=\w)@[\d.^~v][\w.-]*$|(?<=\w)@latest$")
"""What ``npx`` and its like are told of the version."""
_WITH_VALUE: Final = frozenset({"--with", "-u", "-n", "-p", "--group", "--extra", "-I", "--package"})

_PYTHON_RUNNERS: Final = {
    "coverage": "run", "accelerate": "launch", "memray": "run", "fil-profile": "run", "mprof": "run",
    "torchrun": "", "kernprof": "", "deepspeed": "", "scalene": "", "viztracer": "", "pyinstrument": "",
}  # fmt: skip
"""They run a script or a module as Python does, some when they are told so first."""
MODULE_RUNNERS: Final = frozenset(
    {
        "coverage",
        "kernprof",
        "scalene",
        "viztracer",
        "pyinstrument",
        "memray",
        "debugpy",
        "cProfile",
        "profile",
    }
    | {"pdb", "trace", "torch.distributed.run", "torch.distributed.launch", "accelerate.commands.launch"}
)
"""Modules that do the same."""
_WRAP: Final = "--wrap="
_SHELLS: Final = frozenset({"bash", "sh", "zsh", "cmd", "su", "pwsh", "powershell"})
_CODE: Final = frozenset({"-c", "-lc", "-ec", "-command", "/c", "-euc", "-xec", "-euxc"})
_STARTERS: Final = frozenset(
    {"concurrently", "conc", "nodemon", "start-server-and-test", "onchange", "chokidar", "watchexec"}
)
"""Programs that are told commands, each in quotes."""


def is_python(program: str) -> bool:
    """Say whether a program runs Python."""
    return _PYTHON.fullmatch(program) is not None


def effective(words: list[Word], variables: Mapping[str, Place]) -> list[Word]:
    """Return the words from the program on that really runs: without ``sudo``, ``env X=1``, ``uv run``."""
    rest = list(words)
    for _ in range(8):
        if not rest:
            break
        name = program_name(rest[0], variables)
        following = rest[1].value if len(rest) > 1 else ""
        if name == "command" and following in {"-v", "-V"}:
            break  # it only says whether there is such a program
        if name in known.WRAPPERS and len(rest) > 1:
            rest = _without_flags(rest[1:])
        elif following and known.RUNNERS.get(name) == following:
            rest = _without_flags(rest[2:])
        elif name in known.RUNNERS_OF_ONE and len(rest) > 1:
            rest = _without_flags(rest[1:])
            rest = rest[1:] if name == "timeout" else rest
        elif name == "run" and len(rest) > 1:
            rest = rest[1:]
        elif name in known.LAUNCHERS and (launched := _launched(rest)):
            rest = launched
        else:
            break
    return _scripted(rest, variables)


def _scripted(rest: list[Word], variables: Mapping[str, Place]) -> list[Word]:
    """Return the words as Python would be given them, where something else runs a script: first that."""
    name = program_name(rest[0], variables) if rest else ""
    following = [word.value for word in rest[1:3]]
    if is_python(name) and len(following) == 2 and following[0] == "-m":
        first = 3 if following[1] in MODULE_RUNNERS else 0
    else:
        first = 1 if name in _PYTHON_RUNNERS else 0
        told = _PYTHON_RUNNERS.get(name, "")
        first = 0 if told and told not in following[:1] else first
    for index, word in enumerate(rest[first:], first) if first else ():
        if word.value == "-m" or word.value.endswith(".py"):
            head = rest[:first] if first > 1 else [_called(rest[0], "python")]
            return [*head, *rest[index:], *rest[first:index]]
    return rest


def _called(word: Word, name: str) -> Word:
    """Return a word with another value, which stands where the word does."""
    end = word.start + len(word.raw)
    return Word(word.start, word.raw, name, (word.start,) * len(name), (end,) * len(name))


def _launched(rest: list[Word]) -> list[Word]:
    """Return the words from the interpreter on that a launcher starts; none where that is no interpreter."""
    for index, word in enumerate(rest[1:], 1):
        if _INTERPRETER.fullmatch(word.value) or word.value in _PYTHON_RUNNERS:
            return rest[index:]
    return []


def program_name(word: Word, variables: Mapping[str, Place]) -> str:
    """Return the name of a program, without its directory; a variable's is what it holds, or is called."""
    value = word.value.lstrip("@-+")
    if value.startswith(OPEN) and value.endswith(CLOSE):
        name = value.strip(OPEN + CLOSE)
        held = variables.get(name)
        value = held.name.split(" ")[0] if held is not None and held.name else name.lower()
    name = basename(value).removesuffix(".exe")
    return _VERSIONED.sub("", name)


def _without_flags(words: list[Word]) -> list[Word]:
    at = 0
    while at < len(words) and (words[at].value.startswith("-") or SETTING.match(words[at].value)):
        at += 2 if words[at].value in _WITH_VALUE else 1
    return words[at:]


def commands_in(name: str, rest: list[Word]) -> Iterator[tuple[int, int]]:
    """Yield where the commands begin and end that a program is given as a text."""
    for previous, word in pairwise(rest):
        if (name in _SHELLS and previous.value.lower() in _CODE) or (
            name in _STARTERS and word.quoted and " " in word.value
        ):
            yield _content(word)
        elif name == "sbatch" and word.value.startswith(_WRAP) and len(word.value) > len(_WRAP):
            yield word.begins[len(_WRAP)], word.ends[-1]


def _content(word: Word) -> tuple[int, int]:
    quoted = word.raw[:1] in ("'", '"') and len(word.raw) > 1
    return word.start + quoted, word.start + len(word.raw) - quoted
