/* stored.c - the stored bytes of a document: a record with its place in the thread.
 *
 * Byte 0 is the version, byte 1 tells whether the rest is one zstd frame. The rest is a
 * sequence of fields: a tag, then for an even tag a number, for an odd one a length and
 * that many bytes. Numbers are LEB128 varints, signed ones zigzag. A tag that is not known
 * is skipped. Compressing here keeps glass from deflating values over 8 KB, which it cannot
 * always read back.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/schema.h"

#include <zstd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "stored.h"
#include "banned.h"

enum {
    STORED_VERSION = 1,
    COMPRESS_FROM = 256,          /* bytes; below it zstd hardly gains */
    STORED_MAX = 8 * 1024 * 1024, /* bytes of fields */
    ZSTD_LEVEL = 3,
    ANCESTOR_IDS_MAX = WEFT_DEPTH_MAX + 1
};

/* Fields. A new one takes a new tag; a tag is never used again. */
enum {
    TAG_KIND = 2,
    TAG_TYPE = 4,
    TAG_STATUS = 6,
    TAG_FORMAT = 8,
    TAG_DATE = 10,
    TAG_SCORE = 12,
    TAG_REV = 14,
    TAG_PARENT_MARKER = 16,
    TAG_ORPHAN = 18,
    TAG_DEPTH = 20,
    TAG_LENGTH = 22,
    TAG_CHANGED = 24,
    TAG_FINGERPRINT = 26,
    TAG_DELETE = 28,
    TAG_QUOTE_OUTER_START = 30, /* begins a quote; the quote fields after it belong to it */
    TAG_QUOTE_OUTER_END = 32,
    TAG_QUOTE_START = 34,
    TAG_QUOTE_END = 36,
    TAG_ID = 1,
    TAG_ARTICLE = 3,
    TAG_PARENT = 5,
    TAG_TITLE = 7,
    TAG_BODY = 9,
    TAG_AUTHOR = 11,
    TAG_AUTHOR_ID = 13,
    TAG_URL = 15,
    TAG_SECTION = 17,
    TAG_SITE = 19,
    TAG_LANG = 21,
    TAG_RECORD_KIND = 23,
    TAG_RECORD_TAG = 25, /* one each */
    TAG_ANCESTOR = 27,   /* one each, root first */
    TAG_QUOTE_OF = 29,
    TAG_QUOTE_AUTHOR = 31,
    TAG_LANGUAGE = 33,
    TAG_TEXT = 35
};

static uint64_t zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1 ^ ((v & 1) != 0 ? UINT64_MAX : 0));
}

static void put_varint(weft_buf *b, uint64_t v)
{
    char bytes[10];
    size_t n = 0;
    do {
        bytes[n++] = (char)(unsigned char)((v & 0x7F) | (v > 0x7F ? 0x80 : 0));
        v >>= 7;
    } while (v != 0);
    weft_buf_add(b, weft_str_of(bytes, n));
}

static void put_number(weft_buf *b, uint64_t tag, uint64_t v)
{
    if (v == 0)
        return;
    put_varint(b, tag);
    put_varint(b, v);
}

static void put_text(weft_buf *b, uint64_t tag, const char *text)
{
    if (text == NULL)
        return;
    weft_str s = weft_str_from(text);
    put_varint(b, tag);
    put_varint(b, s.n);
    weft_buf_add(b, s);
}

/* The text fields of a record, by tag: written and read alike. */
static const struct {
    uint64_t tag;
    size_t offset;
} texts[] = {
    {TAG_ID, offsetof(weft_record, id)},
    {TAG_ARTICLE, offsetof(weft_record, article)},
    {TAG_PARENT, offsetof(weft_record, parent)},
    {TAG_TITLE, offsetof(weft_record, title)},
    {TAG_BODY, offsetof(weft_record, body)},
    {TAG_TEXT, offsetof(weft_record, text)},
    {TAG_AUTHOR, offsetof(weft_record, author)},
    {TAG_AUTHOR_ID, offsetof(weft_record, author_id)},
    {TAG_URL, offsetof(weft_record, url)},
    {TAG_SECTION, offsetof(weft_record, section)},
    {TAG_SITE, offsetof(weft_record, site)},
    {TAG_LANG, offsetof(weft_record, lang)},
    {TAG_RECORD_KIND, offsetof(weft_record, kind)},
};

enum { TEXT_COUNT = sizeof texts / sizeof texts[0] };

static const char **record_text(weft_record *r, size_t i)
{
    return (const char **)(void *)((char *)r + texts[i].offset);
}

