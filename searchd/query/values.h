/* values.h - values of fields that are neither words nor dates: numbers, the words of is:,
 * the names of joins. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_VALUES_H
#define WEFT_QUERY_VALUES_H

#include "ast.h"

/** What came of reading a value. */
typedef enum query_value {
    QUERY_VALUE_READ,
    QUERY_VALUE_UNKNOWN, /* it is not of this form: out is as it was */
    QUERY_VALUE_REVERSED /* a range whose end lies before its beginning */
} query_value;

/** 10, >10, >=10, <10, <=10, =10, 5..10, 5.., ..10; signs allowed. */
query_value query_number_read(weft_str text, query_numbers *out);

/** A word of is:, case of ASCII letters ignored. False when it is none. */
bool query_is_read(weft_str text, query_is *out);
const char *query_is_name(query_is is);

/** The join of a name as written before the colon; Q_JOIN_NONE when it is none. */
query_join query_join_find(weft_str name);
const char *query_join_name(query_join join);

/** Whether its value is a name (reply-to:ann) and not a sub-query. */
bool query_join_takes_name(query_join join);

/** Whether s is the terminated lower-case text, case of ASCII letters ignored. */
bool query_same_word(weft_str s, const char *text);

/** Take "A..B" apart at its first "..", either side perhaps empty. False without "..". */
bool query_range_split(weft_str text, weft_str *a, weft_str *b);

#endif
