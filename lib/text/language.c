/* language.c - THE TABLE of languages with a stemmer, by ISO 639-1 code. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language.h"

#include "weft/text.h"

#include "banned.h"

/* Sorted by code. A language's number is its place here. */
static const struct {
    char code[3];
    const char *algorithm; /* libstemmer's name */
} languages[] = {
    {"ar", "arabic"},     {"ca", "catalan"},  {"da", "danish"},     {"de", "german"},
    {"el", "greek"},      {"en", "english"},  {"es", "spanish"},    {"eu", "basque"},
    {"fi", "finnish"},    {"fr", "french"},   {"ga", "irish"},      {"hi", "hindi"},
    {"hu", "hungarian"},  {"hy", "armenian"}, {"id", "indonesian"}, {"it", "italian"},
    {"lt", "lithuanian"}, {"ne", "nepali"},   {"nl", "dutch"},      {"no", "norwegian"},
    {"pt", "portuguese"}, {"ro", "romanian"}, {"ru", "russian"},    {"sr", "serbian"},
    {"sv", "swedish"},    {"ta", "tamil"},    {"tr", "turkish"},    {"yi", "yiddish"},
};

enum { COUNT = sizeof languages / sizeof *languages };

_Static_assert((int)COUNT == (int)LANGUAGE_COUNT,
               "LANGUAGE_COUNT is the length of the table");

int weft_language_find(weft_str code)
{
    if (code.n != 2)
        return WEFT_LANGUAGE_OTHER;
    size_t low = 0, high = COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(code.p, languages[middle].code, 2);
        if (order == 0)
            return (int)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return WEFT_LANGUAGE_OTHER;
}

const char *weft_language_code(int language)
{
    return language < 0 || language >= COUNT ? "" : languages[language].code;
}

int weft_language_count(void)
{
    return COUNT;
}

const char *language_algorithm(int language)
{
    return language < 0 || language >= COUNT ? NULL : languages[language].algorithm;
}
