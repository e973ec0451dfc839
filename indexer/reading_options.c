/* reading_options.c - what the operator said about reading, checked. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <unistd.h>

#include "weft/mem.h"
#include "comment_url.h"
#include "banned.h"

static const struct {
    const char *name;
    unsigned bits;
} includes[] = {
    {"pingback", FMT_PINGBACK}, {"draft", FMT_DRAFT}, {"private", FMT_PRIVATE},
    {"pending", FMT_PENDING},   {"spam", FMT_SPAM},   {"trash", FMT_TRASH},
    {"page", FMT_PAGE},         {"all", ~0u},
};

static weft_code add_include(weft_str word, unsigned *bits, weft_error *err)
{
    for (size_t i = 0; i < sizeof includes / sizeof includes[0]; i++)
        if (weft_str_is(word, includes[i].name)) {
            *bits |= includes[i].bits;
            return WEFT_OK;
        }
    return weft_fail(err, WEFT_EUSAGE,
                     "--include: '%" WEFT_STR_FMT "' is none of pingback, draft, private, "
                     "pending, spam, trash, page and all",
                     WEFT_STR_ARG(word));
}

static weft_code parse_include(const char *list, unsigned *bits, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (const char *p = list; code == WEFT_OK; p++) {
        size_t n = strcspn(p, ",");
        code = add_include(weft_str_trim(weft_str_of(p, n)), bits, err);
        p += n;
        if (*p == '\0')
            break;
    }
    return code;
}

static weft_code parse_as_of(const read_options *o, fmt_choices *out, weft_error *err)
{
    weft_error why = {0};
    out->has_as_of = true;
    if (weft_date_parse(weft_str_from(o->as_of), o->tz, &out->as_of_s, &why) == WEFT_OK)
        return WEFT_OK;
    return weft_fail(err, WEFT_EUSAGE,
                     "--as-of: '%s' is no date: write 2013-05-03 or "
                     "2013-05-03T09:16:00Z",
                     o->as_of);
}

static weft_code check_file(const char *option, const char *path, weft_error *err)
{
    if (path == NULL || access(path, R_OK) == 0)
        return WEFT_OK;
    return weft_fail(err, WEFT_EUSAGE, "--%s: '%s' cannot be read", option, path);
}

static weft_code find_format(const char *name, const fmt_format **out, weft_error *err)
{
    weft_buf names;
    weft_scope void *tmp = talloc_new(NULL);
    *out = NULL;
    if (name == NULL || strcmp(name, "auto") == 0)
        return WEFT_OK;
    *out = fmt_find(name);
    if (*out != NULL)
        return WEFT_OK;
    weft_buf_init(&names, tmp, WEFT_ERROR_TEXT_MAX);
    fmt_names(&names);
    return weft_fail(err, WEFT_EUSAGE, "--format: no format '%s' (%s or auto)", name,
                     names.p);
}

weft_code read_options_check(const read_options *o, read_setup *out, weft_error *err)
{
    *out = (read_setup){0};
    weft_code code = find_format(o->format, &out->format, err);
    if (code == WEFT_OK && o->tz != NULL)
        code = weft_tz_check(o->tz, err);
    if (code == WEFT_OK && o->include != NULL)
        code = parse_include(o->include, &out->choices.include, err);
    if (code == WEFT_OK && o->as_of != NULL)
        code = parse_as_of(o, &out->choices, err);
    if (code == WEFT_OK && o->comment_url != NULL)
        code = comment_url_check(o->comment_url, err);
    if (code == WEFT_OK)
        code = check_file("articles", o->articles, err);
    if (code == WEFT_OK)
        code = check_file("mapping", o->mapping, err);
    out->choices.articles = o->articles;
    out->choices.mapping = o->mapping;
    return code;
}
