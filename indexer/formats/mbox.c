/* mbox.c - mail: mbox files, and single messages as of a maildir.
 *
 * A thread's first message becomes the article, the others its comments. That can only be told
 * once all are read, so the messages wait in a file without a name meanwhile; in memory are
 * their ids and those they name. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../formats.h"

#include <ctype.h>
#include <strings.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "mail.h"
#include "banned.h"

enum { SURE = 97, LIKELY = 75, HEADERS_MIN = 2 };

typedef struct reader {
    const fmt_source *source;
    const fmt_sink *sink;
    mail_threads *threads;
    mail_store *store;
    weft_buf message;
    size_t line; /* where it begins */
    bool is_mbox, too_long, in_body;
    size_t count, orphans;
} reader;

static bool has_time_and_year(weft_str s)
{
    bool has_time = false, has_year = false;
    for (size_t i = 1; i + 3 < s.n; i++) {
        const char *p = s.p + i;
        has_time |= p[0] == ':' && isdigit((unsigned char)p[-1]) &&
                    isdigit((unsigned char)p[1]) && isdigit((unsigned char)p[2]);
        has_year |= (strncmp(p, "19", 2) == 0 || strncmp(p, "20", 2) == 0) &&
                    p[-1] == ' ' && isdigit((unsigned char)p[2]) &&
                    isdigit((unsigned char)p[3]);
    }
    return has_time && has_year;
}

/* "From ann@host.example Thu Jan  1 00:00:00 1970", and not a sentence. */
static bool is_from_line(weft_str line)
{
    return weft_str_starts(line, "From ") && has_time_and_year(line);
}

/* Whether a line is "Name: value". */
static bool is_header(weft_str line, weft_str *name)
{
    size_t n = 0;
    while (n < line.n && line.p[n] > ' ' && line.p[n] < 127 && line.p[n] != ':')
        n++;
    *name = weft_str_of(line.p, n);
    return n > 0 && n < line.n && line.p[n] == ':';
}

