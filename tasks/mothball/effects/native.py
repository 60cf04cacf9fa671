"""Calls of the system that the standard library lacks."""

import ctypes
import errno
import functools
import os
import sys
from typing import Any, Final

_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1 << 20
_UNSUPPORTED: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})


def call(name: str, *arguments: int | bytes) -> bool:
    """Call a function of the C library that returns 0; say whether this system and file system have it.

    Raises:
        OSError: the call failed.
    """
    function = _function(name)
    if function is None:
        return False
    if function(*arguments) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number))


def sync_file_system(handle: int) -> bool:
    """Make all that is on the file system of a handle survive a power cut; say whether this system can.

    One call, where directories by the hundred take far longer one by one. Linux has syncfs(2) since 2.6.39,
    and reports there what could not be written since 5.8.

    Raises:
        OSError: as fsync(2).
    """
    return call("syncfs", handle)


def return_large_blocks() -> None:
    """Have the C library give large blocks back to the system as soon as they are free.

    By mallopt(3) of glibc, which by default keeps ever larger ones (up to 32 MB) for later: where tables of a
    whole repository come and go, a third of the memory is held for nobody. Others have no such call.
    """
    tune = _function("mallopt")
    if tune is not None and sys.platform == "linux":
        tune(_MMAP_THRESHOLD, _LARGE)


@functools.cache
def _function(name: str) -> Any:
    return getattr(ctypes.CDLL(None, use_errno=True), name, None)
