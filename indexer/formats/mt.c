/* mt.c - Movable Type and TypePad exports: lines of "KEY: value", blocks that end with -----,
 * entries that end with --------; an entry at a time.
 *
 * A text may hold a line of five hyphens itself: it ends the block only when a block, or the
 * end of the entry, follows.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mt.h"

#include <strings.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "plain.h"
#include "banned.h"

/* Room for a text: over WEFT_BODY_MAX, so that one too long is seen to be. */
enum { TEXT_ROOM = WEFT_BODY_MAX + 64 * 1024 };

/* Where a value goes: a const char * at an offset. */
typedef struct key {
    const char *name;
    size_t offset;
} key;

static const key entry_keys[] = {{"AUTHOR", offsetof(mt_entry, author)},
                                 {"TITLE", offsetof(mt_entry, title)},
                                 {"BASENAME", offsetof(mt_entry, basename)},
                                 {"STATUS", offsetof(mt_entry, status)},
                                 {"DATE", offsetof(mt_entry, date)},
                                 {"UNIQUE URL", offsetof(mt_entry, url)},
                                 {"PERMALINK", offsetof(mt_entry, url)},
                                 {"CONVERT BREAKS", offsetof(mt_entry, breaks)},
                                 {"CATEGORY", offsetof(mt_entry, category)},
                                 {"PRIMARY CATEGORY", offsetof(mt_entry, primary)},
                                 {"TAGS", offsetof(mt_entry, tags)},
                                 {0}};

static const key comment_keys[] = {{"AUTHOR", offsetof(mt_comment, author)},
                                   {"BLOG NAME", offsetof(mt_comment, blog_name)},
                                   {"DATE", offsetof(mt_comment, date)},
                                   {0}};

/* Other lines that a comment starts with. */
static const char *const passed_keys[] = {"EMAIL", "IP", "URL", "TITLE"};

/* The blocks of an entry; those without an offset are comments, or of no use. */
typedef enum block_kind { BLOCK_TEXT, BLOCK_PASSED, BLOCK_COMMENT, BLOCK_PING } block_kind;

typedef struct block {
    const char *name;
    block_kind kind;
    size_t offset;
} block;

static const block blocks[] = {{"BODY", BLOCK_TEXT, offsetof(mt_entry, body)},
                               {"EXTENDED BODY", BLOCK_TEXT, offsetof(mt_entry, extended)},
                               {"EXCERPT", BLOCK_TEXT, offsetof(mt_entry, excerpt)},
                               {"KEYWORDS", BLOCK_PASSED, 0},
                               {"COMMENT", BLOCK_COMMENT, 0},
                               {"PING", BLOCK_PING, 0}};

enum { BLOCK_COUNT = sizeof blocks / sizeof blocks[0] };

typedef struct reading {
    mt_blog *blog;
    mt_entry *e; /* NULL between entries */
    mt_comment *c;
    const block *block; /* NULL in the head of an entry and between blocks */
    bool is_headed;     /* the head of the entry, or of the comment, is over */
    bool is_held;       /* a ----- came: does the block end? */
    size_t held_lines;  /* empty lines since */
    weft_buf text;
    size_t entry_count;
} reading;

static const block *block_at(weft_str line)
{
    weft_str name = weft_str_trim(line);
    if (name.n == 0 || name.p[name.n - 1] != ':')
        return NULL;
    for (size_t i = 0; i < BLOCK_COUNT; i++)
        if (weft_str_is(weft_str_of(name.p, name.n - 1), blocks[i].name))
            return &blocks[i];
    return NULL;
}

/* "KEY: value"; the key is in capitals. */
static bool split_key(weft_str line, weft_str *name, weft_str *value)
{
    const char *colon = memchr(line.p, ':', line.n);
    if (colon == NULL)
        return false;
    *name = weft_str_of(line.p, (size_t)(colon - line.p));
    *value = weft_str_trim(weft_str_of(colon + 1, (size_t)(line.p + line.n - colon - 1)));
    for (size_t i = 0; i < name->n; i++)
        if (name->p[i] != ' ' && (name->p[i] < 'A' || name->p[i] > 'Z'))
            return false;
    return name->n > 0;
}

static const key *key_of(const key *keys, weft_str name)
{
    for (; keys->name != NULL; keys++)
        if (weft_str_is(name, keys->name))
            return keys;
    return NULL;
}

