/* edits.c - how many slips of the finger lie between two words.
 *
 * Row i of the table says what it takes from the first i letters of the other word to each
 * beginning of ours. A row depends on the two above it only: words in order share the rows of
 * what they begin with, and when the least of a row leaves no room, nothing that begins so can
 * come near. Then neither can anything with another letter there that ours has not.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edits.h"

#include <unicode/utf8.h>

#include "banned.h"

bool letters_read(weft_str word, letters *out)
{
    const uint8_t *bytes = (const uint8_t *)word.p;
    int32_t i = 0, n = word.n > INT32_MAX ? 0 : (int32_t)word.n;
    out->count = 0;
    while (i < n) {
        UChar32 c;
        U8_NEXT(bytes, i, n, c);
        if (c < 0 || out->count == EDITS_LETTERS_MAX)
            return false;
        out->of[out->count++] = c;
    }
    return true;
}

static unsigned lesser(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

void edits_begin(edits *e, const letters *word, unsigned most)
{
    e->word = *word;
    e->most = lesser(most, EDITS_MAX);
    e->known = e->depth = e->start = 0;
    e->least[0] = 0;
    for (unsigned j = 0; j <= word->count; j++)
        e->rows[0][j] = j;
}

/* The row of the first i letters, of which c is the last. */
static void fill_row(edits *e, size_t i, UChar32 c)
{
    const UChar32 *ours = e->word.of;
    unsigned *now = e->rows[i];
    const unsigned *up = e->rows[i - 1];
    unsigned best = now[0] = (unsigned)i;
    for (size_t j = 1; j <= e->word.count; j++) {
        now[j] = lesser(lesser(up[j], now[j - 1]) + 1, up[j - 1] + (ours[j - 1] != c));
        if (i > 1 && j > 1 && ours[j - 2] == c && ours[j - 1] == e->last[i - 2])
            now[j] = lesser(now[j], e->rows[i - 2][j - 2] + 1);
        best = lesser(best, now[j]);
    }
    e->last[i - 1] = c;
    e->least[i] = best;
    e->known = i;
}

unsigned edits_to(edits *e, weft_str other, bool *dead)
{
    const uint8_t *bytes = (const uint8_t *)other.p;
    int32_t at = 0, n = other.n > INT32_MAX ? 0 : (int32_t)other.n;
    size_t i = 0;
    *dead = false;
    e->depth = 0;
    while (at < n) {
        UChar32 c;
        e->start = (size_t)at;
        U8_NEXT(bytes, at, n, c);
        e->depth = ++i;
        if (i > e->known || e->last[i - 1] != c)
            fill_row(e, i, c);
        /* The row above has `most` at least: a swap from there does not come back either. */
        if (e->least[i] > e->most) {
            *dead = true;
            return e->most + 1;
        }
    }
    return lesser(e->rows[i][e->word.count], e->most + 1);
}

unsigned edits_to_beginning(const edits *e)
{
    unsigned best = e->most + 1;
    for (size_t i = 0; i <= e->depth; i++)
        best = lesser(best, e->rows[i][e->word.count]);
    return best;
}

weft_str edits_next(const edits *e, weft_str other, char *place)
{
    const UChar32 dead = e->last[e->depth - 1];
    UChar32 next = 0; /* the least of our letters that comes after it */
    size_t n = e->start;
    memcpy(place, other.p, n);
    for (size_t j = 0; j < e->word.count; j++)
        if (e->word.of[j] > dead && (next == 0 || e->word.of[j] < next))
            next = e->word.of[j];
    if (next > 0 && dead >= 0) {
        int32_t at = 0;
        uint8_t bytes[U8_MAX_LENGTH];
        U8_APPEND_UNSAFE(bytes, at, (uint32_t)next);
        memcpy(place + n, bytes, (size_t)at);
        return weft_str_of(place, n + (size_t)at);
    }
    /* None: on after all that begins like it but for that letter. The last byte of a letter
     * is never the greatest there is. */
    if (n > 0)
        place[n - 1] = (char)((unsigned char)place[n - 1] + 1);
    return weft_str_of(place, n);
}
