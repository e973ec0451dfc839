/* print.c - the made records as files: weft NDJSON, and tables with tabs for engines that read no JSON. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "banned.h"

enum { PATH_BYTES = 4096, BUFFER_BYTES = 1 << 20 };

static weft_code open_one(FILE **f, const char *dir, const char *name, weft_error *err)
{
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
        return weft_fail(err, WEFT_EUSAGE, "directory name too long");
    *f = fopen(path, "w");
    if (*f == NULL)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    setvbuf(*f, NULL, _IOFBF, BUFFER_BYTES);
    return WEFT_OK;
}

weft_code printer_open(printer *p, const char *dir, weft_error *err)
{
    static const char *const ndjson[PARTS] = {"records.ndjson", "added.ndjson",
                                              "fresh.ndjson"};
    static const char *const tables[PARTS] = {"records.tsv", "added.tsv", "fresh.tsv"};
    weft_code code = open_one(&p->deleted, dir, "deleted.txt", err);
    for (int i = 0; i < PARTS && code == WEFT_OK; i++) {
        code = open_one(&p->ndjson[i], dir, ndjson[i], err);
        if (code == WEFT_OK)
            code = open_one(&p->table[i], dir, tables[i], err);
    }
    return code;
}

static weft_code close_one(FILE *f, weft_error *err)
{
    if (f == NULL)
        return WEFT_OK;
    bool lost = ferror(f) != 0;
    if (fclose(f) != 0 || lost)
        return weft_fail(err, WEFT_EIO, "not all records were written: %s",
                         strerror(errno));
    return WEFT_OK;
}

weft_code printer_close(printer *p, weft_error *err)
{
    weft_code code = close_one(p->deleted, err);
    for (int i = 0; i < PARTS; i++) {
        weft_code ndjson = close_one(p->ndjson[i], err);
        weft_code table = close_one(p->table[i], err);
        code = code != WEFT_OK ? code : ndjson != WEFT_OK ? ndjson : table;
    }
    return code;
}

void print_author(FILE *to, bool editor, uint32_t author)
{
    fprintf(to, "%s%" PRIu32, editor ? "editor" : "reader", author);
}

void print_day(FILE *to, int64_t date_s)
{
    char day[32];
    time_t t = date_s;
    struct tm utc;
    if (gmtime_r(&t, &utc) != NULL && strftime(day, sizeof day, "%Y-%m-%d", &utc) > 0)
        fputs(day, to);
}

static void print_date(FILE *to, int64_t date_s)
{
    uint32_t s = (uint32_t)(date_s % 86400);
    print_day(to, date_s);
    fprintf(to, "T%02" PRIu32 ":%02" PRIu32 ":%02" PRIu32 "Z", s / 3600, s / 60 % 60,
            s % 60);
}

/* Words as text: line_end stands for the end of a line. */
static void print_text(FILE *to, const archive *a, span s, const char *line_end)
{
    char word[WORDS_BYTES];
    for (uint32_t i = s.from; i < s.to; i++) {
        const written *w = &a->words[i];
        uint32_t n = words_write(w->form, word);
        if (w->marks & WORD_CAPITAL)
            word[0] = (char)(word[0] - 'a' + 'A');
        if (i > s.from && w->marks & WORD_PARAGRAPH) {
            fputs(line_end, to);
            fputs(line_end, to);
        } else if (i > s.from) {
            putc_unlocked(' ', to);
        }
        if (w->marks & WORD_PARAGRAPH && w->marks & WORD_QUOTED)
            fputs("> ", to);
        fwrite_unlocked(word, 1, n, to);
        if (w->marks & WORD_COMMA)
            putc_unlocked(',', to);
        if (w->marks & (WORD_STOP | WORD_QUESTION))
            putc_unlocked(w->marks & WORD_STOP ? '.' : '?', to);
    }
}

static part part_of(const archive *a, const made *r)
{
    if (a->before >= a->records)
        return PART_FRESH;
    return r >= a->list + a->count ? PART_ADDED : PART_RECORDS;
}

/* The body; of what comes later with the word that marks it. */
static void print_body(FILE *to, const archive *a, const made *r, const char *line_end)
{
    part p = part_of(a, r);
    print_text(to, a, r->body, line_end);
    if (p != PART_RECORDS)
        fprintf(to, " %s.", p == PART_ADDED ? archive_mark_added : archive_mark_fresh);
}

static void print_ndjson(FILE *to, const archive *a, const made *r)
{
    const char *const sections[] = {"news", "politics", "sport", "culture", "science"};
    bool article = r == &a->list[0];
    if (article) {
        fprintf(to, "{\"type\":\"article\",\"id\":\"%" PRIu32 "\",\"title\":\"", r->id);
        print_text(to, a, r->title, "\\n");
        fprintf(to, "\",\"section\":\"%s\"", sections[r->author % 5]);
    } else {
        fprintf(to,
                "{\"type\":\"comment\",\"id\":\"%" PRIu32 "\",\"article\":\"%" PRIu32 "\"",
                r->id, a->list[0].id);
        if (r->parent != 0)
            fprintf(to, ",\"parent\":\"%" PRIu32 "\"", a->list[r->parent].id);
        fprintf(to, ",\"score\":%" PRId32, r->votes);
    }
    fputs(",\"author\":\"", to);
    print_author(to, article, r->author);
    fputs("\",\"date\":\"", to);
    print_date(to, r->date_s);
    fputs("\",\"body\":\"", to);
    print_body(to, a, r, "\\n");
    fputs("\"}\n", to);
}

static void print_row(FILE *to, const archive *a, const made *r)
{
    bool article = r == &a->list[0];
    fprintf(to, "%s\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32 "\t",
            article ? "article" : "comment", r->id, a->list[0].id,
            article ? 0 : a->list[r->parent].id);
    print_author(to, article, r->author);
    fprintf(to, "\t%" PRId64 "\t", r->date_s);
    print_text(to, a, r->title, "\v");
    fputc('\t', to);
    print_body(to, a, r, "\v");
    fputc('\n', to);
}

void print_thread(printer *p, const archive *a)
{
    for (uint32_t i = 0; i < a->count + a->added; i++) {
        const made *r = &a->list[i];
        part of = part_of(a, r);
        print_ndjson(p->ndjson[of], a, r);
        print_row(p->table[of], a, r);
        if (r->deleted)
            fprintf(p->deleted, "%" PRIu32 "\n", r->id);
    }
}
