/* wxr_item.c - what becomes of an item of a WordPress export and its comments: records, or
 * left out because they are not public. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wxr.h"

#include <gmime/gmime.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "plain.h"
#include "urls.h"
#include "banned.h"

/* Comments that wait for their article: so much text at most, then it is given as it is. */
enum { WAITING_MAX = 1024 * 1024 };

/* A word of the export, why it is left out (NULL: it is not), and what --include takes it
 * back (0: nothing does). */
typedef struct meaning {
    const char *word, *reason;
    unsigned include;
} meaning;

static const meaning post_types[] = {{"post", NULL, 0},
                                     {"page", "page", FMT_PAGE},
                                     {"draft", "draft", FMT_DRAFT},
                                     {"attachment", "attachment", 0},
                                     {"nav_menu_item", "menu item", 0},
                                     {"revision", "revision", 0},
                                     {NULL, "post of another type", 0}};

static const meaning post_statuses[] = {{"publish", NULL, 0},
                                        {"inherit", NULL, 0},
                                        {"draft", "draft", FMT_DRAFT},
                                        {"auto-draft", "draft", FMT_DRAFT},
                                        {"pending", "draft", FMT_DRAFT},
                                        {"future", "not published yet", FMT_DRAFT},
                                        {"private", "private", FMT_PRIVATE},
                                        {"trash", "trash", FMT_TRASH},
                                        {NULL, "not public", 0}};

static const meaning approvals[] = {{"1", NULL, 0},
                                    {"approved", NULL, 0},
                                    {"approve", NULL, 0},
                                    {"0", "pending", FMT_PENDING},
                                    {"hold", "pending", FMT_PENDING},
                                    {"spam", "spam", FMT_SPAM},
                                    {"trash", "trash", FMT_TRASH},
                                    {"post-trashed", "trash", FMT_TRASH},
                                    {NULL, "not approved", 0}};

static const meaning comment_types[] = {{"comment", NULL, 0},
                                        {"review", NULL, 0},
                                        {"pingback", "pingback", FMT_PINGBACK},
                                        {"trackback", "pingback", FMT_PINGBACK},
                                        {NULL, "comment of another type", 0}};

/* Why a word leaves something out; NULL when it does not. No word says nothing. */
static const char *reason_of(const meaning *m, const char *word, unsigned include)
{
    if (word == NULL)
        return NULL;
    while (m->word != NULL && strcmp(m->word, word) != 0)
        m++;
    return (m->include & include) != 0 ? NULL : m->reason;
}

static unsigned included(const wxr_blog *blog)
{
    const fmt_choices *choices = blog->source->choices;
    return choices == NULL ? 0 : choices->include;
}

static const char *comment_left_out(const wxr_blog *blog, const wxr_comment *c)
{
    const char *reason = reason_of(approvals, c->approved, included(blog));
    return reason != NULL ? reason : reason_of(comment_types, c->type, included(blog));
}

/* A page that is talked about is read as an article: else its comments would hang on none. */
static bool is_talked_about(const wxr_blog *blog, const wxr_item *item)
{
    for (size_t i = 0; i < item->comment_count; i++)
        if (comment_left_out(blog, item->comments[i]) == NULL)
            return true;
    return false;
}

static const char *item_left_out(const wxr_blog *blog, const wxr_item *item)
{
    unsigned include = included(blog);
    if (is_talked_about(blog, item))
        include |= FMT_PAGE;
    const char *reason = reason_of(post_types, item->type, include);
    if (reason == NULL)
        reason = reason_of(post_statuses, item->status, include);
    if (reason == NULL && item->password != NULL && (include & FMT_PRIVATE) == 0)
        reason = "behind a password";
    return reason;
}

/* "0000-00-00 00:00:00" and "-0001-11-30 00:00:00" say that there is none. */
static bool is_date(const char *text)
{
    return text != NULL && *text != '-' && strncmp(text, "0000", 4) != 0;
}

/* The date in GMT; where it is none, the local one, which is in --tz. */
static int64_t date_of(const fmt_source *source, const char *gmt, const char *local)
{
    int64_t s;
    if (is_date(gmt) && weft_date_parse(weft_str_from(gmt), NULL, &s, NULL) == WEFT_OK)
        return s;
    if (is_date(local))
        return fmt_date(source, weft_str_from(local));
    return is_date(gmt) ? fmt_date(source, weft_str_from(gmt)) : WEFT_DATE_UNKNOWN;
}

/* Where the export has no dates of WordPress, the feed's own, which names its zone. */
static int64_t item_date(const fmt_source *source, const wxr_item *item)
{
    GDateTime *date = NULL;
    if (item->date != NULL || item->date_gmt != NULL || item->pub_date == NULL)
        return date_of(source, item->date_gmt, item->date);
    date = g_mime_utils_header_decode_date(item->pub_date);
    if (date == NULL)
        return fmt_date(source, weft_str_from(item->pub_date));
    int64_t s = g_date_time_to_unix(date);
    g_date_time_unref(date);
    return s;
}

static void count_mended(const fmt_source *source, bool is_mended)
{
    if (source->counts != NULL)
        source->counts->repaired += is_mended;
}

