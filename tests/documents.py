"""Pages that are tested by doing what they say: their blocks are typed, saved and compared.

A page says what its reader starts with: ``**You start with:** a committed plan.`` That world is made, and the
blocks are done in order, in one shell:

``sh``                  is typed; it must succeed, or end as a comment before it says: ``<!-- exits: 3 -->``
a block with a caption  is saved under that name; ``NAME, at its end`` adds to the file
``text``                are lines that the block before printed, in this order; ``…`` stands for anything
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import mothball
from tests.conftest import Picture, Program, Repo, make_repo

ROOT: Final = Path(__file__).parents[1]
MARK: Final = "\x1e%d\x1e"
AT_ITS_END: Final = ", at its end"
DOORS: Final = {
    "mothball": "from mothball.cli.program import main; main()",
    "invoke": "from invoke.main import program; program.run()",
    "nox": "from nox.__main__ import main; main()",
    "pre-commit": "from pre_commit.main import main; raise SystemExit(main())",
}
LAB: Picture = {
    "src/kernel.py": "def run() -> int:\n    return 42\n",
    "tests/test_kernel.py": "import unittest\n\nclass Test(unittest.TestCase):\n    def test(self): pass\n",
    "lab/run1/notes.md": "One.\n",
    "lab/run2/notes.md": "Two.\n",
    "lab/try_1.py": "print(1)\n",
    "build_v1.sh": Program("#!/bin/sh\n# 1\n"),
    "build_v2.sh": Program("#!/bin/sh\n# 2\n"),
    "build_v3.sh": Program("#!/bin/sh\n# 3\n"),
    "Makefile": "all:\n",
    ".gitignore": "__pycache__/\n",
    **{f"docs/{number}.md": "A page.\n" for number in range(9)},
}
"""The repository of whoever reads."""
GUIDE: Picture = {"docs/guide.md": "# Guide\n\nStart with [the first try](../lab/try_1.py).\n"}

_COMMENT: Final = re.compile(r"<!-- (\w+): (.+) -->")
_START: Final = re.compile(r"^\*\*You start with:\*\* (.+)\.$", re.MULTILINE)
_FENCE: Final = re.compile(r"(`{3,})(?:\{code-block\} )?(\w+|\{.+)?")
_OPTION: Final = re.compile(r":(\w+): (.+)")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A code block: the heading it is under, its language, its text, and what its options say."""

    heading: str
    language: str
    text: str
    caption: str = ""
    exits: int = 0


@dataclass(frozen=True)
class Page:
    """A page of Markdown."""

    place: Path

    @property
    def text(self) -> str:
        """What is written on it."""
        return self.place.read_text(encoding="utf-8")

    @property
    def start(self) -> str:
        """What its reader starts with, as it says so; ``""`` where it does not."""
        found = _START.search(self.text)
        return found[1] if found else ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its code blocks; directives of the documentation are none."""
        return tuple(block for block in _blocks(self.text) if not block.language.startswith("{"))

    def under(self, heading: str) -> list[Block]:
        """Return the blocks under a heading."""
        return [block for block in self.blocks if block.heading == heading]


def _blocks(text: str) -> Iterator[Block]:
    heading, exits, lines = "", 0, iter(text.splitlines())
    for line in lines:
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        elif comment := _COMMENT.fullmatch(line):
            exits = int(comment[2]) if comment[1] == "exits" else exits
        elif fence := _FENCE.fullmatch(line):
            inside = []
            for inner in lines:
                if inner == fence[1]:
                    break
                inside.append(inner)
            options = {}
            while inside and (option := _OPTION.fullmatch(inside[0])):
                options[option[1]] = option[2]
                inside.pop(0)
            body = "".join(f"{each}\n" for each in inside)
            caption = options.get("caption", "")
            yield Block(heading=heading, language=fence[2] or "", text=body, caption=caption, exits=exits)
            exits = 0


@dataclass(frozen=True)
class Reader:
    """Somebody who types what they read, in a home with a checkout and a repository of their own."""

    home: Path
    mine: Repo
    settings: dict[str, str] = field(default_factory=dict)
    """Environment variables of theirs."""
    spelled: dict[str, str] = field(default_factory=dict)
    """What they write in the place of what the page says, such as an address."""

    def follow(self, blocks: list[Block], place: Path | None = None) -> str:
        """Do what blocks say and return what the terminal showed; each must come out as it is told."""
        script = ["set -uo pipefail", f"cd {place or self.mine.root}"]
        for number, block in enumerate(blocks):
            script += [f"printf '{MARK % number}'", *self._lines(number, block)]
        said = self.type("\n".join(script))
        parts = re.split("\x1e(\\d+)\x1e", said)
        heard = {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}
        before = ""
        for number, block in enumerate(blocks):
            if block.language == "text":
                assert_said(block.text, before)
            elif block.language == "sh":
                before = heard[number]
        return "".join(parts[::2])

    def _lines(self, number: int, block: Block) -> list[str]:
        text = block.text
        for page, own in self.spelled.items():
            text = text.replace(page, own)
        if block.language == "sh" and not block.caption:
            if not block.exits:
                return ["set -e", text, "set +e"]
            wrong = f"echo '{block.text.strip()!r}' ended with $code; exit 99"
            return [text, f"code=$?; [ $code = {block.exits} ] || {{ {wrong}; }}"]
        name = block.caption or _file_of(block)
        if not name:
            return []
        saved = self.home / f"block-{number}"
        saved.write_text(text, encoding="utf-8")
        arrow, path = (">>", name.removesuffix(AT_ITS_END)) if name.endswith(AT_ITS_END) else (">", name)
        return [f'mkdir -p "$(dirname {path})"; cat {saved} {arrow} {path}']

    def type(self, script: str) -> str:
        """Run a script; it must succeed."""
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.home / "checkout",
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """A home of their own, and a path on which mothball is."""
        path = f"{self.home / 'checkout/.venv/bin'}{os.pathsep}{os.environ['PATH']}"
        package = str(Path(mothball.__file__).parents[1])
        own = {"HOME": str(self.home), "PATH": path, "PYTHONPATH": package, "NO_COLOR": "1"}
        return own | self.settings


def assert_said(expected: str, said: str) -> None:
    """Assert that lines were printed in this order, as far as they are told."""
    rest = [" ".join(line.split()) for line in said.splitlines()]
    for line in filter(None, (" ".join(line.split()) for line in expected.splitlines())):
        pattern = re.compile(".*".join(map(re.escape, line.split("…"))))
        at = next((number for number, one in enumerate(rest) if pattern.fullmatch(one)), None)
        assert at is not None, f"{line!r} was not printed; what was, from here on:\n{said}"
        rest = rest[at + 1 :]


def _file_of(block: Block) -> str:
    """Return the name that a block without a caption is saved under."""
    if block.language == "toml":
        return "mothball.toml"
    if block.language == "python":
        return "noxfile.py" if "nox" in block.text else "tasks.py"
    return ""


def reader_in(home: Path, picture: Picture = LAB) -> Reader:
    """Make a reader whose repository is a picture."""
    programs = home / "checkout/.venv/bin"
    programs.mkdir(parents=True)
    for name, start in DOORS.items():
        (programs / name).write_text(f"#!{sys.executable}\n{start}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    return Reader(home, make_repo(home / "code/mine", picture, None))
