/* mapping.h - what a mapping file says, ready for use: where the records of a foreign layout
 * are and what their fields are called. doc/mappings.md is the language.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_MAPPING_H
#define FORMATS_MAPPING_H

#include "weft/record.h"

#include "tree.h"

/** What a part of a value reads. */
typedef enum map_base {
    MAP_LITERAL, /* text as it stands in the mapping */
    MAP_HERE,    /* a path in the record itself */
    MAP_OUTER,   /* "^path": in the record around it */
    MAP_ARTICLE, /* "@article": id of the article it stands in */
    MAP_PARENT,  /* "@parent": id of the comment it stands in */
    MAP_ROOT,    /* "@root": id of what its parents lead up to */
    MAP_FILENAME /* "@file": --id, or the file's name without its endings */
} map_base;

typedef struct map_part {
    map_base base;
    weft_str literal;
    tree_path path;
} map_part;

/** One thing a condition compares with. */
typedef struct map_wanted {
    bool any; /* "*": whatever it is, as long as it is there */
    tree_kind
        kind; /* else: of this kind with this text; TREE_NULL is also when it is absent */
    weft_str text;
} map_wanted;

typedef struct map_condition {
    map_part where;
    map_wanted *wanted; /* one of them */
    size_t count;
} map_condition;

/** All of them hold. */
typedef struct map_when {
    map_condition *conditions;
    size_t count;
} map_when;

typedef enum map_as {
    MAP_DATE,
    MAP_SECONDS,
    MAP_MILLISECONDS,
    MAP_EPOCH, /* a date, or a number in the unit of --epoch */
    MAP_AGO
} map_as;

/** One way to a value; the first that leads to one is taken. */
typedef struct map_way {
    map_part *parts; /* one after the other; all must be there */
    size_t count;
    map_when when;
    weft_str *strip; /* beginnings taken off, the first that fits */
    size_t strip_count;
    weft_str *nothing; /* texts that stand for no value */
    size_t nothing_count;
    weft_str prefix; /* taken off; without it there is no value */
    weft_str
        climb; /* cut off behind the last of these, when there are more than `top` parts */
    uint64_t top;
    bool entities; /* &lt; &gt; &amp; are written for < > & */
    map_as as;
    int table;      /* the text is a key of this table; -1 for none */
    tree_path take; /* of the table's row */
} map_way;

typedef struct map_field {
    map_way *ways;
    size_t count;
    bool given; /* stands in the mapping, be it as null */
} map_field;

typedef enum map_key {
    MAP_ID,
    MAP_OF_ARTICLE,
    MAP_OF_PARENT,
    MAP_TITLE,
    MAP_BODY,
    MAP_AUTHOR,
    MAP_AUTHOR_ID,
    MAP_PUBLISHED,
    MAP_URL,
    MAP_SECTION,
    MAP_SITE,
    MAP_LANG,
    MAP_KIND,
    MAP_SCORE,
    MAP_TAGS,
    MAP_KEYS
} map_key;

/** What a status of the source comes to; all but MAP_DELETED can be included (--include). */
typedef struct map_status {
    map_when when;
    weft_status status;
    unsigned include; /* bit of fmt_include that makes it public; 0 for none */
} map_status;

/** How an article or a comment is made. */
typedef struct map_record {
    bool given, has_when;
    map_when when;
    map_field fields[MAP_KEYS];
    weft_format format;
    map_status *statuses;
    size_t status_count;
} map_record;

typedef struct map_skip {
    map_when when;
    const char *reason;
} map_skip;

/** Rows of the source that records refer to. */
typedef struct map_table {
    weft_str name;
    tree_path records;
    tree_path key;
} map_table;

/** Keys that one object of the source has; a mark is all of its sets. */
typedef struct map_keys {
    weft_str *keys;
    size_t count;
} map_keys;

typedef struct map_mark {
    map_keys *sets;
    size_t count;
} map_mark;

typedef struct mapping {
    const char *name, *help;
    bool for_csv;      /* columns, not keys */
    weft_str *columns; /* of a table without a header */
    size_t column_count;
    map_mark *marks; /* any of them */
    size_t mark_count;
    tree_path *records;
    size_t record_count;
    tree_path
        listed; /* an array with an element for each record; what it has more is skipped */
    const char *listed_reason; /* NULL: there is none */
    map_table *tables;
    size_t table_count;
    map_skip *skips;
    size_t skip_count;
    map_record article, comment, stub;
    weft_str *wanted; /* first keys of all its paths: the others need not be kept */
    size_t wanted_count;
    bool uses_root;
} mapping;

/**
 * Read a mapping. name is the file's, for messages.
 *
 * Owner:   *out is in mem and needs nothing else.
 * Errors:  WEFT_EUSAGE naming the file, the key and what is wrong with it; WEFT_ENOMEM.
 */
weft_code mapping_load(void *mem, weft_str json, const char *name, mapping **out,
                       weft_error *err) weft_must_check;

/** As mapping_load, of a file. Errors: also WEFT_EIO. */
weft_code mapping_load_file(void *mem, const char *name, mapping **out,
                            weft_error *err) weft_must_check;

/** A mapping that is part of the program; NULL past the last one. */
typedef struct mapping_builtin {
    const char *name;
    const char *start, *end; /* its text */
} mapping_builtin;

const mapping_builtin *mapping_builtin_at(size_t i);

/**
 * The built-in mapping of a name, read once for the life of the program: every input is
 * compared with all of them.
 *
 * Errors:  WEFT_ENOMEM; WEFT_EINTERNAL when there is none.
 */
weft_code mapping_builtin_get(const char *name, const mapping **out,
                              weft_error *err) weft_must_check;

/** Whether the record's first key is one the mapping asks for. */
bool mapping_wants(const mapping *m, weft_str key);

#endif
