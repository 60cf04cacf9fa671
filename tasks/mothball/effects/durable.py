"""Sync a whole file system in one call: directories by the hundred take far longer one by one."""

import ctypes
import errno
import functools
import os
from typing import Any, Final

_UNSUPPORTED: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})


def sync_file_system(handle: int) -> bool:
    """Make all that is on the file system of a handle survive a power cut; say whether this system can.

    Linux has syncfs(2) since 2.6.39, and reports there what could not be written since 5.8.

    Raises:
        OSError: as fsync(2).
    """
    function = _function()
    if function is None:
        return False
    if function(handle) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number))


@functools.cache
def _function() -> Any:
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
