/* output.c - a file that is written from its start to its end. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "weft/tempfile.h"
#include "banned.h"

enum { BUFFER_BYTES = 256 * 1024 };

struct output {
    int fd;
    const char *name; /* for messages */
    uint64_t bytes;   /* appended, also those that wait */
    size_t waiting;
    unsigned char buffer[BUFFER_BYTES];
};

static int output_close(output *o)
{
    if (o->fd >= 0)
        close(o->fd);
    return 0;
}

static output *new_output(void *mem, const char *name)
{
    output *o = talloc(mem, output);
    if (o == NULL)
        return NULL;
    o->fd = -1;
    o->bytes = o->waiting = 0;
    o->name = talloc_strdup(o, name);
    talloc_set_destructor(o, output_close);
    return o->name == NULL ? NULL : o;
}

static weft_code fail(const output *o, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", o->name, strerror(errno));
}

weft_code output_create(void *mem, const char *path, output **out, weft_error *err)
{
    output *o = new_output(mem, path);
    if (o == NULL)
        return weft_fail_nomem(err);
    o->fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (o->fd < 0)
        return fail(o, err);
    *out = o;
    return WEFT_OK;
}

weft_code output_temporary(void *mem, const char *dir, output **out, weft_error *err)
{
    output *o = new_output(mem, "temporary file");
    if (o == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_tempfile_open(dir, &o->fd, err);
    if (code == WEFT_OK)
        *out = o;
    return code;
}

weft_code output_reopen(void *mem, const char *path, output **out, weft_error *err)
{
    struct stat st;
    output *o = new_output(mem, path);
    if (o == NULL)
        return weft_fail_nomem(err);
    o->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (o->fd < 0 || fstat(o->fd, &st) != 0)
        return fail(o, err);
    o->bytes = (uint64_t)st.st_size;
    *out = o;
    return WEFT_OK;
}

uint64_t output_bytes(const output *o)
{
    return o->bytes;
}

weft_code output_flush(output *o, weft_error *err)
{
    size_t n = o->waiting;
    o->waiting = 0;
    return weft_write_all(o->fd, o->buffer, n, o->name, err);
}

weft_code output_append(output *o, const void *p, size_t n, weft_error *err)
{
    o->bytes += n;
    if (n > BUFFER_BYTES - o->waiting) {
        weft_code code = output_flush(o, err);
        if (code != WEFT_OK || n > BUFFER_BYTES)
            return code == WEFT_OK ? weft_write_all(o->fd, p, n, o->name, err) : code;
    }
    if (n > 0)
        memcpy(o->buffer + o->waiting, p, n);
    o->waiting += n;
    return WEFT_OK;
}

weft_code output_read(const output *o, uint64_t offset, void *p, size_t n, weft_error *err)
{
    for (size_t got = 0; got < n;) {
        ssize_t more = pread(o->fd, (char *)p + got, n - got, (off_t)(offset + got));
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return fail(o, err);
        if (more == 0)
            return weft_fail(err, WEFT_EIO, "%s: ended early", o->name);
        got += (size_t)more;
    }
    return WEFT_OK;
}

weft_code output_finish(output *o, weft_error *err)
{
    weft_code code = output_flush(o, err);
    if (code == WEFT_OK && fsync(o->fd) != 0)
        code = fail(o, err);
    int fd = o->fd;
    o->fd = -1;
    if (close(fd) != 0 && code == WEFT_OK)
        code = fail(o, err);
    return code;
}
