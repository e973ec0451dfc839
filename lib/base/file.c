/* file.c - files below stdio: bytes that must all be written, and must last. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "banned.h"

static weft_code fail(const char *name, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", name, strerror(errno));
}

weft_code weft_write_all(int fd, const void *bytes, size_t n, const char *name,
                         weft_error *err)
{
    const char *p = bytes;
    while (n > 0) {
        ssize_t wrote = write(fd, p, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return fail(name, err);
        p += wrote;
        n -= (size_t)wrote;
    }
    return WEFT_OK;
}

weft_code weft_sync_path(const char *path, weft_error *err)
{
    weft_code code = WEFT_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        code = fail(path, err);
    if (fd >= 0)
        close(fd);
    return code;
}
