/* input.c - the bytes of an input file. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include <errno.h>
#include <stdio.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "decoder.h"
#include "banned.h"

enum { CHUNK = 64 * 1024, BOM_BYTES = 3 };

struct input {
    FILE *file;
    const char *name;
    decoder *decoder; /* NULL for UTF-8 */
    char raw[CHUNK];  /* bytes as read */
    weft_buf buf;     /* UTF-8 not yet used: from `at` on */
    size_t at;
    size_t line;
    uint64_t taken, *sum; /* bytes of the file; and where else they are counted */
    bool ended;
};

static int input_close(input *in)
{
    if (in->file != NULL && in->file != stdin)
        fclose(in->file);
    return 0;
}

static const struct {
    const char *magic;
    size_t n;
    const char *name, *how;
} packings[] = {
    {"\x1f\x8b", 2, "gzip", "zcat"},
    {"\x28\xb5\x2f\xfd", 4, "zstd", "zstdcat"},
    {"BZh", 3, "bzip2", "bzcat"},
    {"\xfd"
     "7zXZ",
     5, "xz", "xzcat"},
    {"PK\x03\x04", 4, "zip", "unzip -p"},
};

weft_code input_check_packed(const char *name, weft_str head, weft_error *err)
{
    for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++)
        if (head.n >= packings[i].n &&
            memcmp(head.p, packings[i].magic, packings[i].n) == 0)
            return weft_fail(
                err, WEFT_ESYNTAX,
                "%s: is compressed with %s: unpack it, as in '%s %s | weft-indexer ... -'",
                name, packings[i].name, packings[i].how, name);
    return WEFT_OK;
}

/* Read one chunk more into buf; sets ended at the end of the file. */
static weft_code fill(input *in, weft_error *err)
{
    size_t n = fread(in->raw, 1, sizeof in->raw, in->file);
    if (n < sizeof in->raw && ferror(in->file) && errno == EISDIR)
        return weft_fail(err, WEFT_EIO, "%s: is a directory: name the files in it",
                         in->name);
    if (n < sizeof in->raw && ferror(in->file))
        return weft_fail(err, WEFT_EIO, "%s: %s", in->name, strerror(errno));
    in->taken += n;
    if (in->sum != NULL)
        *in->sum += n;
    in->ended = n < sizeof in->raw && feof(in->file);
    weft_str raw = weft_str_of(in->raw, n);
    weft_code code = WEFT_OK;
    if (in->decoder == NULL)
        weft_buf_add(&in->buf, raw);
    else
        code = decoder_add(in->decoder, raw, in->ended, &in->buf, in->name, err);
    return code == WEFT_OK ? weft_buf_check(&in->buf, in->name, err) : code;
}

/* Drop what was used from the front of buf. */
static void compact(input *in)
{
    if (in->at == 0)
        return;
    memmove(in->buf.p, in->buf.p + in->at, in->buf.n - in->at);
    in->buf.n -= in->at;
    in->buf.p[in->buf.n] = '\0';
    in->at = 0;
}

weft_code input_open(void *mem, const char *name, const char *charset, input **out,
                     weft_error *err)
{
    input *in = talloc_zero(mem, input);
    if (in == NULL)
        return weft_fail_nomem(err);
    bool standard = strcmp(name, "-") == 0;
    in->name = standard ? "standard input" : name;
    in->file = standard ? stdin : fopen(name, "rbe");
    talloc_set_destructor(in, input_close);
    weft_buf_init(&in->buf, in, WEFT_LINE_MAX + 4 * (size_t)CHUNK);
    weft_code code = WEFT_OK;
    if (in->file == NULL && errno == ENOMEM)
        code = weft_fail_nomem(err);
    else if (in->file == NULL)
        code = weft_fail(err, WEFT_EIO, "%s: %s", name, strerror(errno));
    if (code == WEFT_OK && charset != NULL)
        code = decoder_open(in, charset, &in->decoder, err);
    if (code == WEFT_OK)
        code = fill(in, err);
    if (code == WEFT_OK && charset == NULL)
        code = input_check_packed(in->name, weft_buf_str(&in->buf), err);
    if (code == WEFT_OK && in->buf.n >= BOM_BYTES &&
        memcmp(in->buf.p, "\xEF\xBB\xBF", BOM_BYTES) == 0)
        in->at = BOM_BYTES;
    if (code == WEFT_OK)
        *out = in;
    else
        talloc_free(in);
    return code;
}

