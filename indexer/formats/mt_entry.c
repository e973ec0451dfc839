/* mt_entry.c - an entry of a Movable Type export and its comments as records.
 *
 * The export has no ids. One is made from what does not change when a text is edited: of an
 * entry its date and its basename (without one, its title), of a comment the entry's id, its
 * date and who wrote it; of two that are the same so, the later gets a number.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mt.h"

#include <inttypes.h>
#include <strings.h>

#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "plain.h"
#include "banned.h"

enum { SLUG_MAX = 80 /* bytes of a basename or title in an id */ };

typedef struct mt_taken {
    const char *id;
    size_t count;
    UT_hash_handle hh;
} mt_taken;

typedef struct civil {
    int year, month, day, hour, minute, second;
} civil;

static bool read_number(weft_str *s, int *out, const char *ends)
{
    int number = 0;
    size_t n = 0;
    for (; n < s->n && n < 4 && s->p[n] >= '0' && s->p[n] <= '9'; n++)
        number = number * 10 + (s->p[n] - '0');
    if (n == 0 || (n < s->n ? strchr(ends, s->p[n]) == NULL : strchr(ends, ' ') == NULL))
        return false;
    size_t used = n < s->n ? n + 1 : n;
    *s = weft_str_of(s->p + used, s->n - used);
    *out = number;
    return true;
}

/* "11/13/2008 02:16:10 PM", also without seconds, also of 24 hours. */
static bool read_date(const char *text, civil *c)
{
    weft_str s = weft_str_trim(weft_str_from(text));
    *c = (civil){0};
    if (!read_number(&s, &c->month, "/") || !read_number(&s, &c->day, "/") ||
        !read_number(&s, &c->year, " "))
        return false;
    s = weft_str_trim(s);
    if (s.n == 0)
        return true;
    if (!read_number(&s, &c->hour, ":") || !read_number(&s, &c->minute, ": "))
        return false;
    if (s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9' && !read_number(&s, &c->second, " "))
        return false;
    s = weft_str_trim(s);
    bool is_pm = s.n == 2 && strncasecmp(s.p, "PM", 2) == 0;
    bool is_am = s.n == 2 && strncasecmp(s.p, "AM", 2) == 0;
    if (s.n > 0 && !is_pm && !is_am)
        return false;
    if (is_am && c->hour == 12)
        c->hour = 0;
    if (is_pm && c->hour < 12)
        c->hour += 12;
    return true;
}

static int64_t date_of(const mt_blog *blog, const char *text)
{
    const char *tz = blog->source->options == NULL ? NULL : blog->source->options->tz;
    civil c;
    int64_t s;
    if (text != NULL && read_date(text, &c) &&
        weft_date_from_civil(c.year, c.month, c.day, c.hour, c.minute, c.second, tz, &s,
                             NULL) == WEFT_OK)
        return s;
    return fmt_date(blog->source, weft_str_from(text));
}

/* The date as it goes into an id: "20081113141610", or nothing. */
static const char *date_digits(void *mem, const char *text)
{
    civil c;
    if (text == NULL || !read_date(text, &c))
        return "";
    return talloc_asprintf(mem, "%04d%02d%02d%02d%02d%02d", c.year, c.month, c.day, c.hour,
                           c.minute, c.second);
}

/* Letters and digits of a text, the rest as single underscores. */
static char *slug_of(void *mem, const char *text)
{
    weft_str s = weft_str_from(text);
    char *slug = talloc_size(mem, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; slug != NULL && i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i], low = c | 0x20;
        if (c >= 'A' && c <= 'Z')
            slug[n++] = (char)low;
        else if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-')
            slug[n++] = (char)c;
        else if (n > 0 && slug[n - 1] != '_')
            slug[n++] = '_';
    }
    if (slug == NULL)
        return NULL;
    n = weft_utf8_cut(weft_str_of(slug, n), SLUG_MAX);
    n -= n > 0 && slug[n - 1] == '_' ? 1 : 0;
    slug[n] = '\0';
    return slug;
}

/* id, or with a number when it is taken. */
static weft_code take_id(void *mem, mt_taken **all, char *id, char **out, weft_error *err)
{
    mt_taken *t = NULL;
    HASH_FIND_STR(*all, id, t);
    if (t != NULL) {
        *out = talloc_asprintf(mem, "%s-%zu", id, ++t->count);
        return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
    }
    t = talloc_zero(mem, mt_taken);
    if (t == NULL || (t->id = talloc_strdup(t, id)) == NULL)
        return weft_fail_nomem(err);
    t->count = 1;
    HASH_ADD_KEYPTR(hh, *all, t->id, strlen(t->id), t);
    *out = id;
    return WEFT_OK;
}

void mt_forget(mt_taken **taken)
{
    HASH_CLEAR(hh, *taken);
}

/* Its id stays NULL when there is nothing to make it from. */
static weft_code make_entry_id(mt_blog *blog, mt_entry *e, weft_error *err)
{
    const char *slug = e->basename != NULL ? slug_of(e, e->basename)
                       : e->title != NULL  ? slug_of(e, e->title)
                                           : "";
    const char *digits = date_digits(e, e->date);
    if (slug == NULL || digits == NULL)
        return weft_fail_nomem(err);
    if (*slug == '\0' && *digits == '\0')
        return WEFT_OK;
    const char *between = *slug != '\0' && *digits != '\0' ? "-" : "";
    char *id = talloc_asprintf(e, "%s%s%s", digits, between, slug);
    return id == NULL ? weft_fail_nomem(err) : take_id(blog, &blog->taken, id, &e->id, err);
}

