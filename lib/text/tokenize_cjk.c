/* tokenize_cjk.c - runs of Han, kana, Hangul and Bopomofo: characters and pairs of
 * neighbours. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unicode/uchar.h>

#include "chars.h"
#include "tokenizer.h"
#include "banned.h"

static bool is_attached(uint32_t c, bool after_hangul)
{
    if (c < 0x80)
        return false;
    if (is_hangul_tail(c))
        return after_hangul;
    if (c == 0xFF9E || c == 0xFF9F) /* the half-width voicing marks */
        return true;
    return !is_cjk(c) && (U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;
}

/* End of the CJK character at byte i with the marks on it; i itself when there is none. */
static size_t unit_end(const weft_tokenizer *t, size_t i)
{
    size_t end = i;
    if (i >= t->text.n)
        return i;
    uint32_t c = char_at(t->text, i, &end);
    if (!is_cjk(c))
        return i;
    bool hangul = is_hangul(c);
    for (size_t next; end < t->text.n; end = next)
        if (!is_attached(char_at(t->text, end, &next), hangul))
            break;
    return end;
}

static void emit(weft_tokenizer *t, size_t start, size_t middle, size_t end,
                 weft_token *out)
{
    weft_str first = weft_str_of(t->text.p + start, middle - start);
    size_t n = folder_word(t->folder, first, t->word);
    if (end > middle)
        n += folder_word(t->folder, weft_str_of(t->text.p + middle, end - middle),
                         t->word + n);
    if (n == 0) { /* no character of these scripts folds to nothing today; a later Unicode
                     may have one */
        memcpy(t->word, first.p, first.n);
        n = first.n;
    }
    tokenizer_word(t, n, start, end, out);
    out->is_cjk = true;
    out->is_pair = end > middle;
}

/* pos is the character in hand. Pairs of a query end with the run's last pair: its last
 * character begins none. */
bool cjk_next(weft_tokenizer *t, weft_token *out)
{
    size_t start = t->pos;
    size_t middle = unit_end(t, start);
    if (middle == start)
        return false;
    size_t end = t->mode == WEFT_TOKENIZE_STREAM ? middle : unit_end(t, middle);
    bool has_pair = end > middle;
    if (t->mode == WEFT_TOKENIZE_DOCUMENT && has_pair && !t->pair_next) {
        t->pair_next = true;
        emit(t, start, middle, middle, out);
        return true;
    }
    bool wants_pair = has_pair && (t->mode == WEFT_TOKENIZE_QUERY || t->pair_next);
    t->pair_next = false;
    emit(t, start, middle, wants_pair ? end : middle, out);
    t->pos = middle;
    if (t->mode == WEFT_TOKENIZE_QUERY && wants_pair && unit_end(t, end) == end)
        t->pos = end;
    return true;
}
