/* csv_columns.c - what the columns of a table are, by its header. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv.h"

#include <csv.h>

#include "weft/mem.h"
#include "json.h"
#include "banned.h"

enum { NAME_MAX_BYTES = 64, SURE = 88, SURER = 92, ARTICLE_COLUMNS_MIN = 3 };

/* Usual names, in lower case and without what stands between their words. */
static const struct {
    const char *key, *names;
} usual[] = {
    {"id", " id commentid cid uuid guid commentuuid nr "},
    {"parent", " parent parentid parentcommentid parentcomment replyto replytoid inreplyto "
               "inreplytoid replytocomment parentuuid commentparent pid "},
    {"article",
     " article articleid thread threadid story storyid post postid page pageid "
     "asset assetid topic topicid entry entryid link articleurl pageurl threadurl "
     "storyurl posturl commentpostid "},
    {"url", " url commenturl permalink uri "},
    {"author", " author authorname name user username commentauthor nick nickname "
               "displayname commenter commentername by poster "},
    {"author_id", " authorid userid commenterid "},
    {"date",
     " date created createdat createdon time timestamp datetime published publishedat "
     "publishedon posted postedat commentdate postdate pubdate "},
    {"created_utc", " createdutc "},
    {"body", " body comment text content message commenttext commentbody commentcontent "
             "messagetext rawmessage "},
    {"title", " title headline articletitle subject threadtitle storytitle pagetitle "
              "posttitle "},
    {"score", " score votes likes points upvotes rating totalvotes "},
    {"section", " section category subreddit "},
    {"site", " site domain "},
    {"lang", " lang language "},
    {"tags", " tags tag "},
    {"status", " status state "},
    {"approved", " approved isapproved commentapproved public ispublic "},
    {"deleted", " deleted isdeleted removed "},
    {"spam", " spam isspam "},
    {"type", " type recordtype "},
};

const char *csv_usual(weft_str name)
{
    char plain[NAME_MAX_BYTES + 3] = " ";
    size_t n = 1;
    name = weft_str_trim(name);
    if (name.n == 0 || name.n > NAME_MAX_BYTES)
        return NULL;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != '_' && c != '-' && c != ' ' && c != '.')
            plain[n++] = c;
    }
    plain[n++] = ' ';
    plain[n] = '\0';
    for (size_t i = 0; n > 2 && i < sizeof usual / sizeof usual[0]; i++)
        if (strstr(usual[i].names, plain) != NULL)
            return usual[i].key;
    return NULL;
}

typedef struct header {
    void *mem;
    weft_str *names;
    size_t count;
    bool ended, failed;
} header;

static void on_field(void *text, size_t n, void *ctx)
{
    header *h = ctx;
    if (h->ended || h->count == CSV_COLUMNS_MAX)
        return;
    weft_str name = weft_str_trim(weft_str_of(text, n));
    char *copy = weft_str_dup(h->mem, name);
    h->failed = h->failed || copy == NULL;
    h->names[h->count++] = weft_str_of(copy, name.n);
}

static void on_row(int c, void *ctx)
{
    (void)c;
    ((header *)ctx)->ended = true;
}

/* The fields of the first row, which may go over several lines. */
static weft_code read_header(void *mem, weft_str head, char delimiter, header *out,
                             weft_error *err)
{
    struct csv_parser parser;
    weft_str line;
    *out = (header){.mem = mem, .names = weft_new_array(mem, weft_str, CSV_COLUMNS_MAX)};
    if (out->names == NULL || csv_init(&parser, CSV_APPEND_NULL) != 0)
        return weft_fail_nomem(err);
    csv_set_delim(&parser, (unsigned char)delimiter);
    while (!out->ended && weft_str_next_line(&head, &line)) {
        csv_parse(&parser, line.p, line.n, on_field, on_row, out);
        csv_parse(&parser, "\n", 1, on_field, on_row, out);
    }
    out->failed = out->failed || csv_error(&parser) != CSV_SUCCESS;
    csv_free(&parser);
    return out->failed ? weft_fail_nomem(err) : WEFT_OK;
}

static weft_code find_mark(csv_columns *c, weft_error *err)
{
    const mapping_builtin *b;
    for (size_t i = 0; (b = mapping_builtin_at(i)) != NULL && c->marked == NULL; i++) {
        const mapping *m;
        weft_code code = mapping_builtin_get(b->name, &m, err);
        if (code != WEFT_OK)
            return code;
        if (m->for_csv && mapping_marked_by(m, c->names, c->count))
            c->marked = b->name;
    }
    return WEFT_OK;
}

static bool is_better(const csv_columns *a, const csv_columns *b)
{
    if ((a->marked != NULL) != (b->marked != NULL))
        return a->marked != NULL;
    return a->known > b->known || (a->known == b->known && a->count > b->count);
}

weft_code csv_columns_read(void *mem, weft_str head, csv_columns *out, weft_error *err)
{
    static const char delimiters[] = {',', ';', '\t'};
    *out = (csv_columns){0};
    for (size_t i = 0; i < sizeof delimiters; i++) {
        header h;
        csv_columns c = {.delimiter = delimiters[i]};
        weft_code code = read_header(mem, head, delimiters[i], &h, err);
        c.names = h.names;
        c.count = h.ended ? h.count : 0;
        if (code == WEFT_OK)
            code = find_mark(&c, err);
        if (code != WEFT_OK)
            return code;
        for (size_t k = 0; k < c.count; k++)
            c.known += csv_usual(c.names[k]) != NULL ? 1 : 0;
        if (is_better(&c, out))
            *out = c;
    }
    return out->count == 0 ? weft_fail(err, WEFT_ESYNTAX, "no header of columns") : WEFT_OK;
}

static bool has(const csv_columns *c, const char *key)
{
    for (size_t i = 0; i < c->count; i++) {
        const char *usual_key = csv_usual(c->names[i]);
        if (usual_key != NULL && strcmp(usual_key, key) == 0)
            return true;
    }
    return false;
}

bool csv_columns_do(const csv_columns *c, bool *articles)
{
    bool is_typed = has(c, "type"), is_linked = has(c, "article") || has(c, "parent");
    *articles =
        !is_typed && !is_linked && has(c, "title") && (has(c, "id") || has(c, "url"));
    if (*articles)
        return c->known >= ARTICLE_COLUMNS_MIN;
    return has(c, "body") && c->known >= 2;
}

int csv_columns_sniff(weft_str head, const mapping *m)
{
    weft_scope void *tmp = talloc_new(NULL);
    csv_columns columns;
    if (m->column_count == 0 || csv_columns_read(tmp, head, &columns, NULL) != WEFT_OK ||
        columns.count != m->column_count)
        return 0;
    for (size_t i = 0; i < columns.count; i++)
        if (!weft_str_eq(columns.names[i], m->columns[i]))
            return 0;
    return SURER;
}

int fmt_csv_sniff(weft_str head)
{
    weft_scope void *tmp = talloc_new(NULL);
    csv_columns columns;
    bool articles;
    weft_str text = weft_str_trim(head);
    if (text.n == 0 || text.p[0] == '{' || text.p[0] == '[' || text.p[0] == '<')
        return 0;
    if (csv_columns_read(tmp, text, &columns, NULL) != WEFT_OK || columns.count < 2)
        return 0;
    return columns.marked != NULL || csv_columns_do(&columns, &articles) ? SURE : 0;
}
