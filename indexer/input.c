/* input.c - the bytes of an input file. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include <stdio.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "charset.h"
#include "decoder.h"
#include "unpack.h"
#include "banned.h"

enum { CHUNK = 64 * 1024, BOM_BYTES = 3 };

struct input {
    unpack *files;
    const char *path;
    const char *charset; /* as given; NULL for what each text declares */
    charset_claim claim;
    decoder *decoder; /* of the text; NULL for UTF-8 */
    weft_buf buf;     /* UTF-8 not yet used: from `at` on */
    size_t at;
    size_t line;
    weft_str last; /* line */
    bool ended;
};

/* Add a block of the text to buf. */
static weft_code add(input *in, weft_str raw, weft_error *err)
{
    weft_code code = WEFT_OK;
    in->ended = raw.n == 0;
    if (in->decoder == NULL)
        weft_buf_add(&in->buf, raw);
    else
        code = decoder_add(in->decoder, raw, in->ended, &in->buf, input_name(in), err);
    return code == WEFT_OK ? weft_buf_check(&in->buf, input_name(in), err) : code;
}

/* Read one block more into buf; sets ended at the end of the text. */
static weft_code fill(input *in, weft_error *err)
{
    weft_str raw;
    weft_code code = unpack_block(in->files, &raw, err);
    return code == WEFT_OK ? add(in, raw, err) : code;
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

/* The decoder of a text by its first bytes. A charset that a text declares and ICU does not know
 * is no reason to refuse it. */
static weft_code choose_decoder(input *in, weft_str head, weft_error *err)
{
    weft_error unknown = {0};
    TALLOC_FREE(in->decoder);
    in->claim = (charset_claim){0};
    if (in->charset != NULL) {
        snprintf(in->claim.name, sizeof in->claim.name, "%s", in->charset);
        snprintf(in->claim.why, sizeof in->claim.why, "as asked");
        return decoder_open(in, in->charset, &in->decoder, err);
    }
    charset_declared(head, &in->claim);
    if (in->claim.name[0] == '\0')
        return WEFT_OK;
    weft_code code = decoder_open(in, in->claim.name, &in->decoder, &unknown);
    if (code != WEFT_EUSAGE)
        return code == WEFT_OK ? code : weft_fail(err, code, "%s", unknown.text);
    snprintf(in->claim.why, sizeof in->claim.why, "though it declares %s, which is unknown",
             in->claim.name);
    in->claim.name[0] = '\0';
    return WEFT_OK;
}

weft_code input_open_all(void *mem, const char *name, const char *charset, input **out,
                         weft_error *err)
{
    input *in = talloc_zero(mem, input);
    if (in == NULL)
        return weft_fail_nomem(err);
    in->path = name;
    in->charset = charset;
    weft_buf_init(&in->buf, in, WEFT_LINE_MAX + 4 * (size_t)CHUNK);
    weft_code code = unpack_open(in, name, &in->files, err);
    if (code == WEFT_OK)
        *out = in;
    else
        talloc_free(in);
    return code;
}

weft_code input_next_text(input *in, bool *more, weft_error *err)
{
    weft_str raw;
    weft_buf_clear(&in->buf);
    in->at = in->line = 0;
    in->last = (weft_str){0};
    in->ended = true;
    weft_code code = unpack_next(in->files, more, err);
    if (code != WEFT_OK || !*more)
        return code;
    code = unpack_block(in->files, &raw, err);
    if (code == WEFT_OK)
        code = choose_decoder(in, raw, err);
    if (code == WEFT_OK)
        code = add(in, raw, err);
    if (code == WEFT_OK && in->buf.n >= BOM_BYTES &&
        memcmp(in->buf.p, "\xEF\xBB\xBF", BOM_BYTES) == 0)
        in->at = BOM_BYTES;
    return code;
}

weft_code input_open(void *mem, const char *name, const char *charset, input **out,
                     weft_error *err)
{
    input *in;
    bool more;
    weft_code code = input_open_all(mem, name, charset, &in, err);
    if (code != WEFT_OK)
        return code;
    code = input_next_text(in, &more, err);
    if (code == WEFT_OK)
        *out = in;
    else
        talloc_free(in);
    return code;
}

const char *input_name(const input *in)
{
    return unpack_name(in->files);
}

char *input_own_name(input *in, void *mem)
{
    static const char *const suffixes[] = {".gz", ".zst", ".bz2", ".xz"};
    const char *member = unpack_member(in->files);
    weft_str own = weft_str_from(member == NULL ? in->path : member);
    for (size_t i = 0; input_packing(in) != NULL && i < sizeof suffixes / sizeof *suffixes;
         i++) {
        size_t n = strlen(suffixes[i]);
        if (own.n > n && weft_str_is(weft_str_of(own.p + own.n - n, n), suffixes[i])) {
            own.n -= n;
            break;
        }
    }
    return weft_str_dup(mem, own);
}

const char *input_packing(input *in)
{
    return unpack_packing(in->files);
}

bool input_is_member(const input *in)
{
    return unpack_member(in->files) != NULL;
}

const char *input_charset(const input *in)
{
    return in->claim.name[0] == '\0' ? "UTF-8" : in->claim.name;
}

const char *input_charset_why(const input *in)
{
    return in->claim.why[0] == '\0' ? "as nothing else is declared" : in->claim.why;
}

weft_str input_last_line(const input *in)
{
    return in->last;
}

uint64_t input_rubbish(const input *in)
{
    return unpack_rubbish(in->files);
}

void input_count(input *in, uint64_t *sum)
{
    unpack_count(in->files, sum);
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
    in->last = line->too_long ? weft_str_of(NULL, 0) : text;
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
        weft_code code = weft_buf_check(&all, input_name(in), err);
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

weft_str input_take_piece(weft_str *chunk)
{
    const char *end = memchr(chunk->p, '\n', chunk->n);
    size_t n = end == NULL ? chunk->n : (size_t)(end - chunk->p) + 1;
    weft_str piece = weft_str_of(chunk->p, n);
    *chunk = weft_str_of(chunk->p + n, chunk->n - n);
    return piece;
}
