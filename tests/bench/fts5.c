/* fts5.c - SQLite FTS5 on the records of the made archive: `make bench` runs it beside weft.
 *
 *     fts5 build DB TABLE    fill a new database from a table of records (print.h)
 *     fts5 serve DB          answer a line for each line of the standard input:
 *         MODE KIND WORDS FROM TO AUTHOR    with tabs between: count, ids, text or context
 *         add TABLE, delete IDS             durable when it is answered
 *         total                             records in all
 *
 * The database is what a site would make: the records in a table with indexes by parent and thread, their words in an FTS5 index
 * of external content with Porter's stemmer.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weft/file.h"
#include "weft/mem.h"

#include "banned.h"

enum { FIELDS = 8, REPLY_MAX = 16 * 1024 * 1024 };

static const char schema[] =
    "CREATE TABLE rec(id INTEGER PRIMARY KEY, thread INT, parent INT, author TEXT, date INT,"
    " title TEXT, body TEXT);"
    "CREATE VIRTUAL TABLE fts USING fts5(title, body, author, content='rec',"
    " content_rowid='id', tokenize='porter unicode61');"
    "INSERT INTO fts(fts, rank) VALUES('rank', 'bm25(1.0, 1.0, 0.0)');"
    "INSERT INTO fts(fts, rank) VALUES('hashsize', 268435456);";

void peer_die(sqlite3 *db, const char *what)
{
    fprintf(stderr, "fts5: %s: %s\n", what,
            db == NULL ? "out of memory" : sqlite3_errmsg(db));
    exit(1);
}

static void execute(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        peer_die(db, sql);
}

sqlite3_stmt *peer_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        peer_die(db, sql);
    return s;
}

static sqlite3 *open_database(const char *path)
{
    sqlite3 *db;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        peer_die(db, path);
    execute(db, "PRAGMA cache_size = -262144; PRAGMA mmap_size = 8589934592");
    return db;
}

static void step(sqlite3 *db, sqlite3_stmt *s)
{
    if (sqlite3_step(s) != SQLITE_DONE)
        peer_die(db, "writing");
    sqlite3_reset(s);
}

/* Cut a line at its tabs; missing fields are empty. */
static void cut_fields(char *line, char *fields[FIELDS])
{
    static char none[] = "";
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < FIELDS; i++) {
        fields[i] = line == NULL ? none : strsep(&line, "\t");
    }
}

static FILE *open_file(const char *path)
{
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        perror(path);
        exit(1);
    }
    return f;
}

/* Insert the records of a table, inside a transaction of the caller; returns how many. */
static uint64_t insert_all(sqlite3 *db, const char *path)
{
    sqlite3_stmt *rec = peer_prepare(db, "INSERT INTO rec VALUES(?1,?2,?3,?4,?5,?6,?7)");
    sqlite3_stmt *fts =
        peer_prepare(db, "INSERT INTO fts(rowid, title, body, author) VALUES(?1,?2,?3,?4)");
    FILE *f = open_file(path);
    char *line = NULL;
    size_t room = 0;
    uint64_t count = 0;
    while (getline(&line, &room, f) > 0) {
        char *in[FIELDS]; /* type id thread parent author date title body */
        cut_fields(line, in);
        for (int i = 1; i <= 3; i++)
            sqlite3_bind_int64(rec, i, strtoll(in[i], NULL, 10));
        sqlite3_bind_text(rec, 4, in[4], -1, SQLITE_STATIC);
        sqlite3_bind_int64(rec, 5, strtoll(in[5], NULL, 10));
        sqlite3_bind_text(rec, 6, in[6], -1, SQLITE_STATIC);
        sqlite3_bind_text(rec, 7, in[7], -1, SQLITE_STATIC);
        step(db, rec);
        sqlite3_bind_int64(fts, 1, strtoll(in[1], NULL, 10));
        sqlite3_bind_text(fts, 2, in[6], -1, SQLITE_STATIC);
        sqlite3_bind_text(fts, 3, in[7], -1, SQLITE_STATIC);
        sqlite3_bind_text(fts, 4, in[4], -1, SQLITE_STATIC);
        step(db, fts);
        count++;
    }
    free(line);
    fclose(f);
    sqlite3_finalize(rec);
    sqlite3_finalize(fts);
    return count;
}

