/* pack.h - integers as glass stores them. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_PACK_H
#define WEFT_BULK_PACK_H

#include <stdint.h>

enum {
    PACKED_MAX = 10,  /* bytes of a packed number of 64 bits */
    SORTABLE_MAX = 5, /* bytes of a sortable docid */
    DOCID_KEY_MAX = SORTABLE_MAX + 1
};

/* All write at p and return the end of what they wrote. */

/* Seven bits a byte, the lowest first; the high bit says that more follow. */
static inline unsigned char *pack_uint(unsigned char *p, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        *p++ = (unsigned char)(v | 0x80);
    *p++ = (unsigned char)v;
    return p;
}

/* Bytes that order as the numbers do: two for those below 2^15; else as many as hold the
 * number beside a first byte that says, by its leading ones, how many. */
static inline unsigned char *pack_sortable(unsigned char *p, uint32_t v)
{
    int bytes = v < 0x8000 ? 2 : (37 - __builtin_clz(v)) / 7;
    unsigned mark = v < 0x8000 ? 0 : 0xFFu << (10 - bytes);
    for (int i = bytes - 1; i >= 0; i--) {
        unsigned high = i == bytes - 1 ? mark : 0;
        *p++ = (unsigned char)((uint64_t)v >> (8 * i) | high);
    }
    return p;
}

/* The reverse, of bytes known to be whole. */
static inline const unsigned char *unpack_sortable(const unsigned char *p, uint32_t *v)
{
    int bytes = (p[0] & 0x80) == 0 ? 2 : __builtin_clz(~((uint32_t)p[0] << 24)) + 2;
    uint64_t sum = bytes == 2 ? p[0] : p[0] & (0xFFu >> (bytes - 1));
    for (int i = 1; i < bytes; i++)
        sum = sum << 8 | p[i];
    *v = (uint32_t)sum;
    return p + bytes;
}

static inline unsigned char *pack_big16(unsigned char *p, unsigned v)
{
    p[0] = (unsigned char)(v >> 8);
    p[1] = (unsigned char)v;
    return p + 2;
}

static inline unsigned char *pack_big32(unsigned char *p, uint32_t v)
{
    return pack_big16(pack_big16(p, v >> 16), v & 0xFFFF);
}

/* The reverse of pack_uint, of bytes known to be whole. */
static inline const unsigned char *unpack_uint(const unsigned char *p, uint64_t *v)
{
    uint64_t sum = *p & 0x7F;
    for (unsigned shift = 7; (*p++ & 0x80) != 0; shift += 7)
        sum |= (uint64_t)(*p & 0x7F) << shift;
    *v = sum;
    return p;
}

#endif
