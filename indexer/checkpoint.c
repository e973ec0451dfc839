/* checkpoint.c - how far an unfinished build came, and what it was asked, in one JSON file. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "weft/version.h"
#include "banned.h"

/* One number of the checkpoint. */
typedef struct field {
    const char *name;
    size_t at; /* of a uint64_t */
} field;

#define FIELD(name, member)                                                                \
    {                                                                                      \
        (name), offsetof(checkpoint, member)                                               \
    }

static const field fields[] = {FIELD("revision", revision),
                               FIELD("batch", batch),
                               FIELD("tombstones", tombstones),
                               FIELD("shown_before", shown_before),
                               FIELD("seed", spool.seed),
                               FIELD("bytes", spool.bytes),
                               FIELD("text_bytes", spool.text_bytes),
                               FIELD("order", spool.order),
                               FIELD("entries", spool.entries),
                               FIELD("stored", spool.stored),
                               FIELD("checksum", spool.checksum),
                               FIELD("line", line),
                               FIELD("records", report.records),
                               FIELD("refused", report.refused),
                               FIELD("skipped", report.skipped),
                               FIELD("files_failed", report.files_failed),
                               FIELD("repaired", report.counts.repaired),
                               FIELD("suspicious", report.counts.suspicious),
                               FIELD("bad_dates", report.counts.bad_dates),
                               FIELD("unknown_keys", report.counts.unknown_keys),
                               FIELD("duplicates", duplicates),
                               FIELD("added", counts.added),
                               FIELD("changed", counts.changed),
                               FIELD("same", counts.same),
                               FIELD("deleted", counts.deleted),
                               FIELD("left_out", counts.left_out),
                               FIELD("shown", counts.shown),
                               FIELD("dropped", counts.dropped),
                               FIELD("generation", generation)};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static const char *const phases[] = {"read", "write", "done", "passed"};

enum { PHASE_COUNT = sizeof phases / sizeof phases[0] };

/* Name, size and time of a file: one that is written again is another input. */
static json_t *describe_file(const char *path)
{
    struct stat st = {0};
    json_int_t bytes = -1, ns = -1;
    if (stat(path, &st) == 0) {
        bytes = (json_int_t)st.st_size;
        ns = (json_int_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    }
    return json_pack("{s:s%,s:I,s:I}", "name", path, strlen(path), "bytes", bytes,
                     "changed_ns", ns);
}

static json_t *describe_files(const build_request *r)
{
    json_t *list = json_array();
    for (int i = 0; i < r->file_count; i++)
        json_array_append_new(list, describe_file(r->files[i]));
    return list;
}

/* The request as it is kept; NULL when out of memory. */
static json_t *describe(const build_request *r)
{
    const read_options *o = r->read;
    json_t *root = json_pack(
        "{s:s,s:s,s:s,s:s,s:s*,s:s*,s:s*,s:s*,s:i,s:b,s:I,s:o,s:s*,s:s*,s:s*}", "version",
        WEFT_VERSION, "lang", r->settings->lang, "tz", r->settings->tz, "writer", r->writer,
        "format", o->format, "id", o->id, "id-prefix", o->id_prefix, "charset", o->charset,
        "epoch", o->epoch, "fix-mojibake", o->fix_mojibake, "replay-since",
        (json_int_t)r->since_ms, "files", describe_files(r), "include", o->include, "as-of",
        o->as_of, "comment-url", o->comment_url);
    if (root != NULL && o->articles != NULL)
        json_object_set_new(root, "articles", describe_file(o->articles));
    if (root != NULL && o->mapping != NULL)
        json_object_set_new(root, "mapping", describe_file(o->mapping));
    return root;
}

static weft_code refuse(const char *what, weft_error *err)
{
    return weft_fail(err, WEFT_ECHANGED,
                     "an unfinished build is there, and %s: give the same command as then, "
                     "or --restart to begin anew",
                     what);
}

/* Which of the files is not what it was. */
static weft_code compare_files(const json_t *before, const json_t *now, weft_error *err)
{
    char what[256];
    size_t n = json_array_size(now);
    if (json_array_size(before) != n)
        return refuse("it has another number of files", err);
    for (size_t i = 0; i < n; i++) {
        const json_t *a = json_array_get(before, i), *b = json_array_get(now, i);
        const char *name = json_string_value(json_object_get(b, "name"));
        if (json_equal(a, b))
            continue;
        bool renamed = !json_equal(json_object_get(a, "name"), json_object_get(b, "name"));
        snprintf(what, sizeof what,
                 renamed ? "'%.200s' is not its file" : "'%.200s' changed",
                 name == NULL ? "?" : name);
        return refuse(what, err);
    }
    return WEFT_OK;
}

static weft_code compare(const json_t *before, const json_t *now, weft_error *err)
{
    const char *key;
    json_t *value;
    char what[128];
    weft_code code =
        compare_files(json_object_get(before, "files"), json_object_get(now, "files"), err);
    if (code != WEFT_OK || json_equal(before, now))
        return code;
    json_object_foreach((json_t *)(uintptr_t)now, key, value)
    {
        if (json_equal(value, json_object_get(before, key)))
            continue;
        snprintf(what, sizeof what, "its %s was another", key);
        return refuse(what, err);
    }
    return refuse("it had an option that is not given now", err);
}

static weft_code read_fields(const json_t *root, checkpoint *out, weft_error *err)
{
    const char *phase = json_string_value(json_object_get(root, "phase"));
    size_t p = 0;
    while (p < PHASE_COUNT && (phase == NULL || strcmp(phase, phases[p]) != 0))
        p++;
    *out = (checkpoint){.phase = (build_phase)p,
                        .file = (int)json_integer_value(json_object_get(root, "file"))};
    bool good = p < PHASE_COUNT;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const json_t *value = json_object_get(root, fields[i].name);
        uint64_t number = (uint64_t)json_integer_value(value);
        memcpy((char *)out + fields[i].at, &number, sizeof number);
        good = good && json_is_integer(value);
    }
    return good
               ? WEFT_OK
               : weft_fail(
                     err, WEFT_ECORRUPT,
                     "the checkpoint of an unfinished build is damaged: --restart begins anew");
}

