/* fields.c - the table of fields of the query language. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/schema.h"

#include <strings.h>

#include "banned.h"

static const weft_field fields[] = {
    {"title", WEFT_FIELD_WORDS, WEFT_PREFIX_TITLE, "words of an article's title"},
    {"body", WEFT_FIELD_WORDS, WEFT_PREFIX_BODY,
     "own words of a comment, or of an article's body"},
    {"quote", WEFT_FIELD_WORDS, WEFT_PREFIX_QUOTED, "words a comment quotes"},
    {"author", WEFT_FIELD_EXACT, "A", "who wrote it, case and accents ignored"},
    {"section", WEFT_FIELD_EXACT, "XSE:", "section of the article"},
    {"site", WEFT_FIELD_EXACT, "XSI:", "site of the article"},
    {"tag", WEFT_FIELD_EXACT, "K", "a tag of the article"},
    {"lang", WEFT_FIELD_EXACT, "L", "language, as en or de"},
    {"kind", WEFT_FIELD_EXACT, "XK:", "kind of comment, as comment or pingback"},
    {"id", WEFT_FIELD_ID, WEFT_PREFIX_UNIQUE, "the document of that id or reference"},
    {"article", WEFT_FIELD_SCOPE, WEFT_PREFIX_THREAD,
     "the article of that id and its comments"},
    {"under", WEFT_FIELD_SCOPE, WEFT_PREFIX_UNDER,
     "comments under that comment or article"},
    {"is", WEFT_FIELD_IS, WEFT_PREFIX_IS, "article, comment, root, reply, leaf or orphan"},
    {"date", WEFT_FIELD_DATE, NULL, "a year, month, day or range a..b"},
    {"after", WEFT_FIELD_DATE, NULL, "from the start of that day on"},
    {"before", WEFT_FIELD_DATE, NULL, "before the start of that day"},
    {"score", WEFT_FIELD_NUMBER, NULL, "votes: >10, >=10, <10, 5..10"},
    {"replies", WEFT_FIELD_NUMBER, NULL, "public direct replies"},
    {"depth", WEFT_FIELD_NUMBER, NULL, "0 for a comment at the top level"},
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

const weft_field *weft_field_find(weft_str name)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (strlen(fields[i].name) == name.n &&
            strncasecmp(fields[i].name, name.p, name.n) == 0)
            return &fields[i];
    return NULL;
}

const weft_field *weft_field_at(size_t i)
{
    return i < FIELD_COUNT ? &fields[i] : NULL;
}
