/* xml_scan.h - the bytes under xml.c: one at a time or in runs, with the line. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_XML_SCAN_H
#define FORMATS_XML_SCAN_H

#include "xml.h"

typedef struct xml_attribute_of {
    char name[XML_NAME_MAX + 1];
    size_t start; /* of its terminated value, in xml.values */
} xml_attribute_of;

/* A prefix that stands for a namespace of a known one. */
typedef struct xml_alias {
    char prefix[XML_NAME_MAX + 1];
    const char *usual;
    size_t depth; /* of the element that declares it */
} xml_alias;

enum { XML_ALIASES_MAX = 16 };

struct xml {
    input *in;
    weft_error *err;  /* of the call under way */
    weft_code failed; /* of reading: sticks */
    weft_str chunk;   /* bytes not yet used */
    bool ended;
    size_t line, event_line;
    size_t mended;
    bool is_cut;
    char open[XML_DEPTH_MAX][XML_NAME_MAX + 1]; /* names of the open elements */
    size_t depth, target; /* number of them; elements over target are to be closed */
    char closed[XML_NAME_MAX + 1];
    bool is_closed; /* the last event was XML_CLOSE */
    bool is_empty;  /* <name/>: closed by itself */
    xml_attribute_of attributes[XML_ATTRIBUTES_MAX];
    size_t attribute_count;
    weft_buf values;
    xml_alias aliases[XML_ALIASES_MAX];
    size_t alias_count;
    weft_buf text; /* of xml_text, used again */
};

/** The next byte without using it up; -1 at the end of the input and after a failure. */
int xml_peek(xml *x);

/** Use up the byte that xml_peek gave, if it gave one. */
void xml_pass(xml *x);

/** Read up to one of two bytes (or to the end), which is not used up; what is read is added
 * to keep if it is not NULL and has room. */
void xml_run(xml *x, char stop, char other, weft_buf *keep);

/** Read past the next mark, of two bytes and a '>' or of one and a '>'; what stands before
 * it is added to keep. Whether it came. */
bool xml_pass_mark(xml *x, const char *mark, weft_buf *keep);

/** Add text to a buffer as far as it has room. */
void xml_keep(weft_buf *keep, weft_str text);

/** Read a name, in its usual form: see xml.h. */
void xml_read_name(xml *x, char name[XML_NAME_MAX + 1]);

/** Read a start tag from its name on: name, attributes, is_empty; and its declarations, which
 * hold for the element that is about to be opened. Whether the tag is whole. */
bool xml_read_tag(xml *x, char name[XML_NAME_MAX + 1]);

/** After an &: add the character that is meant, or what is written, to keep. */
void xml_read_reference(xml *x, weft_buf *keep);

bool xml_is_space(int c);
bool xml_is_name_start(int c);

#endif
