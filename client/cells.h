/* cells.h - a text as the columns of a terminal: cleaned of controls, measured, marked,
 * broken into lines. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_CELLS_H
#define WEFT_CLIENT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

/** How a cell looks where colours are wanted. */
typedef enum cell_style {
    CELL_PLAIN,
    CELL_TITLE,
    CELL_NAME,
    CELL_DIM,
    CELL_MARK,
    CELL_STYLE_COUNT
} cell_style;

enum {
    CELL_COMBINING_MAX = 8, /* characters without a column of their own kept on one base;
                               the rest is dropped */
    CELL_UTF8_MAX = 4       /* bytes of one cell */
};

/** One character as it will stand on the terminal: never a control, never a change of
 * writing direction. */
typedef struct cell {
    uint32_t codepoint;
    uint8_t width; /* columns: 0 (joins the one before), 1 or 2 */
    uint8_t style; /* cell_style */
} cell;

/** [start, end) in bytes of the text it belongs to. */
typedef struct cell_mark {
    size_t start, end;
} cell_mark;

/** A growing row of cells in mem. Start from `cells c = {.mem = mem};`. */
typedef struct cells {
    void *mem;
    cell *p;
    size_t n;
    size_t size;
    weft_code failed; /* WEFT_OK or WEFT_ENOMEM: sticks, asked once */
} cells;

/**
 * Append a text: white space runs become one space (none at the very start), controls
 * U+FFFD, and characters that turn the writing direction are dropped. Bytes that are no
 * UTF-8 become U+FFFD.
 */
void cells_add(cells *c, cell_style style, weft_str text);

/** As cells_add; the characters inside the marks (ascending; others are ignored) are
 * CELL_MARK. */
void cells_add_marked(cells *c, cell_style style, weft_str text, const cell_mark *marks,
                      size_t count);

void cells_clear(cells *c);

/** Columns of n cells. */
size_t cells_columns(const cell *c, size_t n);

/**
 * How many of the n cells make the first line of at most `columns` (>= 2) columns; *next is
 * where the next line starts.
 *
 * A line ends at a space (which belongs to no line) or beside a character two columns wide;
 * a longer word is cut where the line ends, never between a character and what joins it.
 */
size_t cells_line(const cell *c, size_t n, size_t columns, size_t *next);

/** How many of the n cells fit into `columns` columns, cut anywhere but before a joining
 * character. */
size_t cells_fit(const cell *c, size_t n, size_t columns);

/** Whether a code point must not reach a terminal as it is: a control, or one that turns
 * the writing direction. */
bool cells_is_unsafe(uint32_t codepoint);

/** The code point at p (n > 0 bytes left); returns its length. A byte that is no UTF-8 is
 * one U+FFFD. */
size_t cells_decode(const char *p, size_t n, uint32_t *codepoint);

/** The UTF-8 bytes of a code point into out; returns how many. */
size_t cells_encode(uint32_t codepoint, char out[CELL_UTF8_MAX]);

#endif
