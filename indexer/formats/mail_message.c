/* mail_message.c - one message taken apart, by GMime. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "../decoder.h"
#include "banned.h"

enum { PARTS_MAX = 1000, ID_KEPT = 160 /* bytes of an id that is too long */ };

/* The text of a message while its parts are gone through. */
typedef struct body {
    void *mem;
    weft_buf plain, html, files;
    bool is_repaired;
} body;

static bool is_valid(weft_str s)
{
    return g_utf8_validate(s.p == NULL ? "" : s.p, (gssize)s.n, NULL);
}

/* Bytes in a charset that was declared, or NULL, as UTF-8. What is declared as ASCII, or not at
 * all, is UTF-8 where it can be, else windows-1252. */
static weft_code to_utf8(body *b, weft_str bytes, const char *charset, weft_buf *out,
                         weft_error *err)
{
    decoder *d = NULL;
    weft_error unknown = {0};
    bool is_told = charset != NULL && strcasecmp(charset, "us-ascii") != 0;
    weft_code code = WEFT_EUSAGE;
    if (bytes.n == 0)
        return WEFT_OK;
    if (is_told)
        code = decoder_open(b->mem, charset, &d, &unknown);
    if (code == WEFT_EUSAGE && is_valid(bytes)) {
        weft_buf_add(out, bytes);
        return WEFT_OK;
    }
    if (code == WEFT_EUSAGE) {
        b->is_repaired = true;
        unknown = (weft_error){0};
        code = decoder_open(b->mem, "windows-1252", &d, &unknown);
    }
    if (code != WEFT_OK)
        return weft_fail(err, code, "%s", unknown.text);
    code = decoder_add(d, bytes, true, out, "message", err);
    talloc_free(d);
    return code;
}

/* The bytes of a part as they were before they were encoded for the way. */
static GByteArray *bytes_of(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GByteArray *bytes = g_byte_array_new();
    GMimeStream *to = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)to, FALSE);
    if (content != NULL)
        g_mime_data_wrapper_write_to_stream(content, to);
    g_object_unref(to);
    return bytes;
}

static weft_code add_text(body *b, GMimePart *part, const char *charset, weft_buf *out,
                          weft_error *err)
{
    GByteArray *bytes = bytes_of(part);
    if (out->n > 0)
        weft_buf_add_text(out, "\n\n");
    weft_code code =
        to_utf8(b, weft_str_of((const char *)bytes->data, bytes->len), charset, out, err);
    g_byte_array_unref(bytes);
    return code;
}

static void add_file(body *b, const char *name)
{
    weft_buf_addf(&b->files, "%s[%s]", b->files.n == 0 ? "" : "\n", name);
}

static weft_code add_part(body *b, GMimeObject *object, weft_error *err)
{
    if (!GMIME_IS_PART(object))
        return WEFT_OK;
    GMimePart *part = (GMimePart *)object;
    GMimeContentType *type = g_mime_object_get_content_type(object);
    const char *charset = g_mime_content_type_get_parameter(type, "charset");
    const char *file = g_mime_part_get_filename(part);
    bool is_file = g_mime_part_is_attachment(part) || file != NULL;
    if (!is_file && g_mime_content_type_is_type(type, "text", "plain"))
        return add_text(b, part, charset, &b->plain, err);
    if (!is_file && b->html.n == 0 && g_mime_content_type_is_type(type, "text", "html"))
        return add_text(b, part, charset, &b->html, err);
    if (file != NULL && *file != '\0')
        add_file(b, file);
    return WEFT_OK;
}

static weft_code gather(body *b, GMimeMessage *message, weft_error *err)
{
    weft_code code = WEFT_OK;
    size_t parts = 0;
    GMimeObject *top = g_mime_message_get_mime_part(message);
    if (top == NULL)
        return WEFT_OK;
    GMimePartIter *at = g_mime_part_iter_new(top);
    do {
        GMimeObject *part = g_mime_part_iter_get_current(at);
        if (part != NULL)
            code = add_part(b, part, err);
    } while (code == WEFT_OK && ++parts < PARTS_MAX && g_mime_part_iter_next(at));
    g_mime_part_iter_free(at);
    return code;
}

/* Line ends of the mail become those of a text. */
static void drop_returns(weft_buf *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->p[i] != '\r' || i + 1 == b->n || b->p[i + 1] != '\n')
            b->p[n++] = b->p[i];
    b->n = n;
}

