/* record_finish.c - a record as a reader of some other format found it, made one of weft's. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/record.h"

#include "weft/mem.h"

#include "record_private.h"
#include "banned.h"

typedef struct finishing {
    weft_record *r; /* also the memory of its texts */
    const weft_record_options *options;
    size_t repaired;
    weft_error *err;
} finishing;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* White space at the ends goes, each run of it inside becomes one space. */
static weft_code fold_space(finishing *f, weft_str text, const char **out)
{
    char *folded = talloc_size(f->r, text.n + 1);
    if (folded == NULL)
        return weft_fail_nomem(f->err);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (!is_space(text.p[i]))
            folded[n++] = text.p[i];
        else if (n > 0 && folded[n - 1] != ' ')
            folded[n++] = ' ';
    }
    n -= n > 0 && folded[n - 1] == ' ' ? 1 : 0;
    folded[n] = '\0';
    *out = n == 0 ? NULL : folded;
    return WEFT_OK;
}

/* A control character in an id stays, for the check to refuse: replaced, two ids could become
 * one. */
static weft_code finish_id(finishing *f, const char **text)
{
    const char *prefix = f->options->id_prefix == NULL ? "" : f->options->id_prefix;
    *text = talloc_asprintf(f->r, "%s%s", prefix, *text);
    return *text == NULL ? weft_fail_nomem(f->err) : WEFT_OK;
}

static weft_code finish_text(finishing *f, const char **text, bool is_line)
{
    size_t repaired;
    weft_str raw = weft_str_from(*text), clean;
    if (raw.n == 0) {
        *text = NULL;
        return WEFT_OK;
    }
    weft_code code = weft_utf8_repair(f->r, raw, &clean, &repaired, f->err);
    if (code != WEFT_OK)
        return code;
    f->repaired += repaired;
    if (is_line)
        return fold_space(f, clean, text);
    *text = clean.p == raw.p ? weft_str_dup(f->r, raw) : clean.p;
    return *text == NULL ? weft_fail_nomem(f->err) : WEFT_OK;
}

static weft_code finish_texts(finishing *f)
{
    for (const record_text *t = record_texts; t->key != NULL; t++) {
        const char **text = record_text_at(f->r, t);
        if (*text == NULL)
            continue;
        weft_code code = WEFT_OK;
        if (t->is_id && **text == '\0')
            *text = NULL;
        else if (t->is_id)
            code = finish_id(f, text);
        else
            code = finish_text(f, text, text != &f->r->body);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

static weft_code finish_tags(finishing *f, const weft_record *raw)
{
    size_t n = 0;
    const char **tags = weft_new_array(f->r, const char *, raw->tag_count);
    if (tags == NULL)
        return weft_fail_nomem(f->err);
    for (size_t i = 0; i < raw->tag_count; i++) {
        tags[n] = raw->tags[i];
        weft_code code = tags[n] == NULL ? WEFT_OK : finish_text(f, &tags[n], true);
        if (code != WEFT_OK)
            return code;
        n += tags[n] != NULL ? 1 : 0;
    }
    f->r->tags = tags;
    f->r->tag_count = n;
    return WEFT_OK;
}

weft_code weft_record_finish(void *mem, const weft_record *raw,
                             const weft_record_options *options, weft_record_counts *counts,
                             weft_record **out, weft_error *err)
{
    static const weft_record_options defaults;
    weft_record *r = talloc(mem, weft_record);
    if (r == NULL)
        return weft_fail_nomem(err);
    *r = *raw;
    finishing f = {.r = r, .options = options == NULL ? &defaults : options, .err = err};
    if (r->parent != NULL && *r->parent != '\0')
        r->parent_is_marker =
            r->parent_is_marker || record_is_marker(r->parent, r->article);
    weft_code code = finish_texts(&f);
    if (code == WEFT_OK)
        code = finish_tags(&f, raw);
    if (code != WEFT_OK) {
        talloc_free(r);
        return code;
    }
    if (counts != NULL) {
        counts->repaired += f.repaired > 0;
        counts->suspicious +=
            record_is_encoded_twice(r->body) || record_is_encoded_twice(r->title);
    }
    *out = r;
    return WEFT_OK;
}
