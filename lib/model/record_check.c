/* record_check.c - the rules every record obeys, whichever reader made it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/record.h"

#include <unicode/utf8.h>

#include "weft/limits.h"

#include "record_private.h"
#include "banned.h"

bool record_has_control(weft_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return true;
    return false;
}

/* n is under the limits, so an int32_t holds it. */
static bool is_utf8(const char *text, size_t n)
{
    const uint8_t *p = (const uint8_t *)text;
    int32_t i = 0, end = (int32_t)n;
    while (i < end) {
        UChar32 c;
        U8_NEXT(p, i, end, c);
        if (c < 0)
            return false;
    }
    return true;
}

static weft_code check_text(const char *key, const char *text, size_t limit_bytes,
                            weft_error *err)
{
    size_t n = strlen(text);
    if (n > limit_bytes)
        return weft_fail(err, WEFT_ELIMIT, "%s over %zu bytes", key, limit_bytes);
    if (!is_utf8(text, n))
        return weft_fail(err, WEFT_ESYNTAX, "%s is not UTF-8", key);
    return WEFT_OK;
}

static weft_code check_texts(const weft_record *r, weft_error *err)
{
    for (const record_text *t = record_texts; t->key != NULL; t++) {
        const char *text = record_text_of(r, t);
        if (text == NULL)
            continue;
        weft_code code = check_text(t->key, text, t->limit_bytes, err);
        if (code != WEFT_OK)
            return code;
        if (t->is_id && *text == '\0')
            return weft_fail(err, WEFT_ESYNTAX, "%s is empty", t->key);
        if (t->is_id && record_has_control(weft_str_from(text)))
            return weft_fail(err, WEFT_ESYNTAX, "control character in %s", t->key);
    }
    return WEFT_OK;
}

static weft_code check_tags(const weft_record *r, weft_error *err)
{
    if (r->tag_count > WEFT_TAGS_MAX)
        return weft_fail(err, WEFT_ELIMIT, "over %d tags", WEFT_TAGS_MAX);
    for (size_t i = 0; i < r->tag_count; i++) {
        weft_code code = check_text("tag", r->tags[i], WEFT_AUTHOR_MAX, err);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

weft_code record_check_reason(const weft_record *r, weft_error *err)
{
    if (r->id == NULL)
        return weft_fail(err, WEFT_ESYNTAX, "no id");
    weft_code code = check_texts(r, err);
    if (code == WEFT_OK)
        code = check_tags(r, err);
    if (code != WEFT_OK)
        return code;
    if (r->type == WEFT_COMMENT && !r->is_delete && r->article == NULL)
        return weft_fail(err, WEFT_ESYNTAX, "comment without article");
    if (r->has_rev && r->rev > INT64_MAX) /* what JSON's integers hold */
        return weft_fail(err, WEFT_ESYNTAX, "rev out of range");
    bool is_known = !r->is_delete && r->published_s != WEFT_DATE_UNKNOWN;
    if (is_known && (r->published_s < WEFT_DATE_MIN || r->published_s > WEFT_DATE_MAX))
        return weft_fail(err, WEFT_ESYNTAX, "date outside the years 1 to 9999");
    return WEFT_OK;
}

/* An id that is itself the fault may be anything: it is not repeated. */
static bool can_be_shown(const char *id)
{
    if (id == NULL)
        return false;
    size_t n = strlen(id);
    return n > 0 && n <= WEFT_ID_MAX && !record_has_control(weft_str_of(id, n)) &&
           is_utf8(id, n);
}

weft_code record_fail(weft_error *err, weft_code code, const char *id,
                      const weft_error *reason)
{
    if (!can_be_shown(id))
        id = NULL;
    const char *colon = id == NULL ? "" : ": ";
    id = id == NULL ? "" : id;
    if (reason->has_at)
        return weft_fail_at(err, code, reason->at, "%s%s%s", id, colon, reason->text);
    return weft_fail(err, code, "%s%s%s", id, colon, reason->text);
}

weft_code weft_record_check(const weft_record *r, weft_error *err)
{
    weft_error reason = {0};
    weft_code code = record_check_reason(r, &reason);
    return code == WEFT_OK ? WEFT_OK : record_fail(err, code, r->id, &reason);
}
