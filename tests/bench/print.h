/* print.h - the made records as files: weft NDJSON, and tables with tabs for engines that read no JSON. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_PRINT_H
#define BENCH_PRINT_H

#include <stdio.h>

#include "archive.h"

/** Records of the archive, comments that come later, conversations that come later. */
typedef enum part { PART_RECORDS, PART_ADDED, PART_FRESH, PARTS } part;

/** The files of a directory; closed by printer_close. */
typedef struct printer {
    FILE *ndjson[PARTS], *table[PARTS], *deleted;
} printer;

/**
 * Open records, added and fresh, each as .ndjson and .tsv, and deleted.txt in dir.
 *
 * Errors:  WEFT_EIO; what was opened is in p.
 */
weft_code printer_open(printer *p, const char *dir, weft_error *err) weft_must_check;

/**
 * A table has a row for each record, and in it: article or comment, id, id of the article, id of the parent (of a comment; at the
 * top level the article's), author, date in seconds, title, body. A line's end in a body is a vertical tab.
 */
void print_thread(printer *p, const archive *a);

/** Errors:  WEFT_EIO when not all was written. */
weft_code printer_close(printer *p, weft_error *err) weft_must_check;

/** The name an author goes by; of articles and comments. */
void print_author(FILE *to, bool editor, uint32_t author);

/** Seconds as 2013-05-03. */
void print_day(FILE *to, int64_t date_s);

#endif
