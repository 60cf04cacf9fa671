"""Standard streams that never fail. No heavy import: `--list` needs it too."""

import os
import sys
from io import TextIOWrapper


def forgive() -> None:
    """Make the standard streams escape what they cannot encode instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def hush() -> None:
    """Send what is still to be printed nowhere: its reader has gone, and the interpreter would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
