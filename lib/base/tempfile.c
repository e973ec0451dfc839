/* tempfile.c - a file without a name. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "weft/mem.h"
#include "banned.h"

/* Not every file system can make a nameless file at once: then it has a name for a moment. */
static int open_for_a_moment(void *tmp, const char *dir)
{
    char *name = talloc_asprintf(tmp, "%s/spool.XXXXXX", dir);
    if (name == NULL) {
        errno = ENOMEM;
        return -1;
    }
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

weft_code weft_tempfile_open(const char *dir, int *fd, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    int made = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (made < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        made = open_for_a_moment(tmp, dir);
    if (made < 0)
        return weft_fail(err, WEFT_EIO, "%s: no temporary file: %s", dir, strerror(errno));
    *fd = made;
    return WEFT_OK;
}
