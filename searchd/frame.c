/* frame.c - messages between the event loop and a worker. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame.h"

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "weft/mem.h"
#include "banned.h"

void frame_put_head(unsigned char head[FRAME_HEAD], size_t n)
{
    for (size_t i = 0; i < FRAME_HEAD; i++)
        head[i] = (unsigned char)(n >> (8 * i) & 0xFF);
}

size_t frame_length(const unsigned char head[FRAME_HEAD])
{
    uint32_t n = 0;
    for (size_t i = 0; i < FRAME_HEAD; i++)
        n |= (uint32_t)head[i] << (8 * i);
    return n;
}

/* Up to n bytes, fewer only at the end of the stream: *got says how many. */
static weft_code read_all(int fd, void *bytes, size_t n, size_t *got, weft_error *err)
{
    *got = 0;
    while (*got < n) {
        ssize_t r = read(fd, (char *)bytes + *got, n - *got);
        if (r == 0)
            return WEFT_OK;
        if (r < 0 && errno != EINTR)
            return weft_fail(err, WEFT_EIO, "read frame: %s", strerror(errno));
        if (r > 0)
            *got += (size_t)r;
    }
    return WEFT_OK;
}

weft_code frame_read(void *mem, int fd, size_t cap, weft_str *out, bool *ended,
                     weft_error *err)
{
    unsigned char head[FRAME_HEAD];
    size_t got;
    weft_code code = read_all(fd, head, sizeof head, &got, err);
    if (code != WEFT_OK)
        return code;
    if (got == 0) {
        *ended = true;
        return WEFT_OK;
    }
    size_t n = got < sizeof head ? 0 : frame_length(head);
    if (n > cap)
        return weft_fail(err, WEFT_ELIMIT, "frame of %zu bytes is over %zu", n, cap);
    char *bytes = got < sizeof head ? NULL : talloc_size(mem, n + 1);
    if (got == sizeof head && bytes == NULL)
        return weft_fail_nomem(err);
    if (bytes != NULL)
        code = read_all(fd, bytes, n, &got, err);
    if (code != WEFT_OK)
        return code;
    if (bytes == NULL || got < n)
        return weft_fail(err, WEFT_EIO, "read frame: it ends too early");
    bytes[n] = '\0';
    *out = weft_str_of(bytes, n);
    return WEFT_OK;
}

static weft_code write_all(int fd, const void *bytes, size_t n, weft_error *err)
{
    for (size_t done = 0; done < n;) {
        ssize_t w = send(fd, (const char *)bytes + done, n - done, MSG_NOSIGNAL);
        if (w < 0 && errno != EINTR)
            return weft_fail(err, WEFT_EIO, "write frame: %s", strerror(errno));
        if (w > 0)
            done += (size_t)w;
    }
    return WEFT_OK;
}

weft_code frame_write_parts(int fd, const weft_str *parts, size_t count, weft_error *err)
{
    unsigned char head[FRAME_HEAD];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += parts[i].n;
    frame_put_head(head, n);
    weft_code code = write_all(fd, head, sizeof head, err);
    for (size_t i = 0; i < count && code == WEFT_OK; i++)
        code = write_all(fd, parts[i].p, parts[i].n, err);
    return code;
}

weft_code frame_write(int fd, weft_str message, weft_error *err)
{
    return frame_write_parts(fd, &message, 1, err);
}
