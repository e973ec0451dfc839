/* mapping.c - read a mapping file. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mapping.h"

#include "weft/mem.h"

#include "../formats.h"
#include "mapping_private.h"
#include "banned.h"

enum { MAPPING_BYTES_MAX = 1024 * 1024, HELP_MAX = 80 };

static const char *const field_names[] = {[MAP_ID] = "id",
                                          [MAP_OF_ARTICLE] = "article",
                                          [MAP_OF_PARENT] = "parent",
                                          [MAP_TITLE] = "title",
                                          [MAP_BODY] = "body",
                                          [MAP_AUTHOR] = "author",
                                          [MAP_AUTHOR_ID] = "author_id",
                                          [MAP_PUBLISHED] = "date",
                                          [MAP_URL] = "url",
                                          [MAP_SECTION] = "section",
                                          [MAP_SITE] = "site",
                                          [MAP_LANG] = "lang",
                                          [MAP_KIND] = "kind",
                                          [MAP_SCORE] = "score",
                                          [MAP_TAGS] = "tags"};

bool mapping_wants(const mapping *m, weft_str key)
{
    for (size_t i = 0; i < m->wanted_count; i++)
        if (weft_str_eq(m->wanted[i], key))
            return true;
    return false;
}

static weft_code load_status(loading *l, const char *where, const json_t *json,
                             map_status *out)
{
    static const struct {
        const char *name;
        weft_status status;
        unsigned include;
    } rows[] = {{"deleted", WEFT_DELETED, 0},           {"hidden", WEFT_HIDDEN, 0},
                {"pending", WEFT_PENDING, FMT_PENDING}, {"spam", WEFT_HIDDEN, FMT_SPAM},
                {"trash", WEFT_HIDDEN, FMT_TRASH},      {"draft", WEFT_HIDDEN, FMT_DRAFT},
                {"private", WEFT_HIDDEN, FMT_PRIVATE}};
    static const char *const keys[] = {"when", "is", NULL};
    weft_code code = load_check_keys(l, where, json, keys);
    if (code == WEFT_OK)
        code = load_when(l, load_where(l, where, "when"), json_object_get(json, "when"),
                         &out->when);
    const char *name = json_string_value(json_object_get(json, "is"));
    for (size_t i = 0; code == WEFT_OK && i < sizeof rows / sizeof rows[0]; i++)
        if (name != NULL && strcmp(rows[i].name, name) == 0) {
            out->status = rows[i].status;
            out->include = rows[i].include;
            return WEFT_OK;
        }
    return code == WEFT_OK
               ? load_fail(
                     l, load_where(l, where, "is"),
                     "is none of deleted, hidden, pending, spam, trash, draft, private")
               : code;
}

static weft_code load_statuses(loading *l, const char *where, const json_t *json,
                               map_record *r)
{
    weft_code code = WEFT_OK;
    if (json == NULL)
        return WEFT_OK;
    if (!json_is_array(json))
        return load_fail(l, where, "is no array");
    r->statuses = weft_new_array(l->m, map_status, json_array_size(json));
    if (r->statuses == NULL)
        return weft_fail_nomem(l->err);
    for (; r->status_count < json_array_size(json) && code == WEFT_OK; r->status_count++)
        code = load_status(l, where, json_array_get(json, r->status_count),
                           &r->statuses[r->status_count]);
    return code;
}

static weft_code load_format(loading *l, const char *where, const json_t *json,
                             weft_format *out)
{
    static const char *const names[] = {
        [WEFT_TEXT] = "text", [WEFT_HTML] = "html", [WEFT_MARKDOWN] = "markdown"};
    const char *name = json_string_value(json);
    if (json == NULL)
        return WEFT_OK;
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (weft_format)i;
            return WEFT_OK;
        }
    return load_fail(l, where, "is none of text, html, markdown");
}

/* The keys of a record that are no field. */
static bool is_rule(const char *key)
{
    return strcmp(key, "when") == 0 || strcmp(key, "status") == 0 ||
           strcmp(key, "format") == 0;
}

