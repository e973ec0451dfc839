/* formats.c - the table of input formats. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats.h"

#include "weft/mem.h"
#include "formats/csv.h"
#include "formats/json.h"
#include "banned.h"

enum { PAGE_MAX = 64 * 1024 * 1024, SURE_ENOUGH = 10, NO_DOUBT = 100 };

static weft_code read_page(void *mem, input *in, const fmt_source *source,
                           const fmt_sink *sink, weft_error *err)
{
    weft_str raw;
    fmt_source whole = *source;
    size_t repaired = 0;
    weft_code code = input_all(in, mem, PAGE_MAX, &raw, err);
    if (code == WEFT_OK)
        code = weft_utf8_repair(mem, raw, &whole.bytes, &repaired, err);
    if (repaired > 0 && source->counts != NULL)
        source->counts->repaired++;
    return code == WEFT_OK ? fmt_page_read(mem, &whole, sink, err) : code;
}

/* A format that is a mapping of the `json` reader. */
#define MAPPED(symbol, name)                                                               \
    static weft_code read_##symbol(void *mem, input *in, const fmt_source *source,         \
                                   const fmt_sink *sink, weft_error *err)                  \
    {                                                                                      \
        return fmt_mapped_read(name, mem, in, source, sink, err);                          \
    }                                                                                      \
    static int sniff_##symbol(weft_str head)                                               \
    {                                                                                      \
        return fmt_mapped_sniff(name, head);                                               \
    }

MAPPED(reddit, "reddit")
MAPPED(pushshift, "pushshift")
MAPPED(hn, "hn")
MAPPED(hn_algolia, "hn-algolia")
MAPPED(hn_list, "hn-list")
MAPPED(discourse, "discourse")
MAPPED(remark42, "remark42")
MAPPED(commento, "commento")
MAPPED(comentario, "comentario")
MAPPED(isso, "isso")
MAPPED(coral_comments, "coral-comments")
MAPPED(coral_stories, "coral-stories")

static const fmt_format formats[] = {
    {"ndjson", "weft NDJSON, one record a line", FMT_BY_LINE, fmt_ndjson_sniff,
     fmt_ndjson_read},
    {"page", "an article page with its comments, saved as text", 0, fmt_page_sniff,
     read_page},
    {"mbox", "mail, an mbox or a message", FMT_OWN_CHARSETS, fmt_mbox_sniff, fmt_mbox_read},
    {"wxr", "a WordPress export (WXR)", 0, fmt_wxr_sniff, fmt_wxr_read},
    {"disqus", "a Disqus export", 0, fmt_disqus_sniff, fmt_disqus_read},
    {"json", "JSON of any layout, by a mapping", 0, fmt_json_sniff, fmt_json_read},
    {"reddit", "Reddit's /comments/ID.json", 0, sniff_reddit, read_reddit},
    {"pushshift", "Pushshift's RS_ and RC_ files", 0, sniff_pushshift, read_pushshift},
    {"hn", "Hacker News, items of its API", 0, sniff_hn, read_hn},
    {"hn-algolia", "Hacker News, trees of Algolia's API", 0, sniff_hn_algolia,
     read_hn_algolia},
    {"hn-list", "Hacker News, a scraped thread", 0, sniff_hn_list, read_hn_list},
    {"discourse", "Discourse topics", 0, sniff_discourse, read_discourse},
    {"remark42", "Remark42, a backup or an answer of its API", 0, sniff_remark42,
     read_remark42},
    {"commento", "Commento and Comentario 2", 0, sniff_commento, read_commento},
    {"comentario", "Comentario 3", 0, sniff_comentario, read_comentario},
    {"isso", "Isso's generic import format", 0, sniff_isso, read_isso},
    {"html", "a saved web page with its comments", 0, fmt_html_sniff, fmt_html_read},
    {"coral-comments", "comments.csv of Coral's importer", 0, sniff_coral_comments,
     read_coral_comments},
    {"coral-stories", "stories.csv of Coral's importer", 0, sniff_coral_stories,
     read_coral_stories},
    {"csv", "tables with a header, comma, semicolon or tab", 0, fmt_csv_sniff,
     fmt_csv_read},
    {"atom", "an Atom feed: Blogger's export, or threads by RFC 4685", 0, fmt_atom_sniff,
     fmt_atom_read},
    {"mt", "a Movable Type or TypePad export", 0, fmt_mt_sniff, fmt_mt_read},
};

enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

const fmt_format *fmt_at(size_t i)
{
    return i < FORMAT_COUNT ? &formats[i] : NULL;
}

const fmt_format *fmt_find(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

void fmt_names(weft_buf *out)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        weft_buf_add_text(out, i == 0 ? "" : ", ");
        weft_buf_add_text(out, formats[i].name);
    }
}

static weft_code fail_unknown(weft_str head, const char *name, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf names;
    weft_str text = weft_str_trim(head);
    if (text.n == 0)
        return weft_fail(err, WEFT_ESYNTAX, "%s: is empty", name);
    weft_buf_init(&names, tmp, WEFT_ERROR_TEXT_MAX);
    fmt_names(&names);
    return weft_fail(err, WEFT_ESYNTAX,
                     "%s: is in no format known; name its format with --format, one of %s",
                     name, names.p);
}

fmt_guess fmt_guess_head(weft_str head)
{
    fmt_guess g = {0};
    for (size_t i = 0; i < FORMAT_COUNT && g.sure < NO_DOUBT; i++) {
        int sure = formats[i].sniff(head);
        if (sure > g.sure) {
            g.second = g.best;
            g.second_sure = g.sure;
            g.best = &formats[i];
            g.sure = sure;
        } else if (sure > g.second_sure) {
            g.second = &formats[i];
            g.second_sure = sure;
        }
    }
    return g;
}

weft_code fmt_sniff_head(weft_str head, const char *name, const fmt_format **out,
                         weft_error *err)
{
    fmt_guess g = fmt_guess_head(head);
    *out = g.sure >= SURE_ENOUGH ? g.best : NULL;
    return *out == NULL ? fail_unknown(head, name, err) : WEFT_OK;
}

weft_code fmt_sniff(input *in, const char *name, const fmt_format **out, weft_error *err)
{
    weft_str head;
    weft_code code = input_head(in, &head, err);
    return code == WEFT_OK ? fmt_sniff_head(head, name, out, err) : code;
}

weft_code fmt_check_named(input *in, const char *name, const fmt_format *named,
                          weft_error *err)
{
    weft_str head;
    weft_code code = input_head(in, &head, err);
    if (code != WEFT_OK || named->sniff(head) > 0)
        return code;
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (formats[i].sniff(head) >= FMT_CERTAIN)
            return weft_fail(err, WEFT_ESYNTAX,
                             "%s: looks like %s, not %s: leave out --format", name,
                             formats[i].name, named->name);
    return WEFT_OK;
}