static weft_code read_body(void *mem, GMimeMessage *message, mail *out, weft_error *err)
{
    body b = {.mem = mem};
    weft_buf_init(&b.plain, mem, 4 * (size_t)WEFT_MAIL_MAX);
    weft_buf_init(&b.html, mem, 4 * (size_t)WEFT_MAIL_MAX);
    weft_buf_init(&b.files, mem, WEFT_MAIL_MAX);
    weft_code code = gather(&b, message, err);
    weft_buf *text = b.plain.n > 0 || b.html.n == 0 ? &b.plain : &b.html;
    out->format = text == &b.html ? WEFT_HTML : WEFT_TEXT;
    if (code == WEFT_OK)
        drop_returns(text);
    text->n = code == WEFT_OK ? weft_str_trim(weft_buf_str(text)).n +
                                    (size_t)(weft_str_trim(weft_buf_str(text)).p - text->p)
                              : text->n;
    if (b.files.n > 0 && text->n > 0)
        weft_buf_add_text(text, out->format == WEFT_HTML ? "<p>" : "\n\n");
    weft_buf_add(text, weft_buf_str(&b.files));
    if (code == WEFT_OK)
        code = weft_buf_check(text, "message", err);
    out->body = weft_buf_str(text);
    out->is_repaired = b.is_repaired;
    return code;
}

/* The <ids> of a header: the first and the last ones, when they are too many. */
static weft_code read_ids(void *mem, const char *header, weft_str **ids, size_t *count,
                          weft_error *err)
{
    *count = 0;
    *ids = weft_new_array(mem, weft_str, WEFT_MAIL_REFERENCES_MAX);
    if (*ids == NULL)
        return weft_fail_nomem(err);
    for (const char *p = header; p != NULL && (p = strchr(p, '<')) != NULL;) {
        size_t n = strcspn(++p, "<> \t\r\n");
        if (n == 0 || n > WEFT_ID_MAX || p[n] != '>')
            continue;
        if (*count == WEFT_MAIL_REFERENCES_MAX) {
            memmove(&(*ids)[1], &(*ids)[2], (*count - 2) * sizeof **ids);
            (*count)--;
        }
        char *id = weft_str_dup(mem, weft_str_of(p, n));
        if (id == NULL)
            return weft_fail_nomem(err);
        (*ids)[(*count)++] = weft_str_of(id, n);
        p += n;
    }
    return WEFT_OK;
}

/* "Ann Lee" of "ann at host.example (Ann Lee)", as archives on the web write it. */
static weft_str name_in_brackets(const char *from)
{
    const char *open = strchr(from, '('), *close = strrchr(from, ')');
    bool is_masked = strstr(from, " at ") != NULL && open != NULL && close != NULL &&
                     close > open && strstr(from, " at ") < open;
    return is_masked ? weft_str_of(open + 1, (size_t)(close - open - 1))
                     : weft_str_of(NULL, 0);
}

/* The name of who wrote it; without one what stands before the @. An address is nobody's
 * business. */