static weft_code load_fields(loading *l, const char *where, const json_t *json,
                             map_record *r)
{
    const char *key;
    json_t *value;
    bool is_comment = r == &l->m->comment;
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        const char *place = load_where(l, where, key);
        size_t i = 0;
        if (is_rule(key))
            continue;
        while (i < MAP_KEYS && strcmp(field_names[i], key) != 0)
            i++;
        if (i == MAP_KEYS ||
            (!is_comment && (i == MAP_OF_ARTICLE || i == MAP_OF_PARENT || i == MAP_KIND)))
            return load_fail(l, place, "is no field of a record here");
        weft_code code = load_field(l, place, value, &r->fields[i]);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

static weft_code load_record(loading *l, const char *where, const json_t *root,
                             map_record *r)
{
    const json_t *json = json_object_get(root, where),
                 *when = json_object_get(json, "when");
    if (json == NULL)
        return WEFT_OK;
    if (!json_is_object(json))
        return load_fail(l, where, "is no object");
    r->given = true;
    r->has_when = when != NULL;
    weft_code code =
        r->has_when ? load_when(l, load_where(l, where, "when"), when, &r->when) : WEFT_OK;
    if (code == WEFT_OK)
        code = load_format(l, load_where(l, where, "format"),
                           json_object_get(json, "format"), &r->format);
    if (code == WEFT_OK)
        code = load_statuses(l, load_where(l, where, "status"),
                             json_object_get(json, "status"), r);
    if (code == WEFT_OK)
        code = load_fields(l, where, json, r);
    if (code == WEFT_OK && r->fields[MAP_ID].count == 0)
        code = load_fail(l, where, "has no id");
    return code;
}

static weft_code load_skips(loading *l, const json_t *json)
{
    static const char *const keys[] = {"when", "reason", NULL};
    weft_code code = WEFT_OK;
    mapping *m = l->m;
    if (json == NULL)
        return WEFT_OK;
    if (!json_is_array(json))
        return load_fail(l, "skip", "is no array");
    m->skips = weft_new_array(m, map_skip, json_array_size(json));
    if (m->skips == NULL)
        return weft_fail_nomem(l->err);
    for (; m->skip_count < json_array_size(json) && code == WEFT_OK; m->skip_count++) {
        const json_t *row = json_array_get(json, m->skip_count);
        map_skip *skip = &m->skips[m->skip_count];
        weft_str reason = {0};
        code = load_check_keys(l, "skip", row, keys);
        if (code == WEFT_OK)
            code = load_text(l, "skip.reason", json_object_get(row, "reason"), &reason);
        if (code == WEFT_OK)
            code = load_when(l, "skip.when", json_object_get(row, "when"), &skip->when);
        skip->reason = reason.p;
    }
    return code;
}

static weft_code load_records(loading *l, const json_t *json)
{
    weft_str *texts = NULL;
    size_t n = 0;
    mapping *m = l->m;
    weft_code code = json == NULL ? WEFT_OK : load_texts(l, "records", json, &texts, &n);
    m->records = weft_new_array(m, tree_path, n);
    if (code == WEFT_OK && m->records == NULL)
        code = weft_fail_nomem(l->err);
    for (; m->record_count < n && code == WEFT_OK; m->record_count++)
        code =
            load_path(l, "records", texts[m->record_count], &m->records[m->record_count]);
    return code;
}

static weft_code load_listed(loading *l, const json_t *json)
{
    static const char *const keys[] = {"path", "reason", NULL};
    weft_str path, reason = {0};
    if (json == NULL)
        return WEFT_OK;
    weft_code code = load_check_keys(l, "listed", json, keys);
    if (code == WEFT_OK)
        code = load_text(l, "listed.path", json_object_get(json, "path"), &path);
    if (code == WEFT_OK)
        code = load_text(l, "listed.reason", json_object_get(json, "reason"), &reason);
    if (code == WEFT_OK)
        code = load_path(l, "listed.path", path, &l->m->listed);
    l->m->listed_reason = reason.p;
    return code;
}

static weft_code load_table(loading *l, const char *name, const json_t *json, map_table *t)
{
    static const char *const keys[] = {"records", "key", NULL};
    const char *where = load_where(l, "tables", name);
    weft_str records, key;
    weft_code code = load_check_keys(l, where, json, keys);
    if (code == WEFT_OK)
        code = load_text(l, load_where(l, where, "records"),
                         json_object_get(json, "records"), &records);
    if (code == WEFT_OK)
        code =
            load_text(l, load_where(l, where, "key"), json_object_get(json, "key"), &key);
    if (code == WEFT_OK)
        code = load_path(l, where, records, &t->records);
    if (code == WEFT_OK)
        code = load_path(l, where, key, &t->key);
    t->name = weft_str_of(weft_str_dup(l->m, weft_str_from(name)), strlen(name));
    return code == WEFT_OK && t->name.p == NULL ? weft_fail_nomem(l->err) : code;
}

static weft_code load_tables(loading *l, const json_t *json)
{
    mapping *m = l->m;
    const char *key;
    json_t *value;
    if (json == NULL)
        return WEFT_OK;
    if (!json_is_object(json))
        return load_fail(l, "tables", "is no object");
    m->tables = weft_new_array(m, map_table, json_object_size(json));
    if (m->tables == NULL)
        return weft_fail_nomem(l->err);
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        weft_code code = load_table(l, key, value, &m->tables[m->table_count]);
        if (code != WEFT_OK)
            return code;
        m->table_count++;
    }
    return WEFT_OK;
}

