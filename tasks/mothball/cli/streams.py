"""Standard streams that never fail. No heavy import: `--list` needs it too."""

import sys
from io import TextIOWrapper


def forgive() -> None:
    """Make the standard streams escape what they cannot encode instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
