/* csv.h - the `csv` reader: tables with a header, one record a row. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_CSV_H
#define FORMATS_CSV_H

#include "../formats.h"
#include "mapping.h"

/**
 * Read a table (RFC 4180; with ';' or tabs too). What its columns are is told by their usual
 * names, by the marks of a built-in mapping, or by that of --mapping.
 *
 * Limits:  WEFT_LINE_MAX bytes of a row, CSV_COLUMNS_MAX columns.
 * Errors:  WEFT_ESYNTAX when no column is known and for a quote that is never closed;
 *          WEFT_EUSAGE for a mapping that is wrong; WEFT_ENOMEM, and what emit returns. A row
 *          with more or fewer fields than the header is refused, the rest goes on.
 */
weft_code fmt_csv_read(void *mem, input *in, const fmt_source *source, const fmt_sink *sink,
                       weft_error *err) weft_must_check;

/** As fmt_csv_read, by the built-in mapping of a name, NULL for the one that fits. */
weft_code fmt_csv_read_as(const char *name, void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err) weft_must_check;

/** 0..100: how sure that these first bytes are a table with a header that is understood. */
int fmt_csv_sniff(weft_str head);

enum { CSV_COLUMNS_MAX = 256 };

/** The columns of a table. */
typedef struct csv_columns {
    char delimiter;
    weft_str *names; /* as in the header; in mem */
    size_t count;
    size_t known;       /* so many have a usual name */
    const char *marked; /* the built-in mapping whose marks they are, or NULL */
} csv_columns;

/** How sure that these first bytes are a table with the columns of a built-in mapping. */
int csv_columns_sniff(weft_str head, const mapping *m);

/** The columns that the first line of a table names, by the delimiter with which most of them
 * are understood. Errors: WEFT_ENOMEM; WEFT_ESYNTAX when there is no such line. */
weft_code csv_columns_read(void *mem, weft_str head, csv_columns *out,
                           weft_error *err) weft_must_check;

/** What a column of a usual name holds, as the key of mappings/csv.json; NULL for others. */
const char *csv_usual(weft_str name);

/** Whether the columns of usual names are enough to read comments (or, *articles, articles)
 * from. */
bool csv_columns_do(const csv_columns *columns, bool *articles);

#endif