/* "a b c" is a set of three keys. */
static weft_code load_set(loading *l, weft_str text, map_keys *set)
{
    set->keys = weft_new_array(l->m, weft_str, text.n);
    if (set->keys == NULL)
        return weft_fail_nomem(l->err);
    while ((text = weft_str_trim(text)).n > 0) {
        const char *space = memchr(text.p, ' ', text.n);
        size_t n = space == NULL ? text.n : (size_t)(space - text.p);
        set->keys[set->count++] = weft_str_of(text.p, n);
        text = weft_str_of(text.p + n, text.n - n);
    }
    return set->count == 0 ? load_fail(l, "marks", "names no key") : WEFT_OK;
}

static weft_code load_mark(loading *l, const json_t *json, map_mark *mark)
{
    weft_str *texts = NULL;
    weft_code code = load_texts(l, "marks", json, &texts, &mark->count);
    if (code != WEFT_OK)
        return code;
    mark->sets = weft_new_array(l->m, map_keys, mark->count);
    if (mark->sets == NULL)
        return weft_fail_nomem(l->err);
    for (size_t i = 0; i < mark->count && code == WEFT_OK; i++)
        code = load_set(l, texts[i], &mark->sets[i]);
    return code;
}

static weft_code load_marks(loading *l, const json_t *json)
{
    mapping *m = l->m;
    weft_code code = WEFT_OK;
    if (json == NULL)
        return WEFT_OK;
    if (!json_is_array(json))
        return load_fail(l, "marks", "is no array");
    m->marks = weft_new_array(m, map_mark, json_array_size(json));
    if (m->marks == NULL)
        return weft_fail_nomem(l->err);
    for (; m->mark_count < json_array_size(json) && code == WEFT_OK; m->mark_count++)
        code = load_mark(l, json_array_get(json, m->mark_count), &m->marks[m->mark_count]);
    return code;
}

