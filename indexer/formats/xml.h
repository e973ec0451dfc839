/* xml.h - the elements of an export in XML, one after the other, however broken it is.
 *
 * A scanner of our own (doc/decisions/006-xml-scanner.md): libxml2 ends a document at its first raw <,
 * closes the wrong element at an end tag that fits none, and loses the tag after an unquoted
 * attribute, so that one mistake spoils all that follows. This one passes over what it cannot
 * use: an end tag closes the element of its name (and those open inside it) or nothing.
 *
 * Prefixes are as written, declared or not; those of namespaces that exports use get their
 * usual one (wp, content, dsq, thr...; none for Atom's). There are no entities but HTML's, no
 * document types, nothing is loaded. Memory does not grow with the input.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_XML_H
#define FORMATS_XML_H

#include "../input.h"

enum {
    XML_DEPTH_MAX = 64,      /* elements open at a time; those deeper are passed over */
    XML_NAME_MAX = 128,      /* bytes; a longer name is cut */
    XML_ATTRIBUTES_MAX = 32, /* of an element; more are passed over */
    XML_ATTRIBUTE_MAX = 16 * 1024 /* bytes; a longer value is cut */
};

typedef enum xml_event { XML_END, XML_OPEN, XML_CLOSE } xml_event;

/** How the inside of an element becomes text. */
typedef enum xml_inside {
    XML_DECODED, /* character references are read; tags inside, if any, stay as written */
    XML_VERBATIM /* markup (XHTML): all as written */
} xml_inside;

typedef struct xml xml;

/** The name of the first element in the first bytes of a file, without its prefix; empty when
 * there is none. What stands before an XML declaration does not count. */
weft_str xml_root(weft_str head);

/** Errors: WEFT_ENOMEM. */
weft_code xml_open(void *mem, input *in, xml **out, weft_error *err) weft_must_check;

/**
 * The next start or end of an element, or XML_END.
 *
 * Errors:  of reading the input, WEFT_ENOMEM.
 */
weft_code xml_next(xml *x, xml_event *event, weft_error *err) weft_must_check;

/** The name of the element that was opened or closed; borrowed until the next event. */
weft_str xml_name(const xml *x);
bool xml_is(const xml *x, const char *name);

/** Line of the last event; at XML_END the last line. */
size_t xml_line(const xml *x);

/** An attribute of the element that was opened, NULL when it has none of that name; borrowed
 * until the next event. */
const char *xml_attribute(const xml *x, const char *name);

/** Whether the input ended inside an element or a tag: it was cut off. */
bool xml_is_cut(const xml *x);

/** Texts so far with bytes that were no UTF-8, or with control characters. */
size_t xml_mended(const xml *x);

/**
 * All text inside the element that was just opened, which is closed by it: no XML_CLOSE comes.
 * White space at the ends goes.
 *
 * Owner:   *out is in mem; NULL when there is no text, or when the input ends before its end.
 * Limits:  a text over WEFT_BODY_MAX is cut at some length over it.
 * Errors:  as xml_next.
 */
weft_code xml_text(xml *x, void *mem, xml_inside inside, const char **out,
                   weft_error *err) weft_must_check;

/** Read past the element that was just opened. Errors: as xml_next. */
weft_code xml_skip(xml *x, weft_error *err) weft_must_check;

/** Where the text of an element of a name goes: a const char * at an offset. */
typedef struct xml_field {
    const char *name; /* NULL ends a table */
    size_t offset;
} xml_field;

/**
 * Read the element that was just opened if it is one of fields, into the struct at `into`;
 * the first of a name counts.
 *
 * Owner:   texts are in mem.
 * Errors:  as xml_next.
 */
weft_code xml_take(xml *x, const xml_field *fields, void *into, bool *taken,
                   weft_error *err) weft_must_check;

#endif
