/* shim_test.h - what the tests of the shim share: a generation in a folder of its own. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SHIM_TEST_H
#define WEFT_SHIM_TEST_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "weft/index.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "../../indexer/files.h"

static weft_error failure, *const err = &failure;

/* Of a call that takes err. */
#define HOLDS(call)                                                                        \
    do {                                                                                   \
        failure = (weft_error){0};                                                         \
        weft_code got = (call);                                                            \
        ck_assert_msg(got == WEFT_OK, "%s: %s", #call, failure.text);                      \
    } while (0)

static char folder[64], path[96];
static void *mem;

static inline void set_up(void)
{
    snprintf(folder, sizeof folder, P_tmpdir "/weft-test-shim-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/gen", folder);
    mem = talloc_new(NULL);
}

static inline void tear_down(void)
{
    talloc_free(mem);
    ck_assert_int_eq(files_remove_dir(path, NULL), WEFT_OK);
    rmdir(folder);
}

static inline weft_writer *writer(bool create)
{
    weft_writer *w = NULL;
    HOLDS(weft_writer_open(path, create, &w, err));
    return w;
}

static inline weft_reader *reader(void)
{
    weft_reader *r = NULL;
    HOLDS(weft_reader_open(path, &r, err));
    return r;
}

/* A document named n with one term of wdf w and the stored bytes given. */
static inline weft_code put(weft_writer *w, const char *name, uint32_t wdf, weft_str stored,
                            weft_error *why)
{
    weft_term terms[] = {{weft_str_from(name), 0}, {weft_str_from("t"), wdf}};
    weft_value values[] = {{WEFT_SLOT_THREAD, weft_str_from(wdf % 2 ? "odd" : "even")},
                           {WEFT_SLOT_NEWEST, weft_str_from(name)}};
    weft_document d = {weft_str_from(name), terms, 2, values, 2, stored};
    return weft_writer_put(w, &d, why);
}

#endif
