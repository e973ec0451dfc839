/* chunks.h - posting lists, cut into entries of the postlist table. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_CHUNKS_H
#define WEFT_BULK_CHUNKS_H

#include "pack.h"
#include "table.h"

enum { CHUNK_BYTES = 2000 /* a chunk takes nothing more once it has these */ };

/* The posting list of one term at work. */
typedef struct chunks {
    table *table;
    unsigned char key[TABLE_KEY_MAX];
    size_t name_n;        /* bytes of the key that name the term */
    bool is_lengths;      /* not a term, but the lengths of documents */
    bool begun;           /* the first chunk is written */
    uint64_t count, sum;  /* documents, and sum of wdfs */
    uint32_t first, last; /* docids of this chunk */
    unsigned char body[CHUNK_BYTES + 2 * PACKED_MAX];
    size_t body_n;
} chunks;

/* Begin a term's list; the empty term stands for the lengths of documents. */
void chunks_begin(chunks *c, table *t, weft_str term, uint64_t count, uint64_t sum);

/* Add postings: pairs of a packed gap between docids less one, the first from `before`, and
 * a packed wdf. Docids go on above those of the call before. Errors: of table_add. */
weft_code chunks_add(chunks *c, uint32_t before, const unsigned char *pairs, size_t n,
                     weft_error *err) weft_must_check;

/* Write the last chunk. Errors: of table_add. */
weft_code chunks_end(chunks *c, weft_error *err) weft_must_check;

#endif
