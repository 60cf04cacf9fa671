"""Repositories of any size to measure on: made by git fast-import, the same for the same numbers."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CATEGORIES = 20
PATTERNS = 10
"""Patterns of each category: half of them whole directories, half globs for scattered files."""
DATE = "1700000000 +0000"
SETTINGS = {
    "user.name": "Bench",
    "user.email": "bench@example.org",
    "gc.auto": "0",
    # The index of a copy holds for the copy: git compares times and sizes alone.
    "core.checkStat": "minimal",
    "core.trustctime": "false",
}


@dataclass(frozen=True)
class Size:
    """How large a repository is: tracked files, and how many of a hundred are archived."""

    files: int
    share: int = 30

    @property
    def name(self) -> str:
        """Name it for people."""
        many = f"{self.files / 1e6:g} M" if self.files >= 1_000_000 else f"{self.files / 1e3:g} k"
        return f"{many} files"


def paths(size: Size) -> Iterator[tuple[str, bool]]:
    """Yield every path and whether the plan archives it: whole directories, and one in ten scattered."""
    going = size.files * size.share // 100
    scattered = going // 10
    each = 100
    for number in range(size.files):
        category, block = number % CATEGORIES, number // CATEGORIES
        if number < going - scattered:
            place = block % (PATTERNS // 2)
            yield f"lab/c{category:02}/exp{place}/d{block // each}/run_{number}.py", True
        elif number < going:
            yield f"src/pkg{block % 50:02}/old{category:02}_{number}.py", True
        else:
            yield f"src/pkg{block % 50:02}/mod{block // (50 * each)}/part_{number}.py", False


def plan() -> str:
    """Return the plan: 20 categories of 10 patterns."""
    rows = ['title = "Measure"', "[limits]", "share = 0.9"]
    for category in range(CATEGORIES):
        name = f"c{category:02}"
        whole = [f"/lab/{name}/exp{place}/" for place in range(PATTERNS // 2)]
        loose = [f"/src/pkg*/old{category:02}_*{end}.py" for end in ("0", "1", "2", "3", "[4-9]")]
        rows += [
            "[[archive]]",
            f'name = "{name}"',
            f'title = "Experiments {name}"',
            'reason = "Superseded."',
            "optional = true",
            f'into."archive/{name}/" = {whole + loose}'.replace("'", '"'),
        ]
    return "\n".join(rows) + "\n"


def build(root: Path, size: Size) -> None:
    """Build the repository and check it out."""
    subprocess.run(["git", "init", "-q", root], check=True)
    for key, value in SETTINGS.items():
        subprocess.run(["git", "-C", root, "config", key, value], check=True)
    with subprocess.Popen(["git", "-C", root, "fast-import", "--quiet"], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.writelines(_stream(size))
        process.stdin.close()
    subprocess.run(["git", "-C", root, "reset", "-q", "--hard", "main"], check=True)


def _stream(size: Size) -> Iterator[bytes]:
    yield f"commit refs/heads/main\ncommitter Bench <bench@example.org> {DATE}\ndata 5\nstart\n".encode()
    yield _file("mothball.toml", plan().encode())
    for number, (path, _) in enumerate(paths(size)):
        body = f'"""Part {number}."""\n\nimport os\n\nVALUE = {number}\n\n\ndef run() -> int:\n'
        yield _file(path, (body + "    return VALUE\n" * 20).encode())
    yield b"\n"


def _file(path: str, content: bytes) -> bytes:
    return f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
