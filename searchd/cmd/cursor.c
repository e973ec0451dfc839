/* cursor.c - where a page of a search ended, as a text that a client hands back.
 *
 * The text is base64url (RFC 4648, section 5, without padding) of: a version byte, a byte of
 * flags, numbers of 8 bytes with the lowest first, the key with its length or the ids with
 * their count, and last 4 bytes of the hash of all before. The hash finds slips, not forgers:
 * a made-up cursor says no more than where to begin in an answer that its maker may see.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cursor.h"

#include "weft/mem.h"
#include "banned.h"

enum {
    VERSION = 1,
    FLAG_BY_KEY = 1,
    FLAG_RELAXED = 2,
    KEY_MAX = 2 * 8 + 1 + WEFT_ID_MAX, /* bytes of a key of order */
    SUM_BYTES = 4,
    BYTES_MAX = WEFT_CURSOR_MAX / 4 * 3
};

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void put_number(weft_buf *b, uint64_t n)
{
    for (int i = 0; i < 8; i++)
        weft_buf_add_char(b, (char)(n >> 8 * i & 0xFF));
}

/* Reading at work; past the end everything is 0 and short_of says so. */
typedef struct reading {
    weft_str rest;
    bool short_of;
} reading;

static weft_str take(reading *r, size_t n)
{
    if (n > r->rest.n) {
        r->short_of = true;
        return weft_str_of("", 0);
    }
    weft_str part = weft_str_of(r->rest.p, n);
    r->rest = weft_str_of(r->rest.p + n, r->rest.n - n);
    return part;
}

static uint64_t take_number(reading *r)
{
    weft_str bytes = take(r, 8);
    uint64_t n = 0;
    for (size_t i = bytes.n; i > 0; i--)
        n = n << 8 | (unsigned char)bytes.p[i - 1];
    return n;
}

static void put_sum(weft_buf *b)
{
    uint64_t sum = weft_str_hash(weft_buf_str(b));
    for (int i = 0; i < SUM_BYTES; i++)
        weft_buf_add_char(b, (char)(sum >> 8 * i & 0xFF));
}

static bool take_sum(weft_str *bytes)
{
    if (bytes->n < SUM_BYTES)
        return false;
    bytes->n -= SUM_BYTES;
    uint64_t sum = weft_str_hash(*bytes);
    for (int i = 0; i < SUM_BYTES; i++)
        if ((unsigned char)bytes->p[bytes->n + (size_t)i] != (sum >> 8 * i & 0xFF))
            return false;
    return true;
}

static void encode(weft_buf *to, weft_str bytes)
{
    uint32_t held = 0;
    int bits = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        held = held << 8 | (unsigned char)bytes.p[i];
        for (bits += 8; bits >= 6; bits -= 6)
            weft_buf_add_char(to, digits[held >> (bits - 6) & 63]);
    }
    if (bits > 0)
        weft_buf_add_char(to, digits[held << (6 - bits) & 63]);
}

static bool decode(weft_buf *to, weft_str text)
{
    uint32_t held = 0;
    int bits = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *digit = text.p[i] == '\0' ? NULL : strchr(digits, text.p[i]);
        if (digit == NULL)
            return false;
        held = held << 6 | (uint32_t)(digit - digits);
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        weft_buf_add_char(to, (char)(held >> bits & 0xFF));
    }
    return bits < 6 && (held & ((1U << bits) - 1)) == 0;
}

weft_code cursor_write(void *mem, const cursor *c, char **out, weft_error *err)
{
    weft_buf bytes, text;
    uint64_t score;
    weft_buf_init(&bytes, mem, BYTES_MAX);
    weft_buf_init(&text, mem, WEFT_CURSOR_MAX);
    memcpy(&score, &c->score, sizeof score);
    weft_buf_add_char(&bytes, VERSION);
    weft_buf_add_char(
        &bytes, (char)((c->by_key ? FLAG_BY_KEY : 0) | (c->relaxed ? FLAG_RELAXED : 0)));
    put_number(&bytes, c->question);
    put_number(&bytes, c->revision);
    put_number(&bytes, (uint64_t)c->now_s);
    put_number(&bytes, c->shown);
    put_number(&bytes, score);
    put_number(&bytes, c->by_key ? c->key.n : c->id_count);
    if (c->by_key)
        weft_buf_add(&bytes, c->key);
    for (size_t i = 0; !c->by_key && i < c->id_count; i++)
        put_number(&bytes, c->ids[i]);
    put_sum(&bytes);
    encode(&text, weft_buf_str(&bytes));
    weft_code code = weft_buf_check(&bytes, "cursor", err);
    if (code == WEFT_OK)
        code = weft_buf_check(&text, "cursor", err);
    *out = text.p;
    return code;
}

static weft_code read_ids(void *mem, reading *r, uint64_t count, cursor *c, weft_error *err)
{
    if (count == 0 || count > WEFT_HITS_MAX) {
        r->short_of = true;
        return WEFT_OK;
    }
    c->ids = weft_new_array(mem, uint64_t, count);
    if (c->ids == NULL)
        return weft_fail_nomem(err);
    while (c->id_count < count)
        c->ids[c->id_count++] = take_number(r);
    return WEFT_OK;
}

static weft_code read_bytes(void *mem, reading *r, cursor *c, weft_error *err)
{
    unsigned char flags;
    weft_str head = take(r, 2);
    if (r->short_of || head.p[0] != VERSION) {
        r->short_of = true;
        return WEFT_OK;
    }
    flags = (unsigned char)head.p[1];
    c->by_key = (flags & FLAG_BY_KEY) != 0;
    c->relaxed = (flags & FLAG_RELAXED) != 0;
    c->question = take_number(r);
    c->revision = take_number(r);
    uint64_t now_s = take_number(r);
    c->now_s = (int64_t)now_s;
    r->short_of = r->short_of || now_s > CURSOR_NOW_MAX;
    uint64_t shown = take_number(r), score = take_number(r), count = take_number(r);
    memcpy(&c->score, &score, sizeof score);
    c->shown = shown > WEFT_WINDOW_MAX && !c->by_key ? 0 : (uint32_t)shown;
    if (!c->by_key)
        return read_ids(mem, r, count, c, err);
    if (count > KEY_MAX)
        r->short_of = true;
    else
        c->key = take(r, count);
    return WEFT_OK;
}

weft_code cursor_read(void *mem, weft_str text, cursor *out, weft_error *err)
{
    weft_buf bytes;
    weft_buf_init(&bytes, mem, BYTES_MAX + SUM_BYTES);
    bool is_text = decode(&bytes, text);
    weft_code code = weft_buf_check(&bytes, "cursor", NULL);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    reading r = {weft_buf_str(&bytes), false};
    *out = (cursor){0};
    if (code != WEFT_OK || !is_text || !take_sum(&r.rest))
        r.short_of = true;
    else
        code = read_bytes(mem, &r, out, err);
    if (code == WEFT_OK && (r.short_of || r.rest.n > 0))
        code = WEFT_EUSAGE;
    return code == WEFT_OK || code == WEFT_ENOMEM
               ? code
               : weft_fail(err, WEFT_EUSAGE, "'cursor' is damaged: give it as it came");
}
