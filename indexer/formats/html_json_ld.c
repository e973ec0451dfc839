/* html_json_ld.c - an article with its comments as schema.org says them in a page's JSON.
 *
 * Its comments are asked only where the page's own markup shows none. The values of a script are
 * walked with a stack of what is still to be looked at, comments in the order they stand in.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include <jansson.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { VALUES_MAX = 1000000 /* looked at in one page */ };

/* A value to look at, and the comment it answers. */
typedef struct todo {
    json_t *value;
    const char *parent;
} todo;

typedef struct ld_reader {
    html_page *p;
    page_ids *ids;
    weft_record *article;
    todo *stack;
    size_t depth, room, looked, comments;
    weft_error *err;
} ld_reader;

static const char *const ARTICLES[] = {"Article",
                                       "NewsArticle",
                                       "BlogPosting",
                                       "DiscussionForumPosting",
                                       "SocialMediaPosting",
                                       "Report",
                                       "QAPage",
                                       "WebPage",
                                       NULL};
static bool is_named(const char *type, const char *const *names)
{
    for (size_t i = 0; type != NULL && names[i] != NULL; i++)
        if (strcmp(type, names[i]) == 0)
            return true;
    return false;
}

static bool has_type(const json_t *object, const char *const *names)
{
    const json_t *type = json_object_get(object, "@type");
    for (size_t i = 0; i < json_array_size(type); i++)
        if (is_named(json_string_value(json_array_get(type, i)), names))
            return true;
    return is_named(json_string_value(type), names);
}

/* The text of a key; of an object there its name, of an array its first. */
static const char *text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (json_is_object(value))
        value = json_object_get(value, "name");
    const char *text = json_string_value(value);
    return text != NULL && *text != '\0' ? text : NULL;
}

static const char *first_text(const json_t *object, const char *const *keys)
{
    for (size_t i = 0; keys[i] != NULL; i++) {
        const char *text = text_of(object, keys[i]);
        if (text != NULL)
            return text;
    }
    return NULL;
}

static weft_code push(ld_reader *r, json_t *value, const char *parent)
{
    if (value == NULL || r->looked++ >= VALUES_MAX)
        return WEFT_OK;
    if (r->depth == r->room) {
        size_t room = r->room * 2 + 64;
        todo *grown = weft_grow_array(r->p->mem, r->stack, todo, room);
        if (grown == NULL)
            return weft_fail_nomem(r->err);
        r->stack = grown;
        r->room = room;
    }
    r->stack[r->depth++] = (todo){value, parent};
    return WEFT_OK;
}

/* All of an array, the first to be taken first. */
static weft_code push_all(ld_reader *r, json_t *value, const char *parent)
{
    weft_code code = WEFT_OK;
    if (!json_is_array(value))
        return push(r, value, parent);
    for (size_t i = json_array_size(value); i-- > 0 && code == WEFT_OK;)
        code = push(r, json_array_get(value, i), parent);
    return code;
}

/* The id a comment states: the last part of its @id or identifier; NULL. */
static const char *stated_id(const json_t *comment)
{
    static const char *const keys[] = {"identifier", "@id", NULL};
    const char *id = first_text(comment, keys);
    const char *hash = id == NULL ? NULL : strrchr(id, '#');
    if (hash != NULL && hash[1] != '\0')
        id = hash + 1;
    weft_str s = weft_str_from(id);
    if (weft_str_starts(s, "comment-") &&
        html_digits(weft_str_of(s.p + 8, s.n - 8)) == s.n - 8)
        return s.n > 8 ? id + 8 : NULL;
    return html_digits(s) == s.n && s.n > 0 ? id : NULL;
}

static int64_t date_of(const ld_reader *r, const json_t *object)
{
    static const char *const keys[] = {"datePublished", "dateCreated", "commentTime", NULL};
    return html_date_of(r->p, weft_str_from(first_text(object, keys)));
}

/* Texts there are plain or HTML, and do not say which. */
static weft_format format_of(const char *text)
{
    return text != NULL && strpbrk(text, "<&") != NULL ? WEFT_HTML : WEFT_TEXT;
}

static weft_code give_comment(ld_reader *r, json_t *object, const char *parent)
{
    static const char *const texts[] = {"text", "commentText", "articleBody", "description",
                                        NULL};
    weft_record raw = {.type = WEFT_COMMENT,
                       .article = r->article->id,
                       .parent = parent,
                       .author = text_of(object, "author"),
                       .body = first_text(object, texts),
                       .url = text_of(object, "url"),
                       .published_s = date_of(r, object)};
    raw.format = format_of(raw.body);
    if (raw.author == NULL)
        raw.author = text_of(object, "creator");
    weft_code code = WEFT_OK;
    raw.id = stated_id(object);
    if (raw.id == NULL)
        code = page_ids_comment(r->ids, r->p->mem, weft_str_from(raw.author),
                                raw.published_s, weft_str_from(raw.body), &raw.id, r->err);
    if (raw.published_s == WEFT_DATE_UNKNOWN && r->p->source->counts != NULL)
        r->p->source->counts->bad_dates++;
    r->comments++;
    if (code == WEFT_OK)
        code = fmt_put(r->p->source, r->p->sink, &raw, 1, r->err);
    if (code == WEFT_OK)
        code = push_all(r, json_object_get(object, "suggestedAnswer"), raw.id);
    return code == WEFT_OK ? push_all(r, json_object_get(object, "comment"), raw.id) : code;
}

