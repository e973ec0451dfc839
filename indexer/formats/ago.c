/* ago.c - dates that count from now, in English, German, French, Russian, Spanish, Italian,
 * Portuguese, Dutch and Polish.
 *
 * A text is either a whole phrase of a short list ("yesterday"), or it says by a word that it
 * is about the past ("ago", "vor", "il y a", and its Russian like) and has amounts of units,
 * which add up. Any other word makes it something else.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ago.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "weft/record.h"
#include "banned.h"

enum {
    TEXT_MAX = 80, /* bytes; a longer text is no such date */
    AMOUNT_MAX = 1000000,
    MINUTE = 60,
    HOUR = 60 * MINUTE,
    DAY = 24 * HOUR,
    WEEK = 7 * DAY,
    MONTH = 30 * DAY,
    YEAR = 365 * DAY
};

typedef struct word {
    const char *text;
    int64_t value;
} word;

static const word phrases[] = {
    {"now", 0},         {"just now", 0},   {"moments ago", 0},      {"a moment ago", 0},
    {"yesterday", DAY}, {"gerade", 0},     {"gerade eben", 0},      {"soeben", 0},
    {"jetzt", 0},       {"gestern", DAY},  {"vorgestern", 2 * DAY}, {"à l'instant", 0},
    {"à l’instant", 0}, {"maintenant", 0}, {"hier", DAY},           {"avant-hier", 2 * DAY},
    {"только что", 0},  {"сейчас", 0},     {"вчера", DAY},          {"позавчера", 2 * DAY}};

static const word units[] = {{"s", 1},
                             {"sec", 1},
                             {"secs", 1},
                             {"second", 1},
                             {"seconds", 1},
                             {"m", MINUTE},
                             {"min", MINUTE},
                             {"mins", MINUTE},
                             {"minute", MINUTE},
                             {"minutes", MINUTE},
                             {"h", HOUR},
                             {"hr", HOUR},
                             {"hrs", HOUR},
                             {"hour", HOUR},
                             {"hours", HOUR},
                             {"d", DAY},
                             {"day", DAY},
                             {"days", DAY},
                             {"w", WEEK},
                             {"week", WEEK},
                             {"weeks", WEEK},
                             {"mo", MONTH},
                             {"month", MONTH},
                             {"months", MONTH},
                             {"y", YEAR},
                             {"yr", YEAR},
                             {"yrs", YEAR},
                             {"year", YEAR},
                             {"years", YEAR},
                             {"sekunde", 1},
                             {"sekunden", 1},
                             {"minuten", MINUTE},
                             {"std", HOUR},
                             {"stunde", HOUR},
                             {"stunden", HOUR},
                             {"tag", DAY},
                             {"tage", DAY},
                             {"tagen", DAY},
                             {"woche", WEEK},
                             {"wochen", WEEK},
                             {"monat", MONTH},
                             {"monate", MONTH},
                             {"monaten", MONTH},
                             {"jahr", YEAR},
                             {"jahre", YEAR},
                             {"jahren", YEAR},
                             {"seconde", 1},
                             {"secondes", 1},
                             {"heure", HOUR},
                             {"heures", HOUR},
                             {"j", DAY},
                             {"jour", DAY},
                             {"jours", DAY},
                             {"semaine", WEEK},
                             {"semaines", WEEK},
                             {"mois", MONTH},
                             {"an", YEAR},
                             {"ans", YEAR},
                             {"année", YEAR},
                             {"années", YEAR},
                             {"сек", 1},
                             {"секунду", 1},
                             {"секунды", 1},
                             {"секунд", 1},
                             {"мин", MINUTE},
                             {"минуту", MINUTE},
                             {"минуты", MINUTE},
                             {"минут", MINUTE},
                             {"ч", HOUR},
                             {"час", HOUR},
                             {"часа", HOUR},
                             {"часов", HOUR},
                             {"день", DAY},
                             {"дня", DAY},
                             {"дней", DAY},
                             {"сутки", DAY},
                             {"неделю", WEEK},
                             {"недели", WEEK},
                             {"недель", WEEK},
                             {"месяц", MONTH},
                             {"месяца", MONTH},
                             {"месяцев", MONTH},
                             {"год", YEAR},
                             {"года", YEAR},
                             {"лет", YEAR},
                             {"полчаса", 30 * MINUTE},
                             {"segundo", 1},
                             {"segundos", 1},
                             {"minuto", MINUTE},
                             {"minutos", MINUTE},
                             {"hora", HOUR},
                             {"horas", HOUR},
                             {"día", DAY},
                             {"días", DAY},
                             {"dia", DAY},
                             {"dias", DAY},
                             {"semana", WEEK},
                             {"semanas", WEEK},
                             {"mes", MONTH},
                             {"meses", MONTH},
                             {"mês", MONTH},
                             {"año", YEAR},
                             {"años", YEAR},
                             {"ano", YEAR},
                             {"anos", YEAR},
                             {"secondi", 1},
                             {"minuti", MINUTE},
                             {"ora", HOUR},
                             {"ore", HOUR},
                             {"giorno", DAY},
                             {"giorni", DAY},
                             {"settimana", WEEK},
                             {"settimane", WEEK},
                             {"mese", MONTH},
                             {"mesi", MONTH},
                             {"anno", YEAR},
                             {"anni", YEAR},
                             {"seconden", 1},
                             {"minuut", MINUTE},
                             {"uur", HOUR},
                             {"uren", HOUR},
                             {"dag", DAY},
                             {"dagen", DAY},
                             {"weken", WEEK},
                             {"maand", MONTH},
                             {"maanden", MONTH},
                             {"jaar", YEAR},
                             {"jaren", YEAR},
                             {"minut", MINUTE},
                             {"minuty", MINUTE},
                             {"godzinę", HOUR},
                             {"godziny", HOUR},
                             {"godzin", HOUR},
                             {"dzień", DAY},
                             {"dni", DAY},
                             {"tydzień", WEEK},
                             {"tygodnie", WEEK},
                             {"tygodni", WEEK},
                             {"miesiąc", MONTH},
                             {"miesiące", MONTH},
                             {"miesięcy", MONTH},
                             {"rok", YEAR},
                             {"lata", YEAR},
                             {"lat", YEAR}};

