/* lock.c - one writer at a time. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "weft/mem.h"
#include "banned.h"

static weft_code fail_held(int fd, const char *dir, weft_error *err)
{
    char pid[32];
    ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
    pid[n > 0 ? n : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    return weft_fail(err, WEFT_EBUSY,
                     "%s: is being written by process %s: wait for it, or use --wait", dir,
                     pid[0] == '\0' ? "unknown" : pid);
}

weft_code lock_take(const char *dir, bool wait, int *fd, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/lock", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (f < 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    int failed;
    do
        failed = flock(f, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    while (failed != 0 && errno == EINTR);
    if (failed != 0) {
        weft_code code = errno == EWOULDBLOCK
                             ? fail_held(f, dir, err)
                             : weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
        close(f);
        return code;
    }
    if (ftruncate(f, 0) != 0 || dprintf(f, "%ld\n", (long)getpid()) < 0) {
        weft_code code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
        close(f);
        return code;
    }
    *fd = f;
    return WEFT_OK;
}

void lock_release(int fd)
{
    if (fd >= 0)
        close(fd);
}
