/* dates.h - the values of date:, after: and before:. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_DATES_H
#define WEFT_QUERY_DATES_H

#include "values.h"

/** How the unit of time that was named is meant. */
typedef enum query_date_sense {
    QUERY_DATE_IN,    /* date: the whole unit, or A..B */
    QUERY_DATE_AFTER, /* after: from the unit's start on, the start included */
    QUERY_DATE_BEFORE /* before: everything earlier than the unit's start */
} query_date_sense;

/**
 * Read a date value: YYYY, YYYY-MM, YYYY-MM-DD, a date and time as in RFC 3339 (without
 * seconds it names the minute), today, yesterday, "this week", "last month", "3 days ago";
 * and for QUERY_DATE_IN a range A..B of these, B's whole unit included, either end left
 * out. Days, months and years begin at midnight in o->tz, weeks on Monday (ISO 8601).
 *
 * Units:   *out is in seconds since 1970, UTC, within QUERY_DATE_FIRST and QUERY_DATE_END.
 */
query_value query_date_read(weft_str text, query_date_sense sense, const query_options *o,
                            query_dates *out);

#endif
