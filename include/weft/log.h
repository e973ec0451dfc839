/* weft/log.h - one line per event on stderr. Called by the programs only: lib/ returns its
 * errors. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_LOG_H
#define WEFT_LOG_H

#include <stdbool.h>

#include "weft/str.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum weft_log_level {
    WEFT_LOG_ERROR,
    WEFT_LOG_WARN,
    WEFT_LOG_INFO,
    WEFT_LOG_DEBUG
} weft_log_level;

enum { WEFT_LOG_LINE_MAX = 2048, WEFT_LOG_QUOTED_MAX = 512 };

/** Text from outside, quoted for a log line; made by weft_log_quote in the caller's
 * storage. */
typedef struct weft_log_quoted {
    char text[WEFT_LOG_QUOTED_MAX];
} weft_log_quoted;

/** Lines above this level are not written from now on. The start is WEFT_LOG_INFO. */
void weft_log_set_level(weft_log_level level);

/** Whether a line of this level would be written. */
bool weft_log_is_on(weft_log_level level);

/**
 * Write `level=L event=EVENT` and the formatted `key=value` pairs as one line, in one
 * write. Text from outside goes through weft_log_quote; should a control character be left
 * in the line, a space is written in its place.
 *
 * Limits:  a line is cut at WEFT_LOG_LINE_MAX - 1 bytes.
 */
void weft_log(weft_log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * s between double quotes, with ", \, control characters and the C1 controls of Unicode
 * escaped. Returns out->text.
 *
 * Limits:  cut to fit, then ending in `..."`.
 */
const char *weft_log_quote(weft_log_quoted *out, weft_str s);

#ifdef __cplusplus
}
#endif
#endif
