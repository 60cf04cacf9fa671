/* Count every call that changes a file, over a whole tree of processes, and at a chosen one kill the group,
 * send it a signal, or let the call fail once. Built by calls.py and loaded with LD_PRELOAD; the counter is a
 * file that all processes map, named by RESILIENCE_CONTROL. Calls that the C library makes inside of itself
 * (buffered stdio) are seen where they open the file, not where they flush it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum mode { COUNT, KILL, FAIL, SIGNAL };

struct control { /* as calls.py packs it */
    int64_t counter, target;
    int32_t mode, number, group, logging;
    char what[224];
};

static struct control *control;

__attribute__((constructor)) static void attach(void) {
    const char *path = getenv("RESILIENCE_CONTROL");
    if (!path) return;
    int handle = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (handle < 0) return;
    void *place = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    if (place != MAP_FAILED) control = place;
    syscall(SYS_close, handle);
}

static void note(const char *name, const char *path, const char *other, long size) {
    char line[4400];
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\t%ld\n", name, path, other, size);
    const char *log = getenv("RESILIENCE_LOG");
    if (!log) return;
    int handle = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (handle < 0) return;
    syscall(SYS_write, handle, line, length);
    syscall(SYS_close, handle);
}

/* The name of an open file; what is no file on disk has none that begins with a slash. */
static const char *name_of(int handle, char *place, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, place, size - 1);
    place[length > 0 ? length : 0] = 0;
    return place;
}

/* The path of a name relative to an open directory, as well as it can be known. */
static const char *path_of(int directory, const char *name, char *place, size_t size) {
    if (name[0] == '/') return name;
    char above[2048];
    if (directory == AT_FDCWD) {
        if (!getcwd(above, sizeof above)) above[0] = 0;
    } else {
        name_of(directory, above, sizeof above);
    }
    snprintf(place, size, "%s/%s", above, name);
    return place;
}

/* Say whether the call must fail; set errno then. */
static int strikes(const char *name, const char *path, const char *other, long size) {
    if (!control || control->group <= 1 || getpgrp() != control->group) return 0;
    pid_t group = getpgrp();
    if (strncmp(path, "/dev/", 5) == 0 && strncmp(path, "/dev/shm/", 9) != 0) return 0;
    int64_t now = __atomic_add_fetch(&control->counter, 1, __ATOMIC_SEQ_CST);
    if (control->logging) note(name, path, other, size);
    if (now != control->target) return 0;
    snprintf(control->what, sizeof control->what, "%s %s", name, path);
    switch (control->mode) {
    case KILL:
        kill(-group, SIGKILL);
        for (;;) pause();
    case SIGNAL:
        kill(-group, control->number);
        return 0;
    case FAIL:
        errno = control->number;
        return 1;
    default:
        return 0;
    }
}

static int strikes_open(int handle, const char *name, long size) {
    char place[2048];
    struct stat seen;
    if (handle <= 2 || !control || control->group == 0) return 0;
    if (syscall(SYS_fstat, handle, &seen) != 0 || !(S_ISREG(seen.st_mode) || S_ISDIR(seen.st_mode))) return 0;
    return strikes(name, name_of(handle, place, sizeof place), "", size);
}

#define REAL(result, name, ...)                                \
    static result (*real)(__VA_ARGS__);                        \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

#define AT(directory, path) path_of(directory, path, place, sizeof place)
#define AT2(directory, path) path_of(directory, path, second, sizeof second)