static void put_record(weft_buf *b, weft_record *r)
{
    put_number(b, TAG_TYPE, (uint64_t)r->type);
    put_number(b, TAG_DELETE, r->is_delete);
    put_number(b, TAG_STATUS, (uint64_t)r->status);
    put_number(b, TAG_FORMAT, (uint64_t)r->format);
    put_number(b, TAG_PARENT_MARKER, r->parent_is_marker);
    if (r->published_s != WEFT_DATE_UNKNOWN) {
        put_varint(b, TAG_DATE);
        put_varint(b, zigzag(r->published_s));
    }
    if (r->has_score) {
        put_varint(b, TAG_SCORE);
        put_varint(b, zigzag(r->score));
    }
    if (r->has_rev) {
        put_varint(b, TAG_REV);
        put_varint(b, r->rev);
    }
    for (size_t i = 0; i < TEXT_COUNT; i++)
        put_text(b, texts[i].tag, *record_text(r, i));
    for (size_t i = 0; i < r->tag_count; i++)
        put_text(b, TAG_RECORD_TAG, r->tags[i]);
}

static void put_quotes(weft_buf *b, const weft_stored *s)
{
    for (size_t i = 0; i < s->quote_count; i++) {
        const weft_stored_quote *q = &s->quotes[i];
        put_varint(b, TAG_QUOTE_OUTER_START);
        put_varint(b, q->outer_start);
        put_number(b, TAG_QUOTE_OUTER_END, q->outer_end);
        put_number(b, TAG_QUOTE_START, q->start);
        put_number(b, TAG_QUOTE_END, q->end);
        put_text(b, TAG_QUOTE_OF, q->of);
        put_text(b, TAG_QUOTE_AUTHOR, q->author);
    }
}

/* Compress by a context that is made once: to set one up costs as much as a short record.
 * SIZE_MAX when it does not pay or cannot be done. */
static size_t pack(char *out, size_t size, weft_str fields)
{
    static ZSTD_CCtx *context; /* for the life of the process */
    if (context == NULL)
        context = ZSTD_createCCtx();
    if (context == NULL)
        return SIZE_MAX;
    size_t n = ZSTD_compressCCtx(context, out, size, fields.p, fields.n, ZSTD_LEVEL);
    return ZSTD_isError(n) || n >= fields.n ? SIZE_MAX : n;
}

/* Version, flag, then the fields as they are or as one zstd frame, whichever is shorter. */
static weft_code frame(void *mem, weft_str fields, bool packs, weft_str *out,
                       weft_error *err)
{
    size_t bound = packs && fields.n >= COMPRESS_FROM ? ZSTD_compressBound(fields.n) : 0;
    char *p = talloc_size(mem, 2 + (bound > fields.n ? bound : fields.n));
    if (p == NULL)
        return weft_fail_nomem(err);
    p[0] = STORED_VERSION;
    p[1] = 0;
    size_t packed = bound > 0 ? pack(p + 2, bound, fields) : SIZE_MAX;
    if (packed != SIZE_MAX) {
        p[1] = 1;
        *out = weft_str_of(p, 2 + packed);
        return WEFT_OK;
    }
    memcpy(p + 2, fields.p, fields.n);
    *out = weft_str_of(p, 2 + fields.n);
    return WEFT_OK;
}

void stored_put_fields(weft_buf *b, const weft_stored *s)
{
    put_number(b, TAG_KIND, (uint64_t)s->kind);
    put_number(b, TAG_ORPHAN, s->orphan);
    put_number(b, TAG_DEPTH, s->depth);
    put_number(b, TAG_LENGTH, s->length);
    put_number(b, TAG_CHANGED, s->changed);
    put_number(b, TAG_FINGERPRINT, s->fingerprint);
    put_text(b, TAG_LANGUAGE, s->language);
    if (s->record != NULL)
        put_record(b, s->record);
    for (size_t i = 0; i < s->ancestor_count; i++)
        put_text(b, TAG_ANCESTOR, s->ancestors[i]);
    put_quotes(b, s);
}

static weft_code encode(void *mem, const weft_stored *s, bool packs, weft_str *out,
                        weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, tmp, STORED_MAX);
    stored_put_fields(&b, s);
    weft_code code = weft_buf_check(&b, "stored record", err);
    return code != WEFT_OK ? code : frame(mem, weft_buf_str(&b), packs, out, err);
}

weft_code weft_stored_encode(void *mem, const weft_stored *s, weft_str *out,
                             weft_error *err)
{
    return encode(mem, s, true, out, err);
}

