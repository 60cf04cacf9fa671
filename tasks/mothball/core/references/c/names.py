"""Names of headers that come with compilers and systems, or that builds make."""

from typing import Final

_C: Final = """
assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign
stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings tgmath threads time
uchar wchar wctype unistd fcntl dirent pthread sched semaphore poll termios syslog dlfcn getopt glob
grp pwd regex spawn utime alloca malloc memory endian byteswap execinfo features libgen link netdb
windows winsock2 ws2tcpip direct io process conio tchar intrin immintrin xmmintrin emmintrin
arm_neon Python numpy
"""
_CPP: Final = """
algorithm any array atomic bitset charconv chrono codecvt complex concepts condition_variable
coroutine deque exception execution filesystem format forward_list fstream functional future
initializer_list iomanip ios iosfwd iostream istream iterator limits list locale map memory
memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex
scoped_allocator set shared_mutex span sstream stack stdexcept streambuf string string_view
system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility
valarray variant vector version cassert cctype cerrno cfloat cinttypes climits cmath csetjmp csignal
cstdarg cstddef cstdint cstdio cstdlib cstring ctime cwchar cwctype sys bits asm net netinet arpa
mach gnu
"""
SYSTEM: Final = frozenset(_CPP.split()) | {name + ".h" for name in _C.split()}
"""Headers, and first parts of their paths, that are there without the repository."""


def is_system(name: str) -> bool:
    """Say whether what stands in angle brackets is there without the repository."""
    return name in SYSTEM or name.partition("/")[0] in SYSTEM


BY_BUILDS: Final = frozenset(
    {"config.h", "version.h", "autoconf.h", "sdkconfig.h", "resource.h", "stdafx.h", "pch.h", "build_info.h"}
)
"""Headers that builds make, or of which each project has one of its own."""
