/* atom_entry.c - what becomes of an entry of a feed: an article, a comment, or left out. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "atom.h"

#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "plain.h"
#include "urls.h"
#include "banned.h"

/* Replies that wait hold so much text at most; then what they answer is taken for the
 * article. */
enum { WAITING_MAX = 64 * 1024 * 1024 };

/* An entry that came, by its id. */
typedef struct atom_seen {
    const char *id;
    const char *article; /* that it belongs to; NULL while it is not known */
    const char *ref;     /* of a comment: what it answers */
    bool is_comment, is_left_out;
    bool is_asked; /* on the way up from a reply */
    UT_hash_handle hh;
} atom_seen;

static atom_seen *find_seen(const atom_feed *f, const char *id)
{
    atom_seen *found = NULL;
    if (id != NULL)
        HASH_FIND_STR(f->seen, id, found);
    return found;
}

/* The first entry of an id counts. */
static weft_code remember(atom_feed *f, const atom_entry *e, const atom_seen *what,
                          weft_error *err)
{
    if (e->id == NULL || find_seen(f, e->id) != NULL)
        return WEFT_OK;
    atom_seen *s = talloc(f, atom_seen);
    if (s == NULL)
        return weft_fail_nomem(err);
    *s = *what;
    s->id = talloc_strdup(s, e->id);
    s->ref = what->ref == NULL ? NULL : talloc_strdup(s, what->ref);
    s->article = what->article == NULL ? NULL : talloc_strdup(s, what->article);
    if (s->id == NULL || (what->ref != NULL && s->ref == NULL) ||
        (what->article != NULL && s->article == NULL))
        return weft_fail_nomem(err);
    HASH_ADD_KEYPTR(hh, f->seen, s->id, strlen(s->id), s);
    return WEFT_OK;
}

static unsigned included(const atom_feed *f)
{
    return f->source->choices == NULL ? 0 : f->source->choices->include;
}

static bool is_kind(const atom_entry *e, const char *kind)
{
    return (e->kind != NULL && strcmp(e->kind, kind) == 0) ||
           (e->kind == NULL && e->type != NULL && strcasecmp(e->type, kind) == 0);
}

static bool has_kind(const atom_entry *e)
{
    return e->kind != NULL || e->type != NULL;
}

static bool is_comment(const atom_entry *e)
{
    return has_kind(e) ? is_kind(e, "comment") : e->ref != NULL || e->href != NULL;
}

/* A word of blogger:status, why it leaves an entry out, what takes it back. */
static const struct {
    const char *word, *reason;
    unsigned include;
} statuses[] = {
    {"DRAFT", "draft", FMT_DRAFT},        {"SCHEDULED", "not published yet", FMT_DRAFT},
    {"SOFT_TRASHED", "trash", FMT_TRASH}, {"TRASHED", "trash", FMT_TRASH},
    {"SPAM", "spam", FMT_SPAM},           {"SPAM_GHOSTED", "spam", FMT_SPAM},
    {"PENDING", "pending", FMT_PENDING},  {"GHOSTED", "pending", FMT_PENDING}};

static const char *status_left_out(const atom_entry *e, unsigned include)
{
    if (e->status == NULL || strcmp(e->status, "LIVE") == 0 || e->is_removed)
        return NULL;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (strcmp(statuses[i].word, e->status) == 0)
            return (statuses[i].include & include) != 0 ? NULL : statuses[i].reason;
    return "not public";
}

/* Why an entry is left out for what it is; NULL when it is not. */
static const char *left_out(const atom_feed *f, const atom_entry *e)
{
    unsigned include = included(f);
    if (is_kind(e, "settings"))
        return "settings";
    if (is_kind(e, "template"))
        return "template";
    if (is_kind(e, "page") && (include & FMT_PAGE) == 0)
        return "page";
    if (has_kind(e) && !is_kind(e, "post") && !is_kind(e, "page") && !is_kind(e, "comment"))
        return "entry of another kind";
    if (e->draft != NULL && strcasecmp(e->draft, "yes") == 0 && (include & FMT_DRAFT) == 0)
        return "draft";
    return status_left_out(e, include);
}

