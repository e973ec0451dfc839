/* page.h - the part of a search's answer that a reply shows: by offset, or on from a cursor.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_PAGE_H
#define SEARCHD_CMD_PAGE_H

#include "search.h"

/**
 * Read the cursor of a request, if it has one, and hold it against the request.
 *
 * Errors:  WEFT_EUSAGE when it is damaged, of another query, or beside an offset.
 */
weft_code page_read_cursor(search *s, weft_error *err) weft_must_check;

/**
 * Find the page: s->found, or s->groups, and s->next.
 *
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code page_find(search *s, weft_error *err) weft_must_check;

#endif
