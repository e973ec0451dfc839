/* html.c - reads a saved web page: its article and its comments. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include <strings.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "urls.h"
#include "banned.h"

enum { SURE = 92, LIKELY = 70, POSSIBLE = 30 };

/* The page's URL with the comment's anchor. */
static weft_code comment_url(void *mem, const html_comment *c, const char *url,
                             const char **out, weft_error *err)
{
    *out = NULL;
    if (url == NULL || c->anchor == NULL || strchr(url, '#') != NULL)
        return WEFT_OK;
    *out = talloc_asprintf(mem, "%s#%s", url, c->anchor);
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* A comment without an id of its own gets one of its author, date and first words, kept for
 * the comments that answer it. */
static weft_code give_id(html_page *p, page_ids *ids, html_comment *c,
                         const html_parts *parts, weft_error *err)
{
    if (c->id != NULL)
        return WEFT_OK;
    int64_t lasting_s = parts->is_counted ? WEFT_DATE_UNKNOWN : parts->published_s;
    return page_ids_comment(ids, p->mem, parts->author, lasting_s, parts->body, &c->id,
                            err);
}

static bool takes_pings(const html_page *p)
{
    const fmt_choices *choices = p->source->choices;
    return choices != NULL && (choices->include & FMT_PINGBACK) != 0;
}

/* "Pingback von ..." where a name should be: old themes give it no class. */
static bool names_ping(weft_str author)
{
    for (size_t i = 0; page_pings[i] != NULL; i++)
        if (weft_str_starts(author, page_pings[i]))
            return true;
    return weft_str_is(author, "Pingback") || weft_str_is(author, "Trackback");
}

static weft_code give_comment(html_page *p, page_ids *ids, html_comment *c,
                              const weft_record *article, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    html_parts parts;
    size_t line = (size_t)xmlGetLineNo(c->node);
    if (c->is_ping && !takes_pings(p)) {
        fmt_skip(p->sink, line, "pingback");
        return WEFT_OK;
    }
    weft_code code = html_comment_parts(tmp, p, c, &parts, err);
    if (code == WEFT_OK && !c->is_ping && names_ping(parts.author)) {
        c->is_ping = true;
        if (!takes_pings(p)) {
            fmt_skip(p->sink, line, "pingback");
            return WEFT_OK;
        }
    }
    if (code == WEFT_OK)
        code = give_id(p, ids, c, &parts, err);
    if (code != WEFT_OK)
        return code;
    bool is_empty = parts.author.n == 0 && parts.body.n == 0;
    if (is_empty && !c->is_answered) {
        fmt_skip(p->sink, line, "comment without author and text");
        return WEFT_OK;
    }
    weft_record_counts *counts = p->source->counts;
    if (!is_empty && parts.published_s == WEFT_DATE_UNKNOWN && counts != NULL)
        counts->bad_dates++;
    weft_record raw = {.type = WEFT_COMMENT,
                       .format = parts.body.n > 0 ? WEFT_HTML : WEFT_TEXT,
                       .id = c->id,
                       .article = article->id,
                       .parent = c->parent == NULL ? c->answers : c->parent->id,
                       .published_s = is_empty ? WEFT_DATE_UNKNOWN : parts.published_s,
                       .status = is_empty ? WEFT_DELETED : WEFT_PUBLIC,
                       .kind = c->is_ping ? "pingback" : NULL};
    code = comment_url(tmp, c, article->url, &raw.url, err);
    if (code == WEFT_OK && parts.author.n > 0) {
        raw.author = weft_str_dup(tmp, parts.author);
        code = raw.author == NULL ? weft_fail_nomem(err) : WEFT_OK;
    }
    if (code == WEFT_OK && parts.body.n > 0) {
        raw.body = weft_str_dup(tmp, parts.body);
        code = raw.body == NULL ? weft_fail_nomem(err) : WEFT_OK;
    }
    return code == WEFT_OK ? fmt_put(p->source, p->sink, &raw, line, err) : code;
}

/* "site.example/2013/tide": the same however the file is named. */
static weft_code id_of_url(const html_page *p, const char *url, const char **out,
                           weft_error *err)
{
    fmt_url folded;
    weft_code code = fmt_url_fold(p->mem, url, &folded, err);
    if (code != WEFT_OK || *folded.whole == '\0')
        return code;
    return fmt_fit_id(p->mem, folded.whole, out, err);
}

/* The ids of a page: what --id says, else the page's own, else its address, else of the
 * file's name. The prefix is put before them later. */
static weft_code make_ids(html_page *p, weft_record *article, page_ids **ids,
                          weft_error *err)
{
    fmt_source source = *p->source;
    weft_record_options options = {0};
    if (source.options != NULL)
        options = *source.options;
    options.id_prefix = NULL;
    source.options = &options;
    weft_code code = WEFT_OK;
    if (source.id == NULL && article->id == NULL && article->url != NULL)
        code = id_of_url(p, article->url, &article->id, err);
    if (source.id == NULL)
        source.id = article->id;
    if (code == WEFT_OK)
        code = page_ids_new(p->mem, &source, ids, err);
    if (code == WEFT_OK)
        article->id = page_ids_article(*ids);
    return code;
}

/* Pingbacks and such do not count as comments found. */
static void note_comments(const html_page *p)
{
    size_t pings = 0, replies = 0;
    for (size_t i = 0; i < p->count; i++) {
        pings += p->comments[i]->is_ping;
        replies += p->comments[i]->parent != NULL;
    }
    if (p->count > 0)
        fmt_note(p->sink, "%s: %zu, %zu of them replies, %zu pingbacks", p->shape, p->count,
                 replies, pings);
    else
        fmt_note(p->sink, "no comments found");
}

static weft_code give_all(html_page *p, weft_error *err)
{
    weft_record article = {.type = WEFT_ARTICLE, .published_s = WEFT_DATE_UNKNOWN};
    page_ids *ids;
    bool found = false;
    weft_code code = html_article(p->mem, p, &article, err);
    if (code == WEFT_OK)
        code = make_ids(p, &article, &ids, err);
    if (code == WEFT_OK)
        code = html_json_ld(p, ids, &article, &found, err);
    if (code != WEFT_OK || found)
        return code;
    note_comments(p);
    code = fmt_put(p->source, p->sink, &article, 1, err);
    for (size_t i = 0; i < p->count && code == WEFT_OK; i++)
        code = give_comment(p, ids, p->comments[i], &article, err);
    return code;
}

weft_code fmt_html_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err)
{
    fmt_source whole = *source;
    weft_code code = WEFT_OK;
    if (in != NULL)
        code = input_all(in, mem, HTML_BYTES_MAX, &whole.bytes, err);
    weft_scope void *tmp = talloc_new(mem);
    html_page p = {.mem = tmp, .source = &whole, .sink = sink};
    weft_str clean;
    size_t repaired = 0;
    if (code == WEFT_OK)
        code = weft_utf8_repair(tmp, whole.bytes, &clean, &repaired, err);
    if (repaired > 0 && code == WEFT_OK && source->counts != NULL)
        source->counts->repaired++;
    if (code == WEFT_OK)
        code = html_dom_parse(&p, clean, err);
    if (code == WEFT_OK)
        p.order = html_date_order(&p);
    if (code == WEFT_OK)
        code = html_find_comments(&p, err);
    if (code == WEFT_OK)
        code = give_all(&p, err);
    if (code == WEFT_OK && p.deep_line > 0)
        sink->refuse(sink->ctx, p.deep_line,
                     "elements stand too deep inside each other: the rest is not read");
    return code;
}

