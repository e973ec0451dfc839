/* weft/mem.h - memory is talloc, scoped: a context per article, per request; scopes end by
 * attribute.
 *
 * Words used in the other headers: *owned* (the caller frees it), *borrowed* (valid until
 * X), *in mem* (dies with the talloc context given as the first parameter).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_MEM_H
#define WEFT_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#ifdef __cplusplus
extern "C" {
#endif

/** `weft_scope void *tmp = talloc_new(NULL);` is freed on every way out of the block. */
#define weft_scope __attribute__((cleanup(weft_scope_end)))

static inline void weft_scope_end(void *variable)
{
    void **held = (void **)variable;
    talloc_free(*held);
}

/**
 * n zeroed elements of a type in mem; NULL when out of memory or when the size overflows.
 * Unlike talloc_array it takes a size_t. Like every talloc block it holds less than 256
 * MiB.
 */
#define weft_new_array(mem, type, n) ((type *)weft_zeroed(mem, sizeof(type), (n), #type))

static inline void *weft_zeroed(void *mem, size_t size, size_t n, const char *name)
{
    size_t bytes;
    if (__builtin_mul_overflow(size, n, &bytes))
        return NULL;
    return _talloc_zero(mem, bytes == 0 ? 1 : bytes, name);
}

/** array grown to n elements, the new ones not zeroed; NULL (array unchanged) when out of
 * memory. */
#define weft_grow_array(mem, array, type, n)                                               \
    ((type *)weft_grown(mem, array, sizeof(type), (n), #type))

static inline void *weft_grown(void *mem, void *array, size_t size, size_t n,
                               const char *name)
{
    size_t bytes;
    if (__builtin_mul_overflow(size, n, &bytes))
        return NULL;
    return _talloc_realloc(mem, array, bytes, name);
}

/** Before a text is given to jansson: forget what was lost before. */
void weft_json_watch(void);

/**
 * Whether jansson was refused memory since then. Its reader (2.14) goes on without what it
 * could not store, so a text may have been cut or a key missed, and no error says so.
 */
bool weft_json_lost(void);

#ifdef __cplusplus
}
#endif
#endif
