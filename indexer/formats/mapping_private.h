/* mapping_private.h - shared by the files that read a mapping. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_MAPPING_PRIVATE_H
#define FORMATS_MAPPING_PRIVATE_H

#include <jansson.h>

#include "mapping.h"

/** A mapping on its way. Everything is allocated in m. */
typedef struct loading {
    mapping *m;
    const char *file; /* for messages */
    weft_error *err;
} loading;

/** "FILE: WHERE: what is wrong", printf-like; WEFT_EUSAGE. */
weft_code load_fail(loading *l, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** A copy of a JSON text without NUL. Errors: WEFT_EUSAGE when it is none, WEFT_ENOMEM. */
weft_code load_text(loading *l, const char *where, const json_t *json,
                    weft_str *out) weft_must_check;

/** One text or an array of them. */
weft_code load_texts(loading *l, const char *where, const json_t *json, weft_str **out,
                     size_t *count) weft_must_check;

/** A path in a record; its first key is noted as wanted. */
weft_code load_path(loading *l, const char *where, weft_str text,
                    tree_path *out) weft_must_check;

/** An object of conditions, all of which are to hold. */
weft_code load_when(loading *l, const char *where, const json_t *json,
                    map_when *out) weft_must_check;

/** What a field is read from: null, one way or an array of ways. */
weft_code load_field(loading *l, const char *where, const json_t *json,
                     map_field *out) weft_must_check;

/** Fail when object has a key that is none of names, which a NULL ends. */
weft_code load_check_keys(loading *l, const char *where, const json_t *object,
                          const char *const *names) weft_must_check;

/** "where.key" in the mapping's memory, for messages; where may be "". */
const char *load_where(loading *l, const char *where, const char *key);

#endif
