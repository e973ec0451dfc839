/* fts5_ask.c - questions of the made archive as SQL, and what a site would look up beside each hit. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include <string.h>

#include "weft/mem.h"

#include "banned.h"

enum { MATCH_MAX = 4096, SQL_MAX = 4096, SEPARATOR = 0x1f };

/* How a kind of question narrows what the words match: ?1 is the match, ?2 and ?3 the days or the matches of the other
 * documents. */
typedef enum narrowing {
    NARROW_NONE,
    NARROW_DATE,
    NARROW_PARENT,
    NARROW_ARTICLE,
    NARROW_THREAD,
    NARROWINGS
} narrowing;

static const char *const conditions[NARROWINGS] = {
    [NARROW_NONE] = "",
    [NARROW_DATE] = " AND rec.date BETWEEN ?2 AND ?3",
    [NARROW_PARENT] = " AND rec.parent <> rec.thread"
                      " AND rec.parent IN (SELECT rowid FROM fts WHERE fts MATCH ?2)",
    [NARROW_ARTICLE] = " AND rec.id <> rec.thread"
                       " AND rec.thread IN (SELECT rowid FROM fts WHERE fts MATCH ?2)",
    [NARROW_THREAD] = " AND rec.thread IN (SELECT r.thread FROM fts JOIN rec r ON r.id ="
                      " fts.rowid WHERE fts MATCH ?2)"
                      " AND rec.thread IN (SELECT r.thread FROM fts JOIN rec r ON r.id ="
                      " fts.rowid WHERE fts MATCH ?3)",
};

struct asker {
    sqlite3 *db;
    sqlite3_stmt *count[NARROWINGS], *ids[NARROWINGS], *text[NARROWINGS];
    sqlite3_stmt *above, *replies, *reply_count, *thread_count;
};

static sqlite3_stmt *prepare_kind(sqlite3 *db, narrowing n, const char *columns,
                                  const char *order)
{
    char sql[SQL_MAX];
    const char *join = n == NARROW_NONE && strstr(columns, "rec.") == NULL
                           ? ""
                           : " JOIN rec ON rec.id = fts.rowid";
    snprintf(sql, sizeof sql, "SELECT %s FROM fts%s WHERE fts MATCH ?1%s%s", columns, join,
             conditions[n], order);
    return peer_prepare(db, sql);
}

asker *asker_new(void *mem, sqlite3 *db)
{
    asker *k = talloc_zero(mem, asker);
    if (k == NULL)
        peer_die(NULL, "start");
    k->db = db;
    const char *best = " ORDER BY rank LIMIT 10";
    for (int n = 0; n < NARROWINGS; n++) {
        k->count[n] = prepare_kind(db, (narrowing)n, "count(*)", "");
        k->ids[n] = prepare_kind(db, (narrowing)n, "fts.rowid", best);
        k->text[n] = prepare_kind(
            db, (narrowing)n,
            "fts.rowid, rec.author, rec.date, snippet(fts, -1, '<b>', '</b>', '...', 40)",
            best);
    }
    /* All documents of the conversation answer, not only those with a word. */
    sqlite3_finalize(k->count[NARROW_THREAD]);
    k->count[NARROW_THREAD] = peer_prepare(
        db,
        "SELECT count(*) FROM rec WHERE thread IN (SELECT r.thread FROM fts JOIN rec r"
        " ON r.id = fts.rowid WHERE fts MATCH ?2) AND thread IN (SELECT r.thread FROM fts"
        " JOIN rec r ON r.id = fts.rowid WHERE fts MATCH ?3)");
    k->above = peer_prepare(
        db, "WITH RECURSIVE up(id) AS (SELECT parent FROM rec WHERE id = ?1 UNION ALL"
            " SELECT rec.parent FROM up JOIN rec ON rec.id = up.id)"
            " SELECT rec.id, rec.author, rec.date, rec.title, substr(rec.body, 1, 240)"
            " FROM up JOIN rec ON rec.id = up.id");
    k->replies = peer_prepare(db, "SELECT id, author, date, substr(body, 1, 240) FROM rec"
                                  " WHERE parent = ?1 ORDER BY date LIMIT 5");
    k->reply_count = peer_prepare(db, "SELECT count(*) FROM rec WHERE parent = ?1");
    k->thread_count = peer_prepare(db, "SELECT count(*) FROM rec WHERE thread ="
                                       " (SELECT thread FROM rec WHERE id = ?1)");
    return k;
}

