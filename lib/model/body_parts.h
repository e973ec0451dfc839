/* body_parts.h - the parts of a body's reading: where text is written, entities, links,
 * shortcodes, the two formats. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_BODY_PARTS_H
#define MODEL_BODY_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/record.h"
#include "weft/str.h"

/** The text being written. Breaks, spaces and markers are only noted, and written with the next
 * word: so none stands at the end of a line or of the text, and none twice. */
typedef struct body_out {
    weft_buf text;
    unsigned breaks;       /* line ends due: 1 a new line, 2 a paragraph */
    bool space;            /* a space is due */
    unsigned quotes;       /* how deep in quotes what comes is */
    unsigned quotes_line;  /* the same of the last line written */
    unsigned quotes_least; /* the least since then */
    weft_str quoted;       /* name due before the next line of a quote */
    char marker[16];       /* of an item of a list, due */
    bool is_full;          /* WEFT_TEXT_MAX is reached: the rest is dropped */
} body_out;

void body_out_init(body_out *o, void *mem);
/** A piece of a line, no line end in it. */
void body_out_add(body_out *o, weft_str piece);
void body_out_space(body_out *o);
/** At least so many line ends before what comes. */
void body_out_break(body_out *o, unsigned lines);
/** Text as it stands, its spaces and empty lines too. */
void body_out_verbatim(body_out *o, weft_str text);
/** Into a quote or out of one, each a paragraph. */
void body_out_quote(body_out *o, bool enters);
/** Take back what was written from byte `start` on. */
void body_out_cut(body_out *o, size_t start);

/**
 * The character an entity stands for; s begins behind its '&'. Needs the ';', but for numbers
 * and the few names that HTML has always taken without.
 *
 * Returns the bytes taken, 0 when it is none. out is the character in UTF-8, *out_n its length.
 */
size_t body_entity(weft_str s, char out[4], size_t *out_n);

/** The same, and anew while it yields the '&' of another: "&amp;quot;", as exports that escape
 * twice write. */
size_t body_entity_deep(weft_str s, char out[4], size_t *out_n);

/** A link whose words were written from byte `start` on: its address follows in parentheses
 * unless they show it. Words that are the address cut short are replaced by it. */
void body_link(body_out *o, size_t start, weft_str url);

/** Shortcodes met in a body, by name, so that their ends are known. */
typedef struct body_shortcodes {
    weft_str open[8];
    size_t count; /* of those ever opened; the last 8 are known */
} body_shortcodes;

/** Bytes of the WordPress shortcode, or of the end of one, at the start of s; 0 for any other
 * bracket. */
size_t body_shortcode(body_shortcodes *codes, weft_str s);

void body_html(body_out *o, weft_str body);

/** Whether Markdown has anything to be changed. */
bool body_markdown_is_plain(weft_str body);
/** Errors: WEFT_ENOMEM. */
weft_code body_markdown(void *mem, weft_str body, weft_str *out,
                        weft_error *err) weft_must_check;

#endif
