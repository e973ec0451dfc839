/* page_date.c - dates as pages write them, in the language of the page.
 *
 * "3 May 2013 09: 16", "23. Juni 2016 um 17:21 Uhr", "May 3, 2013 at 9:16 pm", "2013-05-03
 * 09:16", "03.05.2013 09:16". Another language is one more row of MONTHS and, perhaps, a
 * word in CONNECTORS.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <strings.h>

#include "banned.h"

enum { MONTH_COUNT = 12, NUMBER_DIGITS_MAX = 9 };

/* Full names; the first three characters of one count too, with or without a full stop. */
static const char *const MONTHS[][MONTH_COUNT] = {
    {"january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december"},
    {"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september",
     "oktober", "november", "dezember"},
};

/* Longer ones first where one begins another. */
static const char *const CONNECTORS[] = {"at", "um", "в", "à", "-", "–", "|", "@"};
static const char *const ORDINALS[] = {"st", "nd", "rd", "th", "."};

typedef struct scan {
    weft_str s;
    size_t at;
} scan;

static weft_str left(const scan *c)
{
    return weft_str_of(c->s.p + c->at, c->s.n - c->at);
}

static void skip_spaces(scan *c)
{
    for (size_t n; (n = page_space(left(c))) > 0;)
        c->at += n;
}

static bool take_char(scan *c, char wanted)
{
    if (c->at >= c->s.n || c->s.p[c->at] != wanted)
        return false;
    c->at++;
    return true;
}

static bool is_digit(char b)
{
    return b >= '0' && b <= '9';
}

/* Letters of ASCII and every byte of a longer character. */
static bool is_letter(char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b & 0x80) != 0;
}

/* Take the word when it stands here, whatever its case in ASCII; no letter may follow one
 * that ends in a letter. */
static bool take_word(scan *c, const char *word)
{
    size_t n = strlen(word);
    weft_str rest = left(c);
    if (rest.n < n || strncasecmp(rest.p, word, n) != 0)
        return false;
    if (is_letter(word[n - 1]) && rest.n > n && is_letter(rest.p[n]))
        return false;
    c->at += n;
    return true;
}

/* A number of min to max digits that ends there. */
static bool take_number(scan *c, size_t min, size_t max, int *out)
{
    weft_str rest = left(c);
    size_t n = 0;
    int value = 0;
    while (n < rest.n && n < NUMBER_DIGITS_MAX && is_digit(rest.p[n]))
        value = value * 10 + (rest.p[n++] - '0');
    if (n < min || n > max)
        return false;
    c->at += n;
    *out = value;
    return true;
}

/* Bytes of the first three characters of a month's name. */
static size_t short_bytes(const char *name)
{
    size_t n = 0;
    for (int characters = 0; name[n] != '\0'; n++) {
        if (((unsigned char)name[n] & 0xC0) != 0x80 && ++characters > 3)
            break;
    }
    return n;
}

static bool take_month(scan *c, int *month)
{
    for (size_t row = 0; row < sizeof MONTHS / sizeof MONTHS[0]; row++) {
        for (int m = 0; m < MONTH_COUNT; m++) {
            const char *name = MONTHS[row][m];
            char brief[16] = "";
            memcpy(brief, name, short_bytes(name));
            if (!take_word(c, name) && !take_word(c, brief))
                continue;
            take_char(c, '.');
            *month = m + 1;
            return true;
        }
    }
    return false;
}

static void take_ordinal(scan *c)
{
    for (size_t i = 0; i < sizeof ORDINALS / sizeof ORDINALS[0]; i++) {
        if (take_word(c, ORDINALS[i]))
            return;
    }
}

/* "3 May 2013", "23. Juni 2016" */
static bool take_day_first(scan *c, page_date *d)
{
    if (!take_number(c, 1, 2, &d->day))
        return false;
    take_ordinal(c);
    skip_spaces(c);
    if (!take_month(c, &d->month))
        return false;
    take_char(c, ',');
    skip_spaces(c);
    return take_number(c, 4, 4, &d->year);
}

/* "May 3, 2013" */
static bool take_month_first(scan *c, page_date *d)
{
    if (!take_month(c, &d->month))
        return false;
    skip_spaces(c);
    if (!take_number(c, 1, 2, &d->day))
        return false;
    take_ordinal(c);
    take_char(c, ',');
    skip_spaces(c);
    return take_number(c, 4, 4, &d->year);
}

/* "2013-05-03" */
static bool take_iso(scan *c, page_date *d)
{
    return take_number(c, 4, 4, &d->year) && take_char(c, '-') &&
           take_number(c, 2, 2, &d->month) && take_char(c, '-') &&
           take_number(c, 2, 2, &d->day);
}

/* "03.05.2013" */
static bool take_dotted(scan *c, page_date *d)
{
    return take_number(c, 1, 2, &d->day) && take_char(c, '.') &&
           take_number(c, 1, 2, &d->month) && take_char(c, '.') &&
           take_number(c, 4, 4, &d->year);
}

static void skip_connector(scan *c)
{
    take_char(c, ',');
    skip_spaces(c);
    for (size_t i = 0; i < sizeof CONNECTORS / sizeof CONNECTORS[0]; i++) {
        if (take_word(c, CONNECTORS[i]))
            break;
    }
    skip_spaces(c);
}

static void take_half_day(scan *c, page_date *d)
{
    scan ahead = *c;
    skip_spaces(&ahead);
    bool am = take_word(&ahead, "am") || take_word(&ahead, "a.m.");
    bool pm = !am && (take_word(&ahead, "pm") || take_word(&ahead, "p.m."));
    if (!am && !pm && !take_word(&ahead, "Uhr"))
        return;
    *c = ahead;
    if (pm && d->hour < 12)
        d->hour += 12;
    if (am && d->hour == 12)
        d->hour = 0;
}

/* "09: 16", "17:21 Uhr", "9:16:05 pm"; c and d stay as they are when there is none. */
static void take_time(scan *c, page_date *d)
{
    scan ahead = *c;
    page_date with_time = *d;
    if (!take_char(&ahead, 'T'))
        skip_connector(&ahead);
    if (!take_number(&ahead, 1, 2, &with_time.hour) || !take_char(&ahead, ':'))
        return;
    skip_spaces(&ahead);
    if (!take_number(&ahead, 2, 2, &with_time.minute))
        return;
    scan seconds = ahead;
    if (take_char(&seconds, ':')) {
        skip_spaces(&seconds);
        if (take_number(&seconds, 2, 2, &with_time.second))
            ahead = seconds;
    }
    take_half_day(&ahead, &with_time);
    *c = ahead;
    *d = with_time;
}

size_t page_date_read(weft_str s, page_date *out)
{
    bool (*const forms[])(scan *, page_date *) = {take_day_first, take_month_first,
                                                  take_iso, take_dotted};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        scan c = {s, 0};
        page_date d = {0};
        if (!forms[i](&c, &d))
            continue;
        if (c.at < s.n && is_letter(s.p[c.at]) && s.p[c.at] != 'T')
            continue;
        take_time(&c, &d);
        *out = d;
        return c.at;
    }
    return 0;
}
