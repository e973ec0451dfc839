/* json.h - the `json` reader and the formats that are mappings of it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_JSON_H
#define FORMATS_JSON_H

#include "../formats.h"
#include "mapping.h"

/**
 * JSON by the mapping of --mapping, or by the built-in one whose marks the text has.
 *
 * Limits:  JSON_READER_DEPTH_MAX, WEFT_LINE_MAX bytes of a record.
 * Errors:  WEFT_ESYNTAX naming line and byte where the text is no JSON, and when no mapping
 *          knows it; WEFT_EUSAGE for a mapping that is wrong; WEFT_ENOMEM, and what emit
 *          returns.
 */
weft_code fmt_json_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err) weft_must_check;
int fmt_json_sniff(weft_str head);

/** As fmt_json_read, by the built-in mapping of a name. */
weft_code fmt_mapped_read(const char *name, void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err) weft_must_check;
int fmt_mapped_sniff(const char *name, weft_str head);

/** As fmt_json_read, by a mapping. */
weft_code json_read_by(void *mem, input *in, const mapping *m, const fmt_source *source,
                       const fmt_sink *sink, weft_error *err) weft_must_check;

/** Whether the first bytes of a text are JSON with the marks of a mapping. */
bool json_has_marks(weft_str head, const mapping *m);

/** Whether the keys, as of one object, have the mark sets of a mapping (for csv). */
bool mapping_marked_by(const mapping *m, const weft_str *keys, size_t count);

#endif
