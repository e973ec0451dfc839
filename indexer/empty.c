/* empty.c - an index without a record, so that a site can begin with additions. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "empty.h"

#include <stdio.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "apply.h"
#include "files.h"
#include "target.h"
#include "banned.h"

static weft_code make_empty(const char *dir, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_settings settings = {"en", "UTC"};
    target *to = NULL;
    apply *first;
    char *path = weft_indexdir_generation(tmp, dir, 1);
    if (path == NULL)
        return weft_fail_nomem(err);
    weft_code code = files_remove_dir(path, err);
    if (code == WEFT_OK)
        code = target_open(tmp, path, true, &to, err);
    apply_setup setup = {.target = to, .settings = &settings};
    if (code == WEFT_OK)
        code = apply_new(tmp, &setup, &first, err);
    if (code == WEFT_OK)
        code = apply_commit(first, true, err);
    talloc_free(to);
    if (code == WEFT_OK)
        code = weft_indexdir_write_settings(dir, &settings, err);
    if (code == WEFT_OK)
        code = weft_indexdir_swap(dir, 1, err);
    if (code == WEFT_OK)
        fprintf(stderr, "weft-indexer: made a new index in '%s'\n", dir);
    return code;
}

weft_code empty_open_live(void *mem, const char *dir, live **out, weft_error *err)
{
    weft_error why = {0};
    weft_code code = live_open(mem, dir, out, &why);
    if (code == WEFT_ENOTFOUND) {
        code = make_empty(dir, err);
        return code == WEFT_OK ? live_open(mem, dir, out, err) : code;
    }
    return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
}