static weft_code read_author(void *mem, GMimeMessage *message, mail *out, weft_error *err)
{
    const char *raw = g_mime_object_get_header((GMimeObject *)message, "From");
    InternetAddressList *from = g_mime_message_get_from(message);
    weft_str name = raw == NULL ? weft_str_of(NULL, 0) : name_in_brackets(raw);
    if (name.n == 0 && from != NULL && internet_address_list_length(from) > 0) {
        InternetAddress *first = internet_address_list_get_address(from, 0);
        name = weft_str_from(internet_address_get_name(first));
        if (name.n == 0 && INTERNET_ADDRESS_IS_MAILBOX(first))
            name = weft_str_from(
                internet_address_mailbox_get_addr((InternetAddressMailbox *)first));
    }
    if (name.n == 0)
        name = weft_str_from(raw);
    const char *at = name.n == 0 ? NULL : memchr(name.p, '@', name.n);
    const char *masked = name.n == 0 ? NULL : memmem(name.p, name.n, " at ", 4);
    at = at == NULL ? masked : at;
    if (at != NULL && at > name.p)
        name.n = (size_t)(at - name.p);
    char *copy = weft_str_dup(mem, name);
    out->author = weft_str_from(copy);
    return copy == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* Whether a date names its zone: "+0200", "GMT", "(CEST)" behind the time. */
static bool has_zone(const char *date)
{
    const char *time = strchr(date, ':');
    if (time == NULL)
        return false;
    for (const char *p = time; *p != '\0'; p++)
        if ((p[0] == '+' || p[0] == '-') && isdigit((unsigned char)p[1]))
            return true;
        else if (isupper((unsigned char)p[0]) && isupper((unsigned char)p[1]))
            return true;
    return false;
}

static int64_t read_date(GMimeMessage *message, const char *tz, bool *is_bad)
{
    const char *text = g_mime_object_get_header((GMimeObject *)message, "Date");
    int64_t s = WEFT_DATE_UNKNOWN;
    GDateTime *date = text == NULL ? NULL : g_mime_utils_header_decode_date(text);
    *is_bad = text != NULL && *text != '\0' && date == NULL;
    if (date == NULL)
        return s;
    weft_error err = {0};
    if (has_zone(text) || tz == NULL)
        s = g_date_time_to_unix(date);
    else if (weft_date_from_civil(g_date_time_get_year(date), g_date_time_get_month(date),
                                  g_date_time_get_day_of_month(date),
                                  g_date_time_get_hour(date), g_date_time_get_minute(date),
                                  g_date_time_get_second(date), tz, &s, &err) != WEFT_OK)
        *is_bad = true;
    g_date_time_unref(date);
    return s;
}

/* A Message-ID, or one made of the whole message, so that it stays when it comes again. */
static weft_code read_id(void *mem, GMimeMessage *message, weft_str bytes, mail *out,
                         weft_error *err)
{
    weft_str *ids;
    size_t count;
    const char *header = g_mime_object_get_header((GMimeObject *)message, "Message-ID");
    weft_code code = read_ids(mem, header, &ids, &count, err);
    if (code != WEFT_OK)
        return code;
    char *id = NULL;
    weft_str given = weft_str_trim(weft_str_from(header));
    if (count > 0)
        id = weft_str_dup(mem, ids[0]);
    else if (given.n > 0)
        id = talloc_asprintf(mem, "%.*s#%016llx", (int)weft_utf8_cut(given, ID_KEPT),
                             given.p, (unsigned long long)weft_str_hash(given));
    else
        id = talloc_asprintf(mem, "message-%016llx",
                             (unsigned long long)weft_str_hash(bytes));
    out->id = weft_str_from(id);
    return id == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static weft_code read_headers(void *mem, GMimeMessage *message, weft_str bytes,
                              const char *tz, mail *out, weft_error *err)
{
    GMimeObject *object = (GMimeObject *)message;
    const char *subject = g_mime_message_get_subject(message);
    char *copy = weft_str_dup(mem, weft_str_from(subject));
    if (copy == NULL)
        return weft_fail_nomem(err);
    out->subject = weft_str_from(copy);
    out->published_s = read_date(message, tz, &out->has_bad_date);
    weft_code code = read_id(mem, message, bytes, out, err);
    if (code == WEFT_OK)
        code = read_author(mem, message, out, err);
    if (code == WEFT_OK)
        code = read_ids(mem, g_mime_object_get_header(object, "In-Reply-To"), &out->answers,
                        &out->answer_count, err);
    if (code == WEFT_OK)
        code = read_ids(mem, g_mime_object_get_header(object, "References"),
                        &out->references, &out->reference_count, err);
    return code;
}

static GMimeParserOptions *options(void)
{
    static const char *charsets[] = {"utf-8", "windows-1252", NULL};
    static GMimeParserOptions *made;
    if (made == NULL) {
        g_mime_init();
        made = g_mime_parser_options_new();
        g_mime_parser_options_set_fallback_charsets(made, charsets);
    }
    return made;
}

weft_code mail_parse(void *mem, weft_str bytes, const char *tz, mail *out, weft_error *err)
{
    GMimeParserOptions *o = options();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.p, bytes.n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_object_unref(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, o);
    g_object_unref(parser);
    if (message == NULL)
        return weft_fail(err, WEFT_ESYNTAX, "no message");
    *out = (mail){.line = out->line};
    weft_code code = read_headers(mem, message, bytes, tz, out, err);
    if (code == WEFT_OK)
        code = read_body(mem, message, out, err);
    g_object_unref(message);
    return code;
}

/* Whether s starts with "Re:", "AW[2]:" and such; how long that is. */
static size_t answer_mark(weft_str s)
{
    static const char *const marks[] = {
        "re", "aw", "sv", "antw", "vs", "r\xC3\xA9", "\xD0\xBE\xD1\x82\xD0\xB2"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t n = strlen(marks[i]);
        if (s.n <= n || strncasecmp(s.p, marks[i], n) != 0)
            continue;
        while (n < s.n && strchr("[]^0123456789 ", s.p[n]) != NULL && s.p[n] != '\0')
            n++;
        if (n < s.n && s.p[n] == ':')
            return n + 1;
    }
    return 0;
}

weft_str mail_plain_subject(weft_str subject)
{
    size_t n;
    subject = weft_str_trim(subject);
    while ((n = answer_mark(subject)) > 0)
        subject = weft_str_trim(weft_str_of(subject.p + n, subject.n - n));
    return subject;
}