static const char *real_id(const char *id)
{
    return id == NULL || strcmp(id, "0") == 0 ? NULL : id;
}

/* The article's id: the thread_identifier of what was written for Disqus, which is the site's
 * own; else the post's number; else its address. NULL when there is nothing. */
static weft_code find_article_id(wxr_item *item, weft_error *err)
{
    fmt_url url;
    char *mended;
    size_t count = 0;
    const char *id = item->thread_id != NULL ? item->thread_id : real_id(item->id);
    if (id == NULL && item->link == NULL)
        return WEFT_OK;
    if (id != NULL)
        return fmt_fit_id(item, id, &item->article, err);
    weft_code code = fmt_url_fold(item, item->link, &url, err);
    if (code == WEFT_OK)
        code = plain_mend(item, weft_str_from(url.whole), &mended, &count, err);
    return code == WEFT_OK ? fmt_fit_id(item, mended, &item->article, err) : code;
}

static weft_code put_article(const wxr_blog *blog, wxr_item *item, weft_error *err)
{
    const wxr_author *author = wxr_author_find(blog, item->creator);
    weft_record r = {.type = WEFT_ARTICLE,
                     .format = WEFT_HTML,
                     .id = item->article,
                     .body = item->content != NULL ? item->content : item->excerpt,
                     .author_id = author == NULL ? NULL : wxr_author_id(author),
                     .url = item->link,
                     .site = blog->title,
                     .lang = blog->lang,
                     .tags = item->tags,
                     .tag_count = item->tag_count,
                     .published_s = item_date(blog->source, item)};
    const char *name = author == NULL ? item->creator : wxr_author_name(author);
    weft_code code = plain_text(item, item->title, &r.title, err);
    if (code == WEFT_OK)
        code = plain_text(item, item->section, &r.section, err);
    if (code == WEFT_OK)
        code = plain_text(item, name, &r.author, err);
    count_mended(blog->source, item->is_mended);
    return code == WEFT_OK ? fmt_put(blog->source, blog->sink, &r, item->line, err) : code;
}

static weft_code put_comment(const wxr_blog *blog, const wxr_item *item, wxr_comment *c,
                             weft_error *err)
{
    bool is_ping = c->type != NULL &&
                   (strcmp(c->type, "pingback") == 0 || strcmp(c->type, "trackback") == 0);
    bool is_review = c->type != NULL && strcmp(c->type, "review") == 0;
    weft_record r = {.type = WEFT_COMMENT,
                     .format = WEFT_HTML,
                     .id = c->id,
                     .article = item->article,
                     .parent = c->parent,
                     .body = c->content,
                     .author_id = c->remote_id != NULL ? c->remote_id : real_id(c->user_id),
                     .kind = is_ping     ? "pingback"
                             : is_review ? "review"
                                         : NULL,
                     .published_s = date_of(blog->source, c->date_gmt, c->date)};
    weft_code code = plain_text(c, c->author, &r.author, err);
    count_mended(blog->source, c->is_mended);
    return code == WEFT_OK ? fmt_put(blog->source, blog->sink, &r, c->line, err) : code;
}

static weft_code give_comment(const wxr_blog *blog, const wxr_item *item, wxr_comment *c,
                              weft_error *err)
{
    weft_code code = WEFT_OK;
    const char *reason = comment_left_out(blog, c);
    if (reason == NULL && !item->is_kept)
        reason = "comment on what is left out";
    if (reason != NULL)
        fmt_skip(blog->sink, c->line, reason);
    else
        code = put_comment(blog, item, c, err);
    talloc_free(c);
    return code;
}

weft_code wxr_give_item(const wxr_blog *blog, wxr_item *item, weft_error *err)
{
    weft_code code = WEFT_OK;
    if (!item->is_given) {
        const char *reason = item_left_out(blog, item);
        item->is_kept = reason == NULL;
        if (reason != NULL)
            fmt_skip(blog->sink, item->line, reason);
        else
            code = find_article_id(item, err);
        if (code == WEFT_OK && item->is_kept)
            code = put_article(blog, item, err);
        item->is_given = true;
    }
    for (size_t i = 0; i < item->comment_count && code == WEFT_OK; i++)
        code = give_comment(blog, item, item->comments[i], err);
    item->comment_count = 0;
    return code;
}

weft_code wxr_add_comment(const wxr_blog *blog, wxr_item *item, wxr_comment *comment,
                          weft_error *err)
{
    enum { FIRST_ROOM = 16 };
    if (item->comment_count == item->comment_room) {
        size_t room = item->comment_room == 0 ? FIRST_ROOM : 2 * item->comment_room;
        wxr_comment **grown = weft_grow_array(item, item->comments, wxr_comment *, room);
        if (grown == NULL)
            return weft_fail_nomem(err);
        item->comments = grown;
        item->comment_room = room;
    }
    item->comments[item->comment_count++] = comment;
    item->comment_bytes += talloc_total_size(comment);
    return item->is_given || item->comment_bytes > WAITING_MAX
               ? wxr_give_item(blog, item, err)
               : WEFT_OK;
}
