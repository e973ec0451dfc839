/* generations.c - which generations an index has, and which of them is live. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generations.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/str.h"
#include "files.h"
#include "journal.h"
#include "live.h"
#include "banned.h"

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

weft_code generations_list(void *mem, const char *dir, uint64_t **out, size_t *count,
                           weft_error *err)
{
    *out = NULL;
    *count = 0;
    DIR *d = opendir(dir);
    if (d == NULL)
        return weft_fail(err, WEFT_EIO, "%s: %s", dir, strerror(errno));
    weft_code code = WEFT_OK;
    for (struct dirent *e; code == WEFT_OK && (e = readdir(d)) != NULL;) {
        uint64_t number;
        weft_str name = weft_str_from(e->d_name);
        if (!weft_str_starts(name, "gen-") ||
            weft_parse_u64(weft_str_of(name.p + 4, name.n - 4), UINT64_MAX / 2, &number,
                           NULL) != WEFT_OK)
            continue;
        uint64_t *grown = weft_grow_array(mem, *out, uint64_t, *count + 1);
        if (grown == NULL) {
            code = weft_fail_nomem(err);
            continue;
        }
        *out = grown;
        grown[(*count)++] = number;
    }
    closedir(d);
    if (*count > 0)
        qsort(*out, *count, sizeof **out, by_number);
    return code;
}

weft_code generations_next(const char *dir, uint64_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint64_t *list;
    size_t count;
    weft_code code = generations_list(tmp, dir, &list, &count, err);
    if (code == WEFT_OK)
        *out = count == 0 ? 1 : list[count - 1] + 1;
    return code;
}

static weft_code remove_generation(const char *dir, uint64_t number, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = weft_indexdir_generation(tmp, dir, number);
    return path == NULL ? weft_fail_nomem(err) : files_remove_dir(path, err);
}

/* The last batch of a generation bounds what the journal must keep for it. One that cannot be
 * read needs nothing: nobody can go back to it. */
static void bound_journal(const char *dir, uint64_t number, uint64_t *first)
{
    weft_scope void *tmp = talloc_new(NULL);
    live *l;
    char *path = weft_indexdir_generation(tmp, dir, number);
    if (path != NULL && live_open_path(tmp, dir, path, &l, NULL) == WEFT_OK &&
        l->batch < *first)
        *first = l->batch;
}

/* Newest first: what is beyond the number to keep goes. */
static weft_code remove_old(const char *dir, uint64_t generation, uint64_t before,
                            unsigned keep, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint64_t *list, first = UINT64_MAX;
    size_t count;
    weft_code code = generations_list(tmp, dir, &list, &count, err);
    unsigned kept = before != 0 && keep > 0 ? 1 : 0;
    for (size_t i = count; code == WEFT_OK && i-- > 0;) {
        bool stays = list[i] == generation || (list[i] == before && keep > 0);
        if (!stays && kept < keep) {
            kept++;
            stays = true;
        }
        if (stays)
            bound_journal(dir, list[i], &first);
        else
            code = remove_generation(dir, list[i], err);
    }
    return code == WEFT_OK && first != UINT64_MAX ? journal_prune(dir, first, err) : code;
}

weft_code generations_promote(const char *dir, uint64_t generation, uint64_t before,
                              unsigned keep, weft_error *err)
{
    weft_code code = weft_indexdir_adopt(dir, generation, err);
    if (code == WEFT_OK)
        code = weft_indexdir_swap(dir, generation, err);
    return code == WEFT_OK ? remove_old(dir, generation, before, keep, err) : code;
}
