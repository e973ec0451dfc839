/* page_names.c - names of months and weekdays in the languages pages come in, from ICU.
 *
 * Full and short names as they stand in a date and alone, in lower case without a full stop;
 * the first three characters of a name count too where no other month begins so. A name that
 * means two months is none.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <stdlib.h>

#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "banned.h"

enum { KEY_MAX = 40, NAMES_MAX = 3000, UNITS_MAX = 64, SHORT_CHARACTERS = 3 };

typedef struct name {
    char key[KEY_MAX];
    int month;   /* 1..12, or 0 */
    int weekday; /* 1..7 from Sunday, or 0 */
    bool is_cut; /* first characters of a name only */
} name;

/* Made at the first question, never changed after; the process has one thread. */
static struct {
    name names[NAMES_MAX];
    size_t count;
    bool made;
} known;

static const char *const LOCALES[] = {
    "en", "en_GB", "de", "de_AT", "fr", "es", "it", "pt", "ca", "nl", "ru", "uk", "be",
    "pl", "cs",    "sk", "sv",    "da", "nb", "fi", "tr", "ro", "hu", "el", "bg", NULL};

/* Lower case, no full stop at the end; 0 when it does not fit. */
static size_t fold_key(const UChar *text, int32_t units, char key[KEY_MAX])
{
    UChar lower[UNITS_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = u_strToLower(lower, UNITS_MAX, text, units, "", &status), bytes = 0;
    if (U_FAILURE(status))
        return 0;
    u_strToUTF8(key, KEY_MAX - 1, &bytes, lower, n, &status);
    if (U_FAILURE(status))
        return 0;
    if (bytes > 0 && key[bytes - 1] == '.')
        bytes--;
    key[bytes] = '\0';
    return (size_t)bytes;
}

static void add_key(const char *key, const name *as)
{
    if (known.count == NAMES_MAX || strlen(key) < 2)
        return;
    name *n = &known.names[known.count++];
    *n = *as;
    memcpy(n->key, key, strlen(key) + 1);
}

static void add_name(UDateFormat *format, UDateFormatSymbolType kind, int32_t i, name as)
{
    UChar text[UNITS_MAX];
    char key[KEY_MAX];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = udat_getSymbols(format, kind, i, text, UNITS_MAX, &status);
    if (U_FAILURE(status) || fold_key(text, n, key) == 0)
        return;
    add_key(key, &as);
    size_t cut = 0;
    for (int characters = 0; key[cut] != '\0'; cut++)
        if (((unsigned char)key[cut] & 0xC0) != 0x80 && ++characters > SHORT_CHARACTERS)
            break;
    as.is_cut = true;
    if (key[cut] != '\0' && as.month > 0) {
        key[cut] = '\0';
        add_key(key, &as);
    }
}

static int by_key(const void *a, const void *b)
{
    const name *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : (int)x->is_cut - (int)y->is_cut;
}

/* One entry a key: whole names before cut ones; of two meanings none is left. */
static void settle(void)
{
    size_t kept = 0;
    qsort(known.names, known.count, sizeof known.names[0], by_key);
    for (size_t i = 0, end; i < known.count; i = end) {
        name n = known.names[i];
        for (end = i + 1; end < known.count && strcmp(known.names[end].key, n.key) == 0;
             end++) {
            const name *other = &known.names[end];
            bool counts = other->is_cut == known.names[i].is_cut;
            if (counts && other->month != 0 && n.month != other->month)
                n.month = n.month == 0 ? other->month : -1;
            if (counts && other->weekday != 0 && n.weekday != other->weekday)
                n.weekday = n.weekday == 0 ? other->weekday : -1;
        }
        known.names[kept++] = n;
    }
    known.count = kept;
}

static void make_names(void)
{
    static const UDateFormatSymbolType months[] = {UDAT_MONTHS, UDAT_SHORT_MONTHS,
                                                   UDAT_STANDALONE_MONTHS,
                                                   UDAT_STANDALONE_SHORT_MONTHS};
    static const UDateFormatSymbolType days[] = {UDAT_WEEKDAYS, UDAT_SHORT_WEEKDAYS,
                                                 UDAT_STANDALONE_SHORT_WEEKDAYS};
    for (size_t l = 0; LOCALES[l] != NULL; l++) {
        UErrorCode status = U_ZERO_ERROR;
        UDateFormat *format =
            udat_open(UDAT_SHORT, UDAT_SHORT, LOCALES[l], NULL, 0, NULL, 0, &status);
        if (U_FAILURE(status))
            continue;
        for (size_t k = 0; k < sizeof months / sizeof months[0]; k++)
            for (int i = 0; i < 12; i++)
                add_name(format, months[k], i, (name){.month = i + 1});
        for (size_t k = 0; k < sizeof days / sizeof days[0]; k++)
            for (int i = 1; i <= 7; i++)
                add_name(format, days[k], i, (name){.weekday = i});
        udat_close(format);
    }
    settle();
    known.made = true;
}

static int find_by_key(const void *key, const void *entry)
{
    return strcmp(key, ((const name *)entry)->key);
}

static const name *find_name(weft_str word)
{
    UChar text[UNITS_MAX];
    char key[KEY_MAX];
    int32_t n = 0;
    UErrorCode status = U_ZERO_ERROR;
    if (word.n < 2 || word.n >= KEY_MAX)
        return NULL;
    if (!known.made)
        make_names();
    u_strFromUTF8(text, UNITS_MAX, &n, word.p, (int32_t)word.n, &status);
    if (U_FAILURE(status) || fold_key(text, n, key) == 0)
        return NULL;
    return bsearch(key, known.names, known.count, sizeof known.names[0], find_by_key);
}

int page_month_named(weft_str word)
{
    const name *n = find_name(word);
    return n == NULL || n->month < 0 ? 0 : n->month;
}

int page_weekday_named(weft_str word)
{
    const name *n = find_name(word);
    return n == NULL || n->weekday < 0 ? 0 : n->weekday;
}
