/* mail_threads.c - whose answer each message is.
 *
 * A message answers the one that its In-Reply-To names, whether that is there or not; without
 * that header, the last of its References that is there, or the last one. Its thread is that
 * of the first of these that is there, from the nearest on; when none is, the one that its
 * first reference began. Subjects tell nothing. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { FIRST_SIZE = 256 };

/* An id that a message has or names. */
typedef struct name {
    UT_hash_handle hh;
    const char *id;
    struct name *parent; /* of the message, when that is there; NULL for none */
    const char *missing; /* what it answers instead */
    const char *root;    /* id of the article, once it is known */
    bool there, stub_made, placed, under_way;
    weft_str *near; /* until all are known: what it names, the nearest first */
    size_t near_count, answer_count;
} name;

struct mail_threads {
    name *names;
    name **messages;
    size_t count, size;
};

static int forget(mail_threads *t)
{
    HASH_CLEAR(hh, t->names);
    return 0;
}

weft_code mail_threads_new(void *mem, mail_threads **out, weft_error *err)
{
    *out = talloc_zero(mem, mail_threads);
    if (*out == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(*out, forget);
    return WEFT_OK;
}

static name *find(mail_threads *t, weft_str id)
{
    name *n = NULL;
    HASH_FIND(hh, t->names, id.p, id.n, n);
    return n;
}

static weft_code add_name(mail_threads *t, weft_str id, name **out, weft_error *err)
{
    *out = find(t, id);
    if (*out != NULL)
        return WEFT_OK;
    name *n = talloc_zero(t, name);
    if (n == NULL || (n->id = weft_str_dup(n, id)) == NULL)
        return weft_fail_nomem(err);
    HASH_ADD_KEYPTR(hh, t->names, n->id, id.n, n);
    if (n->hh.tbl == NULL)
        return weft_fail_nomem(err);
    *out = n;
    return WEFT_OK;
}

/* Ids that n names, in n. */
static weft_code keep_named(name *n, const mail *m, weft_error *err)
{
    size_t count = m->answer_count + m->reference_count, bytes = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        bytes +=
            i < m->answer_count ? m->answers[i].n : m->references[i - m->answer_count].n;
    n->near = weft_new_array(n, weft_str, count);
    char *texts = weft_new_array(n, char, bytes);
    if (n->near == NULL || texts == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        weft_str id = i < m->answer_count ? m->answers[i] : m->references[count - 1 - i];
        memcpy(texts + at, id.p, id.n);
        n->near[i] = weft_str_of(texts + at, id.n);
        at += id.n;
    }
    n->near_count = count;
    n->answer_count = m->answer_count;
    return WEFT_OK;
}

weft_code mail_threads_add(mail_threads *t, const mail *m, weft_error *err)
{
    name *n;
    if (t->count == WEFT_MAILS_MAX)
        return weft_fail(err, WEFT_ELIMIT, "over %d messages in one input: split it",
                         WEFT_MAILS_MAX);
    if (t->count == t->size) {
        size_t size = t->size == 0 ? FIRST_SIZE : 2 * t->size;
        name **grown = weft_grow_array(t, t->messages, name *, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        t->messages = grown;
        t->size = size;
    }
    weft_code code = add_name(t, m->id, &n, err);
    if (code != WEFT_OK)
        return code;
    t->messages[t->count++] = n;
    if (n->there)
        return WEFT_OK; /* a second copy */
    n->there = true;
    return keep_named(n, m, err);
}

/* The first of what n names from `from` on that is there, and not n itself. */
static name *find_there(mail_threads *t, const name *n, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        name *other = find(t, n->near[i]);
        if (other != NULL && other->there && other != n)
            return other;
    }
    return NULL;
}

static bool is_message_id(weft_str id)
{
    return id.n > 0 && memchr(id.p, '@', id.n) != NULL;
}

static weft_code set_root(name *n, const char *root, weft_error *err)
{
    n->root = root;
    return root == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* The article of a message of which nothing is there that it names. Where not even a proper id
 * is named, as in "In-Reply-To: <yes>", it has one of its own: others name the same word. */
static weft_code root_alone(name *n, weft_error *err)
{
    if (n->near_count == 0)
        return set_root(n, n->id, err);
    for (size_t i = n->near_count; i > 0; i--)
        if (is_message_id(n->near[i - 1]) && !weft_str_is(n->near[i - 1], n->id))
            return set_root(n, weft_str_dup(n, n->near[i - 1]), err);
    return set_root(n, talloc_asprintf(n, "%s/thread", n->id), err);
}

/* What n answers. */
static weft_code set_parent(mail_threads *t, name *n, weft_error *err)
{
    size_t answers = n->answer_count;
    n->parent = find_there(t, n, 0, answers > 0 ? answers : n->near_count);
    if (n->parent != NULL || n->near_count == 0)
        return WEFT_OK;
    weft_str missing = n->near[answers > 0 ? answers - 1 : 0];
    if (weft_str_is(missing, n->id)) { /* only itself */
        n->near_count = 0;
        return WEFT_OK;
    }
    n->missing = weft_str_dup(n, missing);
    return n->missing == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* The message whose thread n belongs to; NULL for none. */
static name *thread_of(mail_threads *t, const name *n)
{
    return n->parent != NULL ? n->parent : find_there(t, n, 0, n->near_count);
}

/* Up until an article is known, then down again over the same messages. A cycle is cut where
 * it is found: that message begins the thread. */
static weft_code find_root(mail_threads *t, name *start, weft_error *err)
{
    name *n = start, *up = NULL;
    weft_code code = WEFT_OK;
    while (code == WEFT_OK && n->root == NULL) {
        n->under_way = true;
        code = set_parent(t, n, err);
        up = thread_of(t, n);
        if (up != NULL && up->under_way && up->root == NULL) {
            n->parent = NULL;
            n->missing = NULL;
            n->near_count = 0;
            up = NULL;
        }
        if (code == WEFT_OK && up == NULL)
            code = root_alone(n, err);
        n = up == NULL ? n : up;
    }
    const char *root = n->root;
    for (n = start; code == WEFT_OK && n->root == NULL; n = thread_of(t, n))
        n->root = root;
    return code;
}

weft_code mail_threads_place(mail_threads *t, size_t at, mail_place *out, weft_error *err)
{
    name *n = t->messages[at];
    weft_code code = find_root(t, n, err);
    if (code != WEFT_OK)
        return code;
    name *article = find(t, weft_str_from(n->root));
    bool is_root = n->parent == NULL && n->missing == NULL;
    *out = (mail_place){.article = n->root,
                        .parent = n->parent != NULL ? n->parent->id : n->missing,
                        .is_orphan = n->missing != NULL && !n->placed};
    n->placed = true;
    if (is_root || (article != NULL && article->there))
        return WEFT_OK;
    code = add_name(t, weft_str_from(n->root), &article, err);
    if (code == WEFT_OK && !article->stub_made)
        out->needs_stub = article->stub_made = true;
    return code;
}