void input_count(input *in, uint64_t *sum)
{
    in->sum = sum;
    *sum += in->taken;
}

weft_code input_head(input *in, weft_str *head, weft_error *err)
{
    (void)err;
    *head = weft_str_of(in->buf.p + in->at, in->buf.n - in->at);
    head->n = weft_utf8_cut(*head, CHUNK); /* converting may have made it longer */
    return WEFT_OK;
}

/* Read past the rest of a line that is over the limit, keeping nothing of it. */
static weft_code skip_line(input *in, weft_error *err)
{
    for (;;) {
        char *end = memchr(in->buf.p + in->at, '\n', in->buf.n - in->at);
        if (end != NULL) {
            in->at = (size_t)(end - in->buf.p) + 1;
            return WEFT_OK;
        }
        in->at = in->buf.n;
        if (in->ended)
            return WEFT_OK;
        compact(in);
        weft_code code = fill(in, err);
        if (code != WEFT_OK)
            return code;
    }
}

/* Fill until a line end stands in buf (its offset from `at` in *n), the input ends, or the
 * line is too long. */
static weft_code find_line_end(input *in, size_t *n, bool *found, weft_error *err)
{
    size_t searched = 0;
    *found = false;
    for (;;) {
        const char *start = in->buf.p + in->at;
        size_t held = in->buf.n - in->at;
        const char *end = memchr(start + searched, '\n', held - searched);
        *n = end == NULL ? held : (size_t)(end - start);
        *found = end != NULL;
        if (*found || in->ended || held > WEFT_LINE_MAX + 1) /* a CR may be the last */
            return WEFT_OK;
        searched = held;
        compact(in);
        weft_code code = fill(in, err);
        if (code != WEFT_OK)
            return code;
    }
}

weft_code input_next_line(input *in, input_line *line, bool *more, weft_error *err)
{
    size_t n;
    bool found;
    weft_code code = find_line_end(in, &n, &found, err);
    if (code != WEFT_OK)
        return code;
    *more = found || n > 0;
    const char *start = in->buf.p + in->at;
    weft_str text = weft_str_of(start, n > 0 && start[n - 1] == '\r' ? n - 1 : n);
    *line = (input_line){.number = ++in->line, .too_long = text.n > WEFT_LINE_MAX};
    if (line->too_long)
        return skip_line(in, err);
    line->text = text;
    in->at += n + (found ? 1 : 0);
    return WEFT_OK;
}

weft_code input_next_chunk(input *in, weft_str *chunk, bool *more, weft_error *err)
{
    weft_code code = WEFT_OK;
    while (code == WEFT_OK && in->at == in->buf.n && !in->ended) {
        compact(in);
        code = fill(in, err);
    }
    *chunk = weft_str_of(in->buf.p + in->at, in->buf.n - in->at);
    *more = chunk->n > 0;
    in->at = in->buf.n;
    return code;
}

weft_code input_all(input *in, void *mem, size_t limit_bytes, weft_str *out,
                    weft_error *err)
{
    weft_buf all;
    weft_buf_init(&all, mem, limit_bytes);
    for (;;) {
        weft_buf_add(&all, weft_str_of(in->buf.p + in->at, in->buf.n - in->at));
        in->at = in->buf.n;
        weft_code code = weft_buf_check(&all, in->name, err);
        if (code != WEFT_OK)
            return code;
        if (in->ended)
            break;
        compact(in);
        code = fill(in, err);
        if (code != WEFT_OK)
            return code;
    }
    *out = weft_buf_str(&all);
    return WEFT_OK;
}