static int64_t date_of(const atom_feed *f, const atom_entry *e)
{
    const char *text = e->published != NULL ? e->published
                       : e->issued != NULL  ? e->issued
                                            : e->updated;
    return fmt_date(f->source, weft_str_from(text));
}

static void count_mended(const atom_feed *f, const atom_entry *e)
{
    if (f->source->counts != NULL)
        f->source->counts->repaired += e->is_mended;
}

/* The profile of a Blogger user says who it is; any other address is what somebody wrote. */
static const char *author_id(const atom_entry *e)
{
    return e->uri != NULL && strstr(e->uri, "/profile/") != NULL ? e->uri : NULL;
}

static weft_code put_article(atom_feed *f, atom_entry *e, weft_error *err)
{
    weft_record r = {.type = WEFT_ARTICLE,
                     .format = e->format,
                     .id = e->id,
                     .title = e->title,
                     .body = e->body,
                     .author = e->author != NULL ? e->author : f->author,
                     .author_id = author_id(e),
                     .url = e->url,
                     .site = f->title,
                     .lang = e->lang != NULL ? e->lang : f->lang,
                     .tags = e->tags,
                     .tag_count = e->tag_count,
                     .published_s = date_of(f, e)};
    count_mended(f, e);
    return fmt_put(f->source, f->sink, &r, e->line, err);
}

static weft_code put_comment(atom_feed *f, atom_entry *e, const char *article,
                             const char *parent, weft_error *err)
{
    weft_record r = {.type = WEFT_COMMENT,
                     .id = e->id,
                     .article = article,
                     .parent = parent,
                     .published_s = WEFT_DATE_UNKNOWN};
    if (e->is_removed) {
        r.status = WEFT_DELETED;
    } else {
        r.format = e->format;
        r.body = e->body;
        r.author = e->author;
        r.author_id = author_id(e);
        r.url = e->url;
        r.published_s = date_of(f, e);
    }
    count_mended(f, e);
    return fmt_put(f->source, f->sink, &r, e->line, err);
}

/* The comment that a Blogger comment answers, from the last part of the related link: ids
 * end in "post-NUMBER", and so does that of the other. */
