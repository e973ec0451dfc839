/* page.c - reads an article page saved as text: the article, then its comments with their
 * places in the tree.
 *
 * Two passes, line by line: the first finds which shape most of the page's comments have, so
 * that a list in a text or a footer is none; in the second a comment ends where the next one
 * starts. Places come from indents alone, by a stack of the comments that are open; numbers
 * say nothing, they start again at each depth.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "ago.h"
#include "banned.h"

enum {
    NESTING_MIN_COLUMNS = 2,
    BUTTON_LINES_MAX = 6, /* below a body */
    FEW =
        2, /* a shape that half as many comments have as the first one is the page's, too */
    SURE = 95,
    LIKELY = 60,
    POSSIBLE = 5
};

/* A comment that replies can still hang on. */
typedef struct open_comment {
    size_t indent, content;
    char *id; /* owned, freed when it closes */
} open_comment;

typedef struct page_reader {
    const fmt_source *source;
    const fmt_sink *sink;
    weft_str page;
    bool takes[PAGE_SHAPES + 1]; /* shapes that its comments have */
    page_order order;            /* of day and month in its dates */
    page_ids *ids;
    open_comment stack[WEFT_DEPTH_MAX];
    size_t depth; /* of stack */
} page_reader;

/* A comment whose end has not come yet. */
typedef struct pending {
    bool is_set;
    page_header header;
    size_t line;                 /* of its number */
    size_t body_start, body_end; /* bytes of the page; the end is the last line that is
                                    indented as it should be */
} pending;

