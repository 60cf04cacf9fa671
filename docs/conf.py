"""The documentation's build: ``nox -s docs``. The pages of the reference are written when it begins."""

import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "mothball"
author = "The mothball authors"
project_copyright = author
release = version = _PROJECT["version"]

extensions = ["myst_parser", "sphinx_copybutton"]
exclude_patterns = ["_build"]
nitpicky = True
smartquotes = False  # two dashes begin a flag

myst_heading_anchors = 3

html_theme = "furo"
html_title = f"mothball {release}"
html_static_path = ["_static"]
html_css_files = ["own.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
copybutton_exclude = ".linenos, .gp, .go"
copybutton_selector = (
    "div.highlight-sh pre, div.highlight-toml pre, div.highlight-yaml pre, div.highlight-python pre"
)


def setup(app: Any) -> None:
    """Write the reference before the pages are read."""
    app.connect("builder-inited", _write_reference)


def _write_reference(app: Any) -> None:
    from docs.reference import write

    write(Path(app.srcdir) / "reference")
