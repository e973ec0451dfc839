/* page_date.c - dates as pages write them, in the language of the page.
 *
 * "3 May 2013 09: 16", "23. Juni 2016 um 17:21 Uhr", "May 3, 2013 at 9:16 pm", "3 mai 2013 à
 * 9 h 16 min", "3 de mayo de 2013 a las 09:16", "2013-05-03 09:16", "03.05.2013 09:16", "Fri,
 * 25/05/2012 - 22:29". Names are in page_names.c. Of two numbers between slashes
 * which is the day is told by a number over 12, by the weekday before them, or by the other
 * dates of the page; else the date is not known.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <strings.h>

#include "banned.h"

enum {
    NUMBER_DIGITS_MAX = 9,
    MONTHS = 12,
    DAY_S = 86400,
    CENTURY_TURN = 70 /* years of two digits from here on are of the last century */
};

/* What may stand between a date and its time. Longer ones first where one begins another. */
static const char *const CONNECTORS[] = {
    "um", "at",  "в",  "о",   "à", "a las", "às",    "alle ore", "alle", "ore",
    "om", "kl.", "kl", "klo", "o", "ob",    "a les", "um",       "-",    "–",
    "—",  "|",   "@",  "·",   "•", "//",    "/",     "(",        ":"};
static const char *const ORDINALS[] = {"st", "nd", "rd", "th", "er", "º", "°", "."};
static const char *const OF[] = {"de", "of", "del", "d'", "d’"};
static const char *const AFTER_TIME[] = {"Uhr", "г.", "h", "hrs"};

typedef struct scan {
    weft_str s;
    size_t at;
    int weekday; /* named before the date, 1..7 from Sunday; 0 */
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
    bool space_follows = rest.n > n && page_space(weft_str_of(rest.p + n, rest.n - n)) > 0;
    if (is_letter(word[n - 1]) && rest.n > n && is_letter(rest.p[n]) && !space_follows)
        return false;
    c->at += n;
    return true;
}

static bool take_any(scan *c, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (take_word(c, words[i]))
            return true;
    return false;
}
#define TAKE_ANY(c, words) take_any(c, words, sizeof(words) / sizeof(words)[0])

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

/* Bytes of the letters at c. */
static weft_str word_at(const scan *c)
{
    weft_str rest = left(c);
    size_t n = 0;
    while (n < rest.n && is_letter(rest.p[n]) &&
           page_space(weft_str_of(rest.p + n, rest.n - n)) == 0)
        n++;
    return weft_str_of(rest.p, n);
}

static bool take_month(scan *c, int *month)
{
    weft_str word = word_at(c);
    int named = word.n == 0 ? 0 : page_month_named(word);
    if (named == 0)
        return false;
    *month = named;
    c->at += word.n;
    take_char(c, '.');
    return true;
}

static void take_weekday(scan *c)
{
    weft_str word = word_at(c);
    int named = word.n == 0 ? 0 : page_weekday_named(word);
    if (named == 0)
        return;
    scan ahead = *c;
    ahead.at += word.n;
    take_char(&ahead, '.');
    take_char(&ahead, ',');
    skip_spaces(&ahead);
    TAKE_ANY(&ahead, ((const char *const[]){"den", "the", "le"}));
    skip_spaces(&ahead);
    *c = ahead;
    c->weekday = named;
}

/* Blanks with a "de" or "of" among them. */
static void skip_of(scan *c)
{
    skip_spaces(c);
    TAKE_ANY(c, OF);
    skip_spaces(c);
}

static bool take_year(scan *c, int *year)
{
    scan ahead = *c;
    if (!take_number(&ahead, 4, 4, year))
        return false;
    *c = ahead;
    skip_spaces(&ahead);
    if (take_word(&ahead, "г.")) /* Russian: of the year */
        *c = ahead;
    return true;
}

/* "3 May 2013", "23. Juni 2016", "3 de mayo de 2013", "3-May-2013" */
static bool take_day_first(scan *c, page_date *d)
{
    if (!take_number(c, 1, 2, &d->day))
        return false;
    TAKE_ANY(c, ORDINALS);
    if (!take_char(c, '-'))
        skip_of(c);
    if (!take_month(c, &d->month))
        return false;
    take_char(c, ',');
    if (!take_char(c, '-'))
        skip_of(c);
    return take_year(c, &d->year);
}

/* "May 3, 2013" */
static bool take_month_first(scan *c, page_date *d)
{
    if (!take_month(c, &d->month))
        return false;
    skip_spaces(c);
    if (!take_number(c, 1, 2, &d->day))
        return false;
    TAKE_ANY(c, ORDINALS);
    take_char(c, ',');
    skip_spaces(c);
    return take_year(c, &d->year);
}