int fmt_mt_sniff(weft_str head)
{
    enum { CERTAIN = 95 };
    weft_str rest = head, line, name, value;
    bool has_key = false, is_held = false;
    while (weft_str_next_line(&rest, &line)) {
        bool is_empty = weft_str_trim(line).n == 0;
        if (!has_key && !is_empty) {
            has_key = split_key(line, &name, &value) &&
                      (key_of(entry_keys, name) != NULL || weft_str_starts(name, "ALLOW "));
            if (!has_key)
                return 0;
        }
        if (is_held && block_at(line) != NULL)
            return CERTAIN;
        is_held = weft_str_is(weft_str_trim(line), "-----") || (is_held && is_empty);
    }
    return 0;
}

/* A copy of text in mem, mended; NULL for an empty one. */
static weft_code copy(void *mem, weft_str text, const char **out, bool *is_mended,
                      weft_error *err)
{
    char *mended;
    size_t count = 0;
    *out = NULL;
    text = weft_str_trim(text);
    if (text.n == 0)
        return WEFT_OK;
    weft_code code = plain_mend(mem, text, &mended, &count, err);
    if (code == WEFT_OK)
        *out = mended;
    *is_mended = *is_mended || count > 0;
    return code;
}

static const char **value_at(void *into, const key *k)
{
    return (const char **)(void *)((char *)into + k->offset);
}

static weft_code read_entry_key(reading *r, weft_str line, weft_error *err)
{
    weft_str name, value;
    const key *k = split_key(line, &name, &value) ? key_of(entry_keys, name) : NULL;
    if (k == NULL || *value_at(r->e, k) != NULL)
        return WEFT_OK;
    return copy(r->e, value, value_at(r->e, k), &r->e->is_mended, err);
}

/* A line at the start of a comment; *is_key is false when its text begins. The date is the
 * last of them. */
static weft_code read_comment_key(reading *r, weft_str line, bool *is_key, weft_error *err)
{
    weft_str name, value;
    bool is_split = split_key(line, &name, &value);
    const key *k = is_split ? key_of(comment_keys, name) : NULL;
    *is_key = k != NULL;
    for (size_t i = 0; is_split && i < sizeof passed_keys / sizeof passed_keys[0]; i++)
        *is_key = *is_key || weft_str_is(name, passed_keys[i]);
    r->is_headed = !*is_key || (k != NULL && strcmp(k->name, "DATE") == 0);
    if (k == NULL || *value_at(r->c, k) != NULL)
        return WEFT_OK;
    return copy(r->e, value, value_at(r->c, k), &r->c->is_mended, err);
}

/* A block that is over: its text is the entry's, or of a comment that is given. */
static weft_code end_block(reading *r, weft_error *err)
{
    const block *b = r->block;
    weft_str text = weft_buf_str(&r->text);
    weft_code code = r->text.failed == WEFT_ENOMEM ? weft_fail_nomem(err) : WEFT_OK;
    r->block = NULL;
    r->is_held = false;
    if (code != WEFT_OK || b == NULL || b->kind == BLOCK_PASSED)
        return code;
    if (b->kind == BLOCK_TEXT) {
        const char **at = (const char **)(void *)((char *)r->e + b->offset);
        return *at != NULL ? WEFT_OK : copy(r->e, text, at, &r->e->is_mended, err);
    }
    code = copy(r->e, text, &r->c->body, &r->c->is_mended, err);
    return code == WEFT_OK ? mt_give_comment(r->blog, r->e, r->c, err) : code;
}

static weft_code end_entry(reading *r, weft_error *err)
{
    weft_code code = end_block(r, err);
    if (code == WEFT_OK && r->e != NULL)
        code = mt_give_entry(r->blog, r->e, err);
    if (r->e != NULL)
        mt_forget(&r->e->taken);
    TALLOC_FREE(r->e);
    return code;
}

static weft_code begin_entry(reading *r, size_t line, weft_error *err)
{
    r->e = talloc_zero(r->blog, mt_entry);
    if (r->e == NULL)
        return weft_fail_nomem(err);
    r->e->line = line;
    r->is_headed = false;
    r->entry_count++;
    return WEFT_OK;
}

static weft_code begin_block(reading *r, const block *b, size_t line, weft_error *err)
{
    weft_code code = end_block(r, err);
    if (code != WEFT_OK)
        return code;
    weft_buf_clear(&r->text);
    r->block = b;
    r->is_headed = b->kind != BLOCK_COMMENT && b->kind != BLOCK_PING;
    if (r->is_headed)
        return WEFT_OK;
    r->c = talloc_zero(r->e, mt_comment);
    if (r->c == NULL)
        return weft_fail_nomem(err);
    r->c->line = line;
    r->c->is_ping = b->kind == BLOCK_PING;
    return mt_give_entry(r->blog, r->e, err);
}

