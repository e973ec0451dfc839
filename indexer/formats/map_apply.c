/* map_apply.c - from the tree of a foreign record to a record of ours, by a mapping. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map_apply.h"

#include <math.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "ago.h"
#include "map_value.h"
#include "banned.h"

/* A C text of a view. A NUL becomes another control character, which ids are refused for and
 * other texts lose. */
static weft_code keep(map_look *look, weft_str text, const char **out)
{
    char *copy = weft_str_dup(look->mem, text);
    if (copy == NULL)
        return weft_fail_nomem(look->err);
    for (size_t i = 0; i < text.n; i++)
        copy[i] = copy[i] == '\0' ? '\1' : copy[i];
    *out = copy;
    return WEFT_OK;
}

static weft_code make_text(map_look *look, const map_field *field, const char **out)
{
    weft_str text;
    const map_way *way;
    const tree_node *node;
    weft_code code = map_text(look, field, &text, &way, &node);
    return code == WEFT_OK && text.n > 0 ? keep(look, text, out) : code;
}

/* An id that is a number is one without a fraction: how others are written is the writer's
 * whim. */
static weft_code make_id(map_look *look, const map_field *field, const char **out)
{
    weft_str text;
    const map_way *way;
    const tree_node *node = NULL;
    weft_code code = map_text(look, field, &text, &way, &node);
    if (code != WEFT_OK || text.n == 0)
        return code;
    if (node != NULL && node->kind == TREE_NUMBER)
        for (size_t i = 0; i < text.n; i++)
            if (text.p[i] == '.' || text.p[i] == 'e' || text.p[i] == 'E')
                look->fault = "an id that is no integer";
    return keep(look, text, out);
}

/* A number as JSON writes it, without its fraction. */
static bool take_number(weft_str text, int64_t *out)
{
    enum { NUMBER_MAX = 40 };
    char copy[NUMBER_MAX], *end;
    if (weft_parse_i64(text, out, NULL) == WEFT_OK)
        return true;
    if (text.n == 0 || text.n >= sizeof copy)
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    double value = strtod(copy, &end);
    if (end != copy + text.n || !isfinite(value) || fabs(value) > 9e15)
        return false;
    *out = (int64_t)value;
    return true;
}

static void count_bad_date(const fmt_source *source)
{
    if (source->counts != NULL)
        source->counts->bad_dates++;
}

static int64_t floor_thousandth(int64_t ms)
{
    return ms / 1000 - (ms % 1000 < 0 ? 1 : 0);
}

/* What MAP_EPOCH is of a text: a number in the unit that --epoch names, else a date. */
static map_as unit_of(const fmt_source *source, map_as as, weft_str text)
{
    int64_t number;
    if (as != MAP_EPOCH)
        return as;
    if (weft_parse_i64(weft_str_trim(text), &number, NULL) != WEFT_OK)
        return MAP_DATE;
    return source->options != NULL && source->options->epoch_ms ? MAP_MILLISECONDS
                                                                : MAP_SECONDS;
}

static weft_code make_date(map_look *look, const map_field *field, int64_t *out)
{
    weft_str text;
    const map_way *way = NULL;
    const tree_node *node;
    const fmt_source *source = look->place->source;
    weft_code code = map_text(look, field, &text, &way, &node);
    *out = WEFT_DATE_UNKNOWN;
    if (code != WEFT_OK || text.n == 0)
        return code;
    map_as as = unit_of(source, way->as, text);
    if (as == MAP_DATE) {
        *out = fmt_date(source, text);
        return WEFT_OK;
    }
    bool understood;
    if (as == MAP_AGO)
        understood = source->choices != NULL && source->choices->has_as_of &&
                     fmt_ago(text, source->choices->as_of_s, out);
    else
        understood = take_number(weft_str_trim(text), out);
    if (!understood)
        count_bad_date(source);
    else if (as == MAP_MILLISECONDS)
        *out = floor_thousandth(*out);
    return WEFT_OK;
}

static weft_code make_score(map_look *look, const map_field *field, weft_record *r)
{
    weft_str text;
    const map_way *way;
    const tree_node *node;
    weft_code code = map_text(look, field, &text, &way, &node);
    if (code == WEFT_OK && text.n > 0)
        r->has_score = take_number(weft_str_trim(text), &r->score);
    return code;
}

static weft_code make_tags(map_look *look, const map_field *field, weft_record *r)
{
    weft_str text;
    const map_way *way;
    const tree_node *node = NULL, one = {0};
    weft_code code = map_text(look, field, &text, &way, &node);
    if (code != WEFT_OK || (text.n == 0 && node == NULL))
        return code;
    tree_node single = one;
    single.kind = TREE_TEXT;
    single.text = text;
    const tree_node *first =
        node != NULL && node->kind == TREE_ARRAY ? node->first : &single;
    size_t n = 0;
    for (const tree_node *t = first; t != NULL; t = t->next)
        n++;
    r->tags = weft_new_array(look->mem, const char *, n);
    if (r->tags == NULL)
        return weft_fail_nomem(look->err);
    for (const tree_node *t = first; t != NULL && code == WEFT_OK; t = t->next)
        if (t->kind == TREE_TEXT || t->kind == TREE_NUMBER)
            code = keep(look, t->text, &r->tags[r->tag_count++]);
    return code;
}

