"""Draw the README's pictures: a real run on the sample, and the report that it left.

``nox -s pictures`` calls it. Every byte of the text in the first picture was printed by the run; the second
is what Chromium makes of the page, with the digest of the words in sight, so that a test sees them differ.
"""

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT: Final = Path(__file__).parents[1]
PICTURE: Final = ROOT / "docs" / "images" / "archive-all.svg"
REPORT: Final = ROOT / "docs" / "images" / "report-page.png"
SIZE: Final = (1180, 1100)
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
    " --disable-background-networking --disable-component-update --disable-sync"
    " --run-all-compositor-stages-before-draw --virtual-time-budget=4000"
)
COLUMNS: Final = 88
COMMAND: Final = (".venv/bin/invoke", "archive.all")
# The commit's id is in the picture; with a clock of its own it is the same whenever the picture is made.
CLOCK: Final = "2025-10-26T09:00:00+00:00"
INVOKE: Final = f"#!{sys.executable}\nfrom invoke.main import program\nprogram.run()\n"
THEME: Final = TerminalTheme(
    (22, 27, 34),
    (230, 237, 243),
    [
        (72, 79, 88),
        (255, 123, 114),
        (63, 185, 80),
        (210, 153, 34),
        (88, 166, 255),
        (188, 140, 255),
        (57, 197, 207),
        (177, 186, 196),
    ],
)
TEMPLATE: Final = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img" xml:space="preserve">
<title>A run of archive.all on the sample repository</title>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{
  font-family: system-ui, sans-serif;
  font-size: 18px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


@dataclass(frozen=True)
class Run:
    """What the terminal got, and the report that was left."""

    printed: str
    page: str


def run() -> Run:
    """Archive a new sample as a newcomer's checkout does."""
    with tempfile.TemporaryDirectory() as name:
        checkout = Path(name).resolve()
        (checkout / "tasks").symlink_to(ROOT / "tasks")
        (checkout / "tasks.py").write_bytes((ROOT / "tasks.py").read_bytes())
        program = checkout / COMMAND[0]
        program.parent.mkdir(parents=True)
        program.write_text(INVOKE, encoding="utf-8")
        program.chmod(0o755)
        done = subprocess.run(
            COMMAND, cwd=checkout, env=_environment(), capture_output=True, check=True, encoding="utf-8"
        )
        page = (checkout / "reports" / "archive-analysis.html").read_text(encoding="utf-8")
    return Run(done.stdout, page)


def _environment() -> dict[str, str]:
    """Return an environment in which the run prints the same, whoever draws."""
    foreign = ("GIT_", "MOTHBALL_", "INVOKE_", "NO_COLOR")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    dates = {"GIT_AUTHOR_DATE": CLOCK, "GIT_COMMITTER_DATE": CLOCK, "GIT_CONFIG_GLOBAL": os.devnull}
    shown = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "PYTHONUTF8": "1"}
    return clean | dates | shown


def draw(printed: str) -> str:
    """Return the picture of what a terminal got."""
    # A little wider than the run: not every font of the reader's has letters as narrow as the drawing.
    width = COLUMNS + 4
    paper = Console(record=True, file=StringIO(), width=width, force_terminal=True, color_system="truecolor")
    paper.print(Text.assemble(("$ ", "dim"), (" ".join(COMMAND), "bold")))
    paper.print(Text.from_ansi(printed.rstrip()))
    return paper.export_svg(
        title="mothball", theme=THEME, code_format=TEMPLATE, unique_id="run", font_aspect_ratio=0.6
    )


def digest(page: str) -> str:
    """Return the digest of what can be read in the picture of a report: its head and its trees."""
    seen = page[page.index("<header>") : page.index('<section id="impact"')]
    words = " ".join(re.sub(r"<[^>]*>", " ", seen).split())
    return sha256(words.encode()).hexdigest()


def photograph(page: str) -> bytes:
    """Return the top of a report as a browser shows it, with its digest."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit(f"the picture of the report needs one of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory() as name:
        place, image = Path(name) / "report.html", Path(name) / "report.png"
        place.write_text(page, encoding="utf-8")
        command = [program, *FLAGS.split(), f"--user-data-dir={name}/profile", f"--screenshot={image}"]
        size = "--window-size={},{}".format(*SIZE)
        subprocess.run([*command, size, place.as_uri()], capture_output=True, check=True)
        return marked(image.read_bytes(), digest(page))


def marked(png: bytes, text: str) -> bytes:
    """Write a text into a PNG, as a chunk before its last one."""
    chunk = b"tEXt" + b"Comment\0" + text.encode()
    end = len(png) - 12
    return (
        png[:end]
        + struct.pack(">I", len(chunk) - 4)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + png[end:]
    )


def main() -> None:
    """Write the pictures."""
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    done = run()
    PICTURE.write_text(draw(done.printed), encoding="utf-8")
    REPORT.write_bytes(photograph(done.page))
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)} and {REPORT.relative_to(ROOT)} drawn\n")


if __name__ == "__main__":
    main()
