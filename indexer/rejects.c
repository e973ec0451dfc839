/* rejects.c - what was refused of a file, as one JSON object a line. The first line says what it
 * is: by it a file that may be replaced is told from any other. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rejects.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <jansson.h>

#include "weft/mem.h"
#include "banned.h"

static const char first_words[] = "{\"rejects_of\":";

struct rejects {
    const char *of;
    char *path;
    FILE *file; /* NULL before the first */
    bool goes_on;
    weft_error fault;
};

static int close_file(rejects *r)
{
    if (r->file != NULL)
        fclose(r->file);
    return 0;
}

/* Whether there is a file of that name, and it is one of ours. */
static weft_code check_old(const char *path, bool *there, weft_error *err)
{
    char start[sizeof first_words - 1];
    FILE *f = fopen(path, "rbe");
    *there = f != NULL;
    if (f == NULL && errno != ENOENT)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    if (f == NULL)
        return WEFT_OK;
    size_t n = fread(start, 1, sizeof start, f);
    fclose(f);
    if (n == sizeof start && memcmp(start, first_words, n) == 0)
        return WEFT_OK;
    return weft_fail(err, WEFT_EUSAGE, "--rejects: '%s' is there and holds something else",
                     path);
}

weft_code rejects_open(void *mem, const char *path, bool goes_on, rejects **out,
                       weft_error *err)
{
    bool there;
    if (strcmp(path, "-") == 0)
        return weft_fail(err, WEFT_EUSAGE, "--rejects: standard input has no name to use");
    rejects *r = talloc_zero(mem, rejects);
    if (r == NULL || (r->path = talloc_asprintf(r, "%s.rejects", path)) == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(r, close_file);
    r->of = path;
    weft_code code = check_old(r->path, &there, err);
    if (code != WEFT_OK)
        return code;
    r->goes_on = goes_on && there;
    if (there && !goes_on && unlink(r->path) != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", r->path, strerror(errno));
    *out = r;
    return WEFT_OK;
}

static void write_line(rejects *r, json_t *line)
{
    if (line == NULL)
        (void)weft_fail_nomem(&r->fault);
    else if (json_dumpf(line, r->file, JSON_COMPACT) != 0 || fputc('\n', r->file) == EOF)
        (void)weft_fail(&r->fault, WEFT_EIO, "%s: %s", r->path, strerror(errno));
    json_decref(line);
}

/* "x": another process may have made the file meanwhile. */
static void begin(rejects *r)
{
    r->file = fopen(r->path, r->goes_on ? "abe" : "wbxe");
    if (r->file == NULL)
        (void)weft_fail(&r->fault, WEFT_EIO, "%s: %s", r->path, strerror(errno));
    else if (!r->goes_on)
        write_line(r, json_pack("{s:s+}", "rejects_of", r->of, ""));
}

static json_t *text_of(void *mem, weft_str bytes)
{
    weft_str clean;
    size_t repaired;
    weft_error err = {0};
    if (bytes.n == 0 || weft_utf8_repair(mem, bytes, &clean, &repaired, &err) != WEFT_OK)
        return NULL;
    return json_stringn(clean.p, clean.n);
}

void rejects_add(rejects *r, const reject *what)
{
    weft_scope void *tmp = talloc_new(NULL);
    if (r->file == NULL && r->fault.code == WEFT_OK)
        begin(r);
    if (r->fault.code != WEFT_OK)
        return;
    json_t *reason = text_of(tmp, weft_str_from(what->reason));
    write_line(r, json_pack("{s:o*,s:I,s:o*,s:o*}", "input",
                            text_of(tmp, weft_str_from(what->name)), "line",
                            (json_int_t)what->line, "reason", reason, "raw",
                            text_of(tmp, what->raw)));
}

weft_code rejects_close(rejects *r, weft_error *err)
{
    if (r->file != NULL && fclose(r->file) != 0)
        (void)weft_fail(&r->fault, WEFT_EIO, "%s: %s", r->path, strerror(errno));
    r->file = NULL;
    return r->fault.code == WEFT_OK ? WEFT_OK
                                    : weft_fail(err, r->fault.code, "%s", r->fault.text);
}
