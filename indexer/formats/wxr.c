/* wxr.c - WordPress exports (WXR 1.0 to 1.2), also in the form that Disqus imports: items and
 * their comments, an item at a time. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wxr.h"

#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "plain.h"
#include "xml.h"
#include "banned.h"

enum { AUTHORS_MAX = 100000 }; /* remembered of a file */

struct wxr_author {
    const char *login, *name, *id;
    UT_hash_handle hh;
};

typedef struct reading {
    wxr_blog blog;
    xml *x;
    size_t mended; /* of xml_mended, seen so far */
    wxr_item *item;
    wxr_comment *comment;
    wxr_author *author;
    const char *version, *language;
    size_t author_count;
} reading;

static const xml_field item_fields[] = {
    {"title", offsetof(wxr_item, title)},
    {"link", offsetof(wxr_item, link)},
    {"dc:creator", offsetof(wxr_item, creator)},
    {"content:encoded", offsetof(wxr_item, content)},
    {"excerpt:encoded", offsetof(wxr_item, excerpt)},
    {"wp:post_id", offsetof(wxr_item, id)},
    {"dsq:thread_identifier", offsetof(wxr_item, thread_id)},
    {"pubDate", offsetof(wxr_item, pub_date)},
    {"wp:post_date", offsetof(wxr_item, date)},
    {"wp:post_date_gmt", offsetof(wxr_item, date_gmt)},
    {"wp:status", offsetof(wxr_item, status)},
    {"wp:post_type", offsetof(wxr_item, type)},
    {"wp:post_password", offsetof(wxr_item, password)},
    {0}};

static const xml_field comment_fields[] = {
    {"wp:comment_id", offsetof(wxr_comment, id)},
    {"wp:comment_parent", offsetof(wxr_comment, parent)},
    {"wp:comment_author", offsetof(wxr_comment, author)},
    {"wp:comment_user_id", offsetof(wxr_comment, user_id)},
    {"dsq:id", offsetof(wxr_comment, remote_id)},
    {"wp:comment_date", offsetof(wxr_comment, date)},
    {"wp:comment_date_gmt", offsetof(wxr_comment, date_gmt)},
    {"wp:comment_content", offsetof(wxr_comment, content)},
    {"wp:comment_approved", offsetof(wxr_comment, approved)},
    {"wp:comment_type", offsetof(wxr_comment, type)},
    {0}};

static const xml_field author_fields[] = {
    {"wp:author_login", offsetof(wxr_author, login)},
    {"wp:author_display_name", offsetof(wxr_author, name)},
    {"wp:author_id", offsetof(wxr_author, id)},
    {0}};

static const xml_field channel_fields[] = {{"title", offsetof(reading, blog.title)},
                                           {"language", offsetof(reading, language)},
                                           {"wp:wxr_version", offsetof(reading, version)},
                                           {0}};

const wxr_author *wxr_author_find(const wxr_blog *blog, const char *login)
{
    wxr_author *found = NULL;
    if (login != NULL)
        HASH_FIND_STR(blog->authors, login, found);
    return found;
}

const char *wxr_author_name(const wxr_author *a)
{
    return a->name != NULL ? a->name : a->login;
}

const char *wxr_author_id(const wxr_author *a)
{
    return a->id;
}

int fmt_wxr_sniff(weft_str head)
{
    enum { CERTAIN = 95, LIKELY = 60 };
    static const char *const marks[] = {"wordpress.org/export/", "<wp:", "disqus.com/"};
    if (!weft_str_is(xml_root(head), "rss"))
        return 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (memmem(head.p, head.n, marks[i], strlen(marks[i])) != NULL)
            return i < 2 ? CERTAIN : LIKELY;
    return 0;
}

static void end_author(reading *r)
{
    wxr_author *a = r->author, *same = NULL;
    r->author = NULL;
    if (a != NULL && a->login != NULL)
        HASH_FIND_STR(r->blog.authors, a->login, same);
    if (a == NULL || a->login == NULL || same != NULL || r->author_count == AUTHORS_MAX) {
        talloc_free(a);
        return;
    }
    HASH_ADD_KEYPTR(hh, r->blog.authors, a->login, strlen(a->login), a);
    r->author_count++;
}

static weft_code end_comment(reading *r, weft_error *err)
{
    wxr_comment *c = r->comment;
    r->comment = NULL;
    return c == NULL ? WEFT_OK : wxr_add_comment(&r->blog, r->item, c, err);
}

static weft_code end_item(reading *r, weft_error *err)
{
    weft_code code = end_comment(r, err);
    if (code == WEFT_OK && r->item != NULL)
        code = wxr_give_item(&r->blog, r->item, err);
    TALLOC_FREE(r->item);
    return code;
}

static weft_code begin_item(reading *r, weft_error *err)
{
    weft_code code = end_item(r, err);
    if (code != WEFT_OK)
        return code;
    r->item = talloc_zero(r, wxr_item);
    if (r->item == NULL)
        return weft_fail_nomem(err);
    r->item->line = xml_line(r->x);
    r->mended = xml_mended(r->x);
    return WEFT_OK;
}

static weft_code begin_comment(reading *r, weft_error *err)
{
    weft_code code = end_comment(r, err);
    if (code != WEFT_OK)
        return code;
    r->item->has_comments = true;
    r->comment = talloc_zero(r->item, wxr_comment);
    if (r->comment == NULL)
        return weft_fail_nomem(err);
    r->comment->line = xml_line(r->x);
    return WEFT_OK;
}