static bool is_mail_header(weft_str name)
{
    static const char *const names[] = {
        "From",       "Date",     "Message-ID",   "Subject",      "Received",
        "To",         "Cc",       "MIME-Version", "Return-Path",  "In-Reply-To",
        "References", "Reply-To", "Delivered-To", "Content-Type", "DKIM-Signature",
        "List-Id",    "Sender",   "X-Mailer",     "User-Agent",   "Newsgroups",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (name.n == strlen(names[i]) && strncasecmp(name.p, names[i], name.n) == 0)
            return true;
    return false;
}

/* Whether headers of mail stand there, up to an empty line or the end of what is at hand. */
static bool has_headers(weft_str rest)
{
    weft_str line, name;
    size_t known = 0;
    while (weft_str_next_line(&rest, &line) && line.n > 0) {
        if (line.p[0] == ' ' || line.p[0] == '\t' || line.p[0] == '>')
            continue;
        if (!is_header(line, &name))
            return rest.n == 0 && known >= HEADERS_MIN;
        known += is_mail_header(name) ? 1 : 0;
    }
    return known >= HEADERS_MIN;
}

int fmt_mbox_sniff(weft_str head)
{
    weft_str rest = head, line;
    if (!weft_str_next_line(&rest, &line))
        return 0;
    if (weft_str_starts(line, "From "))
        return has_headers(rest) ? SURE : 0;
    return has_headers(head) ? LIKELY : 0;
}

static weft_code keep(reader *r, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_error why = {0};
    weft_record_counts *counts = r->source->counts;
    const weft_record_options *o = r->source->options;
    mail m = {.line = r->line};
    weft_code code =
        mail_parse(tmp, weft_buf_str(&r->message), o == NULL ? NULL : o->tz, &m, &why);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    if (code != WEFT_OK) {
        r->sink->refuse(r->sink->ctx, r->line, why.text);
        return WEFT_OK;
    }
    if (counts != NULL) {
        counts->bad_dates += m.has_bad_date ? 1 : 0;
        counts->repaired += m.is_repaired ? 1 : 0;
    }
    code = mail_threads_add(r->threads, &m, err);
    if (code == WEFT_OK)
        code = mail_store_add(r->store, &m, err);
    r->count += code == WEFT_OK ? 1 : 0;
    return code;
}

static weft_code end_message(reader *r, weft_error *err)
{
    weft_code code = WEFT_OK;
    if (r->too_long)
        r->sink->refuse(r->sink->ctx, r->line, "message over 64 MiB");
    else if (weft_str_trim(weft_buf_str(&r->message)).n > 0)
        code = keep(r, err);
    weft_buf_clear(&r->message);
    r->too_long = r->in_body = false;
    return code;
}

/* A line of a message; in an mbox, one that begins with "From " was quoted. */
static weft_code take_line(reader *r, const input_line *line, weft_error *err)
{
    weft_str text = line->text;
    size_t marks = 0;
    while (r->is_mbox && r->in_body && marks < text.n && text.p[marks] == '>')
        marks++;
    weft_str behind = weft_str_of(text.p + marks, text.n - marks);
    if (marks > 0 && weft_str_starts(behind, "From "))
        text = weft_str_of(text.p + 1, text.n - 1);
    r->in_body = r->in_body || (text.n == 0 && r->message.n > 0);
    weft_buf_add(&r->message, text);
    weft_buf_add_char(&r->message, '\n');
    if (r->message.failed == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    r->too_long = r->too_long || line->too_long || r->message.failed != WEFT_OK;
    return WEFT_OK;
}

static weft_code read_messages(reader *r, input *in, weft_error *err)
{
    input_line line;
    bool more = true, after_empty = true, begun = false;
    for (;;) {
        weft_code code = input_next_line(in, &line, &more, err);
        if (code != WEFT_OK)
            return code;
        if (!more)
            return begun ? end_message(r, err) : WEFT_OK;
        if (!begun && line.text.n == 0 && !line.too_long)
            continue;
        bool starts = begun ? r->is_mbox && after_empty && is_from_line(line.text)
                            : weft_str_starts(line.text, "From ");
        if (begun && starts)
            code = end_message(r, err);
        r->is_mbox = r->is_mbox || (!begun && starts);
        if (!begun || starts)
            r->line = line.number;
        begun = true;
        if (code == WEFT_OK && !starts)
            code = take_line(r, &line, err);
        if (code != WEFT_OK)
            return code;
        after_empty = line.text.n == 0;
    }
}

/* The article of a thread whose first message is not there. Its revision is lower than that of
 * a message, so that it never takes the place of one. */
static weft_code put_stub(reader *r, const mail *m, const mail_place *place,
                          weft_error *err)
{
    weft_str title = mail_plain_subject(m->subject);
    weft_scope void *tmp = talloc_new(NULL);
    weft_record stub = {.type = WEFT_ARTICLE,
                        .id = place->article,
                        .title = weft_str_dup(tmp, title),
                        .published_s = WEFT_DATE_UNKNOWN,
                        .has_rev = true,
                        .rev = 0};
    if (stub.title == NULL)
        return weft_fail_nomem(err);
    return fmt_put(r->source, r->sink, &stub, m->line, err);
}

static weft_code put(reader *r, const mail *m, const mail_place *place, weft_error *err)
{
    bool is_article = place->parent == NULL;
    weft_record record = {.type = is_article ? WEFT_ARTICLE : WEFT_COMMENT,
                          .id = m->id.p,
                          .article = is_article ? NULL : place->article,
                          .parent = place->parent,
                          .title = is_article ? m->subject.p : NULL,
                          .author = m->author.p,
                          .body = m->body.p,
                          .format = m->format,
                          .published_s = m->published_s,
                          .has_rev = is_article,
                          .rev = is_article ? 1 : 0};
    weft_code code = place->needs_stub ? put_stub(r, m, place, err) : WEFT_OK;
    r->orphans += place->is_orphan ? 1 : 0;
    return code == WEFT_OK ? fmt_put(r->source, r->sink, &record, m->line, err) : code;
}

static weft_code put_all(reader *r, weft_error *err)
{
    weft_code code = mail_store_rewind(r->store, err);
    for (size_t i = 0; code == WEFT_OK && i < r->count; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        mail m;
        mail_place place;
        code = mail_store_next(r->store, tmp, &m, err);
        if (code == WEFT_OK)
            code = mail_threads_place(r->threads, i, &place, err);
        if (code == WEFT_OK)
            code = put(r, &m, &place, err);
    }
    return code;
}

weft_code fmt_mbox_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err)
{
    reader r = {.source = source, .sink = sink};
    weft_error why = {0};
    weft_buf_init(&r.message, mem, WEFT_MAIL_MAX);
    weft_code code = mail_threads_new(mem, &r.threads, err);
    if (code == WEFT_OK)
        code = mail_store_new(mem, &r.store, err);
    if (code != WEFT_OK)
        return code;
    weft_code read = read_messages(&r, in, &why);
    code = read == WEFT_ENOMEM ? WEFT_OK : put_all(&r, err);
    fmt_note(sink, "%zu messages, of which %zu answer one that is not in the input",
             r.count, r.orphans);
    return code != WEFT_OK || read == WEFT_OK ? code : weft_fail(err, read, "%s", why.text);
}