static weft_code make_fields(map_look *look, const map_record *how, weft_record *r)
{
    const struct {
        map_key key;
        const char **to;
    } texts[] = {
        {MAP_TITLE, &r->title},         {MAP_BODY, &r->body}, {MAP_AUTHOR, &r->author},
        {MAP_AUTHOR_ID, &r->author_id}, {MAP_URL, &r->url},   {MAP_SECTION, &r->section},
        {MAP_SITE, &r->site},           {MAP_LANG, &r->lang}, {MAP_KIND, &r->kind}};
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && code == WEFT_OK; i++)
        code = make_text(look, &how->fields[texts[i].key], texts[i].to);
    if (code == WEFT_OK)
        code = make_score(look, &how->fields[MAP_SCORE], r);
    if (code == WEFT_OK)
        code = make_tags(look, &how->fields[MAP_TAGS], r);
    if (code == WEFT_OK && !look->waits) /* last: one not understood is counted, once */
        code = make_date(look, &how->fields[MAP_PUBLISHED], &r->published_s);
    r->format = how->format;
    return code;
}

/* The article and the parent: as the mapping says, or those it stands in. */
static weft_code make_links(map_look *look, const map_record *how, weft_record *r)
{
    const map_place *p = look->place;
    weft_code code = make_id(look, &how->fields[MAP_OF_PARENT], &r->parent);
    bool by_place = !how->fields[MAP_OF_PARENT].given || !how->fields[MAP_OF_ARTICLE].given;
    look->by_root = false;
    if (code == WEFT_OK)
        code = make_id(look, &how->fields[MAP_OF_ARTICLE], &r->article);
    if (by_place && p->outer_open)
        look->waits = true;
    if (!how->fields[MAP_OF_PARENT].given)
        r->parent = p->parent;
    if (!how->fields[MAP_OF_ARTICLE].given)
        r->article = p->article;
    return code;
}

static weft_status status_of(map_look *look, const map_record *how)
{
    const fmt_choices *choices = look->place->source->choices;
    unsigned include = choices == NULL ? 0 : choices->include;
    for (size_t i = 0; i < how->status_count; i++)
        if (map_holds(look, &how->statuses[i].when))
            return (how->statuses[i].include & include) != 0 ? WEFT_PUBLIC
                                                             : how->statuses[i].status;
    return WEFT_PUBLIC;
}

static weft_code make_record(map_look *look, const map_record *how, weft_record *r)
{
    r->published_s = WEFT_DATE_UNKNOWN;
    weft_code code = make_id(look, &how->fields[MAP_ID], &r->id);
    if (code == WEFT_OK && r->type == WEFT_COMMENT)
        code = make_links(look, how, r);
    r->status = status_of(look, how);
    /* What is not public is a place in the tree, no more: its text must not get out. */
    return code == WEFT_OK && r->status == WEFT_PUBLIC && !look->waits
               ? make_fields(look, how, r)
               : code;
}

/* Without a `when`, the article is a document's own object and a comment any other. */
static const map_record *choose(map_look *look)
{
    const map_place *p = look->place;
    const mapping *m = p->mapping;
    if (m->article.given &&
        (m->article.has_when ? map_holds(look, &m->article.when) : p->is_document))
        return &m->article;
    if (m->comment.given && (!m->comment.has_when || map_holds(look, &m->comment.when)))
        return &m->comment;
    return NULL;
}

static void conclude(const map_look *look, map_made *out)
{
    if (look->waits)
        out->outcome = MAP_WAITS;
    else if (look->twice)
        out->reason = "key given twice";
    else
        out->reason = look->fault;
    if (!look->waits && out->reason != NULL)
        out->outcome = MAP_REFUSED;
    out->by_root = look->by_root;
}

weft_code map_make(void *mem, const map_place *place, map_made *out, weft_error *err)
{
    map_look look = {.mem = mem, .place = place, .err = err};
    const mapping *m = place->mapping;
    *out = (map_made){.outcome = MAP_SKIPPED, .reason = "no record by the mapping"};
    for (size_t i = 0; i < m->skip_count; i++)
        if (map_holds(&look, &m->skips[i].when)) {
            out->reason = m->skips[i].reason;
            return WEFT_OK;
        }
    const map_record *how = choose(&look);
    if (how == NULL) {
        out->outcome = look.waits           ? MAP_WAITS
                       : place->has_records ? MAP_IS_NOTHING
                                            : MAP_SKIPPED;
        return WEFT_OK;
    }
    out->reason = NULL;
    out->outcome = how == &m->article ? MAP_IS_ARTICLE : MAP_IS_COMMENT;
    out->record.type = how == &m->article ? WEFT_ARTICLE : WEFT_COMMENT;
    weft_code code = make_record(&look, how, &out->record);
    if (code == WEFT_OK)
        conclude(&look, out);
    if (out->record.id == NULL && place->has_records && out->outcome != MAP_WAITS)
        out->outcome = MAP_IS_NOTHING;
    return code;
}

weft_code map_make_stub(void *mem, const map_place *place, weft_record *out,
                        weft_error *err)
{
    map_look look = {.mem = mem, .place = place, .err = err};
    const map_record *how = &place->mapping->stub;
    *out = (weft_record){.type = WEFT_ARTICLE, .published_s = WEFT_DATE_UNKNOWN};
    if (!how->given || (how->has_when && !map_holds(&look, &how->when)))
        return WEFT_OK;
    return make_record(&look, how, out);
}