/* A copy of text in r, NULL when it is empty. */
static weft_code copy_text(weft_record *r, weft_str text, const char **out, weft_error *err)
{
    *out = NULL;
    if (text.n == 0)
        return WEFT_OK;
    *out = weft_str_dup(r, text);
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* Give a record to the sink, or its fault when it has one. */
static weft_code give(page_reader *p, weft_record *r, size_t line, weft_error *err)
{
    weft_error fault = {0};
    weft_code code = weft_record_check(r, &fault);
    if (code == WEFT_OK)
        return p->sink->emit(p->sink->ctx, r, line, err);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    p->sink->refuse(p->sink->ctx, line, fault.text);
    return WEFT_OK;
}

/* A date as it is written, or else as it counts from when the page was saved. */
static int64_t moment(const page_reader *p, const page_date *date, weft_str ago)
{
    const char *tz = p->source->options == NULL ? NULL : p->source->options->tz;
    const fmt_choices *choices = p->source->choices;
    int64_t s;
    page_date settled = date == NULL ? (page_date){0} : *date;
    page_date_settle(&settled, p->order);
    if (date != NULL)
        return page_date_seconds(&settled, tz, &s) ? s : WEFT_DATE_UNKNOWN;
    if (ago.n > 0 && choices != NULL && choices->has_as_of &&
        fmt_ago(ago, choices->as_of_s, &s))
        return s;
    return WEFT_DATE_UNKNOWN;
}

static weft_code give_article(page_reader *p, weft_str head, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *r = tmp == NULL ? NULL : talloc_zero(tmp, weft_record);
    page_head h;
    if (r == NULL)
        return weft_fail_nomem(err);
    weft_code code = page_head_read(tmp, head, &h, err);
    r->type = WEFT_ARTICLE;
    r->published_s = WEFT_DATE_UNKNOWN;
    if (code == WEFT_OK)
        code = copy_text(r, weft_str_from(page_ids_article(p->ids)), &r->id, err);
    if (code == WEFT_OK)
        code = copy_text(r, h.site, &r->site, err);
    if (code == WEFT_OK)
        code = copy_text(r, h.title, &r->title, err);
    if (code == WEFT_OK)
        code = copy_text(r, h.author, &r->author, err);
    if (code == WEFT_OK)
        code = copy_text(r, h.body, &r->body, err);
    r->published_s = moment(p, h.has_date ? &h.date : NULL, h.ago);
    return code == WEFT_OK ? give(p, r, h.title_line, err) : code;
}

/* Cut the buttons below a body. */
static weft_str cut_buttons(weft_str body)
{
    for (int i = 0; i < BUTTON_LINES_MAX; i++) {
        const char *lf = body.n == 0 ? NULL : memrchr(body.p, '\n', body.n);
        size_t at = lf == NULL ? 0 : (size_t)(lf - body.p) + 1;
        if (body.n == 0 ||
            !page_is_button(page_trim(weft_str_of(body.p + at, body.n - at))))
            break;
        body.n = at;
        while (body.n > 0 && body.p[body.n - 1] == '\n')
            body.n--;
    }
    return body;
}

static bool is_notice(weft_str line)
{
    for (size_t i = 0; page_waiting[i] != NULL; i++)
        if (weft_str_is(line, page_waiting[i]))
            return true;
    return false;
}

/* The comment's lines without its indent; blank lines and a reply button at the ends are
 * left out. */
static weft_code make_body(void *mem, const pending *c, weft_str page, weft_str *out,
                           weft_error *err)
{
    page_cursor at = {weft_str_of(page.p, c->body_end), c->body_start, 0};
    page_line line;
    weft_buf body;
    size_t blanks = 0;
    weft_buf_init(&body, mem, PAGE_BYTES_MAX * 2);
    while (page_next(&at, &line)) {
        if (line.text.n == 0 || (body.n == 0 && is_notice(line.text))) {
            blanks++;
            continue;
        }
        size_t breaks = body.n == 0 ? 0 : blanks + 1;
        for (size_t i = 0; i < breaks; i++)
            weft_buf_add_char(&body, '\n');
        blanks = 0;
        weft_buf_add(&body, page_strip(line.raw, c->header.content));
    }
    *out = weft_buf_str(&body);
    if (c->header.has_button)
        *out = cut_buttons(*out);
    return weft_buf_check(&body, "comment", err);
}

/* Whether a number at that indent stands inside the open comment. */
static bool is_inside(const open_comment *o, size_t indent)
{
    size_t by_step = o->indent + NESTING_MIN_COLUMNS;
    bool has_step = o->content > o->indent && o->content < by_step;
    return indent >= (has_step ? o->content : by_step);
}

/* Close what the comment at that indent is not inside of. The parent's id, NULL at the top
 * level. */
static const char *close_to(page_reader *p, size_t indent)
{
    while (p->depth > 0 && !is_inside(&p->stack[p->depth - 1], indent))
        talloc_free(p->stack[--p->depth].id);
    return p->depth == 0 ? NULL : p->stack[p->depth - 1].id;
}

/* Let replies hang on the comment, unless too many are open: they hang on the last one
 * then. */
static weft_code open_for_replies(page_reader *p, const page_header *h, const char *id,
                                  weft_error *err)
{
    if (p->depth == WEFT_DEPTH_MAX)
        return WEFT_OK;
    char *copy = talloc_strdup(p->ids, id);
    if (copy == NULL)
        return weft_fail_nomem(err);
    p->stack[p->depth++] = (open_comment){h->indent, h->content, copy};
    return WEFT_OK;
}

/* Fill in who, when, where and the id of a comment. */
static weft_code fill_comment(page_reader *p, const page_header *h, weft_str body,
                              weft_record *r, weft_error *err)
{
    r->type = WEFT_COMMENT;
    r->published_s = moment(p, h->has_date ? &h->date : NULL, h->ago);
    weft_str name; /* it may have been wrapped */
    weft_code code = page_fold(r, h->name, &name, err);
    /* a date that counts from now is another one in the next copy of the page */
    int64_t lasting_s = h->has_date ? r->published_s : WEFT_DATE_UNKNOWN;
    if (code == WEFT_OK)
        code = page_ids_comment(p->ids, r, name, lasting_s, body, &r->id, err);
    if (code == WEFT_OK)
        code = copy_text(r, weft_str_from(page_ids_article(p->ids)), &r->article, err);
    if (code == WEFT_OK)
        code = copy_text(r, weft_str_from(close_to(p, h->indent)), &r->parent, err);
    if (code == WEFT_OK)
        code = copy_text(r, name, &r->author, err);
    if (code == WEFT_OK)
        code = copy_text(r, body, &r->body, err);
    return code == WEFT_OK ? open_for_replies(p, h, r->id, err) : code;
}

/* Whether pingbacks are wanted; one that is not is counted. */
static bool takes_ping(const page_reader *p, size_t line)
{
    const fmt_choices *choices = p->source->choices;
    if (choices != NULL && (choices->include & FMT_PINGBACK) != 0)
        return true;
    fmt_skip(p->sink, line, "pingback");
    return false;
}

static weft_code give_comment(page_reader *p, const pending *c, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *r = tmp == NULL ? NULL : talloc_zero(tmp, weft_record);
    weft_str body;
    page_header header = c->header;
    bool is_ping = header.shape == PAGE_PING;
    if (r == NULL)
        return weft_fail_nomem(err);
    if (is_ping && !takes_ping(p, c->line)) {
        close_to(p, header.indent);
        return WEFT_OK;
    }
    weft_code code = make_body(tmp, c, p->page, &body, err);
    if (is_ping) {
        body = header.name;
        header.name = weft_str_from(NULL);
        r->kind = "pingback";
    }
    if (code == WEFT_OK)
        code = fill_comment(p, &header, body, r, err);
    weft_record_counts *counts = p->source->counts;
    if (code == WEFT_OK && !is_ping && r->published_s == WEFT_DATE_UNKNOWN &&
        counts != NULL)
        counts->bad_dates++;
    return code == WEFT_OK ? give(p, r, c->line, err) : code;
}

/* End the comment or the head that reaches to `end`. Lines indented less than a comment are
   its own only when another comment follows: below the last one stand the page's footer and
   forms. */
static weft_code end_part(page_reader *p, pending *c, size_t end, bool another,
                          weft_error *err)
{
    if (!c->is_set)
        return give_article(p, weft_str_of(p->page.p, end), err);
    if (another)
        c->body_end = end;
    return give_comment(p, c, err);
}

/* Whether a comment of the page's shapes, or a pingback among its comments, starts at line. */
static bool starts_here(const page_reader *p, const page_line *line, page_cursor *c,
                        page_header *header)
{
    page_cursor ahead = *c;
    if (!page_comment_starts(line, &ahead, header) || !p->takes[header->shape])
        return false;
    *c = ahead;
    return true;
}

static weft_code read_parts(page_reader *p, weft_error *err)
{
    page_cursor c = {p->page, 0, 0};
    page_line line;
    pending current = {0};
    bool dedented = false;
    while (page_next(&c, &line)) {
        page_header header = {0};
        size_t number = line.number;
        if (starts_here(p, &line, &c, &header)) {
            weft_code code = end_part(p, &current, line.start, true, err);
            if (code != WEFT_OK)
                return code;
            current = (pending){true, header, number, c.at, c.at};
            dedented = false;
            continue;
        }
        dedented = dedented || (line.text.n > 0 && line.indent < current.header.content);
        if (!dedented)
            current.body_end = c.at;
    }
    return end_part(p, &current, p->page.n, false, err);
}

/* The shapes that most comments have, and the order of their dates. */
static void find_shape(page_reader *p)
{
    static const char *const names[] = {
        [PAGE_TWICE] = "a name, below it the name again with the date",
        [PAGE_BELOW] = "a name, below it the date",
        [PAGE_INLINE] = "name and date on one line",
        [PAGE_WIDGET] = "a box, below it name and date",
    };
    size_t counts[PAGE_SHAPES + 1] = {0};
    page_cursor c = {p->page, 0, 0};
    page_line line;
    page_header h;
    while (page_next(&c, &line)) {
        if (!page_comment_starts(&line, &c, &h))
            continue;
        counts[h.shape]++;
        if (h.has_date)
            p->order = page_date_order(p->order, &h.date);
    }
    page_shape most = 0;
    for (page_shape shape = 1; shape < PAGE_SHAPES; shape++)
        most = counts[shape] > counts[most] ? shape : most;
    for (page_shape shape = 0; shape < PAGE_SHAPES; shape++) {
        p->takes[shape] = counts[shape] > 0 && counts[shape] * FEW >= counts[most];
        if (p->takes[shape])
            fmt_note(p->sink, "comments as %s: %zu", names[shape], counts[shape]);
    }
    p->takes[PAGE_PING] = counts[most] > 0;
    if (counts[most] == 0)
        fmt_note(p->sink, "no comments found");
}

weft_code fmt_page_read(void *mem, const fmt_source *source, const fmt_sink *sink,
                        weft_error *err)
{
    if (source->bytes.n > PAGE_BYTES_MAX)
        return weft_fail(err, WEFT_ELIMIT, "a page over %d MiB",
                         PAGE_BYTES_MAX / (1024 * 1024));
    weft_scope void *tmp = talloc_new(mem);
    page_reader *p = tmp == NULL ? NULL : talloc_zero(tmp, page_reader);
    if (p == NULL)
        return weft_fail_nomem(err);
    p->source = source;
    p->sink = sink;
    weft_str bytes = source->bytes;
    if (weft_str_starts(bytes, "\xef\xbb\xbf"))
        bytes = weft_str_of(bytes.p + 3, bytes.n - 3);
    size_t repaired;
    weft_code code = weft_utf8_repair(tmp, bytes, &p->page, &repaired, err);
    if (code != WEFT_OK)
        return code;
    if (page_trim(p->page).n == 0)
        return weft_fail(err, WEFT_ESYNTAX, "the page holds no text");
    find_shape(p);
    code = page_ids_new(tmp, source, &p->ids, err);
    return code == WEFT_OK ? read_parts(p, err) : code;
}

int fmt_page_sniff(weft_str head)
{
    page_cursor c = {head, 0, 0};
    page_line line;
    page_header header = {0};
    if (weft_str_starts(head, "\xef\xbb\xbf"))
        c.at = 3;
    weft_str text =
        page_trim(head.n == 0 ? head : weft_str_of(head.p + c.at, head.n - c.at));
    if (text.n == 0 || text.p[0] == '{' || text.p[0] == '<' ||
        memchr(text.p, '\0', text.n) != NULL)
        return 0;
    while (page_next(&c, &line)) {
        if (page_comment_starts(&line, &c, &header))
            return SURE;
    }
    return page_title_twice(text) ? LIKELY : POSSIBLE;
}