void asker_done(asker *k)
{
    for (int n = 0; n < NARROWINGS; n++) {
        sqlite3_finalize(k->count[n]);
        sqlite3_finalize(k->ids[n]);
        sqlite3_finalize(k->text[n]);
    }
    sqlite3_finalize(k->above);
    sqlite3_finalize(k->replies);
    sqlite3_finalize(k->reply_count);
    sqlite3_finalize(k->thread_count);
}

/* Words [from, to) of the question as an FTS5 expression in these columns. */
static void write_match(const peer_request *q, int from, int to, const char *columns,
                        char out[MATCH_MAX])
{
    const char *between = strcmp(q->kind, "phrase") == 0   ? " + "
                          : strcmp(q->kind, "thread") == 0 ? " OR "
                                                           : " AND ";
    int n = snprintf(out, MATCH_MAX, "{%s} : (", columns);
    for (int i = from; i < to; i++)
        n += snprintf(out + n, (size_t)(MATCH_MAX - n), "%s\"%.200s\"%s",
                      i > from ? between : "", q->words[i],
                      strcmp(q->kind, "prefix") == 0 ? "*" : "");
    n += snprintf(out + n, (size_t)(MATCH_MAX - n), ")");
    if (q->author[0] != '\0')
        snprintf(out + n, (size_t)(MATCH_MAX - n), " AND {author} : \"%.200s\"", q->author);
}

static void bind_text(sqlite3_stmt *s, int at, const char *text)
{
    sqlite3_bind_text(s, at, text, -1, SQLITE_TRANSIENT);
}

static narrowing narrowing_of(const char *kind)
{
    static const char *const kinds[NARROWINGS] = {"", "date", "parent", "article",
                                                  "thread"};
    for (int n = 1; n < NARROWINGS; n++)
        if (strcmp(kinds[n], kind) == 0)
            return (narrowing)n;
    return NARROW_NONE;
}

static void bind_question(sqlite3_stmt *s, const peer_request *q, narrowing n)
{
    char match[MATCH_MAX];
    bool joined = n == NARROW_PARENT || n == NARROW_ARTICLE;
    write_match(q, joined ? 1 : 0, q->count, "title body", match);
    bind_text(s, 1, match);
    if (n == NARROW_DATE) {
        sqlite3_bind_int64(s, 2, strtoll(q->from, NULL, 10));
        sqlite3_bind_int64(s, 3, strtoll(q->to, NULL, 10));
    } else if (n != NARROW_NONE) {
        write_match(q, 0, 1, n == NARROW_ARTICLE ? "title" : "title body", match);
        bind_text(s, 2, match);
    }
    if (n == NARROW_THREAD) {
        write_match(q, 1, 2, "title body", match);
        bind_text(s, 3, match);
    }
}

/* Every column of every row, with a separator after each; returns the rows. */
static int write_rows(asker *k, sqlite3_stmt *s, weft_buf *out)
{
    int rows = 0, rc;
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        rows++;
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            weft_buf_add_char(out, SEPARATOR);
            weft_buf_add_text(out, (const char *)sqlite3_column_text(s, i));
        }
    }
    if (rc != SQLITE_DONE)
        peer_die(k->db, sqlite3_sql(s));
    sqlite3_reset(s);
    return rows;
}

static void write_context(asker *k, const sqlite3_int64 *ids, int count, weft_buf *out)
{
    sqlite3_stmt *all[] = {k->above, k->replies, k->reply_count, k->thread_count};
    for (int i = 0; i < count; i++)
        for (size_t j = 0; j < sizeof all / sizeof all[0]; j++) {
            sqlite3_bind_int64(all[j], 1, ids[i]);
            write_rows(k, all[j], out);
        }
}

void asker_answer(asker *k, const peer_request *q, weft_buf *out)
{
    narrowing n = narrowing_of(q->kind);
    sqlite3_stmt *s = q->mode == PEER_COUNT ? k->count[n]
                      : q->mode == PEER_IDS ? k->ids[n]
                                            : k->text[n];
    sqlite3_int64 ids[PEER_HITS];
    int hits = 0, rc;
    bind_question(s, q, n);
    while ((rc = sqlite3_step(s)) == SQLITE_ROW && hits < PEER_HITS) {
        ids[hits++] = sqlite3_column_int64(s, 0);
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            if (i > 0 || hits > 1)
                weft_buf_add_char(out, SEPARATOR);
            weft_buf_add_text(out, (const char *)sqlite3_column_text(s, i));
        }
    }
    if (rc != SQLITE_DONE && rc != SQLITE_ROW)
        peer_die(k->db, sqlite3_sql(s));
    sqlite3_reset(s);
    if (q->mode == PEER_CONTEXT)
        write_context(k, ids, hits, out);
}