/* Amounts as words; -1 is a word that says nothing. */
static const word amounts[] = {
    {"a", 1},        {"an", 1},       {"one", 1},       {"two", 2},      {"ein", 1},
    {"eine", 1},     {"einer", 1},    {"einem", 1},     {"einen", 1},    {"zwei", 2},
    {"un", 1},       {"une", 1},      {"deux", 2},      {"один", 1},     {"одну", 1},
    {"два", 2},      {"две", 2},      {"about", -1},    {"almost", -1},  {"over", -1},
    {"around", -1},  {"and", -1},     {"etwa", -1},     {"ca", -1},      {"ungefähr", -1},
    {"über", -1},    {"fast", -1},    {"und", -1},      {"environ", -1}, {"et", -1},
    {"presque", -1}, {"около", -1},   {"примерно", -1}, {"и", -1},       {"una", 1},
    {"uno", 1},      {"um", 1},       {"uma", 1},       {"een", 1},      {"y", -1},
    {"circa", -1},   {"ongeveer", -1}};

static bool look_up(const word *words, size_t count, weft_str text, int64_t *value)
{
    for (size_t i = 0; i < count; i++)
        if (weft_str_is(text, words[i].text)) {
            *value = words[i].value;
            return true;
        }
    return false;
}

#define LOOK_UP(table, text, value)                                                        \
    look_up(table, sizeof table / sizeof table[0], text, value)

/* The letters in lower case, into TEXT_MAX bytes at out; runs of white space become one
 * space. An empty text when it does not fit. */