static weft_code begin_author(reading *r, weft_error *err)
{
    r->author = talloc_zero(r, wxr_author);
    return r->author == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* <category domain="post_tag">; without a domain, or of another, it is no tag of ours. The
 * first category is the section. */
static weft_code read_category(reading *r, weft_error *err)
{
    wxr_item *item = r->item;
    const char *domain = xml_attribute(r->x, "domain"), *text;
    bool is_tag =
        domain != NULL && (strcmp(domain, "post_tag") == 0 || strcmp(domain, "tag") == 0);
    bool is_section = domain == NULL || strcmp(domain, "category") == 0;
    weft_code code = xml_text(r->x, item, XML_DECODED, &text, err);
    if (code != WEFT_OK || text == NULL)
        return code;
    if (is_section && item->section == NULL)
        item->section = text;
    if (!is_tag || item->tag_count == WEFT_TAGS_MAX)
        return WEFT_OK;
    if (item->tags == NULL)
        item->tags = weft_new_array(item, const char *, WEFT_TAGS_MAX);
    if (item->tags == NULL)
        return weft_fail_nomem(err);
    return plain_text(item, text, &item->tags[item->tag_count++], err);
}

static weft_code open_in_item(reading *r, weft_error *err)
{
    bool taken;
    void *into = r->comment != NULL ? (void *)r->comment : (void *)r->item;
    const xml_field *fields = r->comment != NULL ? comment_fields : item_fields;
    if (xml_is(r->x, "wp:commentmeta") || xml_is(r->x, "wp:postmeta"))
        return xml_skip(r->x, err);
    if (r->comment == NULL && xml_is(r->x, "category"))
        return read_category(r, err);
    weft_code code = xml_take(r->x, fields, into, &taken, err);
    bool *is_mended = r->comment != NULL ? &r->comment->is_mended : &r->item->is_mended;
    *is_mended = *is_mended || xml_mended(r->x) > r->mended;
    r->mended = xml_mended(r->x);
    return code;
}

static weft_code open_in_channel(reading *r, weft_error *err)
{
    static const char *const passed[] = {"image", "wp:category", "wp:tag", "wp:term",
                                         "textInput"};
    bool taken;
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (xml_is(r->x, passed[i]))
            return xml_skip(r->x, err);
    if (r->author != NULL)
        return xml_take(r->x, author_fields, r->author, &taken, err);
    if (xml_is(r->x, "wp:author"))
        return begin_author(r, err);
    bool is_title = xml_is(r->x, "title") && r->blog.title == NULL;
    weft_code code = xml_take(r->x, channel_fields, r, &taken, err);
    if (code == WEFT_OK && is_title)
        code = plain_text(r, r->blog.title, &r->blog.title, err);
    return code == WEFT_OK ? plain_language(r, r->language, &r->blog.lang, err) : code;
}

static weft_code on_open(reading *r, weft_error *err)
{
    if (xml_is(r->x, "item"))
        return begin_item(r, err);
    if (r->item == NULL)
        return open_in_channel(r, err);
    return xml_is(r->x, "wp:comment") ? begin_comment(r, err) : open_in_item(r, err);
}

static weft_code on_close(reading *r, weft_error *err)
{
    if (xml_is(r->x, "item"))
        return end_item(r, err);
    if (xml_is(r->x, "wp:comment"))
        return end_comment(r, err);
    if (xml_is(r->x, "wp:author"))
        end_author(r);
    return WEFT_OK;
}

/* At the end of a file that was cut off, what was begun is dropped; an article whose comments
 * had begun was whole. */
static weft_code on_end(reading *r, weft_error *err)
{
    const char *inside = r->comment != NULL ? " inside a wp:comment"
                         : r->item != NULL  ? " inside an item"
                                            : "";
    if (!xml_is_cut(r->x))
        return end_item(r, err);
    r->comment = NULL;
    weft_code code = r->item != NULL && r->item->has_comments
                         ? wxr_give_item(&r->blog, r->item, err)
                         : WEFT_OK;
    return code != WEFT_OK
               ? code
               : weft_fail(err, WEFT_ESYNTAX, "%s:%zu: cut off: the file ends%s",
                           r->blog.source->name, xml_line(r->x), inside);
}

static weft_code read_all(reading *r, weft_error *err)
{
    for (;;) {
        xml_event event;
        weft_code code = xml_next(r->x, &event, err);
        if (code == WEFT_OK && event == XML_OPEN)
            code = on_open(r, err);
        else if (code == WEFT_OK && event == XML_CLOSE)
            code = on_close(r, err);
        if (code != WEFT_OK)
            return code;
        if (event == XML_END)
            return on_end(r, err);
    }
}

weft_code fmt_wxr_read(void *mem, input *in, const fmt_source *source, const fmt_sink *sink,
                       weft_error *err)
{
    reading *r = talloc_zero(mem, reading);
    if (r == NULL)
        return weft_fail_nomem(err);
    r->blog = (wxr_blog){.source = source, .sink = sink};
    weft_code code = xml_open(r, in, &r->x, err);
    if (code == WEFT_OK)
        code = read_all(r, err);
    fmt_note(sink, "wxr: a WordPress export, WXR version %s, of '%s'",
             r->version == NULL ? "not said" : r->version,
             r->blog.title == NULL ? "" : r->blog.title);
    HASH_CLEAR(hh, r->blog.authors);
    talloc_free(r);
    return code;
}