weft_code weft_stored_encode_plain(void *mem, const weft_stored *s, weft_str *out,
                                   weft_error *err)
{
    return encode(mem, s, false, out, err);
}

/* Where the reading of fields stands. Lists grow in mem as their fields come. */
typedef struct field_reader {
    void *mem;
    weft_str rest;
    weft_stored *out;
    size_t tags_size, ancestors_size, quotes_size;
    bool no_memory; /* why reading stopped, when it is not the bytes' fault */
} field_reader;

static bool take_varint(weft_str *rest, uint64_t *out)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < 10 && i < rest->n; i++) {
        unsigned char byte = (unsigned char)rest->p[i];
        v |= (uint64_t)(byte & 0x7F) << (7 * i);
        if ((byte & 0x80) == 0) {
            rest->p += i + 1;
            rest->n -= i + 1;
            *out = v;
            return true;
        }
    }
    return false;
}

/* Room for one more element; false when out of memory or over max. */
static bool grow(field_reader *f, void **array, size_t element, size_t count, size_t *size,
                 size_t max)
{
    if (count >= max)
        return false;
    if (count < *size)
        return true;
    size_t wanted = *size == 0 ? 4 : *size * 2;
    void *grown = weft_grown(f->mem, *array, element, wanted, "list");
    if (grown == NULL) {
        f->no_memory = true;
        return false;
    }
    *array = grown;
    *size = wanted;
    return true;
}

static bool read_quote_number(field_reader *f, uint64_t tag, uint64_t v)
{
    weft_stored *s = f->out;
    if (v > UINT32_MAX)
        return false;
    if (tag == TAG_QUOTE_OUTER_START) {
        if (!grow(f, (void **)&s->quotes, sizeof *s->quotes, s->quote_count,
                  &f->quotes_size, WEFT_QUOTES_MAX))
            return false;
        s->quotes[s->quote_count++] = (weft_stored_quote){.outer_start = (uint32_t)v};
        return true;
    }
    if (s->quote_count == 0)
        return false;
    weft_stored_quote *q = &s->quotes[s->quote_count - 1];
    if (tag == TAG_QUOTE_OUTER_END)
        q->outer_end = (uint32_t)v;
    else if (tag == TAG_QUOTE_START)
        q->start = (uint32_t)v;
    else
        q->end = (uint32_t)v;
    return true;
}

static bool read_record_number(weft_record *r, uint64_t tag, uint64_t v)
{
    switch (tag) {
    case TAG_TYPE:
        r->type = v == WEFT_COMMENT ? WEFT_COMMENT : WEFT_ARTICLE;
        return v <= WEFT_COMMENT;
    case TAG_STATUS:
        r->status = (weft_status)v;
        return v <= WEFT_DELETED;
    case TAG_FORMAT:
        r->format = (weft_format)v;
        return v <= WEFT_MARKDOWN;
    case TAG_DATE:
        r->published_s = unzigzag(v);
        return r->published_s >= WEFT_DATE_MIN && r->published_s <= WEFT_DATE_MAX;
    case TAG_SCORE:
        r->score = unzigzag(v);
        r->has_score = true;
        return true;
    case TAG_REV:
        r->rev = v;
        r->has_rev = true;
        return true;
    case TAG_DELETE:
        r->is_delete = v != 0;
        return true;
    case TAG_PARENT_MARKER:
        r->parent_is_marker = v != 0;
        return true;
    default:
        return true;
    }
}

static bool read_number(field_reader *f, uint64_t tag, uint64_t v)
{
    weft_stored *s = f->out;
    switch (tag) {
    case TAG_KIND:
        s->kind = (weft_kind)v;
        return v <= WEFT_KIND_THREAD;
    case TAG_ORPHAN:
        s->orphan = v != 0;
        return true;
    case TAG_DEPTH:
        s->depth = (uint32_t)v;
        return v <= WEFT_DEPTH_MAX;
    case TAG_LENGTH:
        s->length = v;
        return true;
    case TAG_CHANGED:
        s->changed = v;
        return true;
    case TAG_FINGERPRINT:
        s->fingerprint = v;
        return true;
    case TAG_QUOTE_OUTER_START:
    case TAG_QUOTE_OUTER_END:
    case TAG_QUOTE_START:
    case TAG_QUOTE_END:
        return read_quote_number(f, tag, v);
    default:
        return read_record_number(s->record, tag, v);
    }
}

