/* values.c - values of fields that are neither words nor dates: numbers, the words of is:,
 * the names of joins. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "values.h"

#include "banned.h"

static const char *const is_names[] = {
    [Q_IS_ARTICLE] = "article", [Q_IS_COMMENT] = "comment", [Q_IS_ROOT] = "root",
    [Q_IS_REPLY] = "reply",     [Q_IS_LEAF] = "leaf",       [Q_IS_ORPHAN] = "orphan",
};

static const char *const join_names[] = {
    [Q_JOIN_NONE] = "",
    [Q_JOIN_THREAD] = "thread",
    [Q_JOIN_ARTICLE] = "article",
    [Q_JOIN_PARENT] = "parent",
    [Q_JOIN_REPLY] = "reply",
    [Q_JOIN_REPLY_TO] = "reply-to",
    [Q_JOIN_REPLIED_BY] = "replied-by",
    [Q_JOIN_QUOTES] = "quotes",
};

bool query_same_word(weft_str s, const char *text)
{
    if (s.n != strlen(text))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != text[i])
            return false;
    }
    return true;
}

bool query_range_split(weft_str text, weft_str *a, weft_str *b)
{
    for (size_t i = 0; i + 1 < text.n; i++) {
        if (text.p[i] != '.' || text.p[i + 1] != '.')
            continue;
        *a = weft_str_trim(weft_str_of(text.p, i));
        *b = weft_str_trim(weft_str_of(text.p + i + 2, text.n - i - 2));
        return true;
    }
    return false;
}

static bool read_i64(weft_str text, int64_t *out)
{
    return weft_parse_i64(text, out, NULL) == WEFT_OK;
}

static query_value read_range(weft_str a, weft_str b, query_numbers *out)
{
    query_numbers r = {INT64_MIN, INT64_MAX};
    if (a.n == 0 && b.n == 0)
        return QUERY_VALUE_UNKNOWN;
    if ((a.n > 0 && !read_i64(a, &r.lo)) || (b.n > 0 && !read_i64(b, &r.hi)))
        return QUERY_VALUE_UNKNOWN;
    if (r.lo > r.hi)
        return QUERY_VALUE_REVERSED;
    *out = r;
    return QUERY_VALUE_READ;
}

/* The ends of int64_t mean "open", so a bound that would step over one is not read. */
static query_value read_bound(char sign, bool or_equal, weft_str text, query_numbers *out)
{
    int64_t n;
    if (!read_i64(text, &n))
        return QUERY_VALUE_UNKNOWN;
    if (!or_equal && n == (sign == '>' ? INT64_MAX : INT64_MIN))
        return QUERY_VALUE_UNKNOWN;
    if (sign == '>')
        *out = (query_numbers){or_equal ? n : n + 1, INT64_MAX};
    else
        *out = (query_numbers){INT64_MIN, or_equal ? n : n - 1};
    return QUERY_VALUE_READ;
}

query_value query_number_read(weft_str text, query_numbers *out)
{
    text = weft_str_trim(text);
    weft_str a, b;
    if (query_range_split(text, &a, &b))
        return read_range(a, b, out);
    if (text.n > 0 && (text.p[0] == '>' || text.p[0] == '<')) {
        bool or_equal = text.n > 1 && text.p[1] == '=';
        size_t used = or_equal ? 2 : 1;
        weft_str rest = weft_str_trim(weft_str_of(text.p + used, text.n - used));
        return read_bound(text.p[0], or_equal, rest, out);
    }
    if (text.n > 0 && text.p[0] == '=')
        text = weft_str_trim(weft_str_of(text.p + 1, text.n - 1));
    int64_t n;
    if (!read_i64(text, &n))
        return QUERY_VALUE_UNKNOWN;
    *out = (query_numbers){n, n};
    return QUERY_VALUE_READ;
}

bool query_is_read(weft_str text, query_is *out)
{
    text = weft_str_trim(text);
    for (size_t i = 0; i < sizeof is_names / sizeof is_names[0]; i++) {
        if (!query_same_word(text, is_names[i]))
            continue;
        *out = (query_is)i;
        return true;
    }
    return false;
}

const char *query_is_name(query_is is)
{
    return is_names[is];
}

query_join query_join_find(weft_str name)
{
    for (size_t i = Q_JOIN_NONE + 1; i < sizeof join_names / sizeof join_names[0]; i++) {
        if (query_same_word(name, join_names[i]))
            return (query_join)i;
    }
    return Q_JOIN_NONE;
}

const char *query_join_name(query_join join)
{
    return join_names[join];
}

bool query_join_takes_name(query_join join)
{
    return join >= Q_JOIN_REPLY_TO;
}
