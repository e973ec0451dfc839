/* termlists.h - what each document has: its terms, and the slots of its values. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_TERMLISTS_H
#define WEFT_BULK_TERMLISTS_H

#include "weft/index.h"
#include "table.h"

/* Bytes that the entries of a document may have. */
size_t termlists_bound(const weft_document *d);

/* Add the entries of a document: its terms, and its slots if it has any. Terms and slots ascend, each once; length is the sum of wdfs. buffer holds
 * termlists_bound() bytes. Errors: of table_add. */
weft_code termlists_add(table *t, uint32_t docid, const weft_document *sorted,
                        uint32_t length, unsigned char *buffer,
                        weft_error *err) weft_must_check;

#endif
