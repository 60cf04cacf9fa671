"""Take one change back out of a text that was edited since, by git's own merge of three texts."""

from pathlib import Path
from tempfile import TemporaryDirectory

from mothball.effects.git import Git


def merge(git: Git, folder: Path, now: bytes, since: bytes, wanted: bytes) -> bytes | int:
    """Return ``now`` with the change from ``since`` to ``wanted``, or the line where both changed the same.

    Scratch files go below ``folder``; of a text that git takes for binary the line is 1.
    """
    names = ("now", "since", "wanted")
    with TemporaryDirectory(dir=folder) as scratch:
        for name, text in zip(names, (now, since, wanted), strict=True):
            (Path(scratch) / name).write_bytes(text)
        done = git.run("merge-file", "--stdout", "--quiet", *(str(Path(scratch) / name) for name in names))
    if done.returncode == 0:
        return done.stdout
    before = done.stdout.partition(b"<<<<<<< ")[0]
    return before.count(b"\n") + 1
