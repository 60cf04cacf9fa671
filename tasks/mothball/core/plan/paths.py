"""The rules for paths that a plan names: below the repository, outside git's own, good on every system."""

import re
from typing import Final

from mothball.core.plan.rules import Flaw, code_point, hidden_character, shown

# Most paths: no part begins with a dot or can be git's 8.3 name, and no byte is anything but plain.
_HARMLESS: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_COMPONENT_BYTES: Final = 255
_PATH_BYTES: Final = 4096
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_DEVICE: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³]) *([.:].*)?", re.IGNORECASE | re.DOTALL
)
# What git's is_ntfs_dotgit takes for ".git": its 8.3 name, dots and spaces after it, a stream after a colon.
_NTFS_GIT: Final = re.compile(r"(\.git|git~1)[ .]*(:.*)?", re.DOTALL)
# What git's is_hfs_dotgit skips because HFS+ does.
_HFS_IGNORED: Final = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF]
)


def as_directory(path: str) -> str:
    """Return a directory's path with its one trailing slash."""
    return path if path.endswith("/") else f"{path}/"


def directory_flaw(path: str) -> Flaw | None:
    """Judge a destination or the home directory."""
    return _path_flaw(path if path == "/" else path.removesuffix("/"), path)


def file_flaw(path: str) -> Flaw | None:
    """Judge the path of a file."""
    flaw = _path_flaw(path if path == "/" else path.removesuffix("/"), path)
    if flaw is None and path.endswith("/"):
        remedy = f"Add the file's name: {shown(path + 'README.md')}."
        return Flaw("plan-path-directory", f"found the directory {shown(path)}", "a file", remedy)
    return flaw


def is_confined(path: str) -> bool:
    """Say whether a path of a record stays below the root and outside git's own directory."""
    if _HARMLESS.fullmatch(path):
        return True
    parts = path.split("/")
    try:
        path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        return False
    return "\0" not in path and not any(part in {"", ".", ".."} or _is_git(part) for part in parts)


def _path_flaw(path: str, written: str) -> Flaw | None:
    flaw = _whole_flaw(path, written) or next(filter(None, map(_part_flaw, path.split("/"))), None)
    if flaw is None and len(path.encode()) >= _PATH_BYTES:
        found = f"found a path of {len(path.encode()):,} bytes"
        return Flaw("plan-path-long", found, f"fewer than {_PATH_BYTES:,}", "Shorten it.")
    return flaw


def _whole_flaw(path: str, written: str) -> Flaw | None:
    """Judge what shows in the path as a whole."""
    below = "a path from the repository's root, such as archive/old"
    if not path:
        return Flaw("plan-path-empty", "found an empty path", below, "Name the directory.")
    char = hidden_character(path)
    if char:
        found = f"found a path with the control character {code_point(char)}"
        return Flaw("plan-path-control", found, "printable characters", "Take the character out.")
    if _DRIVE.match(path):
        found = f"found {shown(written)}, a path with a drive letter"
        return Flaw("plan-path-drive", found, below, "Write it from the repository's root.")
    if "\\" in path:
        found = f"found {shown(written)}, a path with a backslash"
        return Flaw("plan-path-backslash", found, below, f"Write {shown(written.replace(chr(92), '/'))}.")
    if path.startswith("/"):
        found = f"found {shown(written)}, an absolute path"
        remedy = f"Write {shown(written.lstrip('/') or 'archive/')}."
        return Flaw("plan-path-absolute", found, below, remedy)
    return None


def _part_flaw(part: str) -> Flaw | None:
    """Judge one component."""
    if not part:
        found = "found a path with two slashes in a row"
        return Flaw("plan-path-empty", found, "a name between slashes", "Take one slash out.")
    if part == ".":
        return Flaw("plan-path-dot", "found a path with `.` in it", "plain names", "Leave it out.")
    if part == "..":
        found = "found a path with `..` in it, which could lead out of the repository"
        return Flaw("plan-path-parent", found, "plain names", "Write the path from the repository's root.")
    if _is_git(part):
        found = f"found {shown(part)}, which is git's own directory on some file system"
        return Flaw("plan-path-git", found, "a directory outside of it", "Write another name.")
    return _reserved_flaw(part)


def _is_git(part: str) -> bool:
    """Tell whether any file system takes the name for ``.git``."""
    return bool(_NTFS_GIT.fullmatch(part.translate(_HFS_IGNORED).casefold()))


def _reserved_flaw(part: str) -> Flaw | None:
    """Judge what Windows or a usual file system could not store under that name."""
    expected = "a name that every system can check out"
    if _DEVICE.fullmatch(part):
        found = f"found {shown(part)}, the name of a device on Windows"
        return Flaw("plan-path-reserved", found, expected, f"Write another, such as {shown('old-' + part)}.")
    if part.endswith((".", " ")):
        found = f"found {shown(part)}, which Windows would cut at its end"
        return Flaw("plan-path-reserved", found, expected, f"Write {shown(part.rstrip('. ') or 'old')}.")
    forbidden = _FORBIDDEN.search(part)
    if forbidden:
        found = f"found {shown(part)} with {shown(forbidden[0])}, which Windows forbids in names"
        return Flaw("plan-path-reserved", found, expected, "Take the character out; this is no pattern.")
    if len(part.encode()) > _COMPONENT_BYTES:
        found = f"found a name of {len(part.encode()):,} bytes"
        return Flaw("plan-path-long", found, f"at most {_COMPONENT_BYTES}", "Shorten it.")
    return None
