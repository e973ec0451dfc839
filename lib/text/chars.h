/* chars.h - decoding UTF-8 and the classes of characters that the tokenizer cuts at. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_TEXT_CHARS_H
#define WEFT_TEXT_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/str.h"

/**
 * The character at byte i (i < s.n) and where the next one begins. Exact for valid UTF-8;
 * for anything else some number, but never a read outside s.
 */
static inline uint32_t char_at(weft_str s, size_t i, size_t *next)
{
    const unsigned char *p = (const unsigned char *)s.p + i;
    size_t left = s.n - i;
    if (p[0] < 0x80 || left == 1) {
        *next = i + 1;
        return p[0];
    }
    if (p[0] < 0xE0 || left == 2) {
        *next = i + 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (uint32_t)(p[1] & 0x3F);
    }
    uint32_t middle = (uint32_t)(p[1] & 0x3F) << 6 | (uint32_t)(p[2] & 0x3F);
    if (p[0] < 0xF0 || left == 3) {
        *next = i + 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | middle;
    }
    *next = i + 4;
    return (uint32_t)(p[0] & 0x07) << 18 | middle << 6 | (uint32_t)(p[3] & 0x3F);
}

/** Where the character that ends before byte i (i > start) begins. */
static inline size_t char_before(weft_str s, size_t i, size_t start)
{
    i--;
    while (i > start && ((unsigned char)s.p[i] & 0xC0) == 0x80)
        i--;
    return i;
}

/** The characters people type for an apostrophe; all are one to us. */
static inline bool is_apostrophe(uint32_t c)
{
    if (c < 0x80)
        return c == '\'' || c == '`';
    return c == 0x2019 || c == 0x2018 || c == 0x02BC || c == 0x2032 || c == 0x00B4 ||
           c == 0x02BB || c == 0xFF07;
}

/** What always ends a word, though UAX #29 may join it: '_' and its like, ':' and '@' (ICU
 * versions differ on these). */
static inline bool is_word_cut(uint32_t c)
{
    if (c < 0x202F)
        return c == '_' || c == ':' || c == '@';
    return c == 0x202F || c == 0x203F || c == 0x2040 || c == 0x2054 || c == 0x20E3 ||
           c == 0xFE33 || c == 0xFE34 || (c >= 0xFE4D && c <= 0xFE4F) || c == 0xFE55 ||
           c == 0xFF1A || c == 0xFF20 || c == 0xFF3F;
}

static inline bool is_full_stop(uint32_t c)
{
    return c == '.' || c == 0xFF0E || c == 0x2024 || c == 0xFE52;
}

static inline bool is_skin_tone(uint32_t c)
{
    return c >= 0x1F3FB && c <= 0x1F3FF;
}

static inline bool is_regional_indicator(uint32_t c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

static inline bool is_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/** Hangul vowels and final consonants: they belong to the syllable before them. */
static inline bool is_hangul_tail(uint32_t c)
{
    return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB);
}

static inline bool is_hangul(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97C) ||
           (c >= 0xAC00 && c <= 0xD7FB) || (c >= 0x3131 && c <= 0x318E) ||
           (c >= 0xFFA0 && c <= 0xFFDC);
}

/** Hangul fillers: letters to Unicode, but nothing is left of them after folding. */
static inline bool is_filler(uint32_t c)
{
    return c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
}

/** Han, kana with their length and iteration marks, Hangul, Bopomofo: written without
 * spaces, cut into pairs. */
static inline bool is_cjk(uint32_t c)
{
    if (c < 0x1100 || is_filler(c))
        return false;
    if (c < 0x2E80)
        return c <= 0x11FF;
    if (c < 0xA000)
        return c >= 0x3400
                   ? c < 0x4DC0 || c >= 0x4E00
                   : c <= 0x2FDF || (c >= 0x3005 && c <= 0x3007) ||
                         (c >= 0x3021 && c <= 0x3029) || (c >= 0x3031 && c <= 0x3035) ||
                         (c >= 0x3038 && c <= 0x303C) || (c >= 0x3041 && c <= 0x3096) ||
                         (c >= 0x309D && c <= 0x309F) || (c >= 0x30A1 && c <= 0x30FA) ||
                         (c >= 0x30FC && c <= 0x318E) || (c >= 0x31A0 && c <= 0x31BF) ||
                         (c >= 0x31F0 && c <= 0x31FF);
    if (c < 0x10000)
        return is_hangul(c) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFF9D);
    return (c >= 0x1B000 && c <= 0x1B16F) || (c >= 0x20000 && c <= 0x3FFFD);
}

#endif
