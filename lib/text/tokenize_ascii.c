/* tokenize_ascii.c - the fast path: segments of a run of ASCII that ends at white space or
 * at the end.
 *
 * UAX #29 on ASCII comes to this: letters, digits and '_' stick together; a full stop or
 * apostrophe joins two letters; a full stop, apostrophe, comma or semicolon joins two
 * digits. '_' is left out here because the splitter would cut there anyway.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer.h"

#include "banned.h"

/* Lower case of letters and digits, 0 for all else. */
static const char lower_of[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5',
    ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['b'] = 'b',
    ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h',
    ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n',
    ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't',
    ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
    ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f',
    ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l',
    ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
    ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x',
    ['Y'] = 'y', ['Z'] = 'z'};

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(unsigned char c)
{
    return lower_of[c] >= 'a';
}

/* Whether the character at i, after a letter or digit, joins it to the one that follows. */
static bool joins(const unsigned char *p, size_t i, size_t end)
{
    unsigned char c = p[i];
    if (i + 1 >= end || (c != '.' && c != '\'' && c != '`' && c != ',' && c != ';'))
        return false;
    if (is_letter(p[i - 1]))
        return is_letter(p[i + 1]) && c != ',' && c != ';';
    return is_digit(p[i - 1]) && is_digit(p[i + 1]);
}

enum step ascii_next(weft_tokenizer *t, weft_token *out)
{
    const unsigned char *p = (const unsigned char *)t->text.p;
    size_t end = t->run_end, i = t->pos;
    while (i < end && lower_of[p[i]] == 0)
        i++;
    if (i == end) {
        t->pos = end;
        return STEP_END;
    }
    size_t start = i;
    char *word = t->word;
    for (char c; i < end && (c = lower_of[p[i]]) != 0; i++)
        *word++ = c;
    if (i == end || !joins(p, i, end)) {
        t->pos = i;
        tokenizer_word(t, i - start, start, i, out);
        return STEP_WORD;
    }
    while (i < end && (lower_of[p[i]] != 0 || joins(p, i, end)))
        i++;
    t->pos = i;
    t->cut = start;
    t->cut_end = i;
    return STEP_SEGMENT;
}
