/* comment_url.c - the URL of a comment made from those of its article and the ids. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comment_url.h"

#include <ctype.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

typedef struct article_url {
    UT_hash_handle hh;
    char *id, *url;
} article_url;

struct comment_urls {
    const char *pattern, *id_prefix;
    article_url *known;
};

typedef enum part { PART_NONE, PART_URL, PART_ID, PART_ARTICLE } part;

static const char *const names[] = {NULL, "{url}", "{id}", "{article}"};

/* The part that starts there. */
static part part_at(const char *p)
{
    for (size_t i = PART_URL; i <= PART_ARTICLE; i++)
        if (strncmp(p, names[i], strlen(names[i])) == 0)
            return (part)i;
    return PART_NONE;
}

weft_code comment_url_check(const char *pattern, weft_error *err)
{
    for (const char *p = pattern; *p != '\0'; p++) {
        if ((*p == '{' || *p == '}') && part_at(p) == PART_NONE)
            return weft_fail(err, WEFT_EUSAGE,
                             "--comment-url: '%s' is none of {url}, {id} and {article}", p);
        if (*p == '{')
            p += strlen(names[part_at(p)]) - 1;
    }
    return WEFT_OK;
}

static int forget(comment_urls *c)
{
    HASH_CLEAR(hh, c->known);
    return 0;
}

weft_code comment_urls_new(void *mem, const char *pattern, const char *id_prefix,
                           comment_urls **out, weft_error *err)
{
    comment_urls *c = talloc_zero(mem, comment_urls);
    if (c == NULL)
        return weft_fail_nomem(err);
    c->pattern = pattern;
    c->id_prefix = id_prefix;
    talloc_set_destructor(c, forget);
    *out = c;
    return WEFT_OK;
}

static article_url *find(const comment_urls *c, const char *id)
{
    article_url *a = NULL;
    HASH_FIND_STR(c->known, id, a);
    return a;
}

static weft_code keep(comment_urls *c, const weft_record *r, weft_error *err)
{
    article_url *a = find(c, r->id);
    if (a == NULL && HASH_COUNT(c->known) == WEFT_COMMENT_URLS_MAX)
        return WEFT_OK;
    if (a == NULL) {
        a = talloc_zero(c, article_url);
        if (a == NULL || (a->id = talloc_strdup(a, r->id)) == NULL)
            return weft_fail_nomem(err);
        HASH_ADD_KEYPTR(hh, c->known, a->id, strlen(a->id), a);
        if (a->hh.tbl == NULL)
            return weft_fail_nomem(err);
    }
    talloc_free(a->url);
    a->url = talloc_strdup(a, r->url);
    return a->url == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* An id as its source has it. */
static const char *own_id(const comment_urls *c, const char *id)
{
    size_t n = c->id_prefix == NULL ? 0 : strlen(c->id_prefix);
    return n > 0 && strncmp(id, c->id_prefix, n) == 0 ? id + n : id;
}

/* What may not stand in a URL as it is goes in as %XX. */
static void add_escaped(weft_buf *b, const char *id)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *p = (const unsigned char *)id; *p != '\0'; p++) {
        if (isalnum(*p) || strchr("-._~!$'()*+,;:@/=", *p) != NULL) {
            weft_buf_add_char(b, (char)*p);
            continue;
        }
        weft_buf_add_char(b, '%');
        weft_buf_add_char(b, digits[*p >> 4]);
        weft_buf_add_char(b, digits[*p & 15]);
    }
}

static weft_code make(const comment_urls *c, void *mem, weft_record *r, weft_error *err)
{
    weft_buf b;
    const article_url *a = r->article == NULL ? NULL : find(c, r->article);
    weft_buf_init(&b, mem, 16 * (size_t)WEFT_URL_MAX);
    for (const char *p = c->pattern; *p != '\0'; p++) {
        part which = part_at(p);
        if (which == PART_URL && a == NULL)
            return WEFT_OK;
        if (which == PART_NONE)
            weft_buf_add_char(&b, *p);
        else if (which == PART_URL)
            weft_buf_add(&b, weft_str_from(a->url));
        else if (which == PART_ID || r->article != NULL)
            add_escaped(&b, own_id(c, which == PART_ID ? r->id : r->article));
        p += which == PART_NONE ? 0 : strlen(names[which]) - 1;
    }
    if (b.failed == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    if (b.failed == WEFT_OK && b.n <= WEFT_URL_MAX && b.n > 0)
        r->url = b.p;
    return WEFT_OK;
}

weft_code comment_url_fill(comment_urls *c, void *mem, weft_record *r, weft_error *err)
{
    if (r->is_delete)
        return WEFT_OK;
    if (r->type == WEFT_ARTICLE)
        return r->url == NULL ? WEFT_OK : keep(c, r, err);
    return r->url == NULL && r->status == WEFT_PUBLIC ? make(c, mem, r, err) : WEFT_OK;
}
