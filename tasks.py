"""The door: `invoke --list` shows what is inside. Without `--repo` the tasks act on the FlashCore sample."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tasks"))

from mothball.cli.checkout import namespace

ns = namespace(Path(__file__).parent)
