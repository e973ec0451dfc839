/* disqus.c - Disqus exports: threads, then posts, one at a time. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "disqus.h"

#include "weft/limits.h"
#include "weft/mem.h"

#include "../formats.h"
#include "plain.h"
#include "xml.h"
#include "banned.h"

/* A thread or a post as found; texts are NULL when absent. */
typedef struct element {
    const char *id;  /* dsq:id */
    const char *own; /* <id>: of a thread the site's, of a post Disqus' older one */
    const char *link, *title, *message, *created, *forum, *is_deleted, *is_spam;
    const char *name, *username;
    const char *thread, *parent; /* of a post */
    bool is_post, is_mended;
    size_t line;
} element;

typedef struct reading {
    const fmt_source *source;
    const fmt_sink *sink;
    xml *x;
    size_t mended; /* of xml_mended, seen so far */
    disqus_threads *threads;
    element *e; /* being read */
    size_t thread_count, post_count;
} reading;

static const xml_field fields[] = {{"id", offsetof(element, own)},
                                   {"link", offsetof(element, link)},
                                   {"title", offsetof(element, title)},
                                   {"message", offsetof(element, message)},
                                   {"createdAt", offsetof(element, created)},
                                   {"forum", offsetof(element, forum)},
                                   {"isDeleted", offsetof(element, is_deleted)},
                                   {"isSpam", offsetof(element, is_spam)},
                                   {"name", offsetof(element, name)},
                                   {"username", offsetof(element, username)},
                                   {0}};

int fmt_disqus_sniff(weft_str head)
{
    enum { CERTAIN = 95 };
    return weft_str_is(xml_root(head), "disqus") ? CERTAIN : 0;
}

/* A flag that does not clearly say no is taken as yes: it keeps something back. */
static bool is_set(const char *flag)
{
    return flag != NULL && strcmp(flag, "false") != 0 && strcmp(flag, "0") != 0;
}

static bool includes_spam(const reading *r)
{
    return r->source->choices != NULL && (r->source->choices->include & FMT_SPAM) != 0;
}

static int64_t date_of(const reading *r, const char *text)
{
    return fmt_date(r->source, weft_str_from(text));
}

static void refuse(const reading *r, const char *reason)
{
    r->sink->refuse(r->sink->ctx, r->e->line, reason);
}

static weft_code put(const reading *r, const weft_record *record, weft_error *err)
{
    if (r->source->counts != NULL)
        r->source->counts->repaired += r->e->is_mended;
    return fmt_put(r->source, r->sink, record, r->e->line, err);
}

/* A thread that is the article: its title stands for the headline. */
static weft_code put_thread(const reading *r, weft_error *err)
{
    const element *e = r->e;
    weft_record record = {.type = WEFT_ARTICLE,
                          .format = WEFT_HTML,
                          .id = e->id,
                          .title = e->title,
                          .body = e->message,
                          .url = e->link,
                          .site = e->forum,
                          .published_s = date_of(r, e->created)};
    return put(r, &record, err);
}

static weft_code end_thread(reading *r, weft_error *err)
{
    element *e = r->e;
    disqus_found found;
    r->thread_count++;
    if (e->id == NULL) {
        refuse(r, "a thread without dsq:id");
        return WEFT_OK;
    }
    weft_code code = plain_text(e, e->title, &e->title, err);
    disqus_given given = {e->id, e->link, e->title, is_set(e->is_deleted)};
    if (code == WEFT_OK)
        code = disqus_threads_add(r->threads, &given, &found, err);
    if (code != WEFT_OK)
        return code;
    const char *reason = found == DISQUS_REPEATED ? "thread that is there twice"
                         : given.is_deleted       ? "deleted thread"
                         : found == DISQUS_JOINED ? "thread of an article that is given"
                         : found == DISQUS_MERGED ? "thread of a page that has one"
                         : e->link == NULL && e->title == NULL
                             ? "thread without title and address"
                             : NULL;
    if (reason == NULL)
        return put_thread(r, err);
    fmt_skip(r->sink, e->line, reason);
    return WEFT_OK;
}

/* A deleted post keeps its text in the export, not here: it is a place in the tree. */
static weft_code put_post(const reading *r, const char *article, weft_error *err)
{
    element *e = r->e;
    weft_record record = {.type = WEFT_COMMENT,
                          .id = e->id,
                          .article = article,
                          .parent = e->parent,
                          .published_s = WEFT_DATE_UNKNOWN};
    weft_code code = WEFT_OK;
    if (is_set(e->is_deleted)) {
        record.status = WEFT_DELETED;
    } else {
        record.format = WEFT_HTML;
        record.body = e->message;
        record.author_id = e->username;
        record.published_s = date_of(r, e->created);
        code = plain_text(e, e->name, &record.author, err);
    }
    return code == WEFT_OK ? put(r, &record, err) : code;
}