static uint64_t delete_all(sqlite3 *db, const char *path)
{
    sqlite3_stmt *fts = peer_prepare(
        db, "INSERT INTO fts(fts, rowid, title, body, author)"
            " SELECT 'delete', id, title, body, author FROM rec WHERE id = ?1");
    sqlite3_stmt *rec = peer_prepare(db, "DELETE FROM rec WHERE id = ?1");
    FILE *f = open_file(path);
    char *line = NULL;
    size_t room = 0;
    uint64_t count = 0;
    while (getline(&line, &room, f) > 0) {
        sqlite3_int64 id = strtoll(line, NULL, 10);
        sqlite3_bind_int64(fts, 1, id);
        step(db, fts);
        sqlite3_bind_int64(rec, 1, id);
        step(db, rec);
        count++;
    }
    free(line);
    fclose(f);
    sqlite3_finalize(fts);
    sqlite3_finalize(rec);
    return count;
}

/* As fast as it goes: nothing is there yet that a journal could save. */
static void build(const char *path, const char *table)
{
    weft_error err = {0};
    sqlite3 *db = open_database(path);
    execute(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    execute(db, schema);
    execute(db, "BEGIN");
    insert_all(db, table);
    execute(db, "CREATE INDEX by_parent ON rec(parent, date)");
    execute(db, "CREATE INDEX by_thread ON rec(thread)");
    execute(db, "COMMIT");
    execute(db, "INSERT INTO fts(fts) VALUES('optimize')");
    execute(db, "ANALYZE rec");
    if (sqlite3_close(db) != SQLITE_OK)
        peer_die(db, "close");
    if (weft_sync_path(path, &err) != WEFT_OK) {
        fprintf(stderr, "fts5: %s\n", err.text);
        exit(1);
    }
}

static peer_mode mode_of(const char *name)
{
    static const char *const names[] = {"count", "ids", "text", "context"};
    for (int i = 0; i < 4; i++)
        if (strcmp(names[i], name) == 0)
            return (peer_mode)i;
    fprintf(stderr, "fts5: no request '%s'\n", name);
    exit(2);
}

static void ask(asker *k, char *in[FIELDS], weft_buf *out)
{
    peer_request q = {.mode = mode_of(in[0]), .kind = in[1]};
    for (char *word; in[2] != NULL && q.count < PEER_WORDS;) {
        word = strsep(&in[2], " ");
        q.words[q.count++] = word;
    }
    q.from = in[3];
    q.to = in[4];
    q.author = in[5];
    asker_answer(k, &q, out);
}

static uint64_t total(sqlite3 *db)
{
    sqlite3_stmt *s = peer_prepare(db, "SELECT count(*) FROM rec");
    if (sqlite3_step(s) != SQLITE_ROW)
        peer_die(db, "count");
    uint64_t count = (uint64_t)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return count;
}

static void serve_line(sqlite3 *db, asker *k, char *line, weft_buf *out)
{
    char *in[FIELDS];
    cut_fields(line, in);
    bool add = strcmp(in[0], "add") == 0, remove = strcmp(in[0], "delete") == 0;
    weft_buf_clear(out);
    if (add || remove) {
        execute(db, "BEGIN");
        uint64_t count = add ? insert_all(db, in[1]) : delete_all(db, in[1]);
        execute(db, "COMMIT");
        weft_buf_addf(out, "%llu", (unsigned long long)count);
    } else if (strcmp(in[0], "total") == 0) {
        weft_buf_addf(out, "%llu", (unsigned long long)total(db));
    } else {
        ask(k, in, out);
    }
    weft_buf_add_char(out, '\n');
}

static void serve(const char *path)
{
    weft_scope void *tmp = talloc_new(NULL);
    sqlite3 *db = open_database(path);
    execute(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    asker *k = asker_new(tmp, db);
    weft_buf out;
    weft_buf_init(&out, tmp, REPLY_MAX);
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        weft_error err = {0};
        serve_line(db, k, line, &out);
        if (weft_buf_check(&out, "reply", &err) != WEFT_OK ||
            weft_write_all(1, out.p, out.n, "standard output", &err) != WEFT_OK) {
            fprintf(stderr, "fts5: %s\n", err.text);
            exit(1);
        }
    }
    free(line);
    asker_done(k);
    if (sqlite3_close(db) != SQLITE_OK)
        peer_die(db, "close");
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "build") == 0)
        build(argv[2], argv[3]);
    else if (argc == 3 && strcmp(argv[1], "serve") == 0)
        serve(argv[2]);
    else
        return fputs("usage: fts5 build DB TABLE | serve DB\n", stderr), 2;
    return 0;
}
