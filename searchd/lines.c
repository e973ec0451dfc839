/* lines.c - lines out of a buffer of input. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

#include <event2/buffer.h>

#include "weft/mem.h"
#include "banned.h"

/* Where the first LF is; -1 when it has not come. */
static ev_ssize_t find_end(struct evbuffer *in, size_t *scanned)
{
    struct evbuffer_ptr from, lf;
    size_t n = evbuffer_get_length(in);
    if (n <= *scanned || evbuffer_ptr_set(in, &from, *scanned, EVBUFFER_PTR_SET) != 0)
        return -1;
    lf = evbuffer_search_eol(in, &from, NULL, EVBUFFER_EOL_LF);
    *scanned = lf.pos < 0 ? n : 0;
    return lf.pos;
}

lines_result lines_take(void *mem, struct evbuffer *in, size_t max, size_t *scanned,
                        weft_str *line)
{
    ev_ssize_t end = find_end(in, scanned);
    if (end < 0)
        return evbuffer_get_length(in) > max ? LINES_TOO_LONG : LINES_NONE;
    size_t n = (size_t)end;
    if (n > max)
        return LINES_TOO_LONG;
    char *bytes = talloc_size(mem, n + 1);
    if (bytes == NULL)
        return LINES_NO_MEMORY;
    evbuffer_remove(in, bytes, n + 1);
    bytes[n] = '\0';
    *line = weft_str_of(bytes, n);
    return LINES_ONE;
}