static weft_str lower(weft_str text, char *out)
{
    const uint8_t *p = (const uint8_t *)text.p;
    uint8_t *to = (uint8_t *)out;
    int32_t i = 0, n = 0, end = (int32_t)text.n;
    while (i < end) {
        UChar32 c;
        UBool is_full = false;
        U8_NEXT(p, i, end, c);
        if (c < 0)
            return weft_str_of(out, 0);
        c = u_isUWhiteSpace(c) ? ' ' : u_tolower(c);
        if (c == ' ' && (n == 0 || to[n - 1] == ' '))
            continue;
        U8_APPEND(to, n, TEXT_MAX, (uint32_t)c, is_full);
        if (is_full)
            return weft_str_of(out, 0);
    }
    return weft_str_trim(weft_str_of(out, (size_t)n));
}

static bool strip_prefix(weft_str *text, const char *prefix)
{
    if (!weft_str_starts(*text, prefix))
        return false;
    text->p += strlen(prefix);
    text->n -= strlen(prefix);
    return true;
}

static bool strip_suffix(weft_str *text, const char *suffix)
{
    size_t n = strlen(suffix);
    if (text->n < n || memcmp(text->p + text->n - n, suffix, n) != 0)
        return false;
    text->n -= n;
    return true;
}

/* Take off the word that says it is about the past. */
static bool strip_past(weft_str *text)
{
    static const char *const behind[] = {" ago", " назад",   " her",  " zuvor",
                                         " fa",  " geleden", " temu", " atrás"};
    static const char *const before[] = {"vor ", "il y a ", "hace ", "há ", "przed "};
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++)
        if (strip_suffix(text, behind[i]))
            return true;
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        if (strip_prefix(text, before[i]))
            return true;
    return false;
}

/* The digits at the start of a word. */
static bool take_number(weft_str *text, int64_t *n)
{
    size_t digits = 0;
    int64_t value = 0;
    for (; digits < text->n && text->p[digits] >= '0' && text->p[digits] <= '9'; digits++)
        value = value > AMOUNT_MAX ? value : value * 10 + (text->p[digits] - '0');
    if (digits == 0 || value > AMOUNT_MAX)
        return false;
    *n = value;
    text->p += digits;
    text->n -= digits;
    return true;
}

typedef struct sum {
    int64_t seconds;
    int64_t amount; /* waits for its unit; -1 is none */
    bool any;
} sum;

static bool add_word(sum *s, weft_str text)
{
    int64_t value;
    while (text.n > 0 && (text.p[text.n - 1] == ',' || text.p[text.n - 1] == '.'))
        text.n--;
    if (text.n > 0 && text.p[0] >= '0' && text.p[0] <= '9') {
        if (s->amount >= 0 || !take_number(&text, &s->amount))
            return false;
        if (text.n == 0)
            return true;
    } else if (s->amount < 0 && LOOK_UP(amounts, text, &value)) {
        s->amount = value;
        return true;
    }
    if (!LOOK_UP(units, text, &value))
        return false;
    s->seconds += value * (s->amount < 0 ? 1 : s->amount);
    s->amount = -1;
    s->any = true;
    return true;
}

static bool add_words(weft_str text, int64_t *seconds)
{
    sum s = {.amount = -1};
    while (text.n > 0) {
        const char *space = memchr(text.p, ' ', text.n);
        size_t n = space == NULL ? text.n : (size_t)(space - text.p);
        if (!add_word(&s, weft_str_of(text.p, n)))
            return false;
        n += space == NULL ? 0 : 1;
        text = weft_str_of(text.p + n, text.n - n);
    }
    *seconds = s.seconds;
    return s.any && s.amount < 0;
}

bool fmt_ago(weft_str text, int64_t as_of_s, int64_t *out_s)
{
    char folded[TEXT_MAX];
    int64_t back;
    if (text.n > TEXT_MAX || as_of_s < WEFT_DATE_MIN || as_of_s > WEFT_DATE_MAX)
        return false;
    weft_str low = lower(weft_str_trim(text), folded);
    strip_suffix(&low, ".");
    if (!LOOK_UP(phrases, low, &back) && !(strip_past(&low) && add_words(low, &back)))
        return false;
    if (as_of_s - back < WEFT_DATE_MIN)
        return false;
    *out_s = as_of_s - back;
    return true;
}
