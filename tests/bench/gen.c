/* gen.c - make an archive and questions about it, the same ones on every run.
 *
 *     gen RECORDS DIR
 *
 * Writes the records twice (print.h), 1,000 comments that come later under them, 1,000 records of later conversations,
 * the ids of 1,000 comments that go, and queries.tsv (queries.h). The archive is made twice: once to be written and asked about, once more to count the answers.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "weft/mem.h"
#include "weft/str.h"

#include "print.h"
#include "truth.h"

#include "banned.h"

enum { PATH_BYTES = 4096 };

static weft_code write_records(uint64_t records, const char *dir, queries *q,
                               weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    printer p = {0};
    archive *a = NULL;
    bool more = true;
    weft_code code = archive_new(tmp, records, &a, err);
    if (code == WEFT_OK)
        code = printer_open(&p, dir, err);
    while (code == WEFT_OK && more) {
        code = archive_next(a, &more, err);
        if (code != WEFT_OK || !more)
            break;
        print_thread(&p, a);
        if (a->before < records)
            queries_take(q, a);
    }
    weft_code closed = printer_close(&p, err);
    return code == WEFT_OK ? closed : code;
}

static weft_code count_answers(uint64_t records, queries *q, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    archive *a = NULL;
    counter *c = NULL;
    bool more = true;
    weft_code code = archive_new(tmp, records, &a, err);
    if (code == WEFT_OK)
        code = counter_new(tmp, q, &c, err);
    while (code == WEFT_OK && more) {
        code = archive_next(a, &more, err);
        more = more && a->before < records;
        if (code == WEFT_OK && more)
            counter_thread(c, a);
    }
    return code;
}

static weft_code write_queries(const queries *q, const char *dir, weft_error *err)
{
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/queries.tsv", dir) >= (int)sizeof path)
        return weft_fail(err, WEFT_EUSAGE, "directory name too long");
    FILE *f = fopen(path, "w");
    if (f == NULL)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    queries_print(q, f);
    bool lost = ferror(f) != 0;
    if (fclose(f) != 0 || lost)
        return weft_fail(err, WEFT_EIO, "%s: not written", path);
    return WEFT_OK;
}

static weft_code run(int argc, char **argv, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint64_t records;
    if (argc != 3)
        return weft_fail(err, WEFT_EUSAGE, "usage: gen RECORDS DIR");
    weft_code code =
        weft_parse_u64(weft_str_from(argv[1]), ARCHIVE_RECORDS_MAX, &records, err);
    if (code != WEFT_OK)
        return code;
    if (records < ARCHIVE_RECORDS_MIN)
        return weft_fail(err, WEFT_EUSAGE, "under %d records", ARCHIVE_RECORDS_MIN);
    queries *q = talloc(tmp, queries);
    if (q == NULL)
        return weft_fail_nomem(err);
    queries_init(q);
    code = write_records(records, argv[2], q, err);
    if (code == WEFT_OK)
        code = count_answers(records, q, err);
    return code == WEFT_OK ? write_queries(q, argv[2], err) : code;
}

int main(int argc, char **argv)
{
    weft_error err = {0};
    if (run(argc, argv, &err) == WEFT_OK)
        return 0;
    fprintf(stderr, "gen: %s\n", err.text);
    return 1;
}