static bool starts_with_tag(weft_str text, const char *tag)
{
    size_t n = strlen(tag);
    return text.n >= n && strncasecmp(text.p, tag, n) == 0;
}

/* text behind an XML declaration and comments. */
static weft_str skip_prologue(weft_str text)
{
    for (;;) {
        text = page_trim(text);
        const char *end_mark = starts_with_tag(text, "<!--")    ? "-->"
                               : starts_with_tag(text, "<?xml") ? "?>"
                                                                : NULL;
        const char *end =
            end_mark == NULL ? NULL : memmem(text.p, text.n, end_mark, strlen(end_mark));
        if (end == NULL)
            return text;
        size_t used = (size_t)(end - text.p) + strlen(end_mark);
        text = weft_str_of(text.p + used, text.n - used);
    }
}

int fmt_html_sniff(weft_str head)
{
    static const char *const parts[] = {"<head", "<body",  "<div", "<article",
                                        "<ol",   "<ul",    "<li",  "<script",
                                        "<meta", "<title", "<p>",  NULL};
    if (weft_str_starts(head, "\xef\xbb\xbf"))
        head = weft_str_of(head.p + 3, head.n - 3);
    weft_str text = skip_prologue(head);
    if (starts_with_tag(text, "<!doctype html") || starts_with_tag(text, "<html"))
        return SURE;
    for (size_t i = 0; parts[i] != NULL; i++)
        if (starts_with_tag(text, parts[i]))
            return LIKELY;
    if (text.n == 0 || text.p[0] != '<' || starts_with_tag(text, "<?xml"))
        return 0;
    return memmem(text.p, text.n, "<html", 5) != NULL ? POSSIBLE : 0;
}
