/* indexdir.c - the files of an index directory that are not Xapian's. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/indexdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "banned.h"

/* What a reader must understand to answer rightly from an index. One that does not know a
 * name refuses the index. */
static const char *const features[] = {"glass",      "bag-flags-1",  "stream-32",
                                       "stored-1",   "cjk-ngrams",   "thread-document",
                                       "tree-ids",   "answered-key", "facet-values",
                                       "vocabulary", "readable-text"};

enum { FEATURE_COUNT = sizeof features / sizeof features[0] };

char *weft_indexdir_generation(void *mem, const char *dir, uint64_t generation)
{
    return talloc_asprintf(mem, "%s/gen-%llu", dir, (unsigned long long)generation);
}

weft_code weft_indexdir_current(const char *dir, uint64_t *generation, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *link = talloc_asprintf(tmp, "%s/current", dir);
    if (link == NULL)
        return weft_fail_nomem(err);
    char target[64];
    ssize_t n = readlink(link, target, sizeof target);
    if (n < 0 && (errno == ENOENT || errno == ENOTDIR))
        return weft_fail(
            err, WEFT_ENOTFOUND,
            "no index at '%s': fill it with 'weft-indexer build -i %s FILE...'", dir, dir);
    if (n < 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", link, strerror(errno));
    weft_str name = weft_str_of(target, (size_t)n);
    if (!weft_str_starts(name, "gen-") ||
        weft_parse_u64(weft_str_of(name.p + 4, name.n - 4), UINT64_MAX / 2, generation,
                       NULL) != WEFT_OK)
        return weft_fail(err, WEFT_ECORRUPT, "%s: does not point to a generation", link);
    return WEFT_OK;
}

weft_code weft_indexdir_missing(const char *dir, uint64_t generation, weft_error *err)
{
    uint64_t now;
    weft_code code = weft_indexdir_current(dir, &now, err);
    if (code != WEFT_OK)
        return code;
    if (now != generation)
        return weft_fail(err, WEFT_ECHANGED, "%s: is being replaced, try again", dir);
    return weft_fail(err, WEFT_ECORRUPT,
                     "%s/gen-%llu: the live generation is not there: remove '%s' and build "
                     "it anew",
                     dir, (unsigned long long)generation, dir);
}

uint64_t weft_indexdir_bytes(const char *dir, uint64_t generation)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = weft_indexdir_generation(tmp, dir, generation);
    DIR *d = path == NULL ? NULL : opendir(path);
    uint64_t sum = 0;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        struct stat st;
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode))
            sum += (uint64_t)st.st_size;
    }
    if (d != NULL)
        closedir(d);
    return sum;
}

static bool feature_is_known(const char *name)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (strcmp(features[i], name) == 0)
            return true;
    return false;
}

static weft_code check_features(const char *path, const json_t *list, weft_error *err)
{
    size_t i;
    json_t *value;
    if (!json_is_array(list))
        return weft_fail(err, WEFT_ECORRUPT, "%s: no list of features", path);
    json_array_foreach(list, i, value)
    {
        const char *name = json_string_value(value);
        if (name == NULL || !feature_is_known(name))
            return weft_fail(
                err, WEFT_ECORRUPT,
                "%s: needs feature '%s', which this weft does not know: use a newer one",
                path, name == NULL ? "?" : name);
    }
    return WEFT_OK;
}

static weft_code read_setting(const char *path, const json_t *settings, const char *key,
                              char *out, size_t size, weft_error *err)
{
    const char *value = json_string_value(json_object_get(settings, key));
    if (value == NULL || strlen(value) >= size)
        return weft_fail(err, WEFT_ECORRUPT, "%s: setting '%s' is missing or too long",
                         path, key);
    memcpy(out, value, strlen(value) + 1);
    return WEFT_OK;
}

