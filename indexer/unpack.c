/* unpack.c - a file as the texts in it.
 *
 * The layers stand in a list, the file at its end: a packing that shows in the first bytes of the
 * topmost layer puts another one on top, until a text shows. The next text is that of the topmost
 * archive; what stands over it is taken off. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unpack.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "layer.h"
#include "banned.h"

struct unpack {
    layer_file file;
    layer *top;
    size_t depth;  /* of layers over the file */
    void *packing; /* its texts */
    uint64_t members;
    bool begun;
};

weft_code unpack_open(void *mem, const char *path, unpack **out, weft_error *err)
{
    unpack *u = talloc_zero(mem, unpack);
    if (u == NULL)
        return weft_fail_nomem(err);
    u->file.name = strcmp(path, "-") == 0 ? "standard input" : path;
    weft_code code = layer_file_open(u, path, &u->file, &u->top, err);
    if (code == WEFT_OK)
        *out = u;
    else
        talloc_free(u);
    return code;
}

static void take_off(unpack *u)
{
    layer *below = u->top->below;
    talloc_free(u->top);
    u->top = below;
    u->depth--;
}

static weft_code put_on(unpack *u, const char *packing, weft_error *err)
{
    layer *added;
    if (u->depth == WEFT_UNPACK_NESTING_MAX)
        return weft_fail(err, WEFT_ELIMIT, "%s: is packed in over %d packings",
                         u->top->where, WEFT_UNPACK_NESTING_MAX);
    weft_code code = strcmp(packing, "gzip") == 0
                         ? layer_gzip_open(u, u->top, &added, err)
                         : layer_archive_open(u, u->top, packing, &added, err);
    if (code != WEFT_OK)
        return code;
    u->top = added;
    u->depth++;
    return WEFT_OK;
}

/* What a file manager or a packer left, and nobody meant to give. */
static bool is_hidden(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    return base[0] == '.' || base[0] == '\0' || strncmp(path, "__MACOSX/", 9) == 0;
}

/* The name of a member as it may be shown on a terminal. */
static weft_code set_name(layer *l, const char *member, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str clean;
    size_t repaired;
    weft_code code = weft_utf8_repair(tmp, weft_str_from(member), &clean, &repaired, err);
    if (code != WEFT_OK)
        return code;
    char *name =
        talloc_asprintf(l, "%s:%" WEFT_STR_FMT, l->below->where, WEFT_STR_ARG(clean));
    if (name == NULL)
        return weft_fail_nomem(err);
    for (char *p = name; *p != '\0'; p++)
        *p = (unsigned char)*p < ' ' ? ' ' : *p;
    l->member = name;
    l->where = name;
    return WEFT_OK;
}

/* The next file of the archive on top; *more is false at its end. */
static weft_code next_member(unpack *u, bool *more, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    layer *l = u->top;
    const char *name = NULL;
    l->where = l->below->where;
    TALLOC_FREE(l->member);
    do {
        weft_code code = l->next(l, tmp, &name, more, err);
        if (code != WEFT_OK || !*more)
            return code;
        if (u->members++ == WEFT_UNPACK_MEMBERS_MAX) {
            l->broken = true;
            return weft_fail(err, WEFT_ELIMIT, "%s: over %d files in it", u->file.name,
                             WEFT_UNPACK_MEMBERS_MAX);
        }
    } while (name != NULL && is_hidden(name));
    return name == NULL ? WEFT_OK : set_name(l, name, err);
}

static weft_code fail_packing(const unpack *u, const char *packing, weft_error *err)
{
    return weft_fail(err, WEFT_ESYNTAX,
                     "%s: is packed with %s, which is not read: unpack it first",
                     u->top->where, packing);
}

/* Put on layers until a text shows. */
static weft_code settle(unpack *u, weft_error *err)
{
    for (;;) {
        weft_str head;
        bool known, more = true;
        weft_code code = layer_peek(u->top, &head, err);
        if (code != WEFT_OK)
            return code;
        const char *packing = layer_packing(head, &known);
        if (packing == NULL)
            return WEFT_OK;
        code = known ? put_on(u, packing, err) : fail_packing(u, packing, err);
        if (code == WEFT_OK && u->top->next != NULL)
            code = next_member(u, &more, err);
        if (code == WEFT_OK && !more)
            code = weft_fail(err, WEFT_ESYNTAX, "%s: holds no files", u->top->where);
        if (code != WEFT_OK)
            return code;
    }
}

weft_code unpack_next(unpack *u, bool *more, weft_error *err)
{
    *more = true;
    if (!u->begun) {
        u->begun = true;
        return settle(u, err);
    }
    while (u->top->below != NULL) {
        if (u->top->next != NULL && !u->top->broken) {
            weft_code code = next_member(u, more, err);
            if (code != WEFT_OK || *more)
                return code == WEFT_OK ? settle(u, err) : code;
        }
        take_off(u);
    }
    *more = false;
    return WEFT_OK;
}

weft_code unpack_block(unpack *u, weft_str *block, weft_error *err)
{
    return layer_take(u->top, block, err);
}

const char *unpack_name(const unpack *u)
{
    return u->top->where;
}

const char *unpack_member(const unpack *u)
{
    for (const layer *l = u->top; l != NULL; l = l->below)
        if (l->member != NULL)
            return l->member + strlen(l->below->where) + 1;
    return NULL;
}

const char *unpack_packing(unpack *u)
{
    char *text = NULL;
    TALLOC_FREE(u->packing);
    u->packing = talloc_new(u);
    for (const layer *l = u->top; l->below != NULL; l = l->below)
        text = text == NULL ? talloc_strdup(u->packing, l->packing)
                            : talloc_asprintf(u->packing, "%s, %s", l->packing, text);
    return text;
}

uint64_t unpack_rubbish(const unpack *u)
{
    return u->file.rubbish_at;
}

void unpack_count(unpack *u, uint64_t *sum)
{
    u->file.sum = sum;
    *sum += u->file.taken;
}
