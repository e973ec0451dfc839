/* cache.c - replies kept by the event loop. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache.h"

#include <errno.h>
#include <event2/buffer.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <utlist.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/proto.h"
#include "index_stamp.h"

/* Keys are chosen by strangers: each begins with a secret of this process, so that nobody can
 * make many fall into one place. Out of memory, an entry is not added. */
#define HASH_FUNCTION(key, bytes, value)                                                   \
    ((value) = (unsigned)weft_str_hash(weft_str_of((const char *)(key), (bytes))))
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->is_lost = true)
#include <uthash.h>

#include "banned.h"

enum {
    SHARE = 8, /* one reply takes at most this part of the cap */
    QUARTER_S = 15 * 60,
    TABLE_BYTES = 64 /* of the table and the allocator for each entry */
};

typedef struct entry {
    struct entry *prev, *next; /* the one used last is first */
    UT_hash_handle hh;
    note note;
    int64_t quarter; /* of an hour it was asked in */
    bool is_lost;
    size_t key_bytes, tail_bytes;
    char bytes[]; /* the key, then the reply after its id and "ok" */
} entry;

struct cache {
    const char *index_dir;
    size_t cap_bytes;
    uint64_t secret;
    index_stamp stamp; /* what all entries were computed at */
    entry *table, *used;
    cache_figures figures;
};

/* What a job remembers, in the job. */
struct cache_ticket {
    weft_str key;
    weft_str lead; /* how its reply begins: the id, and that it is ok */
    index_stamp stamp;
    int64_t quarter;
};

/* The table is the one thing that is not the context's. */
static int cache_done(cache *k)
{
    HASH_CLEAR(hh, k->table);
    return 0;
}