static weft_code load(const char *path, const build_request *request, checkpoint *out,
                      weft_error *err)
{
    json_error_t why;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    json_t *now = describe(request);
    weft_code code = WEFT_OK;
    if (now == NULL || (root == NULL && json_error_code(&why) == json_error_out_of_memory))
        code = weft_fail_nomem(err);
    else if (root == NULL)
        code = weft_fail(err, WEFT_ECORRUPT, "%s: %s", path, why.text);
    if (code == WEFT_OK)
        code = read_fields(root, out, err);
    if (code == WEFT_OK)
        code = compare(json_object_get(root, "request"), now, err);
    json_decref(root);
    json_decref(now);
    return code;
}

weft_code checkpoint_load(const char *dir, const build_request *request, checkpoint *out,
                          bool *found, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/checkpoint.json", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    *found = access(path, F_OK) == 0;
    return *found ? load(path, request, out, err) : WEFT_OK;
}

static json_t *render(const build_request *request, const checkpoint *c)
{
    json_t *root = json_pack("{s:s,s:i,s:o}", "phase", phases[c->phase], "file", c->file,
                             "request", describe(request));
    for (size_t i = 0; root != NULL && i < FIELD_COUNT; i++) {
        uint64_t number;
        memcpy(&number, (const char *)c + fields[i].at, sizeof number);
        json_object_set_new(root, fields[i].name, json_integer((json_int_t)number));
    }
    return root;
}

weft_code checkpoint_save(const char *dir, const build_request *request,
                          const checkpoint *c, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/checkpoint.json", dir);
    char *next = talloc_asprintf(tmp, "%s/checkpoint.new", dir);
    json_t *root = render(request, c);
    if (path == NULL || next == NULL || root == NULL) {
        json_decref(root);
        return weft_fail_nomem(err);
    }
    int failed = json_dump_file(root, next, JSON_INDENT(1));
    json_decref(root);
    if (failed != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", next, strerror(errno));
    weft_code code = weft_sync_path(next, err);
    if (code == WEFT_OK && rename(next, path) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    return code == WEFT_OK ? weft_sync_path(dir, err) : code;
}