static weft_code related_id(const atom_entry *e, const char **out, weft_error *err)
{
    static const char mark[] = "/comments/default/";
    const char *at = e->related == NULL ? NULL : strstr(e->related, mark);
    const char *end = NULL;
    for (const char *p = e->id; (p = strstr(p, "post-")) != NULL;)
        end = p += strlen("post-");
    *out = NULL;
    if (at == NULL || end == NULL)
        return WEFT_OK;
    at += strlen(mark);
    *out = talloc_asprintf(e, "%.*s%.*s", (int)(end - e->id), e->id,
                           (int)strcspn(at, "/?#"), at);
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* A comment whose article the export names. */
static weft_code give_comment(atom_feed *f, atom_entry *e, weft_error *err)
{
    const char *article = e->post != NULL ? e->post : e->ref != NULL ? e->ref : e->href;
    const atom_seen *known = find_seen(f, article);
    const char *parent = e->in_reply;
    if (article == NULL) {
        f->sink->refuse(f->sink->ctx, e->line, "a comment without thr:in-reply-to");
        return WEFT_OK;
    }
    if (known != NULL && known->is_left_out) {
        fmt_skip(f->sink, e->line, "comment on what is left out");
        return WEFT_OK;
    }
    weft_code code = parent != NULL ? WEFT_OK : related_id(e, &parent, err);
    return code == WEFT_OK ? put_comment(f, e, article, parent, err) : code;
}

/* What it answers, of a reply that waits or comes. */
static const char *answered(const atom_entry *e)
{
    return e->ref != NULL ? e->ref : e->href;
}

static weft_code give_reply(atom_feed *f, atom_entry *e, const char *article,
                            weft_error *err)
{
    const atom_seen *to = find_seen(f, answered(e)), *root = find_seen(f, article);
    if ((to != NULL && to->is_left_out) || (root != NULL && root->is_left_out)) {
        fmt_skip(f->sink, e->line, "comment on what is left out");
        return WEFT_OK;
    }
    return put_comment(f, e, article, to != NULL && to->is_comment ? to->id : NULL, err);
}

static weft_code keep_waiting(atom_feed *f, atom_entry *e, weft_error *err)
{
    enum { FIRST_ROOM = 64 };
    if (f->waiting_count == f->waiting_room) {
        size_t room = f->waiting_room == 0 ? FIRST_ROOM : 2 * f->waiting_room;
        atom_entry **grown = weft_grow_array(f, f->waiting, atom_entry *, room);
        if (grown == NULL)
            return weft_fail_nomem(err);
        f->waiting = grown;
        f->waiting_room = room;
    }
    f->waiting[f->waiting_count++] = e;
    f->waiting_bytes += talloc_total_size(e);
    return f->waiting_bytes > WAITING_MAX ? atom_give_waiting(f, err) : WEFT_OK;
}

/* A reply by RFC 4685, which may answer an article or another reply, come or to come. *kept
 * when it waits. */
static weft_code give_threaded(atom_feed *f, atom_entry *e, bool *kept, weft_error *err)
{
    const atom_seen *to = find_seen(f, answered(e));
    const char *article = to == NULL ? NULL : to->article;
    weft_code code = remember(
        f, e, &(atom_seen){.is_comment = true, .ref = answered(e), .article = article},
        err);
    if (code != WEFT_OK)
        return code;
    if (article != NULL)
        return give_reply(f, e, article, err);
    *kept = true;
    return keep_waiting(f, e, err);
}

/* The article at the top of the replies from s on; what stands there is the article when it is
 * in another file, or when they answer each other in a circle. Every reply on the way learns
 * it, so that each is walked once. */
static const char *article_above(const atom_feed *f, atom_seen *s)
{
    const char *article = NULL;
    atom_seen *first = s, *next;
    while (article == NULL) {
        s->is_asked = true;
        next = find_seen(f, s->ref);
        article = next == NULL            ? s->ref
                  : next->article != NULL ? next->article
                  : next->is_asked        ? next->id
                                          : NULL;
        s = next;
    }
    for (s = first; s != NULL && s->article == NULL; s = find_seen(f, s->ref))
        s->article = article;
    return article;
}

weft_code atom_give_waiting(atom_feed *f, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < f->waiting_count && code == WEFT_OK; i++) {
        atom_entry *e = f->waiting[i];
        atom_seen *s = find_seen(f, e->id);
        const char *article = s == NULL ? answered(e) : s->article;
        if (article == NULL)
            article = article_above(f, s);
        code = give_reply(f, e, article, err);
        talloc_free(e);
    }
    f->waiting_count = f->waiting_bytes = 0;
    return code;
}

static weft_code fit(atom_entry *e, const char **id, weft_error *err)
{
    return *id == NULL ? WEFT_OK : fmt_fit_id(e, *id, id, err);
}

static weft_code fit_ids(atom_entry *e, weft_error *err)
{
    const char **ids[] = {&e->id, &e->ref, &e->href, &e->post, &e->in_reply};
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0] && code == WEFT_OK; i++)
        code = fit(e, ids[i], err);
    return code;
}

weft_code atom_give(atom_feed *f, atom_entry *e, weft_error *err)
{
    bool kept = false;
    weft_code code = fit_ids(e, err);
    const char *reason = left_out(f, e);
    if (code == WEFT_OK && reason != NULL) {
        fmt_skip(f->sink, e->line, reason);
        code = remember(f, e, &(atom_seen){.is_left_out = true, .article = e->id}, err);
    } else if (code == WEFT_OK && e->id == NULL) {
        f->sink->refuse(f->sink->ctx, e->line, "an entry without an id");
    } else if (code == WEFT_OK && !is_comment(e)) {
        code = put_article(f, e, err);
        if (code == WEFT_OK)
            code = remember(f, e, &(atom_seen){.article = e->id}, err);
    } else if (code == WEFT_OK) {
        code = has_kind(e) ? give_comment(f, e, err) : give_threaded(f, e, &kept, err);
    }
    if (!kept)
        talloc_free(e);
    return code;
}

void atom_forget(atom_feed *f)
{
    HASH_CLEAR(hh, f->seen);
}