#define OPEN(symbol)                                                                          \
    int symbol(const char *path, int flags, ...) {                                            \
        REAL(int, #symbol, const char *, int, ...);                                           \
        char place[4096];                                                                     \
        va_list rest;                                                                         \
        va_start(rest, flags);                                                                \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;             \
        va_end(rest);                                                                         \
        if (flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR) &&                                \
            strikes("open", AT(AT_FDCWD, path), flags & O_TRUNC ? "truncate" : "", flags))    \
            return -1;                                                                        \
        return real(path, flags, mode);                                                       \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(symbol)                                                                        \
    int symbol(int directory, const char *path, int flags, ...) {                             \
        REAL(int, #symbol, int, const char *, int, ...);                                      \
        char place[4096];                                                                     \
        va_list rest;                                                                         \
        va_start(rest, flags);                                                                \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;             \
        va_end(rest);                                                                         \
        if (flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR) &&                                \
            strikes("open", AT(directory, path), flags & O_TRUNC ? "truncate" : "", flags))   \
            return -1;                                                                        \
        return real(directory, path, flags, mode);                                            \
    }
OPENAT(openat)
OPENAT(openat64)

#define FOPEN(symbol)                                                                         \
    FILE *symbol(const char *path, const char *mode) {                                        \
        REAL(FILE *, #symbol, const char *, const char *);                                    \
        char place[4096];                                                                     \
        if ((mode[0] == 'w' || mode[0] == 'a' || strchr(mode, '+')) &&                        \
            strikes("open", AT(AT_FDCWD, path), mode[0] == 'w' ? "truncate" : "", 0))         \
            return NULL;                                                                      \
        return real(path, mode);                                                              \
    }
FOPEN(fopen)
FOPEN(fopen64)

ssize_t write(int handle, const void *bytes, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return strikes_open(handle, "write", (long)size) ? -1 : real(handle, bytes, size);
}

ssize_t writev(int handle, const struct iovec *parts, int number) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    return strikes_open(handle, "write", number) ? -1 : real(handle, parts, number);
}

#define PWRITE(symbol, offset_type)                                                           \
    ssize_t symbol(int handle, const void *bytes, size_t size, offset_type offset) {          \
        REAL(ssize_t, #symbol, int, const void *, size_t, offset_type);                       \
        return strikes_open(handle, "write", (long)size) ? -1 : real(handle, bytes, size, offset); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_HANDLE(symbol)                                                                     \
    int symbol(int handle) {                                                                  \
        REAL(int, #symbol, int);                                                              \
        return strikes_open(handle, #symbol, 0) ? -1 : real(handle);                          \
    }
ON_HANDLE(fsync)
ON_HANDLE(fdatasync)
ON_HANDLE(syncfs)

#define TRUNCATE(symbol, size_type)                                                           \
    int symbol(int handle, size_type size) {                                                  \
        REAL(int, #symbol, int, size_type);                                                   \
        return strikes_open(handle, "ftruncate", (long)size) ? -1 : real(handle, size);       \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SENDFILE(symbol, offset_type)                                                         \
    ssize_t symbol(int to, int from, offset_type *offset, size_t size) {                      \
        REAL(ssize_t, #symbol, int, int, offset_type *, size_t);                              \
        return strikes_open(to, "write", (long)size) ? -1 : real(to, from, offset, size);     \
    }
SENDFILE(sendfile, off_t)
SENDFILE(sendfile64, off64_t)

int fchmod(int handle, mode_t mode) {
    REAL(int, "fchmod", int, mode_t);
    return strikes_open(handle, "fchmod", mode) ? -1 : real(handle, mode);
}

int chmod(const char *path, mode_t mode) {
    REAL(int, "chmod", const char *, mode_t);
    char place[4096];
    return strikes("chmod", AT(AT_FDCWD, path), "", mode) ? -1 : real(path, mode);
}

int fchmodat(int directory, const char *path, mode_t mode, int flags) {
    REAL(int, "fchmodat", int, const char *, mode_t, int);
    char place[4096];
    return strikes("chmod", AT(directory, path), "", mode) ? -1 : real(directory, path, mode, flags);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    char place[4096];
    return strikes("unlink", AT(AT_FDCWD, path), "", 0) ? -1 : real(path);
}

int unlinkat(int directory, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    char place[4096];
    return strikes("unlink", AT(directory, path), "", flags) ? -1 : real(directory, path, flags);
}

int rmdir(const char *path) {
    REAL(int, "rmdir", const char *);
    char place[4096];
    return strikes("rmdir", AT(AT_FDCWD, path), "", 0) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    char place[4096];
    return strikes("mkdir", AT(AT_FDCWD, path), "", mode) ? -1 : real(path, mode);
}

int mkdirat(int directory, const char *path, mode_t mode) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    char place[4096];
    return strikes("mkdir", AT(directory, path), "", mode) ? -1 : real(directory, path, mode);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    char place[4096], second[4096];
    return strikes("rename", AT(AT_FDCWD, from), AT2(AT_FDCWD, to), 0) ? -1 : real(from, to);
}

int renameat(int one, const char *from, int other, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    char place[4096], second[4096];
    return strikes("rename", AT(one, from), AT2(other, to), 0) ? -1 : real(one, from, other, to);
}

int renameat2(int one, const char *from, int other, const char *to, unsigned int flags) {
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned int);
    char place[4096], second[4096];
    return strikes("rename", AT(one, from), AT2(other, to), (long)flags) ? -1 : real(one, from, other, to, flags);
}

int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    char place[4096], second[4096];
    return strikes("link", AT(AT_FDCWD, from), AT2(AT_FDCWD, to), 0) ? -1 : real(from, to);
}

int linkat(int one, const char *from, int other, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    char place[4096], second[4096];
    return strikes("link", AT(one, from), AT2(other, to), flags) ? -1 : real(one, from, other, to, flags);
}

int symlink(const char *text, const char *to) {
    REAL(int, "symlink", const char *, const char *);
    char place[4096];
    return strikes("symlink", AT(AT_FDCWD, to), text, 0) ? -1 : real(text, to);
}

int symlinkat(const char *text, int directory, const char *to) {
    REAL(int, "symlinkat", const char *, int, const char *);
    char place[4096];
    return strikes("symlink", AT(directory, to), text, 0) ? -1 : real(text, directory, to);
}
