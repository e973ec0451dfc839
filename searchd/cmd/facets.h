/* facets.h - counts of the hits of the first tier by author, section, month and so on. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_FACETS_H
#define SEARCHD_CMD_FACETS_H

#include "../query/plan.h"
#include "../commands.h"

/** The facets a request asks for, bit i for row i of the table. */
typedef uint32_t facet_set;

/**
 * Read a list of names, as "author,month".
 *
 * Errors:  WEFT_EUSAGE naming what is no facet.
 */
weft_code facets_read(const char *list, facet_set *out, weft_error *err) weft_must_check;

/**
 * Add "facets" to a reply, and "facets_exact":false when not every hit was counted. all
 * counts every hit, as where the totals are exact; else WEFT_FACET_HITS of them.
 *
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code facets_add(cmd_context *c, const plan *p, facet_set wanted, bool all,
                     json_t *reply, weft_error *err) weft_must_check;

#endif
