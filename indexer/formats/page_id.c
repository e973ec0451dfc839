/* page_id.c - ids for the comments of a page, which has none of its own.
 *
 * ARTICLE/AUTHOR/20130503T0916/1: the last part counts comments by the same author in the
 * same minute (UTC), in page order, so an id stays when a later dump of the page carries
 * more comments. Without a date the third part is "x" and a hash of the first words. '%',
 * '/', '"', '\' and controls of the author are written as %XX: read from the right, an id
 * has one meaning.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <inttypes.h>
#include <stdio.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    FIRST_WORDS = 8,
    HASH_BYTES = 17 /* '~' and 16 digits */,
    DAY_S = 86400,
    KEY_CAP_BYTES = 16384
};

/* How often author and date came so far. */
typedef struct seen {
    uint64_t key;
    uint64_t count;
    UT_hash_handle hh;
} seen;

struct page_ids {
    const char *name;    /* of the article, without prefix */
    const char *article; /* with prefix, within WEFT_ID_MAX */
    const char *prefix;
    seen *table;
};

static const char *const PACKED[] = {".gz", ".zst", ".bz2", ".xz"};

static int ids_done(page_ids *ids)
{
    HASH_CLEAR(hh, ids->table); /* the entries themselves are talloc's */
    return 0;
}

/* The name without folders and suffix: "pages/a.b.txt.gz" is "a.b". */
static weft_str name_of_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    weft_str name = weft_str_from(slash == NULL ? path : slash + 1);
    for (size_t i = 0; i < sizeof PACKED / sizeof PACKED[0]; i++) {
        size_t n = strlen(PACKED[i]);
        if (name.n > n && memcmp(name.p + name.n - n, PACKED[i], n) == 0) {
            name.n -= n;
            break;
        }
    }
    size_t dot = name.n;
    while (dot > 0 && name.p[dot - 1] != '.')
        dot--;
    if (dot > 1) /* a name that only begins with a dot has no suffix */
        name.n = dot - 1;
    return name;
}

/* prefix + id in mem; one that would pass WEFT_ID_MAX is cut and ends in '~' and a hash of
 * the whole. */
static weft_code shorten(void *mem, const char *prefix, weft_str id, const char **out,
                         weft_error *err)
{
    char *whole = talloc_asprintf(mem, "%s%" WEFT_STR_FMT, prefix, WEFT_STR_ARG(id));
    if (whole == NULL)
        return weft_fail_nomem(err);
    weft_str s = weft_str_from(whole);
    if (s.n > WEFT_ID_MAX) {
        size_t keep = weft_utf8_cut(s, WEFT_ID_MAX - HASH_BYTES);
        snprintf(whole + keep, HASH_BYTES + 1, "~%016" PRIx64, weft_str_hash(s));
    }
    *out = whole;
    return WEFT_OK;
}

weft_code page_ids_new(void *mem, const fmt_source *source, page_ids **out, weft_error *err)
{
    bool from_file = source->name != NULL && strcmp(source->name, "-") != 0;
    weft_str name = weft_str_from(source->id);
    if (source->id == NULL && from_file)
        name = name_of_file(source->name);
    if (name.n == 0)
        return weft_fail(err, WEFT_EUSAGE, "a page without a file name needs --id");
    page_ids *ids = talloc_zero(mem, page_ids);
    if (ids == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(ids, ids_done);
    size_t repaired;
    weft_code code = weft_utf8_repair(ids, name, &name, &repaired, err);
    if (code != WEFT_OK)
        return code;
    ids->prefix = source->options == NULL || source->options->id_prefix == NULL
                      ? ""
                      : source->options->id_prefix;
    ids->name = weft_str_dup(ids, name);
    if (ids->name == NULL)
        return weft_fail_nomem(err);
    code = shorten(ids, ids->prefix, name, &ids->article, err);
    if (code == WEFT_OK)
        *out = ids;
    return code;
}

const char *page_ids_article(const page_ids *ids)
{
    return ids->article;
}

static void add_author(weft_buf *b, weft_str author)
{
    for (size_t i = 0; i < author.n; i++) {
        unsigned char c = (unsigned char)author.p[i];
        if (c < 0x20 || c == 0x7F || strchr("%/\"\\", c) != NULL)
            weft_buf_addf(b, "%%%02X", c);
        else
            weft_buf_add_char(b, author.p[i]);
    }
}

/* A hash of the first words with one space between them. */
static uint64_t hash_first_words(weft_buf *words, weft_str body)
{
    weft_buf_clear(words);
    body = page_trim(body);
    for (int count = 0; count < FIRST_WORDS && body.n > 0; count++) {
        size_t n = 0;
        while (n < body.n && page_space(weft_str_of(body.p + n, body.n - n)) == 0)
            n++;
        weft_buf_add(words, weft_str_of(body.p, n < WEFT_ID_MAX ? n : WEFT_ID_MAX));
        weft_buf_add_char(words, ' ');
        body = page_trim(weft_str_of(body.p + n, body.n - n));
    }
    return weft_str_hash(weft_buf_str(words));
}

static void add_date(weft_buf *b, int64_t published_s)
{
    int year, month, day;
    weft_date_civil(published_s, &year, &month, &day);
    int64_t of_day = ((published_s % DAY_S) + DAY_S) % DAY_S;
    weft_buf_addf(b, "/%04d%02d%02dT%02d%02d", year, month, day, (int)(of_day / 3600),
                  (int)(of_day / 60 % 60));
}

static weft_code count_key(page_ids *ids, weft_str key, uint64_t *count, weft_error *err)
{
    uint64_t hash = weft_str_hash(key);
    seen *entry;
    HASH_FIND(hh, ids->table, &hash, sizeof hash, entry);
    if (entry == NULL) {
        entry = talloc_zero(ids, seen);
        if (entry == NULL)
            return weft_fail_nomem(err);
        entry->key = hash;
        HASH_ADD(hh, ids->table, key, sizeof entry->key, entry);
        if (entry->hh.tbl == NULL)
            return weft_fail_nomem(err);
    }
    *count = ++entry->count;
    return WEFT_OK;
}

weft_code page_ids_comment(page_ids *ids, void *mem, weft_str author, int64_t published_s,
                           weft_str body, const char **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf key, words;
    uint64_t ordinal = 0;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_buf_init(&key, tmp, KEY_CAP_BYTES);
    weft_buf_init(&words, tmp, KEY_CAP_BYTES);
    weft_buf_add_text(&key, ids->name);
    weft_buf_add_char(&key, '/');
    add_author(&key, author);
    if (published_s != WEFT_DATE_UNKNOWN)
        add_date(&key, published_s);
    else
        weft_buf_addf(&key, "/x%016" PRIx64, hash_first_words(&words, body));
    weft_code code = weft_buf_check(&key, "id", err);
    if (code == WEFT_OK)
        code = weft_buf_check(&words, "id", err);
    if (code == WEFT_OK)
        code = count_key(ids, weft_buf_str(&key), &ordinal, err);
    if (code != WEFT_OK)
        return code;
    weft_buf_addf(&key, "/%" PRIu64, ordinal);
    code = weft_buf_check(&key, "id", err);
    return code == WEFT_OK ? shorten(mem, ids->prefix, weft_buf_str(&key), out, err) : code;
}