static weft_code end_post(reading *r, weft_error *err)
{
    element *e = r->e;
    const disqus_thread *thread = disqus_threads_find(r->threads, e->thread);
    r->post_count++;
    if (e->id == NULL)
        e->id = e->own;
    if (e->id == NULL || e->thread == NULL) {
        refuse(r, e->id == NULL ? "a post without an id" : "a post without a thread");
        return WEFT_OK;
    }
    bool is_spam = is_set(e->is_spam) && !includes_spam(r);
    bool is_gone = thread != NULL && thread->is_deleted;
    if (is_spam || is_gone) {
        fmt_skip(r->sink, e->line, is_spam ? "spam" : "post of a deleted thread");
        return WEFT_OK;
    }
    return put_post(r, thread == NULL ? e->thread : thread->article, err);
}

static weft_code end_element(reading *r, weft_error *err)
{
    weft_code code = WEFT_OK;
    if (r->e != NULL)
        code = r->e->is_post ? end_post(r, err) : end_thread(r, err);
    TALLOC_FREE(r->e);
    return code;
}

/* A copy of an attribute; NULL for none and for an empty one. */
static weft_code copy_id(reading *r, const char **out, weft_error *err)
{
    weft_str id = weft_str_trim(weft_str_from(xml_attribute(r->x, "dsq:id")));
    char *copy = NULL;
    size_t mended = 0;
    weft_code code = id.n == 0 ? WEFT_OK : plain_mend(r->e, id, &copy, &mended, err);
    *out = copy;
    return code;
}

static weft_code begin_element(reading *r, bool is_post, weft_error *err)
{
    weft_code code = end_element(r, err);
    if (code != WEFT_OK)
        return code;
    r->e = talloc_zero(r, element);
    if (r->e == NULL)
        return weft_fail_nomem(err);
    r->e->is_post = is_post;
    r->e->line = xml_line(r->x);
    r->mended = xml_mended(r->x);
    return copy_id(r, &r->e->id, err);
}

static weft_code on_open(reading *r, weft_error *err)
{
    bool taken;
    element *e = r->e;
    if (xml_is(r->x, "category"))
        return xml_skip(r->x, err);
    if (xml_is(r->x, "post"))
        return begin_element(r, true, err);
    if (xml_is(r->x, "thread") && (e == NULL || !e->is_post))
        return begin_element(r, false, err);
    if (e == NULL)
        return WEFT_OK;
    if (xml_is(r->x, "thread") || xml_is(r->x, "parent")) {
        bool is_thread = xml_is(r->x, "thread");
        weft_code code = copy_id(r, is_thread ? &e->thread : &e->parent, err);
        return code == WEFT_OK ? xml_skip(r->x, err) : code;
    }
    weft_code code = xml_take(r->x, fields, e, &taken, err);
    e->is_mended = e->is_mended || xml_mended(r->x) > r->mended;
    r->mended = xml_mended(r->x);
    return code;
}

/* At the end of a file that was cut off, what was begun is dropped. */
static weft_code on_end(reading *r, weft_error *err)
{
    const char *inside = r->e == NULL    ? ""
                         : r->e->is_post ? " inside a post"
                                         : " inside a thread";
    if (!xml_is_cut(r->x))
        return end_element(r, err);
    return weft_fail(err, WEFT_ESYNTAX, "%s:%zu: cut off: the file ends%s", r->source->name,
                     xml_line(r->x), inside);
}

static weft_code read_all(reading *r, weft_error *err)
{
    for (;;) {
        xml_event event;
        weft_code code = xml_next(r->x, &event, err);
        if (code == WEFT_OK && event == XML_OPEN)
            code = on_open(r, err);
        else if (code == WEFT_OK && event == XML_CLOSE &&
                 (xml_is(r->x, "post") || xml_is(r->x, "thread")))
            code = end_element(r, err);
        if (code != WEFT_OK)
            return code;
        if (event == XML_END)
            return on_end(r, err);
    }
}

weft_code fmt_disqus_read(void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err)
{
    const char *articles = source->choices == NULL ? NULL : source->choices->articles;
    reading *r = talloc_zero(mem, reading);
    if (r == NULL)
        return weft_fail_nomem(err);
    r->source = source;
    r->sink = sink;
    weft_code code = disqus_threads_open(r, articles, &r->threads, err);
    if (code == WEFT_OK)
        code = xml_open(r, in, &r->x, err);
    if (code == WEFT_OK)
        code = read_all(r, err);
    fmt_note(sink, "disqus: %zu threads, %zu posts%s", r->thread_count, r->post_count,
             articles == NULL ? "; no --articles: titles of threads stand as articles"
                              : "");
    disqus_threads_close(r->threads);
    talloc_free(r);
    return code;
}
