/* log.c - one line per event on stderr. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "banned.h"

static const char *const level_names[] = {"error", "warn", "info", "debug"};
static weft_log_level highest = WEFT_LOG_INFO;

void weft_log_set_level(weft_log_level level)
{
    highest = level;
}

bool weft_log_is_on(weft_log_level level)
{
    return level <= highest;
}

/* A second line must not be forged by what stands in the first. */
static void remove_controls(char *line, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = ' ';
}

void weft_log(weft_log_level level, const char *event, const char *fmt, ...)
{
    char line[WEFT_LOG_LINE_MAX];
    if (!weft_log_is_on(level))
        return;
    size_t n = (size_t)snprintf(line, sizeof line, "level=%s event=%.64s ",
                                level_names[level], event);
    va_list ap;
    va_start(ap, fmt);
    int more = vsnprintf(line + n, sizeof line - n, fmt, ap);
    va_end(ap);
    n = strlen(line);
    if (more <= 0)
        n--; /* the space after the event */
    remove_controls(line, n);
    line[n] = '\n';
    ssize_t written = write(STDERR_FILENO, line, n + 1);
    (void)written; /* nowhere to tell that the log is gone */
}

static bool is_c1(weft_str s, size_t i)
{
    return (unsigned char)s.p[i] == 0xC2 && i + 1 < s.n &&
           (unsigned char)s.p[i + 1] >= 0x80 && (unsigned char)s.p[i + 1] < 0xA0;
}

const char *weft_log_quote(weft_log_quoted *out, weft_str s)
{
    enum { LONGEST = 8, TAIL = 5 }; /* bytes of \xC2\x85; of ..." and the terminator */
    size_t cut = weft_utf8_cut(s, sizeof out->text - LONGEST - TAIL - 1);
    size_t n = 0, i = 0;
    out->text[n++] = '"';
    while (i < cut && n < sizeof out->text - LONGEST - TAIL) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            n += (size_t)snprintf(out->text + n, LONGEST + 1, "\\%c", c);
        else if (is_c1(s, i))
            n += (size_t)snprintf(out->text + n, LONGEST + 1, "\\xC2\\x%02X",
                                  (unsigned char)s.p[++i]);
        else if (c < 0x20 || c == 0x7F)
            n += (size_t)snprintf(out->text + n, LONGEST + 1, "\\x%02X", c);
        else
            out->text[n++] = (char)c;
        i++;
    }
    while (i < s.n && n > 1 &&
           ((unsigned char)s.p[i] & 0xC0) == 0x80) { /* not in the middle of a character */
        i--;
        n--;
    }
    snprintf(out->text + n, sizeof out->text - n, i < s.n ? "...\"" : "\"");
    return out->text;
}
