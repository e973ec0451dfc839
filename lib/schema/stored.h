/* stored.h - the fields of a stored document, for fingerprints. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SCHEMA_STORED_H
#define WEFT_SCHEMA_STORED_H

#include "weft/schema.h"

/* The fields of a document before they are framed and perhaps compressed. */
void stored_put_fields(weft_buf *b, const weft_stored *s);

#endif
