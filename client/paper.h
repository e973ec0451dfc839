/* paper.h - where results are written: paragraphs of styled text, indented and broken to
 * the terminal's width.
 *
 * Text of strangers goes through cells.c, so nothing on paper can command a terminal. A
 * failure sticks and is asked once, by paper_flush.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_PAPER_H
#define WEFT_CLIENT_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "weft/error.h"
#include "weft/str.h"
#include "cells.h"

enum {
    PAPER_COLUMNS_DEFAULT = 80,
    PAPER_COLUMNS_MIN = 40,
    PAPER_COLUMNS_MAX = 100,            /* longer lines are hard to read */
    PAPER_BYTES_MAX = 64 * 1024 * 1024, /* between two flushes */
    PAPER_INDENT = 2 /* columns a reply stands further in than what it answers */
};

typedef struct paper {
    void *mem;
    FILE *file;
    size_t columns;
    bool colour;
    bool pointed; /* paragraphs written now carry a '>' in the first column: what was asked
                     for */
    cells row;    /* the paragraph being made */
    weft_buf out;
} paper;

/** columns is clamped to the limits above. */
void paper_init(paper *p, void *mem, FILE *file, size_t columns, bool colour);

/** Columns of the terminal at fd; the default when it is none. */
size_t paper_columns_of(int fd);

/** Append to the paragraph. */
void paper_add(paper *p, cell_style style, weft_str text);
void paper_add_text(paper *p, cell_style style, const char *text);
void paper_add_marked(paper *p, cell_style style, weft_str text, const cell_mark *marks,
                      size_t count);
void paper_addf(paper *p, cell_style style, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** End the paragraph: on as many lines as it needs, or on one, with an ellipsis when it is
 * longer. */
void paper_wrap(paper *p, size_t indent);
void paper_cut(paper *p, size_t indent);

/** End the paragraph on one line of any length, for "key: value". */
void paper_long(paper *p);

/** A whole text of several paragraphs: its line breaks are kept, several empty lines are
 * one. */
void paper_body(paper *p, size_t indent, weft_str text);
void paper_blank(paper *p);

/**
 * A JSON text as it came, on one line. On a terminal what could command it is written as
 * \uXXXX, which is the same JSON: such characters stand inside strings only.
 */
void paper_json(paper *p, weft_str json, bool is_terminal);

/** The indent of something `depth` deep: up to half of the width. */
size_t paper_indent(const paper *p, size_t depth);

/**
 * Write out what is on the paper.
 *
 * Errors:  WEFT_ENOMEM, WEFT_EIO (also when it is over PAPER_BYTES_MAX); a reader that went
 * away (EPIPE) is not an error.
 */
weft_code paper_flush(paper *p, weft_error *err) weft_must_check;

#endif
