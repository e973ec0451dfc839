/* parse.h - a query's text to its tree. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_PARSE_H
#define WEFT_QUERY_PARSE_H

#include "ast.h"

/**
 * Parse a query (doc/query-language.md).
 *
 * Syntax never fails: what cannot be meant as it stands is read the best way there is, and
 * a warning with its byte position says so.
 *
 * Owner:   *out is in mem and holds a copy of text, which must be valid UTF-8.
 * Limits:  WEFT_QUERY_MAX bytes and WEFT_QUERY_NESTING_MAX open brackets, both checked
 * before any node is made; WEFT_CLAUSES_MAX clauses, WEFT_PHRASE_MAX words of a phrase.
 * Errors:  WEFT_ELIMIT for those; WEFT_ESYNTAX for a prefix under WEFT_PREFIX_MIN letters,
 * a reversed range and an unknown time zone; WEFT_ENOMEM. All but the last carry a byte
 * position.
 */
weft_code query_parse(void *mem, weft_str text, const query_options *o, query **out,
                      weft_error *err) weft_must_check;

#endif
