"""Renames that the standard library lacks: one that never replaces, and one that exchanges two names.

Linux has renameat2(2) since 3.15, macOS renameatx_np(2) since 10.12. Where the kernel or the file system has
neither, link and unlink stand in for the first; for the second there is no substitute.
"""

import os
import sys
from dataclasses import dataclass
from typing import Final

from mothball.effects.native import call

_MAC: Final = sys.platform == "darwin"
_NOREPLACE: Final = 4 if _MAC else 1
_EXCHANGE: Final = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a directory that is held open."""

    directory: int
    name: bytes


def rename_noreplace(source: Name, target: Name) -> None:
    """Rename a file to a name that must be free.

    Raises:
        OSError: as rename(2); ``FileExistsError`` when the target exists.
    """
    if _native(source, target, _NOREPLACE):
        return
    # A crash between the two leaves one file under two names, never none; recovery knows it by its inode.
    os.link(
        source.name,
        target.name,
        src_dir_fd=source.directory,
        dst_dir_fd=target.directory,
        follow_symlinks=False,
    )
    os.unlink(source.name, dir_fd=source.directory)


def exchange(one: Name, other: Name) -> bool:
    """Let two files change names in one step; say whether this system can.

    Raises:
        OSError: as rename(2).
    """
    return _native(one, other, _EXCHANGE)


def _native(source: Name, target: Name, flag: int) -> bool:
    """Call the system; ``False`` where it has no such call."""
    function = "renameatx_np" if _MAC else "renameat2"
    try:
        return call(function, source.directory, source.name, target.directory, target.name, flag)
    except OSError as error:
        error.filename, error.filename2 = os.fsdecode(source.name), os.fsdecode(target.name)
        raise
