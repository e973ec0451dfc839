/* record.c - the record as a value: its table of texts, copies, comparison, references. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/record.h"

#include "weft/limits.h"
#include "weft/mem.h"

#include "record_private.h"
#include "banned.h"

enum { REF_SHOWN_MAX = 64 }; /* bytes of what is no reference repeated in a message */

#define TEXT(name) #name, offsetof(weft_record, name)

/* clang-format off */
const record_text record_texts[] = {
    {TEXT(id),        WEFT_ID_MAX,     true,  true,  false},
    {TEXT(article),   WEFT_ID_MAX,     true,  true,  true},
    {TEXT(parent),    WEFT_ID_MAX,     true,  true,  true},
    {TEXT(title),     WEFT_TITLE_MAX,  false, false, false},
    {TEXT(body),      WEFT_BODY_MAX,   false, false, false},
    {TEXT(author),    WEFT_AUTHOR_MAX, false, false, false},
    {TEXT(author_id), WEFT_AUTHOR_MAX, false, true,  false},
    {TEXT(url),       WEFT_URL_MAX,    false, false, false},
    {TEXT(section),   WEFT_AUTHOR_MAX, false, false, false},
    {TEXT(site),      WEFT_AUTHOR_MAX, false, false, false},
    {TEXT(lang),      WEFT_AUTHOR_MAX, false, false, false},
    {TEXT(kind),      WEFT_AUTHOR_MAX, false, false, false},
    {NULL, 0, 0, false, false, false},
};
/* clang-format on */

const char *const record_status_names[] = {[WEFT_PUBLIC] = "public",
                                           [WEFT_PENDING] = "pending",
                                           [WEFT_HIDDEN] = "hidden",
                                           [WEFT_DELETED] = "deleted",
                                           [WEFT_DELETED + 1] = NULL};
const char *const record_format_names[] = {[WEFT_TEXT] = "text",
                                           [WEFT_HTML] = "html",
                                           [WEFT_MARKDOWN] = "markdown",
                                           [WEFT_MARKDOWN + 1] = NULL};

bool record_is_marker(const char *parent, const char *article)
{
    return strcmp(parent, "0") == 0 || strcmp(parent, "root") == 0 ||
           (article != NULL && strcmp(parent, article) == 0);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_tags(const weft_record *a, const weft_record *b)
{
    if (a->tag_count != b->tag_count)
        return false;
    for (size_t i = 0; i < a->tag_count; i++)
        if (!same_text(a->tags[i], b->tags[i]))
            return false;
    return true;
}

static bool same_numbers(const weft_record *a, const weft_record *b)
{
    return a->published_s == b->published_s && a->has_score == b->has_score &&
           (!a->has_score || a->score == b->score) && a->has_rev == b->has_rev &&
           (!a->has_rev || a->rev == b->rev);
}

bool weft_record_equal(const weft_record *a, const weft_record *b)
{
    if (a->type != b->type || a->is_delete != b->is_delete || a->status != b->status ||
        a->format != b->format || a->parent_is_marker != b->parent_is_marker)
        return false;
    for (const record_text *t = record_texts; t->key != NULL; t++)
        if (!same_text(record_text_of(a, t), record_text_of(b, t)))
            return false;
    return same_numbers(a, b) && same_tags(a, b);
}

static weft_code copy_tags(weft_record *copy, const weft_record *r, weft_error *err)
{
    copy->tags = NULL;
    if (r->tag_count == 0)
        return WEFT_OK;
    copy->tags = weft_new_array(copy, const char *, r->tag_count);
    if (copy->tags == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < r->tag_count; i++) {
        copy->tags[i] = talloc_strdup(copy, r->tags[i]);
        if (copy->tags[i] == NULL)
            return weft_fail_nomem(err);
    }
    return WEFT_OK;
}

weft_code weft_record_copy(void *mem, const weft_record *r, weft_record **out,
                           weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *copy = tmp == NULL ? NULL : talloc(tmp, weft_record);
    if (copy == NULL)
        return weft_fail_nomem(err);
    *copy = *r;
    copy->text = NULL;
    for (const record_text *t = record_texts; t->key != NULL; t++) {
        const char *text = record_text_of(r, t);
        if (text == NULL)
            continue;
        char *own = talloc_strdup(copy, text);
        if (own == NULL)
            return weft_fail_nomem(err);
        *record_text_at(copy, t) = own;
    }
    weft_code code = copy_tags(copy, r, err);
    if (code == WEFT_OK)
        *out = talloc_steal(mem, copy);
    return code;
}

char *weft_ref(void *mem, weft_type type, const char *id)
{
    return talloc_asprintf(mem, "%s:%s", type == WEFT_ARTICLE ? "article" : "comment", id);
}

weft_code weft_ref_parse(weft_str ref, weft_type *type, weft_str *id, weft_error *err)
{
    static const char *const starts[] = {
        [WEFT_ARTICLE] = "article:", [WEFT_COMMENT] = "comment:"};
    for (int i = WEFT_ARTICLE; i <= WEFT_COMMENT; i++) {
        if (!weft_str_starts(ref, starts[i]))
            continue;
        size_t n = strlen(starts[i]);
        weft_str rest = weft_str_of(ref.p + n, ref.n - n);
        if (rest.n > WEFT_ID_MAX)
            return weft_fail(err, WEFT_ELIMIT, "id over %d bytes", WEFT_ID_MAX);
        if (rest.n == 0 || memchr(rest.p, '\0', rest.n) != NULL)
            break;
        *type = (weft_type)i;
        *id = rest;
        return WEFT_OK;
    }
    weft_str shown = weft_str_of(ref.p, weft_utf8_cut(ref, REF_SHOWN_MAX));
    return weft_fail(err, WEFT_EUSAGE,
                     "'%" WEFT_STR_FMT "' is no reference: write article:ID or comment:ID",
                     WEFT_STR_ARG(shown));
}
