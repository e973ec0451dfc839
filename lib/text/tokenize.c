/* tokenize.c - a text as runs, and runs as words: the public tokenizer and ICU's part of
 * it.
 *
 * Nothing of UAX #29 joins words across ASCII white space, so a text may be cut there and
 * its ASCII stretches taken by hand. A token's buffer is sized when the text begins:
 * weft_tokenizer_next allocates nothing of ours and cannot fail.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/text.h"

#include <unicode/uchar.h>

#include "weft/mem.h"

#include "chars.h"
#include "tokenizer.h"
#include "banned.h"

enum {
    ICU_RUN_BYTES = 16 * 1024, /* a run ends at the first space after this */
    ASCII_WORTH_BYTES =
        48 /* of ASCII ahead, for leaving ICU: each return to it costs a set-up */
};

static int close_iterators(weft_tokenizer *t)
{
    if (t->words != NULL)
        ubrk_close(t->words);
    if (t->graphemes != NULL)
        ubrk_close(t->graphemes);
    return 0;
}

weft_code weft_tokenizer_new(void *mem, weft_tokenizer **out, weft_error *err)
{
    weft_tokenizer *t = talloc_zero(mem, weft_tokenizer);
    if (t == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(t, close_iterators);
    UErrorCode status = U_ZERO_ERROR;
    t->words = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
    t->graphemes = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
    weft_code code = WEFT_OK;
    if (U_FAILURE(status))
        code = weft_fail(err, WEFT_EINTERNAL, "icu: no word boundaries: %s",
                         u_errorName(status));
    else
        code = folder_new(t, &t->folder, err);
    if (code != WEFT_OK) {
        talloc_free(t);
        return code;
    }
    *out = t;
    return WEFT_OK;
}

void tokenizer_force_icu(weft_tokenizer *t, bool on)
{
    t->force_icu = on;
}

/* The first byte from i on, before end, that is not ASCII, or end. */
static size_t find_non_ascii(weft_str s, size_t i, size_t end)
{
    uint64_t eight;
    for (; i + sizeof eight <= end; i += sizeof eight) {
        memcpy(&eight, s.p + i, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0)
            break;
    }
    while (i < end && (unsigned char)s.p[i] < 0x80)
        i++;
    return i;
}

weft_code weft_tokenizer_start(weft_tokenizer *t, weft_str text, weft_tokenize_mode mode,
                               weft_error *err)
{
    t->text = weft_str_of("", 0); /* until all is ready */
    t->run = RUN_NONE;
    t->pos = t->run_end = t->cut = t->cut_end = 0;
    t->pair_next = false;
    size_t word_size = text.n * 2 + 2 * FOLD_SLACK_BYTES;
    if (word_size > t->word_size) {
        char *word = talloc_realloc_size(t, t->word, word_size);
        if (word == NULL)
            return weft_fail_nomem(err);
        t->word = word;
        t->word_size = word_size;
    }
    t->non_ascii = find_non_ascii(text, 0, text.n);
    bool needs_units = t->force_icu || t->non_ascii < text.n;
    if (needs_units && text.n > t->units_size) {
        UChar *units = weft_grow_array(t, t->units, UChar, text.n);
        if (units == NULL)
            return weft_fail_nomem(err);
        t->units = units;
        t->units_size = text.n;
    }
    t->text = text;
    t->mode = mode;
    return WEFT_OK;
}

bool tokenizer_word(weft_tokenizer *t, size_t n, size_t start, size_t end, weft_token *out)
{
    if (n == 0)
        return false;
    *out = (weft_token){
        .folded = {t->word, fold_finish(t->word, n)}, .start = start, .end = end};
    return true;
}

/* Punctuation that makes no word; a run of nothing else need not be shown to ICU. */
static bool is_plain_punctuation(uint32_t c)
{
    if (c < 0x80)
        return !u_isalnum((UChar32)c);
    return (c >= 0x2010 && c <= 0x2027) || (c >= 0x3000 && c <= 0x3002) ||
           (c >= 0x3008 && c <= 0x3011) || c == 0x30FB || c == 0xFF01 || c == 0xFF0C ||
           c == 0xFF1F;
}

/* Whether a run for ICU had better end behind the white space before byte i. */
static bool leaves_icu(const weft_tokenizer *t, size_t i)
{
    if (t->force_icu)
        return false;
    if (i - t->pos >= ICU_RUN_BYTES)
        return true;
    size_t limit = t->text.n - i < ASCII_WORTH_BYTES ? t->text.n : i + ASCII_WORTH_BYTES;
    return find_non_ascii(t->text, i, limit) == limit;
}

/* The run that begins at pos, where either a CJK character stands or something for ICU. */
static void find_other_run(weft_tokenizer *t)
{
    bool has_word = false, has_other = false;
    size_t i = t->pos;
    t->run = RUN_CJK;
    for (size_t next; i < t->text.n; i = next) {
        uint32_t c = char_at(t->text, i, &next);
        if (is_cjk(c))
            break;
        t->run = RUN_ICU;
        has_word |= !is_plain_punctuation(c);
        has_other |= c >= 0x80;
        if (c < 0x80 && is_ascii_space((char)c) && leaves_icu(t, next)) {
            i = next;
            break;
        }
    }
    t->run_end = i;
    if (t->run == RUN_CJK)
        return;
    if (!has_word) {
        t->run = RUN_NONE;
        t->pos = i;
    } else if (!has_other && !t->force_icu) {
        t->run = RUN_ASCII;
    }
}

/* The run at pos in UTF-16, with one apostrophe and one full stop for all their variants,
 * unit for unit. */
static void begin_icu(weft_tokenizer *t)
{
    size_t n = 0;
    for (size_t i = t->pos; i < t->run_end;) {
        uint32_t c = char_at(t->text, i, &i);
        if (is_apostrophe(c))
            c = '\'';
        else if (is_full_stop(c))
            c = '.';
        if (c >= 0x10000)
            t->units[n++] = (UChar)(0xD7C0 + (c >> 10));
        t->units[n++] = (UChar)(c < 0x10000 ? c : 0xDC00 | (c & 0x3FF));
    }
    UErrorCode status = U_ZERO_ERROR;
    ubrk_setText(t->words, t->units, (int32_t)n, &status);
    t->unit = 0;
    if (U_FAILURE(
            status)) /* only for arguments that do not occur; the run is then passed over */
        t->pos = t->run_end;
}

static void find_run(weft_tokenizer *t)
{
    if (t->non_ascii < t->pos)
        t->non_ascii = find_non_ascii(t->text, t->pos, t->text.n);
    size_t end = t->non_ascii;
    if (end < t->text.n)
        while (end > t->pos && !is_ascii_space(t->text.p[end - 1]))
            end--;
    if (end > t->pos && !t->force_icu) {
        t->run = RUN_ASCII;
        t->run_end = end;
        return;
    }
    find_other_run(t);
    if (t->run == RUN_ICU)
        begin_icu(t);
}

static bool is_emoji(uint32_t c)
{
    if (c < 0x203C ||
        c == 0x2122) /* (c), (R) and TM are no emoji to anyone who types them */
        return false;
    return is_regional_indicator(c) ||
           u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/* The emoji of a segment, in t->word, without skin tones, joiners and variation selectors;
 * 0 bytes when there is none. A joiner can hold it together with what stands before it,
 * even a space: *start is moved to the emoji. */
static size_t fold_emoji(weft_tokenizer *t, size_t *start, size_t end)
{
    size_t n = 0;
    for (size_t i = *start, next; i < end; i = next) {
        uint32_t c = char_at(t->text, i, &next);
        if (n == 0 && !is_emoji(c))
            continue;
        if (n == 0)
            *start = i;
        if (is_skin_tone(c) || c == 0x200D || c == 0xFE0E || c == 0xFE0F)
            continue;
        memcpy(t->word + n, t->text.p + i, next - i);
        n += next - i;
    }
    return n;
}

static enum step icu_next(weft_tokenizer *t, weft_token *out)
{
    int32_t boundary;
    while (t->pos < t->run_end && (boundary = ubrk_next(t->words)) != UBRK_DONE) {
        size_t start = t->pos, end = start;
        for (; t->unit < boundary && end < t->run_end; t->unit++) {
            if (char_at(t->text, end, &end) >= 0x10000)
                t->unit++;
        }
        t->pos = end;
        if (ubrk_getRuleStatus(t->words) >= UBRK_WORD_NUMBER) {
            t->cut = start;
            t->cut_end = end;
            return STEP_SEGMENT;
        }
        size_t n = end - start > 1 ? fold_emoji(t, &start, end) : 0;
        if (tokenizer_word(t, n, start, end, out))
            return STEP_WORD;
    }
    t->pos = t->run_end;
    return STEP_END;
}

static enum step run_next(weft_tokenizer *t, weft_token *out)
{
    switch (t->run) {
    case RUN_ASCII:
        return ascii_next(t, out);
    case RUN_ICU:
        return icu_next(t, out);
    case RUN_CJK:
        return cjk_next(t, out) ? STEP_WORD : STEP_END;
    default:
        return STEP_END;
    }
}

bool weft_tokenizer_next(weft_tokenizer *t, weft_token *out)
{
    for (;;) {
        if (t->cut < t->cut_end && split_next(t, out))
            return true;
        enum step step = run_next(t, out);
        if (step == STEP_WORD)
            return true;
        if (step == STEP_SEGMENT)
            continue;
        if (t->pos >= t->text.n)
            return false;
        find_run(t);
    }
}

weft_code weft_fold(weft_tokenizer *t, void *mem, weft_str text, weft_str *out,
                    weft_error *err)
{
    return folder_text(t->folder, mem, text, out, err);
}