weft_code weft_indexdir_settings(const char *dir, weft_settings *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/weft.json", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    json_error_t why;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL && access(path, F_OK) != 0)
        return weft_fail(
            err, WEFT_ENOTFOUND,
            "no index at '%s': fill it with 'weft-indexer build -i %s FILE...'", dir, dir);
    if (root == NULL && json_error_code(&why) == json_error_out_of_memory)
        return weft_fail_nomem(err);
    if (root == NULL)
        return weft_fail(err, WEFT_ECORRUPT, "%s: %s", path, why.text);
    const json_t *settings = json_object_get(root, "settings");
    weft_settings read = {{0}, {0}};
    weft_code code = check_features(path, json_object_get(root, "features"), err);
    if (code == WEFT_OK)
        code = read_setting(path, settings, "lang", read.lang, sizeof read.lang, err);
    if (code == WEFT_OK)
        code = read_setting(path, settings, "tz", read.tz, sizeof read.tz, err);
    json_decref(root);
    if (code == WEFT_OK)
        *out = read;
    return code;
}

static weft_code rename_durably(const char *dir, const char *from, const char *to,
                                weft_error *err)
{
    if (rename(from, to) != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", to, strerror(errno));
    return weft_sync_path(dir, err);
}

/* Takes root, which may be NULL. */
static weft_code write_root(const char *dir, json_t *root, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/weft.json", dir);
    char *next = talloc_asprintf(tmp, "%s/weft.json.new", dir);
    if (path == NULL || next == NULL || root == NULL) {
        json_decref(root);
        return weft_fail_nomem(err);
    }
    int failed = json_dump_file(root, next, JSON_INDENT(1));
    json_decref(root);
    if (failed != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", next, strerror(errno));
    weft_code code = weft_sync_path(next, err);
    return code == WEFT_OK ? rename_durably(dir, next, path, err) : code;
}

weft_code weft_indexdir_write_settings(const char *dir, const weft_settings *settings,
                                       weft_error *err)
{
    json_t *list = json_array();
    bool complete = list != NULL;
    for (size_t i = 0; complete && i < FEATURE_COUNT; i++)
        complete = json_array_append_new(list, json_string(features[i])) == 0;
    json_t *root = json_pack("{s:i,s:o,s:{s:s,s:s}}", "weft", 1, "features", list,
                             "settings", "lang", settings->lang, "tz", settings->tz);
    if (!complete) {
        json_decref(root);
        root = NULL;
    }
    return write_root(dir, root, err);
}

weft_code weft_indexdir_adopt(const char *dir, uint64_t generation, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    json_error_t why;
    char *path =
        talloc_asprintf(tmp, "%s/gen-%llu/weft.json", dir, (unsigned long long)generation);
    if (path == NULL)
        return weft_fail_nomem(err);
    if (access(path, F_OK) != 0)
        return WEFT_OK;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL && json_error_code(&why) == json_error_out_of_memory)
        return weft_fail_nomem(err);
    return root == NULL ? weft_fail(err, WEFT_ECORRUPT, "%s: %s", path, why.text)
                        : write_root(dir, root, err);
}

weft_code weft_indexdir_swap(const char *dir, uint64_t generation, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *target = talloc_asprintf(tmp, "gen-%llu", (unsigned long long)generation);
    char *link = talloc_asprintf(tmp, "%s/current", dir);
    char *next = talloc_asprintf(tmp, "%s/current.new", dir);
    char *built = weft_indexdir_generation(tmp, dir, generation);
    if (target == NULL || link == NULL || next == NULL || built == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_sync_path(built, err);
    if (code == WEFT_OK)
        code = weft_sync_path(dir, err);
    if (code != WEFT_OK)
        return code;
    if (unlink(next) != 0 && errno != ENOENT)
        return weft_fail(err, WEFT_EIO, "%s: %s", next, strerror(errno));
    if (symlink(target, next) != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", next, strerror(errno));
    return rename_durably(dir, next, link, err);
}
