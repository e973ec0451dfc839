/* live.c - the live generation of an index, opened for its writer. */
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

static weft_code read_revision(live *l, weft_error *err)
{
    weft_str text;
    weft_code code = weft_reader_metadata(l->reader, l, WEFT_META_REVISION, &text, err);
    if (code == WEFT_OK)
        l->revision = strtoull(text.p, NULL, 10);
    return code;
}

static weft_code open_reader(live *l, const char *dir, weft_error *err)
{
    weft_error why = {0};
    weft_code code = weft_reader_open(l->path, &l->reader, &why);
    if (code == WEFT_ENOTFOUND)
        return weft_indexdir_missing(dir, l->generation, err);
    return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
}

weft_code live_open(void *mem, const char *dir, live **out, weft_error *err)
{
    live *l = talloc_zero(mem, live);
    if (l == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(l, live_close);
    weft_code code = weft_indexdir_current(dir, &l->generation, err);
    if (code == WEFT_OK)
        code = weft_indexdir_settings(dir, &l->settings, err);
    if (code == WEFT_OK &&
        (l->path = weft_indexdir_generation(l, dir, l->generation)) == NULL)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK)
        code = open_reader(l, dir, err);
    if (code == WEFT_OK)
        code = read_revision(l, err);
    if (code != WEFT_OK) {
        talloc_free(l);
        return code;
    }
    *out = l;
    return WEFT_OK;
}

weft_code live_check_dir(const char *dir, weft_error *err)
{
    if (dir == NULL || dir[0] == '\0')
        return weft_fail(err, WEFT_EUSAGE, "which index? give -i DIR, or set WEFT_INDEX");
    return WEFT_OK;
}