static bool read_list_text(field_reader *f, uint64_t tag, const char *copy)
{
    weft_stored *s = f->out;
    weft_record *r = s->record;
    if (tag == TAG_RECORD_TAG) {
        if (!grow(f, (void **)&r->tags, sizeof *r->tags, r->tag_count, &f->tags_size,
                  WEFT_TAGS_MAX))
            return false;
        r->tags[r->tag_count++] = copy;
    } else if (tag == TAG_ANCESTOR) {
        if (!grow(f, (void **)&s->ancestors, sizeof *s->ancestors, s->ancestor_count,
                  &f->ancestors_size, ANCESTOR_IDS_MAX))
            return false;
        s->ancestors[s->ancestor_count++] = copy;
    } else if (tag == TAG_LANGUAGE) {
        s->language = copy;
    } else if (tag == TAG_QUOTE_OF || tag == TAG_QUOTE_AUTHOR) {
        if (s->quote_count == 0)
            return false;
        weft_stored_quote *q = &s->quotes[s->quote_count - 1];
        *(tag == TAG_QUOTE_OF ? &q->of : &q->author) = copy;
    }
    return true;
}

static bool read_text(field_reader *f, uint64_t tag, weft_str value)
{
    const char *copy = weft_str_dup(f->mem, value);
    f->no_memory = copy == NULL;
    if (copy == NULL || strlen(copy) != value.n)
        return false;
    for (size_t i = 0; i < TEXT_COUNT; i++)
        if (texts[i].tag == tag) {
            *record_text(f->out->record, i) = copy;
            return true;
        }
    return read_list_text(f, tag, copy);
}

static bool read_fields(field_reader *f)
{
    while (f->rest.n > 0) {
        uint64_t tag, v;
        if (!take_varint(&f->rest, &tag) || !take_varint(&f->rest, &v))
            return false;
        if (tag % 2 == 0) {
            if (!read_number(f, tag, v))
                return false;
            continue;
        }
        if (v > f->rest.n || !read_text(f, tag, weft_str_of(f->rest.p, (size_t)v)))
            return false;
        f->rest.p += v;
        f->rest.n -= (size_t)v;
    }
    return true;
}

/* Whether what was read can be used without further looks: an id, and quotes that stand in
 * the text. */
static bool is_whole(const weft_stored *s)
{
    size_t text = weft_record_text(s->record).n;
    for (size_t i = 0; i < s->quote_count; i++) {
        const weft_stored_quote *q = &s->quotes[i];
        if (q->start > q->end || q->end > text || q->outer_start > q->outer_end ||
            q->outer_end > text)
            return false;
    }
    return s->record->id != NULL || s->kind == WEFT_KIND_THREAD;
}

/* The fields of stored bytes, unpacked when they are packed. */
static weft_code unframe(void *mem, weft_str bytes, weft_str *fields, weft_error *err)
{
    if (bytes.n < 2 || bytes.p[0] != STORED_VERSION || (unsigned char)bytes.p[1] > 1)
        return weft_fail(err, WEFT_ECORRUPT, "stored record: not of version %d",
                         STORED_VERSION);
    *fields = weft_str_of(bytes.p + 2, bytes.n - 2);
    if (bytes.p[1] == 0)
        return WEFT_OK;
    unsigned long long size = ZSTD_getFrameContentSize(fields->p, fields->n);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > STORED_MAX)
        return weft_fail(err, WEFT_ECORRUPT, "stored record: bad size");
    char *p = talloc_size(mem, (size_t)size + 1);
    if (p == NULL)
        return weft_fail_nomem(err);
    size_t got = ZSTD_decompress(p, (size_t)size, fields->p, fields->n);
    if (ZSTD_isError(got) || got != size)
        return weft_fail(err, WEFT_ECORRUPT, "stored record: cannot be unpacked");
    *fields = weft_str_of(p, got);
    return WEFT_OK;
}

weft_code weft_stored_decode(void *mem, weft_str bytes, weft_stored **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_stored *s = talloc_zero(mem, weft_stored);
    if (s == NULL || (s->record = talloc_zero(s, weft_record)) == NULL)
        return weft_fail_nomem(err);
    s->record->published_s = WEFT_DATE_UNKNOWN;
    field_reader f = {.mem = s, .out = s};
    weft_code code = unframe(tmp, bytes, &f.rest, err);
    if (code == WEFT_OK && (!read_fields(&f) || !is_whole(s)))
        code = f.no_memory
                   ? weft_fail_nomem(err)
                   : weft_fail(err, WEFT_ECORRUPT, "stored record: fields are damaged");
    if (code != WEFT_OK) {
        talloc_free(s);
        return code;
    }
    *out = s;
    return WEFT_OK;
}
