/* split.c - from a segment of UAX #29 to our words: full stops, acronyms, clitics,
 * elisions.
 *
 * A segment is cut into parts at '_', ':', '@' and at full stops that no digit follows. Of
 * a part the clitics at its end count as its bytes but not as its form; an elided article
 * in front is a word of its own.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unicode/uchar.h>

#include "chars.h"
#include "tokenizer.h"
#include "banned.h"

enum {
    ACRONYM_MAX = 16, /* letters joined into one word */
    ELISION_BYTES = 6 /* of the longest head */
};

/* [start, end) of the text without apostrophes at its ends; core_end is where its clitics
 * begin. */
struct part {
    size_t start, core_end, end, next;
    bool at_full_stop;
};

static bool is_digit_at(weft_str text, size_t i, size_t end)
{
    if (i >= end)
        return false;
    size_t next;
    return u_isdigit((UChar32)char_at(text, i, &next));
}

/* Bytes of the apostrophe that ends before byte i, or 0. */
static size_t apostrophe_before(weft_str text, size_t start, size_t i)
{
    if (i <= start)
        return 0;
    size_t at = char_before(text, i, start), next;
    return is_apostrophe(char_at(text, at, &next)) ? i - at : 0;
}

static bool is_clitic(const char *p, size_t n)
{
    char a = (char)(p[0] | 0x20);
    if (n == 1)
        return a == 's' || a == 'd' || a == 'm';
    char b = (char)(p[1] | 0x20);
    return (a == 'l' && b == 'l') || (a == 'r' && b == 'e') || (a == 'v' && b == 'e');
}

/* End of [start, end) once 's, 'll, 've and the like are off; they may follow one another
 * (we'd've). */
static size_t without_clitics(weft_str text, size_t start, size_t end)
{
    for (size_t n = 1; n <= 2 && start + n < end;) {
        size_t mark = apostrophe_before(text, start, end - n);
        if (mark == 0 || end - n - mark <= start || !is_clitic(text.p + end - n, n)) {
            n++;
            continue;
        }
        end -= n + mark;
        n = 1;
    }
    return end;
}

static void trim_part(weft_str text, struct part *part)
{
    size_t bytes;
    while ((bytes = apostrophe_before(text, part->start, part->end)) > 0)
        part->end -= bytes;
    while (part->start < part->end) {
        size_t next;
        if (!is_apostrophe(char_at(text, part->start, &next)))
            break;
        part->start = next;
    }
    part->core_end = without_clitics(text, part->start, part->end);
}

static struct part part_at(const weft_tokenizer *t, size_t from)
{
    struct part part = {.start = from, .end = t->cut_end, .next = t->cut_end};
    for (size_t i = from, next; i < t->cut_end; i = next) {
        uint32_t c = char_at(t->text, i, &next);
        bool stop = is_full_stop(c) && !is_digit_at(t->text, next, t->cut_end);
        if (!stop && !is_word_cut(c))
            continue;
        part.end = i;
        part.next = next;
        part.at_full_stop = stop;
        break;
    }
    trim_part(t->text, &part);
    return part;
}

static bool is_mark(uint32_t c)
{
    return (U_GET_GC_MASK((UChar32)c) & (U_GC_M_MASK | U_GC_CF_MASK)) != 0;
}

static bool is_single_letter(weft_str text, const struct part *part)
{
    if (part->start >= part->core_end)
        return false;
    size_t next;
    if (!u_isalpha((UChar32)char_at(text, part->start, &next)))
        return false;
    while (next < part->core_end)
        if (!is_mark(char_at(text, next, &next)))
            return false;
    return true;
}

/* Length of an elided head (l, d, qu) in front of an apostrophe; *after is the byte behind
 * that apostrophe. */
static size_t elision_bytes(weft_str text, const struct part *part, size_t *after)
{
    static const char *const heads[] = {
        "c",   "d",    "j",    "l",    "m",    "n",     "s",      "t",      "qu",    "un",
        "all", "dall", "dell", "nell", "sull", "jusqu", "lorsqu", "puisqu", "quoiqu"};
    char head[ELISION_BYTES + 1];
    size_t n = 0, i = part->start;
    for (; n <= ELISION_BYTES && i < part->core_end; i++, n++) {
        uint32_t c = char_at(text, i, after);
        if (is_apostrophe(c))
            break;
        if (c >= 0x80 || n == ELISION_BYTES)
            return 0;
        head[n] = (char)(c | 0x20);
    }
    if (n == 0 || i >= part->core_end || *after >= part->core_end)
        return 0;
    head[n] = '\0';
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++)
        if (strcmp(heads[k], head) == 0)
            return n;
    return 0;
}

static size_t fold_part(weft_tokenizer *t, size_t start, size_t end, size_t at)
{
    return folder_word(t->folder, weft_str_of(t->text.p + start, end - start),
                       t->word + at);
}

/* Single letters with full stops between them, first and what follows it, as one word. */
static bool split_acronym(weft_tokenizer *t, struct part first, weft_token *out)
{
    struct part last = first, next = first;
    size_t n = 0;
    for (int letters = 0; letters < ACRONYM_MAX && is_single_letter(t->text, &next);
         letters++) {
        n += fold_part(t, next.start, next.core_end, n);
        last = next;
        if (!next.at_full_stop)
            break;
        next = part_at(t, last.next);
    }
    t->cut = last.next;
    return tokenizer_word(t, n, first.start, last.end, out);
}

static bool split_part(weft_tokenizer *t, weft_token *out)
{
    struct part part = part_at(t, t->cut);
    if (part.start >= part.end) {
        t->cut = part.next;
        return false;
    }
    size_t after;
    size_t head = elision_bytes(t->text, &part, &after);
    if (head > 0) {
        t->cut = after;
        return tokenizer_word(t, fold_part(t, part.start, part.start + head, 0), part.start,
                              part.start + head, out);
    }
    if (part.at_full_stop && is_single_letter(t->text, &part))
        return split_acronym(t, part, out);
    t->cut = part.next;
    return tokenizer_word(t, fold_part(t, part.start, part.core_end, 0), part.start,
                          part.end, out);
}

bool split_next(weft_tokenizer *t, weft_token *out)
{
    while (t->cut < t->cut_end)
        if (split_part(t, out))
            return true;
    return false;
}
