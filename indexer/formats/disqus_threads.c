/* disqus_threads.c - the threads of a Disqus export, and which article each is about. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "disqus.h"

#include "weft/mem.h"
#include "weft/record.h"

#include "../input.h"
#include "urls.h"
#include "banned.h"

/* What stands for a page: a folded address, or a path and a title. */
typedef struct page {
    char *key;
    const char *article;
    bool is_given;     /* by --articles */
    bool is_ambiguous; /* more than one article has the path */
    UT_hash_handle hh;
} page;

struct disqus_threads {
    page *pages;
    disqus_thread *threads;
};

static page *find_page(const disqus_threads *t, const char *key)
{
    page *found = NULL;
    if (key != NULL)
        HASH_FIND_STR(t->pages, key, found);
    return found;
}

static weft_code add_page(disqus_threads *t, const char *key, const char *article,
                          bool is_given, weft_error *err)
{
    page *p = find_page(t, key);
    if (p != NULL) {
        p->is_ambiguous = p->is_ambiguous || strcmp(p->article, article) != 0;
        return WEFT_OK;
    }
    p = talloc_zero(t, page);
    if (p == NULL || (p->key = talloc_strdup(p, key)) == NULL)
        return weft_fail_nomem(err);
    p->article = article;
    p->is_given = is_given;
    HASH_ADD_KEYPTR(hh, t->pages, p->key, strlen(p->key), p);
    return WEFT_OK;
}

/* The keys of a page in mem; one that there is not is NULL. A space cannot be in an
 * address. */
typedef struct page_keys {
    char *address, *path, *titled;
} page_keys;

static weft_code make_keys(void *mem, const char *link, const char *title, page_keys *keys,
                           weft_error *err)
{
    fmt_url url;
    *keys = (page_keys){0};
    if (link == NULL)
        return WEFT_OK;
    weft_code code = fmt_url_fold(mem, link, &url, err);
    if (code != WEFT_OK)
        return code;
    keys->address = talloc_strdup(mem, url.whole);
    if (*url.path != '\0')
        keys->path = talloc_asprintf(mem, "path %s", url.path);
    if (*url.path != '\0' && title != NULL)
        keys->titled = talloc_asprintf(mem, "titled %s %s", url.path, title);
    bool is_made = keys->address != NULL && (*url.path == '\0' || keys->path != NULL) &&
                   (*url.path == '\0' || title == NULL || keys->titled != NULL);
    return is_made ? WEFT_OK : weft_fail_nomem(err);
}

static weft_code add_article(disqus_threads *t, const weft_record *r, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    page_keys keys;
    if (r->type != WEFT_ARTICLE || r->is_delete || r->url == NULL)
        return WEFT_OK;
    const char *id = talloc_strdup(t, r->id);
    if (id == NULL)
        return weft_fail_nomem(err);
    weft_code code = make_keys(tmp, r->url, NULL, &keys, err);
    if (code == WEFT_OK)
        code = add_page(t, keys.address, id, true, err);
    if (code == WEFT_OK && keys.path != NULL)
        code = add_page(t, keys.path, id, true, err);
    return code;
}

static weft_code read_articles(disqus_threads *t, const char *name, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    input *in;
    weft_code code = input_open(tmp, name, NULL, &in, err);
    while (code == WEFT_OK) {
        weft_scope void *of_line = talloc_new(NULL);
        input_line line;
        bool more;
        weft_record *r;
        weft_error why = {0};
        code = input_next_line(in, &line, &more, err);
        if (code != WEFT_OK || !more)
            break;
        if (weft_str_trim(line.text).n == 0)
            continue;
        if (weft_record_parse(of_line, line.text, NULL, NULL, &r, &why) == WEFT_OK)
            code = add_article(t, r, err);
        else
            code = weft_fail(err, why.code == WEFT_ENOMEM ? WEFT_ENOMEM : WEFT_EUSAGE,
                             "--articles: %s:%zu: %s", name, line.number, why.text);
    }
    return code;
}

weft_code disqus_threads_open(void *mem, const char *articles, disqus_threads **out,
                              weft_error *err)
{
    disqus_threads *t = talloc_zero(mem, disqus_threads);
    if (t == NULL)
        return weft_fail_nomem(err);
    weft_code code = articles == NULL ? WEFT_OK : read_articles(t, articles, err);
    if (code == WEFT_OK)
        *out = t;
    else
        disqus_threads_close(t);
    return code;
}

const disqus_thread *disqus_threads_find(const disqus_threads *t, const char *id)
{
    disqus_thread *found = NULL;
    if (id != NULL)
        HASH_FIND_STR(t->threads, id, found);
    return found;
}

static const page *page_of(const disqus_threads *t, const page_keys *keys)
{
    const page *p = find_page(t, keys->address);
    if (p == NULL) {
        p = find_page(t, keys->path);
        p = p != NULL && p->is_ambiguous ? NULL : p;
    }
    return p != NULL ? p : find_page(t, keys->titled);
}

/* The article of a thread that is not deleted. */
static weft_code find_article(disqus_threads *t, disqus_thread *thread,
                              const disqus_given *given, disqus_found *found,
                              weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    page_keys keys;
    weft_code code = make_keys(tmp, given->link, given->title, &keys, err);
    if (code != WEFT_OK)
        return code;
    const page *p = page_of(t, &keys);
    if (p != NULL)
        thread->article = p->article;
    *found = p == NULL ? DISQUS_NEW : p->is_given ? DISQUS_JOINED : DISQUS_MERGED;
    bool is_given = *found == DISQUS_JOINED;
    if (keys.address != NULL)
        code = add_page(t, keys.address, thread->article, is_given, err);
    if (code == WEFT_OK && keys.titled != NULL)
        code = add_page(t, keys.titled, thread->article, is_given, err);
    return code;
}

weft_code disqus_threads_add(disqus_threads *t, const disqus_given *given,
                             disqus_found *found, weft_error *err)
{
    *found = DISQUS_REPEATED;
    if (disqus_threads_find(t, given->id) != NULL)
        return WEFT_OK;
    disqus_thread *thread = talloc_zero(t, disqus_thread);
    if (thread == NULL || (thread->id = talloc_strdup(thread, given->id)) == NULL)
        return weft_fail_nomem(err);
    thread->article = thread->id;
    thread->is_deleted = given->is_deleted;
    HASH_ADD_KEYPTR(hh, t->threads, thread->id, strlen(thread->id), thread);
    *found = DISQUS_NEW;
    return given->is_deleted ? WEFT_OK : find_article(t, thread, given, found, err);
}

void disqus_threads_close(disqus_threads *t)
{
    if (t == NULL)
        return;
    HASH_CLEAR(hh, t->pages);
    HASH_CLEAR(hh, t->threads);
    talloc_free(t);
}
