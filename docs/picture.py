"""Draw the README's picture: a real run on the sample, as SVG with nothing in it from the network.

``nox -s pictures`` calls it. Every byte of the text in the picture was printed by the run.
"""

import os
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT: Final = Path(__file__).parents[1]
PICTURE: Final = ROOT / "docs" / "images" / "archive-all.svg"
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


def run() -> str:
    """Archive a new sample as a newcomer's checkout does, and return what the terminal got."""
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
    return done.stdout


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


def main() -> None:
    """Write the picture."""
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(draw(run()), encoding="utf-8")
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)} drawn\n")


if __name__ == "__main__":
    main()