/* A field that the page's head did not say; texts outlive the JSON. */
static weft_code fill(ld_reader *r, const char **field, const char *text)
{
    if (*field != NULL || text == NULL)
        return WEFT_OK;
    *field = talloc_strdup(r->p->mem, text);
    return *field == NULL ? weft_fail_nomem(r->err) : WEFT_OK;
}

static weft_code fill_article(ld_reader *r, const json_t *object)
{
    static const char *const titles[] = {"headline", "name", NULL};
    static const char *const bodies[] = {"articleBody", "text", NULL};
    weft_record *a = r->article;
    const char *body = first_text(object, bodies);
    if (a->body == NULL && body != NULL)
        a->format = format_of(body);
    if (a->published_s == WEFT_DATE_UNKNOWN)
        a->published_s = date_of(r, object);
    weft_code code = fill(r, &a->title, first_text(object, titles));
    if (code == WEFT_OK)
        code = fill(r, &a->body, body);
    if (code == WEFT_OK)
        code = fill(r, &a->author, text_of(object, "author"));
    if (code == WEFT_OK)
        code = fill(r, &a->url, text_of(object, "url"));
    if (code == WEFT_OK)
        code = fill(r, &a->section, text_of(object, "articleSection"));
    return code == WEFT_OK ? fill(r, &a->site, text_of(object, "publisher")) : code;
}

static bool has_comments(const json_t *object)
{
    const json_t *comments = json_object_get(object, "comment");
    return json_array_size(comments) > 0 || json_is_object(comments);
}

/* The first article of a value, before it one that has comments; NULL. */
static weft_code find_article(ld_reader *r, json_t *root, json_t **found)
{
    *found = NULL;
    bool is_best = false;
    weft_code code = push(r, root, NULL);
    while (r->depth > 0 && code == WEFT_OK && !is_best) {
        json_t *value = r->stack[--r->depth].value;
        if (json_is_array(value)) {
            code = push_all(r, value, NULL);
            continue;
        }
        bool is_article = has_type(value, ARTICLES);
        is_best = is_article && has_comments(value);
        if (is_best || (is_article && *found == NULL))
            *found = value;
        if (!is_best)
            code = push_all(r, json_object_get(value, "@graph"), NULL);
        if (code == WEFT_OK && !is_best)
            code = push(r, json_object_get(value, "mainEntity"), NULL);
    }
    r->depth = 0;
    return code;
}

/* The article's fields of one script; and all of it when the page shows no comments. */
static weft_code read_script(ld_reader *r, weft_str text, bool *found)
{
    json_error_t ignored;
    json_t *article;
    weft_json_watch();
    json_t *root = json_loadb(text.p, text.n, 0, &ignored);
    if (root == NULL)
        return weft_json_lost() ? weft_fail_nomem(r->err) : WEFT_OK;
    weft_code code = find_article(r, root, &article);
    if (code == WEFT_OK && article != NULL)
        code = fill_article(r, article);
    *found =
        code == WEFT_OK && article != NULL && r->p->count == 0 && has_comments(article);
    if (*found)
        code = fmt_put(r->p->source, r->p->sink, r->article, 1, r->err);
    if (*found && code == WEFT_OK)
        code = push_all(r, json_object_get(article, "comment"), NULL);
    while (r->depth > 0 && code == WEFT_OK) {
        todo next = r->stack[--r->depth];
        if (json_is_object(next.value))
            code = give_comment(r, next.value, next.parent);
    }
    json_decref(root);
    return code;
}

weft_code html_json_ld(html_page *p, page_ids *ids, weft_record *article, bool *found,
                       weft_error *err)
{
    ld_reader r = {.p = p, .ids = ids, .article = article, .err = err};
    const xmlNode *roots[] = {p->root, p->attic}; /* scripts may have been cut */
    weft_code code = WEFT_OK;
    *found = false;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        for (const xmlNode *n = roots[i]; n != NULL && code == WEFT_OK && !*found;
             n = html_next(roots[i], n))
            if (html_is(n, "script") && n->children != NULL &&
                n->children->content != NULL &&
                html_has_word(n, "type", "application/ld+json"))
                code = read_script(&r, weft_str_from((const char *)n->children->content),
                                   found);
    if (*found)
        fmt_note(p->sink, "comments as schema.org JSON-LD: %zu", r.comments);
    return code;
}