/* "2013. május 3.", "2013 May 3" */
static bool take_year_first(scan *c, page_date *d)
{
    if (!take_number(c, 4, 4, &d->year))
        return false;
    take_char(c, '.');
    take_char(c, ',');
    skip_spaces(c);
    if (!take_month(c, &d->month))
        return false;
    skip_spaces(c);
    if (!take_number(c, 1, 2, &d->day))
        return false;
    TAKE_ANY(c, ORDINALS);
    return true;
}

/* "2013-05-03", "2013/05/03", "2013.05.03" */
static bool take_iso(scan *c, page_date *d)
{
    if (!take_number(c, 4, 4, &d->year) || c->at >= c->s.n)
        return false;
    char sep = c->s.p[c->at];
    return strchr("-/.", sep) != NULL && take_char(c, sep) &&
           take_number(c, 1, 2, &d->month) && take_char(c, sep) &&
           take_number(c, 1, 2, &d->day);
}

/* "2013年5月3日" */
static bool take_cjk(scan *c, page_date *d)
{
    const struct {
        const char *sign;
        int *value;
    } parts[] = {{"年", &d->year}, {"月", &d->month}, {"日", &d->day}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!take_number(c, 1, 4, parts[i].value) ||
            !weft_str_starts(left(c), parts[i].sign))
            return false;
        c->at += strlen(parts[i].sign);
    }
    return true;
}

/* "03.05.2013", "03.05.13": the latter counts only with a time of day behind it. */
static bool take_dotted(scan *c, page_date *d)
{
    if (!take_number(c, 1, 2, &d->day) || !take_char(c, '.') ||
        !take_number(c, 1, 2, &d->month) || (!take_char(c, '.') && !take_char(c, ',')))
        return false;
    skip_spaces(c);
    d->is_short = take_number(c, 2, 2, &d->year);
    d->year += d->is_short ? (d->year < CENTURY_TURN ? 2000 : 1900) : 0;
    return d->is_short || take_year(c, &d->year);
}

/* The weekday of a date, 1..7 from Sunday; 0 for one that does not exist. */
static int weekday_of(int year, int month, int day)
{
    int64_t s;
    if (month < 1 || month > MONTHS ||
        weft_date_from_civil(year, month, day, 0, 0, 0, NULL, &s, NULL) != WEFT_OK)
        return 0;
    int64_t days = s / DAY_S - (s % DAY_S < 0);
    return (int)(((days + 4) % 7 + 7) % 7) + 1; /* 1970 began on a Thursday */
}

/* "25/05/2012", "05/25/2012", "25-05-2012" */
static bool take_slashed(scan *c, page_date *d)
{
    int first, second;
    if (!take_number(c, 1, 2, &first) || c->at >= c->s.n)
        return false;
    char sep = c->s.p[c->at];
    if (strchr("-/", sep) == NULL || !take_char(c, sep) || !take_number(c, 1, 2, &second) ||
        !take_char(c, sep) || !take_year(c, &d->year))
        return false;
    bool may_be_day = second <= MONTHS, may_be_month = first <= MONTHS;
    if (c->weekday != 0 && may_be_day && may_be_month) {
        may_be_day = weekday_of(d->year, second, first) == c->weekday;
        may_be_month = weekday_of(d->year, first, second) == c->weekday;
    }
    d->order = may_be_day && may_be_month && first != second ? PAGE_UNCLEAR
               : first == second                             ? PAGE_NO_ORDER
               : may_be_day                                  ? PAGE_DAY_FIRST
                                                             : PAGE_MONTH_FIRST;
    d->day = may_be_day ? first : second;
    d->month = may_be_day ? second : first;
    return may_be_day || may_be_month;
}

/* Whether a word stands between date and time. */
static bool skip_connector(scan *c)
{
    take_char(c, ',');
    skip_spaces(c);
    bool is_word = c->at < c->s.n && is_letter(c->s.p[c->at]);
    is_word = TAKE_ANY(c, CONNECTORS) && is_word;
    skip_spaces(c);
    return is_word;
}

/* "am", "pm", "Uhr" and the like after a time. Whether one stood there. */
static bool take_half_day(scan *c, page_date *d)
{
    scan ahead = *c;
    skip_spaces(&ahead);
    bool am =
        take_word(&ahead, "am") || take_word(&ahead, "a.m.") || take_word(&ahead, "a. m.");
    bool pm = !am && (take_word(&ahead, "pm") || take_word(&ahead, "p.m.") ||
                      take_word(&ahead, "p. m."));
    if (!am && !pm && !TAKE_ANY(&ahead, AFTER_TIME))
        return false;
    *c = ahead;
    if (pm && d->hour < 12)
        d->hour += 12;
    if (am && d->hour == 12)
        d->hour = 0;
    return true;
}