static unsigned included(const mt_blog *blog)
{
    return blog->source->choices == NULL ? 0 : blog->source->choices->include;
}

static const char *left_out(const mt_blog *blog, const mt_entry *e)
{
    static const struct {
        const char *word, *reason;
    } statuses[] = {{"publish", NULL},
                    {"draft", "draft"},
                    {"review", "draft"},
                    {"unpublish", "draft"},
                    {"future", "not published yet"},
                    {"scheduled", "not published yet"}};
    if (e->status == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        if (strcasecmp(statuses[i].word, e->status) == 0)
            return (included(blog) & FMT_DRAFT) != 0 ? NULL : statuses[i].reason;
    return "not public";
}

/* "one,two, \"two words\"" */
static weft_code read_tags(mt_entry *e, weft_record *r, weft_error *err)
{
    const char **tags = weft_new_array(e, const char *, WEFT_TAGS_MAX);
    if (tags == NULL)
        return weft_fail_nomem(err);
    const char *p = e->tags;
    while (p != NULL && *p != '\0' && r->tag_count < WEFT_TAGS_MAX) {
        p += strspn(p, " ,");
        bool is_quoted = *p == '"';
        p += is_quoted ? 1 : 0;
        size_t n = strcspn(p, is_quoted ? "\"" : ",");
        const char *tag = n == 0 ? NULL : weft_str_dup(e, weft_str_of(p, n));
        if (n > 0 && tag == NULL)
            return weft_fail_nomem(err);
        if (n > 0)
            tags[r->tag_count++] = tag;
        p += n + (is_quoted && p[n] == '"' ? 1 : 0);
    }
    r->tags = tags;
    return WEFT_OK;
}

/* The body, and the extended body under it; without both, the excerpt. */
static weft_code make_body(mt_entry *e, const char **out, weft_error *err)
{
    *out = e->body != NULL ? e->body : e->extended != NULL ? e->extended : e->excerpt;
    if (e->body == NULL || e->extended == NULL)
        return WEFT_OK;
    *out = talloc_asprintf(e, "%s\n\n%s", e->body, e->extended);
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static void count_mended(const mt_blog *blog, bool is_mended)
{
    if (blog->source->counts != NULL)
        blog->source->counts->repaired += is_mended;
}

static weft_code put_entry(mt_blog *blog, mt_entry *e, weft_error *err)
{
    bool is_markdown = e->breaks != NULL && strncasecmp(e->breaks, "markdown", 8) == 0;
    weft_record r = {.type = WEFT_ARTICLE,
                     .format = is_markdown ? WEFT_MARKDOWN : WEFT_HTML,
                     .id = e->id,
                     .author = e->author,
                     .url = e->url,
                     .section = e->primary != NULL ? e->primary : e->category,
                     .published_s = date_of(blog, e->date)};
    weft_code code = plain_text(e, e->title, &r.title, err);
    if (code == WEFT_OK)
        code = make_body(e, &r.body, err);
    if (code == WEFT_OK)
        code = read_tags(e, &r, err);
    count_mended(blog, e->is_mended);
    return code == WEFT_OK ? fmt_put(blog->source, blog->sink, &r, e->line, err) : code;
}

weft_code mt_give_entry(mt_blog *blog, mt_entry *e, weft_error *err)
{
    const char *reason = left_out(blog, e);
    if (e->is_given)
        return WEFT_OK;
    e->is_given = true;
    if (reason != NULL) {
        fmt_skip(blog->sink, e->line, reason);
        return WEFT_OK;
    }
    weft_code code = make_entry_id(blog, e, err);
    if (code != WEFT_OK)
        return code;
    e->is_kept = e->id != NULL;
    if (e->is_kept)
        return put_entry(blog, e, err);
    blog->sink->refuse(blog->sink->ctx, e->line, "an entry without title and date");
    return WEFT_OK;
}

static weft_code put_comment(mt_blog *blog, mt_entry *e, mt_comment *c, weft_error *err)
{
    const char *digits = date_digits(e, c->date);
    const char *who = c->is_ping && c->blog_name != NULL ? c->blog_name : c->author;
    uint64_t hash = weft_str_hash(weft_str_from(who == NULL ? "" : who));
    char *id = digits == NULL
                   ? NULL
                   : talloc_asprintf(e, "%s-%c%s-%08" PRIx32, e->id, c->is_ping ? 'p' : 'c',
                                     digits, (uint32_t)(hash >> 32));
    if (id == NULL)
        return weft_fail_nomem(err);
    weft_code code = take_id(e, &e->taken, id, &id, err);
    if (code != WEFT_OK)
        return code;
    weft_record r = {.type = WEFT_COMMENT,
                     .format = WEFT_HTML,
                     .id = id,
                     .article = e->id,
                     .body = c->body,
                     .kind = c->is_ping ? "pingback" : NULL,
                     .published_s = date_of(blog, c->date)};
    code = plain_text(e, who, &r.author, err);
    count_mended(blog, c->is_mended);
    return code == WEFT_OK ? fmt_put(blog->source, blog->sink, &r, c->line, err) : code;
}

weft_code mt_give_comment(mt_blog *blog, mt_entry *e, mt_comment *c, weft_error *err)
{
    weft_code code = mt_give_entry(blog, e, err);
    if (code != WEFT_OK)
        return code;
    bool is_left_out = c->is_ping && (included(blog) & FMT_PINGBACK) == 0;
    if (!is_left_out && e->is_kept)
        return put_comment(blog, e, c, err);
    fmt_skip(blog->sink, c->line, is_left_out ? "pingback" : "comment on what is left out");
    return WEFT_OK;
}