static void add_text(reading *r, weft_str text)
{
    size_t room = r->text.cap_bytes - r->text.n;
    weft_buf_add(&r->text, weft_str_of(text.p, text.n < room ? text.n : room));
}

/* A line of a block's text, after what was held back before it. */
static weft_code add_line(reading *r, weft_str line, weft_error *err)
{
    bool is_key = false;
    weft_code code = WEFT_OK;
    if (!r->is_headed)
        code = read_comment_key(r, line, &is_key, err);
    if (is_key || code != WEFT_OK)
        return code;
    if (r->is_held)
        add_text(r, weft_str_from("-----\n"));
    for (; r->held_lines > 0; r->held_lines--)
        add_text(r, weft_str_from("\n"));
    r->is_held = false;
    add_text(r, line);
    add_text(r, weft_str_from("\n"));
    return WEFT_OK;
}

static weft_code read_line(reading *r, weft_str line, size_t number, weft_error *err)
{
    weft_str trimmed = weft_str_trim(line);
    bool is_mark = weft_str_is(trimmed, "-----");
    bool is_in_head = r->e != NULL && r->block == NULL && !r->is_headed;
    if (weft_str_is(trimmed, "--------") && (r->block == NULL || r->is_held))
        return end_entry(r, err);
    if (r->e == NULL) {
        weft_code code = trimmed.n == 0 ? WEFT_OK : begin_entry(r, number, err);
        return code == WEFT_OK && r->e != NULL ? read_entry_key(r, line, err) : code;
    }
    if (is_mark && is_in_head) {
        r->is_headed = true;
        return WEFT_OK;
    }
    if (is_in_head)
        return read_entry_key(r, line, err);
    if (r->block != NULL && is_mark && !r->is_held) {
        r->is_held = true;
        r->held_lines = 0;
        return WEFT_OK;
    }
    if (r->is_held && trimmed.n == 0) {
        r->held_lines++;
        return WEFT_OK;
    }
    const block *b = r->block == NULL || r->is_held ? block_at(line) : NULL;
    if (b != NULL)
        return begin_block(r, b, number, err);
    return r->block == NULL ? WEFT_OK : add_line(r, line, err);
}

/* A file that ends elsewhere than after an entry was cut off: the last block is dropped, also
 * behind a ----- (it may be the text's), and an entry whose comments had not begun. */
static weft_code end_file(reading *r, size_t line, weft_error *err)
{
    if (r->e == NULL)
        return WEFT_OK;
    r->block = NULL;
    weft_code code = r->e->is_given ? end_entry(r, err) : WEFT_OK;
    return code != WEFT_OK ? code
                           : weft_fail(err, WEFT_ESYNTAX,
                                       "%s:%zu: cut off: the file ends inside an entry",
                                       r->blog->source->name, line);
}

static weft_code read_all(reading *r, input *in, weft_error *err)
{
    size_t last = 0;
    for (;;) {
        input_line line;
        bool more;
        weft_code code = input_next_line(in, &line, &more, err);
        if (code == WEFT_OK && !more)
            return end_file(r, last, err);
        if (code == WEFT_OK && line.too_long)
            r->blog->sink->refuse(r->blog->sink->ctx, line.number,
                                  "line over 16777216 bytes");
        else if (code == WEFT_OK)
            code = read_line(r, line.text, line.number, err);
        if (code != WEFT_OK)
            return code;
        last = line.number;
    }
}

weft_code fmt_mt_read(void *mem, input *in, const fmt_source *source, const fmt_sink *sink,
                      weft_error *err)
{
    reading r = {.blog = talloc_zero(mem, mt_blog)};
    if (r.blog == NULL)
        return weft_fail_nomem(err);
    r.blog->source = source;
    r.blog->sink = sink;
    weft_buf_init(&r.text, r.blog, TEXT_ROOM);
    weft_code code = read_all(&r, in, err);
    fmt_note(sink, "mt: a Movable Type export of %zu entries", r.entry_count);
    if (r.e != NULL)
        mt_forget(&r.e->taken);
    mt_forget(&r.blog->taken);
    talloc_free(r.blog);
    return code;
}