/* Minutes after "09": ":16", ": 16", "h16", " h 16 min", ".16" (is_dotted). */
static bool take_minutes(scan *c, page_date *d, bool *is_dotted)
{
    scan ahead = *c;
    *is_dotted = take_char(&ahead, '.');
    if (!*is_dotted && !take_char(&ahead, ':')) {
        skip_spaces(&ahead);
        if (!take_char(&ahead, 'h'))
            return false;
    }
    if (!*is_dotted)
        skip_spaces(&ahead);
    if (!take_number(&ahead, 2, 2, &d->minute))
        return false;
    *c = ahead;
    skip_spaces(&ahead);
    if (take_word(&ahead, "min"))
        *c = ahead;
    return true;
}

/* "09: 16", "17:21 Uhr", "9:16:05 pm"; c and d stay as they are when there is none. */
static void take_time(scan *c, page_date *d)
{
    scan ahead = *c;
    page_date with_time = *d;
    bool after_word = take_char(&ahead, 'T'), is_dotted;
    if (!after_word)
        after_word = skip_connector(&ahead);
    bool is_afternoon = take_word(&ahead, "下午") || take_word(&ahead, "午後");
    if (!is_afternoon && (take_word(&ahead, "上午") || take_word(&ahead, "午前")))
        skip_spaces(&ahead);
    if (!take_number(&ahead, 1, 2, &with_time.hour) ||
        !take_minutes(&ahead, &with_time, &is_dotted))
        return;
    scan seconds = ahead;
    if (take_char(&seconds, is_dotted ? '.' : ':')) {
        skip_spaces(&seconds);
        if (take_number(&seconds, 2, 2, &with_time.second))
            ahead = seconds;
    }
    if (!take_half_day(&ahead, &with_time) && is_dotted && !after_word)
        return;
    if (is_afternoon && with_time.hour < 12)
        with_time.hour += 12;
    with_time.has_time = true;
    *c = ahead;
    *d = with_time;
}

size_t page_date_read(weft_str s, page_date *out)
{
    bool (*const forms[])(scan *, page_date *) = {
        take_day_first, take_month_first, take_iso,       take_dotted,
        take_slashed,   take_cjk,         take_year_first};
    scan start = {s, 0, 0};
    if (s.n == 0 || (!is_digit(s.p[0]) && !is_letter(s.p[0])))
        return 0;
    take_weekday(&start);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        scan c = start;
        page_date d = {0};
        if (!forms[i](&c, &d))
            continue;
        if (c.at < s.n &&
            (is_digit(s.p[c.at]) ||
             (is_letter(s.p[c.at]) && s.p[c.at] != 'T' && page_space(left(&c)) == 0)))
            continue;
        take_time(&c, &d);
        if (d.is_short && !d.has_time)
            continue;
        *out = d;
        return c.at;
    }
    return 0;
}

bool page_date_find(weft_str s, page_date *out)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++)
        digits += is_digit(s.p[i]);
    if (digits == 0)
        return false;
    for (size_t at = 0; at < s.n; at++) {
        bool starts = at == 0 || (!is_digit(s.p[at - 1]) && !is_letter(s.p[at - 1]));
        starts = starts || (at > 1 && page_space(weft_str_of(s.p + at - 2, 2)) == 2);
        if (starts && page_date_read(weft_str_of(s.p + at, s.n - at), out) > 0)
            return true;
    }
    return false;
}

page_order page_date_order(page_order so_far, const page_date *d)
{
    bool says = d->order == PAGE_DAY_FIRST || d->order == PAGE_MONTH_FIRST;
    if (!says || so_far == PAGE_UNCLEAR)
        return so_far;
    return so_far == PAGE_NO_ORDER || so_far == d->order ? d->order : PAGE_UNCLEAR;
}

void page_date_settle(page_date *d, page_order of_page)
{
    if (d->order != PAGE_UNCLEAR ||
        (of_page != PAGE_DAY_FIRST && of_page != PAGE_MONTH_FIRST))
        return;
    if (of_page == PAGE_MONTH_FIRST) {
        int day = d->month;
        d->month = d->day;
        d->day = day;
    }
    d->order = of_page;
}

bool page_date_seconds(const page_date *d, const char *tz, int64_t *out_s)
{
    weft_error ignored = {0};
    bool in_range = d->month >= 1 && d->month <= MONTHS && d->day >= 1 && d->day <= 31 &&
                    d->year >= 1 && d->hour < 24 && d->minute < 60 && d->second < 60;
    return in_range && d->order != PAGE_UNCLEAR &&
           weft_date_from_civil(d->year, d->month, d->day, d->hour, d->minute, d->second,
                                tz, out_s, &ignored) == WEFT_OK;
}
