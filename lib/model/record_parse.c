/* record_parse.c - a line of weft NDJSON to a record: which keys there are and what each
 * may hold.
 *
 * Whatever is refused is refused whole. An absent key, null and (but for words out of a
 * list) "" are the same.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/record.h"

#include <jansson.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "record_private.h"
#include "banned.h"

typedef struct parse {
    json_t *object;
    weft_record *r; /* also the memory of all its texts */
    const weft_record_options *options;
    weft_record_counts counts;
    size_t known; /* keys of the object that were asked for */
    size_t repaired;
    weft_error *err;
} parse;

/* The value of a key, or NULL when it is absent or null. */
static json_t *get(parse *p, const char *key)
{
    json_t *value = json_object_get(p->object, key);
    if (value != NULL)
        p->known++;
    return json_is_null(value) ? NULL : value;
}

static weft_code fail_type(parse *p, const char *key, const char *wanted)
{
    return weft_fail(p->err, WEFT_ESYNTAX, "%s is not %s", key, wanted);
}

/* The text of a JSON string; escapes may have brought in new control characters. */
static weft_code take_string(parse *p, const json_t *value, const char **out)
{
    weft_str text = weft_str_of(json_string_value(value), json_string_length(value)), clean;
    if (text.n == 0)
        return WEFT_OK;
    size_t repaired;
    weft_code code = weft_utf8_repair(p->r, text, &clean, &repaired, p->err);
    if (code != WEFT_OK)
        return code;
    p->repaired += repaired;
    *out = clean.p == text.p ? weft_str_dup(p->r, text) : clean.p;
    return *out == NULL ? weft_fail_nomem(p->err) : WEFT_OK;
}

