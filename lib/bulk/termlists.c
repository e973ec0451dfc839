/* termlists.c - what each document has: its terms, and the slots of its values.
 *
 * Source: doc/glass-format.md, "The termlist table".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "termlists.h"

#include "pack.h"
#include "banned.h"

enum { WDF_PACKED_MAX = 127 /* wdfs below may share a byte with the length reused */ };

size_t termlists_bound(const weft_document *d)
{
    size_t bytes = 2 * PACKED_MAX + d->value_count * PACKED_MAX;
    for (size_t i = 0; i < d->term_count; i++)
        bytes += d->terms[i].text.n + 2 + PACKED_MAX;
    return bytes;
}

static size_t common(weft_str a, weft_str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

/* A term after another: how much of that it begins with, then the rest. A small wdf goes
 * into the first byte, which is then too large for a length of the term before. */
static unsigned char *put_next(unsigned char *p, const weft_term *before,
                               const weft_term *term)
{
    size_t reused = common(before->text, term->text), rest = term->text.n - reused;
    size_t packed = (size_t)(term->wdf + 1) * (before->text.n + 1) + reused;
    bool is_packed = term->wdf < WDF_PACKED_MAX && packed < 256;
    *p++ = (unsigned char)(is_packed ? packed : reused);
    *p++ = (unsigned char)rest;
    memcpy(p, term->text.p + reused, rest);
    p += rest;
    return is_packed ? p : pack_uint(p, term->wdf);
}

static unsigned char *put_terms(unsigned char *p, const weft_document *d, uint32_t length)
{
    const weft_term *first = d->terms;
    if (d->term_count == 0)
        return p;
    p = pack_uint(p, length);
    p = pack_uint(p, d->term_count);
    *p++ = (unsigned char)first->text.n;
    memcpy(p, first->text.p, first->text.n);
    p = pack_uint(p + first->text.n, first->wdf);
    for (size_t i = 1; i < d->term_count; i++)
        p = put_next(p, &d->terms[i - 1], &d->terms[i]);
    return p;
}

static unsigned char *put_slots(unsigned char *p, const weft_document *d)
{
    uint32_t next = 0;
    for (size_t i = 0; i < d->value_count; i++) {
        p = pack_uint(p, d->values[i].slot - next);
        next = d->values[i].slot + 1;
    }
    return p;
}

static weft_code add(table *t, const unsigned char *key, size_t key_n,
                     const unsigned char *tag, const unsigned char *end, weft_error *err)
{
    return table_add(t, weft_str_of((const char *)key, key_n),
                     weft_str_of((const char *)tag, (size_t)(end - tag)), err);
}

weft_code termlists_add(table *t, uint32_t docid, const weft_document *sorted,
                        uint32_t length, unsigned char *buffer, weft_error *err)
{
    unsigned char key[DOCID_KEY_MAX];
    size_t n = (size_t)(pack_sortable(key, docid) - key);
    weft_code code = add(t, key, n, buffer, put_terms(buffer, sorted, length), err);
    key[n++] = 0;
    if (code == WEFT_OK && sorted->value_count > 0)
        code = add(t, key, n, buffer, put_slots(buffer, sorted), err);
    return code;
}
