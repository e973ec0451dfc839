/* live.c - the live generation of an index, or another, opened for its writer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live.h"

#include <stdlib.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "banned.h"

static int live_close(live *l)
{
    weft_reader_free(l->reader);
    return 0;
}

static weft_code read_number(live *l, const char *key, uint64_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str text;
    weft_code code = weft_reader_metadata(l->reader, tmp, key, &text, err);
    if (code == WEFT_OK)
        *out = strtoull(text.p, NULL, 10);
    return code;
}

static weft_code read_numbers(live *l, weft_error *err)
{
    weft_code code = read_number(l, WEFT_META_REVISION, &l->revision, err);
    return code == WEFT_OK ? read_number(l, WEFT_META_JOURNAL, &l->batch, err) : code;
}

static live *new_live(void *mem)
{
    live *l = talloc_zero(mem, live);
    if (l != NULL)
        talloc_set_destructor(l, live_close);
    return l;
}

static weft_code open_path(live *l, const char *dir, const char *path, weft_error *err)
{
    weft_code code = weft_indexdir_settings(dir, &l->settings, err);
    if (code == WEFT_OK && (l->path = talloc_strdup(l, path)) == NULL)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK)
        code = weft_reader_open(l->path, &l->reader, err);
    return code == WEFT_OK ? read_numbers(l, err) : code;
}

weft_code live_open_path(void *mem, const char *dir, const char *path, live **out,
                         weft_error *err)
{
    live *l = new_live(mem);
    if (l == NULL)
        return weft_fail_nomem(err);
    weft_code code = open_path(l, dir, path, err);
    if (code == WEFT_OK)
        *out = l;
    else
        talloc_free(l);
    return code;
}

static weft_code open_current(live *l, const char *dir, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_error why = {0};
    weft_code code = weft_indexdir_current(dir, &l->generation, err);
    if (code != WEFT_OK)
        return code;
    char *path = weft_indexdir_generation(tmp, dir, l->generation);
    if (path == NULL)
        return weft_fail_nomem(err);
    code = open_path(l, dir, path, &why);
    if (code == WEFT_ENOTFOUND && l->path != NULL)
        return weft_indexdir_missing(dir, l->generation, err);
    return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
}

weft_code live_open(void *mem, const char *dir, live **out, weft_error *err)
{
    live *l = new_live(mem);
    if (l == NULL)
        return weft_fail_nomem(err);
    weft_code code = open_current(l, dir, err);
    if (code == WEFT_OK)
        *out = l;
    else
        talloc_free(l);
    return code;
}

weft_code live_open_if_any(void *mem, const char *dir, live **out, weft_error *err)
{
    weft_error why = {0};
    *out = NULL;
    weft_code code = live_open(mem, dir, out, &why);
    if (code == WEFT_ENOTFOUND)
        return WEFT_OK;
    return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
}

weft_code live_refresh(live *l, weft_error *err)
{
    weft_code code = weft_reader_refresh(l->reader, err);
    return code == WEFT_OK ? read_numbers(l, err) : code;
}

weft_code live_check_dir(const char *dir, weft_error *err)
{
    if (dir == NULL || dir[0] == '\0')
        return weft_fail(err, WEFT_EUSAGE, "which index? give -i DIR, or set WEFT_INDEX");
    return WEFT_OK;
}