static weft_code take_integer(parse *p, const json_t *value, const char **out)
{
    *out = talloc_asprintf(p->r, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return *out == NULL ? weft_fail_nomem(p->err) : WEFT_OK;
}

/* A control character in an id is not replaced: two ids could become one. */
static weft_code take_id(parse *p, const char *key, const json_t *value, const char **out)
{
    if (json_is_string(value) && record_has_control(weft_str_of(json_string_value(value),
                                                                json_string_length(value))))
        return weft_fail(p->err, WEFT_ESYNTAX, "control character in %s", key);
    return take_string(p, value, out);
}

/* The text of a key into *out, which stays NULL when there is none. */
static weft_code take_text(parse *p, const record_text *t, const char **out)
{
    const json_t *value = get(p, t->key);
    if (value == NULL)
        return WEFT_OK;
    if (t->takes_integer && json_is_integer(value))
        return take_integer(p, value, out);
    if (!json_is_string(value))
        return fail_type(p, t->key,
                         t->takes_integer ? "a string or an integer" : "a string");
    return t->is_id ? take_id(p, t->key, value, out) : take_string(p, value, out);
}

static weft_code take_texts(parse *p)
{
    for (const record_text *t = record_texts + 1; t->key != NULL; t++) {
        if (t->is_comments && p->r->type != WEFT_COMMENT)
            continue;
        weft_code code = take_text(p, t, record_text_at(p->r, t));
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

/* The number of a key's word in a list; *out is left alone when there is none. */
static weft_code take_word(parse *p, const char *key, const char *const *words, int *out)
{
    const json_t *value = get(p, key);
    if (value == NULL)
        return WEFT_OK;
    if (!json_is_string(value))
        return fail_type(p, key, "a string");
    for (int i = 0; words[i] != NULL; i++)
        if (weft_str_is(weft_str_of(json_string_value(value), json_string_length(value)),
                        words[i])) {
            *out = i;
            return WEFT_OK;
        }
    return weft_fail(p->err, WEFT_ESYNTAX, "unknown %s", key);
}

static weft_code take_flag(parse *p, const char *key, bool *out)
{
    const json_t *value = get(p, key);
    if (value != NULL && !json_is_boolean(value))
        return fail_type(p, key, "true or false");
    *out = json_is_true(value);
    return WEFT_OK;
}

static weft_code take_status(parse *p)
{
    int status = WEFT_PUBLIC, format = WEFT_TEXT;
    bool deleted = false;
    weft_code code = take_word(p, "status", record_status_names, &status);
    if (code == WEFT_OK)
        code = take_word(p, "format", record_format_names, &format);
    if (code == WEFT_OK)
        code = take_flag(p, "deleted", &deleted);
    p->r->status = deleted ? WEFT_DELETED : (weft_status)status;
    p->r->format = (weft_format)format;
    return code;
}

static weft_code take_rev(parse *p)
{
    const json_t *value = get(p, "rev");
    if (value == NULL)
        return WEFT_OK;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return fail_type(p, "rev", "an integer from 0 up");
    p->r->has_rev = true;
    p->r->rev = (uint64_t)json_integer_value(value);
    return WEFT_OK;
}

static weft_code take_score(parse *p)
{
    const json_t *value = get(p, "score");
    if (value == NULL)
        return WEFT_OK;
    double real = json_number_value(value);
    if (!json_is_number(value))
        return fail_type(p, "score", "a number");
    if (json_is_real(value) && !(real > -0x1p63 && real < 0x1p63))
        return weft_fail(p->err, WEFT_ESYNTAX, "score out of range");
    p->r->has_score = true;
    p->r->score = json_is_real(value) ? (int64_t)real : json_integer_value(value);
    return WEFT_OK;
}

/* The unit is declared, never guessed; but say what the number looks like. */
static weft_code set_epoch(parse *p, int64_t given)
{
    bool is_ms = p->options->epoch_ms;
    int64_t s = is_ms ? given / 1000 - (given % 1000 < 0 ? 1 : 0) : given;
    if (s >= WEFT_DATE_MIN && s <= WEFT_DATE_MAX) {
        p->r->published_s = s;
        return WEFT_OK;
    }
    bool fits_ms = s / 1000 >= WEFT_DATE_MIN && s / 1000 <= WEFT_DATE_MAX;
    const char *unit = is_ms     ? "microseconds"
                       : fits_ms ? "milliseconds"
                                 : "milliseconds or microseconds";
    return weft_fail(p->err, WEFT_ESYNTAX, "date %lld out of range: looks like %s",
                     (long long)given, unit);
}

static weft_code set_date(parse *p, weft_str text, const char *tz)
{
    weft_code code = weft_date_parse(text, tz, &p->r->published_s, NULL);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(p->err);
    if (code != WEFT_OK)
        p->counts.bad_dates++;
    return WEFT_OK;
}

/* A record's own "tz" is for its own date; only that is kept. */
static weft_code take_date(parse *p)
{
    static const record_text tz_text = {.key = "tz"};
    const char *tz = NULL;
    weft_code code = take_text(p, &tz_text, &tz);
    if (code != WEFT_OK)
        return code;
    p->r->published_s = WEFT_DATE_UNKNOWN;
    const json_t *value = get(p, "date");
    if (json_is_integer(value))
        return set_epoch(p, json_integer_value(value));
    if (value != NULL && !json_is_string(value))
        return fail_type(p, "date", "a string or an integer");
    weft_str text = weft_str_of(json_string_value(value), json_string_length(value));
    return text.n == 0 ? WEFT_OK : set_date(p, text, tz == NULL ? p->options->tz : tz);
}

/* One tag more, unless it is empty; the array has room. */
static weft_code add_tag(parse *p, const json_t *value)
{
    const char *tag = NULL;
    if (!json_is_string(value))
        return fail_type(p, "tags", "an array of strings");
    weft_code code = take_string(p, value, &tag);
    if (code == WEFT_OK && tag != NULL)
        p->r->tags[p->r->tag_count++] = tag;
    return code;
}

static weft_code take_tags(parse *p)
{
    const json_t *value = get(p, "tags");
    if (value == NULL)
        return WEFT_OK;
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    p->r->tags = weft_new_array(p->r, const char *, n);
    if (p->r->tags == NULL)
        return weft_fail_nomem(p->err);
    if (!json_is_array(value))
        return add_tag(p, value);
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < n; i++)
        code = add_tag(p, json_array_get(value, i));
    return code;
}

/* The prefix before an id. */
static weft_code add_prefix(parse *p, const char **id)
{
    if (p->options->id_prefix == NULL || *id == NULL)
        return WEFT_OK;
    *id = talloc_asprintf(p->r, "%s%s", p->options->id_prefix, *id);
    return *id == NULL ? weft_fail_nomem(p->err) : WEFT_OK;
}

static weft_code add_prefixes(parse *p)
{
    for (const record_text *t = record_texts; t->key != NULL; t++) {
        weft_code code = t->is_id ? add_prefix(p, record_text_at(p->r, t)) : WEFT_OK;
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

/* A prefix hides that a parent was a marker: whoever rendered the record then says so with
 * a key of its own. */
static weft_code take_marker(parse *p)
{
    bool said = false;
    weft_code code =
        p->r->type == WEFT_COMMENT ? take_flag(p, "parent_is_marker", &said) : WEFT_OK;
    if (p->r->parent != NULL)
        p->r->parent_is_marker = said || record_is_marker(p->r->parent, p->r->article);
    return code;
}

static weft_code parse_document(parse *p)
{
    weft_code (*const steps[])(parse *) = {take_texts,  take_status, take_rev,
                                           take_score,  take_date,   take_tags,
                                           take_marker, add_prefixes};
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < sizeof steps / sizeof steps[0]; i++)
        code = steps[i](p);
    return code;
}

/* A delete's ref into type and id; an id given beside it must be the same. */
static weft_code set_ref(parse *p, const char *ref)
{
    weft_str id;
    weft_error reason = {0};
    weft_code code = weft_ref_parse(weft_str_from(ref), &p->r->type, &id, &reason);
    if (code != WEFT_OK)
        return weft_fail(p->err, code == WEFT_ELIMIT ? code : WEFT_ESYNTAX, "ref: %s",
                         reason.text);
    if (p->r->id != NULL && !weft_str_is(id, p->r->id))
        return weft_fail(p->err, WEFT_ESYNTAX, "ref and id disagree");
    p->r->id = weft_str_dup(p->r, id);
    return p->r->id == NULL ? weft_fail_nomem(p->err) : WEFT_OK;
}

/* By ref, or by id and article, which makes it a comment's: a bare id could mean either. */
static weft_code parse_delete(parse *p)
{
    static const record_text ref_text = {
        .key = "ref", .is_id = true, .takes_integer = true};
    const record_text *article_text = record_texts + 1;
    const char *ref = NULL;
    weft_code code = take_text(p, &ref_text, &ref);
    if (code == WEFT_OK)
        code = take_text(p, article_text, record_text_at(p->r, article_text));
    if (code == WEFT_OK && ref != NULL)
        code = set_ref(p, ref);
    if (code == WEFT_OK)
        code = take_rev(p);
    if (code != WEFT_OK)
        return code;
    p->r->published_s = WEFT_DATE_UNKNOWN;
    p->r->is_delete = true;
    if (ref == NULL && (p->r->id == NULL || p->r->article == NULL))
        return weft_fail(p->err, WEFT_ESYNTAX, "delete without ref, or id and article");
    if (ref == NULL)
        p->r->type = WEFT_COMMENT;
    return add_prefixes(p);
}

static void add_counts(const parse *p, weft_record_counts *counts)
{
    if (counts == NULL)
        return;
    counts->unknown_keys += json_object_size(p->object) - p->known;
    counts->bad_dates += p->counts.bad_dates;
    counts->repaired += p->repaired > 0;
    counts->suspicious +=
        record_is_encoded_twice(p->r->body) || record_is_encoded_twice(p->r->title);
}

static weft_code parse_object(parse *p)
{
    enum { IS_ARTICLE, IS_COMMENT, IS_DELETE };
    static const char *const types[] = {"article", "comment", "delete", NULL};
    int type = -1;
    weft_code code = take_text(p, &record_texts[0], &p->r->id);
    if (code == WEFT_OK)
        code = take_word(p, "type", types, &type);
    if (code != WEFT_OK)
        return code;
    if (type < 0)
        return weft_fail(p->err, WEFT_ESYNTAX, "no type");
    p->r->type = type == IS_COMMENT ? WEFT_COMMENT : WEFT_ARTICLE;
    code = type == IS_DELETE ? parse_delete(p) : parse_document(p);
    return code == WEFT_OK ? record_check_reason(p->r, p->err) : code;
}

weft_code weft_record_parse(void *mem, weft_str line, const weft_record_options *options,
                            weft_record_counts *counts, weft_record **out, weft_error *err)
{
    static const weft_record_options defaults;
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *r = tmp == NULL ? NULL : talloc_zero(tmp, weft_record);
    if (r == NULL)
        return weft_fail_nomem(err);
    weft_error reason = {0};
    parse p = {.r = r, .options = options == NULL ? &defaults : options, .err = &reason};
    json_auto_t *object = NULL;
    weft_code code = record_load(line, &object, &p.repaired, &reason);
    p.object = object;
    if (code == WEFT_OK)
        code = parse_object(&p);
    if (code != WEFT_OK)
        return record_fail(err, code, r->id, &reason);
    add_counts(&p, counts);
    *out = talloc_steal(mem, r);
    return WEFT_OK;
}