static weft_code load_names(loading *l, const json_t *root)
{
    weft_str name = weft_str_from("mapping"), help = weft_str_from("");
    const json_t *json = json_object_get(root, "name");
    weft_code code = json == NULL ? WEFT_OK : load_text(l, "name", json, &name);
    if (code == WEFT_OK && (json = json_object_get(root, "help")) != NULL)
        code = load_text(l, "help", json, &help);
    if (code == WEFT_OK && help.n > HELP_MAX)
        code = load_fail(l, "help", "is over %d bytes", HELP_MAX);
    l->m->name = name.p;
    l->m->help = help.p;
    l->m->for_csv = json_is_true(json_object_get(root, "csv"));
    if (code == WEFT_OK && (json = json_object_get(root, "columns")) != NULL)
        code = load_texts(l, "columns", json, &l->m->columns, &l->m->column_count);
    return code;
}

static weft_code load_all(loading *l, const json_t *root)
{
    static const char *const keys[] = {"listed",  "name",    "help",   "csv",  "columns",
                                       "marks",   "records", "tables", "skip", "article",
                                       "comment", "stub",    NULL};
    weft_code code = load_check_keys(l, "", root, keys);
    if (code == WEFT_OK)
        code = load_names(l, root);
    if (code == WEFT_OK)
        code = load_marks(l, json_object_get(root, "marks"));
    if (code == WEFT_OK)
        code = load_records(l, json_object_get(root, "records"));
    if (code == WEFT_OK)
        code = load_listed(l, json_object_get(root, "listed"));
    if (code == WEFT_OK)
        code = load_tables(l, json_object_get(root, "tables"));
    if (code == WEFT_OK)
        code = load_skips(l, json_object_get(root, "skip"));
    if (code == WEFT_OK)
        code = load_record(l, "article", root, &l->m->article);
    if (code == WEFT_OK)
        code = load_record(l, "comment", root, &l->m->comment);
    if (code == WEFT_OK)
        code = load_record(l, "stub", root, &l->m->stub);
    if (code == WEFT_OK && !l->m->article.given && !l->m->comment.given)
        code = load_fail(l, "", "says of neither an article nor a comment how it is made");
    return code;
}

weft_code mapping_load(void *mem, weft_str text, const char *name, mapping **out,
                       weft_error *err)
{
    json_error_t fault;
    mapping *m = talloc_zero(mem, mapping);
    loading l = {.m = m, .file = name, .err = err};
    if (m == NULL)
        return weft_fail_nomem(err);
    weft_json_watch();
    json_t *root =
        json_loadb(text.p == NULL ? "" : text.p, text.n, JSON_REJECT_DUPLICATES, &fault);
    weft_code code = weft_json_lost() ? weft_fail_nomem(err) : WEFT_OK;
    if (code == WEFT_OK && root == NULL)
        code = weft_fail(err, WEFT_EUSAGE, "%s:%d: column %d: %s", name, fault.line,
                         fault.column, fault.text);
    if (code == WEFT_OK)
        code = load_all(&l, root);
    json_decref(root);
    if (code == WEFT_OK)
        *out = m;
    else
        talloc_free(m);
    return code;
}

weft_code mapping_builtin_get(const char *name, const mapping **out, weft_error *err)
{
    enum { KEPT_MAX = 32 };
    static mapping *kept[KEPT_MAX];
    const mapping_builtin *b;
    for (size_t i = 0; i < KEPT_MAX && (b = mapping_builtin_at(i)) != NULL; i++) {
        if (strcmp(b->name, name) != 0)
            continue;
        weft_str text = weft_str_of(b->start, (size_t)(b->end - b->start));
        weft_code code =
            kept[i] == NULL ? mapping_load(NULL, text, name, &kept[i], err) : WEFT_OK;
        *out = kept[i];
        return code;
    }
    return weft_fail(err, WEFT_EINTERNAL, "no mapping '%s'", name);
}

weft_code mapping_load_file(void *mem, const char *name, mapping **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    input *in;
    weft_str text;
    weft_code code = input_open(tmp, name, NULL, &in, err);
    if (code == WEFT_OK)
        code = input_all(in, tmp, MAPPING_BYTES_MAX, &text, err);
    return code == WEFT_OK ? mapping_load(mem, text, name, out, err) : code;
}