weft_code cache_new(void *mem, const char *index_dir, size_t cap_bytes, cache **out,
                    weft_error *err)
{
    cache *k = talloc_zero(mem, cache);
    if (k == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(k, cache_done);
    k->index_dir = index_dir;
    k->cap_bytes = cap_bytes;
    if (getrandom(&k->secret, sizeof k->secret, 0) != (ssize_t)sizeof k->secret)
        return weft_fail(err, WEFT_EIO, "random bytes: %s", strerror(errno));
    *out = k;
    return WEFT_OK;
}

static size_t charge_of(const entry *e)
{
    return sizeof *e + TABLE_BYTES + e->key_bytes + e->tail_bytes;
}

static void drop(cache *k, entry *e)
{
    HASH_DEL(k->table, e);
    DL_DELETE(k->used, e);
    k->figures.replies--;
    k->figures.bytes -= charge_of(e);
    talloc_free(e);
}

bool cache_follow(cache *k)
{
    index_stamp now = index_stamp_read(k->index_dir);
    if (index_stamp_is_same(&now, &k->stamp) || (!now.is_known && !k->stamp.is_known))
        return false;
    if (k->used != NULL)
        k->figures.cleared++;
    while (k->used != NULL)
        drop(k, k->used);
    k->stamp = now;
    k->figures.changes++;
    return true;
}

const cache_figures *cache_count(const cache *k)
{
    return &k->figures;
}

/* The command and its keys in one order, whatever the line was like. How long the client would
 * wait for it makes no other reply. */
static bool make_key(const cache *k, void *mem, const job *j, weft_str *out)
{
    json_t *keys = json_copy(j->request->keys);
    if (keys != NULL)
        json_object_del(keys, "timeout_ms");
    char *text = keys == NULL ? NULL : json_dumps(keys, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(keys);
    weft_buf b;
    weft_buf_init(&b, mem, 2 * (size_t)WEFT_REQUEST_MAX);
    weft_buf_add(&b, weft_str_of((const char *)&k->secret, sizeof k->secret));
    weft_buf_add_text(&b, j->command->name);
    weft_buf_add_char(&b, ' ');
    weft_buf_add_text(&b, text == NULL ? "" : text);
    *out = weft_buf_str(&b);
    bool held = text != NULL && weft_buf_check(&b, "key", NULL) == WEFT_OK;
    free(text);
    return held;
}

/* `{"id":7,"ok":true`, as weft_reply_render writes it; the status of a page. */
static bool make_lead(void *mem, const job *j, weft_str *out)
{
    if (j->command->render != NULL) {
        *out = weft_str_from("200\n");
        return true;
    }
    weft_buf b;
    weft_buf_init(&b, mem, 2 * (size_t)WEFT_REQUEST_MAX);
    json_t *empty = weft_reply_new(j->request->id);
    bool held = empty != NULL && weft_reply_render(empty, &b, NULL) == WEFT_OK && b.n > 0;
    json_decref(empty);
    if (held)
        *out = weft_str_of(b.p, b.n - 1);
    return held;
}

static struct cache_ticket *make_ticket(const cache *k, job *j, int64_t now_s)
{
    struct cache_ticket *t = talloc_zero(j, struct cache_ticket);
    if (t == NULL)
        return NULL;
    t->stamp = k->stamp;
    t->quarter = now_s / QUARTER_S;
    if (make_key(k, t, j, &t->key) && make_lead(t, j, &t->lead))
        return t;
    talloc_free(t);
    return NULL;
}

/* An entry that can be given now; one that holds no longer is dropped. */
static entry *find(cache *k, const struct cache_ticket *t)
{
    entry *e = NULL;
    HASH_FIND(hh, k->table, t->key.p, t->key.n, e);
    if (e == NULL || e->note.lasting == NOTE_LASTS_AT_REVISION || e->quarter == t->quarter)
        return e;
    drop(k, e);
    return NULL;
}

static void give(cache *k, const entry *e, job *j)
{
    weft_str tail = weft_str_of(e->bytes + e->key_bytes, e->tail_bytes);
    j->note = e->note;
    evbuffer_add(j->reply, j->ticket->lead.p, j->ticket->lead.n);
    job_answer(j, tail);
    entry *used = (entry *)(uintptr_t)e;
    DL_DELETE(k->used, used);
    DL_PREPEND(k->used, used);
}

bool cache_answer(cache *k, job *j, int64_t now_s)
{
    if (k->cap_bytes == 0)
        return false;
    cache_follow(k);
    j->ticket = k->stamp.is_known ? make_ticket(k, j, now_s) : NULL;
    entry *e = j->ticket == NULL ? NULL : find(k, j->ticket);
    if (e == NULL) {
        k->figures.misses++;
        return false;
    }
    k->figures.hits++;
    give(k, e, j);
    return true;
}

/* An entry of a reply that begins with its lead; NULL when it does not, or there is no room. */
static entry *make_entry(cache *k, const job *j)
{
    const struct cache_ticket *t = j->ticket;
    weft_scope void *tmp = talloc_new(NULL);
    size_t n = evbuffer_get_length(j->reply);
    char *lead = n <= t->lead.n ? NULL : talloc_size(tmp, t->lead.n);
    struct evbuffer_ptr at;
    if (lead == NULL || t->key.n + n > k->cap_bytes / SHARE ||
        evbuffer_copyout(j->reply, lead, t->lead.n) != (ev_ssize_t)t->lead.n ||
        memcmp(lead, t->lead.p, t->lead.n) != 0 ||
        evbuffer_ptr_set(j->reply, &at, t->lead.n, EVBUFFER_PTR_SET) != 0)
        return NULL;
    entry *e = talloc_zero_size(k, sizeof *e + t->key.n + n - t->lead.n);
    if (e == NULL)
        return NULL;
    e->note = j->note;
    e->quarter = t->quarter;
    e->key_bytes = t->key.n;
    e->tail_bytes = n - t->lead.n;
    memcpy(e->bytes, t->key.p, t->key.n);
    evbuffer_copyout_from(j->reply, &at, e->bytes + e->key_bytes, e->tail_bytes);
    return e;
}

static void add(cache *k, entry *e)
{
    entry *old = NULL;
    HASH_FIND(hh, k->table, e->bytes, e->key_bytes, old);
    if (old != NULL)
        drop(k, old);
    HASH_ADD_KEYPTR(hh, k->table, e->bytes, e->key_bytes, e);
    if (e->is_lost) {
        talloc_free(e);
        return;
    }
    DL_PREPEND(k->used, e);
    k->figures.replies++;
    k->figures.bytes += charge_of(e);
    while (k->figures.bytes > k->cap_bytes) {
        drop(k, k->used->prev); /* utlist: the head's prev is the last */
        k->figures.evicted++;
    }
}

void cache_keep(cache *k, job *j)
{
    if (j->ticket == NULL || j->note.code != WEFT_OK || j->note.lasting == NOTE_PASSES)
        return;
    cache_follow(k);
    if (!index_stamp_is_same(&j->ticket->stamp, &k->stamp))
        return;
    entry *e = make_entry(k, j);
    if (e != NULL)
        add(k, e);
}
